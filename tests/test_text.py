"""Text of any kind: sentences cover it, folding settles it, and long runs cost no more than short ones."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kg.text import fold, normalize, sentences, unaccented

PIECES = st.sampled_from(
    [".", "!", "?", '"', ")", "}", "$", " ", "We", "A", "a", "al", "3", "\n", "\u00a0", "é"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_sentences_cover_every_visible_character_in_order(text: str) -> None:
    found = sentences(text)
    assert [i for start, end in found for i in range(start, end) if not text[i].isspace()] == [
        i for i, character in enumerate(text) if not character.isspace()
    ]
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in found)


def test_a_long_run_of_marks_is_read_once() -> None:
    """Tried anew from each mark of the run, this would take hours."""
    for text in ("." * 300_000, "a " + "?!" * 150_000 + "x", "." + ")" * 300_000):
        assert sentences(text) == [(0, len(text))]


@given(st.text(max_size=60))
def test_folding_goes_by_the_normal_form_and_settles(text: str) -> None:
    assert normalize("NFKD", text) == unicodedata.normalize("NFKD", text)
    assert not any(map(unicodedata.combining, unaccented(text)))
    assert fold(fold(text)) == fold(text) == fold(unicodedata.normalize("NFC", text))


def test_endless_accents_are_read_once() -> None:
    """Sorted as the standard has it, these would take an hour."""
    text = "Attention" + "\u0301" * 1_000_000 + "\u0323" * 1_000_000 + " networks"
    assert fold(text) == "attention networks"
    assert len(normalize("NFC", text)) < 60
