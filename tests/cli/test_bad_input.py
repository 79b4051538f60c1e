"""Bad input, a bad place to write, Ctrl-C: one clear line, the right status, nothing half-written."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.tables import Graph

from .process import ANNOTATED, COMMAND, GIVEN, ROOT, kg

ABSTRACT = "We propose a new method for parsing and compare it with a neural network on a treebank."


def lines_of(*records: dict[str, object]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def check_refusal(done: subprocess.CompletedProcess[str], status: int) -> str:
    """Check that a run was refused in one line, and return the line."""
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    failure = [line for line in done.stderr.splitlines() if line.startswith("kg: ")]
    assert len(failure) == 1
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    assert failure[0].isprintable()
    return failure[0]


def make_unreadable_folder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.bin").write_bytes(bytes(range(256)) * 8)
    (folder / "b.txt").write_bytes(b"")
    return folder


BAD_INPUT: dict[str, Callable[[Path], object]] = {
    "empty.jsonl": lambda path: path.write_bytes(b""),
    "blank.csv": lambda path: path.write_bytes(b"\n \n\t\n"),
    "binary.txt": lambda path: path.write_bytes(bytes(range(256)) * 64),
    "folder": make_unreadable_folder,
    "nothing-there": lambda _: None,
    "header-only.csv": lambda path: path.write_bytes(b"title,abstract\n"),
    "truncated.jsonl": lambda path: path.write_bytes('{"title": "A title", "abstract": "An é'.encode()[:-1]),
    "one-line-of-50-MB.txt": lambda path: path.write_bytes(b"x" * 50_000_000),
    "one-record-of-50-MB.jsonl": lambda path: path.write_bytes(
        lines_of({"title": "A title", "abstract": "word " * 10_000_000})
    ),
    "no-titles.jsonl": lambda path: path.write_bytes(lines_of({"name": "x"}, {"name": "y"})),
    "references.bib": lambda path: path.write_bytes(b"@article{key,\n  title = {A title},\n}\n"),
}


@pytest.mark.parametrize("name", sorted(BAD_INPUT))
def test_input_without_a_paper_is_refused(tmp_path: Path, name: str) -> None:
    BAD_INPUT[name](tmp_path / name)
    before = sorted(tmp_path.iterdir())
    line = check_refusal(kg("build", name, "--out", "graph", cwd=tmp_path), 3)
    assert name in line
    assert str(tmp_path) not in line
    assert sorted(tmp_path.iterdir()) == before
    assert check_refusal(kg("extract", name, "--out", "out.jsonl", cwd=tmp_path), 3) == line
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "papers" / "locked").mkdir(parents=True)
    (tmp_path / "papers" / "locked").chmod(0)
    (tmp_path / "mine.csv").write_bytes(b"title\nA title\n")
    (tmp_path / "mine.csv").chmod(0)
    try:
        for name, told in (("papers", "papers/locked"), ("mine.csv", "mine.csv")):
            assert f"“{told}” may not be read" in check_refusal(
                kg("build", name, "--out", "graph", cwd=tmp_path), 3
            )
    finally:
        (tmp_path / "papers" / "locked").chmod(0o700)


def test_bad_records_are_counted_and_the_rest_is_built(tmp_path: Path) -> None:
    """NUL bytes, a title of 10,000 characters, no abstract, one id for two texts, a cut-off line."""
    (tmp_path / "papers.jsonl").write_bytes(
        lines_of(
            {"id": "plain", "title": "A paper on parsing", "abstract": ABSTRACT},
            {"id": "nul", "title": "A paper\0 with NUL", "abstract": f"\0{ABSTRACT}\0"},
            {"id": "long", "title": "Parsing " * 1250, "abstract": ABSTRACT},
            {"id": "bare", "title": "A paper without abstract"},
            {"id": "twice", "title": "The first text", "abstract": f"First. {ABSTRACT}"},
            {
                "id": "twice",
                "title": "Another text altogether",
                "abstract": f"Second, and different. {ABSTRACT}",
            },
            {"id": "lone", "title": "A lone \ud800 surrogate", "abstract": ABSTRACT},
            {
                "id": "hostile",
                "title": "'}) DETACH DELETE n // <script> \u202e \x1b[31m",
                "abstract": ABSTRACT,
            },
        )
        + b'{"id": "cut", "title": "A line that is cut o'
    )
    done = kg("build", "papers.jsonl", "--out", "graph", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    graph = Graph.load(tmp_path / "graph")
    graph.check()
    papers = {row["id"]: row for row in graph.rows("papers")}
    assert papers.keys() >= {"plain", "nul", "long", "bare", "lone", "hostile"}
    assert len(papers) == 8
    assert len({id_.partition("~")[0] for id_ in papers}) == 7  # the two texts called "twice" are two papers
    assert papers["nul"]["title"] == "A paper\0 with NUL"
    assert len(papers["long"]["title"].strip()) == 9999
    assert papers["bare"]["abstract"] == ""
    assert papers["lone"]["title"] == "A lone \N{REPLACEMENT CHARACTER} surrogate"
    assert any(drop["stage"] == "reading" and drop["where"] for drop in graph.report["dropped"])
    question = "MATCH (p:Paper) RETURN p.title"
    for arguments in (["stats", "graph"], ["explain", "graph", "hostile"], ["query", "graph", question]):
        told = kg(*arguments, cwd=tmp_path)
        assert told.returncode == 0
        assert "\x1b" not in told.stdout
        assert "\u202e" not in told.stdout
        assert "\0" not in told.stdout


@pytest.mark.parametrize("content", ["file", "folder"])
def test_an_output_that_holds_something_else_is_refused(tmp_path: Path, content: str) -> None:
    out = tmp_path / "out"
    if content == "file":
        out.write_text("mine")
    else:
        out.mkdir()
        (out / "thesis.txt").write_text("mine")
    line = check_refusal(kg(*GIVEN, "--out", out), 2)
    assert "out" in line
    mine = out if content == "file" else out / "thesis.txt"
    assert mine.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_the_old_graph_survives_a_failed_build(tmp_path: Path) -> None:
    assert kg(*GIVEN, "--out", tmp_path / "graph").returncode == 0
    before = {file.name: file.read_bytes() for file in (tmp_path / "graph").iterdir()}
    (tmp_path / "empty.jsonl").touch()
    check_refusal(kg("build", tmp_path / "empty.jsonl", "--out", tmp_path / "graph"), 3)
    check_refusal(kg(*GIVEN[:2], "--extractions", tmp_path / "none.jsonl", "--out", tmp_path / "graph"), 3)
    assert before == {file.name: file.read_bytes() for file in (tmp_path / "graph").iterdir()}


def test_a_full_disk_is_status_5_and_leaves_nothing(tmp_path: Path) -> None:
    """No file may grow beyond 16 KiB, as on a disk that fills up while the tables are written."""

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16 << 10, 16 << 10))

    done = subprocess.run(
        [*COMMAND, *map(str, GIVEN), "--out", str(tmp_path / "graph")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=full,
    )
    check_refusal(done, 5)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_status_5(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    check_refusal(kg(*GIVEN, "--out", tmp_path / "file" / "graph"), 5)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    if os.geteuid() != 0:  # root may write everywhere
        tmp_path.chmod(0o500)
        check_refusal(kg(*GIVEN, "--out", tmp_path / "graph"), 5)
        tmp_path.chmod(0o700)


def group_ends(group: int, patience: float = 20.0) -> bool:
    """Tell whether the processes of ``group`` all end, within ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_is_130_and_leaves_nothing_half_written(tmp_path: Path, jobs: str) -> None:
    command = [*COMMAND, "build", str(ROOT / "seeds"), "--out", "graph", "--jobs", jobs]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        start_new_session=True,  # as a terminal does, so that the signal reaches the workers too
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert first.startswith("reading: 854")
        while not list(tmp_path.glob("graph.cache/**/*")) and process.poll() is None:
            time.sleep(0.02)  # until papers are being read: the cache has begun to fill
        os.killpg(process.pid, signal.SIGINT)
        out, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert (out, said) == ("", "kg: interrupted\n")
    assert {path.name for path in tmp_path.iterdir()} <= {"graph.cache"}
    assert group_ends(process.pid), "a worker outlived the build"


