"""Why the graph says what it says of one concept or one paper: names, merges and quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.model import ROLES, Merge
from kg.tables import COMPARISONS, MERGES, Graph

if TYPE_CHECKING:
    import pyarrow as pa

#: Names that did not join, as many as a story tells.
NEAREST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name as written, how many papers write it, and the type most often read for it."""

    name: str
    papers: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One paper–concept relation seen from one end: ``id`` and ``name`` are the other end's.

    The mention is ``start`` to ``end`` in ``field``, in code points; ``quote`` is its sentence.
    """

    role: str
    id: str
    name: str
    read_as: str
    confidence: float
    surfaces: tuple[str, ...]
    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two names that were weighed against each other: why they are one concept, or why not.

    ``score`` lies in 0 to 1, 1.0 where a person decided. ``features`` are what was weighed, in words, the
    weightiest first. ``other_id`` is the concept that ``other`` leads to, empty where it was dropped.
    """

    name: str
    other: str
    other_id: str
    score: float
    reason: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A number that a paper states, what it is of (relation to concept id), and its sentence."""

    value: str
    kind: str
    of: tuple[tuple[str, str], ...]
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptStory:
    """A concept: its names, how they came together, and its papers by role, the surest first.

    ``joined`` are the comparisons that brought its names together, ``apart`` the nearest names that did
    not join, the nearest first.
    """

    id: str
    type: str
    name: str
    paper_count: int
    first_year: int | None
    aliases: tuple[Alias, ...]
    merges: tuple[Merge, ...]
    joined: tuple[Comparison, ...]
    apart: tuple[Comparison, ...]
    papers: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperStory:
    """A paper: where it is listed, what was merged into it, its concepts by role and its results."""

    id: str
    title: str
    year: int | None
    listings: tuple[str, ...]
    merges: tuple[Merge, ...]
    concepts: tuple[Evidence, ...]
    results: tuple[Statement, ...]


def explain_concept(graph: Graph, concept_id: str) -> ConceptStory:
    """Return the story of the concept with this id; KeyError where there is none."""
    row = _one(graph.tables["concepts"], concept_id)
    titles = _named(graph.tables["papers"], "title")
    joined, apart = _comparisons(graph, concept_id)
    aliases = zip(row["aliases"], row["alias_counts"], row["alias_types"], strict=True)
    return ConceptStory(
        id=row["id"],
        type=row["type"],
        name=row["name"],
        paper_count=row["paper_count"],
        first_year=row["first_year"],
        aliases=tuple(Alias(name=name, papers=n, type=type_) for name, n, type_ in aliases),
        merges=_merges(graph, "name", concept_id),
        joined=joined,
        apart=apart,
        papers=_evidence(graph, "to", concept_id, other="from", names=titles),
    )


def explain_paper(graph: Graph, paper_id: str) -> PaperStory:
    """Return the story of the paper with this id; KeyError where there is none."""
    row = _one(graph.tables["papers"], paper_id)
    names = _named(graph.tables["concepts"], "name")
    return PaperStory(
        id=row["id"],
        title=row["title"],
        year=row["year"],
        listings=tuple(row["listings"]),
        merges=_merges(graph, "paper", paper_id),
        concepts=_evidence(graph, "from", paper_id, other="to", names=names),
        results=_statements(graph, paper_id),
    )


def _where(table: pa.Table, column: str, value: str) -> list[dict[str, Any]]:
    import pyarrow.compute as pc

    rows: list[dict[str, Any]] = table.filter(pc.field(column) == value).to_pylist()
    return rows


def _one(table: pa.Table, id_: str) -> dict[str, Any]:
    rows = _where(table, "id", id_)
    if not rows:
        raise KeyError(id_)
    return rows[0]


def _named(table: pa.Table, column: str) -> dict[str, str]:
    return {row["id"]: row[column] for row in table.select(["id", column]).to_pylist()}


def _merges(graph: Graph, what: str, into: str) -> tuple[Merge, ...]:
    rows = _where(graph.tables[MERGES], "into", into)
    return tuple(Merge(**row) for row in rows if row["what"] == what)


def _comparisons(graph: Graph, concept_id: str) -> tuple[tuple[Comparison, ...], tuple[Comparison, ...]]:
    import pyarrow.compute as pc

    either = (pc.field("name_id") == concept_id) | (pc.field("other_id") == concept_id)
    joined: list[Comparison] = []
    apart: list[Comparison] = []
    for row in graph.tables[COMPARISONS].filter(either).to_pylist():
        first = row["name_id"] == concept_id
        both = row["name_id"] == row["other_id"]
        (joined if both else apart).append(
            Comparison(
                name=row["name"] if first else row["other"],
                other=row["other"] if first else row["name"],
                other_id=row["other_id"] if first else row["name_id"],
                score=row["score"],
                reason=row["reason"],
                features=tuple(sorted(row["features"], key=_weight)),
            )
        )
    for found in (joined, apart):
        found.sort(key=lambda one: (-one.score, one.name, one.other, one.reason))
    return tuple(joined), tuple(apart[:NEAREST])


def _weight(feature: str) -> tuple[float, str]:
    """Return how weighty a feature is, from the share in brackets at its end."""
    return -abs(float(feature.rpartition("(")[2].rstrip(")"))), feature


def _evidence(graph: Graph, end: str, id_: str, *, other: str, names: dict[str, str]) -> tuple[Evidence, ...]:
    found = [
        Evidence(
            role=row["type"],
            id=row[other],
            name=names[row[other]],
            read_as=row["read_as"],
            confidence=row["confidence"],
            surfaces=tuple(row["surfaces"]),
            field=row["field"],
            start=row["start"],
            end=row["end"],
            quote=row["quote"],
        )
        for row in _where(graph.tables["paper_concept"], end, id_)
    ]
    order: dict[str, int] = {role: n for n, role in enumerate(ROLES)}
    return tuple(sorted(found, key=lambda e: (order.get(e.role, len(order)), -e.confidence, e.id)))


def _statements(graph: Graph, paper_id: str) -> tuple[Statement, ...]:
    stated = _where(graph.tables["paper_result"], "from", paper_id)
    stated.sort(key=lambda row: (row["field"] != "title", row["start"], row["to"]))
    statements = []
    for row in stated:
        result = _one(graph.tables["results"], row["to"])
        links = _where(graph.tables["result_concept"], "from", row["to"])
        of = tuple((link["type"], link["to"]) for link in links)
        statements.append(Statement(value=result["value"], kind=result["kind"], of=of, quote=row["quote"]))
    return tuple(statements)
