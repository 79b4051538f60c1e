"""Rows on their way into tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kg.tables import Row, columns, relation_id


@cache
def _required(table: str) -> dict[str, bool]:
    return {column.name: column.required for column in columns(table)}


@dataclass(slots=True)
class Rows:
    """The rows of each table, in any order."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> None:
        """Add a row to ``table``; KeyError where a column that must have a value is not given."""
        row = [values[name] if must else values.get(name) for name, must in _required(table).items()]
        self.tables.setdefault(table, []).append(row)

    def relate(self, table: str, type_: str, from_: str, to: str, **values: Any) -> None:
        """Add the relation of ``type_`` between the nodes with these ids; its id follows from them."""
        ends = {"type": type_, "from": from_, "to": to, "id": relation_id(type_, from_, to)}
        self.add(table, **ends, **values)
