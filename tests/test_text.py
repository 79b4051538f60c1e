"""Sentences of any text: they cover it, and long runs cost no more than short ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.text import sentences

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
