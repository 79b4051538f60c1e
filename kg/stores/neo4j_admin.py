"""A graph as the CSV files of ``neo4j-admin database import full``, the fastest way into an empty database.

What is imported has the keys of `kg.stores.neo4j_schema`, so that a later ``kg load`` into the same
namespace finds it. Every text is quoted, a null is an empty field without quotes, and the character that
separates the items of a list is one that no list in the graph contains. The importer takes an empty list
for a null; ``finish.cypher``, which also makes the constraints and indexes, sets these again.
"""

from __future__ import annotations

import contextlib
import math
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import schema
from kg.errors import UsageError
from kg.files import disk_error
from kg.stores import NodeRecord, RelationRecord
from kg.stores.neo4j_schema import DEFAULT_NAMESPACE, KEY, NODE_LABEL, key, prefix, rules
from kg.stores.records import by_type, kind_records, node_records, of_type, relation_records, table_relations

if TYPE_CHECKING:
    from kg.tables import Graph

FINISH = "finish.cypher"
IMPORT = "import.sh"
_TYPES: dict[schema.PropertyType, str] = {
    "string": "string",
    "integer": "long",
    "float": "double",
    "strings": "string[]",
    "integers": "long[]",
}
#: Tried in this order; the importer wants one character of the basic plane, and not of its own use.
_SEPARATORS = (";", "|", "\x1f", "\x1e", *map(chr, range(0xE000, 0xF8FF)))
#: The importer's buffer, in bytes, must hold any field.
_BUFFER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Exported:
    """The folder that was written, the command that imports it, and what it could not express."""

    folder: Path
    command: str
    notes: tuple[str, ...]


def export(
    graph: Graph, folder: str | Path, *, namespace: str = DEFAULT_NAMESPACE, database: str = "neo4j"
) -> Exported:
    """Write ``graph`` to ``folder``, which must be absent or empty.

    Beside the tables it gets ``import.sh``, the command that imports them into ``database`` of a server
    that is stopped, and ``finish.cypher`` for afterwards. UsageError where the folder holds something,
    DiskError where the disk refuses.
    """
    place = Path(folder)
    space = prefix(namespace)
    # A name like any other, but it goes into a shell script.
    if not database.replace("-", "").replace(".", "").isalnum() or not database.isascii():
        raise UsageError(
            "a database's name has letters, digits, dots and dashes only; give another --database"
        )
    try:
        place.mkdir(parents=True, exist_ok=True)
        if any(place.iterdir()):
            raise UsageError(f"{place} is not empty: name a new folder")
        with _emptied_on_failure(place):
            writer = _Writer(place, space, _separator(graph))
            arguments = [*_nodes(writer, graph), *_relations(writer, graph)]
            command = _command(arguments, writer, database)
            _put(place / IMPORT, [f'#!/bin/sh\nset -eu\ncd "$(dirname "$0")"\nexec {command}\n'])
            (place / IMPORT).chmod(0o755)
            _put(place / FINISH, (f"{line};\n" for line in _finish()))
    except OSError as error:
        raise disk_error(f"{place} cannot be written", error) from error
    return Exported(place, str(place / IMPORT), tuple(writer.notes()))


@contextlib.contextmanager
def _emptied_on_failure(place: Path) -> Iterator[None]:
    """Take away what was written to ``place``, which was empty, if not all of it could be."""
    try:
        yield
    except BaseException:
        for file in place.iterdir():
            file.unlink()
        raise


def _separator(graph: Graph) -> str:
    free = dict.fromkeys(_SEPARATORS)
    for record in _records(graph):
        for value in record.properties.values():
            if isinstance(value, list):
                for item in value:
                    for character in set(item) if isinstance(item, str) else ():
                        free.pop(character, None)
    if not free:
        raise UsageError("the lists of this graph use every character that could separate their items")
    return next(iter(free))


def _records(graph: Graph) -> Iterator[NodeRecord | RelationRecord]:
    yield from node_records(graph.tables)
    yield from relation_records(graph.tables)


