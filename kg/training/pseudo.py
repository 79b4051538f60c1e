"""What the reader makes of papers that nobody annotated, as something to train the next network on.

Self-training: the judges see more than the network (counts of the annotated papers, definitions,
rivals), and what they know goes into the network with their answers on new texts. The answers are kept
as probabilities, as in knowledge distillation (G. Hinton, O. Vinyals and J. Dean, "Distilling the
knowledge in a neural network", 2015), so that what they are unsure of is not taught as certain.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction.encoder import Encoder
from kg.extraction.joining import PairJudge
from kg.extraction.judges import MENTIONS, Judge
from kg.extraction.judges import ROLES as JUDGE_OF_ROLES
from kg.extraction.labels import CONCEPT_TAGS, ROLES, VALUE_SLICE
from kg.extraction.lexicon import Lexicon
from kg.extraction.probabilities import softmax
from kg.extraction.wordpieces import WordPieces
from kg.training.examples import Example, json_lines, windowed
from kg.training.reading import Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.extraction.candidates import Candidates

#: A concept that is less likely one than this teaches no role.
_LEAST_CONCEPT = 0.5


class Teacher:
    """The reader of a model folder (None: the shipped one), asked for probabilities."""

    def __init__(self, model: Path | None) -> None:
        self._encoder = Encoder.load(model)
        self._lexicon = Lexicon.load(model)
        self._pairs = PairJudge.load(model)
        self._mentions, self._roles = Judge.load(MENTIONS, model), Judge.load(JUDGE_OF_ROLES, model)

    def examples(self, document: dict[str, Any], pieces: WordPieces) -> Iterator[Example]:
        """Yield one example a window of a paper, with what the reader makes of it."""
        reading = Reading.of(document, self._encoder, self._lexicon)
        words, spelt, n_title = reading.words, reading.words.texts, len(reading.words.title_bounds)
        if not spelt:
            return
        likely = self._mentions.yes(reading.table)
        groups = reading.groups(likely, self._pairs)
        shares = self._roles.shares(reading.role_table(groups, self._lexicon))
        concepts = [
            (
                (row[: len(ROLES)] / row[: len(ROLES)].sum()).astype(np.float32),
                [word for p in group.places for word in range(*words.span(p.field, p.start, p.end))],
            )
            for group, row in zip(groups, shares, strict=True)
            if row[: len(ROLES)].sum() >= _LEAST_CONCEPT
        ]
        yield from windowed(
            document["id"],
            pieces.windows(spelt[:n_title], spelt[n_title:]),
            _tags(len(spelt), reading.found, likely),
            softmax(reading.scores[:, VALUE_SLICE]).astype(np.float32),
            concepts,
        )


def _tags(n_words: int, found: Candidates, likely: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the probability of each tag at each word: of all candidates that would put it there."""
    tags = np.zeros((n_words, len(CONCEPT_TAGS)))
    rows = zip(found.start.tolist(), found.end.tolist(), found.type.tolist(), likely.tolist(), strict=True)
    for start, end, kind, probability in rows:
        tags[start, 1 + 2 * kind] += probability
        tags[start + 1 : end, 2 + 2 * kind] += probability
    # The judge takes each candidate by itself, so that rivals may add up to more than one.
    tags /= np.maximum(tags.sum(axis=1, keepdims=True), 1.0)
    tags[:, 0] = 1.0 - tags.sum(axis=1)
    return tags.astype(np.float32)


def sample(files: list[Path], papers: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield as many papers with an abstract of each file, drawn at random and in the file's order."""
    for file in files:
        documents = [d for d in json_lines(file) if d["abstract"]]
        drawn = random.Random(seed).sample(range(len(documents)), min(papers, len(documents)))
        yield from (documents[i] for i in sorted(drawn))
