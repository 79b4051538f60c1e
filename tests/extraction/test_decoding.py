from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extraction.decoding import value_spans
from kg.extraction.labels import VALUE_SLICE, VALUE_TAGS, WIDTH
from kg.extraction.probabilities import log_softmax


def scores_of(rows: np.ndarray) -> np.ndarray:
    scores = np.zeros((len(rows), WIDTH), dtype=np.float32)
    scores[:, VALUE_SLICE] = rows
    return scores


def legal(path: tuple[int, ...], n_title: int) -> bool:
    previous = 0
    for i, tag in enumerate(path):
        if i == n_title:
            previous = 0
        inner = tag and tag % 2 == 0
        if inner and previous not in (tag, tag - 1):
            return False
        previous = tag
    return True


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_the_decoded_path_is_the_best_legal_one(n_words: int, n_title: int, seed: int) -> None:
    n_title = min(n_title, n_words)
    rows = np.random.default_rng(seed).normal(size=(n_words, len(VALUE_TAGS)), scale=2)
    logs = log_softmax(rows)
    best = max(
        (p for p in product(range(len(VALUE_TAGS)), repeat=n_words) if legal(p, n_title)),
        key=lambda p: sum(logs[i, t] for i, t in enumerate(p)),
    )
    expected = []
    for i, tag in enumerate(best):
        if tag % 2:
            expected.append([i, i + 1, VALUE_TAGS[tag][2:]])
        elif tag:
            expected[-1][1] = i + 1
    found = [[s.start, s.end, s.kind] for s in value_spans(scores_of(rows), n_title)]
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 2**32 - 1))
def test_spans_are_ordered_apart_and_within_one_field(n_words: int, n_title: int, seed: int) -> None:
    n_title = min(n_title, n_words)
    scores = np.random.default_rng(seed).normal(size=(n_words, WIDTH), scale=3).astype(np.float32)
    spans = value_spans(scores, n_title)
    assert all(0.0 <= s.confidence <= 1.0 and s.start < s.end for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(s.end <= n_title or s.start >= n_title for s in spans)


def test_confidence_is_the_probability_of_the_tags() -> None:
    rows = np.full((2, len(VALUE_TAGS)), -20.0)
    rows[0, VALUE_TAGS.index("B-absolute")] = 0.1
    rows[0, 0] = 0.0
    rows[1, 0] = 0.0
    (span,) = value_spans(scores_of(rows), 0)
    assert (span.start, span.end, span.kind) == (0, 1, "absolute")
    assert abs(span.confidence - 1 / (1 + np.exp(-0.1))) < 1e-6
