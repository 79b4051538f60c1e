"""One node a concept: which names of which papers mean the same.

`resolve` reads the extractions of all papers, and the decisions of people, into a `Linker`.
"""

from kg.resolution.decisions import NONE, Decision, Decisions, EdgeDecision, quote_digest
from kg.resolution.knowledge import fingerprint
from kg.resolution.records import Explanation, Link, Linker
from kg.resolution.resolving import resolve

__all__ = [
    "NONE",
    "Decision",
    "Decisions",
    "EdgeDecision",
    "Explanation",
    "Link",
    "Linker",
    "fingerprint",
    "quote_digest",
    "resolve",
]
