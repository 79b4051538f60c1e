"""A paper as the network reads it, before anything is judged: what judges are fitted on and asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.extraction import Options
from kg.extraction.abbreviations import Definition, definitions
from kg.extraction.decoding import value_spans
from kg.extraction.joining import join
from kg.extraction.mentions import candidate_table, chosen_places
from kg.extraction.merging import Group, merge
from kg.extraction.roles import role_table
from kg.extraction.wordpieces import word_bounds
from kg.extraction.words import Words
from kg.model import FIELDS, Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kg.extraction.candidates import Candidates
    from kg.extraction.encoder import Encoder
    from kg.extraction.joining import PairJudge
    from kg.extraction.lexicon import Lexicon


@dataclass(frozen=True)
class Reading:
    """The words of a paper with their scores, and the candidates with a row of features each."""

    words: Words
    scores: NDArray[np.float32]
    defined: dict[Field, list[Definition]]
    n_values: int
    found: Candidates
    table: NDArray[np.float32]

    @classmethod
    def of(cls, document: dict[str, Any], encoder: Encoder, lexicon: Lexicon) -> Reading:
        """Return what the network makes of a paper, which has a ``title`` and an ``abstract``."""
        title, abstract = document["title"], document["abstract"]
        words = Words(title, abstract, word_bounds(title), word_bounds(abstract))
        n_title = len(words.title_bounds)
        scores = encoder.scores(words.texts[:n_title], words.texts[n_title:])
        defined: dict[Field, list[Definition]] = {field: definitions(document[field]) for field in FIELDS}
        found, table = candidate_table(words, scores, defined, lexicon)
        return cls(words, scores, defined, len(value_spans(scores, n_title)), found, table)

    def groups(self, probability: NDArray[np.float64], judge: PairJudge) -> list[Group]:
        """Return the concepts, by the ``probability`` of each candidate; ``judge`` is that of pairs."""
        texts: dict[Field, str] = {"title": self.words.title, "abstract": self.words.abstract}
        marked = chosen_places(self.words, self.found, probability)
        return join(texts, merge(texts, marked, self.defined, Options()), judge)

    def role_table(self, groups: Sequence[Group], lexicon: Lexicon) -> NDArray[np.float32]:
        """Return a row of `kg.extraction.roles.FEATURES` for each concept."""
        concepts = [(group.type, group.places) for group in groups]
        return role_table(self.words, self.scores, concepts, self.defined, self.n_values, lexicon)
