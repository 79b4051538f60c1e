"""``kg review``: questions to a person, the answers in the file, and the table for a spreadsheet."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest
from click.testing import CliRunner, Result

from kg.asking.explaining import explain_concept
from kg.asking.reviewing import ANSWERS, COLUMNS, Question, answered, pair_mark, pairs, questions
from kg.assembly import assemble
from kg.cli.app import app
from kg.errors import KgError, UsageError
from kg.resolution import Decision, Decisions, resolve
from kg.resolution.knowledge import weights
from kg.tables import COMPARISONS, Graph, make_table

from .corpus import papers_of, said, same

TURN = weights()["threshold"]
#: Names in more and in fewer papers; one would be a formula to a spreadsheet.
CONTENT = [
    *[[said("text classification"), said("graph network")]] * 3,
    [said("document sorting"), said("lattice network")],
    [said("=HYPERLINK(1) net"), said("message passing")],
]
#: Pairs that resolution is made to be unsure of, and how far the score is from where it would turn.
UNSURE = [
    ("text classification", "document sorting", -0.05),
    ("graph network", "lattice network", 0.02),
    ("=HYPERLINK(1) net", "message passing", -0.02),
]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    papers, extractions = papers_of(*CONTENT)
    linker = resolve(papers, extractions)
    made = assemble(papers, extractions, linker)
    rows = [
        (a, b, linker.find(a)[0], linker.find(b)[0], "not sure enough", TURN + off, ["edits 1 (-0.57)"])
        for a, b, off in UNSURE
    ]
    sure = [
        ("text classification", "graph network", *rows[0][2:4], "forbidden: no", TURN, ["edits 1 (-0.57)"])
    ]
    weighed = Graph(
        {**made.tables, COMPARISONS: make_table(COMPARISONS, rows + sure)}, made.manifest, made.report
    )
    weighed.check()
    return weighed.save(tmp_path_factory.mktemp("review") / "graph")


@pytest.fixture(scope="module")
def asked(graph: Graph) -> tuple[Question, ...]:
    found = questions(graph)
    assert {question.one.name for question in found} == {a for a, _, _ in UNSURE}
    return found


def run(*arguments: object, answers: str | None = None) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=answers)
    if result.exception is not None and not isinstance(result.exception, SystemExit | KgError):
        raise result.exception
    return result


def test_questions_are_about_what_is_not_sure_and_most_papers_come_first(asked: tuple[Question, ...]) -> None:
    counts = [question.papers for question in asked]
    assert counts == sorted(counts, reverse=True)
    assert len({question.pair for question in asked}) == len(asked)
    for question in asked:
        assert 0 < question.score < 1
        for side in (question.one, question.other):
            assert side.quotes
            assert all(side.name in quote for quote in side.quotes)


def test_what_is_decided_is_not_asked_again(graph: Graph, asked: tuple[Question, ...]) -> None:
    first = asked[0]
    left = questions(graph, Decisions.of([first.decision("different")]))
    assert [question.pair for question in left] == [question.pair for question in asked[1:]]


def test_answers_are_in_the_file_at_once_and_can_be_undone(
    graph: Graph, asked: tuple[Question, ...], tmp_path: Path
) -> None:
    file = tmp_path / "decisions.yaml"
    file.write_text("# ours\n- {drop: noise}\n", "utf-8")
    result = run("review", graph.path, "--decisions", file, answers="s one thing\nd\nu\nwhat\nk\n")
    assert result.exit_code == 0, result.output
    told = Decisions.load(file)
    assert file.read_text("utf-8").startswith("# ours\n")
    assert [entry.verb for entry in told.entries] == ["drop", "same"]
    assert told.entries[1].names == (asked[0].one.name, asked[0].other.name)
    assert told.entries[1].reason == "one thing"
    for quote in (*asked[0].one.quotes, *asked[0].other.quotes):
        assert quote in result.output
    assert "1 same, 0 different" in result.output
    # What was answered is not asked the next time.
    again = run("review", graph.path, "--decisions", file, answers="q\n")
    assert f"1 of {len(asked) - 1}" in again.output


def test_an_answer_that_contradicts_the_file_is_refused_and_asked_again(
    graph: Graph, asked: tuple[Question, ...], tmp_path: Path
) -> None:
    first = asked[0]
    file = tmp_path / "decisions.yaml"
    Decisions.of([same(first.one.name, "bridge"), same("bridge", first.other.name)]).dump(file)
    before = file.read_text("utf-8")
    result = run("review", graph.path, "--decisions", file, "--limit", "1", answers="d\nq\n")
    assert result.exit_code == 0
    assert "line 1" in result.output
    assert "line 2" in result.output
    assert file.read_text("utf-8") == before


def test_a_table_goes_out_to_a_spreadsheet_and_comes_back(
    graph: Graph, asked: tuple[Question, ...], tmp_path: Path
) -> None:
    table, file = tmp_path / "pairs.csv", tmp_path / "decisions.yaml"
    assert run("review", graph.path, "--export", table).exit_code == 0
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(asked)
    assert not any(row["name"].startswith("=") or row["other"].startswith("=") for row in rows)
    rows[0]["answer"], rows[0]["reason"] = "Same", "as a person says"
    rows[1]["answer"] = "different"
    # Spreadsheets of some countries save with semicolons, and with a mark at the start.
    with table.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    for _ in range(2):  # a second time adds nothing
        result = run("review", graph.path, "--decisions", file, "--import", table)
        assert result.exit_code == 0, result.output
        told = Decisions.load(file)
        assert [(entry.verb, entry.names, entry.reason) for entry in told.entries] == [
            ("same", (asked[0].one.name, asked[0].other.name), "as a person says"),
            ("different", (asked[1].one.name, asked[1].other.name), ""),
        ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"answer": "maybe", "pair": "pair-0"},
            "line 7: 'maybe' is no answer|line 7: .*maybe.* is no answer",
        ),
        ({"answer": "same", "pair": "pair-0"}, "line 7: .*none of this graph's"),
        ({"answer": "same", "pair": None}, "line 7: .*none of this graph's"),
    ],
)
def test_a_table_that_means_nothing_is_refused_with_the_line(
    row: dict[str, str | None], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        answered([(7, row)], {})
    assert answered([(7, {"answer": " "})], {}) == ()


def test_decisions_never_lie_in_the_graph_and_must_be_named(graph: Graph) -> None:
    assert graph.path is not None
    inside = run("review", graph.path, "--decisions", graph.path / "decisions.yaml")
    assert isinstance(inside.exception, UsageError)
    assert isinstance(run("review", graph.path).exception, UsageError)


def test_what_was_answered_holds_at_the_next_build(asked: tuple[Question, ...]) -> None:
    papers, extractions = papers_of(*CONTENT)
    for question in asked:
        for verb in ("same", "different"):
            decided = Decisions.of([question.decision(verb)])
            linker = resolve(papers, extractions, decisions=decided)
            one, other = set(linker.find(question.one.name)), set(linker.find(question.other.name))
            assert bool(one & other) == (verb == "same")


def test_the_story_of_a_concept_tells_what_joined_and_what_did_not(graph: Graph) -> None:
    stories = [explain_concept(graph, row["id"]) for row in graph.rows("concepts")]
    assert any(story.apart for story in stories)
    for story in stories:
        assert {merge.merged for merge in story.merges} <= {one.name for one in story.joined}
        for one in story.apart:
            assert one.other_id != story.id
            assert one.reason
        scores = [one.score for one in story.apart]
        assert scores == sorted(scores, reverse=True)


def test_a_mark_of_a_pair_has_no_order_and_a_verb_for_every_answer(graph: Graph) -> None:
    assert pair_mark("a", "b") == pair_mark("b", "a") != pair_mark("ab", "")
    assert {verb for verb in ANSWERS.values() if verb} == {"same", "different"}
    assert all(mark == pair_mark(*names) for mark, names in pairs(graph).items())
    assert Decision(verb="same", names=("a", "b")).where == "a decision without a line"


def command(graph: Graph, file: Path) -> list[str]:
    return [sys.executable, "-m", "kg", "review", str(graph.path), "--decisions", str(file)]


@contextmanager
def sitting(graph: Graph, file: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of ``kg review`` whose first answer, same, is in ``file``."""
    call = command(graph, file)
    with subprocess.Popen(call, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True) as process:
        assert process.stdin is not None
        process.stdin.write("s\n")
        process.stdin.flush()
        while not file.exists() and process.poll() is None:
            time.sleep(0.02)
        yield process


