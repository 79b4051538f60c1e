"""From pairs that papers put together to relations between concepts, with support and confidence."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from kg.relations.view import NO_YEAR, View
from kg.relations.within import RULES, Pair

#: The relations, in the order in which they were declared.
POOLED: tuple[str, ...] = tuple(rule.relation for rule in RULES)

#: Papers can share an error, so that no number of them makes a relation certain.
MOST_CERTAIN = 0.99
#: A relation that is less likely right than this is left out. Of those that were read by eye, two in five
#: below it were right, and three in four between it and a half: see ``docs/relations.md``.
LEAST = 0.4
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A relation between two concepts (positions in the view), and what it comes from.

    ``papers`` and ``edges`` are positions in the view, ascending; ``support`` counts the papers.
    """

    relation: str
    source: int
    target: int
    papers: tuple[int, ...]
    edges: tuple[int, ...]
    confidence: float
    first_year: int | None

    @property
    def support(self) -> int:
        """How many papers say so."""
        return len(self.papers)


@dataclass(slots=True)
class Pool:
    """Pairs of all papers, as arrays: 33 bytes a pair."""

    _relation: array[int] = field(default_factory=lambda: array("b"))
    _ends: array[int] = field(default_factory=lambda: array("q"))
    _confidence: array[float] = field(default_factory=lambda: array("d"))

    def add(self, paper: int, pairs: Iterable[Pair]) -> int:
        """Add the ``pairs`` of ``paper`` (position in the view) and return how many there were."""
        count = 0
        for pair in pairs:
            self._relation.append(POOLED.index(pair.relation))
            self._ends.extend((paper, pair.source.edge, pair.target.edge))
            self._confidence.append(pair.confidence)
            count += 1
        return count

    def relations(self, view: View) -> Iterator[Pooled]:
        """Yield one relation for each two concepts, in the order of relation, source and target.

        With papers taken as independent witnesses, a relation is wrong only where all of them are.
        """
        relation = np.array(self._relation, dtype=np.int64)
        ends = np.array(self._ends, dtype=np.int64).reshape(-1, 3)
        confidence = np.array(self._confidence, dtype=np.float64)
        paper, edge = ends[:, 0], ends[:, 1:]
        source, target = view.concept[edge[:, 0]], view.concept[edge[:, 1]]
        order = np.lexsort((paper, target, source, relation))
        for (kind, a, b), group in groupby(
            order.tolist(), key=lambda i: (int(relation[i]), int(source[i]), int(target[i]))
        ):
            rows = list(group)
            wrong = 1.0
            for row in rows:
                wrong *= 1 - float(confidence[row])
            years = [int(view.year[paper[row]]) for row in rows if view.year[paper[row]] != NO_YEAR]
            yield Pooled(
                relation=POOLED[kind],
                source=a,
                target=b,
                papers=tuple(int(paper[row]) for row in rows),
                edges=tuple(int(e) for row in rows for e in edge[row]),
                confidence=round(min(1 - wrong, MOST_CERTAIN), DIGITS),
                first_year=min(years, default=None),
            )
