"""From a name that a person types to one concept of a wanted type."""

from __future__ import annotations

from kg.asking.finding import Match, find
from kg.errors import UsageError, shown
from kg.model import CONCEPT_TYPES, ConceptType
from kg.tables import Graph


def concept_of(graph: Graph, name: str, type_: ConceptType | None = None) -> Match:
    """Return the concept that ``name`` means, of ``type_`` where one is wanted; the one with most papers.

    UsageError where there is none, with near names or with what else has the name.
    """
    try:
        return find(graph, name, CONCEPT_TYPES if type_ is None else (type_,))[0]
    except UsageError:
        matches = find(graph, name)  # it may be something else's, or nobody's
    what = f"{type_.lower()}" if type_ else "concept"
    others = ", ".join(f"{one.id} ({one.type.lower() or 'paper'})" for one in matches[:3])
    raise UsageError(f"no {what} is called {shown(name)}; the name belongs to {others}")
