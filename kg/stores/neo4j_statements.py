"""The Cypher of loading, made of the schema's names alone; all data goes in as parameters."""

from __future__ import annotations

from kg import schema
from kg.stores.neo4j_schema import KEY, LOCK_LABEL, NODE_LABEL

_OURS = f"MATCH (n:{NODE_LABEL}) WHERE n.{KEY} STARTS WITH $space"

LOCK = f"MERGE (l:{LOCK_LABEL} {{{KEY}: $space}}) SET l.held = true"
#: What names the constraints, and the indexes in use that belong to none.
RULES = (
    "SHOW CONSTRAINTS YIELD name RETURN name",
    "SHOW INDEXES YIELD name, state, owningConstraint "
    "WHERE state = 'ONLINE' AND owningConstraint IS NULL RETURN name",
)
BROKEN = "SHOW INDEXES YIELD name, state WHERE name IN $names AND state <> 'ONLINE' RETURN name ORDER BY name"
ANY_NODE = f"{_OURS} RETURN n.{KEY} LIMIT 1"
COUNT_NODES = f"{_OURS} RETURN count(n)"
NODE_KEYS = f"{_OURS} RETURN n.{KEY}"
READ_NODES = f"UNWIND $keys AS key MATCH (n:{NODE_LABEL} {{{KEY}: key}}) RETURN key, labels(n), properties(n)"

#: Both of one transaction: what nothing holds is deleted, what foreign relations hold is given up.
DELETE_NODES = f"UNWIND $keys AS key MATCH (n:{NODE_LABEL} {{{KEY}: key}}) WHERE NOT (n)--() DELETE n"
GIVE_UP_NODES = (
    f"UNWIND $keys AS key MATCH (n:{NODE_LABEL} {{{KEY}: key}}) "
    f"REMOVE n:{NODE_LABEL}, n.{KEY} RETURN count(n)"
)
SOME_NODE_KEYS = f"{_OURS} RETURN n.{KEY} LIMIT $most"

#: Relations of ours whose type the schema no longer has. A scan: run only where such a type exists.
RELATION_TYPES = "CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType"
_OLD = f"MATCH (:{NODE_LABEL})-[r]->() WHERE r.{KEY} STARTS WITH $space AND NOT type(r) IN $types"
COUNT_OLD_RELATIONS = f"{_OLD} RETURN count(r)"
DELETE_OLD_RELATIONS = f"{_OLD} WITH r LIMIT $most DELETE r RETURN count(*)"


def write_nodes(kind: schema.NodeKind, labels: tuple[str, ...], *, strip: bool) -> str:
    """Return how nodes of ``kind`` get their properties and ``labels``; ``strip`` takes the others away."""
    others = [label for label in dict(kind.type_labels).values() if label not in labels] if strip else []
    remove = f" REMOVE n{_labels(others)}" if others else ""
    return (
        f"UNWIND $rows AS row MERGE (n:{NODE_LABEL} {{{KEY}: row.key}}) "
        f"SET n{_labels(labels)}, n += row.properties{remove} RETURN count(n)"
    )


def _labels(labels: tuple[str, ...] | list[str]) -> str:
    return "".join(f":`{label}`" for label in labels)


def count_label(label: str) -> str:
    """Return how the nodes whose keys start with ``$space`` and that have ``label`` are counted."""
    return f"MATCH (n:{NODE_LABEL}) WHERE n.{KEY} STARTS WITH $space AND n:`{label}` RETURN count(n)"


def write_relations(type_: str) -> str:
    """Return how relations of ``type_`` are made or changed; one whose end is missing is not counted."""
    return (
        f"UNWIND $rows AS row MATCH (a:{NODE_LABEL} {{{KEY}: row.source}}) "
        f"MATCH (b:{NODE_LABEL} {{{KEY}: row.target}}) "
        f"MERGE (a)-[r:`{type_}` {{{KEY}: row.key}}]->(b) SET r += row.properties RETURN count(r)"
    )


def read_relations(type_: str) -> str:
    """Return how relations of ``type_`` are read by their keys, with the keys of their ends."""
    return (
        f"UNWIND $keys AS key MATCH (a)-[r:`{type_}` {{{KEY}: key}}]->(b) "
        f"RETURN key, a.{KEY}, b.{KEY}, properties(r)"
    )


def _ours(type_: str) -> str:
    return f"MATCH ()-[r:`{type_}`]->() WHERE r.{KEY} STARTS WITH $space"


def any_relation(type_: str) -> str:
    """Return how one key of a relation of ``type_`` is found, if there is any."""
    return f"{_ours(type_)} RETURN r.{KEY} LIMIT 1"


def count_relations(type_: str) -> str:
    """Return how relations of ``type_`` are counted."""
    return f"{_ours(type_)} RETURN count(r)"


def relation_keys(type_: str) -> str:
    """Return how the keys of all relations of ``type_`` are read."""
    return f"{_ours(type_)} RETURN r.{KEY}"


def some_relation_keys(type_: str) -> str:
    """Return how at most ``$most`` keys of relations of ``type_`` are read."""
    return f"{_ours(type_)} RETURN r.{KEY} LIMIT $most"


def delete_relations(type_: str) -> str:
    """Return how the relations of ``type_`` with these keys are deleted."""
    return f"UNWIND $keys AS key MATCH ()-[r:`{type_}` {{{KEY}: key}}]->() DELETE r"
