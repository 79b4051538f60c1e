"""Implied citations: a paper uses, or compares with, what an earlier paper brought in.

A candidate is a paper, an earlier one, and at least one concept that the earlier one brought in
(`kg.relations.introductions`) and the later one speaks of. How likely it is that the later one cites the
earlier one is learned from reference lists (`kg.relations.fitting`). Where years are unknown, or equal,
only a proposal tells which came first.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kg.model import ROLES
from kg.relations.boosting import Forest
from kg.relations.introductions import EARLY, EARLY_IN_TITLE, PROPOSED, Introductions, introductions
from kg.relations.likeness import Likeness
from kg.relations.marks import Marks
from kg.relations.subclasses import Subclass
from kg.relations.view import NO_YEAR, View, authors, texts
from kg.resolution.normal import is_short, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = 4
#: Rows that are scored at a time.
_BLOCK = 8192
#: Larger shares of all texts than this have a word that says nothing of a text, or of a title.
_COMMON_WORD, _COMMON_TITLE_WORD = 0.2, 0.1

_USER_ROLES = ("PROPOSES", "USES", "COMPARES", "ADDRESSES", "REPORTS", "MENTIONS")
#: Largest over what the earlier paper brought in, unless said otherwise.
FEATURES: tuple[str, ...] = (
    "named",  # the earlier title bears its name
    "named, log papers",
    "proposed",
    "proposed, confidence",
    "proposed, share of proposals",
    "proposed, in title",
    "proposed, proper name",
    "proposed, rarity",
    "proposed, log papers",
    "early",
    "early, in title",
    "early, rarity",
    "title",
    "proper name",
    "words of the name",
    "share of later papers",
    "in the later title",
    "in both titles",
    *(f"later {role}" for role in _USER_ROLES),
    "log mentions, later",
    "log mentions, earlier",
    "METHOD",
    "DATASET",
    "TASK",
    "METRIC",
    "confidence, later",
    "confidence, earlier",
    "few before",
    "few before, proposed",
    "few before, in title",
    "few before, in both titles",
    "first of all",
    "by a kind",  # the later paper speaks of a kind of it: ResNet-50 of ResNet
    "itself",
    "rank in time",  # smallest
    "few before, summed",
    "log concepts brought in",
    "rarity, summed",
    "kinship",  # Adamic-Adar over all shared concepts
    "log shared concepts",
    "dated",
    "years between",
    "shared author",
    "log reach",
    "log concepts, later",
    "log concepts, earlier",
    "likeness of texts",
    "likeness of titles",
    "rank by likeness",  # among the later paper's candidates
    "rank by kinship",
    "rank by few before",
    "log candidates",
)
_AT = {name: n for n, name in enumerate(FEATURES)}


class _Via(NamedTuple):
    """A concept that the earlier paper brought in: both edges, how, and how many came before."""

    concept: int
    earlier: int
    later: int
    kind: int
    share_later: float
    before: int
    rank: int
    by_kind: bool


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


def load() -> tuple[Forest, float]:
    """Return the shipped forest, and the confidence below which nothing is claimed."""
    data = json.loads(resources.files("kg.relations").joinpath("builds_on.json").read_text("utf-8"))
    return Forest.from_json(data["forest"]), float(data["least"])


def builds_on(known: Known, forest: Forest, least: float) -> Iterator[BuildsOn]:
    """Yield, for each later paper in turn, what it builds on, where the confidence is at least ``least``.

    Of two papers that seem to build on each other, only the surer way is told.
    """
    found: dict[tuple[int, int], BuildsOn] = {}
    for claims, table in candidates(known):
        sure = np.round(forest.probability(table), DIGITS)
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


Claim = tuple[int, int, list[_Via]]


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
    marks: Marks
    brought: Introductions
    count: NDArray[np.int64]
    rarity: NDArray[np.float64]
    proper: NDArray[np.bool_]
    name_words: NDArray[np.int64]
    authors: list[frozenset[int]]
    reach: NDArray[np.int64]
    texts: Likeness
    titles: Likeness
    years: list[NDArray[np.int64]]
    wider: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, known: Known) -> _Finder:
        view, marks = known.view, known.marks
        count = view.count()
        brought = introductions(view, marks)
        names = view.concept_names
        reach = np.zeros(len(view.paper_ids), dtype=np.int64)
        brought_by = view.paper[brought.edge]
        np.add.at(reach, brought_by, count[view.concept[brought.edge]] - 1)
        years = [
            np.sort(view.year[papers][view.year[papers] != NO_YEAR])
            if brought.first[concept] < brought.first[concept + 1]
            else np.empty(0, dtype=np.int64)
            for concept in range(len(names))
            for papers in (view.papers_of(concept),)
        ]
        return cls(
            view=view,
            marks=marks,
            brought=brought,
            count=count,
            rarity=np.where(count > 1, 1 / np.log(np.maximum(count, 2) + 0.5), 0.0),
            proper=np.array([_is_proper(name) for name in names], dtype=np.bool_),
            name_words=np.array([len(words(name)) for name in names], dtype=np.int64),
            authors=authors(view),
            reach=reach,
            texts=Likeness.of(texts(view), most=_COMMON_WORD),
            titles=Likeness.of(view.titles, most=_COMMON_TITLE_WORD),
            years=years,
            wider=_wider(view, known.kinds),
        )

    def of_paper(self, later: int) -> list[tuple[Claim, list[float]]]:
        """Return the candidates of one later paper, by earlier paper."""
        found = self._vias(later)
        if not found:
            return []
        earlier = np.array(sorted(found), dtype=np.int64)
        texts = self.texts.between(later, earlier)
        titles = self.titles.between(later, earlier)
        mine = set(self._concepts(later))
        rows = []
        for one, text, title in zip(earlier.tolist(), texts, titles, strict=True):
            row = self._row(later, one, found[one], mine)
            row[_AT["likeness of texts"]] = round(text, 5)
            row[_AT["likeness of titles"]] = round(title, 5)
            row[_AT["log candidates"]] = math.log(len(found))
            rows.append(row)
        for rank, value in (
            ("rank by likeness", "likeness of texts"),
            ("rank by kinship", "kinship"),
            ("rank by few before", "few before, summed"),
        ):
            for place, at in enumerate(sorted(range(len(rows)), key=lambda n: (-rows[n][_AT[value]], n))):
                rows[at][_AT[rank]] = place
        return [
            ((later, one, sorted(found[one], key=_telling)), row)
            for one, row in zip(earlier.tolist(), rows, strict=True)
        ]

    def _vias(self, later: int) -> dict[int, list[_Via]]:
        view, brought = self.view, self.brought
        year = int(view.year[later])
        found: dict[int, list[_Via]] = {}
        for edge in range(int(view.first[later]), int(view.first[later + 1])):
            own = int(view.concept[edge])
            for concept in (own, *self.wider.get(own, ())):
                if concept == own and view.role[edge] == ROLES.index("PROPOSES"):
                    continue
                for at in range(int(brought.first[concept]), int(brought.first[concept + 1])):
                    theirs, kind = int(brought.edge[at]), int(brought.kind[at])
                    earlier = int(view.paper[theirs])
                    if earlier != later and self._came_before(earlier, year, kind):
                        via = self._via(concept, theirs, edge, kind, int(view.year[earlier]), year)
                        found.setdefault(earlier, []).append(via)
        return found

    def _came_before(self, earlier: int, year: int, kind: int) -> bool:
        """Tell whether the paper came first: by its year, or else by what it proposes."""
        then = int(self.view.year[earlier])
        if NO_YEAR in (year, then) or then == year:
            return kind == PROPOSED
        return then < year

    def _via(self, concept: int, theirs: int, mine: int, kind: int, then: int, year: int) -> _Via:
        years = self.years[concept]
        rank = int(np.searchsorted(years, then)) if then != NO_YEAR else 0
        share = (len(years) - rank) / len(years) if then != NO_YEAR and len(years) else 0.5
        before = int(np.searchsorted(years, year)) if year != NO_YEAR else int(self.count[concept]) - 1
        by_kind = int(self.view.concept[mine]) != concept
        return _Via(concept, theirs, mine, kind, share, before, rank, by_kind)

    def _row(self, later: int, earlier: int, vias: Sequence[_Via], mine: set[int]) -> list[float]:
        view = self.view
        row = [0.0] * len(FEATURES)
        row[_AT["rank in time"]] = float(min(via.rank for via in vias))
        for via in vias:
            for at, value in enumerate(self._of_via(via)):
                row[at] = max(row[at], value)
        row[_AT["few before, summed"]] = math.fsum(1 / math.log(via.before + 1.5) for via in vias)
        row[_AT["log concepts brought in"]] = math.log(len(vias))
        row[_AT["rarity, summed"]] = math.fsum(self.rarity[via.concept] for via in vias)
        theirs = self._concepts(earlier)
        shared = [concept for concept in theirs if concept in mine]
        row[_AT["kinship"]] = round(math.fsum(self.rarity[concept] for concept in shared), 5)
        row[_AT["log shared concepts"]] = math.log(max(len(shared), 1))
        now, then = int(view.year[later]), int(view.year[earlier])
        dated = NO_YEAR not in (now, then)
        row[_AT["dated"]] = float(dated)
        row[_AT["years between"]] = float(now - then) if dated else -1.0
        row[_AT["shared author"]] = float(not self.authors[later].isdisjoint(self.authors[earlier]))
        row[_AT["log reach"]] = math.log(1 + int(self.reach[earlier]))
        row[_AT["log concepts, later"]] = math.log(1 + len(mine))
        row[_AT["log concepts, earlier"]] = math.log(1 + len(theirs))
        return row

    def _of_via(self, via: _Via) -> list[float]:
        """Return the features of one concept brought in, in the order of `FEATURES`."""
        view, marks = self.view, self.marks
        concept, theirs, mine = via.concept, via.earlier, via.later
        named = float(marks.named[theirs])
        proposed = float(view.role[theirs] == ROLES.index("PROPOSES"))
        early, titled = float(via.kind == EARLY), float(marks.in_title[theirs])
        log_papers = math.log(int(self.count[concept]))
        rarity, proper = float(self.rarity[concept]), float(self.proper[concept])
        few = 1 / math.log(via.before + 1.5)
        in_later_title = float(marks.in_title[mine])
        role = ROLES[int(view.role[mine])]
        type_ = view.types[concept]
        sure_mine, sure_theirs = float(view.confidence[mine]), float(view.confidence[theirs])
        return [
            named,
            named * log_papers,
            proposed,
            proposed * sure_mine * sure_theirs,
            proposed / max(int(self.brought.proposals[concept]), 1),
            proposed * titled,
            proposed * proper,
            proposed * rarity,
            proposed * log_papers,
            early,
            early * titled,
            float(via.kind != PROPOSED) * rarity,
            float(via.kind == EARLY_IN_TITLE or titled > 0),
            proper,
            float(min(int(self.name_words[concept]), 5)),
            via.share_later,
            in_later_title,
            in_later_title * titled,
            *(float(role == one) for one in _USER_ROLES),
            math.log(int(marks.count[mine])),
            math.log(int(marks.count[theirs])),
            *(float(type_ == one) for one in ("METHOD", "DATASET", "TASK", "METRIC")),
            sure_mine,
            sure_theirs,
            few,
            few * float(via.kind == PROPOSED),
            few * titled,
            few * titled * in_later_title,
            float(via.rank == 0),
            float(via.by_kind),
            float(not via.by_kind),
        ]

    def _concepts(self, paper: int) -> list[int]:
        view = self.view
        own: list[int] = view.concept[int(view.first[paper]) : int(view.first[paper + 1])].tolist()
        return own


def _wider(view: View, kinds: Sequence[Subclass]) -> dict[int, list[int]]:
    """Return, by concept, what it is a kind of, as far as that is something with a proper name."""
    found: dict[int, list[int]] = {}
    for one in kinds:
        if _is_proper(view.concept_names[one.broader]):
            found.setdefault(one.narrower, []).append(one.broader)
    return found


def _telling(via: _Via) -> tuple[bool, int, int, int, int]:
    """Sort key: what tells most of a citation comes first."""
    return (via.by_kind, via.kind, via.before, via.concept, via.later)


def _is_proper(name: str) -> bool:
    """Tell whether ``name`` looks like one that somebody gave: short, with capitals inside or digits."""
    capital_inside = any(a.islower() and b.isupper() for a, b in pairwise(name))
    one_word = " " not in name and name[:1].isupper()
    return is_short(name) or capital_inside or one_word or any(map(str.isdigit, name))
