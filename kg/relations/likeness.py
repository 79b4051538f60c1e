"""How like two texts are: the cosine of their word vectors, rare words weighing more (tf-idf)."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.plurals import singular

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

    def between(self, one: int, others: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the cosine of text ``one`` with each of ``others``."""
        dense = np.zeros(self.words)
        mine = slice(int(self.first[one]), int(self.first[one + 1]))
        dense[self.word[mine]] = self.value[mine]
        at, owner = _spans(self.first, others)
        return _sums(owner, dense[self.word[at]] * self.value[at], len(others))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a title another paper's text says: words of titles, by title and by text."""

    title_first: NDArray[np.int64]
    title_word: NDArray[np.int32]
    text_first: NDArray[np.int64]
    text_word: NDArray[np.int32]
    weight: NDArray[np.float64]
    whole: NDArray[np.float64]

    @classmethod
    def of(cls, titles: Sequence[str], texts: Iterable[str]) -> Coverage:
        """Return it for ``titles`` and the ``texts`` of the same papers; rare words weigh more."""
        numbers: dict[str, int] = {}
        title_first, title_word = array("q", [0]), array("i")
        for title in titles:
            for word in sorted(_content(title)):
                title_word.append(numbers.setdefault(word, len(numbers)))
            title_first.append(len(title_word))
        text_first, text_word = array("q", [0]), array("i")
        for text in texts:
            text_word.extend(sorted(numbers[word] for word in _content(text) if word in numbers))
            text_first.append(len(text_word))
        starts, words = np.array(title_first, dtype=np.int64), np.array(title_word, dtype=np.int32)
        spoken = np.array(text_word, dtype=np.int32)
        texts_with = np.bincount(spoken, minlength=len(numbers))
        total = max(len(starts) - 1, 1)
        weight = np.where(texts_with > 1, np.log(total / np.maximum(texts_with, 1)), 0.0)
        owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        whole = _sums(owner, weight[words], len(starts) - 1)
        return cls(starts, words, np.array(text_first, dtype=np.int64), spoken, weight, whole)

    def of_titles(self, one: int, others: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the shares (0-1) of the titles of ``others`` that the text of ``one`` says."""
        said = np.zeros(len(self.weight))
        said[self.text_word[int(self.text_first[one]) : int(self.text_first[one + 1])]] = 1.0
        at, owner = _spans(self.title_first, others)
        words = self.title_word[at]
        found = _sums(owner, said[words] * self.weight[words], len(others))
        shares: NDArray[np.float64] = found / np.maximum(self.whole[others], 1e-6)
        return shares

    def of_own_title(self, one: int, others: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the shares (0-1) of the title of ``one`` that the texts of ``others`` say."""
        own = np.zeros(len(self.weight))
        words = self.title_word[int(self.title_first[one]) : int(self.title_first[one + 1])]
        own[words] = self.weight[words]
        at, owner = _spans(self.text_first, others)
        found = _sums(owner, own[self.text_word[at]], len(others))
        shares: NDArray[np.float64] = found / max(float(self.whole[one]), 1e-6)
        return shares


def _sums(owner: NDArray[np.int64], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the sum of the ``values`` of each of ``count`` owners, added in order."""
    return np.bincount(owner, weights=values, minlength=count).astype(np.float64)


def _content(text: str) -> set[str]:
    return {singular(word) for word in _WORD.findall(text.casefold())}


def _spans(first: NDArray[np.int64], which: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions of all entries of ``which``, one after the other, and whose each is."""
    lengths = first[which + 1] - first[which]
    owner = np.repeat(np.arange(len(which)), lengths)
    starts = np.cumsum(lengths) - lengths
    at: NDArray[np.int64] = np.arange(int(lengths.sum())) - np.repeat(starts - first[which], lengths)
    return at, owner
