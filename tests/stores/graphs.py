"""Random graphs over the whole schema, with values that a store may get wrong, and what they hold."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from kg import schema
from kg.stores import NodeRecord, RelationRecord
from kg.tables import Graph, columns, relation_id

#: Text that looks like something else, or that is easily trimmed, folded, cut or run.
HOSTILE = (
    "",
    " ",
    "\t",
    " padded ",
    "line\nbreak\r\nand\rreturn",
    "nul\x00inside",
    "\x00",
    "\x1b[31mred\x07",
    "'single' \"double\" `back`",
    "back\\slash\\",
    "\\u0000 \\n \\N",
    "$parameter ${brace} {{mustache}} %s",
    "'}) DETACH DELETE n //",
    "`]->() MATCH (n) SET n.id = 1 /*",
    "; LOAD CSV FROM 'file:///x' AS l CREATE (:X)",
    "<script>alert(1)</script>&amp;",
    "=1+1",
    "a,b;c|d\te",
    '"a","b"',
    "[1, 2]",
    '{"a": 1}',
    "null",
    "None",
    "nan",
    "NaN",
    "true",
    "0",
    "01",
    "1",
    "1.0",
    "1e5",
    "-0",
    "inf",
    "2020-01-01",
    "2020-01-01T00:00:00",
    "P1D",
    "\N{GRINNING FACE}\N{ZERO WIDTH JOINER}\N{FEMALE SIGN}",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc\N{POP DIRECTIONAL FORMATTING} \N{ARABIC LETTER ALEF}",
    "e\N{COMBINING ACUTE ACCENT} \N{LATIN SMALL LETTER E WITH ACUTE}",
    "\N{LINE SEPARATOR}\N{ZERO WIDTH NO-BREAK SPACE}\N{REPLACEMENT CHARACTER}",
    "\U0010ffff\uffff\ue000",
    "\N{ARABIC-INDIC DIGIT ONE}",
    "type",
    "Paper",
)
INTEGERS = (0, 1, -1, 255, 2**31, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63))
FLOATS = (0.0, -0.0, 1.0, 0.1, -2.5, 1 / 3, 1e308, 5e-324, math.inf, -math.inf)


def random_text(random: Random) -> str:
    """Return a hostile text, two of them, or random code points without surrogates."""
    kind = random.random()
    if kind < 0.6:
        return random.choice(HOSTILE)
    if kind < 0.8:
        return random.choice(HOSTILE) + random.choice(HOSTILE)
    points = (random.choice((0x20, 0x7F, 0x2FF, 0xD7FF, 0x10FFFF)) for _ in range(random.randint(0, 12)))
    return "".join(chr(p) for p in (random.randint(0, top) for top in points) if not 0xD800 <= p < 0xE000)


def random_value(random: Random, type_: schema.PropertyType) -> Any:
    """Return a value of ``type_``."""
    if type_ == "string":
        return random_text(random)
    if type_ == "integer":
        return random.choice(INTEGERS)
    if type_ == "float":
        return random.choice(FLOATS)
    one: schema.PropertyType = "string" if type_ == "strings" else "integer"
    return [random_value(random, one) for _ in range(random.choice((0, 0, 1, 2, 5)))]


def random_graph(random: Random, nodes: int = 6, relations: int = 8) -> Graph:
    """Return a graph with up to ``nodes`` of each label and ``relations`` of each type."""
    rows: dict[str, list[list[Any]]] = {}
    ids: dict[str, list[str]] = {}
    for kind in schema.NODES:
        types = dict(kind.type_labels)
        for id_ in sorted({random_text(random) for _ in range(random.randint(0, nodes))}):
            row = _row(random, kind.table, kind.properties)
            row["id"] = id_
            ids.setdefault(kind.label, []).append(id_)
            if types:
                row["type"] = random.choice(sorted(types))
                ids.setdefault(types[row["type"]], []).append(id_)
            rows.setdefault(kind.table, []).append(list(row.values()))
    for relation in schema.RELATIONS:
        sources = [id_ for label in relation.sources for id_ in ids.get(label, [])]
        targets = [id_ for label in relation.targets for id_ in ids.get(label, [])]
        if not sources or not targets:
            continue
        pairs = {
            (random.choice(sources), random.choice(targets)) for _ in range(random.randint(0, relations))
        }
        for from_, to in sorted(pairs):
            row = _row(random, relation.table, relation.properties)
            row |= {"type": relation.name, "from": from_, "to": to}
            row["id"] = relation_id(relation.name, from_, to)
            rows.setdefault(relation.table, []).append(list(row.values()))
    return Graph.from_rows(rows)


def make_row(table: str, **values: Any) -> list[Any]:
    """Return a row of ``table`` with these values, and "" or null or nothing in the other columns."""
    empty: dict[str, Any] = {"string": "", "integer": 0, "float": 0.0, "strings": [], "integers": []}
    return [values.get(c.name, empty[c.type] if c.required else None) for c in columns(table)]


def _row(random: Random, table: str, own: tuple[schema.Property, ...]) -> dict[str, Any]:
    """Return random values for the columns of ``table`` that are ``own``, null for the others."""
    required = {p.name: p.required for p in own}
    return {
        c.name: random_value(random, c.type)
        if c.name in required and (required[c.name] or random.random() < 0.6)
        else None
        for c in columns(table)
    }


def expected_nodes(graph: Graph) -> list[NodeRecord]:
    """Return every node of the tables, sorted, written down without the stores' own code."""
    found = []
    for kind in schema.NODES:
        names = {p.name for p in kind.properties}
        for row in graph.tables[kind.table].to_pylist():
            labels = [kind.label] + ([dict(kind.type_labels)[row["type"]]] if kind.type_labels else [])
            values = {k: v for k, v in row.items() if k in names and v is not None}
            found.append(NodeRecord(kind.label, tuple(sorted(labels)), values))
    return sorted(found, key=lambda node: node.key)


def expected_relations(graph: Graph) -> list[RelationRecord]:
    """Return every relation of the tables, sorted, written down without the stores' own code."""
    parents = {label: kind.label for kind in schema.NODES for _, label in kind.type_labels}
    found = []
    for kind in schema.RELATIONS:
        names = {p.name for p in kind.properties}
        source, target = (parents.get(ends[0], ends[0]) for ends in (kind.sources, kind.targets))
        for row in graph.tables[kind.table].to_pylist():
            if row["type"] == kind.name:
                values = {k: v for k, v in row.items() if k in names and v is not None}
                found.append(RelationRecord(kind.name, (source, row["from"]), (target, row["to"]), values))
    return sorted(found, key=_order)


def sorted_relations(relations: Any) -> list[RelationRecord]:
    """Return ``relations`` in the order of `expected_relations`."""
    return sorted(relations, key=_order)


def _order(relation: RelationRecord) -> tuple[Any, ...]:
    return relation.type, relation.source, relation.target


def exact(value: Any) -> Any:
    """Return a form of ``value`` that is equal only where types, signs of zero and order are, too."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [exact(item) for item in value]
    return type(value).__name__, repr(value)
