"""Which paper brought a concept into the world, as far as the papers at hand can tell.

Strongest is the name before a title's colon, then what a paper proposes as its own, then first use
over time: the papers with which a concept's years begin. ForeCite (D. King, D. Downey and D. Weld,
"High-precision extraction of emerging concepts from scientific literature", 2020) ranks papers by how
many later ones use the concept and cite them; without citations, the later uses are what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.model import ROLES
from kg.relations.marks import Marks
from kg.relations.view import NO_YEAR, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How a paper may have brought it: it proposes it or bears its name, it was early, it was early in a title.
PROPOSED, EARLY, EARLY_IN_TITLE = 0, 1, 2

#: Papers that can be the first; more where they are of one year.
_FIRST = 3
_TIES = 2
#: Papers that can have brought one concept in.
_MOST = 12
#: A concept that more papers speak of is common ground: nobody is cited for it.
_COMMON = 1500


@dataclass(frozen=True, slots=True)
class Introductions:
    """The edges by which papers brought concepts in: those of ``c`` are ``first[c]`` to ``first[c + 1]``.

    ``kind`` runs parallel to ``edge``; ``proposals`` counts, by concept, the papers that propose it.
    """

    first: NDArray[np.int64]
    edge: NDArray[np.int64]
    kind: NDArray[np.int64]
    proposals: NDArray[np.int64]


def introductions(view: View, marks: Marks) -> Introductions:
    """Return who brought in each concept of ``view`` that more than one paper speaks of."""
    order = np.lexsort((view.paper, view.concept))
    starts = np.searchsorted(view.concept[order], np.arange(len(view.concept_ids) + 1))
    edges: list[int] = []
    kinds: list[int] = []
    first = [0]
    proposals = np.zeros(len(view.concept_ids), dtype=np.int64)
    for concept in range(len(view.concept_ids)):
        own = order[starts[concept] : starts[concept + 1]]
        if 1 < len(own) <= _COMMON:
            found, proposals[concept] = _of_concept(view, marks, own)
            edges += [edge for edge, _ in found]
            kinds += [kind for _, kind in found]
        first.append(len(edges))
    return Introductions(
        np.array(first, dtype=np.int64),
        np.array(edges, dtype=np.int64),
        np.array(kinds, dtype=np.int64),
        proposals,
    )


def _of_concept(view: View, marks: Marks, own: NDArray[np.int64]) -> tuple[list[tuple[int, int]], int]:
    """Return (edge, kind) of those who brought in the concept with the edges ``own``, and its proposals."""
    proposed = own[(view.role[own] == ROLES.index("PROPOSES")) | marks.named[own]]
    found = dict.fromkeys(proposed.tolist(), PROPOSED)
    active = own[(view.year[view.paper[own]] != NO_YEAR) & (view.role[own] != ROLES.index("MENTIONS"))]
    for kind, among in ((EARLY, active), (EARLY_IN_TITLE, active[marks.in_title[active]])):
        if len(among) > (1 if kind == EARLY else 0):
            years = view.year[view.paper[among]]
            early = among[years <= np.sort(years)[min(_FIRST, len(years)) - 1]]
            if len(early) <= _FIRST + _TIES:
                for edge in early.tolist():
                    found.setdefault(edge, kind)

    def strength(edge: int) -> tuple[bool, bool, int, float, int]:
        year = int(view.year[view.paper[edge]])
        return (
            not marks.named[edge],
            found[edge] != PROPOSED,
            year if year != NO_YEAR else 9999,
            -float(view.confidence[edge]),
            edge,
        )

    ranked = sorted(found, key=strength)[:_MOST]
    return [(edge, found[edge]) for edge in ranked], len(proposed)
