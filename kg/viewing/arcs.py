"""The surroundings of a node: which nodes, and where they stand.

``assets/script/04-arcs.js`` does the same in the page, so that a picture shows what the page shows; a
test compares the two. Nodes stand on nested arcs left and right of the middle, one row for each
outermost node. Places lie in -1 to 1 on both axes, to be stretched to the frame: labels keep their
size, and so rows and arcs take whatever room there is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kg.viewing.part import Part

#: So many nodes are drawn at most.
DRAWN = 150
_BEND = 0.9  # how far an arc bends: 0 is a straight column, 1 meets the other side


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Nodes by place in ``Part.nodes``, the middle first, each with the one it hangs on and its distance.

    ``edges`` are all relations between two of them; ``left`` counts the nodes that did not fit.
    """

    order: tuple[int, ...]
    parent: dict[int, int]
    depth: dict[int, int]
    edges: tuple[int, ...]
    left: int


@dataclass(frozen=True, slots=True)
class _Found:
    node: int
    parent: int
    place: int
    edge: int
    links: int


def surroundings(part: Part, centre: int, hops: int, most: int = DRAWN) -> Surroundings:
    """Return the nodes at most ``hops`` relations away from ``centre``, at most ``most``.

    Those with most lines to what is there already come first, then the largest; each ring leaves room
    for those after it.
    """
    around: list[list[int]] = [[] for _ in part.nodes]
    for n, edge in enumerate(part.edges):
        around[edge.source].append(n)
        if edge.source != edge.target:
            around[edge.target].append(n)
    order, depth, left = [centre], {centre: 0}, 0
    parent: dict[int, int] = {}
    ring = [centre]
    for hop in range(1, hops + 1):
        found = _reached(part, around, ring, depth)
        found.sort(key=lambda f: (-f.links, -part.nodes[f.node].size, f.node))
        kept = found[: max(0, math.ceil((most - len(order)) / (hops - hop + 1)))]
        left += len(found) - len(kept)
        kept.sort(key=lambda f: _arc_order(part, f))
        ring = [f.node for f in kept]
        parent.update((f.node, f.parent) for f in kept)
        depth.update((node, hop) for node in ring)
        order += ring
    edges = tuple(n for n, e in enumerate(part.edges) if e.source in depth and e.target in depth)
    return Surroundings(tuple(order), parent, depth, edges, left)


def _reached(
    part: Part, around: Sequence[Sequence[int]], ring: Sequence[int], known: dict[int, int]
) -> list[_Found]:
    found: dict[int, _Found] = {}
    for place, node in enumerate(ring):
        for n in around[node]:
            edge = part.edges[n]
            other = edge.target if edge.source == node else edge.source
            if other in known:
                continue
            first = found.get(other, _Found(other, node, place, n, 0))
            found[other] = _Found(other, first.parent, first.place, first.edge, first.links + 1)
    return list(found.values())


def _arc_order(part: Part, found: _Found) -> tuple[int, int, int, float, int]:
    edge = part.edges[found.edge]
    direction = 0 if edge.source == found.parent else 1
    return found.place, edge.style, direction, -(edge.row.get("confidence") or 0.0), found.node


def arcs(near: Surroundings) -> tuple[dict[int, tuple[float, float]], int]:
    """Return the place of each node, the middle at 0, 0, and how many rows the longer side has."""
    children: dict[int, list[int]] = {node: [] for node in near.order}
    for node in near.order[1:]:
        children[near.parent[node]].append(node)
    rows: dict[int, int] = {}
    for node in reversed(near.order):
        rows[node] = max(1, sum(rows[child] for child in children[node]))
    centre = near.order[0]
    sides = _sides(children[centre], rows)
    farthest = max(near.depth.values()) or 1
    places: dict[int, tuple[float, float]] = {centre: (0.0, 0.0)}

    def put(node: int, sign: int, top: int, total: int) -> None:
        y = (2 * top + 1) / total - 1
        own = children[node]
        if own:
            row = top
            for child in own:
                put(child, sign, row, total)
                row += rows[child]
            y = (places[own[0]][1] + places[own[-1]][1]) / 2
        bend = math.sqrt(1 - (_BEND * y) ** 2)
        places[node] = (sign * (near.depth[node] - 1 + bend) / farthest, y)

    counts = [sum(rows[child] for child in side) for side in sides]
    for side, count, sign in zip(sides, counts, (1, -1), strict=True):
        row = 0
        for child in side:
            put(child, sign, row, count)
            row += rows[child]
    return {node: places[node] for node in near.order}, max(counts)


def _sides(children: Sequence[int], rows: dict[int, int]) -> tuple[list[int], list[int]]:
    """Return ``children`` right and left, clockwise: down the right side, up the left."""
    total = sum(rows[child] for child in children)
    right: list[int] = []
    left: list[int] = []
    before = 0
    for child in children:
        (right if before + rows[child] / 2 <= total / 2 else left).append(child)
        before += rows[child]
    return right, left[::-1]
