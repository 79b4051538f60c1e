"""From a relation to its sentences; the relations that `relate` makes are in tests/relations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg import schema
from kg.asking.tracing import explain_relation, is_relation, trace
from kg.errors import UsageError
from kg.tables import Graph, Row, columns, relation_id
from kg.text import digest

NARROW, BROAD = "method/generalized-funnelling", "method/funnelling"
KIND_ID = relation_id("SUBCLASS_OF", NARROW, BROAD)
NAMED = "We speak of them."
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


def row(table: str, **values: Any) -> Row:
    empty = {"string": "", "integer": 0, "float": 1.0, "strings": [], "integers": []}
    return [values.get(c.name, empty[c.type] if c.required else None) for c in columns(table)]


def kind_of(sentence: str) -> Graph:
    """Return a graph in which the one method is a kind of the other, by a paper that says ``sentence``."""
    surfaces = {NARROW: ["Fun", "generalized funnelling"], BROAD: ["funnelling"]}
    edges = [
        row(
            "paper_concept", **{"from": "p", "to": id_}, type="USES", id=relation_id("USES", "p", id_),
            field="abstract", quote=NAMED, quote_end=len(NAMED), surfaces=words,
        )
        for id_, words in surfaces.items()
    ]  # fmt: skip
    kind = {"type": "SUBCLASS_OF", "from": NARROW, "to": BROAD, "id": KIND_ID, "paper_ids": ["p"]}
    return Graph.from_rows(
        {
            "papers": [row("papers", id="p", ids=["p"], title="A title", abstract=f"{NAMED} {sentence}")],
            "concepts": [row("concepts", id=id_, type="METHOD", name=id_) for id_ in surfaces],
            "paper_concept": edges,
            "concept_concept": [row("concept_concept", **kind)],
        }
    )


@pytest.mark.parametrize(
    ("sentence", "names_both"),
    [
        ("Fun is a kind of funnelling.", True),
        ("Many Funs are funnelling.", True),
        ("Here generalized funnelling is better than funnelling.", True),
        ("The code of gFun is funnelling made public.", False),
        ("Fun is no Xfunnelling.", False),
        ("Here generalized funnelling stands alone.", False),
    ],
)
def test_a_kind_is_told_by_sentences_that_name_both_as_words_of_their_own(
    sentence: str, names_both: bool
) -> None:
    graph = kind_of(sentence)
    quotes = {source.quote for source in trace(graph, KIND_ID)}
    # The sentence by which the paper is said to name each is told in any case.
    assert quotes == ({NAMED, sentence} if names_both else {NAMED})


@pytest.mark.parametrize("id_", ["\udcff", "a\ud800b"])
def test_what_no_table_can_hold_is_no_relation(dated: Graph, id_: str) -> None:
    assert not is_relation(dated, id_)
    for ask in (trace, explain_relation):
        with pytest.raises(UsageError, match="no relation has the id"):
            ask(dated, id_)
