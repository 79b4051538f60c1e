"""A part of a graph as the plain data that a page carries, in columns."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from kg.model import FIELDS
from kg.tables import Graph
from kg.viewing.kinds import NodeStyle, node_styles, relation_styles
from kg.viewing.marks import Utf16, marks
from kg.viewing.network import network
from kg.viewing.overview import overview
from kg.viewing.part import Edge, Node, Part

# Shown as something else already, or of no use to a reader.
_NODE_UNSHOWN = frozenset(
    {"id", "name", "title", "value", "type", "ids", "source", "alias_types", "paper_count"}
)
_EDGE_SHOWN_OTHERWISE = frozenset(
    "type from to id confidence field start end quote quote_start quote_end surfaces count read_as extractor"
    " evidence".split()
)


def payload(graph: Graph, part: Part, *, title: str, hops: int) -> dict[str, Any]:
    """Return what the page's script needs, as plain data; ``hops`` are those of the focus, if any."""
    styles = node_styles()
    data = _Columns(part, styles)
    first = network(part, overview(part))
    nodes, edges = first.get_network_data()[:2]
    return {
        "title": title,
        "styles": [
            {
                **{
                    name: getattr(s, name)
                    for name in ("label", "plural", "meaning", "light", "dark", "shape")
                },
                "concept": bool(s.kind.type_labels),
            }
            for s in styles
        ],
        "relations": [
            {
                **{name: getattr(r, name) for name in ("name", "forward", "backward", "meaning", "width")},
                "dash": list(r.dash),
                "table": r.kind.table,
            }
            for r in relation_styles()
        ],
        "whole": _counts(styles, graph.counts()),
        "leftOut": _counts(styles, part.left_out),
        "nodes": data.nodes(),
        "edges": data.edges(),
        "map": {
            "nodes": [{name: node[name] for name in ("id", "x", "y")} for node in nodes],
            "edges": [{"id": edge["id"]} for edge in edges],
        },
        "focus": None if part.focus is None else {"node": part.focus, "hops": hops},
    }


def to_json(data: Mapping[str, Any]) -> str:
    """Return ``data`` as JSON that can stand in a script element: no markup, no line separator."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # These can stand only inside strings, where the escape means the same.
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _counts(styles: tuple[NodeStyle, ...], counts: Mapping[str, int]) -> list[list[Any]]:
    return [[s.label, s.plural, counts[s.label]] for s in styles if counts.get(s.label)]


class _Columns:
    """The columns of nodes and edges; offsets become UTF-16 units on the way."""

    def __init__(self, part: Part, styles: tuple[NodeStyle, ...]) -> None:
        self._part = part
        self._styles = styles
        # An id is one node's among papers or among concepts: only both together would be ambiguous.
        self._papers = {node.id: n for n, node in enumerate(part.nodes) if _is_paper(styles, node)}
        self._concepts = {
            node.id: n for n, node in enumerate(part.nodes) if styles[node.style].kind.type_labels
        }
        self._by_type = {
            type_: n
            for n, style in enumerate(styles)
            for type_, label in style.kind.type_labels
            if label == style.label
        }
        self._edge_by_id = {edge.row["id"]: n for n, edge in enumerate(part.edges)}
        self._of_paper: dict[int, list[int]] = defaultdict(list)
        for n, edge in enumerate(part.edges):
            if "surfaces" in edge.row and _is_paper(styles, part.nodes[edge.source]):
                self._of_paper[edge.source].append(n)
        self._units: dict[tuple[int, str], Utf16] = {}

    def nodes(self) -> dict[str, list[Any]]:
        part = self._part
        return {
            "style": [node.style for node in part.nodes],
            "id": [node.id for node in part.nodes],
            "name": [node.name for node in part.nodes],
            "size": [node.size for node in part.nodes],
            "cut": list(part.cut),
            "info": [self._info(n, node) or 0 for n, node in enumerate(part.nodes)],
        }

    def edges(self) -> dict[str, list[Any]]:
        edges = self._part.edges
        return {
            "style": [edge.style for edge in edges],
            "from": [edge.source for edge in edges],
            "to": [edge.target for edge in edges],
            "confidence": [edge.row.get("confidence") for edge in edges],
            "place": [self._place(edge) for edge in edges],
            "more": [self._more(edge) or 0 for edge in edges],
        }

    def _info(self, n: int, node: Node) -> dict[str, Any]:
        names = [p.name for p in self._styles[node.style].kind.properties if p.name not in _NODE_UNSHOWN]
        info = {name: _finite(node.row[name]) for name in names if node.row[name] not in (None, "", [])}
        if found := self._marks(n, node):
            info["marks"] = found
        return info

    def _marks(self, n: int, node: Node) -> list[list[int]]:
        """Return field, start, end, style and edge of each mark in a paper's texts."""
        own = self._of_paper.get(n, [])
        if not own:
            return []
        rows = [self._part.edges[e].row for e in own]
        found = []
        for mark in marks({field: node.row[field] for field in FIELDS}, rows):
            units = self._unit(n, FIELDS[mark.field])
            style = self._by_type[rows[mark.edge]["read_as"]]
            found.append([mark.field, units(mark.start), units(mark.end), style, own[mark.edge]])
        return found

    def _unit(self, n: int, field: str) -> Utf16:
        key = (n, field)
        if key not in self._units:
            self._units[key] = Utf16(self._part.nodes[n].row[field])
        return self._units[key]

    def _place(self, edge: Edge) -> list[int] | int:
        """Return field, mention and quote of an edge read from the paper it starts at; 0 where it is not."""
        row = edge.row
        if not _is_paper(self._styles, self._part.nodes[edge.source]) or row.get("quote_start") is None:
            return 0
        units = self._unit(edge.source, row["field"])
        places = (units(row[name]) for name in ("start", "end", "quote_start", "quote_end"))
        return [FIELDS.index(row["field"]), *places]

    def _more(self, edge: Edge) -> dict[str, Any]:
        row = edge.row
        more: dict[str, Any] = {}
        read_as = self._by_type.get(row.get("read_as") or "")
        if read_as is not None and read_as != self._part.nodes[edge.target].style:
            more["read_as"] = read_as
        if row.get("quote") and self._place(edge) == 0:
            more["quote"] = row["quote"]
        if row.get("evidence"):
            more["edges"] = [self._edge_by_id[e] for e in row["evidence"] if e in self._edge_by_id]
        for name, value in row.items():
            if name in _EDGE_SHOWN_OTHERWISE or value in (None, "", []):
                continue
            if not isinstance(value, list):
                more[name] = _finite(value)
                continue
            numbers = self._papers if name == "paper_ids" else self._concepts
            if known := [numbers[id_] for id_ in value if id_ in numbers]:
                more.setdefault("nodes", {})[name] = known
        return more


def _finite(value: Any) -> Any:
    """Return ``value``; a number that JSON has no form for becomes text."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _is_paper(styles: tuple[NodeStyle, ...], node: Node) -> bool:
    return styles[node.style].label == "Paper"
