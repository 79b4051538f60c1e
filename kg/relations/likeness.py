"""How like two texts are: the cosine of their word vectors, rare words weighing more (tf-idf)."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Unit vectors of texts, sparse: those of text ``i`` are ``first[i]`` to ``first[i + 1]``."""

    first: NDArray[np.int64]
    word: NDArray[np.int32]
    value: NDArray[np.float32]
    words: int

    @classmethod
    def of(cls, texts: Iterable[str], *, most: float) -> Likeness:
        """Return the vectors of ``texts``; words in one text only, or in a larger share than ``most``, go.

        The order of the texts decides nothing but their positions.
        """
        numbers: dict[str, int] = {}
        first, word, count = array("q", [0]), array("i"), array("i")
        for text in texts:
            told = Counter(_WORD.findall(text.casefold()))
            for name, times in sorted(told.items()):
                word.append(numbers.setdefault(name, len(numbers)))
                count.append(times)
            first.append(len(word))
        starts = np.array(first, dtype=np.int64)
        which = np.array(word, dtype=np.int32)
        value = 1 + np.log(np.array(count, dtype=np.float32)) if len(count) else np.empty(0, dtype=np.float32)
        texts_with = np.bincount(which, minlength=len(numbers))
        total = len(starts) - 1
        useful = (texts_with > 1) & (texts_with <= most * total)
        rarity = np.log((1 + total) / (1 + texts_with)) + 1
        value = value * np.where(useful, rarity, 0.0).astype(np.float32)[which]
        owner = np.repeat(np.arange(total), np.diff(starts))
        length = np.sqrt(np.bincount(owner, weights=value.astype(np.float64) ** 2, minlength=total))
        value = value / np.maximum(length, 1e-12)[owner].astype(np.float32)
        return cls(starts, which, value.astype(np.float32), len(numbers))

    def between(self, one: int, others: NDArray[np.int64]) -> list[float]:
        """Return the cosine of text ``one`` with each of ``others``."""
        mine = slice(int(self.first[one]), int(self.first[one + 1]))
        dense = dict(zip(self.word[mine].tolist(), self.value[mine].tolist(), strict=True))
        found = []
        for other in others.tolist():
            theirs = slice(int(self.first[other]), int(self.first[other + 1]))
            products = (
                dense[word] * value
                for word, value in zip(self.word[theirs].tolist(), self.value[theirs].tolist(), strict=True)
                if word in dense
            )
            found.append(math.fsum(products))
        return found
