"""Speed of the page: ``python tests/benchmarks/view.py GRAPH [--papers N] [--stock SECONDS]``.

Prints, for the graph folder GRAPH: how long `kg.viewing.page` takes, how large the page is, how long it
takes a real browser from opening it to the drawn map, and a search from the key to the list; how long
pyvis's stock page of the same nodes and relations takes until its physics lets it be seen (at most
SECONDS), and the ratio of the two. Then the same of our page for a synthetic graph of N papers. The
stock page is given its script in the file and no network.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from viewing.browser import Window, started
from viewing.graphs import many

from kg.tables import Graph
from kg.viewing import MAX_NODES, page
from kg.viewing.part import part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver

ROUNDS = 5
QUERIES = ("a", "learn", "language model", "image cl", "xyzzy", "transformer")
DRAWN = "return performance.getEntriesByName('drawn')[0].startTime"
SEARCH = """
const field = document.getElementById('search');
const began = performance.now();
field.value = arguments[0];
field.dispatchEvent(new Event('input'));
document.getElementById('hits').getBoundingClientRect();
return performance.now() - began;
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph")
    parser.add_argument("--papers", type=int, default=20_000)
    parser.add_argument("--stock", type=float, default=100.0)
    args = parser.parse_args()
    graph = Graph.load(args.graph)
    with tempfile.TemporaryDirectory() as folder:
        with started(Path(folder) / "profile") as driver:
            window = Window(driver)
            window.resize(1280, 720)
            ours = measure(window, graph, Path(folder), args.graph)
            measure(window, many(args.papers), Path(folder), f"{args.papers:,} synthetic papers")
        with started(Path(folder) / "profile of its own") as driver:
            seconds, done = stock(driver, graph, Path(folder), args.stock)
            least = "" if done else "more than "
            print(f"pyvis's stock page of {args.graph}: {least}{seconds:.1f} s until it can be seen")
            print(f"  {least}{seconds / ours:.0f} times ours")


def measure(window: Window, graph: Graph, folder: Path, name: str) -> float:
    """Print the figures of our page of ``graph``; return the seconds until it is drawn."""
    began = time.perf_counter()
    text = page(graph)
    took = time.perf_counter() - began
    file = folder / "ours.html"
    file.write_text(text, encoding="utf-8")
    opened = []
    for _ in range(ROUNDS):
        window.open(file)
        opened.append(window.run(DRAWN) / 1000)
    first = window.run(SEARCH, QUERIES[0])
    later = [window.run(SEARCH, query) for query in QUERIES for _ in range(ROUNDS)]
    print(f"{name}: {len(part(graph, max_nodes=MAX_NODES).nodes):,} nodes held")
    print(f"  page made in {took:.1f} s, {len(text.encode()) / 1e6:.1f} MB")
    print(f"  opened and drawn in {statistics.median(opened):.2f} s (median of {ROUNDS})")
    print(
        f"  search: first {first:.0f} ms, then {statistics.median(later):.0f} ms, at most {max(later):.0f} ms"
    )
    return float(statistics.median(opened))


def stock(driver: WebDriver, graph: Graph, folder: Path, patience: float) -> tuple[float, bool]:
    """Return how long pyvis's own page of ``graph`` is not to be seen, and whether it came to an end."""
    from pyvis.network import Network
    from selenium.common.exceptions import TimeoutException
    from urllib3.exceptions import HTTPError

    shown = part(graph, max_nodes=MAX_NODES)
    network = Network(directed=True, cdn_resources="in_line")
    for n, node in enumerate(shown.nodes):
        network.add_node(n, label=node.name)
    for edge in shown.edges:
        network.add_edge(edge.source, edge.target)
    text = "".join(_without_links(network.generate_html()))
    file = folder / "stock.html"
    file.write_text(text, encoding="utf-8")
    driver.set_page_load_timeout(patience)
    driver.set_script_timeout(patience)
    began = time.perf_counter()
    try:
        driver.get(file.as_uri())
        driver.execute_async_script(
            "const done = arguments[0];"
            "if (network.body.emitter && !network.physics.stabilized)"
            " network.once('stabilizationIterationsDone', () => done(true)); else done(true);"
        )
    except (TimeoutException, HTTPError):  # the page lets not even its driver through
        return time.perf_counter() - began, False
    return time.perf_counter() - began, True


def _without_links(text: str) -> Iterator[str]:
    """Yield ``text`` without the outside style sheet and script that a browser would wait for in vain."""
    for line in text.splitlines(keepends=True):
        if 'href="https://' not in line and 'src="https://' not in line:
            yield line


if __name__ == "__main__":
    main()
