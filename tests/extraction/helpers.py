"""A small deterministic stand-in for the network's scores, for tests of what is around them.

It marks every word that starts with a capital as a concept, and every number as a value.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extraction.labels import CONCEPT_SLICE, ROLE_SLICE, TYPES, VALUE_SLICE, WIDTH
from kg.extraction.options import Options
from kg.extraction.spacy_pipeline import Reader, Tagger

ALL = Options(least_confidence=0.0)


class ScoresByCapitals:
    """Scores that only the words themselves decide."""

    fingerprint = "capitals"

    def scores(self, title_words: Sequence[str], abstract_words: Sequence[str]) -> NDArray[np.float32]:
        """Return scores as `kg.extraction.encoder.Encoder` does."""
        words = [*title_words, *abstract_words]
        scores = np.zeros((len(words), WIDTH), dtype=np.float32)
        for row, word in zip(scores, words, strict=True):
            number = zlib.crc32(word.casefold().encode("utf-8", "replace"))
            concept = 1 + 2 * (number % len(TYPES)) if word[0].isupper() else 0
            row[CONCEPT_SLICE.start + concept] = 4 + number % 3
            row[VALUE_SLICE.start + (1 if word[0].isdigit() else 0)] = 5
            row[ROLE_SLICE.start + number % 6] = 3
        return scores


def reader_by_capitals(options: Options = ALL) -> Reader:
    """Return the real pipeline over those scores."""
    reader = Reader(options)
    tagger = reader.nlp.get_pipe("kg_tagger")
    assert isinstance(tagger, Tagger)
    tagger.encoder = ScoresByCapitals()
    return reader
