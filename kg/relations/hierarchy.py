"""Narrower and broader: what of many claims can hold together, and which of them need saying."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def acyclic(claims: Iterable[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return those of ``claims`` (narrower, broader) that hold together, and those that close a cycle.

    Earlier claims go first: give the surest first. A claim of a thing about itself closes a cycle.
    """
    broader: dict[int, list[int]] = {}
    kept: list[tuple[int, int]] = []
    closing: list[tuple[int, int]] = []
    for low, high in claims:
        if low == high or reaches(broader, high, low):
            closing.append((low, high))
        else:
            broader.setdefault(low, []).append(high)
            kept.append((low, high))
    return kept, closing


def reduced(edges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the fewest of ``edges``, in their order, that reach whatever all reach.

    The transitive reduction of A. Aho, M. Garey and J. Ullman (1972): of a graph without cycles there
    is just one.
    """
    broader: dict[int, list[int]] = {}
    for low, high in edges:
        broader.setdefault(low, []).append(high)
    return [
        (low, high)
        for low, high in edges
        if not any(other != high and reaches(broader, other, high) for other in broader[low])
    ]


def reaches(broader: Mapping[int, Sequence[int]], start: int, end: int) -> bool:
    """Tell whether ``end`` is ``start`` or broader, by however many steps."""
    seen = {start}
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if at == end:
            return True
        for one in broader.get(at, ()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return False
