"""What the text of a paper tells of each paper–concept edge, gathered for all papers at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.relations.view import PaperView, View
from kg.resolution.normal import key

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A title that begins with a name: "BERT: Pre-training of …", "mixup - beyond …".
_NAMED = re.compile(r"\s*(\S[^:]{0,60}?)\s*(?::|\s[-\N{EN DASH}\N{EM DASH}]+\s)")


@dataclass(frozen=True, slots=True)
class Marks:
    """Of each edge of a `View`: is it in the title, is it the name before the colon, how often named."""

    in_title: NDArray[np.bool_]
    named: NDArray[np.bool_]
    count: NDArray[np.int64]

    @classmethod
    def of(cls, view: View) -> Marks:
        """Return marks for the edges of ``view``, all unset; `add` sets those of a paper."""
        edges = len(view.paper)
        return cls(
            np.zeros(edges, dtype=np.bool_), np.zeros(edges, dtype=np.bool_), np.ones(edges, dtype=np.int64)
        )

    def add(self, paper: PaperView) -> None:
        """Set the marks of the edges of ``paper``."""
        name = title_name(paper.title)
        for one in paper.concepts:
            self.in_title[one.edge] = one.in_title
            self.count[one.edge] = one.count
            self.named[one.edge] = bool(name) and any(
                key(paper.title[place.start : place.end]) == name
                for place in one.places
                if place.field == "title"
            )


def title_name(title: str) -> str:
    """Return the normal form of what stands before the colon or dash of ``title``; empty where nothing is."""
    name = before_colon(title)
    return key(name) if name else ""


def before_colon(title: str) -> str:
    """Return what stands before the colon or dash of ``title``, as written; empty where nothing is."""
    match = _NAMED.match(title)
    return match[1] if match else ""
