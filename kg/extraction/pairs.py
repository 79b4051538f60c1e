"""Two names of one paper that no rule joins, and what speaks for and against their being one concept.

`Pairs` puts into a table, for the judge of pairs (`kg.extraction.joining`), how the wordings are made of
each other, what their differing words usually mean, where they stand, and how they stand to each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from kg.extraction.labels import TYPES
from kg.extraction.surfaces import surface_key
from kg.extraction.wordings import FEATURES as OF_WORDINGS
from kg.extraction.wordings import Wording, alike_at_start, has_letters, likeness, nearness, wording
from kg.model import FIELDS
from kg.text import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.extraction.differences import Differences
    from kg.extraction.merging import Group
    from kg.model import Field

FEATURES = (
    *OF_WORDINGS,
    *("one in title", "other in title", "both in title", "one not in abstract", "apart", "one sentence"),
    *("in brackets", "set beside", "places of one", "places of other", "type", "stems that differ"),
    *("least share of more", "product of more", "least share of own", "greatest share of own", "swapped"),
    *("fewest with a shared stem", "most with a shared stem", "concepts"),
)
#: What may stand between two names where the one is put in other words.
_SAID_AGAIN = frozenset(
    (
        *(
            "(",
            "or",
            ", or",
            "or simply",
            "—",
            "–",
            "--",
            "aka",
            "a.k.a.",
            "also known as",
            ", also known as",
        ),
        *("i.e.", "i.e.,", ", i.e.", ", i.e.,", "(i.e.", "(i.e.,"),
    )
)
#: How far apart names can be that are set beside each other, in characters.
_REACH = max(map(len, _SAID_AGAIN)) + 2
_LEAST_START = 0.4
#: How many concepts of its type, and how many wordings of each, a concept is held against.
_NEAR, _WORDINGS = 64, 4


@dataclass(frozen=True, slots=True)
class _Side:
    """A concept as one side of a pair."""

    group: Group
    wordings: tuple[Wording, ...]
    stems: frozenset[str]  # of all wordings
    first_letters: frozenset[str]
    acronym: bool
    starts: tuple[int, ...]  # in the abstract
    sentences: frozenset[int]  # of the abstract
    in_title: bool
    bracketed: int


class Pairs:
    """The pairs of concepts of one type that may be one.

    ``groups`` come in the order of their first place. Left out are pairs whose two nearest wordings have
    nothing in common (neither a word nor most letters; an acronym may stand for anything), unless they are
    set beside each other, and pairs with `_NEAR` others of their type between, as only texts beyond an
    abstract have them.
    """

    def __init__(self, texts: Mapping[Field, str], groups: Sequence[Group]) -> None:
        bounds = [start for start, _ in sentences(texts["abstract"])]
        self._sides = [_side(texts, group, bounds) for group in groups]
        self._beside = _beside(texts, groups)
        #: Numbers of two groups, the lesser first, with their two wordings that are most alike.
        self.nearest: dict[tuple[int, int], tuple[Wording, Wording]] = {}
        for type_ in TYPES:
            alike = [n for n, side in enumerate(self._sides) if side.group.type == type_ and side.wordings]
            for at, one in enumerate(alike):
                for other in alike[at + 1 : at + 1 + _NEAR]:
                    sides = self._sides[one], self._sides[other]
                    if nearest := _nearest(*sides, self._beside.get((one, other), 0)):
                        self.nearest[one, other] = nearest

    def table(self, differences: Differences) -> NDArray[np.float32]:
        """Return a row of `FEATURES` for each pair, in the order of ``nearest``."""
        spread = Counter(stem for side in self._sides for stem in side.stems)
        rows = np.empty((len(self.nearest), len(FEATURES)), dtype=np.float32)
        for row, ((one, other), nearest) in zip(rows, self.nearest.items(), strict=True):
            row[:] = [
                *likeness(*nearest),
                *_placing(self._sides[one], self._sides[other], self._beside.get((one, other), 0)),
                *_words(*nearest, differences, spread),
                len(self._sides),
            ]
        return rows


def _side(texts: Mapping[Field, str], group: Group, bounds: Sequence[int]) -> _Side:
    surfaces: dict[str, str] = {}  # by what variants of one wording have in common
    for text in dict.fromkeys(texts[p.field][p.start : p.end] for p in group.places):
        surfaces.setdefault(surface_key(text), text)
    found = tuple(w for w in map(wording, list(surfaces.values())[:_WORDINGS]) if w.stems)
    starts = tuple(place.start for place in group.places if place.field == "abstract")
    return _Side(
        group=group,
        wordings=found,
        stems=frozenset().union(*(w.known for w in found)),
        first_letters=frozenset(w.letters[0] for w in found),
        acronym=any(w.acronym for w in found),
        starts=starts,
        sentences=frozenset(bisect_right(bounds, start) for start in starts),
        in_title=any(place.field == "title" for place in group.places),
        bracketed=sum(texts[p.field][p.start - 1 : p.start] == "(" for p in group.places),
    )


def _nearest(one: _Side, other: _Side, beside: int) -> tuple[Wording, Wording] | None:
    """Return the two wordings that are most alike, None where the sides have nothing in common."""
    akin = not one.stems.isdisjoint(other.stems) or not one.first_letters.isdisjoint(other.first_letters)
    if not (akin or beside or one.acronym or other.acronym):
        return None
    first, second = max(product(one.wordings, other.wordings), key=lambda pair: nearness(*pair))
    if beside or first.acronym or second.acronym or not first.known.isdisjoint(second.known):
        return first, second
    short, long = (first, second) if first.length < second.length else (second, first)
    made_of = has_letters(long, short) or alike_at_start(first, second) > _LEAST_START
    return (first, second) if made_of else None


def _placing(one: _Side, other: _Side, beside: int) -> list[float]:
    return [
        *(one.in_title, other.in_title, one.in_title and other.in_title),
        *(not one.starts or not other.starts, _apart(one.starts, other.starts)),
        *(not one.sentences.isdisjoint(other.sentences), one.bracketed + other.bracketed, beside),
        *(len(one.group.places), len(other.group.places), TYPES.index(one.group.type)),
    ]


def _words(one: Wording, other: Wording, differences: Differences, spread: Mapping[str, int]) -> list[float]:
    shared = [spread[stem] for stem in one.known & other.known]
    return [
        len(one.known ^ other.known),
        *differences.shares(one.known - other.known, other.known - one.known),
        *(min(shared, default=0), max(shared, default=0)),
    ]


def _beside(texts: Mapping[Field, str], groups: Sequence[Group]) -> dict[tuple[int, int], int]:
    """Return 2 for two groups that a colon alone parts somewhere, 1 for words that say a thing again."""
    found: dict[tuple[int, int], int] = {}
    places = sorted(
        ((place, n) for n, group in enumerate(groups) for place in group.places),
        key=lambda placed: (FIELDS.index(placed[0].field), placed[0].start),
    )
    for (first, one), (second, other) in pairwise(places):
        if one != other and first.field == second.field and second.start - first.end <= _REACH:
            gap = texts[first.field][first.end : second.start].strip()
            pair = (one, other) if one < other else (other, one)
            found[pair] = max(found.get(pair, 0), 2 if gap == ":" else int(gap in _SAID_AGAIN))
    return found


def _apart(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how far the nearest two of the sorted numbers are from each other, -1 where there are none."""
    few, many = (one, other) if len(one) < len(other) else (other, one)
    found = []
    for number in few:
        at = bisect_right(many, number)
        found += [abs(number - near) for near in many[max(0, at - 1) : at + 1]]
    return min(found, default=-1)
