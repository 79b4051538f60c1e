"""The mentions of a paper: candidates, judged each by itself, and the best choice of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.extraction.candidates import Candidates, candidates, features, tag_probabilities
from kg.extraction.choosing import choose
from kg.extraction.labels import TYPES
from kg.extraction.merging import Place
from kg.model import FIELDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kg.extraction.abbreviations import Definition
    from kg.extraction.lexicon import Lexicon
    from kg.extraction.words import Words
    from kg.model import ConceptType, Field

#: A stretch that is less likely a mention than this is none. Chosen on the fold that training leaves out.
LEAST = 0.25


def candidate_table(
    words: Words,
    scores: NDArray[Any],
    definitions: Mapping[Field, Sequence[Definition]],
    lexicon: Lexicon,
) -> tuple[Candidates, NDArray[np.float32]]:
    """Return what may be a mention, and a row of `kg.extraction.candidates.FEATURES` for each.

    ``scores`` has shape (words, `kg.extraction.labels.WIDTH`).
    """
    tags = tag_probabilities(scores)
    found = candidates(tags, len(words.title_bounds))
    return found, features(words, scores, tags, found, _in_words(words, definitions), lexicon)


def chosen_places(words: Words, found: Candidates, probability: NDArray[np.float64]) -> list[Place]:
    """Return the mentions in text order, by the ``probability`` of each candidate; none overlap."""
    start, end = found.start.tolist(), found.end.tolist()
    places = []
    for row in choose(start, end, probability.tolist(), LEAST):
        field, first, last = words.place(start[row], end[row])
        text = words.title if field == "title" else words.abstract
        if any(map(str.isalnum, text[first:last])):  # marks alone name nothing, whatever the scores say
            type_: ConceptType = TYPES[found.type[row]]  # type: ignore[assignment]  # the same four literals
            places.append(Place(field, first, last, type_, float(probability[row])))
    return places


def _in_words(
    words: Words, definitions: Mapping[Field, Sequence[Definition]]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return short and long forms as first word and the one after the last."""
    return [
        (words.span(field, d.short_start, d.short_end), words.span(field, d.long_start, d.long_end))
        for field in FIELDS
        for d in definitions.get(field, ())
    ]
