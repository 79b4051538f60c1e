"""The notebooks run from top to bottom, and read as articles.

``python tests/test_notebooks.py [NAME…]`` executes them where they lie and keeps what they show.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PATIENCE = 600  # seconds for one cell

#: What differs between two runs that show the same.
_PASSING = re.compile(r" at 0x[0-9a-f]+")


def load(path: Path) -> Any:
    """Return the notebook in the file ``path``; it is of the form that the format's own schema asks for."""
    import nbformat

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    return notebook


def execute(path: Path, folder: Path) -> Any:
    """Return the notebook of ``path`` as it is after it has run in ``folder``; it may not say a warning."""
    from nbclient import NotebookClient

    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = load(path)
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name="python3",
        record_timing=False,
        startup_timeout=PATIENCE,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    # What the kernel says of itself changes with every version of Python.
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def save(notebook: Any, path: Path) -> None:
    """Write ``notebook`` so that equal ones give equal files."""
    import nbformat

    text = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    path.write_text(_PASSING.sub("", text) + "\n", encoding="utf-8", newline="\n")


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def warned(notebook: Any) -> list[str]:
    """Return what the cells said beside their answers: warnings, and anything else on standard error."""
    return [
        output.text
        for cell in code(notebook)
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]


def shown(cell: Any) -> str:
    """Return the text that a reader sees of a cell."""
    if cell.cell_type == "markdown":
        return str(cell.source)
    parts = [output.get("data", {}).get("text/markdown", "") for output in cell.outputs]
    return "\n".join(str(part) for part in parts)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, extraction_cache: Path) -> Path:
    """A folder as the notebooks find it in a checkout; papers that were read before are not read again."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("seeds", "kg"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "demo").mkdir()
    (folder / "demo" / "graph.cache").symlink_to(extraction_cache)
    (folder / "notebooks").mkdir()
    return folder / "notebooks"


def test_there_are_the_four() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "1-first-look",
        "2-state-of-a-field",
        "3-graph-analysis",
        "4-checking-the-machine",
    ]


def test_they_run_from_top_to_bottom_in_their_order(place: Path) -> None:
    """Each may rest on the graph that the first one builds."""
    for path in NOTEBOOKS:
        assert warned(execute(path, place)) == [], path.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_they_show_is_kept(path: Path) -> None:
    notebook = load(path)
    cells = code(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert warned(notebook) == []
    assert not [output for cell in cells for output in cell.outputs if output.output_type == "error"]
    assert path.stat().st_size < 4_000_000
    assert str(ROOT) not in path.read_text("utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_read_as_articles(path: Path) -> None:
    """Short cells between text, and a caption under each figure, numbered in order."""
    notebook = load(path)
    assert notebook.cells[0].source.startswith("# ")
    assert max(len(cell.source.splitlines()) for cell in code(notebook)) <= 15
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds.count("markdown") * 3 >= len(kinds)
    captions = re.findall(r"\*\*Figure (\d+)\.\*\*", "\n".join(map(shown, notebook.cells)))
    assert captions == [str(n) for n in range(1, len(captions) + 1)]
    figures = [
        n
        for n, cell in enumerate(notebook.cells)
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.get("data", {}).keys() & {"image/png", "image/svg+xml"}
        or "<iframe" in str(output.get("data", {}).get("text/html", ""))
    ]
    assert len(figures) >= 3
    for n in figures:  # under it, or in the cell after it
        assert "**Figure " in "\n".join(map(shown, notebook.cells[n : n + 2])), notebook.cells[n].source


def main() -> None:
    """Execute the notebooks in place: all, or those whose names are given."""
    for path in NOTEBOOKS:
        if len(sys.argv) == 1 or path.stem in sys.argv[1:]:
            print(path.name, flush=True)
            notebook = execute(path, path.parent)
            for text in warned(notebook):
                print(f"  {text}", file=sys.stderr)
            save(notebook, path)


if __name__ == "__main__":
    main()
