"""`relate` as a whole: a function of the tables, with evidence for everything it says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import schema
from kg.asking.tracing import explain_relation
from kg.relations import relate, view
from kg.report import Report
from kg.tables import Graph, parquet_bytes

from .worlds import Spoken, Told, random_world, shuffled, world

MADE = ("concept_concept", "paper_paper")
POOLED = ("USED_FOR", "EVALUATED_ON", "BENCHMARK_FOR", "MEASURED_BY", "COMPARED_WITH")


def made(graph: Graph) -> list[bytes]:
    return [parquet_bytes(graph.tables[name]) for name in MADE]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_does_not_show_and_a_second_time_changes_nothing(seed: int) -> None:
    graph = random_world(seed)
    once = relate(graph)
    once.check()
    assert made(relate(shuffled(graph, seed))) == made(once)
    assert made(relate(once)) == made(once)
    assert all(once.tables[name].equals(graph.tables[name]) for name in graph.tables if name not in MADE)


@pytest.mark.parametrize("size", [1, 5, 2048])
def test_the_size_of_a_chunk_does_not_show(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    graph = random_world(11)
    expected = made(relate(graph))
    monkeypatch.setattr(view, "CHUNK", size)
    assert made(relate(graph)) == expected


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_every_relation_names_what_it_comes_from(seed: int) -> None:
    graph = relate(random_world(seed))
    edges = {row["id"]: row for row in graph.rows("paper_concept")}
    papers = {row["id"]: row for row in graph.rows("papers")}
    for row in graph.rows("concept_concept"):
        if row["type"] in POOLED:
            assert row["support"] == len(row["paper_ids"]) == len(set(row["paper_ids"]))
            assert len(row["evidence"]) == 2 * row["support"]
            for paper, one, other in zip(
                row["paper_ids"], row["evidence"][::2], row["evidence"][1::2], strict=True
            ):
                assert (edges[one]["from"], edges[one]["to"]) == (paper, row["from"])
                assert (edges[other]["from"], edges[other]["to"]) == (paper, row["to"])
            years = [papers[paper]["year"] for paper in row["paper_ids"] if papers[paper]["year"] is not None]
            assert row["first_year"] == min(years, default=None)
        elif row["type"] == "CO_OCCURS_WITH":
            assert row["from"] < row["to"]
            assert row["support"] >= 2
        else:
            assert row["why"]
        assert 0 < (row["confidence"] if row["confidence"] is not None else row["npmi"]) <= 1
    for row in graph.rows("paper_paper"):
        if row["type"] == "BUILDS_ON":
            assert row["quote"] == edges[row["evidence"][0]]["quote"]
            assert edges[row["evidence"][0]]["from"] == row["from"]
            assert {edges[one]["from"] for one in row["evidence"]} == {row["from"], row["to"]}
            assert row["via"]
        elif row["type"] == "RELATED_TO":
            assert row["from"] < row["to"]
            assert row["shared"]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_every_relation_can_be_traced_to_papers_and_quotes(seed: int) -> None:
    graph = relate(random_world(seed))
    texts = {row["id"]: row for row in graph.rows("papers")}
    input_says = {"CITES", "WROTE", "PUBLISHED_IN"}
    for table in schema.relation_tables():
        for row in graph.rows(table):
            story = explain_relation(graph, row["id"])
            assert (story.type, story.from_id, story.to_id) == (row["type"], row["from"], row["to"])
            assert bool(story.sources) is (row["type"] not in input_says)
            for source in story.sources:
                text = texts[source.paper_id][source.field]
                assert text[source.start : source.end] == source.quote
            if row["type"] in POOLED:
                assert {source.paper_id for source in story.sources} == set(row["paper_ids"])


def test_what_is_made_is_counted() -> None:
    report = Report()
    graph = relate(random_world(4, papers=60), report=report)
    counts = graph.counts()
    names = {kind.name for kind in schema.RELATIONS if kind.table in MADE}
    assert {name: report.counts.get(f"relations.{name}", 0) for name in names} == {
        name: counts[name] for name in names
    }
    assert report.drops


def unsure_world(confidence: float, papers: int) -> Graph:
    spoken: dict[str, Spoken] = {"Zorb": ("METHOD", "PROPOSES"), "grain sorting": ("TASK", "ADDRESSES")}
    text = "We propose Zorb for grain sorting."
    return world([Told(f"p{n}", f"Paper {n}", text, spoken, confidence=confidence) for n in range(papers)])


@pytest.mark.parametrize(("confidence", "papers", "stored"), [(0.5, 1, 0), (0.5, 4, 1), (0.9, 1, 1)])
def test_what_is_likelier_wrong_than_right_is_left_out_and_counted(
    confidence: float, papers: int, stored: int
) -> None:
    report = Report()
    graph = relate(unsure_world(confidence, papers), report=report)
    found = [row for row in graph.rows("concept_concept") if row["type"] == "USED_FOR"]
    assert len(found) == stored
    assert report.drops["relations", "too unsure"] == 1 - stored
