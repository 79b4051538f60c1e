"""How a graph lies in Neo4j: keys of ours, and the constraints and indexes made from `kg.schema`.

Every node of a graph has the label ``KgNode`` beside its own and the property ``kg_key``, every
relation a ``kg_key``; both are unique, so that nothing else in the database is ever taken for ours, and
graphs of several namespaces lie side by side. A key is the length of the namespace, the namespace, the
label or type and the ``id``, so that no two things share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg import schema
from kg.errors import StoreError, UsageError, shown

NODE_LABEL = "KgNode"
#: A node of this label is made, locked and given up by a load that runs; none is ever committed.
LOCK_LABEL = "KgLoad"
KEY = "kg_key"
DEFAULT_NAMESPACE = "default"
_LONGEST_NAMESPACE = 200
#: UTF-8 bytes of an ``id``: Neo4j's indexes hold keys of about 8,000 bytes.
LONGEST_ID = 7_000


def prefix(namespace: str) -> str:
    """Return what every key in ``namespace`` starts with, and none in another; UsageError for a bad one."""
    if not namespace or len(namespace) > _LONGEST_NAMESPACE or not namespace.isprintable():
        raise UsageError(
            f"namespace {shown(namespace)} is not one: take 1 to {_LONGEST_NAMESPACE} printable characters"
        )
    return f"{len(namespace)}:{namespace}:"


def key(space: str, name: str, id_: str) -> str:
    """Return the key of the node with label, or the relation with type, ``name``; ``space`` is a `prefix`.

    StoreError where the ``id`` is too long for Neo4j's indexes.
    """
    # A quick look first: a code point has at most four bytes.
    if len(id_) * 4 > LONGEST_ID and len(id_.encode()) > LONGEST_ID:
        raise StoreError(
            f"{name} {shown(id_)} has an id of {len(id_.encode()):,} bytes, and Neo4j's indexes hold "
            f"{LONGEST_ID:,}: give it a shorter one in the input"
        )
    return f"{space}{name}:{id_}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint or index: its name and the statement that makes it where it is missing."""

    name: str
    statement: str
    is_index: bool


def rules() -> Iterator[Rule]:
    """Yield every constraint and index of a graph; the constraints, which loading needs, first."""
    for label in (NODE_LABEL, LOCK_LABEL):
        yield _rule(f"{label}_key", "CONSTRAINT", f"FOR (n:`{label}`) REQUIRE n.`{KEY}` IS UNIQUE")
    for relation in schema.RELATIONS:
        yield _rule(
            f"{relation.name}_key",
            "CONSTRAINT",
            f"FOR ()-[r:`{relation.name}`]-() REQUIRE r.`{KEY}` IS UNIQUE",
        )
    for kind in schema.NODES:
        for label in (kind.label, *dict(kind.type_labels).values()):
            yield _rule(f"{label}_id", "INDEX", f"FOR (n:`{label}`) ON (n.id)")
        if kind.full_text:
            names = ", ".join(f"n.`{name}`" for name in kind.full_text)
            yield _rule(f"{kind.label}_text", "FULLTEXT INDEX", f"FOR (n:`{kind.label}`) ON EACH [{names}]")


def _rule(name: str, what: str, body: str) -> Rule:
    plain = "kg_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return Rule(plain, f"CREATE {what} {plain} IF NOT EXISTS {body}", what.endswith("INDEX"))
