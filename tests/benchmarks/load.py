"""Speed of loading into Neo4j: ``python tests/benchmarks/load.py GRAPH [--url URL] [--rounds N]``.

Loads the graph folder GRAPH, and the same rows with the driver alone: prepared beforehand, the same
statements and batches, no comparing, no counting. In turn, each into an empty database, N rounds; prints
medians, their ratio, rows a second, the time of a second load without change, and the memory of the
process that loads. Without URL a server is started from the tests' jars; with it, NEO4J_PASSWORD is used
and the database emptied.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import neo4j

from kg import schema
from kg.stores import neo4j_statements as statements
from kg.stores.neo4j_schema import key, prefix
from kg.stores.records import by_type, kind_records, of_type, table_relations
from kg.tables import Graph

_ROWS = 5_000
_LOAD = """
import resource, sys, time
from kg.stores.neo4j_load import load
from kg.tables import Graph
graph = Graph.load(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
loaded = load(graph, sys.argv[2])
seconds = time.perf_counter() - began
print(seconds, loaded.changed, before / 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def prepared(graph: Graph) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return every batch of ``graph`` with the statement that writes it."""
    space = prefix("default")
    groups: list[tuple[str, list[dict[str, Any]]]] = []
    for kind in schema.NODES:
        for label, table in by_type(graph.tables[kind.table], kind):
            text = statements.write_nodes(kind, tuple(sorted({kind.label, label})), strip=False)
            nodes = [
                {"key": key(space, *node.key), "properties": dict(node.properties)}
                for node in kind_records(table, kind)
            ]
            groups.append((text, nodes))
    for relation in schema.RELATIONS:
        rows = [
            {
                "key": key(space, relation.name, found.properties["id"]),
                "source": key(space, *found.source),
                "target": key(space, *found.target),
                "properties": dict(found.properties),
            }
            for found in table_relations(of_type(graph.tables[relation.table], relation))
        ]
        groups.append((statements.write_relations(relation.name), rows))
    return [(text, rows[i : i + _ROWS]) for text, rows in groups for i in range(0, len(rows), _ROWS)]


def plain(driver: neo4j.Driver, batches: list[tuple[str, list[dict[str, Any]]]]) -> float:
    """Return the seconds that the driver alone takes."""
    began = time.perf_counter()
    with driver.session() as session:
        for text, rows in batches:
            session.execute_write(_put, text, rows)
    return time.perf_counter() - began


def _put(transaction: neo4j.ManagedTransaction, text: str, rows: list[dict[str, Any]]) -> None:
    transaction.run(text, rows=rows).consume()


def load(folder: Path, url: str, password: str) -> tuple[float, bool, float, float]:
    """Return seconds, whether anything changed, and the memory in MB before and at most."""
    environment = os.environ | {"NEO4J_PASSWORD": password}
    command = [sys.executable, "-c", _LOAD, str(folder), url]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds, changed, before, most = done.stdout.split()
    return float(seconds), changed == "True", float(before), float(most)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with ExitStack() as stack:
        password, url = os.environ.get("NEO4J_PASSWORD", ""), args.url
        if not url:
            sys.path.insert(0, str(Path(__file__).parents[1] / "stores"))
            import server  # type: ignore[import-not-found]  # beside the tests, which are no package

            home = stack.enter_context(tempfile.TemporaryDirectory())
            url, password = stack.enter_context(server.running(Path(home))).url, server.PASSWORD
        driver = stack.enter_context(neo4j.GraphDatabase.driver(url, auth=("neo4j", password)))
        measure(args.graph, driver, url, password, args.rounds)


def measure(folder: Path, driver: neo4j.Driver, url: str, password: str, rounds: int) -> None:
    """Print the figures."""
    batches = prepared(Graph.load(folder))
    rows = sum(len(part) for _, part in batches)
    alone: list[float] = []
    ours: list[float] = []
    again: list[float] = []
    for _ in range(rounds):
        empty(driver)
        if not alone:
            load(folder, url, password)  # makes the constraints and warms the server up for both
            empty(driver)
        alone.append(plain(driver, batches))
        empty(driver)
        seconds, changed, before, most = load(folder, url, password)
        second, changed_again, _, _ = load(folder, url, password)
        assert changed
        assert not changed_again
        ours.append(seconds)
        again.append(second)
        print(f"  driver {alone[-1]:.1f} s, kg load {seconds:.1f} s, again {second:.1f} s", flush=True)
    mine, theirs, second = statistics.median(ours), statistics.median(alone), statistics.median(again)
    print(f"rows              {rows:,} (nodes and relations)")
    print(f"the driver alone  {theirs:.1f} s, {rows / theirs:,.0f} rows/s")
    print(
        f"kg load           {mine:.1f} s, {rows / mine:,.0f} rows/s, {mine / theirs:.2f} of the driver's time"
    )
    print(f"a second load     {second:.1f} s, {second / mine:.2f} of the first")
    print(f"memory            {before:.0f} MB with the graph read, {most:.0f} MB at most while loading")


def empty(driver: neo4j.Driver) -> None:
    """Delete everything."""
    with driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 500 ROWS").consume()


if __name__ == "__main__":
    main()
