"""The label sets that the shipped model was trained with, and the order of its outputs."""

from __future__ import annotations

TYPES = ("METHOD", "DATASET", "TASK", "METRIC")
ROLES = ("PROPOSES", "COMPARES", "USES", "ADDRESSES", "REPORTS", "MENTIONS")
KINDS = ("absolute", "improvement")

#: Which roles a concept of each type can play (the annotation guideline's table).
ALLOWED_ROLES = {
    "METHOD": ("PROPOSES", "COMPARES", "USES", "MENTIONS"),
    "DATASET": ("PROPOSES", "USES", "MENTIONS"),
    "TASK": ("PROPOSES", "ADDRESSES", "MENTIONS"),
    "METRIC": ("PROPOSES", "REPORTS", "MENTIONS"),
}


def bio(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags ``O``, then ``B-`` and ``I-`` of each kind, in that order."""
    return ("O", *(f"{mark}-{kind}" for kind in kinds for mark in "BI"))


CONCEPT_TAGS = bio(TYPES)
VALUE_TAGS = bio(KINDS)

#: Where each head's scores lie in the last axis of the model's output.
CONCEPT_SLICE = slice(0, len(CONCEPT_TAGS))
VALUE_SLICE = slice(CONCEPT_SLICE.stop, CONCEPT_SLICE.stop + len(VALUE_TAGS))
ROLE_SLICE = slice(VALUE_SLICE.stop, VALUE_SLICE.stop + len(ROLES))
WIDTH = ROLE_SLICE.stop
