"""From the scores of words to the spans of stated values.

Scores are read as independent tag probabilities a word; the best legal tag sequence is found with
Viterbi's algorithm (an ``I`` may only follow ``B`` or ``I`` of its own kind, within one field).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction.labels import VALUE_SLICE, VALUE_TAGS
from kg.extraction.probabilities import log_softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Span:
    """Words ``start`` to ``end`` (exclusive) of a paper, of one ``kind``.

    ``confidence`` is the probability, by the scores, that exactly these words carry exactly this
    kind; it is not calibrated yet.
    """

    start: int
    end: int
    kind: str
    confidence: float


def value_spans(scores: NDArray[Any], n_title: int) -> list[Span]:
    """Return the stated values, left to right; their kind is ``absolute`` or ``improvement``.

    ``scores`` has shape (words, `kg.extraction.labels.WIDTH`); none crosses from title to abstract.
    """
    scores = scores[:, VALUE_SLICE]
    logs: NDArray[np.float64] | None = None
    spans: list[Span] = []
    for start, end in ((0, n_title), (n_title, len(scores))):
        # Where no word is likelier than not to belong to a value, the best path has none: most texts.
        if scores[start:end].argmax(axis=1).any():
            logs = log_softmax(scores) if logs is None else logs
            spans.extend(_read(_viterbi(logs[start:end]), logs, start, end))
    return spans


def _viterbi(scores: NDArray[np.float64]) -> list[int]:
    n_tags = len(VALUE_TAGS)
    # Tag 2k+1 is B of kind k and 2k+2 its I: an I can only come from one of those two.
    best = scores[0].copy()
    best[2::2] = -np.inf
    back = np.zeros((len(scores), n_tags), dtype=np.int64)
    inner = np.arange(2, n_tags, 2)
    for i in range(1, len(scores)):
        top = int(best.argmax())
        step = np.full(n_tags, best[top])
        source = np.full(n_tags, top)
        stays = best[inner] > best[inner - 1]
        source[inner] = np.where(stays, inner, inner - 1)
        step[inner] = best[source[inner]]
        best = step + scores[i]
        back[i] = source
    path = [int(best.argmax())]
    for i in range(len(scores) - 1, 0, -1):
        path.append(int(back[i, path[-1]]))
    return path[::-1]


def _read(path: list[int], raw: NDArray[np.float64], start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    i = 0
    while i < len(path):
        if path[i] % 2 == 0:  # O; an I never stands alone on a legal path
            i += 1
            continue
        begin, opening = i, path[i]
        i += 1
        while i < len(path) and path[i] == opening + 1:
            i += 1
        log = sum(raw[start + j, path[j]] for j in range(begin, i))
        if start + i < end:  # the span must also end where it ends
            log += np.log1p(-min(np.exp(raw[start + i, opening + 1]), 1 - 1e-9))
        spans.append(Span(start + begin, start + i, VALUE_TAGS[opening][2:], float(np.exp(log))))
    return spans
