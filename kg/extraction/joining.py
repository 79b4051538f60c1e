"""Concepts of one paper that a judge takes for one, where the rules of `kg.extraction.merging` do not.

"implicit SGD" is the "implicit stochastic gradient descent" of the same abstract, and "predicting the next
word" its "next word prediction"; "language models" may be its "large language models" or not. The judge of
pairs has learned from annotated papers what names of one paper are one concept. Pairs are joined from the
likeliest on, where the pairs between two concepts are on the mean likely enough, so that no chain of doubtful
pairs joins what is two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kg.extraction.differences import Differences
from kg.extraction.judges import PAIRS, Judge
from kg.extraction.merging import Group
from kg.extraction.pairs import Pairs
from kg.extraction.surfaces import is_acronym
from kg.extraction.wordings import wording
from kg.model import FIELDS

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Field

#: Concepts are joined from this mean probability on. Chosen on the fold that training leaves out.
LEAST = 0.6


class PairJudge:
    """Trees over `kg.extraction.pairs.FEATURES`, and the counts of words that these need."""

    def __init__(self, judge: Judge, differences: Differences) -> None:
        self._judge = judge
        self._differences = differences

    @classmethod
    def load(cls, folder: Path | None = None) -> PairJudge:
        """Return the judge in ``folder``, else the shipped one."""
        return cls(Judge.load(PAIRS, folder), Differences.load(folder))

    def likely(self, texts: Mapping[Field, str], groups: Sequence[Group]) -> dict[tuple[int, int], float]:
        """Return how likely the pairs of ``groups`` that may be one concept are, by their numbers."""
        pairs = Pairs(texts, groups)
        likely = self._judge.yes(pairs.table(self._differences))
        return dict(zip(pairs.nearest, likely.tolist(), strict=True))


def join(texts: Mapping[Field, str], groups: Sequence[Group], judge: PairJudge) -> list[Group]:
    """Return the concepts, those that ``judge`` takes for one as one, in the order of their first place.

    ``groups`` are as `kg.extraction.merging.merge` returns them.
    """
    likely = judge.likely(texts, groups)
    refused: set[tuple[int, int, int, int]] = set()
    members = {n: [n] for n in range(len(groups))}
    of = list(range(len(groups)))
    for one, other in sorted((p for p in likely if likely[p] >= LEAST), key=lambda p: (-likely[p], p)):
        a, b = sorted((of[one], of[other]))
        # A set is known by its first and by how many it has, since it only grows: none is asked for twice.
        asked = a, len(members[a]), b, len(members[b])
        if a == b or asked in refused:
            continue
        if _mean(likely, members[a], members[b]) < LEAST:
            refused.add(asked)
        else:
            for n in members[b]:
                of[n] = a
            members[a] += members.pop(b)
    return [
        groups[one[0]] if len(one) == 1 else _one([groups[n] for n in sorted(one)])
        for one in members.values()
    ]


def _mean(likely: Mapping[tuple[int, int], float], some: Sequence[int], others: Sequence[int]) -> float:
    """Return how likely the pairs between two sets are on the mean; a pair without an answer is not."""
    total = sum(likely.get((min(m, n), max(m, n)), 0.0) for m in some for n in others)
    return total / (len(some) * len(others))


def _one(groups: Sequence[Group]) -> Group:
    """Return the one concept that ``groups`` are.

    It has the name of one of them: no acronym, not made of a part of another's words, with no acronym in it,
    with most places, the first. "classification" may well be the image classification of its paper, and is
    not what other papers mean by classification.
    """
    words = [frozenset(wording(group.name).stems) for group in groups]

    def rank(n: int) -> tuple[bool, bool, bool, int, int]:
        name = groups[n].name
        return (
            not is_acronym(name),
            not any(words[n] < other for other in words),
            not any(map(is_acronym, name.split())),
            len(groups[n].places),
            -n,
        )

    leading = groups[max(range(len(groups)), key=rank)]
    places = sorted(
        (place for group in groups for place in group.places), key=lambda p: (FIELDS.index(p.field), p.start)
    )
    return Group(leading.type, leading.name, tuple(places))
