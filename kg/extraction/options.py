"""What a pipeline may be told; every option is part of its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How marked places become concepts.

    ``one_type``: a name has one type in a paper, the one with the larger sum of confidences.
    ``everywhere``: a concept is mentioned wherever the paper has one of its surfaces as whole words,
    the longest surface at each place; one that only stands inside longer surfaces is none.
    ``least_confidence``: concepts whose edge is less likely right than this are left out, and counted.
    """

    one_type: bool = True
    everywhere: bool = True
    least_confidence: float = 0.35
