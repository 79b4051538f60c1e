"""The graph folder: what is refused, who may write, and what a kill at any moment leaves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg import folder
from kg.errors import DiskError, KgError, StoreError, UsageError

#: What stands beside the folder ``g`` while it is replaced.
NEW, OLD = ".g.kg-new", ".g.kg-old"


def manifest() -> dict[str, Any]:
    return {**folder.MARK, "tables": {"papers": {}}}


def put(path: Path, word: str) -> None:
    """Put a small folder in the place of ``path``: what a graph is to the swap."""
    with folder.replacing(path) as place:
        for name in ("papers.parquet", "graph.kgl", "report.json"):
            folder.write_bytes(place.new / name, word.encode())
        folder.write_json(
            place.new / folder.MANIFEST, {**folder.MARK, "tables": {"papers": {}}, "word": word}
        )


def word_of(path: Path) -> str:
    """Return what `put` put there, all files agreeing."""
    real = folder.settle(path)
    word = str(folder.read_manifest(real)["word"])
    assert {(real / name).read_text() for name in ("papers.parquet", "graph.kgl", "report.json")} == {word}
    return word


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


def test_a_folder_is_made_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "g"
    put(place, "one")
    put(place, "two")
    assert word_of(place) == "two"
    assert names(place.parent) == ["g"]
    assert names(place) == ["graph.kgl", "manifest.json", "papers.parquet", "report.json"]


@pytest.mark.parametrize("name", ["notes.txt", "mine.parquet", "graph.kgl.bak", "authors.parquet"])
def test_a_folder_with_a_file_that_is_no_part_of_its_graph_is_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path / "g", "one")
    (tmp_path / "g" / name).write_text("precious")
    with pytest.raises(UsageError, match=name):
        put(tmp_path / "g", "two")
    assert (tmp_path / "g" / name).read_text() == "precious"
    assert word_of(tmp_path / "g") == "one"


def test_a_graph_with_a_damaged_manifest_can_be_built_again(tmp_path: Path) -> None:
    put(tmp_path / "g", "one")
    (tmp_path / "g" / folder.MANIFEST).write_text(json.dumps({**folder.MARK, "tables": []}))
    put(tmp_path / "g", "two")
    assert word_of(tmp_path / "g") == "two"


def test_an_empty_folder_may_be_built_in(tmp_path: Path) -> None:
    put(tmp_path, "one")
    assert word_of(tmp_path) == "one"


def test_a_relative_path_and_a_link_lead_to_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("g")
    put(Path("g"), "one")
    put(Path("link"), "two")
    assert word_of(tmp_path / "g") == "two"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("what", ["a file", "a folder of files", "a manifest of others", "the root"])
def test_what_is_not_ours_is_refused_and_stays(tmp_path: Path, what: str) -> None:
    place = tmp_path / "thesis"
    if what == "a file":
        place.write_text("mine")
    elif what == "the root":
        place = Path("/")
    else:
        place.mkdir()
        name = "notes.txt" if what == "a folder of files" else "manifest.json"
        (place / name).write_text("{}")
    before = names(tmp_path)
    with pytest.raises(UsageError, match=r"name (a|one|another)"):
        put(place, "one")
    assert names(tmp_path) == before


def test_a_file_of_somebody_else_in_a_graph_folder_is_named(tmp_path: Path) -> None:
    put(tmp_path / "g", "one")
    (tmp_path / "g" / "decisions.yaml").write_text("[]")
    with pytest.raises(UsageError, match=r"decisions\.yaml"):
        put(tmp_path / "g", "two")
    assert word_of(tmp_path / "g") == "one"


@pytest.mark.parametrize("suffix", ["new", "old"])
def test_a_neighbour_that_only_looks_like_ours_is_kept(tmp_path: Path, suffix: str) -> None:
    other = tmp_path / {"new": NEW, "old": OLD}[suffix]
    other.mkdir()
    (other / "photo.png").write_text("mine")
    with pytest.raises(UsageError, match="in the way"):
        put(tmp_path / "g", "one")
    with pytest.raises(UsageError, match="no graph folder"):
        word_of(tmp_path / "g")
    assert (other / "photo.png").read_text() == "mine"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_build_that_breaks_off_leaves_the_folder_as_it_was(
    tmp_path: Path, error: type[BaseException]
) -> None:
    def breaks(path: Path) -> None:
        with folder.replacing(path) as place:
            (place.new / "papers.parquet").write_text("half")
            raise error

    with pytest.raises(error):
        breaks(tmp_path / "g")
    assert names(tmp_path) == []
    put(tmp_path / "g", "one")
    with pytest.raises(error):
        breaks(tmp_path / "g")
    assert word_of(tmp_path / "g") == "one"
    assert names(tmp_path) == ["g"]


def test_a_folder_without_manifest_is_never_put_in_place(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="without a manifest"), folder.replacing(tmp_path / "g"):
        pass
    assert names(tmp_path) == []


def test_a_second_builder_is_told(tmp_path: Path) -> None:
    place = tmp_path / "g"
    put(place, "one")
    with folder.replacing(place) as held:
        with pytest.raises(UsageError, match="another process is building"):
            put(place, "two")
        assert word_of(place) == "one", "a reader sees the old folder meanwhile"
        folder.write_json(
            held.new / folder.MANIFEST, {**folder.MARK, "tables": {"papers": {}}, "word": "three"}
        )
        for name in ("papers.parquet", "graph.kgl", "report.json"):
            folder.write_bytes(held.new / name, b"three")
    assert word_of(place) == "three"


def test_the_disk_is_told_apart_from_the_call(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError) as caught:
        put(tmp_path / "file" / "g", "one")
    assert str(tmp_path / "file") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_text_that_is_no_unicode_is_written_as_its_escape(tmp_path: Path) -> None:
    folder.write_json(tmp_path / "a.json", {"where": "caf\udce9", "b": 1, "a": "é"})
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"where": "caf\udce9", "b": 1, "a": "é"}
    assert text.index('"a"') < text.index('"b"')


# --- a kill at any moment -----------------------------------------------------------------------

# Dies by SIGKILL just before the n-th thing that it does to a file below ``root``.
KILLED = """
import os, signal, sys
from itertools import count
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import test_folder as t

