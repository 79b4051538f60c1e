"""``kg cookbook``, ``leaderboard``, ``timeline`` and ``gaps``, and a relation's story, as a process."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from kg.asking.cookbook import questions
from kg.cli.querying import parameters_of
from kg.tables import Graph

from .process import kg

HOSTILE = "'}) MATCH (n) DETACH DELETE n // \x1b[31m"


def test_the_cookbook_lists_and_shows_its_questions() -> None:
    told = [json.loads(line) for line in kg("cookbook", "--format", "jsonl").stdout.splitlines()]
    assert [one["name"] for one in told] == [one.name for one in questions()]
    for one in questions()[:3]:
        shown = kg("cookbook", one.name).stdout
        assert one.question in shown
        assert one.cypher in shown
        assert all(f"{name} = " in shown for name in one.parameters)


def test_a_question_is_asked_as_its_cypher_is(given_graph: Path) -> None:
    one = next(one for one in questions() if one.name == "most-used-methods")
    asked = kg("cookbook", one.name, given_graph, "--param", "limit=4", "--format", "jsonl")
    by_hand = kg("query", given_graph, one.cypher, "--param", "limit=4", "--format", "jsonl")
    assert asked.stdout == by_hand.stdout != ""
    assert len(asked.stdout.splitlines()) == 4


@pytest.mark.parametrize("value", ["1.10", "null", "true", '"quoted"', "[1]"])
def test_a_parameter_that_is_text_stays_as_it_is_typed(value: str) -> None:
    asked = next(one for one in questions() if one.name == "papers-on-a-task")
    plain = [name for name, default in asked.parameters.items() if isinstance(default, str)]
    assert parameters_of([f"task={value}", "limit=3"], plain) == {"task": value, "limit": 3}


def test_parameters_of_the_cookbook_are_data(given_graph: Path) -> None:
    before = {file.name: file.read_bytes() for file in given_graph.iterdir()}
    done = kg("cookbook", "papers-on-a-task", given_graph, "--param", f"task={HOSTILE}", "--format", "jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert before == {file.name: file.read_bytes() for file in given_graph.iterdir()}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["cookbook", "nothing-like-it-at-all"], "the cookbook has no question called"),
        (["cookbook", "most-used-methods", "GRAPH", "--param", "limit=many"], "give a whole number such as"),
        (["cookbook", "most-used-methods", "GRAPH", "--param", "x=1"], "has no parameter “x”"),
        (["cookbook", "most-used-methods", "--param", "limit=1"], "--param with a NAME and a DIR or URL"),
        (["cookbook", "most-used-methods", "--page", "GRAPH"], "--page goes without a NAME"),
        (["leaderboard", "GRAPH"], "Missing option '--task'"),
        (["leaderboard", "GRAPH", "--task", "\x1bzzqqxx"], "nothing here is called"),
        (["timeline", "GRAPH", "\x1bzzqqxx"], "nothing here is called"),
        (["gaps", "GRAPH", "--across", "metric"], "'metric' is not one of"),
        (["gaps", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(given_graph: Path, arguments: list[str], says: str) -> None:
    done = kg(*(str(given_graph) if one == "GRAPH" else one for one in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr


def test_a_leaderboard_in_every_form(given_graph: Path) -> None:
    graph = Graph.load(given_graph)
    links = [row["to"] for row in graph.rows("result_concept") if row["type"] == "FOR_TASK"]
    task = max(sorted(set(links)), key=links.count)
    call = ("leaderboard", given_graph, "--task", task)
    found = json.loads(kg(*call, "--format", "json").stdout)
    assert len(found) == links.count(task)
    assert {"method", "value", "paper", "year", "sentence", "rank", "kind"} <= found[0].keys()
    assert all(one["rank"] is None for one in found if one["kind"] == "improvement")
    table = kg(*call)
    assert len(table.stdout.splitlines()) == len(found) + 2
    assert f"{len(found)} number" in table.stderr
    rows = list(csv.DictReader(io.StringIO(kg(*call, "--format", "csv").stdout)))
    assert [row["result_id"] for row in rows] == [one["result_id"] for one in found]


def test_a_timeline_without_years_says_so(given_graph: Path) -> None:
    graph = Graph.load(given_graph)
    name = next(row for row in graph.rows("paper_concept") if row["type"] == "PROPOSES")
    told = kg("timeline", given_graph, name["to"])
    assert told.returncode == 0
    assert "None of these papers has a year" in told.stdout
    assert "Proposed by" in told.stdout
    data = json.loads(kg("timeline", given_graph, name["to"], "--format", "json").stdout)
    assert data["years"] == []
    assert data["undated"] == data["papers"] > 0


def test_a_timeline_with_years(tmp_path: Path) -> None:
    docs, given, graph = tmp_path / "docs.jsonl", tmp_path / "given.jsonl", tmp_path / "graph"
    years = {"a": 2001, "b": 2001, "c": 2003, "d": None}
    docs.write_text("".join(
        json.dumps({"id": i, "title": f"Title of {i}", "abstract": "We use Zorb.", "year": year}) + "\n"
        for i, year in years.items()
    ))  # fmt: skip
    concept = {"type": "METHOD", "role": "USES", "name": "Zorb", "mentions": ["Zorb"]}
    given.write_text("".join(json.dumps({"id": i, "concepts": [concept]}) + "\n" for i in years))
    assert kg("build", docs, "--extractions", given, "--only-extractions", "--out", graph).returncode == 0
    told = kg("timeline", graph, "Zorb").stdout
    bars = [line.split() for line in told.splitlines() if line.startswith("  200") and line.endswith("#")]
    assert [(bar[0], bar[1]) for bar in bars] == [("2001", "2"), ("2003", "1")]
    assert "  2002      0" in told
    assert "1 paper without a year" in told
    assert "First in" in told


def test_gaps_in_every_form(given_graph: Path) -> None:
    found = json.loads(kg("gaps", given_graph, "--least", "2", "--format", "json").stdout)
    assert len(found) <= 20
    table = kg("gaps", given_graph, "--least", "2")
    assert table.stdout.splitlines()[0].split() == [
        "method", "other", "method_papers", "other_papers", "expected", "score", "why",
    ]  # fmt: skip
    assert len(table.stdout.splitlines()) == len(found) + 2
    few = kg("gaps", given_graph, "--least", "2", "--limit", "1", "--format", "jsonl")
    assert len(few.stdout.splitlines()) == min(1, len(found))


def test_explain_tells_of_a_relation(given_graph: Path) -> None:
    graph = Graph.load(given_graph)
    names = {row["id"]: row["name"] for row in graph.rows("concepts")}
    for type_ in ("USED_FOR", "SUBCLASS_OF", "CO_OCCURS_WITH"):
        row = next(row for row in graph.rows("concept_concept") if row["type"] == type_)
        text = kg("explain", given_graph, row["id"]).stdout
        assert text.startswith(f"{names[row['from']]}  {type_}  {names[row['to']]}\n")
        assert "“" in text
        story = json.loads(kg("explain", given_graph, row["id"], "--format", "json").stdout)
        assert story["sources"]
        if (year := story["properties"].get("first_year")) is not None:
            assert f" {year}\n" in text  # without a mark at the thousands
        assert story["properties"]["confidence" if type_ != "CO_OCCURS_WITH" else "npmi"] > 0


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of two papers that came as ``twice``, and of one with the id of the concept it proposes."""
    place = tmp_path_factory.mktemp("alike")
    papers = [
        {"id": "twice", "title": "The first text", "abstract": "It is short."},
        {"id": "twice", "title": "Another text altogether", "abstract": "It is different."},
        {"id": "method/alphanet", "title": "A paper of an odd id", "abstract": "We propose Alphanet."},
    ]
    concept = {"type": "METHOD", "role": "PROPOSES", "name": "Alphanet", "mentions": ["Alphanet"]}
    given = {"id": "method/alphanet", "concepts": [concept], "results": []}
    (place / "papers.jsonl").write_text("".join(json.dumps(paper) + "\n" for paper in papers))
    (place / "given.jsonl").write_text(json.dumps(given) + "\n")
    taken = ("--extractions", "given.jsonl", "--only-extractions")
    done = kg("build", "papers.jsonl", *taken, "--out", "graph", cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "graph"


def test_a_paper_is_explained_by_its_own_id(alike: Path) -> None:
    """Every id that a list of several things names leads on, though another paper came under it too."""
    listed = [row["id"] for row in Graph.load(alike).rows("papers") if row["id"].startswith("twice")]
    assert len(listed) == 2
    for id_ in listed:
        done = kg("explain", alike, id_, "--format", "json")
        assert json.loads(done.stdout)["id"] == id_
        assert done.stderr == ""


def test_a_concept_and_a_paper_of_one_id_are_both_explained(alike: Path) -> None:
    done = kg("explain", alike, "method/alphanet")
    assert done.returncode == 0
    assert "\nWritten as\n" in done.stdout
    assert "\nListed in\n" in done.stdout
    assert done.stderr == "a concept and a paper have this id; both are told:\n"
    stories = json.loads(kg("explain", alike, "method/alphanet", "--format", "json").stdout)
    names = [story.get("name", story.get("title")) for story in stories]
    assert names == ["Alphanet", "A paper of an odd id"]


@pytest.mark.parametrize("name", [b"\xff", b"a\xffb"])
def test_bytes_that_are_no_text_are_called_nothing(given_graph: Path, name: bytes) -> None:
    done = kg("explain", given_graph, os.fsdecode(name))
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing here is called" in done.stderr
