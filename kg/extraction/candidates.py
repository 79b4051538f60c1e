"""Stretches of words that may be a concept's mention, and what speaks for and against each.

The network judges words one by one; whether a stretch is a mention, with just these bounds and this
type, shows in more than the product of its words' scores: in its rivals, in the words at its edges, in
the brackets it cuts, in how the other places with the same words are judged, in what the annotated
papers made of the same words. `features` puts all of that into a table for `kg.extraction.judges`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction.labels import CONCEPT_SLICE, ROLE_SLICE, ROLES, TYPES
from kg.extraction.probabilities import softmax
from kg.extraction.wordpieces import shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.extraction.lexicon import Lexicon
    from kg.extraction.words import Words

#: In words. A mention that is longer is out of reach; of the annotated ones one in a thousand is.
LONGEST = 10
#: A stretch begins where any type does with at least this probability, and is one of a type with that.
_LEAST_BEGIN, _LEAST = 0.03, 0.01


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows in order of ``start``, ``end`` and ``type``: words ``start`` to ``end`` (exclusive) as a type.

    ``type`` is an index into `kg.extraction.labels.TYPES`; ``raw`` the product of the words' scores.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    type: NDArray[np.int64]
    raw: NDArray[np.float64]
    least: NDArray[np.float64]  # of the words after the first, the least probability to be inside
    mean: NDArray[np.float64]  # and the mean logarithm of that

    def __len__(self) -> int:
        return len(self.start)


def tag_probabilities(scores: NDArray[Any]) -> NDArray[np.float64]:
    """Return the probabilities of the concept tags. *Shape:* (words, WIDTH) to (words, tags)."""
    return softmax(scores[:, CONCEPT_SLICE])


def candidates(tags: NDArray[np.float64], n_title: int) -> Candidates:
    """Return the stretches that may be mentions; none crosses from title to abstract.

    ``tags`` are `tag_probabilities`.
    """
    begin, inside = tags[:, 1::2], tags[:, 2::2]
    n_words = len(tags)
    log_inside = np.log(inside + 1e-9)
    # What stands after the last word of a text cannot go on with the mention.
    goes_on = np.vstack([inside, np.zeros((1, inside.shape[1]))])
    goes_on[n_title] = 0.0
    start = np.flatnonzero(begin.sum(axis=1) >= _LEAST_BEGIN)
    limit = np.where(start < n_title, n_title, n_words)
    log = np.log(begin[start] + 1e-9)
    least, total = np.ones_like(log), np.zeros_like(log)
    found: list[tuple[NDArray[Any], ...]] = []
    for length in range(1, LONGEST + 1):
        if length > 1:
            alive = (start + length <= limit) & (log.max(axis=1) >= np.log(_LEAST))
            start, limit, log, least, total = (x[alive] for x in (start, limit, log, least, total))
            last = start + length - 1
            log = log + log_inside[last]
            total = total + log_inside[last]
            least = np.minimum(least, inside[last])
        end = start + length
        raw = np.exp(log) * (1 - goes_on[end])
        row, kind = np.nonzero(raw > _LEAST)
        mean = total[row, kind] / max(length - 1, 1)
        found.append((start[row], end[row], kind, raw[row, kind], least[row, kind], mean))
    columns = [np.concatenate(column) for column in zip(*found, strict=True)]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    return Candidates(*(column[order] for column in columns))


FEATURES = (
    *("raw", "log raw", "begin", "begin any", "inside any", "outside"),
    *("least inside", "least inside any", "mean log inside"),
    *("goes on", "goes on any", "next begins", "last outside", "most outside"),
    *("previous in", "previous inside", "next in"),
    *("best rival", "rivals", "best other type", "best other bounds", "other bounds"),
    *("words", "type", "in title"),
    *("first in names", "last in names", "first word in names", "last word in names"),
    *("first word", "last word", "before names", "after names", "next in names", "previous in names"),
    *("name as type", "name as other", "name unmarked", "name inside", "name type rate", "name rate"),
    *("same best", "same count", "same sum", "same other best"),
    *("glued left", "glued right", "brackets", "first shape", "last shape", "next shape"),
    *("short form", "long form", "long form end", "cuts definition"),
    *(f"role {role}" for role in ROLES),
)


def features(
    words: Words,
    scores: NDArray[Any],
    tags: NDArray[np.float64],
    found: Candidates,
    defined: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    lexicon: Lexicon,
) -> NDArray[np.float32]:
    """Return a row of `FEATURES` for each candidate.

    ``defined`` holds the first word and the one after the last of each short and its long form.
    """
    if not len(found):
        return np.zeros((0, len(FEATURES)), dtype=np.float32)
    texts = words.texts
    lower = [text.lower() for text in texts]
    n_title, n_words = len(words.title_bounds), len(texts)
    first, end, kind = found.start, found.end, found.type
    last = end - 1
    # A row of zeros stands for what is before the first word and after the last one of a text.
    padded = np.vstack([tags, np.zeros((1, tags.shape[1]))])
    after = np.where((end == n_title) | (end == n_words), n_words, end)
    before = np.where((first == 0) | (first == n_title), n_words, first - 1)
    begin, inside, outside = padded[:, 1::2], padded[:, 2::2], padded[:, 0]
    any_begin, any_inside = begin.sum(axis=1), inside.sum(axis=1)
    taken = np.append(1 - outside[:-1], 0.0)
    rate = _word_rates(lower, lexicon)
    shapes = np.array([*(shape(text) for text in texts), -1])
    glued = np.append(words.glued(), False)
    depth = np.cumsum([0, *((text == "(") - (text == ")") for text in texts)])
    keys = [" ".join(lower[s:e]) for s, e in zip(first.tolist(), end.tolist(), strict=True)]
    least_any, most_outside, role = _over_stretches(found, any_inside, outside, scores)
    columns = (
        *(
            found.raw,
            np.log(found.raw),
            begin[first, kind],
            any_begin[first],
            any_inside[first],
            outside[first],
        ),
        *(found.least, least_any, found.mean),
        *(inside[after, kind], any_inside[after], any_begin[after], outside[last], most_outside),
        *(taken[before], any_inside[before], taken[after]),
        *_rivals(found),
        *(end - first, kind, first < n_title),
        *(rate[first, 0], rate[last, 1], rate[first, 2], rate[last, 2], rate[first, 3], rate[last, 3]),
        *(rate[before, 4], rate[after, 5], rate[after, 2], rate[before, 2]),
        *_name_counts(keys, kind, lexicon),
        *_same_words(keys, found),
        *(glued[first], glued[after] & (after < n_words), depth[end] - depth[first]),
        *(shapes[first], shapes[last], shapes[after]),
        *_defined(found, defined),
        *role.T,
    )
    table = np.empty((len(found), len(FEATURES)), dtype=np.float32)
    for i, column in enumerate(columns):
        table[:, i] = column
    return table


def _word_rates(lower: Sequence[str], lexicon: Lexicon) -> NDArray[np.float64]:
    """Return, for each word and then for none: three log rates, how common, and two more log rates."""
    counts = np.array([*(lexicon.word(word) for word in lower), lexicon.word("")], dtype=np.float64)
    anywhere, inside, first, last, before, after = counts.T
    free = anywhere - inside

    def log_rate(part: Any, whole: Any) -> Any:
        return np.log((part + 0.5) / (whole + 1))

    table: NDArray[np.float64] = np.stack(
        [
            log_rate(first, inside),
            log_rate(last, inside),
            log_rate(inside, anywhere),
            np.log1p(anywhere),
            log_rate(before, free),
            log_rate(after, free),
        ],
        axis=1,
    )
    return table


def _over_stretches(
    found: Candidates, any_inside: NDArray[np.float64], outside: NDArray[np.float64], scores: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return least probability inside, most outside, and mean role probabilities of each stretch."""
    n_words = len(outside) - 1
    span = found.start[:, None] + np.arange(LONGEST)
    beyond = span >= found.end[:, None]
    span = np.minimum(span, n_words)
    ins = np.where(beyond, 1.0, any_inside[span])
    ins[:, 0] = 1.0
    out = np.where(beyond, 0.0, outside[span])
    sums = np.vstack([np.zeros((1, len(ROLES))), np.cumsum(softmax(scores[:, ROLE_SLICE]), axis=0)])
    role = (sums[found.end] - sums[found.start]) / (found.end - found.start)[:, None]
    return ins.min(axis=1), out.max(axis=1), role


