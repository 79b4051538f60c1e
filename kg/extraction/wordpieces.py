"""From the words of a paper to the windows that the encoder reads.

A *word* is a maximal run of word characters, or one other visible character. The bounds of the
reference annotation always fall between two such words, so nothing that an annotator could mark
is out of the reader's reach, glued LaTeX included.

A paper is one window, ``[CLS] title [SEP] abstract [SEP]``, where it fits into the encoder's 512
positions. A longer one becomes several windows that overlap, each with the title before it where
the title is short; every word takes its scores from the window in which it lies farthest from an
edge, so no text is cut off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WORD = re.compile(r"\w+|[^\w\s]")

#: Ways of writing a word that a lower-casing vocabulary forgets and names depend on.
SHAPES = ("special", "lower", "Capital", "UPPER", "camelCase", "digits", "mixed3", "mark")

MAX_POSITIONS = 512
OVERLAP = 128
#: A longer title is treated as running text: it does not fit before every window.
MAX_TITLE_PREFIX = 128
#: Of a longer run without a break (underscores, Chinese) only so much is read, so that it fits a window.
_MAX_PIECES = MAX_POSITIONS - 3 - MAX_TITLE_PREFIX
#: How many words are remembered with their pieces, and how long they may be, in characters.
_REMEMBERED, _LONGEST = 1 << 14, 40


def word_bounds(text: str) -> list[tuple[int, int]]:
    """Return start and end (code points, end exclusive) of every word of ``text``."""
    return [match.span() for match in WORD.finditer(text)]


@lru_cache(maxsize=1 << 14)
def shape(word: str) -> int:
    """Return the index in `SHAPES` that describes how ``word`` is written."""
    if not (word[0].isalnum() or word[0] == "_"):
        return 7
    if word.isdigit():
        return 5
    if any(c.isdigit() for c in word):
        return 6
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    if word[0].isupper() and word[1:].islower():
        return 2
    return 4 if any(c.isupper() for c in word) else 1


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the encoder.

    ``pieces``, ``shapes`` and ``segments`` have one entry a position. ``words`` names, for the
    position that stands for a word, that word's index in the paper (title words first), else -1.
    """

    pieces: list[int]
    shapes: list[int]
    segments: list[int]
    words: list[int]


class WordPieces:
    """Splits words into the vocabulary of a WordPiece ``tokenizer.json``."""

    def __init__(self, tokenizer_json: str) -> None:
        self._json = tokenizer_json
        self._cls, self._sep = (self._id(name) for name in ("[CLS]", "[SEP]"))

    def _id(self, name: str) -> int:
        vocabulary: dict[str, int] = self._vocabulary
        return vocabulary[name]

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        vocabulary: dict[str, int] = json.loads(self._json)["model"]["vocab"]
        return vocabulary

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self._json)
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def windows(self, title: Sequence[str], abstract: Sequence[str]) -> Iterator[Window]:
        """Yield the windows over the words of one paper, first to last."""
        words = [*title, *abstract]
        if not words:
            return
        known, split = self._known, self._split
        units = [
            (i, *(known(word) if len(word) <= _LONGEST else split(word)), int(i >= len(title)))
            for i, word in enumerate(words)
        ]
        yield from self._cut(units, len(title))

    @cached_property
    def _known(self) -> Callable[[str], tuple[list[int], int]]:
        """`_split`, asked once for a word that comes again and again."""
        return lru_cache(maxsize=_REMEMBERED)(self._split)

    def _split(self, word: str) -> tuple[list[int], int]:
        """Return the pieces of ``word``, which its neighbours have no part in, and its shape."""
        split = self._tokenizer.encode([word], is_pretokenized=True, add_special_tokens=False)
        # A word of control characters may vanish in the tokenizer's clean-up: it keeps its place.
        return split.ids[:_MAX_PIECES] or [self._id("[UNK]")], shape(word)

    def _cut(self, units: list[tuple[int, list[int], int, int]], n_title: int) -> Iterator[Window]:
        size = [len(unit[1]) for unit in units]
        room = MAX_POSITIONS - 3
        if sum(size) <= room:
            yield self._window(units)
            return
        prefix = units[:n_title] if sum(size[:n_title]) <= MAX_TITLE_PREFIX else []
        room -= sum(size[: len(prefix)])
        start = len(prefix)
        while True:
            end, used = start, 0
            while end < len(units) and used + size[end] <= room:
                used += size[end]
                end += 1
            yield self._window([*prefix, *units[start:end]])
            if end == len(units):
                return
            back, kept = end, 0
            while back - 1 > start and kept + size[back - 1] <= OVERLAP:
                back -= 1
                kept += size[back]
            start = back

    def _window(self, units: list[tuple[int, list[int], int, int]]) -> Window:
        window = Window([self._cls], [0], [0], [-1])
        segment = 0
        for word, pieces, how, seg in units:
            if seg != segment:
                self._close(window, 0)
                segment = seg
            window.pieces.extend(pieces)
            window.shapes.extend([how] * len(pieces))
            window.segments.extend([seg] * len(pieces))
            window.words.extend([word] + [-1] * (len(pieces) - 1))
        self._close(window, segment)
        return window

    def _close(self, window: Window, segment: int) -> None:
        window.pieces.append(self._sep)
        window.shapes.append(0)
        window.segments.append(segment)
        window.words.append(-1)
