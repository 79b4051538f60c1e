"""A concept over the years: how many papers speak of it, in which roles, who was first, who proposed it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.asking.naming import concept_of
from kg.model import ROLES
from kg.tables import Graph

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """A paper that speaks of the concept, and how."""

    paper_id: str
    title: str
    year: int | None
    role: str
    confidence: float
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The story of one concept.

    ``first`` are the papers of its first year, empty where no year is known; ``proposed_by`` those that
    introduce it as their own, the earliest first; ``undated`` counts papers without a year.
    """

    concept_id: str
    name: str
    type: str
    papers: int
    undated: int
    first: tuple[Appearance, ...]
    proposed_by: tuple[Appearance, ...]
    years: tuple[tuple[int, tuple[int, ...]], ...]

    def frame(self) -> pd.DataFrame:
        """Return one row a year, empty years included: papers, papers by role, and all papers so far."""
        import pandas as pd

        rows = []
        total = 0
        for year, counts in self.years:
            total += sum(counts)
            rows.append((year, sum(counts), *counts, total))
        return pd.DataFrame(rows, columns=["year", "papers", *(role.lower() for role in ROLES), "so_far"])


def timeline(graph: Graph, name: str) -> Timeline:
    """Return the timeline of the concept called ``name``; UsageError where there is none."""
    import pyarrow.compute as pc

    match = concept_of(graph, name)
    edges = graph.tables["paper_concept"]
    own: list[dict[str, Any]] = edges.filter(pc.field("to") == match.id).to_pylist()
    papers = {row["id"]: row for row in graph.tables["papers"].select(["id", "title", "year"]).to_pylist()}
    seen = sorted(
        (
            Appearance(
                paper_id=edge["from"],
                title=papers[edge["from"]]["title"],
                year=papers[edge["from"]]["year"],
                role=edge["type"],
                confidence=edge["confidence"],
                quote=edge["quote"],
            )
            for edge in own
        ),
        key=lambda one: (one.year is None, one.year or 0, -one.confidence, one.paper_id),
    )
    dated = [one for one in seen if one.year is not None]
    counts = Counter((one.year, one.role) for one in dated)
    known = [one.year for one in dated if one.year is not None]
    span = range(min(known), max(known) + 1) if known else range(0)
    return Timeline(
        concept_id=match.id,
        name=match.name,
        type=match.type,
        papers=len(seen),
        undated=len(seen) - len(dated),
        first=tuple(one for one in dated if one.year == known[0]),
        proposed_by=tuple(one for one in seen if one.role == "PROPOSES"),
        years=tuple((year, tuple(counts[year, role] for role in ROLES)) for year in span),
    )
