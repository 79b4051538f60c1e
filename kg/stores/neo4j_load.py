"""Loading a graph into Neo4j: the difference between the tables and what lies there, and nothing else.

What is there is read and compared batch by batch, so that a second load of the same tables writes
nothing and a load that was cut off, wherever it was, is finished by the next one. Only what carries a
key of this namespace (`kg.stores.neo4j_schema`) is ever changed: foreign nodes and relations stay, and
so do properties and labels that others gave to nodes of ours. A node of ours that the build no longer
has but that foreign relations still hold is given up, not deleted: it loses our label and key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from kg import schema
from kg.errors import KgError, StoreError
from kg.stores import NodeRecord, Options, RelationRecord
from kg.stores import neo4j_statements as statements
from kg.stores.neo4j import Connection, dial
from kg.stores.neo4j_changes import Loaded
from kg.stores.neo4j_lock import Lock
from kg.stores.neo4j_prune import prune, wipe
from kg.stores.neo4j_schema import key, prefix, rules
from kg.stores.neo4j_traffic import Traffic, batches
from kg.stores.neo4j_values import plain
from kg.stores.records import by_type, kind_records, of_type, table_relations

if TYPE_CHECKING:
    from kg.tables import Graph

#: Told after each batch: the stage, how many rows of it are done, and of how many.
Progress: TypeAlias = Callable[[str, int, int], None]

#: How often a load looks again because the server gave up its lock.
_PASSES = 3
#: The first Neo4j whose free edition keeps a property of relations unique.
_OLDEST = (5, 7)


def load(
    graph: Graph,
    url: str,
    options: Options | None = None,
    *,
    replace: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Loaded:
    """Make the namespace in the database at ``url`` hold exactly ``graph``, and check that it does.

    ``replace`` removes what is there of the namespace first; ``dry_run`` writes nothing and says what
    would be done. StoreError where the server cannot be reached, refuses, or another load of the same
    namespace runs; what is done by then stays, and the next load goes on from there. KgError where the
    counts after the load are not the tables'.
    """
    with dial(url, options or Options()) as connection:
        space = prefix(connection.target.namespace)
        tell = progress or (lambda *_: None)
        if dry_run:
            with connection.talking(), connection.session(write=False) as session:
                return _pass(Traffic(session, space, dry_run=True), connection, graph, tell, replace)
        _make_rules(connection)
        for _ in range(_PASSES):
            with Lock(connection) as lock, connection.talking(), connection.session(write=True) as session:
                traffic = Traffic(session, space, dry_run=False)
                loaded = _pass(traffic, connection, graph, tell, replace)
                if lock.held():
                    _check(traffic, connection, graph)
                    loaded.notes += _missing_rules(traffic)
                    return loaded
            # The connection broke on the way and another load may have come in between: look again.
            replace = False
        raise StoreError(
            f"the connection to {url} keeps breaking: what is loaded stays; load again to finish"
        )


def _make_rules(connection: Connection) -> None:
    with connection.talking(), connection.session(write=True) as session:
        agent = session.run("RETURN 1").consume().server.agent
        version = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
        if version and (int(version[1]), int(version[2])) < _OLDEST:
            raise StoreError(f"{connection.target} is {agent}; loading needs Neo4j 5.7 or newer")
        there = {name for query in statements.RULES for (name,) in session.run(query)}
        missing = [rule for rule in rules() if rule.name not in there]
        for rule in missing:
            session.run(rule.statement).consume()
        for rule in missing:
            if rule.is_index:
                session.run("CALL db.awaitIndex($name, 300)", name=rule.name).consume()


def _missing_rules(traffic: Traffic) -> list[str]:
    names = [rule.name for rule in rules()]
    return [f"the index {name} is not in use" for (name,) in traffic.read(statements.BROKEN, names=names)]


def _pass(
    traffic: Traffic, connection: Connection, graph: Graph, progress: Progress, replace: bool
) -> Loaded:
    """Bring the database to the tables once, and return what that took."""
    loaded = Loaded(connection.target.namespace, traffic.dry_run)
    if replace:
        wipe(traffic, loaded)
    total = sum(graph.tables[kind.table].num_rows for kind in schema.NODES)
    done = 0
    for rows in _load_nodes(traffic, graph, loaded, wiped=replace):
        progress("nodes", done := done + rows, total)
    total = sum(graph.tables[name].num_rows for name in schema.relation_tables())
    done = 0
    for rows in _load_relations(traffic, graph, loaded, wiped=replace):
        progress("relations", done := done + rows, total)
    if not replace:
        prune(traffic, graph.tables, loaded)
    return loaded


def _load_nodes(traffic: Traffic, graph: Graph, loaded: Loaded, *, wiped: bool) -> Iterator[int]:
    for kind in schema.NODES:
        fresh = wiped or not traffic.read(statements.ANY_NODE, space=f"{traffic.space}{kind.label}:")
        for label, table in by_type(graph.tables[kind.table], kind):
            labels = tuple(sorted({kind.label, label}))
            make = statements.write_nodes(kind, labels, strip=False)
            change = statements.write_nodes(kind, labels, strip=True)
            for batch in batches(kind_records(table, kind)):
                rows = [_row(key(traffic.space, *node.key), node, kind.properties) for node in batch]
                found = {} if fresh else traffic.found(statements.READ_NODES, [row["key"] for row in rows])
                new = [row for row in rows if row["key"] not in found]
                changed = [
                    row
                    for row in rows
                    if row["key"] in found and _differs(row, found[row["key"]], kind, labels)
                ]
                traffic.put(make, new)
                traffic.put(change, changed)
                loaded.nodes[kind.label].tally(rows=len(rows), new=len(new), changed=len(changed))
                yield len(rows)


def _load_relations(traffic: Traffic, graph: Graph, loaded: Loaded, *, wiped: bool) -> Iterator[int]:
    for kind in schema.RELATIONS:
        fresh = wiped or not traffic.read(statements.any_relation(kind.name))
        for batch in batches(table_relations(of_type(graph.tables[kind.table], kind))):
            rows = [_relation_row(traffic.space, kind, relation) for relation in batch]
            keys = [row["key"] for row in rows]
            found = {} if fresh else traffic.found(statements.read_relations(kind.name), keys)
            # A relation cannot be led elsewhere: one with other ends makes way for a new one.
            moved = [row["key"] for row in rows if row["key"] in found and _moved(row, found[row["key"]])]
            traffic.delete([statements.delete_relations(kind.name)], moved)
            for k in moved:
                del found[k]
            new = [row for row in rows if row["key"] not in found]
            changed = [row for row in rows if row["key"] in found and not _same(row, found[row["key"]][-1])]
            for part in (new, changed):
                traffic.put(statements.write_relations(kind.name), part)
            loaded.relations[kind.name].tally(rows=len(rows), new=len(new), changed=len(changed))
            yield len(rows)


def _check(traffic: Traffic, connection: Connection, graph: Graph) -> None:
    """Raise KgError unless the database holds as many of each label and type as the tables."""
    there: dict[str, int] = {}
    for kind in schema.NODES:
        for label in (kind.label, *dict(kind.type_labels).values()):
            space = f"{traffic.space}{kind.label}:"
            there[label] = traffic.number(statements.count_label(label), space=space)
    for relation in schema.RELATIONS:
        there[relation.name] = traffic.number(statements.count_relations(relation.name))
    wrong = [
        f"{there[name]:,} {name} instead of {count:,}"
        for name, count in graph.counts().items()
        if there[name] != count
    ]
    if wrong:
        raise KgError(
            f"after the load {connection.target} holds {', '.join(wrong)}: something else changes the "
            "database; load again"
        )


def _row(
    key_: str, record: NodeRecord | RelationRecord, properties: tuple[schema.Property, ...]
) -> dict[str, Any]:
    # Every declared property: one that is null takes away what an earlier build had there.
    return {"key": key_, "properties": {p.name: record.properties.get(p.name) for p in properties}}


def _relation_row(space: str, kind: schema.RelationKind, relation: RelationRecord) -> dict[str, Any]:
    row = _row(key(space, kind.name, relation.properties["id"]), relation, kind.properties)
    row["source"] = key(space, *relation.source)
    row["target"] = key(space, *relation.target)
    return row


def _differs(
    row: Mapping[str, Any], found: Sequence[Any], kind: schema.NodeKind, labels: tuple[str, ...]
) -> bool:
    ours = {kind.label, *dict(kind.type_labels).values()}
    return ours.intersection(found[0]) != set(labels) or not _same(row, found[-1])


def _moved(row: Mapping[str, Any], found: Sequence[Any]) -> bool:
    return [row["source"], row["target"]] != list(found[:2])


def _same(row: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    return all(_exact(plain(there.get(name))) == _exact(value) for name, value in row["properties"].items())


def _exact(value: Any) -> Any:
    """Return a form of ``value`` that differs where 1, 1.0 and true, or 0.0 and -0.0, do."""
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return value if isinstance(value, str) else (type(value), repr(value))
