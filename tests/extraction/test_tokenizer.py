"""The tokenizer: nothing is lost, and every word bound is a token bound."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.tokenizer import WordTokenizer
from kg.extraction.wordpieces import word_bounds

TOKENIZER = WordTokenizer(spacy.blank("en").vocab)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXTS)
def test_the_tokens_are_the_text(text: str) -> None:
    assert TOKENIZER(text).text == text


@given(TEXTS)
def test_every_word_is_a_token(text: str) -> None:
    doc = TOKENIZER(text)
    bounds = word_bounds(text)
    assert [(t.idx, t.idx + len(t)) for t in doc if not t.text.isspace()] == bounds
    for (start, _), (_, end) in zip(bounds, bounds[2:], strict=False):
        span = doc.char_span(start, end)
        assert span is not None
        assert span.text == text[start:end]


@pytest.mark.parametrize("white", [" ", "  ", "\n", " \n ", "\t", "\u00a0", "\u2003 "])
def test_white_space_stays_as_it_is(white: str) -> None:
    text = f"{white}one{white}two{white}"
    assert TOKENIZER(text).text == text


def test_it_is_saved_and_loaded_with_a_pipeline_without_a_state() -> None:
    assert TOKENIZER.from_bytes(TOKENIZER.to_bytes()) is TOKENIZER
