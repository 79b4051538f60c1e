"""Where a text has given strings."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.occurrences import places, whole_words

TEXTS = st.text(alphabet="ab _-(é٣", max_size=40)
STRINGS = st.text(alphabet="ab _-(é٣", min_size=1, max_size=4)


@given(TEXTS, STRINGS)
def test_whole_words_are_those_of_a_regular_expression(text: str, string: str) -> None:
    expected = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(string)}(?!\w)", text)]
    assert list(whole_words(text, string)) == expected


@given(TEXTS, st.lists(STRINGS, max_size=6))
def test_places_hold_their_strings_in_order_and_do_not_overlap(text: str, strings: list[str]) -> None:
    found = places(text, strings)
    assert all(text[start:end] == string for start, end, string in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    assert found == places(text, reversed(strings))


def test_the_longest_string_has_the_place() -> None:
    text = "multimodal contrastive learning and contrastive learning"
    found = places(text, ["contrastive learning", "multimodal contrastive learning"])
    assert [string for *_, string in found] == ["multimodal contrastive learning", "contrastive learning"]


def test_taken_places_stay_free_and_nothing_is_nowhere() -> None:
    assert places("GNN and GNN", ["GNN"], [(0, 3)]) == [(8, 11, "GNN")]
    assert list(whole_words("any text", "")) == []
