"""What nobody has tried yet: two concepts that are frequent alone, never together, though their like were.

A gap is a method and a task (or a dataset) that no paper speaks of together. It is worth a look where
the method serves tasks near to this one, or methods near to this one serve the task. Near is what papers
speak of together (`CO_OCCURS_WITH`) and what is narrower or broader (`SUBCLASS_OF`). Only neighbours of
combinations that exist are looked at, never all pairs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from kg.errors import UsageError
from kg.tables import Graph

if TYPE_CHECKING:
    import pandas as pd

Across = Literal["task", "dataset"]
#: The relation that says that a method and the other were combined.
_COMBINED = {"task": "USED_FOR", "dataset": "EVALUATED_ON"}
_SAID = {"task": "serves", "dataset": "is tested on"}
#: How near a concept is to a narrower or broader one; co-occurrence brings its own measure.
_KIN = 0.5
#: Reasons that are told; all count.
_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A method and a task or dataset, ``other``, that no paper speaks of together.

    ``expected`` is in how many papers chance would bring them together; ``score`` grows with it and with
    what speaks for the combination; ``why`` tells the strongest reasons.
    """

    method: str
    other: str
    method_papers: int
    other_papers: int
    expected: float
    score: float
    why: str
    method_id: str
    other_id: str


def gaps(graph: Graph, *, across: Across = "task", least: int = 5, limit: int | None = 50) -> pd.DataFrame:
    """Return the gaps of ``graph``, one `Gap` a row, the most promising first.

    Both ends have at least ``least`` papers. UsageError where ``across`` is neither task nor dataset.
    """
    import pandas as pd

    return pd.DataFrame(
        find_gaps(graph, across=across, least=least, limit=limit), columns=[one.name for one in fields(Gap)]
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """``papers`` are those of the ``frequent`` concepts, and of what is narrower or broader than these."""

    names: Mapping[str, str]
    frequent: frozenset[str]
    papers: Mapping[str, frozenset[str]]
    near: Mapping[str, Mapping[str, float]]
    kin: Mapping[str, frozenset[str]]
    total: int


def find_gaps(graph: Graph, *, across: Across = "task", least: int = 5, limit: int | None = 50) -> list[Gap]:
    """Return what `gaps` returns, as records."""
    if across not in _COMBINED:
        raise UsageError(f"gaps go across {' or '.join(_COMBINED)}, not across {across}")
    known = _known(graph, ("METHOD", across.upper()), least)
    combined: dict[tuple[str, str], tuple[int, float]] = {
        (row["from"], row["to"]): (row["support"], row["confidence"])
        for row in graph.rows("concept_concept")
        if row["type"] == _COMBINED[across]
    }
    reasons: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for (method, other), (support, confidence) in sorted(combined.items()):
        for pair, nearness, reason in _beside(known, method, other, _SAID[across]):
            if _apart(known, *pair):
                told = f"{reason} ({support} paper{'' if support == 1 else 's'})"
                reasons[pair].append((nearness * confidence, told))
    found = [_gap(known, pair, why) for pair, why in reasons.items()]
    found.sort(key=lambda gap: (-gap.score, gap.method_id, gap.other_id))
    return found if limit is None else found[:limit]


def _known(graph: Graph, types: tuple[str, ...], least: int) -> _Known:
    columns = ["id", "type", "name", "paper_count"]
    concepts = graph.tables["concepts"].select(columns).to_pylist()
    frequent = {c["id"] for c in concepts if c["type"] in types and c["paper_count"] >= least}
    near: dict[str, dict[str, float]] = defaultdict(dict)
    kin: dict[str, set[str]] = defaultdict(set)
    type_of = {c["id"]: c["type"] for c in concepts}
    for row in graph.tables["concept_concept"].select(["type", "from", "to", "npmi"]).to_pylist():
        a, b = row["from"], row["to"]
        if type_of[a] != type_of[b] or row["type"] not in {"CO_OCCURS_WITH", "SUBCLASS_OF"}:
            continue
        nearness = _KIN if row["type"] == "SUBCLASS_OF" else row["npmi"]
        for one, other in ((a, b), (b, a)):
            near[one][other] = max(near[one].get(other, 0.0), nearness)
            if row["type"] == "SUBCLASS_OF":
                kin[one].add(other)
    looked_at = frequent.union(*(kin[id_] for id_ in frequent if id_ in kin))
    papers: dict[str, set[str]] = {id_: set() for id_ in looked_at}
    for row in graph.tables["paper_concept"].select(["from", "to"]).to_pylist():
        if row["to"] in looked_at:
            papers[row["to"]].add(row["from"])
    return _Known(
        names={c["id"]: c["name"] for c in concepts},
        frequent=frozenset(frequent),
        papers={id_: frozenset(found) for id_, found in papers.items()},
        near=near,
        kin={id_: frozenset(found) for id_, found in kin.items()},
        total=graph.tables["papers"].num_rows,
    )


def _beside(
    known: _Known, method: str, other: str, verb: str
) -> Iterator[tuple[tuple[str, str], float, str]]:
    """Yield the frequent pairs beside a combination, how near they are to it, and the reason in words."""
    for near, nearness in sorted(known.near.get(other, {}).items()):
        if method in known.frequent and near in known.frequent:
            yield (method, near), nearness, f"it {verb} {known.names[other]}, near to {known.names[near]}"
    for near, nearness in sorted(known.near.get(method, {}).items()):
        if near in known.frequent and other in known.frequent:
            yield (near, other), nearness, f"{known.names[method]}, near to it, {verb} {known.names[other]}"


def _apart(known: _Known, method: str, other: str) -> bool:
    """Tell whether no paper speaks of both, nor of the method and a narrower or broader other."""
    own = known.papers[method]
    family = known.kin.get(other, frozenset()) | {other}
    return all(own.isdisjoint(known.papers[one]) for one in family)


def _gap(known: _Known, pair: tuple[str, str], reasons: list[tuple[float, str]]) -> Gap:
    method, other = pair
    ones, others = len(known.papers[method]), len(known.papers[other])
    expected = ones * others / max(known.total, 1)
    reasons.sort(key=lambda reason: (-reason[0], reason[1]))
    weight = math.fsum(weight for weight, _ in reasons)
    return Gap(
        method=known.names[method],
        other=known.names[other],
        method_papers=ones,
        other_papers=others,
        expected=round(expected, 3),
        score=round(weight * math.log1p(expected), 4),
        why="; ".join(text for _, text in reasons[:_TOLD]),
        method_id=method,
        other_id=other,
    )
