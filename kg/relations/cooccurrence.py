"""Concepts that papers speak of together more often than chance, and papers that share rare concepts.

Association between concepts is normalised pointwise mutual information (G. Bouma, "Normalized
(pointwise) mutual information in collocation extraction", 2009): -1 never together, 0 as chance has
it, 1 always together. Kinship of papers is the sum of 1 / ln(n) over the concepts that both speak of,
where n papers speak of each (L. Adamic and E. Adar, "Friends and neighbors on the Web", 2003): what few
papers share says more. Both look only at pairs that occur, and leave out what would make them many:
concepts beyond a paper's `WIDEST`, and concepts that more than `COMMON` papers speak of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.model import ROLES
from kg.relations.strongest import strongest
from kg.report import Report

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.relations.view import View

#: Most edges that a concept or a paper keeps.
MOST = 10
#: Papers that must speak of two concepts together: once is chance.
LEAST_SUPPORT = 2
#: Association below this is not stored.
LEAST_NPMI = 0.1
#: Concepts of one paper that are paired with each other; a paper has some fifteen.
WIDEST = 64
#: A concept that more papers speak of makes none of them kin.
COMMON = 50
#: Kinship below this is not stored: two concepts that five papers share each, or one that two do.
LEAST_WEIGHT = 1.2
DIGITS = 4

#: Papers whose pairs are in memory at a time.
_BLOCK = 4096

_NONE: NDArray[np.int64] = np.empty(0, dtype=np.int64)
_NO_WEIGHT: NDArray[np.float64] = np.empty(0, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class CoOccurrences:
    """Pairs of concepts, ``a`` before ``b``, with the papers that speak of both."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    support: NDArray[np.int64]
    npmi: NDArray[np.float64]


def co_occurrences(view: View, report: Report) -> CoOccurrences:
    """Return the strongest pairs of concepts of ``view``, sorted; what was cut is counted."""
    count = view.count()
    pairs, support = _concept_pairs(view, report)
    total = len(view.concept_ids)
    often = support >= LEAST_SUPPORT
    _cut(report, "CO_OCCURS_WITH in one paper only", int((~often).sum()))
    pairs, support = pairs[often], support[often]
    a, b = np.divmod(pairs, max(total, 1))
    npmi = _npmi(support, count[a], count[b], len(view.paper_ids))
    strong = npmi >= LEAST_NPMI
    _cut(report, "CO_OCCURS_WITH about as often as chance has it", int((~strong).sum()))
    a, b, support, npmi = a[strong], b[strong], support[strong], npmi[strong]
    kept = strongest(a, b, npmi, support, nodes=total, most=MOST)
    _cut(report, "CO_OCCURS_WITH beyond the strongest of a concept", len(a) - len(kept))
    return CoOccurrences(a[kept], b[kept], support[kept], npmi[kept])


def _npmi(
    both: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64], papers: int
) -> NDArray[np.float64]:
    """Return the association of each pair; 1 where every paper speaks of both."""
    joint = np.log(papers / both)
    information = np.log(papers * both / (one * other))
    npmi: NDArray[np.float64] = np.ones(len(both), dtype=np.float64)
    np.divide(information, joint, out=npmi, where=joint > 0)
    return np.round(npmi, DIGITS)


