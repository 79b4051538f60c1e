"""From records to the graph: which paper says what of which concept, and what the input says itself.

`assemble` is a function of its arguments; the order of papers and extractions does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.assembly.citing import References
from kg.assembly.edges import Edge, decide, paper_edges, spoken_of
from kg.assembly.evidence import Evidence, Quotes
from kg.assembly.outcomes import Outcome, Outcomes
from kg.assembly.rows import Rows
from kg.model import Concept, Extraction, Merge, Paper
from kg.report import Report
from kg.resolution import NONE, Decisions, Link, Linker
from kg.tables import COMPARISONS, MERGES, Graph
from kg.text import digest

__all__ = ["assemble"]


def assemble(
    papers: Iterable[Paper],
    extractions: Mapping[str, Extraction],
    linker: Linker,
    merges: Iterable[Merge] = (),
    *,
    decisions: Decisions = NONE,
    report: Report | None = None,
) -> Graph:
    """Return the graph of ``papers``, with no manifest yet.

    ``extractions`` are by paper id, and ``linker`` was made from them; ``merges`` are those of papers.
    ``report`` counts what is made and what is dropped.
    """
    tally = Report() if report is None else report
    known = sorted(papers, key=lambda paper: paper.id)
    concepts = {concept.id: concept for concept in linker.concepts}
    edges: list[Edge] = []
    for paper in known:
        if paper.id in extractions:
            edges += paper_edges(paper, extractions[paper.id], linker, Quotes(paper), tally)
    edges, dropped = decide(edges, concepts, decisions, tally)
    concepts = spoken_of(concepts, edges, dropped, tally)
    spoken: dict[str, set[str]] = {}
    rows = Rows()
    for edge in edges:
        spoken.setdefault(edge.paper.id, set()).add(edge.concept_id)
        _add_edge(rows, edge)
    for concept in concepts.values():
        _add_concept(rows, concept)
    outcomes = Outcomes(linker, concepts, tally)
    references = References(known)
    for paper in known:
        _add_paper(rows, paper)
        for cited in references.cited(paper, tally):
            rows.relate("paper_paper", "CITES", paper.id, cited)
        if paper.id in extractions:
            its = spoken.get(paper.id, set())
            for outcome in outcomes.of(paper, extractions[paper.id], its, Quotes(paper)):
                _add_outcome(rows, paper, outcome)
    _add_names(rows, known)
    _add_merges(rows, [*merges, *(m for m in linker.merges if m.into in concepts)])
    _add_comparisons(rows, linker.links, concepts)
    graph = Graph.from_rows(rows.tables)
    return Graph(graph.tables, report={**tally.to_json(), "made": graph.counts()})


def _evidence(evidence: Evidence) -> dict[str, str | int]:
    return {
        "field": evidence.field,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "quote_start": evidence.quote_start,
        "quote_end": evidence.quote_end,
    }


def _add_edge(rows: Rows, edge: Edge) -> None:
    rows.relate(
        "paper_concept",
        edge.role,
        edge.paper.id,
        edge.concept_id,
        confidence=edge.confidence,
        surfaces=edge.surfaces,
        count=edge.count,
        read_as=edge.read_as,
        extractor=edge.extractor,
        **_evidence(edge.evidence),
    )


def _add_paper(rows: Rows, paper: Paper) -> None:
    rows.add(
        "papers",
        id=paper.id,
        ids=sorted({paper.id, *paper.ids}),
        title=paper.title,
        abstract=paper.abstract,
        year=paper.year,
        url=paper.url,
        doi=paper.doi,
        arxiv=paper.arxiv,
        source=paper.source,
        listings=sorted({paper.source, *paper.listings}),
    )


def _add_concept(rows: Rows, concept: Concept) -> None:
    rows.add(
        "concepts",
        id=concept.id,
        type=concept.type,
        name=concept.name,
        aliases=concept.aliases,
        alias_counts=concept.alias_counts,
        alias_types=concept.alias_types,
        paper_count=concept.paper_count,
        first_year=concept.first_year,
    )


def _add_outcome(rows: Rows, paper: Paper, outcome: Outcome) -> None:
    result = outcome.result
    rows.add(
        "results",
        id=outcome.id,
        value=result.value,
        number=outcome.number,
        unit=result.unit,
        kind=result.kind,
    )
    rows.relate("paper_result", "STATES", paper.id, outcome.id, **_evidence(outcome.evidence))
    for relation, concept_id in outcome.targets:
        rows.relate("result_concept", relation, outcome.id, concept_id)


def _add_names(rows: Rows, papers: Iterable[Paper]) -> None:
    """Add authors and venues: equal names are one node."""
    authors: dict[str, str] = {}
    venues: dict[str, str] = {}
    for paper in papers:
        for name in sorted(set(paper.authors)):
            if name.strip():
                authors[name] = f"author/{digest(name)}"
                rows.relate("author_paper", "WROTE", authors[name], paper.id)
        if paper.venue.strip():
            venues[paper.venue] = f"venue/{digest(paper.venue)}"
            rows.relate("paper_venue", "PUBLISHED_IN", paper.id, venues[paper.venue])
    for table, names in (("authors", authors), ("venues", venues)):
        for name, id_ in names.items():
            rows.add(table, id=id_, name=name)


def _add_merges(rows: Rows, merges: Iterable[Merge]) -> None:
    told = {(m.what, m.merged, m.into, m.reason, m.score) for m in merges}
    # The surest first where one merge has one reason twice.
    distinct = {row[:4]: row for row in sorted(told, key=lambda row: row[4])}
    for what, merged, into, reason, score in distinct.values():
        rows.add(MERGES, what=what, merged=merged, into=into, reason=reason, score=score)


def _add_comparisons(rows: Rows, links: Iterable[Link], concepts: Mapping[str, Concept]) -> None:
    """Add the pairs of names that were weighed, as far as they lead to a concept of the graph."""
    told: set[tuple[str, ...]] = set()
    for link in links:
        name_id = link.name_id if link.name_id in concepts else ""
        other_id = link.other_id if link.other_id in concepts else ""
        mark = (link.name, link.other, name_id, other_id, link.reason)
        if name_id == other_id == "" or mark in told:
            continue
        told.add(mark)
        rows.add(
            COMPARISONS,
            name=link.name,
            other=link.other,
            name_id=name_id,
            other_id=other_id,
            reason=link.reason,
            score=link.score,
            features=[f"{name} {value:g} ({add:+.2f})" for name, value, add in link.features],
        )