CHANGES = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir")
root = Path(sys.argv[1])

def die_before(n):
    left = n
    def hook(event, args):
        nonlocal left
        if event in CHANGES and isinstance(args[0], (str, Path)) and str(args[0]).startswith(str(root)):
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
    sys.addaudithook(hook)

def survives(n, act):
    child = os.fork()
    if child == 0:
        die_before(n)
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0

for old in ("", "old"):
    for n in count():
        place = root / f"{old or 'none'}{n}" / "g"
        if old:
            t.put(place, old)
        done = survives(n, lambda: t.put(place, "new"))
        # Whoever comes next may be killed as well, and the one after that.
        for m in (0, 2, 1):
            survives(m, lambda: t.put(place, "new"))
        if place.exists() or (place.parent / ".g.kg-old").exists():
            assert t.word_of(place) in {"new", old}
        else:
            assert not old
        t.put(place, "new")
        assert t.word_of(place) == "new"
        assert t.names(place.parent) == ["g"], t.names(place.parent)
        if done:
            break
    print(n)
"""


def test_a_kill_before_any_change_to_a_file_loses_nothing(tmp_path: Path) -> None:
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), here], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    fresh, replaced = map(int, done.stdout.split())
    assert 10 < fresh < replaced, "the moments tried"


# What a process leaves that dies between the two renames of a swap, or before it deletes the old.
@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ((OLD, NEW), "new"),
        ((OLD, f"{NEW} unfinished"), "old"),
        ((OLD,), "old"),
        (("g", OLD), "new"),
        (("g", NEW), "old"),
        (("g", f"{NEW} unfinished"), "old"),
        (("g", OLD, f"{NEW} unfinished"), "new"),
    ],
)
def test_an_opener_finishes_or_undoes_a_swap(tmp_path: Path, there: tuple[str, ...], expected: str) -> None:
    for entry in there:
        name, _, state = entry.partition(" ")
        # Where a swap got as far as g beside g.old, g is the new one.
        put(tmp_path / name, "new" if name == NEW or (name == "g" and OLD in there) else "old")
        if state:
            (tmp_path / name / ".kg-building").touch()
            (tmp_path / name / folder.MANIFEST).unlink()
    assert word_of(tmp_path / "g") == expected
    put(tmp_path / "g", "newer")
    assert word_of(tmp_path / "g") == "newer"
    assert names(tmp_path) == ["g"]


def test_looking_at_nothing_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="no graph folder"):
        word_of(tmp_path / "g")
    assert names(tmp_path) == []


def test_folders_and_files_of_others_beside_it_are_left_alone(tmp_path: Path) -> None:
    for name in ("g", "g.old", "g.new"):
        put(tmp_path / name, name)
    (tmp_path / "g.lock").write_text("theirs")
    put(tmp_path / "g", "again")
    assert [word_of(tmp_path / name) for name in ("g", "g.old", "g.new")] == ["again", "g.old", "g.new"]
    assert (tmp_path / "g.lock").read_text() == "theirs"


def test_a_name_that_is_not_utf_8_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not UTF-8"):
        put(tmp_path / "g\udcff", "one")
    assert names(tmp_path) == []


def test_a_link_that_leads_in_a_circle_is_told(tmp_path: Path) -> None:
    (tmp_path / "g").symlink_to("g")
    with pytest.raises(DiskError, match="symbolic links"):
        folder.settle(tmp_path / "g")
    with pytest.raises(DiskError, match="symbolic links"):
        put(tmp_path / "g", "one")
    assert names(tmp_path) == ["g"]


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "g").symlink_to("real")
    put(tmp_path / "g", "one")
    put(tmp_path / "g", "two")
    assert word_of(tmp_path / "g") == "two"
    assert (tmp_path / "g").is_symlink()
    assert names(tmp_path) == ["g", "real"]
