"""Where the nodes of the first map stand: a force layout whose labels have room, the same every time.

Attraction is linear and repulsion falls with distance, weighted by degree, after Jacomy and others,
"ForceAtlas2" (2014), with the logarithmic attraction of Noack, "Energy models for graph clustering"
(2007), which draws groups together. The start is a ring of communities, so that no chance is involved.
Units are pixels at the first zoom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_ROUNDS = 260
_STEP = (6, 4)  # pixels between the places that a node tries
_CHUNK = 512  # of which so many at a time
_GOLDEN = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True, slots=True)
class Box:
    """Room for node ``owner``, in pixels from its point; ``left`` < ``right``, ``top`` < ``bottom``."""

    owner: int
    left: float
    right: float
    top: float
    bottom: float


def force_layout(
    count: int,
    edges: Sequence[tuple[int, int, float]],
    boxes: Sequence[Box],
    *,
    width: float,
    height: float,
) -> list[tuple[int, int]]:
    """Return a place for each of ``count`` nodes, centred on 0, 0 and about ``width`` by ``height`` large.

    ``edges`` are two nodes and a weight above 0. Nodes keep their ``boxes`` free of the boxes of others
    where there is room; those that come later give way.
    """
    if count == 0:
        return []
    place = _start(count, edges)
    if edges:
        place = _forces(place, edges)
    place = _fill(place, width * 0.9, height * 0.9)
    return _settle(place, boxes, width, height)


def _start(count: int, edges: Sequence[tuple[int, int, float]]) -> Floats:
    """Return a start: communities around a ring, the members of each as the seeds of a sunflower."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_weighted_edges_from(edges)
    groups = [sorted(group) for group in nx.community.louvain_communities(graph, seed=0)]
    groups.sort(key=lambda group: (-len(group), group[0]))
    place = np.zeros((count, 2))
    done = 0
    for group in groups:
        angle = 2 * np.pi * (done + len(group) / 2) / count
        done += len(group)
        middle = np.sqrt(count) * 12 * np.array([np.cos(angle), np.sin(angle)])
        for n, node in enumerate(group):
            turn = n * _GOLDEN
            place[node] = middle + 6 * np.sqrt(n + 1) * np.array([np.cos(turn), np.sin(turn)])
    return place


def _forces(place: Floats, edges: Sequence[tuple[int, int, float]]) -> Floats:
    count = len(place)
    ends = np.array([(a, b) for a, b, _ in edges], dtype=np.int64)
    weight = np.array([w for _, _, w in edges])
    degree = np.bincount(ends.ravel(), minlength=count).astype(float)
    mass = 1.0 + degree
    a, b = ends[:, 0], ends[:, 1]
    swing_before = np.zeros_like(place)
    speed = np.full(count, 1.0)
    for n in range(_ROUNDS):
        x, y = place[:, 0], place[:, 1]
        dx, dy = x[:, None] - x[None, :], y[:, None] - y[None, :]
        square = dx * dx + dy * dy
        np.fill_diagonal(square, 1.0)
        push = mass[:, None] * mass[None, :] * 10.0 / np.maximum(square, 1.0)
        force = np.stack([(dx * push).sum(axis=1), (dy * push).sum(axis=1)], axis=1)
        line = place[b] - place[a]
        length = np.sqrt((line * line).sum(axis=1))
        pull = (weight * np.log1p(length) / np.maximum(length, 1e-9))[:, None] * line * 8.0
        # The hub of many lines is not torn about by each.
        for end, sign in ((a, 1.0), (b, -1.0)):
            force[:, 0] += sign * np.bincount(end, weights=pull[:, 0], minlength=count)
            force[:, 1] += sign * np.bincount(end, weights=pull[:, 1], minlength=count)
        away = np.sqrt((place * place).sum(axis=1))
        force -= mass[:, None] * place * (0.9 / np.maximum(away, 1.0))[:, None]
        # Nodes that swing to and fro are slowed down, as in ForceAtlas2.
        swing = np.sqrt(((force - swing_before) ** 2).sum(axis=1))
        swing_before = force
        strength = np.sqrt((force * force).sum(axis=1))
        speed = 4.0 * (1 - n / _ROUNDS) / (1.0 + 0.35 * np.sqrt(swing))
        step = np.minimum(speed, 18.0 / np.maximum(strength, 1e-9))
        place = place + force * step[:, None]
        place -= place.mean(axis=0)
    return place


