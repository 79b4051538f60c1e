"""Cosines of texts, against vectors written out in full."""

from __future__ import annotations

import math
import re
from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.relations.likeness import Coverage, Likeness

WORDS = st.lists(st.sampled_from(["zorb", "Quox", "über", "fold", "net", "a", "x1"]), max_size=8).map(
    " ".join
)


def cosine(texts: list[str], one: int, other: int, most: float) -> float:
    counts = [Counter(re.findall(r"[^\W_]{2,}", text.casefold())) for text in texts]
    having = Counter(word for count in counts for word in count)

    def vector(count: Counter[str]) -> dict[str, float]:
        useful = {w: n for w, n in count.items() if 1 < having[w] <= most * len(texts)}
        return {
            w: (1 + math.log(n)) * (math.log((1 + len(texts)) / (1 + having[w])) + 1)
            for w, n in useful.items()
        }

    a, b = vector(counts[one]), vector(counts[other])
    length = math.sqrt(sum(v * v for v in a.values())) * math.sqrt(sum(v * v for v in b.values()))
    return sum(value * b.get(word, 0.0) for word, value in a.items()) / length if length else 0.0


@settings(deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=8), st.sampled_from([0.5, 1.0]))
def test_cosines_are_right(texts: list[str], most: float) -> None:
    found = Likeness.of(texts, most=most)
    everyone = np.arange(len(texts))
    for one in range(len(texts)):
        expected = [cosine(texts, one, other, most) for other in everyone.tolist()]
        assert found.between(one, everyone) == pytest.approx(expected, abs=1e-5)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=8), st.randoms())
def test_the_order_of_texts_does_not_show(texts: list[str], random: Random) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)
    there = Likeness.of([texts[n] for n in order], most=1.0)
    here = Likeness.of(texts, most=1.0)
    for one in range(len(texts)):
        assert there.between(one, np.arange(len(texts))) == pytest.approx(
            here.between(order[one], np.array(order)), abs=1e-6
        )


def test_no_texts_and_no_words() -> None:
    assert len(Likeness.of([], most=1.0).word) == 0
    assert Likeness.of(["", "! ?"], most=1.0).between(0, np.array([1])) == [0.0]


def test_how_much_of_a_title_a_text_says() -> None:
    titles = ["Zorb folds", "Zorb nets", ""]
    texts = ["zorb folds and stones", "nets of zorb with folds", "nothing but stones"]
    found = Coverage.of(titles, texts)
    # Of words in two of three texts each weighs the same; "nets" is in one text only, and weighs nothing.
    assert found.of_titles(1, np.array([0, 1, 2])) == pytest.approx([1.0, 1.0, 0.0])
    assert found.of_titles(2, np.array([0, 1])) == pytest.approx([0.0, 0.0])
    assert found.of_own_title(0, np.array([0, 1, 2])) == pytest.approx([1.0, 1.0, 0.0])
    assert found.of_own_title(2, np.array([0, 1])) == pytest.approx([0.0, 0.0])


@settings(deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=6))
def test_shares_of_titles_are_shares_and_the_own_text_says_all(titles: list[str]) -> None:
    found = Coverage.of(titles, [f"{title} Zorb" for title in titles])
    everyone = np.arange(len(titles))
    for one in range(len(titles)):
        shares = found.of_titles(one, everyone)
        assert np.all((shares >= 0) & (shares <= 1 + 1e-9))
        assert shares == pytest.approx(
            [found.of_own_title(other, np.array([one]))[0] for other in everyone.tolist()]
        )
