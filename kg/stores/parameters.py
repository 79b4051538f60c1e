"""What may be asked: parameters and texts of queries, the same for every store that speaks Cypher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.errors import UsageError, shown

#: Deeper than any store takes them.
_DEPTH = 32


def checked(text: str, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return ``parameters`` as plain values (a tuple becomes a list).

    UsageError where ``text`` or a value is nothing that a store can take: the parameter is named.
    """
    if _has_surrogate(text):
        raise UsageError("the query has a lone surrogate, which is no character: take it out")
    parameters = parameters or {}
    for name in parameters:
        if _has_surrogate(name):
            raise _refused(name, "has a lone surrogate in its name, which is no character")
    return {name: _plain(name, value, _DEPTH) for name, value in parameters.items()}


def _plain(name: str, value: Any, depth: int) -> Any:
    if depth == 0:
        raise _refused(name, "is nested too deeply")
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise _refused(
                name, "has a whole number that needs more than 64 bits; give it as text or a float"
            )
        return value
    if isinstance(value, str):
        if _has_surrogate(value):
            raise _refused(name, "has a lone surrogate, which is no character")
        return value
    if isinstance(value, list | tuple):
        return [_plain(name, item, depth - 1) for item in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        if any(map(_has_surrogate, value)):
            raise _refused(name, "has a lone surrogate, which is no character")
        return {key: _plain(name, item, depth - 1) for key, item in value.items()}
    kinds = "text, numbers, truth values, null, lists and maps with text as keys"
    raise _refused(name, f"has a value of type {type(value).__name__}; there are {kinds}")


def _refused(name: str, why: str) -> UsageError:
    return UsageError(f"parameter ${shown(name)[1:-1]} {why}")


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