def test_ctrl_c_is_an_interruption_and_the_answers_are_kept(graph: Graph, tmp_path: Path) -> None:
    file = tmp_path / "decisions.yaml"
    with sitting(graph, file) as process:
        time.sleep(0.5)  # until it asks again; before that it would be interrupted all the same
        process.send_signal(signal.SIGINT)
        _, said_so = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said_so.endswith("kg: interrupted\n")
    assert len(Decisions.load(file).entries) == 1


def test_what_others_write_into_the_file_meanwhile_stays(graph: Graph, tmp_path: Path) -> None:
    file = tmp_path / "decisions.yaml"
    with sitting(graph, file) as process:
        with file.open("a", encoding="utf-8") as by_hand:
            by_hand.write("- {drop: noise}  # mine\n")
        _, errors = process.communicate("d\nu\nd\nq\n", timeout=60)
    assert process.returncode == 0, errors
    assert [entry.verb for entry in Decisions.load(file).entries] == ["same", "drop", "different"]
    assert "# mine" in file.read_text("utf-8")


def test_a_reason_that_is_no_unicode_leaves_a_file_that_can_be_read(graph: Graph, tmp_path: Path) -> None:
    file = tmp_path / "decisions.yaml"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:surrogateescape"}
    subprocess.run(
        command(graph, file), input=b"s caf\xe9\nq\n", capture_output=True, env=environment, check=True
    )
    (entry,) = Decisions.load(file).entries
    assert entry.reason == "caf\N{REPLACEMENT CHARACTER}"


def test_without_an_input_nothing_is_asked(graph: Graph, tmp_path: Path) -> None:
    closed = subprocess.run(
        ["sh", "-c", '"$@" <&-', "sh", *command(graph, tmp_path / "d.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert closed.returncode == 3
    assert "standard input is closed" in closed.stderr
