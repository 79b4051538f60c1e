"""Where a graph is kept for asking: one protocol, one module a store, opened by name or address.

`open` takes a graph folder (kglite, the embedded default), ``networkx:DIR`` or the address of a Neo4j
server. Adding a store is one module with a function ``connect`` and one row in `ENGINES`. What goes
in and out of a store is plain Python: no driver's type leaves its module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, Self, TypeAlias, cast

from kg.errors import UsageError, shown

#: A node's place: the label that declares it in `kg.schema` and its ``id``.
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query answers: the names of the columns, and the rows in order.

    Values are ``str``, ``int``, ``float``, ``bool``, ``None``, lists and dictionaries. A node is
    ``{"labels": [...], "properties": {...}}`` with its labels sorted, a relation ``{"type": ...,
    "properties": {...}}``, a path ``{"nodes": [...], "relations": [...], "forward": [...]}``, where
    ``forward`` says of each relation whether the path follows its direction. Dates and times are ISO
    8601 text. ``notes`` are the store's remarks for the reader: an unknown label, rows cut off.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A node as every store must hold it; ``labels`` are sorted, properties that are null absent."""

    label: str
    labels: tuple[str, ...]
    properties: Mapping[str, Any]

    @property
    def key(self) -> Key:
        """Where the node is found: no two nodes of a graph share it."""
        return self.label, cast("str", self.properties["id"])


@dataclass(frozen=True, slots=True)
class RelationRecord:
    """A relation as every store must hold it; properties that are null are absent."""

    type: str
    source: Key
    target: Key
    properties: Mapping[str, Any]


class Store(Protocol):
    """A graph that is kept somewhere and can be read back."""

    name: str
    #: Whether `cypher` answers; where it does not, it raises UsageError.
    speaks_cypher: bool

    def cypher(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Answer:
        """Return the answer to the Cypher query ``text``.

        ``timeout`` is in seconds; at most ``limit`` rows are returned, and a note says so where there
        were more. A query that changes the graph needs ``write``. UsageError where the query itself is
        wrong or may not write, StoreError where the store cannot answer, or not in time.
        """
        ...

    def nodes(self) -> Iterator[NodeRecord]:
        """Read every node of the graph back, in any order."""
        ...

    def relations(self) -> Iterator[RelationRecord]:
        """Read every relation of the graph back, in any order."""
        ...

    def close(self) -> None:
        """Let go of files and connections; a second call does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *reason: object) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to reach a store that is a server; files need none of it.

    ``timeout`` is how long to wait for a connection, in seconds. None stands for the environment's
    ``NEO4J_…`` variable, and then for the store's default. The password shows in no ``repr``.
    """

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    database: str | None = None
    namespace: str | None = None
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of store: the schemes of its addresses, and the module whose ``connect`` opens it."""

    name: str
    schemes: tuple[str, ...]
    module: str
    example: str


#: A place without a scheme is a path, and goes to the first.
ENGINES: tuple[Engine, ...] = (
    Engine("kglite", ("kglite",), "kg.stores.kglite", "a graph folder"),
    Engine("networkx", ("networkx",), "kg.stores.networkx", "networkx:FOLDER"),
    Engine(
        "neo4j",
        ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"),
        "kg.stores.neo4j",
        "bolt://localhost:7687",
    ),
)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(//)?")


def engine(where: str | Path) -> tuple[Engine, str]:
    """Return the engine for ``where``, and where that engine finds it; UsageError for a foreign scheme."""
    text = str(where)
    match = None if isinstance(where, Path) else _SCHEME.match(text)
    if match is None:
        return ENGINES[0], text
    scheme = match[1].lower()
    for choice in ENGINES:
        if scheme in choice.schemes:
            return choice, text if match[2] else text[match.end() :]
    if match[2]:
        examples = ", ".join(choice.example for choice in ENGINES)
        raise UsageError(f"no store has addresses like {shown(_without_user(text))}; give one of: {examples}")
    return ENGINES[0], text


def open(where: str | Path, options: Options | None = None) -> Store:  # noqa: A001 - read as stores.open(...)
    """Open the store at ``where`` for asking.

    UsageError where ``where`` is no store's address or no graph, StoreError where it is one that
    cannot be opened.
    """
    chosen, place = engine(where)
    connect = import_module(chosen.module).connect
    return cast("Store", connect(place, options or Options()))


def _without_user(address: str) -> str:
    """Return ``address`` fit for a message: what stands before an ``@`` may be a password."""
    scheme, separator, rest = address.partition("://")
    host = rest.rpartition("@")[2]
    return f"{scheme}{separator}{host}"
