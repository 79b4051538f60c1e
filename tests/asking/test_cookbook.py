"""The cookbook: at least thirty questions, each of which every graph answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg import schema, stores
from kg.asking.cookbook import Question, ask, filled, question, questions
from kg.cli.cookbook_page import page
from kg.errors import UsageError
from kg.tables import Graph

#: Questions about years, authors and references, which the sample papers do not have.
NEEDS_MORE = {"papers-a-year", "first-seen", "cited-without-a-word", "authors-of-a-task"}
AGGREGATES = re.compile(r"\b(?:count|sum|min|max|avg|collect)\(")
WRITES = re.compile(r"\b(?:CREATE|MERGE|SET|DELETE|REMOVE|DROP|LOAD|CALL|FOREACH)\b")


def test_there_are_thirty_and_more_each_with_a_name_of_its_own() -> None:
    names = [one.name for one in questions()]
    assert len(names) >= 30
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", name) for name in names)
    assert all(one.question.endswith("?") and one.meaning.endswith(".") for one in questions())


@pytest.mark.parametrize("asked", questions(), ids=lambda one: one.name)
def test_a_question_reads_only_and_is_declared_in_full(asked: Question) -> None:
    assert set(re.findall(r"\$(\w+)", asked.cypher)) == set(asked.parameters)
    assert not WRITES.search(asked.cypher)
    assert "ORDER BY" in asked.cypher, "the order of the answer is laid down"
    answer, _, order = asked.cypher[asked.cypher.rindex("RETURN") :].partition("ORDER BY")
    if AGGREGATES.search(answer):  # then Neo4j sorts by what is answered alone
        assert "." not in order, "count first, in a WITH"
    told = set(re.findall(r"\bAS (\w+)", answer))
    assert told.isdisjoint(re.findall(r"\b(\w+)\.", order)), "an answer hides what its order needs"
    names = {kind.name for kind in schema.RELATIONS}
    used = set(re.findall(r"\[\w*:([A-Z_|]+)", asked.cypher))
    assert {one for group in used for one in group.split("|")} <= names
    labels = {kind.label for kind in schema.NODES} | set(schema.TYPE_LABELS.values())
    assert set(re.findall(r"\(\w*:([A-Z]\w+)", asked.cypher)) <= labels


def test_every_question_is_answered_on_the_sample(seeds_graph: Path) -> None:
    with stores.open(seeds_graph) as store:
        answers = {one.name: ask(store, one, timeout=60) for one in questions()}
    # What a better model reads may empty one or the other, but not many.
    empty = {name for name, answer in answers.items() if not answer.rows} - NEEDS_MORE
    assert len(empty) <= 4, sorted(empty)
    for name, answer in answers.items():
        limit = question(name).parameters.get("limit")
        assert not isinstance(limit, int) or len(answer.rows) <= limit


def test_years_authors_and_references_are_asked_for(dated: Graph) -> None:
    assert dated.path is not None
    with stores.open(dated.path) as store:
        years = ask(store, question("papers-a-year"))
        assert years.rows == [(2001, 1, 1), (2002, 1, 0), (2003, 2, 1), (2004, 1, 1), (2006, 1, 0)]
        authors = ask(store, question("authors-of-a-task"), task="pebble sorting")
        assert authors.rows == [("Ada L.", 1), ("Bo M.", 1)]
        seen = ask(store, question("first-seen"), papers=2)
        assert seen.rows[0][:2] == ("Grumble", 2003)


def test_parameters_take_the_place_of_defaults() -> None:
    asked = question("methods-for-a-task")
    assert filled(asked, {}) == dict(asked.parameters)
    assert filled(asked, {"task": 2, "limit": 3}) == {"task": "2", "limit": 3}
    with pytest.raises(UsageError, match="no parameter “nothing”; its parameters: task, limit"):
        filled(asked, {"nothing": 1})
    for bad in ("ten", 1.5, True, -1):
        with pytest.raises(UsageError, match="give a whole number such as 10"):
            filled(asked, {"limit": bad})


def test_an_unknown_question_is_told_with_near_ones() -> None:
    with pytest.raises(UsageError, match="did you mean methods-for-a-task"):
        question("method-for-task")
    with pytest.raises(UsageError, match="kg cookbook lists them"):
        question("\x1bzzzz")


def test_nothing_in_an_answer_ends_its_block(tmp_path: Path) -> None:
    from .dated import built, paper

    title = "````\n# A heading <script> | `x` ``` \x1b[31m"
    graph = built(tmp_path, [paper("p", title, "We use Zorb.", {"Zorb": "PROPOSES"})])
    assert graph.path is not None
    with stores.open(graph.path) as store:
        text = page(store)
    assert "\x1b" not in text
    outside, fence = [], ""
    for line in text.splitlines():
        mark = re.match(r"`{3,}", line)
        if not fence and mark:
            fence = mark[0]
        elif fence and line == fence:
            fence = ""
        elif not fence:
            outside.append(line)
    assert not fence
    assert not any("<script>" in line for line in outside)
    assert [line for line in outside if line.startswith("### ")] == [f"### {one.name}" for one in questions()]


def test_the_page_has_every_question_as_it_is() -> None:
    written = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text("utf-8")
    assert written.count("\n### ") == len(questions())
    for one in questions():
        assert (
            f"### {one.name}\n**{one.question}** {one.meaning}\n\n```cypher\n{one.cypher}\n```" in written
        ), "the cookbook has changed: make readme writes docs/cookbook.md anew"
