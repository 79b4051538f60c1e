"""Where a paper's texts name its concepts, so that they can be marked.

Relations tell their best mention by offsets and the others by their wording; here each place of each
wording is found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.model import FIELDS, Field


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """``text[start:end]`` of ``field`` (0 title, 1 abstract) names the concept of relation ``edge``.

    Offsets are code points, end exclusive. ``edge`` counts the relations in the order given.
    """

    field: int
    start: int
    end: int
    edge: int


def marks(texts: Mapping[Field, str], relations: Iterable[Mapping[str, Any]]) -> tuple[Mark, ...]:
    """Return the marks of a paper's ``texts`` (by field) for its paper–concept ``relations``, in order.

    Marks do not overlap: the best mention of a relation comes first, then the longest wording wins.
    """
    rows = list(relations)
    free = {field: [True] * len(texts[field]) for field in FIELDS}
    found: list[Mark] = []

    def claim(field: Field, start: int, end: int, edge: int) -> None:
        if 0 <= start < end <= len(texts[field]) and all(free[field][start:end]):
            free[field][start:end] = [False] * (end - start)
            found.append(Mark(FIELDS.index(field), start, end, edge))

    for edge, row in sorted(enumerate(rows), key=lambda pair: (pair[1]["start"] - pair[1]["end"], pair[0])):
        claim(row["field"], row["start"], row["end"], edge)
    wordings = {(surface, edge) for edge, row in enumerate(rows) for surface in row["surfaces"] if surface}
    for surface, edge in sorted(wordings, key=lambda pair: (-len(pair[0]), pair)):
        for field in FIELDS:
            for start in _places(texts[field], surface):
                claim(field, start, start + len(surface), edge)
    return tuple(sorted(found))


def _places(text: str, surface: str) -> Iterable[int]:
    """Yield where ``surface`` stands in ``text`` as words of its own."""
    start = text.find(surface)
    while start >= 0:
        end = start + len(surface)
        if not (_joined(text, start) or _joined(text, end)):
            yield start
        start = text.find(surface, start + 1)


def _joined(text: str, place: int) -> bool:
    """Tell whether the characters before and at ``place`` belong to one word."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


class Utf16:
    """Turns offsets in code points into offsets in UTF-16 units, by which a browser counts."""

    def __init__(self, text: str) -> None:
        self._wide = [] if text.isascii() else [n for n, c in enumerate(text) if ord(c) > 0xFFFF]

    def __call__(self, offset: int) -> int:
        """Return ``offset`` in UTF-16 units."""
        if not self._wide:
            return offset
        from bisect import bisect_left

        return offset + bisect_left(self._wide, offset)
