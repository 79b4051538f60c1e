"""How often the annotated papers use a word, or a whole name, and as what.

Counts alone: what kind of thing a name was in how many papers, how often it stood there unmarked, and
where in a name a word tends to stand. ``kg.training.lexicon`` makes them from the papers that the
network is trained on; they are evidence beside the network's scores, never a rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.extraction.labels import ROLES, TYPES
from kg.extraction.wordpieces import word_bounds

#: What is counted of a word: how often it stands anywhere, in a name, as its first word, as its last,
#: right before a name, right after one.
WORD_COUNTS = ("anywhere", "inside", "first", "last", "before", "after")
#: What is counted of a name: each type, unmarked, inside a longer name; then, by concepts, each role.
NAME_COUNTS = (*TYPES, "unmarked", "inside", *ROLES)

FILE = "lexicon.json"
_NO_WORD = (0,) * len(WORD_COUNTS)
_NO_NAME = (0,) * len(NAME_COUNTS)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Counts by lower-case word, and by lower-case name with single spaces between its words."""

    words: Mapping[str, tuple[int, ...]]
    names: Mapping[str, tuple[int, ...]]

    @classmethod
    def load(cls, folder: Path | None = None) -> Lexicon:
        """Return the lexicon in ``folder``, else the shipped one; all who ask share it."""
        from kg.extraction.encoder import MODEL

        return _load((folder or MODEL) / FILE)

    @staticmethod
    def key(text: str) -> str:
        """Return what a name is looked up by."""
        return " ".join(text[start:end].lower() for start, end in word_bounds(text))

    def word(self, word: str) -> tuple[int, ...]:
        """Return the counts of a word as `WORD_COUNTS` lists them, zeros for an unknown one."""
        return self.words.get(word, _NO_WORD)

    def name(self, name: str) -> tuple[int, ...]:
        """Return the counts of a name as `NAME_COUNTS` lists them, zeros for an unknown one."""
        return self.names.get(name, _NO_NAME)


@cache
def _load(file: Path) -> Lexicon:
    data = json.loads(file.read_text("utf8"))
    # Trailing zeros are left out of the file.
    return Lexicon(
        {word: (*counts, *_NO_WORD[len(counts) :]) for word, counts in data["words"].items()},
        {name: (*counts, *_NO_NAME[len(counts) :]) for name, counts in data["names"].items()},
    )