def test_a_broken_graph_folder_is_told(tmp_path: Path, given_graph: Path) -> None:
    check_refusal(kg("stats", tmp_path / "none"), 2)
    check_refusal(kg("query", tmp_path, "RETURN 1"), 2)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for file in given_graph.iterdir():
        (damaged / file.name).write_bytes(file.read_bytes())
    (damaged / "papers.parquet").write_bytes(b"PAR1 and then nothing")
    check_refusal(kg("stats", damaged), 4)
    check_refusal(kg("explain", damaged, "x"), 4)
    (damaged / "papers.parquet").unlink()
    assert "lacks papers.parquet; build the graph again" in check_refusal(kg("stats", damaged), 4)


@pytest.mark.parametrize("swapped", [False, True])
def test_evaluate_refuses_what_it_cannot_judge(tmp_path: Path, swapped: bool) -> None:
    docs, gold = ANNOTATED / "dev.docs.jsonl", ANNOTATED / "dev.jsonl"
    other = tmp_path / "other.jsonl"
    other.write_bytes(lines_of({"id": "unknown", "concepts": [], "results": []}))
    arguments = (gold, docs) if swapped else (docs, other)
    check_refusal(kg("evaluate", *arguments), 3)
    check_refusal(kg("evaluate", docs, tmp_path / "none.jsonl"), 3)


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "loop", "RETURN 1"],
        ["explain", "loop", "x"],
        ["stats", "loop/graph"],
        ["build", "GRAPH", "--out", "loop"],
        ["review", "GRAPH", "--decisions", "loop"],
        ["view", "GRAPH", "--format", "svg", "--out", "loop"],
        ["view", "GRAPH", "--format", "svg", "--out", "loop/a.svg"],
    ],
)
def test_a_link_that_leads_in_a_circle_is_status_5(
    tmp_path: Path, given_graph: Path, arguments: list[str]
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    call = [str(given_graph) if one == "GRAPH" else one for one in arguments]
    assert "symbolic links" in check_refusal(kg(*call, cwd=tmp_path), 5)
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]
    assert (tmp_path / "loop").is_symlink()


def test_a_query_without_standard_input_is_status_3(given_graph: Path) -> None:
    """Closed before the start, so that Python gives it no stream at all."""
    done = subprocess.run(
        [*COMMAND, "query", str(given_graph), "-"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.close(0),
    )
    assert "there is no standard input to read" in check_refusal(done, 3)
