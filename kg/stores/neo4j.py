"""Neo4j, over its own driver: connecting, asking, reading back. Loading is in `kg.stores.neo4j_load`.

Nothing of the driver leaves this module: what is asked comes back as plain values without the label
``KgNode`` and the property ``kg_key`` (see `kg.stores.neo4j_schema`), what fails as a `kg.errors` error.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from kg import schema
from kg.errors import KgError, StoreError, UsageError, shown
from kg.stores import Answer, NodeRecord, Options, RelationRecord
from kg.stores.neo4j_schema import DEFAULT_NAMESPACE, KEY, NODE_LABEL, prefix
from kg.stores.neo4j_values import plain
from kg.stores.parameters import checked

if TYPE_CHECKING:
    import neo4j

#: Seconds to wait for a connection, and to try again after a fault that passes.
PATIENCE = 10.0
_PLACE = re.compile(r" ?\(line (\d+), column (\d+) \(offset: \d+\)\)")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a server is and how it is named in messages; holds no password."""

    url: str
    user: str
    database: str | None
    namespace: str
    patience: float

    def __str__(self) -> str:
        return self.url


class Connection:
    """A driver and where it leads. Use as a context; every error inside `talking` is one of ours."""

    def __init__(self, target: Target, driver: neo4j.Driver) -> None:
        self.target = target
        self._driver = driver

    def session(self, *, write: bool) -> neo4j.Session:
        """Return a session for reading, or for ``write``."""
        import neo4j

        mode = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
        return self._driver.session(database=self.target.database, default_access_mode=mode)

    @contextmanager
    def talking(self, timeout: float | None = None, *, asked: bool = False) -> Iterator[None]:
        """Turn what the driver raises inside into a KgError.

        ``timeout`` is the query's own, in seconds; ``asked`` says that the query is a person's, so that
        what is wrong with it is a wrong call.
        """
        from neo4j.exceptions import DriverError, Neo4jError

        try:
            yield
        except (DriverError, Neo4jError, OSError) as error:
            raise _meaning(error, self.target, timeout, asked=asked) from error

    def close(self) -> None:
        """Close every connection; a second call does nothing."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()


def dial(url: str, options: Options) -> Connection:
    """Connect to the server at ``url`` and see that it answers, in the time that ``options`` allow.

    What ``options`` leave open comes from ``NEO4J_USERNAME``, ``NEO4J_PASSWORD`` and
    ``NEO4J_DATABASE``. UsageError for a bad address, StoreError where there is no such server, user,
    password or database.
    """
    import neo4j

    target = _target(url, options)
    password = options.password or os.environ.get("NEO4J_PASSWORD")
    logger = logging.getLogger("neo4j")
    if logger.level == logging.NOTSET:
        # The driver logs each fault that is raised too, and each remark that an answer's notes carry.
        logger.setLevel(logging.CRITICAL)
    try:
        driver = neo4j.GraphDatabase.driver(
            url,
            auth=(target.user, password) if password else None,
            connection_timeout=target.patience,
            connection_acquisition_timeout=target.patience,
            max_transaction_retry_time=target.patience,
            connection_write_timeout=max(target.patience, 60.0),
            notifications_min_severity="WARNING",
            telemetry_disabled=True,
            user_agent="kg",
        )
    except (ValueError, neo4j.exceptions.DriverError) as error:
        raise UsageError(f"{target} is no address of a Neo4j server: {told(error)}") from error
    connection = Connection(target, driver)
    try:
        with connection.talking(target.patience), connection.session(write=False) as session:
            session.run(neo4j.Query("RETURN 1", timeout=target.patience)).consume()
    except BaseException:
        connection.close()
        raise
    return connection


def _target(url: str, options: Options) -> Target:
    try:
        parts = urlsplit(url)
        named = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        named = None
    if "@" in url:
        # Neither echoed nor used: an address goes into histories, logs and messages.
        raise UsageError(
            "the server's address holds a user or a password: give them as NEO4J_USERNAME and NEO4J_PASSWORD"
        )
    if not named:
        raise UsageError(f"{shown(url)} is no address of a server; write for example bolt://localhost:7687")
    user = options.user or os.environ.get("NEO4J_USERNAME") or os.environ.get("NEO4J_USER") or "neo4j"
    namespace = options.namespace or DEFAULT_NAMESPACE
    prefix(namespace)
    database = options.database or os.environ.get("NEO4J_DATABASE") or None
    return Target(url, user, database, namespace, options.timeout or PATIENCE)


def _meaning(error: Exception, target: Target, timeout: float | None, *, asked: bool) -> KgError:
    """Return what ``error`` of the driver means for a person, and what to do."""
    code = str(getattr(error, "code", None) or "")
    name = code.rpartition(".")[2]
    known = {
        "Unauthorized": f"{target} refuses user {shown(target.user)} with this password: set NEO4J_USERNAME "
        "and NEO4J_PASSWORD",
        "AuthenticationRateLimit": f"{target} saw too many wrong passwords and now refuses even the right "
        "one: wait some seconds, then try again",
        "CredentialsExpired": f"the password of {shown(target.user)} at {target} must be changed first, for "
        "example in the Browser",
        "DatabaseNotFound": f"{target} has no database {shown(target.database or '')}: name one that it has "
        "in NEO4J_DATABASE, or as the database of the call",
        "WriteOnReadOnlyAccessDatabase": f"the database at {target} is read only: load into another one",
        "ForbiddenOnReadOnlyDatabase": f"the database at {target} is read only: load into another one",
    }
    if name in known:
        return StoreError(known[name])
    if out_of_time(error) and not asked:
        within = f" within {timeout:g} s" if timeout else " in time"
        return StoreError(f"{target} did not answer{within}: it is busy; allow it more time, or try later")
    if out_of_time(error):
        limit = f" than {timeout} s" if timeout else " than it may"
        return StoreError(f"the query took longer{limit} and was stopped: allow it more, or narrow it down")
    if name == "AccessMode":
        return UsageError("this query would change the database: add --write if it is meant to")
    if asked and code.startswith(
        ("Neo.ClientError.Statement.", "Neo.ClientError.Procedure.", "Neo.ClientError.Schema.")
    ):
        return UsageError(_about_query(error, syntax=name == "SyntaxError"))
    if not code:
        return StoreError(f"{target} cannot be reached: {_reason(error)}; {_advice(target)}")
    return StoreError(f"{target} says: {told(error)}")


def out_of_time(error: BaseException) -> bool:
    """Say whether the server ended a transaction because its time was up, working or waiting for a lock."""
    name = str(getattr(error, "code", None) or "").rpartition(".")[2]
    return name in {"TransactionTimedOut", "TransactionTimedOutClientConfiguration", "LockClientStopped"}


def _about_query(error: Exception, *, syntax: bool) -> str:
    message = told(error)
    place = _PLACE.search(str(getattr(error, "message", "")))
    where = f" in line {place[1]}, column {place[2]}" if place else ""
    lead = f"Cypher syntax{where}" if syntax else f"the query cannot be answered{where}"
    return f"{lead}: {_PLACE.sub('', message)}"


def _reason(error: BaseException) -> str:
    """Return the innermost thing that went wrong: what the system said, where it said anything."""
    found, inner = error, error.__cause__ or error.__context__
    while inner is not None:
        if isinstance(inner, OSError):
            found = inner
        inner = inner.__cause__ or inner.__context__
    said = found.strerror if isinstance(found, OSError) else None
    return said if said and said.isprintable() else told(found)


def _advice(target: Target) -> str:
    if "+s" in target.url.partition("://")[0]:
        return "is the server running, and does it speak TLS there? (without TLS the address has no +s)"
    return "is the server running there?"


def told(error: BaseException) -> str:
    """Return the first line of what the driver or the server says, fit for a terminal."""
    # Only what the server says has a code, and its message in a field without the codes.
    said = getattr(error, "message", None) if getattr(error, "code", None) else None
    text = str(said or error) or type(error).__name__
    return shown(next(iter(text.splitlines()), ""), 300)[1:-1].rstrip(":")


def connect(place: str, options: Options) -> Neo4jStore:
    """Open the server at ``place`` for asking; see `dial`."""
    return Neo4jStore(dial(place, options))


class Neo4jStore:
    """A graph in a Neo4j server.

    `cypher` asks the whole database; `nodes` and `relations` read back the graph of one namespace.
    """

    name = "neo4j"
    speaks_cypher = True

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._space = prefix(connection.target.namespace)

    def cypher(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Answer:
        """See `kg.stores.Store.cypher`."""
        import neo4j

        values = checked(text, parameters)
        if not text.strip():
            raise UsageError("the query is empty")
        # A query is a person's; what it is about comes in as parameters.
        query = neo4j.Query(text, timeout=timeout)
        rows: list[tuple[Any, ...]] = []
        notes: list[str] = []
        with self._connection.talking(timeout, asked=True), self._connection.session(write=write) as session:
            result = session.run(query, values)
            columns = tuple(result.keys())
            for record in result:
                if limit is not None and len(rows) == limit:
                    notes.append(f"only the first {limit:,} rows are shown; there are more")
                    break
                rows.append(tuple(plain(value) for value in record.values()))
            notes += _remarks(result.consume())
        return Answer(columns, rows, tuple(notes))

    def nodes(self) -> Iterator[NodeRecord]:
        """Read every node of the namespace back."""
        query = f"MATCH (n:{NODE_LABEL}) WHERE n.{KEY} STARTS WITH $space RETURN n"
        for (node,) in self._rows(query):
            yield NodeRecord(_home(node["labels"]), tuple(node["labels"]), node["properties"])

    def relations(self) -> Iterator[RelationRecord]:
        """Read every relation of the namespace back."""
        query = (
            f"MATCH (a:{NODE_LABEL})-[r]->(b:{NODE_LABEL}) WHERE a.{KEY} STARTS WITH $space "
            f"AND r.{KEY} STARTS WITH $space RETURN labels(a), a.id, r, labels(b), b.id"
        )
        for source, from_, relation, target, to in self._rows(query):
            yield RelationRecord(
                relation["type"], (_home(source), from_), (_home(target), to), relation["properties"]
            )

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        with self._connection.talking(), self._connection.session(write=False) as session:
            # Made of constants alone.
            for record in session.run(query, space=self._space):
                yield tuple(plain(value) for value in record.values())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()


def _home(labels: list[str]) -> str:
    return next(kind.label for kind in schema.NODES if kind.label in labels)


def _remarks(summary: neo4j.ResultSummary) -> Iterator[str]:
    for status in summary.gql_status_objects:
        if status.is_notification:
            text = re.sub(r"^(?:warn|info): ", "", status.status_description)
            place = status.position
            yield shown(text, 300)[1:-1] + (f" (line {place.line}, column {place.column})" if place else "")
