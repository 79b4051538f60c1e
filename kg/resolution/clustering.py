"""Merging forms into concepts: transitive, free of order, without chaining.

Average-linkage agglomeration over the candidate pairs: two groups join where the mean score over
all pairs between them passes the threshold, so that one bridge does not join two strong groups; no
pair that a gate or a decision forbids is ever in one group.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence

Pair = tuple[str, str]


def ordered(a: str, b: str) -> Pair:
    """Return the pair, smaller first."""
    return (a, b) if a <= b else (b, a)


def components(nodes: Iterable[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """Return the connected components, each sorted, in order of their first node."""
    parent = {node: node for node in sorted(nodes)}

    def root(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in pairs:
        first, second = ordered(root(a), root(b))
        parent[second] = first
    groups: dict[str, list[str]] = {}
    for node in parent:
        groups.setdefault(root(node), []).append(node)
    return list(groups.values())


def cluster(  # noqa: PLR0913 - each says another thing, and all but one by its name
    nodes: Iterable[str],
    scores: Mapping[Pair, float],
    *,
    same: Iterable[Pair] = (),
    different: Iterable[Pair] = (),
    forbidden: Callable[[str, str], bool],
    score: Callable[[str, str], float],
    threshold: float,
) -> list[list[str]]:
    """Return the groups of ``nodes``, each sorted, in order of their first node.

    ``scores`` are the candidate pairs' (0 to 1, ordered pairs); ``score`` gives that of any other pair,
    ``forbidden`` is the gate. ``same`` pairs are joined whatever gate and score say, ``different`` ones
    never; that they do not contradict each other is the caller's to see to.
    """
    known = sorted(nodes)
    units = components(known, (ordered(*pair) for pair in same))
    unit_of = {node: n for n, unit in enumerate(units) for node in unit}
    apart = {frozenset((unit_of[a], unit_of[b])) for a, b in different if a in unit_of and b in unit_of}
    edges = sorted(
        {
            ordered(units[unit_of[a]][0], units[unit_of[b]][0])
            for (a, b), value in scores.items()
            if value >= threshold and unit_of[a] != unit_of[b]
        }
    )
    heads = [unit[0] for unit in units]
    edges_of: dict[str, list[Pair]] = {head: [] for head in heads}
    for edge in edges:
        edges_of[edge[0]].append(edge)
    groups: list[list[str]] = []
    for component in components(heads, edges):
        if len(component) == 1:
            groups.append(units[unit_of[component[0]]])
            continue
        members = [unit_of[head] for head in component]
        near = [edge for head in component for edge in edges_of[head]]
        merged = _agglomerate(members, units, near, scores, apart, forbidden, score, threshold)
        groups += [sorted(node for unit in group for node in units[unit]) for group in merged]
    return sorted(groups)


def _agglomerate(  # noqa: PLR0913, PLR0917 - one call, from `cluster`, with what it was given
    members: Sequence[int],
    units: Sequence[Sequence[str]],
    edges: Iterable[Pair],
    scores: Mapping[Pair, float],
    apart: set[frozenset[int]],
    forbidden: Callable[[str, str], bool],
    score: Callable[[str, str], float],
    threshold: float,
) -> list[list[int]]:
    linkage: dict[frozenset[int], float | None] = {}

    def between(a: int, b: int) -> float | None:
        """Return the mean score between two units; None where they must stay apart."""
        pair = frozenset((a, b))
        if pair not in linkage:
            total, count, open_ = 0.0, 0, pair not in apart
            for x in units[a] if open_ else ():
                for y in units[b]:
                    if forbidden(x, y):
                        open_ = False
                        break
                    at = ordered(x, y)
                    total += scores[at] if at in scores else score(*at)
                    count += 1
                if not open_:
                    break
            linkage[pair] = total / count if open_ else None
        return linkage[pair]

    groups: dict[int, list[int]] = {n: [unit] for n, unit in enumerate(sorted(members))}

    def mean(a: int, b: int) -> float | None:
        total, weight = 0.0, 0
        for x in groups[a]:
            for y in groups[b]:
                value = between(x, y)
                if value is None:
                    return None
                total += value * len(units[x]) * len(units[y])
                weight += len(units[x]) * len(units[y])
        return total / weight

    heap: list[tuple[float, str, str, int, int]] = []

    def push(a: int, b: int) -> None:
        value = mean(a, b)
        if value is not None and value >= threshold:
            first, second = sorted((units[groups[a][0]][0], units[groups[b][0]][0]))
            heapq.heappush(heap, (-round(value, 9), first, second, a, b))

    # Only groups with a near pair between them are weighed, so that the work grows with the pairs.
    number_of = {units[unit][0]: n for n, (unit,) in groups.items()}
    beside: dict[int, set[int]] = {n: set() for n in groups}
    for head, tail in edges:
        beside[number_of[head]].add(number_of[tail])
        beside[number_of[tail]].add(number_of[head])
    for a in sorted(beside):
        for b in sorted(beside[a]):
            if a < b:
                push(a, b)
    fresh = len(groups)
    while heap:
        *_, a, b = heapq.heappop(heap)
        if a not in groups or b not in groups:
            continue
        groups[fresh] = sorted(groups.pop(a) + groups.pop(b))
        beside[fresh] = (beside.pop(a) | beside.pop(b)) - {a, b}
        for other in sorted(beside[fresh]):
            beside[other] -= {a, b}
            beside[other].add(fresh)
            push(other, fresh)
        fresh += 1
    return list(groups.values())
