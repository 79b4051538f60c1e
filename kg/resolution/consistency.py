"""Contradictions among decisions are errors that name both lines."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from kg.errors import UsageError, shown
from kg.resolution.normal import key, slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.resolution.decisions import Decision

_TYPES = ("method", "dataset", "task", "metric")


def name_key(name: str) -> str:
    """Return what a reference to a concept is compared by: the name's key; an id goes by its slug."""
    kind, slash, rest = name.partition("/")
    if slash and kind in _TYPES and rest == slug(rest):
        return key(rest)
    return key(name)


def plain_key(name: str) -> str:
    """Return what an id is compared by where its name is in capitals, so that a last s is no plural."""
    return name.partition("/")[2].replace("-", "")


def check(entries: Sequence[Decision]) -> None:
    """Raise UsageError at the first pair of entries that cannot both hold."""
    _check_same_and_different(entries)
    _check_single(entries)


def _check_same_and_different(entries: Sequence[Decision]) -> None:
    # Names that some entry tells apart by writing alone are compared as written.
    written: set[str] = set()
    for entry in entries:
        if entry.verb == "different":
            for a, b in combinations(entry.names, 2):
                if a == b:
                    raise UsageError(f"{entry.where}: {shown(a)} cannot be different from itself.")
                if name_key(a) == name_key(b):
                    written.add(name_key(a))

    def node(name: str) -> str:
        found = name_key(name)
        return f"={name}" if found in written else found

    # Joined lines form a graph; the path between two names that must differ names the other lines.
    joined: dict[str, list[tuple[str, Decision]]] = {}
    for entry in entries:
        if entry.verb == "same":
            first = node(entry.names[0])
            for name in entry.names[1:]:
                joined.setdefault(first, []).append((node(name), entry))
                joined.setdefault(node(name), []).append((first, entry))
    for entry in entries:
        if entry.verb != "different":
            continue
        for a, b in combinations(entry.names, 2):
            path = _path(joined, node(a), node(b))
            if path:
                places = " and ".join(dict.fromkeys(step.where for step in path))
                raise UsageError(
                    f"{shown(a)} and {shown(b)} are different by {entry.where}, but the same by {places}; "
                    "delete one."
                )


def _path(joined: dict[str, list[tuple[str, Decision]]], start: str, end: str) -> list[Decision]:
    """Return the entries on a shortest path from ``start`` to ``end``; empty where there is none."""
    came: dict[str, tuple[str, Decision] | None] = {start: None}
    queue = [start]
    for at in queue:
        if at == end:
            break
        for other, entry in joined.get(at, ()):
            if other not in came:
                came[other] = (at, entry)
                queue.append(other)
    path: list[Decision] = []
    step = came.get(end)
    while step is not None:
        path.append(step[1])
        step = came[step[0]]
    return path[::-1]


def _check_single(entries: Sequence[Decision]) -> None:
    """One name, one new name, one type; nothing else about what is dropped; one answer an edge."""
    seen: dict[tuple[str, ...], Decision] = {}
    for entry in entries:
        if entry.verb in {"rename", "type", "drop"}:
            place: tuple[str, ...] = (entry.verb, name_key(entry.names[0]))
        elif entry.verb == "edge":
            place = ("edge", entry.paper_id, entry.quote, name_key(entry.names[0]))
        else:
            continue
        first = seen.setdefault(place, entry)
        if first.to != entry.to:
            raise UsageError(
                f"{shown(entry.names[0])} is decided twice: {shown(first.to or 'drop')} by {first.where}, "
                f"{shown(entry.to or 'drop')} by {entry.where}; delete one."
            )
    for entry in entries:
        if entry.verb in {"same", "rename", "type"}:
            for name in entry.names:
                dropped = seen.get(("drop", name_key(name)))
                if dropped is not None:
                    raise UsageError(
                        f"{shown(name)} is dropped by {dropped.where}, but kept by {entry.where} "
                        f"({entry.verb}); delete one."
                    )
