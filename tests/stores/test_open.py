"""Stores are found by name or address, and loaded when they are opened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kg import stores
from kg.errors import UsageError
from kg.stores.networkx import NetworkxStore, node_key, to_networkx
from kg.tables import Graph

from .graphs import make_row

ROWS: dict[str, list[list[object]]] = {
    "papers": [make_row("papers", id="p", title="T")],
    "authors": [make_row("authors", id="p", name="Ann")],
    "author_paper": [make_row("author_paper", **{"type": "WROTE", "from": "p", "to": "p", "id": "w"})],
}


@pytest.mark.parametrize(
    ("where", "name", "place"),
    [
        ("graph", "kglite", "graph"),
        ("./a:b", "kglite", "./a:b"),
        ("a:b", "kglite", "a:b"),
        ("C:\\graph", "kglite", "C:\\graph"),
        (Path("networkx:x"), "kglite", "networkx:x"),
        ("networkx:some/graph", "networkx", "some/graph"),
        ("NetworkX:g", "networkx", "g"),
    ],
)
def test_the_engine_follows_from_the_address(where: str | Path, name: str, place: str) -> None:
    engine, found = stores.engine(where)
    assert (engine.name, found) == (name, place)


def test_a_foreign_scheme_is_refused_without_its_password() -> None:
    with pytest.raises(UsageError, match="a graph folder") as caught:
        stores.open("http://ann:secret@example.org:7474")
    assert "secret" not in str(caught.value)
    assert "example.org" in str(caught.value)


def test_options_hide_the_password() -> None:
    assert "hunter2" not in repr(stores.Options(user="ann", password="hunter2"))  # noqa: S106 - the sample


def test_stores_are_loaded_when_opened() -> None:
    code = (
        "import sys, kg.stores, kg.stores.kglite, kg.stores.networkx\n"
        "print(sorted({'kglite', 'networkx', 'neo4j', 'pyarrow', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_networkx_keys_tell_labels_apart() -> None:
    graph = to_networkx(Graph.from_rows(ROWS))
    assert sorted(graph.nodes) == ["Author:p", "Paper:p"]
    assert list(graph.edges(keys=True)) == [(node_key("Author", "p"), node_key("Paper", "p"), "w")]
    assert graph.edges["Author:p", "Paper:p", "w"] == {"relation": "WROTE", "id": "w"}
    assert "year" not in graph.nodes["Paper:p"]
    assert graph.nodes["Author:p"] == {"label": "Author", "labels": ["Author"], "id": "p", "name": "Ann"}


def test_a_networkx_store_gives_its_graph(tmp_path: Path) -> None:
    Graph.from_rows(ROWS).save(tmp_path / "g")
    with stores.open(f"networkx:{tmp_path / 'g'}") as store:
        assert isinstance(store, NetworkxStore)
        assert store.graph.number_of_nodes() == 2