class _Writer:
    """Writes one table a call, and remembers the longest field and what was lost."""

    def __init__(self, place: Path, space: str, separator: str) -> None:
        self.place = place
        self.space = space
        self.separator = separator
        self.longest = 0
        self._lost: dict[str, int] = {}

    def table(self, name: str, heads: Iterable[str], rows: Iterable[list[str]]) -> str:
        """Write header and data of the table ``name``; return them as the importer's argument."""
        header, data = f"{name}-header.csv", f"{name}.csv"
        _put(self.place / header, [",".join(heads) + "\n"])
        _put(self.place / data, (",".join(row) + "\n" for row in rows))
        return f"{header},{data}"

    def fields(
        self, record: NodeRecord | RelationRecord, properties: tuple[schema.Property, ...]
    ) -> Iterator[str]:
        """Yield the declared properties of ``record`` as fields."""
        for p in properties:
            value = record.properties.get(p.name)
            if value == [""]:
                self._lost[p.name] = self._lost.get(p.name, 0) + 1
            yield self._field(value)

    def _field(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, list):
            value = self.separator.join(map(str, value))
        elif isinstance(value, float):
            return _number(value)
        elif not isinstance(value, str):
            return str(value)
        return self.text(value)

    def text(self, value: str) -> str:
        """Return ``value`` as a quoted field."""
        self.longest = max(self.longest, 4 * len(value))
        doubled = value.replace('"', '""')
        return f'"{doubled}"'

    def notes(self) -> Iterator[str]:
        """Tell what the format cannot express."""
        for name, count in sorted(self._lost.items()):
            yield (
                f"{count:,} × {name}: a list of one empty text comes back empty, since the importer cannot "
                "tell them apart; `kg load` into the same namespace puts it right"
            )


def _number(value: float) -> str:
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "NaN" if math.isnan(value) else repr(value)


def _nodes(writer: _Writer, graph: Graph) -> Iterator[str]:
    for kind in schema.NODES:
        heads = [f"{KEY}:ID(kg)", *_heads(kind.properties)]
        for label, table in by_type(graph.tables[kind.table], kind):
            rows = (
                [writer.text(key(writer.space, *node.key)), *writer.fields(node, kind.properties)]
                for node in kind_records(table, kind)
            )
            labels = ":".join(dict.fromkeys((NODE_LABEL, kind.label, label)))
            yield f"--nodes={labels}={writer.table(label, heads, rows)}"


def _relations(writer: _Writer, graph: Graph) -> Iterator[str]:
    for kind in schema.RELATIONS:
        heads = [":START_ID(kg)", ":END_ID(kg)", f"{KEY}:string", *_heads(kind.properties)]
        rows = (
            [
                writer.text(key(writer.space, *relation.source)),
                writer.text(key(writer.space, *relation.target)),
                writer.text(key(writer.space, kind.name, relation.properties["id"])),
                *writer.fields(relation, kind.properties),
            ]
            for relation in table_relations(of_type(graph.tables[kind.table], kind))
        )
        yield f"--relationships={kind.name}={writer.table(kind.name, heads, rows)}"


def _heads(properties: tuple[schema.Property, ...]) -> list[str]:
    return [f"{p.name}:{_TYPES[p.type]}" for p in properties]


def _command(arguments: list[str], writer: _Writer, database: str) -> str:
    options = [
        "--id-type=string",
        "--multiline-fields=true",
        f"--array-delimiter=U+{ord(writer.separator):04X}",
        f"--read-buffer-size={max(_BUFFER, 2 * writer.longest)}",
    ]
    words = ["database", "import", "full", database, *options, *arguments]
    # "$@" takes what the person at the server adds, as --overwrite-destination.
    return '"${NEO4J_ADMIN:-neo4j-admin}" ' + " ".join(map(shlex.quote, words)) + ' "$@"'


def _finish() -> Iterator[str]:
    for rule in rules():
        yield rule.statement
    for kind in schema.NODES:
        for name in _lists(kind.properties):
            yield _emptied(f"(x:{NODE_LABEL}:`{kind.label}`)", name)
    for relation in schema.RELATIONS:
        for name in _lists(relation.properties):
            yield _emptied(f"()-[x:`{relation.name}`]->()", name)


def _lists(properties: tuple[schema.Property, ...]) -> list[str]:
    return [p.name for p in properties if p.required and _TYPES[p.type].endswith("[]")]


def _emptied(pattern: str, name: str) -> str:
    return f"MATCH {pattern} WHERE x.{KEY} IS NOT NULL AND x.`{name}` IS NULL SET x.`{name}` = []"


def _put(path: Path, parts: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(parts)
