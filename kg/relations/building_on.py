"""Implied citations: a paper uses, or compares with, what an earlier paper brought in.

A candidate is a paper, an earlier one, and at least one concept that both speak of. Either the earlier one
brought it in (`kg.relations.introductions`), or the two are among the most alike of those that share a
concept which few speak of, and years tell their order. How likely the later one cites the earlier one is
learned from reference lists (`kg.relations.fitting`). Where years are unknown, or equal, only a proposal
tells which came first.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from kg.relations import bringing, sharing
from kg.relations.bringing import SHARED, Bringing, Via, telling
from kg.relations.curves import Curves
from kg.relations.likeness import Coverage, Likeness
from kg.relations.marks import Marks
from kg.relations.namings import BRACKETS, PROPOSED, TITLE, Namings
from kg.relations.sharing import Sharing
from kg.relations.subclasses import Subclass
from kg.relations.view import NO_YEAR, View, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = 4
#: Rows that are scored at a time.
_BLOCK = 8192
#: Larger shares of all texts than this have a word that says nothing of a text, or of a title.
_COMMON_WORD, _COMMON_TITLE_WORD = 0.2, 0.1
#: So many of the most alike earlier papers are candidates even where they brought nothing in.
_ALIKE = 10
#: Concepts by which such a claim is made, at most.
_SHOWN = 5

_NAMING: tuple[str, ...] = (
    "name in the title",
    "name proposed",
    "name in brackets",
    "name, spelling",
    "name, words",
    "name, length",
    "name, log before",
    "name, log same year",
    "name, log users",
    "name, rivals",
    "name, givers",
    "name, log count",
    "name, in the later title",
    "name, later spelling",
    "name, few before",
    "name, in its own title",
    "name, log own count",
    "name, weight",
)
_BROUGHT: tuple[str, ...] = (
    "brought in",
    "rank in time",  # smallest
    "few before, summed",
    "log concepts brought in",
    "rarity, summed",
)
_PAIR: tuple[str, ...] = (
    "dated",
    "years between",
    "log reach",
    "log concepts, later",
    "log concepts, earlier",
    "share of papers before",
    "share of papers after",
    "likeness of texts",
    "likeness of titles",
    "likeness, share of the best",
    "earlier title in the later text",
    "later title in the earlier text",
    "rank by likeness",  # among the later paper's candidates
    "rank by kinship",
    "rank by few before",
    "log candidates",
)
#: What every pair has; where the earlier one brought something in, it may count for more, or for less.
_EVERY: tuple[str, ...] = (*sharing.FEATURES, *_PAIR, *_NAMING)
#: The last third is the one before it once more, and 0 where nothing was brought in.
FEATURES: tuple[str, ...] = (
    *bringing.FEATURES,
    *_BROUGHT,
    *_EVERY,
    *(f"{name}, brought in" for name in _EVERY),
)
_AT = {name: n for n, name in enumerate(FEATURES)}
_NO_NAME = [0.0] * len(_NAMING)


@dataclass(frozen=True, slots=True)
class BuildsOn:
    """That paper ``later`` builds on ``earlier`` (positions in the view).

    ``via`` are concepts, the most telling first; ``edges`` what it is read from: first the later
    paper's edge by which the most telling is known, then the earlier one's, and so on.
    """

    later: int
    earlier: int
    via: tuple[int, ...]
    edges: tuple[int, ...]
    confidence: float


def load() -> tuple[Curves, float]:
    """Return the shipped curves, and the confidence below which nothing is claimed."""
    data = json.loads(resources.files("kg.relations").joinpath("builds_on.json").read_text("utf-8"))
    return Curves.from_json(data), float(data["least"])


def builds_on(known: Known, curves: Curves, least: float) -> Iterator[BuildsOn]:
    """Yield, for each later paper in turn, what it builds on, where the confidence is at least ``least``.

    Of two papers that seem to build on each other, only the surer way is told.
    """
    found: dict[tuple[int, int], BuildsOn] = {}
    for claims, table in candidates(known):
        sure = np.round(curves.probability(table), DIGITS)
        for at in np.flatnonzero(sure >= least).tolist():
            later, earlier, via = claims[at]
            one = BuildsOn(
                later,
                earlier,
                tuple(dict.fromkeys(v.concept for v in via)),
                tuple(dict.fromkeys(edge for v in via for edge in (v.later, v.earlier))),
                float(sure[at]),
            )
            back = found.get((earlier, later))
            if back is not None and (-back.confidence, back.later) < (-one.confidence, one.later):
                continue
            found.pop((earlier, later), None)
            found[later, earlier] = one
    yield from (found[pair] for pair in sorted(found))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a graph before papers are compared: its view, marks, and what is a kind of what."""

    view: View
    marks: Marks
    kinds: Sequence[Subclass]


Claim = tuple[int, int, list[Via]]


