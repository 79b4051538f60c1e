"""The stores under the contract, graphs put into them, and the Neo4j server of the tests.

``KG_TEST_NEO4J_URI`` (with ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD``) names a server with an empty
database to use instead of one of our own. Where no server can be had or started the tests of Neo4j are
skipped, except with ``CI=true``, which ``.ci/run`` sets: there they fail.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NoReturn, TypeAlias

import neo4j
import pytest

from kg import stores
from kg.stores.neo4j_load import load
from kg.stores.neo4j_schema import prefix
from kg.tables import Graph

from .graphs import random_graph
from .server import PASSWORD, UnavailableError, running

#: Put a graph into a store, and return the store opened.
Fill: TypeAlias = Callable[[Graph], stores.Store]

#: What `asked` holds.
ASKED = random_graph(Random(3), nodes=40, relations=60)  # noqa: S311 - test data, no secret
SPEAKERS = ("kglite", "neo4j")


@dataclass(frozen=True)
class Database:
    """A server whose one database is ours to fill and to empty."""

    url: str
    user: str
    password: str
    driver: neo4j.Driver

    def options(self, namespace: str | None = None) -> stores.Options:
        """Return how `kg` reaches it."""
        return stores.Options(user=self.user, password=self.password, namespace=namespace, timeout=30)

    def run(self, query: str, **parameters: object) -> list[list[Any]]:
        """Return the rows of ``query``, asked with the driver itself."""
        records, _, _ = self.driver.execute_query(query, parameters)
        return [record.values() for record in records]

    def empty(self) -> None:
        """Delete everything."""
        self._delete("MATCH (n)")

    def remove(self, namespace: str) -> None:
        """Delete a graph, without asking `kg` to do it."""
        self._delete("MATCH (n:KgNode) WHERE n.kg_key STARTS WITH $space", space=prefix(namespace))

    def _delete(self, what: str, **parameters: object) -> None:
        with self.driver.session() as session:
            query = f"{what} CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 500 ROWS"
            session.run(query, parameters).consume()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return the server of the whole run, which no test may stop."""
    with ExitStack() as stack:
        url = os.environ.get("KG_TEST_NEO4J_URI", "")
        user, password = os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", PASSWORD)
        if not url:
            try:
                url = stack.enter_context(running(tmp_path_factory.mktemp("neo4j"))).url
            except UnavailableError as error:
                lacking(error)
            user, password = "neo4j", PASSWORD
        driver = stack.enter_context(neo4j.GraphDatabase.driver(url, auth=(user, password)))
        found = Database(url, user, password, driver)
        if found.run("MATCH (n) RETURN n LIMIT 1"):
            pytest.fail(f"the database at {url} is not empty, and the tests would empty it")
        yield found
        found.empty()


def lacking(error: UnavailableError | str) -> NoReturn:
    """Skip the test for want of what ``error`` names, or fail it where nothing may be wanting."""
    reason = f"no Neo4j server: {error}" if isinstance(error, UnavailableError) else error
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def database(server: Database) -> Database:
    """Return the server, emptied."""
    server.empty()
    return server


class Filler:
    """Puts graphs into new stores of one engine, each left alone by the others."""

    def __init__(self, name: str, folder: Path, request: pytest.FixtureRequest, opened: ExitStack) -> None:
        self._name = name
        self._folder = folder
        self._request = request
        self._opened = opened
        self._numbers = itertools.count()

    def __call__(self, graph: Graph) -> stores.Store:
        """Return an open store that holds ``graph``."""
        place = self._folder / f"graph{next(self._numbers)}"
        options = stores.Options()
        if self._name == "neo4j":
            server: Database = self._request.getfixturevalue("server")
            where, options = server.url, server.options(place.name)
            load(graph, where, options)
            self._opened.callback(server.remove, place.name)
        else:
            graph.save(place)
            where = f"networkx:{place}" if self._name == "networkx" else str(place)
        return self._opened.enter_context(stores.open(where, options))


@pytest.fixture(params=[engine.name for engine in stores.ENGINES])
def fill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fill]:
    """Return how to put a graph into each store in turn; a new one each time."""
    with ExitStack() as opened:
        yield Filler(request.param, tmp_path, request, opened)


@pytest.fixture(scope="module", params=SPEAKERS)
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[stores.Store]:
    """Return each store that speaks Cypher in turn, holding `ASKED`; tests must not write to it."""
    if request.param == "neo4j":
        request.getfixturevalue("server").empty()
    with ExitStack() as opened:
        yield Filler(request.param, tmp_path_factory.mktemp("asked"), request, opened)(ASKED)
