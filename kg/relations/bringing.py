"""One concept that an earlier paper brought in and a later one speaks of, and what it tells of a citation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kg.model import ROLES
from kg.relations.introductions import EARLY, EARLY_IN_TITLE, PROPOSED, Introductions, introductions
from kg.relations.marks import Marks
from kg.relations.subclasses import Subclass
from kg.relations.view import NO_YEAR, View
from kg.resolution.normal import is_short, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

_USER_ROLES = ("PROPOSES", "USES", "COMPARES", "ADDRESSES", "REPORTS", "MENTIONS")
#: Of a pair of papers each is the largest over what the earlier one brought in; 0 where that is nothing.
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
)


class Via(NamedTuple):
    """A concept by which a claim is made: both edges, how it was brought in, and how many came before.

    ``kind`` is `SHARED` where the earlier paper only speaks of it too.
    """

    concept: int
    earlier: int
    later: int
    kind: int
    share_later: float
    before: int
    rank: int
    by_kind: bool

    @property
    def few_before(self) -> float:
        """How few papers spoke of it before: more than 2 for none, falling with their logarithm."""
        return 1 / math.log(self.before + 1.5)


#: Both papers speak of it; neither brought it in.
SHARED = 3


@dataclass(frozen=True, slots=True)
class Bringing:
    """Who brought in which concept, and what is known of concepts before any pair is looked at."""

    view: View
    marks: Marks
    brought: Introductions
    count: NDArray[np.int64]
    rarity: NDArray[np.float64]
    _proper: NDArray[np.bool_]
    _name_words: NDArray[np.int64]
    _years: list[NDArray[np.int64]]
    _wider: dict[int, list[int]]

    @classmethod
    def of(cls, view: View, marks: Marks, kinds: Sequence[Subclass]) -> Bringing:
        """Return it for a view, its marks, and what is a kind of what."""
        count = view.count()
        brought = introductions(view, marks)
        names = view.concept_names
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
            rarity=view.rarity(),
            _proper=np.array([_is_proper(name) for name in names], dtype=np.bool_),
            _name_words=np.array([len(words(name)) for name in names], dtype=np.int64),
            _years=years,
            _wider=_wider(view, kinds),
        )

    def reach(self) -> NDArray[np.int64]:
        """Return, by paper, how often others speak of what it brought in."""
        found = np.zeros(len(self.view.paper_ids), dtype=np.int64)
        brought_by = self.view.paper[self.brought.edge]
        np.add.at(found, brought_by, self.count[self.view.concept[self.brought.edge]] - 1)
        return found

    def vias(self, later: int) -> dict[int, list[Via]]:
        """Return, by earlier paper, what ``later`` speaks of that it brought in."""
        view, brought = self.view, self.brought
        year = int(view.year[later])
        found: dict[int, list[Via]] = {}
        for edge in range(int(view.first[later]), int(view.first[later + 1])):
            own = int(view.concept[edge])
            for concept in (own, *self._wider.get(own, ())):
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

    def _via(self, concept: int, theirs: int, mine: int, kind: int, then: int, year: int) -> Via:
        years = self._years[concept]
        rank = int(np.searchsorted(years, then)) if then != NO_YEAR else 0
        share = (len(years) - rank) / len(years) if then != NO_YEAR and len(years) else 0.5
        before = int(np.searchsorted(years, year)) if year != NO_YEAR else int(self.count[concept]) - 1
        by_kind = int(self.view.concept[mine]) != concept
        return Via(concept, theirs, mine, kind, share, before, rank, by_kind)

    def features(self, via: Via) -> list[float]:
        """Return the `FEATURES` of one concept brought in."""
        view, marks = self.view, self.marks
        concept, theirs, mine = via.concept, via.earlier, via.later
        named = float(marks.named[theirs])
        proposed = float(view.role[theirs] == ROLES.index("PROPOSES"))
        early, titled = float(via.kind == EARLY), float(marks.in_title[theirs])
        log_papers = math.log(int(self.count[concept]))
        rarity, proper = float(self.rarity[concept]), float(self._proper[concept])
        few = via.few_before
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
            float(min(int(self._name_words[concept]), 5)),
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


def telling(via: Via) -> tuple[bool, int, int, int, int]:
    """Sort key: what tells most of a citation comes first."""
    return (via.by_kind, via.kind, via.before, via.concept, via.later)


def _wider(view: View, kinds: Sequence[Subclass]) -> dict[int, list[int]]:
    """Return, by concept, what it is a kind of, as far as that is something with a proper name."""
    found: dict[int, list[int]] = {}
    for one in kinds:
        if _is_proper(view.concept_names[one.broader]):
            found.setdefault(one.narrower, []).append(one.broader)
    return found


def _is_proper(name: str) -> bool:
    """Tell whether ``name`` looks like one that somebody gave: short, with capitals inside or digits."""
    capital_inside = any(a.islower() and b.isupper() for a, b in pairwise(name))
    one_word = " " not in name and name[:1].isupper()
    return is_short(name) or capital_inside or one_word or any(map(str.isdigit, name))
