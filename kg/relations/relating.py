"""`relate`: one pass over the papers of a graph, and the rows that come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.relations.building_on import Known, builds_on, load
from kg.relations.cooccurrence import co_occurrences, kinships
from kg.relations.marks import Marks
from kg.relations.patterns import said
from kg.relations.pooling import LEAST, Pool
from kg.relations.subclasses import Sayings, Subclass, subclasses
from kg.relations.view import View
from kg.relations.within import pairs
from kg.report import Report
from kg.tables import Graph, columns, make_table, relation_id

if TYPE_CHECKING:
    import pyarrow as pa

    from kg.tables import Row

#: The tables that `relate` fills; the input's own CITES stay.
CONCEPTS, PAPERS = "concept_concept", "paper_paper"
_OWN = "CITES"


def relate(graph: Graph, *, report: Report | None = None) -> Graph:
    """Return ``graph`` with the relations between its concepts and between its papers.

    A function of the tables: relations of an earlier call are made anew, and only CITES is kept.
    ``report`` counts what is made, and what is cut by reason. The graph's own report stays as it is.
    """
    tally = Report() if report is None else report
    view = View.of(graph.tables)
    marks, pool, sayings = Marks.of(view), Pool(), Sayings()
    for paper in view.papers():
        marks.add(paper)
        tally.count("relations.pairs_of_concepts", pool.add(paper.index, pairs(paper)))
        sayings.add(paper.index, said(paper))
    kinds = subclasses(view, sayings, tally)
    concepts = make_table(
        CONCEPTS,
        (*_pooled(view, pool, tally), *_subclasses(view, kinds), *_co_occurrences(view, tally)),
    )
    papers = make_table(
        PAPERS,
        (*_given(graph.tables[PAPERS]), *_builds_on(Known(view, marks, kinds)), *_related(view, tally)),
    )
    for table in (concepts, papers):
        for type_, count in sorted(Counter(table["type"].to_pylist()).items()):
            tally.count(f"relations.{type_}", count)
    tables = {**graph.tables, CONCEPTS: concepts, PAPERS: papers}
    return Graph(tables, graph.manifest, graph.report)


@cache
def _names(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in columns(table))


def _row(table: str, type_: str, from_: str, to: str, **values: Any) -> Row:
    known = {"type": type_, "from": from_, "to": to, "id": relation_id(type_, from_, to), **values}
    return [known.get(name) for name in _names(table)]


def _given(table: pa.Table) -> Iterator[Row]:
    for row in table.to_pylist():
        if row["type"] == _OWN:
            yield _row(PAPERS, _OWN, row["from"], row["to"])


def _pooled(view: View, pool: Pool, report: Report) -> Iterator[Row]:
    ids = _EdgeIds(view)
    for one in pool.relations(view):
        if one.confidence < LEAST:
            report.drop("relations", "too unsure")
            continue
        yield _row(
            CONCEPTS,
            one.relation,
            view.concept_ids[one.source],
            view.concept_ids[one.target],
            paper_ids=[view.paper_ids[paper] for paper in one.papers],
            support=one.support,
            confidence=one.confidence,
            first_year=one.first_year,
            evidence=ids.of(one.edges),
        )


def _subclasses(view: View, kinds: Iterable[Subclass]) -> Iterator[Row]:
    for one in kinds:
        yield _row(
            CONCEPTS,
            "SUBCLASS_OF",
            view.concept_ids[one.narrower],
            view.concept_ids[one.broader],
            confidence=one.confidence,
            why=one.why,
            paper_ids=[view.paper_ids[paper] for paper in one.papers],
        )


def _co_occurrences(view: View, report: Report) -> Iterator[Row]:
    found = co_occurrences(view, report)
    for a, b, support, npmi in zip(
        *(column.tolist() for column in (found.a, found.b, found.support, found.npmi)), strict=True
    ):
        yield _row(
            CONCEPTS, "CO_OCCURS_WITH", view.concept_ids[a], view.concept_ids[b], support=support, npmi=npmi
        )


def _related(view: View, report: Report) -> Iterator[Row]:
    found = kinships(view, report)
    for a, b, weight, shared in zip(
        found.a.tolist(), found.b.tolist(), found.weight.tolist(), found.shared, strict=True
    ):
        yield _row(
            PAPERS,
            "RELATED_TO",
            view.paper_ids[a],
            view.paper_ids[b],
            shared=[view.concept_ids[concept] for concept in shared],
            weight=weight,
        )


def _builds_on(known: Known) -> Iterator[Row]:
    view = known.view
    curves, least = load()
    ids = _EdgeIds(view)
    for one in builds_on(known, curves, least):
        yield _row(
            PAPERS,
            "BUILDS_ON",
            view.paper_ids[one.later],
            view.paper_ids[one.earlier],
            via=[view.concept_ids[concept] for concept in one.via],
            confidence=one.confidence,
            evidence=ids.of(one.edges),
            quote=ids.quote(one.edges[0]),
        )


class _EdgeIds:
    """Ids and quotes of edges by their position in the view."""

    def __init__(self, view: View) -> None:
        table = view.tables["paper_concept"]
        self._row = view.row
        self._ids = table["id"].combine_chunks()
        self._quotes = table["quote"].combine_chunks()

    def of(self, edges: Iterable[int]) -> list[str]:
        rows = self._row[np.fromiter(edges, dtype=np.int64)]
        return [self._ids[row].as_py() for row in rows.tolist()]

    def quote(self, edge: int) -> str:
        text: str = self._quotes[int(self._row[edge])].as_py()
        return text