def _fill(place: Floats, width: float, height: float) -> Floats:
    """Return ``place`` turned and stretched to the frame; outliers are drawn in, the dense middle is spread.

    Each axis is a blend of the node's place and its rank: ranks alone would fill the frame evenly and
    lose the groups.
    """
    spread = place - place.mean(axis=0)
    _, axes = np.linalg.eigh(spread.T @ spread)
    # To a thousandth of a pixel: what is 0 but for rounding has no sign and no rank of its own.
    turned = np.round(spread @ axes[:, ::-1], 3)
    turned *= _signs(turned)  # one orientation, whatever sign came out
    filled: Floats = np.empty_like(turned)
    for axis, size in enumerate((width, height)):
        values = turned[:, axis]
        rank = (np.argsort(np.argsort(values, kind="stable"), kind="stable") + 0.5) / len(values) - 0.5
        reach = np.abs(values).max() or 1.0
        filled[:, axis] = size * (0.5 * rank + 0.5 * values / (2 * reach))
    return filled


def _signs(place: Floats) -> Floats:
    """Return for each axis of ``place`` the sign that puts the first node right of 0 or below it.

    Where that node is at 0, the next one decides.
    """
    first = (place != 0).argmax(axis=0)
    signs: Floats = np.where(place[first, [0, 1]] < 0, -1.0, 1.0)
    return signs


def _settle(place: Floats, boxes: Sequence[Box], width: float, height: float) -> list[tuple[int, int]]:
    """Return whole numbers near ``place``: each node where its boxes are free of those before it.

    A node for which there is no room in the frame stays where it is.
    """
    sides = np.array([(box.left, box.right, box.top, box.bottom) for box in boxes]).reshape(-1, 4)
    owner = np.array([box.owner for box in boxes], dtype=np.int64)
    steps = _steps(width, height)
    taken = np.empty((0, 4))
    settled: list[tuple[int, int]] = []
    for node, at in enumerate(np.rint(place)):
        own = sides[owner == node]
        found = at
        for first in range(0, len(steps), _CHUNK):
            points = at + steps[first : first + _CHUNK]
            free = _free(points, own, taken, width, height)
            if free.any():
                found = points[int(np.argmax(free))]
                break
        settled.append((int(found[0]), int(found[1])))
        taken = np.concatenate([taken, own + found[[0, 0, 1, 1]]])
    return settled


def _steps(width: float, height: float) -> Floats:
    """Return steps to every place of a frame from every other, the nearest first: up and down is nearer."""
    x = np.arange(-width // _STEP[0], width // _STEP[0] + 1) * _STEP[0]
    y = np.arange(-height // _STEP[1], height // _STEP[1] + 1) * _STEP[1]
    steps = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    far = (steps[:, 0] / 1.5) ** 2 + steps[:, 1] ** 2
    ordered: Floats = steps[np.lexsort((steps[:, 1], steps[:, 0], far))]
    return ordered


def _free(points: Floats, own: Floats, taken: Floats, width: float, height: float) -> npt.NDArray[np.bool_]:
    """Tell for each of ``points`` whether boxes ``own`` lie in the frame there and meet none of ``taken``."""
    free = np.ones(len(points), dtype=bool)
    for left, right, top, bottom in own:
        x1, x2 = points[:, 0] + left, points[:, 0] + right
        y1, y2 = points[:, 1] + top, points[:, 1] + bottom
        free &= (x1 >= -width / 2) & (x2 <= width / 2) & (y1 >= -height / 2) & (y2 <= height / 2)
        if len(taken):
            meets = (x1[:, None] < taken[:, 1]) & (x2[:, None] > taken[:, 0])
            meets &= (y1[:, None] < taken[:, 3]) & (y2[:, None] > taken[:, 2])
            free &= ~meets.any(axis=1)
    return free