def _rivals(found: Candidates) -> tuple[NDArray[np.float64], ...]:
    """Return what the overlapping candidates have: best, sum, best by type, best and sum by bounds."""
    n = len(found)
    rival, rivals, other_type, other_bounds, sum_bounds = np.zeros((5, n))
    # In order of start, what overlaps a row follows it at once: so pairs by distance, never all pairs.
    for apart in range(1, n):
        overlap = np.flatnonzero(found.start[apart:] < found.end[:-apart])
        if not len(overlap):
            break
        one, other = overlap, overlap + apart
        same = (found.start[one] == found.start[other]) & (found.end[one] == found.end[other])
        for mine, theirs in ((one, other), (other, one)):
            raw = found.raw[theirs]
            rival[mine] = np.maximum(rival[mine], raw)
            rivals[mine] += raw
            other_type[mine] = np.maximum(other_type[mine], raw * same)
            other_bounds[mine] = np.maximum(other_bounds[mine], raw * ~same)
            sum_bounds[mine] += raw * ~same
    return rival, rivals, other_type, other_bounds, sum_bounds


def _name_counts(keys: Sequence[str], kind: NDArray[np.int64], lexicon: Lexicon) -> NDArray[np.float64]:
    counts = np.array([lexicon.name(key) for key in keys], dtype=np.float64).reshape(len(keys), -1)
    types = counts[:, : len(TYPES)]
    whole = types.sum(axis=1)
    this = types[np.arange(len(keys)), kind]
    unmarked, inside = counts[:, len(TYPES)], counts[:, len(TYPES) + 1]
    return np.stack(
        [
            *(this, whole - this, unmarked, inside),
            np.log((this + 0.5) / (whole + 1)),
            np.log((whole + 0.5) / (whole + unmarked + 1)),
        ]
    )