def _concept_pairs(view: View, report: Report) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair of concepts as one number, ascending, and how many papers speak of both.

    What a paper only mentions counts as well: background is where fields meet.
    """
    total = max(len(view.concept_ids), 1)
    pairs, support = _NONE, _NONE
    for start in range(0, len(view.paper_ids), _BLOCK):
        found = []
        for paper in range(start, min(start + _BLOCK, len(view.paper_ids))):
            concepts = _widest(view, paper, report)
            i, j = np.triu_indices(len(concepts), 1)
            found.append(concepts[i] * total + concepts[j])
        fresh, times = np.unique(np.concatenate(found), return_counts=True)
        pairs, support = _add(pairs, support, fresh, times)
    return pairs, support


def _widest(view: View, paper: int, report: Report) -> NDArray[np.int64]:
    edges = slice(int(view.first[paper]), int(view.first[paper + 1]))
    concepts = view.concept[edges]
    if len(concepts) > WIDEST:
        _cut(report, "concept beyond a paper's first when pairing", len(concepts) - WIDEST)
        # Those that matter most to the paper: by role, then by how surely they were read.
        order = np.lexsort((concepts, -view.confidence[edges], view.role[edges]))
        concepts = np.sort(concepts[order[:WIDEST]])
    return concepts


def _add(
    keys: NDArray[np.int64], counts: NDArray[np.int64], more: NDArray[np.int64], times: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return two sorted tallies as one."""
    together, at = np.unique(np.concatenate((keys, more)), return_inverse=True)
    sums = np.bincount(at, weights=np.concatenate((counts, times)), minlength=len(together))
    return together, sums.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Kinships:
    """Pairs of papers, ``a`` before ``b``, with the positions of the rare concepts that both speak of."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    weight: NDArray[np.float64]
    shared: tuple[tuple[int, ...], ...]


def kinships(view: View, report: Report) -> Kinships:
    """Return the strongest pairs of papers of ``view``, sorted; what was cut is counted."""
    count = view.count()
    papers = len(view.paper_ids)
    counts_for = (view.role != ROLES.index("MENTIONS")) & (count[view.concept] <= COMMON)
    rare = counts_for & (count[view.concept] >= LEAST_SUPPORT)
    order = np.lexsort((view.paper[rare], view.concept[rare]))
    concept, paper = view.concept[rare][order], view.paper[rare][order]
    # For each edge, those after it in its concept's run are its partners: no two papers meet twice in a run.
    ends = np.searchsorted(concept, concept, side="right")
    value = 1 / np.log(np.maximum(count, LEAST_SUPPORT))
    keys, weight, times = _NONE, _NO_WEIGHT, _NONE
    weak = 0
    by_paper = np.argsort(paper, kind="stable")
    for start in range(0, papers, _BLOCK):
        low, high = np.searchsorted(paper[by_paper], (start, start + _BLOCK))
        ones = np.sort(by_paper[low:high])
        lengths = ends[ones] - ones - 1
        first = np.repeat(ones, lengths)
        offset = np.arange(len(first)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        second = first + 1 + offset
        met, at = np.unique(paper[first] * papers + paper[second], return_inverse=True)
        sums = np.round(np.bincount(at, weights=value[concept[first]], minlength=len(met)), DIGITS)
        strong = sums >= LEAST_WEIGHT
        weak += int((~strong).sum())
        keys = np.concatenate((keys, met[strong]))
        weight = np.concatenate((weight, sums[strong]))
        times = np.concatenate((times, np.bincount(at, minlength=len(met))[strong]))
    a, b = np.divmod(keys, max(papers, 1))
    kept = strongest(a, b, weight, times, nodes=papers, most=MOST)
    _cut(report, "RELATED_TO by too little", weak)
    _cut(report, "RELATED_TO beyond the strongest of a paper", len(a) - len(kept))
    shared = tuple(_shared(view, count, int(x), int(y)) for x, y in zip(a[kept], b[kept], strict=True))
    return Kinships(a[kept], b[kept], weight[kept], shared)


def _shared(view: View, count: NDArray[np.int64], one: int, other: int) -> tuple[int, ...]:
    """Return the rare concepts that both papers speak of, the rarest first."""
    found = np.intersect1d(_rare(view, count, one), _rare(view, count, other), assume_unique=True)
    return tuple(found[np.lexsort((found, count[found]))].tolist())


def _rare(view: View, count: NDArray[np.int64], paper: int) -> NDArray[np.int64]:
    edges = slice(int(view.first[paper]), int(view.first[paper + 1]))
    concepts = view.concept[edges]
    rare: NDArray[np.int64] = concepts[
        (view.role[edges] != ROLES.index("MENTIONS")) & (count[concepts] <= COMMON)
    ]
    return rare


def _cut(report: Report, reason: str, count: int) -> None:
    if count:
        report.drops["relations", reason] += count
