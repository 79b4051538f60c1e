"""Where a paper says what a relation claims: the mention, and the sentence around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.model import FIELDS, Field, Mention, Paper
from kg.text import sentences


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a paper, and its quote: the sentences that hold it.

    Offsets are code points in the stored field, end exclusive; ``quote_start <= start < end <=
    quote_end`` and ``paper.text(field)[quote_start:quote_end] == quote``.
    """

    field: Field
    start: int
    end: int
    quote: str
    quote_start: int
    quote_end: int


class Quotes:
    """Finds the quotes of one paper; its sentences are cut once."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._sentences: dict[Field, list[tuple[int, int]]] = {}

    def holds(self, field: Field, start: int, end: int, text: str) -> bool:
        """Tell whether the paper's ``field`` reads ``text``, something visible, from ``start`` to ``end``."""
        if field not in FIELDS or start < 0 or end - start != len(text) or not text.strip():
            return False
        return self._paper.text(field)[start:end] == text

    def evidence(self, field: Field, start: int, end: int) -> Evidence:
        """Return the evidence for a place that lies within the field."""
        text = self._paper.text(field)
        if field not in self._sentences:
            self._sentences[field] = sentences(text)
        touched = [(s, e) for s, e in self._sentences[field] if s < end and start < e]
        quote_start = min((s for s, _ in touched), default=start)
        quote_end = max((e for _, e in touched), default=end)
        # A place may begin or end with white space, which belongs to no sentence.
        quote_start, quote_end = min(quote_start, start), max(quote_end, end)
        return Evidence(field, start, end, text[quote_start:quote_end], quote_start, quote_end)


def best_mention(mentions: Iterable[Mention]) -> Mention:
    """Return the mention to show: the surest, then in the title, then leftmost; ValueError of none."""
    return min(mentions, key=lambda m: (-rounded(m.confidence), FIELDS.index(m.field), m.start, m.end))


def rounded(confidence: float) -> float:
    """Return a confidence as it is stored: four digits, so that the last bits of a sum do not show."""
    return round(confidence, 4) + 0.0  # -0.0 becomes 0.0
