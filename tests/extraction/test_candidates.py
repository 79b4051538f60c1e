"""What may be a mention, against a plain count over all stretches; and the table of features."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extraction.abbreviations import Definition, definitions
from kg.extraction.candidates import FEATURES, LONGEST, candidates, features, tag_probabilities
from kg.extraction.judges import MENTIONS, ROLES, Judge
from kg.extraction.labels import ALLOWED_ROLES, TYPES, WIDTH
from kg.extraction.lexicon import NAME_COUNTS, WORD_COUNTS, Lexicon
from kg.extraction.mentions import candidate_table, chosen_places
from kg.extraction.roles import ANSWERS, role_of
from kg.extraction.wordpieces import word_bounds
from kg.extraction.words import Words
from kg.model import Field

TEXTS = st.lists(
    st.sampled_from(["Foo", "(", ")", "FB", "Foo Bar", "bar", "3.5%", "-", "😀", "x.Y", "(FB)", "the"]),
    max_size=14,
).map(" ".join)


@cache
def shipped_lexicon() -> Lexicon:
    return Lexicon.load()


@cache
def shipped_judge() -> Judge:
    return Judge.load(MENTIONS)


def words_of(title: str, abstract: str) -> Words:
    return Words(title, abstract, word_bounds(title), word_bounds(abstract))


def scores_of(n_words: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n_words, WIDTH), scale=3).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(n_words=st.integers(0, 16), n_title=st.integers(0, 16), seed=st.integers(0, 2**32 - 1))
def test_every_likely_stretch_is_a_candidate_once(n_words: int, n_title: int, seed: int) -> None:
    n_title = min(n_title, n_words)
    tags = tag_probabilities(scores_of(n_words, seed))
    found = candidates(tags, n_title)
    expected = {}
    for low, high in ((0, n_title), (n_title, n_words)):
        for start in range(low, high):
            for end in range(start + 1, min(start + LONGEST, high) + 1):
                for kind in range(len(TYPES)):
                    inner = tags[start + 1 : end, 2 + 2 * kind]
                    after = tags[end, 2 + 2 * kind] if end < high else 0.0
                    raw = tags[start, 1 + 2 * kind] * inner.prod() * (1 - after)
                    if raw > 0.0101 and tags[start, 1::2].sum() >= 0.03:
                        expected[start, end, kind] = raw
    rows = list(zip(found.start.tolist(), found.end.tolist(), found.type.tolist(), strict=True))
    assert rows == sorted(set(rows))
    assert expected.keys() <= set(rows)
    for row, raw in zip(rows, found.raw.tolist(), strict=True):
        assert raw > 0.01
        assert abs(raw - expected.get(row, raw)) < 1e-6


@settings(max_examples=60, deadline=None)
@given(title=TEXTS, abstract=TEXTS, seed=st.integers(0, 2**32 - 1))
def test_features_are_finite_and_mentions_lie_apart_in_their_text(
    title: str, abstract: str, seed: int
) -> None:
    words = words_of(title, abstract)
    scores = scores_of(len(words.texts), seed)
    defined: dict[Field, list[Definition]] = {"title": definitions(title), "abstract": definitions(abstract)}
    found, table = candidate_table(words, scores, defined, shipped_lexicon())
    assert table.shape == (len(found), len(FEATURES))
    assert np.isfinite(table).all()
    probability = shipped_judge().yes(table)
    assert ((probability >= 0) & (probability <= 1)).all()
    end = {"title": 0, "abstract": 0}
    for place in chosen_places(words, found, probability):
        text = title if place.field == "title" else abstract
        assert end[place.field] <= place.start < place.end <= len(text)
        assert any(map(str.isalnum, text[place.start : place.end]))
        end[place.field] = place.end


@settings(max_examples=40, deadline=None)
@given(n_words=st.integers(1, 30), n_title=st.integers(0, 30), seed=st.integers(0, 2**32 - 1))
def test_rivals_are_the_candidates_that_overlap(n_words: int, n_title: int, seed: int) -> None:
    words = words_of("a " * min(n_title, n_words), "b " * (n_words - min(n_title, n_words)))
    scores = scores_of(n_words, seed)
    tags = tag_probabilities(scores)
    found = candidates(tags, len(words.title_bounds))
    table = features(words, scores, tags, found, [], Lexicon({}, {}))
    for row in range(len(found)):
        rivals = [
            found.raw[other]
            for other in range(len(found))
            if other != row and found.start[other] < found.end[row] and found.end[other] > found.start[row]
        ]
        assert table[row, FEATURES.index("best rival")] == pytest.approx(max(rivals, default=0.0), rel=1e-5)
        assert table[row, FEATURES.index("rivals")] == pytest.approx(sum(rivals), rel=1e-5, abs=1e-7)


@given(st.lists(st.floats(0, 1), min_size=len(ANSWERS), max_size=len(ANSWERS)), st.sampled_from(TYPES))
def test_a_role_is_one_that_the_type_can_play(shares: list[float], type_: str) -> None:
    role, probability = role_of(np.array(shares), type_)  # type: ignore[arg-type]  # one of the literals
    assert role in ALLOWED_ROLES[type_]
    assert probability == max(shares[ANSWERS.index(r)] for r in ALLOWED_ROLES[type_])


def test_the_shipped_lexicon_counts_words_and_names() -> None:
    lexicon = shipped_lexicon()
    counts = dict(zip(NAME_COUNTS, lexicon.name(lexicon.key("ImageNet")), strict=True))
    assert counts["DATASET"] > counts["METHOD"]
    word = dict(zip(WORD_COUNTS, lexicon.word("of"), strict=True))
    assert word["anywhere"] > word["inside"] > word["last"]
    assert not any(lexicon.name("no such name at all"))


def test_a_judge_of_nothing_answers_nothing() -> None:
    judge = Judge.load(ROLES)
    assert judge.shares(np.zeros((0, 9), dtype=np.float32)).shape == (0, len(ANSWERS))
