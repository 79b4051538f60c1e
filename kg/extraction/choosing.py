"""The best choice of stretches that do not overlap.

Weighted interval scheduling by dynamic programming over the words (J. Kleinberg and É. Tardos,
"Algorithm design", 2005, section 6.1): a stretch is worth what its probability exceeds the least by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence


def choose(start: Sequence[int], end: Sequence[int], probability: Sequence[float], least: float) -> list[int]:
    """Return the rows to take, left to right: together worth most, and none overlaps another.

    Words count from 0, ``end`` is exclusive. Of equal choices the one with earlier rows is taken.
    """
    ending: dict[int, list[int]] = defaultdict(list)
    for row, worth in enumerate(probability):
        if worth > least:
            ending[end[row]].append(row)
    n_words = max(ending, default=0)
    best, taken = [0.0] * (n_words + 1), [-1] * (n_words + 1)
    for word in range(1, n_words + 1):
        best[word] = best[word - 1]
        for row in ending.get(word, ()):
            worth = best[start[row]] + probability[row] - least
            if worth > best[word]:
                best[word], taken[word] = worth, row
    chosen = []
    word = n_words
    while word > 0:
        row = taken[word]
        if row < 0:
            word -= 1
        else:
            chosen.append(row)
            word = start[row]
    return chosen[::-1]
