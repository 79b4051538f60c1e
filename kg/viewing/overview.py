"""The first map of a page: the strongest concepts, papers that tie them together, and where they stand."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.viewing.kinds import node_styles
from kg.viewing.layout import Box, force_layout
from kg.viewing.part import Part

#: A part of at most so many nodes is shown whole.
WHOLE = 160
CONCEPTS = 160
PAPERS = 200
#: Of relations other than those of papers, so many at most, the best supported.
OTHERS = 120
#: Size of the first map in pixels at the first zoom of a window of 1280 by 720.
WIDTH, HEIGHT = 860.0, 530.0
#: So many concepts have room kept for their label.
_LABELLED = 56


@dataclass(frozen=True, slots=True)
class Map:
    """Which nodes of a part are drawn, by place in ``Part.nodes``, where, and which of its edges."""

    places: Mapping[int, tuple[int, int]]
    edges: tuple[int, ...]


def overview(part: Part) -> Map:
    """Return the first map of ``part``."""
    nodes = _chosen(part)
    shown = set(nodes)
    edges = _edges(part, shown)
    return Map(_places(part, nodes, edges), edges)


def radius(size: int, largest: int, concept: bool) -> float:
    """Return the radius of a node in pixels: its area grows with ``size``, the papers that it stands for."""
    if not concept:
        return 3.0
    return 4.0 + 12.0 * math.sqrt(size / max(largest, 1))


def _chosen(part: Part) -> list[int]:
    if len(part.nodes) <= WHOLE:
        return list(range(len(part.nodes)))
    styles = node_styles()
    concepts = [n for n, node in enumerate(part.nodes) if styles[node.style].kind.type_labels]
    concepts.sort(key=lambda n: (-part.nodes[n].size, part.nodes[n].id))
    shown = set(concepts[:CONCEPTS])
    papers = {n for n, node in enumerate(part.nodes) if styles[node.style].label == "Paper"}
    links: dict[int, set[int]] = defaultdict(set)
    for edge in part.edges:
        for paper, concept in ((edge.source, edge.target), (edge.target, edge.source)):
            if paper in papers and concept in shown:
                links[paper].add(concept)
    # A link to a rare concept tells more of a paper than one to a concept that half of all share.
    worth = {p: sum(1 / math.sqrt(part.nodes[c].size) for c in sorted(cs)) for p, cs in links.items()}
    order = sorted((p for p in links if len(links[p]) > 1), key=lambda p: (-worth[p], p))
    return sorted(shown) + order[:PAPERS]


def _edges(part: Part, shown: set[int]) -> tuple[int, ...]:
    styles = node_styles()
    inside = [n for n, e in enumerate(part.edges) if e.source in shown and e.target in shown]
    of_papers = {
        n
        for n in inside
        if any(
            styles[part.nodes[end].style].label == "Paper"
            for end in (part.edges[n].source, part.edges[n].target)
        )
    }
    others = sorted(
        (n for n in inside if n not in of_papers), key=lambda n: (-(part.edges[n].row.get("support") or 0), n)
    )
    return tuple(sorted([*of_papers, *others[:OTHERS]]))


def _places(part: Part, nodes: list[int], edges: Iterable[int]) -> dict[int, tuple[int, int]]:
    styles = node_styles()
    concepts = {n for n in nodes if styles[part.nodes[n].style].kind.type_labels}
    # Papers come last: they give way.
    ranked = sorted(nodes, key=lambda n: (n not in concepts, -part.nodes[n].size, n))
    where = {n: i for i, n in enumerate(ranked)}
    largest = max((part.nodes[n].size for n in concepts), default=1)
    lines = []
    for edge in (part.edges[e] for e in edges):
        if edge.source != edge.target:
            # Lines of a hub are weak: it belongs to all groups and must not pull them into one.
            size = max(part.nodes[edge.source].size, part.nodes[edge.target].size, 1)
            lines.append((where[edge.source], where[edge.target], size**-0.25))
    boxes = [box for i, n in enumerate(ranked) for box in _boxes(part, n, i, largest, n in concepts)]
    places = force_layout(len(ranked), lines, boxes, width=WIDTH, height=HEIGHT)
    return dict(zip(ranked, places, strict=True))


def _boxes(part: Part, n: int, owner: int, largest: int, concept: bool) -> list[Box]:
    """Return the room for a node, and for its label below where it is one of the first."""
    node = part.nodes[n]
    around = radius(node.size, largest, concept) + 2
    dot = Box(owner, -around, around, -around, around)
    if not concept or owner >= _LABELLED:
        return [dot]
    letters = 11 + 4 * math.sqrt(node.size / largest)
    half = min(len(node.name), 26) * letters * 0.31 + 3
    return [dot, Box(owner, -half, half, around, around + letters * 1.3 + 2)]
