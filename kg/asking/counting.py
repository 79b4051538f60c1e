"""How much a graph holds, what it was made from, and what was left out on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.tables import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """How many things a stage left out for one reason, and where the first of them stood."""

    stage: str
    reason: str
    count: int
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The counts of a graph.

    ``listings`` are all places of the input that list one of the ``papers``; ``names`` all names as
    written of the ``concepts``; ``extractors`` the paper–concept relations by what read them.
    """

    labels: Mapping[str, int]
    relations: Mapping[str, int]
    listings: int
    papers: int
    names: int
    concepts: int
    extractors: Mapping[str, int]
    drops: tuple[Drop, ...]
    counts: Mapping[str, int]
    versions: Mapping[str, Any]


def statistics(graph: Graph) -> Statistics:
    """Return the counts of ``graph``, in declared or sorted order."""
    import pyarrow.compute as pc

    from kg import schema

    counts = graph.counts()
    relations = {kind.name for kind in schema.RELATIONS}
    papers, concepts = graph.tables["papers"], graph.tables["concepts"]
    extractors = Counter(str(name) for name in graph.tables["paper_concept"]["extractor"].to_pylist())
    return Statistics(
        labels={name: n for name, n in counts.items() if name not in relations},
        relations={name: n for name, n in counts.items() if name in relations},
        listings=pc.sum(pc.list_value_length(papers["listings"])).as_py() or 0,
        papers=papers.num_rows,
        names=pc.sum(pc.list_value_length(concepts["aliases"])).as_py() or 0,
        concepts=concepts.num_rows,
        extractors=dict(sorted(extractors.items())),
        drops=tuple(
            Drop(
                stage=entry["stage"],
                reason=entry["reason"],
                count=entry["count"],
                where=tuple(entry.get("where", ())),
            )
            for entry in graph.report.get("dropped", ())
        ),
        counts=dict(graph.report.get("counts", {})),
        versions=dict(graph.manifest.get("versions", {})),
    )
