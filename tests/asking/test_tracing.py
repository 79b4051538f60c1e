"""From a relation to its sentences; the relations that `relate` makes are in tests/relations."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import schema
from kg.asking.tracing import explain_relation, is_relation, trace
from kg.errors import UsageError
from kg.tables import Graph
from kg.text import digest

INPUT_SAYS = {"CITES", "WROTE", "PUBLISHED_IN"}


def test_every_kind_has_a_story(dated: Graph) -> None:
    for table in schema.relation_tables():
        for row in dated.rows(table):
            story = explain_relation(dated, row["id"])
            assert story.from_name
            assert story.to_name
            assert story.meaning == schema.relation(row["type"]).meaning
            assert (story.sources == ()) is (row["type"] in INPUT_SAYS)


def test_a_hundred_of_every_kind_lead_to_sentences(seeds_graph: Path) -> None:
    graph = Graph.load(seeds_graph)
    texts = {row["id"]: row for row in graph.rows("papers")}
    for kind in schema.RELATIONS:
        rows = [row for row in graph.rows(kind.table) if row["type"] == kind.name]
        for row in sorted(rows, key=lambda row: digest("hundred", row["id"]))[:100]:
            sources = trace(graph, row["id"])
            assert sources, row["id"]
            for source in sources:
                assert texts[source.paper_id][source.field][source.start : source.end] == source.quote


def test_a_number_leads_to_the_sentence_that_states_it(dated: Graph) -> None:
    row = next(row for row in dated.rows("result_concept") if row["type"] == "OF_METHOD")
    value = next(one["value"] for one in dated.rows("results") if one["id"] == row["from"])
    stated = [source for source in trace(dated, row["id"]) if source.role == "STATES"]
    assert len(stated) == 1
    assert value in stated[0].quote


def test_no_relation_has_this_id(dated: Graph) -> None:
    assert not is_relation(dated, "nothing")
    with pytest.raises(UsageError, match="no relation has the id “nothing”"):
        trace(dated, "nothing")
