"""What can go wrong with a server, and what is said about it; killed servers and killed loads."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import neo4j
import pytest

from kg import stores
from kg.errors import StoreError, UsageError
from kg.stores import neo4j_traffic
from kg.stores.neo4j_load import load
from kg.tables import Graph

from .conftest import Database, lacking
from .graphs import expected_nodes, expected_relations, random_graph
from .server import PASSWORD, Server, UnavailableError, free_port, running
from .test_neo4j_load import assert_holds

#: Seconds asked for, and seconds allowed on a busy machine; the driver alone would try for 30.
LIMIT, ALLOWED = 2.0, 20.0


def graph_of(seed: int) -> Graph:
    return random_graph(Random(seed), 60, 80)  # noqa: S311 - test data, no secret


@pytest.fixture
def silent() -> Iterator[int]:
    """Return the port of something that takes connections and never answers."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(16)
        yield mute.getsockname()[1]


def refused(url: str, options: stores.Options) -> str:
    """Return what `kg` says of a server that cannot be used, after seeing that it says it in time."""
    begun = time.monotonic()
    with pytest.raises(StoreError) as caught:
        stores.open(url, options)
    assert time.monotonic() - begun < ALLOWED
    message = str(caught.value)
    assert "\n" not in message
    assert "hunter2" not in message
    assert caught.value.exit_code == 4
    with pytest.raises(StoreError):
        load(Graph.from_rows({}), url, options)
    return message


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_wrong_password_is_told(database: Database, scheme: str) -> None:
    url = database.url.replace("bolt", scheme)
    options = stores.Options(user=f"ann-{scheme}", password="hunter2", timeout=LIMIT)  # noqa: S106 - wrong
    assert "refuses user “ann" in refused(url, options)
    assert "NEO4J_PASSWORD" in refused(url, stores.Options(user=f"eve-{scheme}", timeout=LIMIT))


@pytest.fixture
def mallory(database: Database) -> Iterator[str]:
    """Return the name of a user that may be locked out."""
    with database.driver.session(database="system") as session:
        session.run("CREATE USER mallory SET PASSWORD $own CHANGE NOT REQUIRED", own=PASSWORD).consume()
        yield "mallory"
        session.run("DROP USER mallory").consume()


def test_too_many_wrong_passwords_are_told(database: Database, mallory: str) -> None:
    wrong = stores.Options(user=mallory, password="hunter2", timeout=LIMIT)  # noqa: S106 - wrong
    # At once: the server forgets wrong ones after some seconds, which pass quickly on a busy machine.
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: refused(database.url, wrong), range(8)))
    assert any("refuses user “mallory”" in message for message in said)
    assert any("wait some seconds" in message for message in said)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s", "neo4j+ssc"])
def test_no_server_is_told(scheme: str) -> None:
    url = f"{scheme}://127.0.0.1:{free_port()}"
    assert "cannot be reached" in refused(url, stores.Options(password="hunter2", timeout=LIMIT))  # noqa: S106


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s"])
def test_a_server_that_never_answers_is_told(silent: int, scheme: str) -> None:
    url = f"{scheme}://127.0.0.1:{silent}"
    assert "cannot be reached" in refused(url, stores.Options(password="hunter2", timeout=LIMIT))  # noqa: S106


@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s", "neo4j+ssc"])
def test_tls_to_a_plain_port_is_told(database: Database, scheme: str) -> None:
    url = database.url.replace("bolt", scheme)
    said = refused(url, stores.Options(password=database.password, timeout=LIMIT))
    assert "TLS" in said


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_no_such_database_is_told(database: Database, scheme: str) -> None:
    options = stores.Options(
        user=database.user, password=database.password, database="nowhere", timeout=LIMIT
    )
    assert "no database “nowhere”" in refused(database.url.replace("bolt", scheme), options)


@pytest.mark.parametrize(
    "url",
    ["bolt://", "bolt://:7687", "bolt://127.0.0.1:99999", "bolt://127.0.0.1:x", "bolt://h:1/?a=b"],
)
def test_bad_addresses_are_told(url: str) -> None:
    with pytest.raises(UsageError, match="address"):
        stores.open(url, stores.Options(password="hunter2"))  # noqa: S106 - never sent


def test_a_password_in_the_address_is_refused_and_not_echoed() -> None:
    with pytest.raises(UsageError, match="NEO4J_PASSWORD") as caught:
        stores.open("bolt://ann:hunter2@127.0.0.1:7687")
    assert "hunter2" not in str(caught.value)


def test_the_environment_names_user_password_and_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", database.user)
    monkeypatch.setenv("NEO4J_PASSWORD", database.password)
    with stores.open(database.url) as store:
        assert store.cypher("RETURN 1 AS x").rows == [(1,)]
    monkeypatch.setenv("NEO4J_DATABASE", "nowhere")
    with pytest.raises(StoreError, match="nowhere"):
        stores.open(database.url)


def test_faults_are_not_logged(database: Database, capfd: pytest.CaptureFixture[str]) -> None:
    with stores.open(database.url, database.options()) as store:
        store.cypher("MATCH (n:Nowhere) RETURN n.nothing")
    with pytest.raises(StoreError):
        stores.open(f"bolt://127.0.0.1:{free_port()}", stores.Options(password="x", timeout=1))  # noqa: S106
    assert capfd.readouterr() == ("", "")


