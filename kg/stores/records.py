"""From tables to records: what `kg.schema` declares, row by row, as every store must hold it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from kg import schema
from kg.stores import NodeRecord, RelationRecord

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows turned into Python objects at a time: memory stays flat however large the table.
CHUNK = 4096


@cache
def home(label: str) -> schema.NodeKind:
    """Return the kind that declares ``label``, itself or as a type's label; KeyError where none does."""
    for kind in schema.NODES:
        if label == kind.label or label in dict(kind.type_labels).values():
            return kind
    raise KeyError(label)


@cache
def ends(kind: schema.RelationKind) -> tuple[schema.NodeKind, schema.NodeKind]:
    """Return the kinds of node that a relation leads from and to.

    ValueError where the schema allows two at one end: the tables name an end by its id alone.
    """
    homes = [{home(label).label for label in labels} for labels in (kind.sources, kind.targets)]
    if any(len(found) != 1 for found in homes):
        raise ValueError(f"{kind.name} must lead from one kind of node to one kind of node")
    source, target = (schema.node(min(found)) for found in homes)
    return source, target


@cache
def node_labels(kind: schema.NodeKind, type_: str | None) -> tuple[str, ...]:
    """Return the labels, sorted, of a node of ``kind`` whose ``type`` column says ``type_``."""
    further = (dict(kind.type_labels)[type_],) if type_ is not None and kind.type_labels else ()
    return tuple(sorted((kind.label, *further)))


def by_type(table: pa.Table, kind: schema.NodeKind) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of ``table`` by the most telling label of their nodes, as ``Method`` for a concept."""
    import pyarrow.compute as pc

    if not kind.type_labels:
        yield kind.label, table
    for type_, label in kind.type_labels:
        yield label, table.filter(pc.field("type") == type_)


def node_records(tables: Mapping[str, pa.Table]) -> Iterator[NodeRecord]:
    """Yield every node of the tables, in the schema's order and then the tables'."""
    for kind in schema.NODES:
        if kind.table in tables:
            yield from kind_records(tables[kind.table], kind)


def kind_records(table: pa.Table, kind: schema.NodeKind) -> Iterator[NodeRecord]:
    """Yield the rows of ``table`` as nodes of ``kind``."""
    for row in rows(table):
        labels = node_labels(kind, row.get("type") if kind.type_labels else None)
        yield NodeRecord(kind.label, labels, declared(row, kind.properties))


def of_type(table: pa.Table, kind: schema.RelationKind) -> pa.Table:
    """Return the rows of ``table`` that are relations of ``kind``."""
    import pyarrow.compute as pc

    return table.filter(pc.field("type") == kind.name)


def relation_records(tables: Mapping[str, pa.Table]) -> Iterator[RelationRecord]:
    """Yield every relation of the tables, in the schema's order and then the tables'."""
    for name in schema.relation_tables():
        if name in tables:
            yield from table_relations(tables[name])


def table_relations(table: pa.Table) -> Iterator[RelationRecord]:
    """Yield the rows of the relation table ``table``; KeyError for a type that is not declared."""
    for row in rows(table):
        kind = schema.relation(row["type"])
        source, target = ends(kind)
        yield RelationRecord(
            kind.name,
            (source.label, row["from"]),
            (target.label, row["to"]),
            declared(row, kind.properties),
        )


def rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``table`` as dictionaries, holding few of them at a time."""
    for batch in table.to_batches(max_chunksize=CHUNK):
        yield from batch.to_pylist()


def declared(row: Mapping[str, Any], properties: tuple[schema.Property, ...]) -> dict[str, Any]:
    """Return the values of ``row`` that are declared and not null."""
    return {p.name: row[p.name] for p in properties if row.get(p.name) is not None}
