"""The rules that every graph keeps, checked over its tables (`Graph.check`).

Each rule is written against the tables alone, so that a graph from any builder can be checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kg import model, schema
from kg.errors import shown
from kg.tables import MERGES, RELATION_KEY, arrow_schema, columns, key_columns, relation_id, table_names

if TYPE_CHECKING:
    import pyarrow as pa

_EDGES = "paper_concept"
_STATEMENTS = "paper_result"


def violations(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """Yield one line for each thing in ``tables`` that breaks a rule; nothing where all is well.

    Where a table has not its declared form, nothing further is looked at.
    """
    broken = list(_forms(tables))
    yield from broken
    if broken:
        return
    for name in table_names():
        yield from _keys(name, tables[name])
    labels = _labels(tables)
    for name in schema.relation_tables():
        yield from _relations(name, tables[name], labels)
        yield from _properties(name, tables[name])
    yield from _papers(tables["papers"])
    yield from _concepts(tables["concepts"], tables[_EDGES])
    yield from _edges(tables[_EDGES])
    texts: dict[tuple[str, str], str] = {
        (id_, field): text
        for field in model.FIELDS
        for id_, text in zip(_values(tables["papers"], "id"), _values(tables["papers"], field), strict=True)
    }
    for name in (_EDGES, _STATEMENTS):
        yield from _evidence(name, tables[name], texts)
    yield from _surfaces(tables[_EDGES], texts)
    yield from _results(tables, texts)
    for what in sorted(set(_values(tables[MERGES], "what")) - {"paper", "name"}):
        yield f"merges: no thing called {shown(what)} is merged"


def _forms(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    for name in sorted(set(tables) ^ set(table_names())):
        yield f"table {shown(name)} is {'not declared' if name in tables else 'missing'}"
    for name in sorted(set(tables) & set(table_names())):
        want, have = arrow_schema(name), tables[name].schema
        if have.names != want.names:
            yield f"{name}: columns are {', '.join(have.names)}, not {', '.join(want.names)}"
            continue
        for field in want:
            if have.field(field.name).type != field.type:
                yield f"{name}.{field.name} is {have.field(field.name).type}, not {field.type}"
        for column in columns(name):
            if column.required and (nulls := tables[name][column.name].null_count):
                yield f"{name}.{column.name} is null in {nulls} rows"


def _keys(name: str, table: pa.Table) -> Iterator[str]:
    keys = zip(*(_values(table, column) for column in key_columns(name)), strict=True)
    for before, after in pairwise(keys):
        if before == after:
            yield f"{name}: two rows have the key {_named(after)}"
        elif before > after:
            yield f"{name}: {_named(after)} comes after {_named(before)}"


def _labels(tables: Mapping[str, pa.Table]) -> dict[str, set[str]]:
    """Return the ids of the nodes that carry each label."""
    labels: dict[str, set[str]] = {}
    for node in schema.NODES:
        ids = _values(tables[node.table], "id")
        labels[node.label] = set(ids)
        if node.type_labels:
            types = _values(tables[node.table], "type")
            for type_, label in node.type_labels:
                labels[label] = {id_ for id_, t in zip(ids, types, strict=True) if t == type_}
    return labels


def _relations(name: str, table: pa.Table, labels: Mapping[str, set[str]]) -> Iterator[str]:
    kinds = {kind.name: kind for kind in schema.relation_tables()[name]}
    ends = {
        kind.name: tuple(
            set().union(*(labels[label] for label in side)) for side in (kind.sources, kind.targets)
        )
        for kind in kinds.values()
    }
    for type_, from_, to, id_ in zip(
        *(_values(table, column) for column in ("type", "from", "to", "id")), strict=True
    ):
        where = f"{name}: {_named((type_, from_, to))}"
        if type_ not in kinds:
            yield f"{where} is of a type that this table does not hold"
            continue
        kind = kinds[type_]
        if from_ not in ends[type_][0]:
            yield f"{where} starts at no {' or '.join(kind.sources)}"
        if to not in ends[type_][1]:
            yield f"{where} ends at no {' or '.join(kind.targets)}"
        if id_ != relation_id(type_, from_, to):
            yield f"{where} has the id {shown(id_)}, which is not the digest of its ends"


def _properties(name: str, table: pa.Table) -> Iterator[str]:
    """Yield where a relation lacks a property that its type must have, or has one that is not its own."""
    own = {k.name: {p.name: p.required for p in k.properties} for k in schema.relation_tables()[name]}
    types = _values(table, "type")
    for column in columns(name)[len(RELATION_KEY) :]:
        if column.required:
            continue  # null in no row, as its form was found to say
        valid = table[column.name].is_valid().to_pylist()
        for row, (type_, present) in enumerate(zip(types, valid, strict=True)):
            required = own.get(type_, {}).get(column.name)
            if present and required is None:
                yield f"{name}: row {row} is a {type_}, which has no property {column.name}"
            elif not present and required:
                yield f"{name}: row {row} is a {type_} without the property {column.name}"


def _papers(table: pa.Table) -> Iterator[str]:
    for id_, ids, source, listings in _rows(table, "id", "ids", "source", "listings"):
        if id_ not in ids or source not in listings:
            yield f"papers: {shown(id_)} is missing from its own ids, or its source from its listings"


def _concepts(table: pa.Table, edges: pa.Table) -> Iterator[str]:
    spoken = Counter(_values(edges, "to"))
    for id_, type_, aliases, counts, types, papers in _rows(
        table, "id", "type", "aliases", "alias_counts", "alias_types", "paper_count"
    ):
        if type_ not in schema.TYPE_LABELS:
            yield f"concepts: {shown(id_)} has the unknown type {shown(type_)}"
        if not len(aliases) == len(counts) == len(types) or len(set(aliases)) != len(aliases):
            yield f"concepts: the aliases of {shown(id_)} repeat, or do not run parallel"
        if papers != spoken[id_]:
            yield f"concepts: {shown(id_)} counts {papers} papers, {spoken[id_]} speak of it"


def _edges(table: pa.Table) -> Iterator[str]:
    pairs = Counter(zip(_values(table, "from"), _values(table, "to"), strict=True))
    for pair, n in pairs.items():
        if n > 1:
            yield f"{_EDGES}: {_named(pair)} are joined {n} times"
    for id_, confidence, count, read_as in _rows(table, "id", "confidence", "count", "read_as"):
        if not 0 <= confidence <= 1 or count < 1 or read_as not in schema.TYPE_LABELS:
            yield f"{_EDGES}: {shown(id_)} has an impossible confidence, count or read_as"


def _evidence(name: str, table: pa.Table, texts: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for paper, field, start, end, quote, quote_start, quote_end in _rows(
        table, "from", "field", "start", "end", "quote", "quote_start", "quote_end"
    ):
        text = texts.get((paper, field), "")
        where = f"{name}: in the {field} of {shown(paper)}, {start} to {end}"
        if not 0 <= quote_start <= start < end <= quote_end <= len(text):
            yield f"{where} is not inside its quote {quote_start} to {quote_end}, or not inside the text"
        elif text[quote_start:quote_end] != quote:
            yield f"{where} does not have the quote {shown(quote)}"


def _surfaces(edges: pa.Table, texts: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for paper, field, start, end, surfaces, count in _rows(
        edges, "from", "field", "start", "end", "surfaces", "count"
    ):
        mention = texts.get((paper, field), "")[start:end]
        if mention not in surfaces:
            yield f"{_EDGES}: {shown(mention)} in {shown(paper)} is none of the surfaces"
        if surfaces != sorted(set(surfaces)) or count < len(surfaces):
            yield f"{_EDGES}: the surfaces of {shown(mention)} in {shown(paper)} are unsorted or too many"


def _results(tables: Mapping[str, pa.Table], texts: Mapping[tuple[str, str], str]) -> Iterator[str]:
    values = dict(_rows(tables["results"], "id", "value"))
    stated = Counter(_values(tables[_STATEMENTS], "to"))
    for id_ in values:
        if stated[id_] != 1:
            yield f"results: {shown(id_)} is stated by {stated[id_]} papers, not by one"
    for paper, result, field, start, end in _rows(tables[_STATEMENTS], "from", "to", "field", "start", "end"):
        value = texts.get((paper, field), "")[start:end]
        if value != values.get(result):
            yield f"{_STATEMENTS}: {shown(value)} in {shown(paper)} is not the value of {shown(result)}"
    allowed = {"absolute", "improvement"}
    for kind in sorted(set(_values(tables["results"], "kind")) - allowed):
        yield f"results: no kind is called {shown(kind)}"


def _values(table: pa.Table, column: str) -> list[Any]:
    return table[column].to_pylist()


def _rows(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(_values(table, name) for name in names), strict=True)


def _named(key: tuple[Any, ...]) -> str:
    return ", ".join(shown(str(part)) for part in key)