def _same_words(keys: Sequence[str], found: Candidates) -> NDArray[np.float64]:
    """Return of the other places with the same words: best, number and sum of the type, best other."""
    start, kind, raw = found.start.tolist(), found.type.tolist(), found.raw.tolist()
    rows: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        rows[key].append(row)
    table = np.zeros((4, len(keys)))
    for alike in rows.values():
        if len(alike) == 1:
            continue
        of_type: list[list[int]] = [[] for _ in TYPES]
        for row in sorted(alike, key=lambda row: -raw[row]):
            of_type[kind[row]].append(row)
        sums = [sum(raw[row] for row in one) for one in of_type]
        # The best at another place is among the best two: no two of one type begin at one word.
        best = [one[:2] for one in of_type]
        for row in alike:
            mine: list[float] = []
            others: list[float] = []
            for type_, two in enumerate(best):
                kept = [raw[other] for other in two if start[other] != start[row]]
                (mine if type_ == kind[row] else others).extend(kept)
            table[:, row] = (
                max(mine, default=0.0),
                len(of_type[kind[row]]) - 1,
                sums[kind[row]] - raw[row],
                max(others, default=0.0),
            )
    return table


def _defined(
    found: Candidates, defined: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> NDArray[np.float64]:
    """Say whether a stretch is a short form, a long one, ends as one, or has only a part of one."""
    table = np.zeros((4, len(found)))
    first, end = found.start, found.end
    for short, long in defined:
        table[0] += (first == short[0]) & (end == short[1])
        table[1] += (first == long[0]) & (end == long[1])
        table[2] += (first != long[0]) & (end == long[1])
        table[3] += (first < long[1]) & (end > long[0]) & (end != long[1])
    return table
