"""From what a caller asks for to the part of the graph that is shown."""

from __future__ import annotations

from kg.errors import UsageError, shown
from kg.tables import Graph
from kg.text import replace_surrogates
from kg.viewing.part import Part, part

#: Farther than this, nearly everything is near.
MOST_HOPS = 3


def chosen_part(graph: Graph, *, focus: str | None, hops: int, max_nodes: int) -> Part:
    """Return the part of ``graph`` to show; UsageError where nothing is called ``focus``."""
    if not 1 <= hops <= MOST_HOPS:
        raise UsageError(f"hops must be 1 to {MOST_HOPS}, not {hops}")
    if max_nodes < 1:
        raise UsageError(f"max_nodes must be at least 1, not {max_nodes}")
    return part(graph, focus=None if focus is None else _node(graph, focus), hops=hops, max_nodes=max_nodes)


def _node(graph: Graph, name: str) -> tuple[str, str]:
    """Return the table and id of what ``name`` means; an id before a name.

    Of a concept and a paper of one id and as many papers it is the concept: the paper has a title too.
    """
    from kg import schema
    from kg.asking.finding import find

    for kind in schema.NODES:
        if kind.label not in {"Paper", "Concept"} and name in graph.tables[kind.table]["id"].to_pylist():
            return kind.table, name
    matches = find(graph, name)
    if len(matches) > 1 and matches[0].papers == matches[1].papers and matches[0].id != matches[1].id:
        choices = ", ".join(shown(match.id) for match in matches[:5])
        raise UsageError(f"{shown(name)} can mean {choices}: give one of these ids")
    return f"{matches[0].kind}s", matches[0].id


def heading(graph: Graph, title: str | None) -> str:
    """Return ``title`` without what no file can hold, or what ``graph`` is called where nobody says."""
    if title:
        return replace_surrogates(title)[0]
    papers = graph.tables["papers"].num_rows
    return f"Knowledge graph of {papers:,} {'paper' if papers == 1 else 'papers'}"
