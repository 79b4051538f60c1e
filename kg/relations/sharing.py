"""What two papers have in common: concepts by type and role, rare ones weighing more, and authors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.model import CONCEPT_TYPES, ROLES
from kg.relations.view import NO_YEAR, View, authors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.model import Role

#: What the later paper does with a concept, and what the earlier one does.
_ROLES: tuple[tuple[Role, Role], ...] = (
    ("USES", "PROPOSES"),
    ("COMPARES", "PROPOSES"),
    ("ADDRESSES", "ADDRESSES"),
    ("COMPARES", "COMPARES"),
    ("USES", "USES"),
    ("REPORTS", "REPORTS"),
)
FEATURES: tuple[str, ...] = (
    *(f"shared {type_}" for type_ in CONCEPT_TYPES),
    *(f"{mine}, {theirs}" for mine, theirs in _ROLES),
    "likeness of concepts",
    "kinship",  # Adamic-Adar over all shared concepts
    "log shared concepts",
    "shared authors",
)
#: Concepts that more papers speak of lead from no paper to another.
_COMMON = 400


@dataclass(frozen=True, slots=True)
class Sharing:
    """Concepts and authors of papers, with weights of concepts (0-1) that fall with their papers."""

    view: View
    _weight: list[float]
    _rarity: list[float]
    _length: list[float]
    _authors: list[frozenset[int]]
    _count: NDArray[np.int64]

    @classmethod
    def of(cls, view: View) -> Sharing:
        """Return it for ``view``."""
        count = view.count()
        papers = max(len(view.paper_ids), 2)
        weight = np.where(count > 1, np.log(papers / np.maximum(count, 1)) / math.log(papers), 0.0)
        squares = np.bincount(view.paper, weights=weight[view.concept] ** 2, minlength=papers)
        return cls(
            view=view,
            _weight=weight.tolist(),
            _rarity=view.rarity().tolist(),
            _length=np.sqrt(squares).tolist(),
            _authors=authors(view),
            _count=count,
        )

    def edges(self, paper: int) -> dict[int, int]:
        """Return the edges of ``paper`` by concept."""
        first, last = int(self.view.first[paper]), int(self.view.first[paper + 1])
        return dict(zip(self.view.concept[first:last].tolist(), range(first, last), strict=True))

    def before(self, later: int) -> NDArray[np.int64]:
        """Return the papers of earlier years that share a concept with ``later`` which few speak of."""
        year = self.view.year
        if year[later] == NO_YEAR:
            return np.empty(0, dtype=np.int64)
        own = [concept for concept in self.edges(later) if 1 < self._count[concept] <= _COMMON]
        near = np.unique(
            np.concatenate([np.empty(0, dtype=np.int64), *(self.view.papers_of(concept) for concept in own)])
        )
        found: NDArray[np.int64] = near[(year[near] != NO_YEAR) & (year[near] < year[later])]
        return found

    def shared(self, mine: dict[int, int], theirs: dict[int, int]) -> list[int]:
        """Return the concepts that both have, those that fewest speak of first."""
        return sorted((c for c in theirs if c in mine), key=lambda concept: (-self._weight[concept], concept))

    def features(
        self, later: int, earlier: int, mine: dict[int, int], theirs: dict[int, int], shared: list[int]
    ) -> list[float]:
        """Return the `FEATURES` of a pair; ``mine`` and ``theirs`` are their edges."""
        view = self.view
        types = dict.fromkeys(CONCEPT_TYPES, 0.0)
        roles = dict.fromkeys(_ROLES, 0.0)
        squares = 0.0
        for concept in shared:
            weight = self._weight[concept]
            types[view.types[concept]] += weight
            pair = (ROLES[int(view.role[mine[concept]])], ROLES[int(view.role[theirs[concept]])])
            if pair in roles:
                roles[pair] += weight
            squares += weight * weight
        length = self._length[later] * self._length[earlier]
        found = (
            *types.values(),
            *roles.values(),
            squares / length if length else 0.0,
            math.fsum(self._rarity[concept] for concept in shared),
        )
        return [
            *(round(value, 5) for value in found),
            math.log(max(len(shared), 1)),
            float(len(self._authors[later] & self._authors[earlier])),
        ]
