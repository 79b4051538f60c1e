"""The wheel, not the working tree: an editable install hides files that a package forgets."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built as it is published."""
    place = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-w", place, ROOT],
        check=True,
    )
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment that has the wheel, and its dependencies from here."""
    environment = tmp_path_factory.mktemp("fresh") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    scripts = environment / "bin"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--python", scripts / "python", "install", "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
    )
    (packages,) = environment.glob("lib/python*/site-packages")
    # Of a folder named in a .pth file the packages are found, but not its own .pth files: no editable kg.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return scripts


def test_the_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("kg/")}
    kept = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "kg").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert packed == kept
    assert {"kg/py.typed", "kg/extraction/model/reader.onnx", "kg/extraction/model/tokenizer.json"} <= packed


def test_the_wheel_has_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name.rpartition("/")[2] for name in archive.namelist() if ".dist-info/" in name]
    assert {"LICENSE", "LICENSES.md"} <= set(names)


def test_the_wheel_works_where_nothing_else_is(installed: Path, tmp_path: Path) -> None:
    where = "import kg; print(kg.__file__)"
    found = subprocess.run(
        [installed / "python", "-c", where], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert found.stdout.startswith(str(installed.parent))
    papers = tmp_path / "papers.csv"
    papers.write_text(
        "title,abstract\n"
        "Attention for parsing,We propose TreeFormer for parsing and evaluate it on the Penn Treebank.\n"
    )
    graph = tmp_path / "graph"
    subprocess.run(
        [installed / "kg", "build", papers, "--out", graph, "--jobs", "1"], check=True, cwd=tmp_path
    )
    question = "MATCH (p:Paper)-[e]->(c:Concept) RETURN count(e) AS n"
    asked = subprocess.run(
        [installed / "kg", "query", graph, question, "--format", "csv"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert int(asked.stdout.splitlines()[1]) > 0
    pipeline = "import kg; doc = kg.pipeline()('We train BERT.'); assert 'concepts' in doc.spans"
    subprocess.run([installed / "python", "-c", pipeline], check=True, cwd=tmp_path)