# Killed.


@pytest.fixture(scope="module")
def spare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server beside the other one, for `mortal`."""
    try:
        with running(tmp_path_factory.mktemp("mortal")) as server:
            yield server
    except UnavailableError as error:
        lacking(error)


@pytest.fixture
def mortal(spare: Server) -> Iterator[Server]:
    """Return a running server that the test may stop, kill and set up in another way."""
    if not spare.runs:
        spare.start()
    yield spare
    if spare.settings:
        spare.stop()
        spare.settings = ()


def test_a_read_only_database_is_told(mortal: Server) -> None:
    mortal.stop()
    mortal.settings = ("server.databases.read_only=neo4j",)
    mortal.start()
    options = stores.Options(password=PASSWORD, timeout=60)
    with pytest.raises(StoreError, match="read only"):
        load(Graph.from_rows({}), mortal.url, options)
    with stores.open(mortal.url, options) as store:
        assert store.cypher("MATCH (n) RETURN count(n)").rows == [(0,)]
        with pytest.raises(StoreError, match="read only"):
            store.cypher("CREATE (:X)", write=True)


class Killer:
    """A progress that remembers what was reported, and kills the server soon after ``rows`` of it."""

    def __init__(self, server: Server, rows: float, delay: float) -> None:
        self.reported: dict[str, int] = {}
        self._rows = rows
        self._timer = threading.Timer(delay, server.kill)
        self._begun = False

    def __call__(self, stage: str, done: int, _: int) -> None:
        self.reported[stage] = done
        if not self._begun and sum(self.reported.values()) >= self._rows:
            self._begun = True
            self._timer.start()

    def wait(self) -> None:
        if not self._begun:  # a load that failed before it came that far
            self._timer.start()
        self._timer.join()


def test_a_killed_server_loses_nothing_that_was_reported(
    mortal: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_traffic, "ROWS", 25)
    options = stores.Options(password=PASSWORD, timeout=5)
    random = Random(5)  # noqa: S311 - moments, no secret
    interrupted = 0
    for moment in range(5):
        graph = graph_of(100 + moment)
        total = len(expected_nodes(graph)) + len(expected_relations(graph))
        killer = Killer(mortal, moment * total / 5, random.random() / 10)
        try:
            load(graph, mortal.url, options, progress=killer)
        except StoreError:
            interrupted += 1
        killer.wait()
        mortal.start()
        with neo4j.GraphDatabase.driver(mortal.url, auth=("neo4j", PASSWORD)) as driver:
            database = Database(mortal.url, "neo4j", PASSWORD, driver)
            for pattern, stage in (("(x)", "nodes"), ("()-[x]->()", "relations")):
                ((there,),) = database.run(f"MATCH {pattern} RETURN count(x.kg_key)")
                assert there >= killer.reported.get(stage, 0)
            load(graph, mortal.url, database.options())
            assert_holds(database, graph)
            assert not load(graph, mortal.url, database.options()).changed
    assert interrupted >= 3


LOADER = """
import sys
from kg import stores
from kg.stores import neo4j_traffic
from kg.stores.neo4j_load import load
from kg.tables import Graph
neo4j_traffic.ROWS = 25
load(Graph.load(sys.argv[1]), sys.argv[2], progress=lambda *step: print(step, flush=True))
"""


def test_a_killed_load_is_finished_by_the_next(database: Database, tmp_path: Path) -> None:
    environment = os.environ | {"NEO4J_USERNAME": database.user, "NEO4J_PASSWORD": database.password}
    for number, steps in enumerate((1, 3, 6, 12, 24)):
        graph = graph_of(200 + number)
        folder = tmp_path / f"graph{number}"
        graph.save(folder)
        command = [sys.executable, "-c", LOADER, str(folder), database.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as loader:
            assert loader.stdout is not None
            for _ in range(steps):
                assert loader.stdout.readline()
            loader.send_signal(signal.SIGKILL)
        assert loader.returncode == -signal.SIGKILL
        load_when_free(database, graph)
        assert_holds(database, graph)


def load_when_free(database: Database, graph: Graph) -> None:
    """Load, and again while the server still holds the lock of a load that was killed."""
    end = time.monotonic() + 60
    while True:
        try:
            load(graph, database.url, database.options())
        except StoreError as error:
            if "another load" not in str(error) or time.monotonic() > end:
                raise
        else:
            return


def test_a_load_that_loses_its_lock_looks_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_traffic, "ROWS", 50)
    graph = graph_of(300)
    ended: list[list[str]] = []

    def progress(stage: str, done: int, total: int) -> None:
        if not ended and stage == "relations":
            query = (
                "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.kg = 'load' RETURN id"
            )
            ended.extend(database.run(query))
            database.run(f"TERMINATE TRANSACTIONS '{ended[0][0]}'")
        steps.append((stage, done, total))

    steps: list[tuple[str, int, int]] = []
    loaded = load(graph, database.url, database.options(), progress=progress)
    assert len(ended) == 1
    assert len([step for step in steps if step[0] == "nodes" and step[1] == step[2]]) == 2
    assert loaded.total.unchanged == len(expected_nodes(graph)) + len(expected_relations(graph))
    assert_holds(database, graph)