def candidates(known: Known) -> Iterator[tuple[list[Claim], NDArray[np.float64]]]:
    """Yield candidates (later, earlier, via) with their `FEATURES`, some thousands at a time, in order."""
    finder = _Finder.of(known)
    claims: list[Claim] = []
    rows: list[list[float]] = []
    for later in range(len(known.view.paper_ids)):
        for claim, row in finder.of_paper(later):
            claims.append(claim)
            rows.append(row)
        if len(rows) >= _BLOCK:
            yield claims, np.array(rows, dtype=np.float64)
            claims, rows = [], []
    if rows:
        yield claims, np.array(rows, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Finder:
    """All that is known of papers and concepts before the first pair is looked at."""

    view: View
    bringing: Bringing
    sharing: Sharing
    namings: Namings
    texts: Likeness
    titles: Likeness
    coverage: Coverage
    reach: NDArray[np.int64]
    years: NDArray[np.int64]

    @classmethod
    def of(cls, known: Known) -> _Finder:
        view = known.view
        found = Bringing.of(view, known.marks, known.kinds)
        return cls(
            view=view,
            bringing=found,
            sharing=Sharing.of(view),
            namings=Namings.of(view),
            texts=Likeness.of(texts(view), most=_COMMON_WORD),
            titles=Likeness.of(view.titles, most=_COMMON_TITLE_WORD),
            coverage=Coverage.of(view.titles, texts(view)),
            reach=found.reach(),
            years=np.sort(view.year[view.year != NO_YEAR]),
        )

    def of_paper(self, later: int) -> list[tuple[Claim, list[float]]]:
        """Return the candidates of one later paper, by earlier paper."""
        brought = self.bringing.vias(later)
        near = self.sharing.before(later)
        mine = self.sharing.edges(later)
        namers = [one for one in self.namings.givers_before(later) if self._share_any(mine, one)]
        if not brought and not namers and not len(near):
            return []
        alike = np.round(self.texts.between(later, near), 5)
        nearest = near[np.lexsort((near, -alike))[:_ALIKE]]
        earlier = np.union1d(np.array([*brought, *namers], dtype=np.int64), nearest)
        texts = np.round(self.texts.between(later, earlier), 5)
        columns = {
            "likeness of texts": texts,
            "likeness of titles": np.round(self.titles.between(later, earlier), 5),
            "likeness, share of the best": np.round(texts / max(float(texts.max()), 1e-5), 5),
            "earlier title in the later text": np.round(self.coverage.of_titles(later, earlier), 5),
            "later title in the earlier text": np.round(self.coverage.of_own_title(later, earlier), 5),
            "log candidates": np.full(len(earlier), math.log(len(earlier))),
        }
        pairs = [self._pair(later, one, brought.get(one, []), mine) for one in earlier.tolist()]
        rows = np.array([row for _, row in pairs])
        for name, values in columns.items():
            rows[:, _AT[name]] = values
        for rank, value in (
            ("rank by likeness", "likeness of texts"),
            ("rank by kinship", "kinship"),
            ("rank by few before", "few before, summed"),
        ):
            rows[np.argsort(-rows[:, _AT[value]], kind="stable"), _AT[rank]] = np.arange(len(rows))
        first = _AT[_EVERY[0]]
        every = rows[:, first : first + len(_EVERY)]
        rows[:, first + len(_EVERY) :] = every * rows[:, [_AT["brought in"]]]
        return [
            ((later, one, vias), row)
            for one, (vias, _), row in zip(earlier.tolist(), pairs, rows.tolist(), strict=True)
        ]

    def _share_any(self, mine: dict[int, int], earlier: int) -> bool:
        return any(concept in mine for concept in self.sharing.edges(earlier))

    def _pair(
        self, later: int, earlier: int, brought: Sequence[Via], mine: dict[int, int]
    ) -> tuple[list[Via], list[float]]:
        """Return the concepts by which a claim is made, and the features but for those of all candidates."""
        theirs = self.sharing.edges(earlier)
        shared = self.sharing.shared(mine, theirs)
        of_vias = [0.0] * len(bringing.FEATURES)
        for via in brought:
            of_vias = list(map(max, of_vias, self.bringing.features(via)))
        row = [
            *of_vias,
            *[0.0] * len(_BROUGHT),
            *self.sharing.features(later, earlier, mine, theirs, shared),
            *[0.0] * len(_PAIR),
            *self._naming(later, earlier),
            *[0.0] * len(_EVERY),
        ]
        now, then = int(self.view.year[later]), int(self.view.year[earlier])
        dated = NO_YEAR not in (now, then)
        rarity = self.bringing.rarity
        known = {
            "brought in": float(bool(brought)),
            "rank in time": float(min((via.rank for via in brought), default=0)),
            "few before, summed": math.fsum(via.few_before for via in brought),
            "log concepts brought in": math.log(max(len(brought), 1)),
            "rarity, summed": math.fsum(float(rarity[via.concept]) for via in brought),
            "dated": float(dated),
            "years between": float(now - then) if dated else -1.0,
            "log reach": math.log(1 + int(self.reach[earlier])),
            "log concepts, later": math.log(1 + len(mine)),
            "log concepts, earlier": math.log(1 + len(theirs)),
            "share of papers before": self._share(now, "left"),
            "share of papers after": 1 - self._share(then, "right") if then != NO_YEAR else 0.0,
        }
        for name, value in known.items():
            row[_AT[name]] = value
        if brought:
            return sorted(brought, key=telling), row
        count = self.bringing.count
        return [
            Via(c, theirs[c], mine[c], SHARED, 0.0, int(count[c]), 0, by_kind=False) for c in shared[:_SHOWN]
        ], row

    def _share(self, year: int, side: str) -> float:
        """Return the share of dated papers before ``year``, or up to it."""
        if year == NO_YEAR or not len(self.years):
            return 0.0
        at = int(np.searchsorted(self.years, year, side="left" if side == "left" else "right"))
        return round(at / len(self.years), 5)

    def _naming(self, later: int, earlier: int) -> list[float]:
        one = self.namings.between(later, earlier)
        if one is None:
            return _NO_NAME
        return [
            *(float(one.given == given) for given in (TITLE, PROPOSED, BRACKETS)),
            float(one.spelling),
            float(one.words),
            float(min(one.length, 20)),
            math.log1p(one.before),
            math.log1p(one.same_year),
            math.log1p(one.users),
            float(one.rivals),
            float(one.givers),
            math.log1p(one.said.times),
            float(one.said.in_title),
            float(one.said.spelling),
            1 / (1 + one.known),
            float(one.own.in_title),
            math.log1p(one.own.times),
            one.weight,
        ]
