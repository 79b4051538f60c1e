"""A citation-style knowledge graph of papers, drawn from titles and abstracts.

    >>> import kg
    >>> graph = kg.build(["seeds/"], out="graph")           # doctest: +SKIP
    >>> graph.cypher("MATCH (p:Paper) RETURN count(*)")     # doctest: +SKIP

Names are loaded at first use, so that ``import kg`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.asking.gaps import gaps
    from kg.asking.leaderboards import leaderboard
    from kg.asking.timelines import timeline
    from kg.building import build
    from kg.errors import DiskError, InputError, KgError, StoreError, UsageError
    from kg.extraction import extract, pipeline
    from kg.model import Concept, Extraction, Mention, Merge, Paper, PaperConcept, Result
    from kg.reading import read
    from kg.tables import Graph

    __version__: str

__all__ = [
    "Concept",
    "DiskError",
    "Extraction",
    "Graph",
    "InputError",
    "KgError",
    "Mention",
    "Merge",
    "Paper",
    "PaperConcept",
    "Result",
    "StoreError",
    "UsageError",
    "__version__",
    "build",
    "extract",
    "gaps",
    "leaderboard",
    "pipeline",
    "read",
    "timeline",
]

_HOME = {
    **dict.fromkeys(("DiskError", "InputError", "KgError", "StoreError", "UsageError"), "kg.errors"),
    **dict.fromkeys(
        ("Concept", "Extraction", "Mention", "Merge", "Paper", "PaperConcept", "Result"), "kg.model"
    ),
    "Graph": "kg.tables",
    "build": "kg.building",
    "extract": "kg.extraction",
    "gaps": "kg.asking.gaps",
    "leaderboard": "kg.asking.leaderboards",
    "pipeline": "kg.extraction",
    "read": "kg.reading",
    "timeline": "kg.asking.timelines",
}


def _load(name: str) -> Any:
    """Load ``name`` from where it lives, once; AttributeError where it is no public name."""
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("kg")
    elif name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    globals()[name] = value
    return value


if not TYPE_CHECKING:  # a type checker that saw it would take any name for a good one
    __getattr__ = _load


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
