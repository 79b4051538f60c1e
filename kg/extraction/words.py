"""The words of a paper, and the way from them to code points and back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.model import Field


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a paper, title first; ``bounds`` in code points of title or abstract, end exclusive."""

    title: str
    abstract: str
    title_bounds: Sequence[tuple[int, int]]
    abstract_bounds: Sequence[tuple[int, int]]

    @property
    def texts(self) -> list[str]:
        """The words as they are written."""
        return [self.title[s:e] for s, e in self.title_bounds] + [
            self.abstract[s:e] for s, e in self.abstract_bounds
        ]

    def place(self, start: int, end: int) -> tuple[Field, int, int]:
        """Return field and code points of the words ``start`` to ``end`` (exclusive) of one text."""
        n_title = len(self.title_bounds)
        if start < n_title:
            return "title", self.title_bounds[start][0], self.title_bounds[end - 1][1]
        first, last = self.abstract_bounds[start - n_title], self.abstract_bounds[end - 1 - n_title]
        return "abstract", first[0], last[1]

    def span(self, field: Field, start: int, end: int) -> tuple[int, int]:
        """Return the first word of some code points, and the one after the last."""
        bounds = self.title_bounds if field == "title" else self.abstract_bounds
        before = 0 if field == "title" else len(self.title_bounds)

        def words_before(at: int) -> int:
            return before + bisect_left(bounds, at, key=itemgetter(0))

        return words_before(start), words_before(end)

    def glued(self) -> NDArray[np.bool_]:
        """Say of each word whether no space parts it from the one before; the first of a text is not."""
        found = [False] * (len(self.title_bounds) + len(self.abstract_bounds))
        at = 0
        for bounds in (self.title_bounds, self.abstract_bounds):
            end = -1
            for start, stop in bounds:
                found[at] = start == end
                end = stop
                at += 1
        return np.array(found, dtype=bool)
