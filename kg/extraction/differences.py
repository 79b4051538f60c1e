"""How often two names of one paper that differ by a word are one concept, by the word: counts alone.

That "deep" is left out says little of two names, that "adversarial" is says much. ``kg.training.pairs``
counts words by their stems in the names of the annotated papers that the network is trained on; the counts
are evidence for the judge of pairs (`kg.extraction.pairs`), never a rule.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

FILE = "differences.json"
#: What is counted: a word that one name has more than the other; one of a name where both have words of
#: their own; two words, each all that its name has of its own.
KINDS = ("more", "own", "swapped")
#: Of a word that was never seen, and how many pairs that opinion is worth.
_SHARE, _WORTH = 0.2, 4
#: The share where there is no word to ask for: above all others.
_NONE = 2.0

#: (how many pairs, how many of them one concept) by key
Counts = Mapping[str, Mapping[str, tuple[int, int]]]


class Differences:
    """Shares by kind and word."""

    def __init__(self, counts: Counts) -> None:
        self._shares = {
            kind: {
                key: (one + _SHARE * _WORTH) / (pairs + _WORTH) for key, (pairs, one) in counts[kind].items()
            }
            for kind in KINDS
        }

    @classmethod
    def load(cls, folder: Path | None = None) -> Differences:
        """Return what ``folder`` has, else the shipped one; all who ask share it."""
        from kg.extraction.encoder import MODEL

        return _load((folder or MODEL) / FILE)

    def shares(self, one: Iterable[str], other: Iterable[str]) -> list[float]:
        """Return five shares for the stems that only the one name has, and those that only the other has.

        The least of the words that the longer has more, and their product; the least and the greatest of the
        own words of both; that of the two swapped words. 2 where there is none.
        """
        found: dict[str, list[float]] = {"more": [], "own": [], "swapped": []}
        for kind, key in keys(one, other):
            found[kind].append(self._shares[kind].get(key, _SHARE))
        more, own, swapped = (found[kind] for kind in KINDS)
        return [
            *(min(more, default=_NONE), math.prod(more) if more else _NONE),
            *(min(own, default=_NONE), max(own, default=_NONE), *(swapped or [_NONE])),
        ]


def keys(one: Iterable[str], other: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and key of every count that two names with these own stems belong to."""
    first, second = sorted(one), sorted(other)
    kind = "own" if first and second else "more"
    yield from ((kind, word) for word in (*first, *second))
    if len(first) == len(second) == 1:
        yield "swapped", " ".join(sorted((*first, *second)))


@cache
def _load(file: Path) -> Differences:
    return Differences(json.loads(file.read_text("utf8")))
