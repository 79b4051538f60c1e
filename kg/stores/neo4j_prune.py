"""What leaves the database: what an earlier load made and the tables no longer have, or all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from kg import schema
from kg.stores import neo4j_statements as statements
from kg.stores.neo4j_changes import Change, Loaded
from kg.stores.neo4j_traffic import ROWS, Traffic
from kg.stores.records import of_type

if TYPE_CHECKING:
    import pyarrow as pa

    # Columns of strings; the stubs want the type of the scalars.
    Strings: TypeAlias = pa.ChunkedArray[Any]

_NODES = (statements.DELETE_NODES, statements.GIVE_UP_NODES)
#: The name under which relations are counted whose type the schema no longer has.
OLD = "of older kinds"


def prune(traffic: Traffic, tables: Mapping[str, pa.Table], loaded: Loaded) -> None:
    """Remove what is not in ``tables``, after these were loaded as ``loaded`` says."""
    for kind in schema.RELATIONS:
        _prune_relations(traffic, tables, kind, loaded.relations[kind.name])
    _prune_old_relations(traffic, loaded)
    _prune_nodes(traffic, tables, loaded)


def _prune_relations(
    traffic: Traffic, tables: Mapping[str, pa.Table], kind: schema.RelationKind, change: Change
) -> None:
    # All that the tables have is there by now: what is there besides is stale, and usually nothing is.
    stale = traffic.number(statements.count_relations(kind.name)) - _there(change, traffic)
    change.removed += stale
    if stale and not traffic.dry_run:
        ids = of_type(tables[kind.table], kind)["id"]
        keys = _stale(traffic, statements.relation_keys(kind.name), {kind.name: ids})
        traffic.delete([statements.delete_relations(kind.name)], keys)


def _prune_nodes(traffic: Traffic, tables: Mapping[str, pa.Table], loaded: Loaded) -> None:
    known = sum(_there(change, traffic) for change in loaded.nodes.values())
    if traffic.number(statements.COUNT_NODES) == known:
        return
    ids = {kind.label: tables[kind.table]["id"] for kind in schema.NODES}
    keys = _stale(traffic, statements.NODE_KEYS, ids)
    for key in keys:
        label = key[len(traffic.space) :].partition(":")[0]
        loaded.nodes.setdefault(label, Change()).removed += 1
    loaded.given_up += traffic.delete(_NODES, keys)


def _there(change: Change, traffic: Traffic) -> int:
    return change.updated + change.unchanged + (0 if traffic.dry_run else change.added)


def _stale(traffic: Traffic, query: str, kept: Mapping[str, Strings]) -> list[str]:
    """Return the keys that ``query`` answers whose ids are not ``kept`` under their label or type."""
    import pyarrow as pa
    import pyarrow.compute as pc

    there: dict[str, list[str]] = {}
    for (key,) in traffic.stream(query):
        name, _, id_ = key[len(traffic.space) :].partition(":")
        there.setdefault(name, []).append(id_)
    stale: list[str] = []
    for name, ids in sorted(there.items()):
        have = pa.array(ids, pa.string())
        if name in kept:
            have = have.filter(pc.invert(pc.is_in(have, value_set=kept[name].combine_chunks())))
        stale += [f"{traffic.space}{name}:{id_}" for id_ in have.to_pylist()]
    return stale


def _prune_old_relations(traffic: Traffic, loaded: Loaded) -> None:
    types = [kind.name for kind in schema.RELATIONS]
    if all(name in types for (name,) in traffic.read(statements.RELATION_TYPES)):
        return
    if traffic.dry_run:
        removed = traffic.number(statements.COUNT_OLD_RELATIONS, types=types)
    else:
        removed = 0
        while some := traffic.write(statements.DELETE_OLD_RELATIONS, types=types, most=ROWS):
            removed += some
    if removed:
        loaded.relations.setdefault(OLD, Change()).removed += removed


def wipe(traffic: Traffic, loaded: Loaded) -> None:
    """Remove everything of the namespace; in a dry run, count it."""
    for kind in schema.RELATIONS:
        loaded.relations[kind.name].removed = traffic.number(statements.count_relations(kind.name))
        while keys := _some(traffic, statements.some_relation_keys(kind.name)):
            traffic.delete([statements.delete_relations(kind.name)], keys)
    _prune_old_relations(traffic, loaded)
    for label, change in loaded.nodes.items():
        change.removed = traffic.number(statements.COUNT_NODES, space=f"{traffic.space}{label}:")
    while keys := _some(traffic, statements.SOME_NODE_KEYS):
        loaded.given_up += traffic.delete(_NODES, keys)


def _some(traffic: Traffic, query: str) -> list[str]:
    return [] if traffic.dry_run else [key for (key,) in traffic.read(query, most=ROWS)]
