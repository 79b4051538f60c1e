"""The driver's values as the plain ones that `kg.stores.Answer` promises."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from kg.stores.neo4j_schema import KEY, NODE_LABEL


def plain(value: Any) -> Any:
    """Return ``value`` as text, a number, a truth value, None, a list or a dictionary.

    Points become maps of their coordinates, durations maps of their parts, bytes hexadecimal digits.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return _driver_value(value)


def _driver_value(value: Any) -> Any:
    from neo4j.graph import Node, Path, Relationship
    from neo4j.spatial import Point
    from neo4j.time import Duration

    if isinstance(value, Node):
        return {
            "labels": sorted(label for label in value.labels if label != NODE_LABEL),
            "properties": _properties(value),
        }
    if isinstance(value, Relationship):
        return {"type": value.type, "properties": _properties(value)}
    if isinstance(value, Path):
        return {
            "nodes": [plain(node) for node in value.nodes],
            "relations": [plain(relation) for relation in value.relationships],
            "forward": [
                relation.start_node == start
                for relation, start in zip(value.relationships, value.nodes[:-1], strict=True)
            ],
        }
    if isinstance(value, Duration):
        parts = {"months": value.months, "days": value.days, "seconds": value.seconds}
        return parts | ({"nanoseconds": value.nanoseconds} if value.nanoseconds else {})
    if isinstance(value, Point):
        names = ("longitude", "latitude", "height") if value.srid in (4326, 4979) else ("x", "y", "z")
        return dict(zip(names, map(float, value), strict=False))
    if isinstance(value, bytes | bytearray):
        return value.hex()
    return _moment(value)


def _properties(entity: Any) -> dict[str, Any]:
    return {name: plain(value) for name, value in sorted(entity.items()) if name != KEY}


def _moment(value: Any) -> Any:
    """Return a date or time as ISO 8601, in Python's form wherever that loses nothing."""
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if not hasattr(value, "iso_format"):
        return str(value)  # a type of a server newer than this driver
    if getattr(value, "nanosecond", 0) % 1000:
        return value.iso_format()
    return value.to_native().isoformat()
