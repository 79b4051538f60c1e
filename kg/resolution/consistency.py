"""Contradictions among decisions are errors that name both lines."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from kg.errors import UsageError, shown
from kg.model import CONCEPT_TYPES
from kg.resolution.normal import key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.resolution.decisions import Decision

#: Type and slug, as `kg.resolution.naming.concept_ids` makes them.
_ID = re.compile(rf"(?:{'|'.join(CONCEPT_TYPES).casefold()})/(?:[^\W_]|[-+#*.])+")


def is_id(name: str) -> bool:
    """Tell whether ``name`` looks like the id of a concept."""
    return _ID.fullmatch(name) is not None and name == name.casefold()


def reference(name: str) -> str:
    """Return what a concept is found by: an id as it is, a name by its key."""
    return name if is_id(name) else key(name)


def name_key(name: str) -> str:
    """Return the key of a name, or of the name that an id was made of, as far as the id tells."""
    return key(name.partition("/")[2] if is_id(name) else name)


def check(entries: Sequence[Decision]) -> None:
    """Raise UsageError at the first pair of entries that cannot both hold."""
    spoken = _spoken(entries)
    _check_same_and_different(entries, spoken)
    _check_single(entries, spoken)


def _spoken(entries: Sequence[Decision]) -> Callable[[str], str]:
    """Return what the names in ``entries`` are compared by: ids of one key among them as written."""
    ids = {name for entry in entries for name in entry.names if is_id(name)}
    alike = Counter(name_key(name) for name in ids)
    return lambda name: name if name in ids and alike[name_key(name)] > 1 else name_key(name)


def _check_same_and_different(entries: Sequence[Decision], spoken: Callable[[str], str]) -> None:
    # Names that some entry tells apart by writing alone are compared as written.
    written: set[str] = set()
    for entry in entries:
        if entry.verb == "different":
            for a, b in combinations(entry.names, 2):
                if a == b:
                    raise UsageError(f"{entry.where}: {shown(a)} cannot be different from itself.")
                if spoken(a) == spoken(b):
                    written.add(spoken(a))

    def node(name: str) -> str:
        found = spoken(name)
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


def _check_single(entries: Sequence[Decision], spoken: Callable[[str], str]) -> None:
    """One name, one new name, one type; nothing else about what is dropped; one answer an edge."""
    seen: dict[tuple[str, ...], Decision] = {}
    for entry in entries:
        if entry.verb in {"rename", "type", "drop"}:
            place: tuple[str, ...] = (entry.verb, spoken(entry.names[0]))
        elif entry.verb == "edge":
            place = ("edge", entry.paper_id, entry.quote, spoken(entry.names[0]))
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
                dropped = seen.get(("drop", spoken(name)))
                if dropped is not None:
                    raise UsageError(
                        f"{shown(name)} is dropped by {dropped.where}, but kept by {entry.where} "
                        f"({entry.verb}); delete one."
                    )
