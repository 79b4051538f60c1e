"""The file of decisions: read strictly, rewritten with its comments, contradictions named by line."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import DiskError, InputError, UsageError
from kg.resolution import Decision, Decisions, quote_digest

FILE = """\
# What we agreed on in May.
- {same: [PCA, principal component analysis], reason: initials}  # sure
- different: [CIFAR-10, CIFAR-100]

# Names of our own:
- {rename: pca, to: "no: really"}
- {type: BLEU, to: metric}
- {drop: on}
- {edge: {paper: p1, concept: BERT, quote: 3f2a}, role: uses, reason: it is the backbone}
- {edge: {paper: 1e3, concept: BERT}, drop: true}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "decisions.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_every_kind_of_entry_is_read_with_its_line(file: Path) -> None:
    read = Decisions.load(file)
    assert [(entry.verb, entry.names, entry.to, entry.line) for entry in read.entries] == [
        ("same", ("PCA", "principal component analysis"), "", 2),
        ("different", ("CIFAR-10", "CIFAR-100"), "", 3),
        ("rename", ("pca",), "no: really", 6),
        ("type", ("BLEU",), "METRIC", 7),
        ("drop", ("on",), "", 8),
        ("edge", ("BERT",), "USES", 9),
        ("edge", ("BERT",), "", 10),
    ]
    # Text stays text, whatever YAML would make of it.
    assert read.entries[-1].paper_id == "1e3"
    assert read.entries[0].reason == "initials"


def test_comments_and_order_stay_when_the_file_is_written_again(file: Path) -> None:
    read = Decisions.load(file)
    new = Decision(verb="different", names=("C", "C++"), reason="# not: a comment")
    read.adding([new]).dump(file)
    text = file.read_text("utf-8")
    assert text.startswith("# What we agreed on in May.\n")
    assert "# sure" in text
    assert text.index("# Names of our own:") < text.index("rename")
    assert Decisions.load(file).entries[-1].identity == new.identity
    assert Decisions.load(file).entries[-1].reason == "# not: a comment"
    read.dump(file)
    assert [e.identity for e in Decisions.load(file).entries] == [e.identity for e in read.entries]


def test_deleting_a_line_is_undoing_it(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:1] + lines[2:]), "utf-8")
    assert not Decisions.load(file).of_verb("same")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- {same: [a b, c d]}\n- {different: [C d, a-b]}\n", (1, 2)),
        ("- {same: [a, b]}\n\n- {same: [b, c]}\n- {different: [a, c]}\n", (1, 3, 4)),
        ("- {rename: a, to: b}\n- {rename: a, to: c}\n", (1, 2)),
        ("- {type: a, to: TASK}\n- {type: A, to: METHOD}\n", (1, 2)),
        ("- {drop: a}\n- {rename: a, to: b}\n", (1, 2)),
        (
            "- {edge: {paper: p, concept: a}, role: USES}\n- {edge: {paper: p, concept: a}, drop: true}\n",
            (1, 2),
        ),
    ],
)
def test_a_contradiction_names_the_lines(tmp_path: Path, text: str, lines: tuple[int, ...]) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        Decisions.load(path)
    for line in lines:
        assert f"line {line}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("- {same: [a]}", UsageError),
        ("- {sane: [a, b]}", UsageError),
        ("- {same: [a, b], to: c}", UsageError),
        ("- {type: a, to: THING}", UsageError),
        ("- {edge: {paper: p}, drop: true}", UsageError),
        ("- {edge: {paper: p, concept: c}, role: LIKES}", UsageError),
        ("same: [a, b]", UsageError),
        ("- just text", UsageError),
        ("- {same: [a, b]", InputError),
        ("- !!python/object/apply:os.system [echo]", UsageError),
    ],
)
def test_what_is_no_decision_is_an_error(tmp_path: Path, text: str, error: type[Exception]) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(text)
    with pytest.raises(error):
        Decisions.load(path)


def test_an_absent_file_and_one_that_is_no_text_are_errors(tmp_path: Path) -> None:
    for place in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(InputError, match="no file"):
            Decisions.load(place)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        Decisions.load(tmp_path / "bytes.yaml")


def test_an_empty_file_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text("# nothing yet\n")
    assert Decisions.load(path).entries == ()


def test_the_digest_names_what_is_decided_and_nothing_else() -> None:
    a, b = (Decision(verb="same", names=("x", "y"), line=3), Decision(verb="drop", names=("z",)))
    other = Decision(verb="same", names=("y", "x"), reason="why not")
    assert Decisions.of([a, b]).digest == Decisions.of([b, other]).digest
    assert Decisions.of([a]).digest != Decisions.of([b]).digest


def test_an_edge_is_found_by_paper_concept_and_quote() -> None:
    quote = "We  use BERT."
    mark = quote_digest("We use BERT.")
    told = Decisions.of(
        [
            Decision(verb="edge", names=("BERT",), paper_id="p1", quote=mark, to="USES"),
            Decision(verb="edge", names=("BERT",), paper_id="p1"),
        ]
    )
    found = told.edge(["p0", "p1"], ["method/bert", "BERT"], quote)
    assert found is not None
    assert found.role == "USES"
    without = told.edge(["p1"], ["bert"], "another sentence")
    assert without is not None
    assert without.role is None
    assert told.edge(["p2"], ["BERT"], quote) is None


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("same", "different", "drop")), _TEXT, _TEXT, _TEXT), max_size=4))
def test_whatever_is_decided_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str, str, str]]
) -> None:
    entries = []
    for verb, *texts in told:
        a, b, reason = (" ".join(text.split()) for text in texts)
        if verb == "drop":
            entries.append(Decision(verb="drop", names=(a,), reason=reason))
        elif verb == "same":
            entries.append(Decision(verb="same", names=(a, b), reason=reason))
        elif a != b:
            entries.append(Decision(verb="different", names=(a, b), reason=reason))
    try:
        decided = Decisions.of(entries)
    except UsageError:
        return
    path = tmp_path_factory.mktemp("decided") / "d.yaml"
    decided.dump(path)
    assert {e.identity for e in Decisions.load(path).entries} == {e.identity for e in entries}


def test_a_link_to_a_file_stays_a_link_and_the_file_is_written(file: Path, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    linked = tmp_path / "ours" / "decisions.yaml"
    linked.symlink_to(file)
    Decisions.load(linked).adding([Decision(verb="drop", names=("more",))]).dump(linked)
    assert linked.is_symlink()
    assert Decisions.load(file).entries[-1].names == ("more",)
    assert [entry.name for entry in linked.parent.iterdir()] == [linked.name]


def test_a_file_keeps_its_mode_and_a_new_one_has_that_of_any_new_file(file: Path, tmp_path: Path) -> None:
    for mode in (0o664, 0o640, 0o600):
        file.chmod(mode)
        Decisions.of([Decision(verb="drop", names=(f"mode {mode}",))]).dump(file)
        assert stat.S_IMODE(file.stat().st_mode) == mode
    usual, new = tmp_path / "usual", tmp_path / "new.yaml"
    usual.touch()
    Decisions.of([Decision(verb="drop", names=("more",))]).dump(new)
    assert new.stat().st_mode == usual.stat().st_mode


def test_a_full_disk_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskError, match="cannot be written: No space left"):
        Decisions.of([Decision(verb="drop", names=("more",))]).dump(file)
    assert file.read_text("utf-8") == FILE
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]
