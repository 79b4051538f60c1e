"""The CSV of neo4j-admin: imported by the server's own importer, it is the graph."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import neo4j
import pytest

from kg.errors import DiskError, StoreError, UsageError
from kg.stores.neo4j_admin import export
from kg.stores.neo4j_load import load
from kg.tables import Graph

from .conftest import Database, lacking
from .graphs import make_row, random_graph
from .server import PASSWORD, Server, UnavailableError, admin
from .test_neo4j_load import assert_holds


def sample() -> Graph:
    """Return a graph without what the format cannot express."""
    graph = random_graph(Random(21), 60, 80)  # noqa: S311 - test data, no secret
    rows = {
        name: [[["x"] if value == [""] else value for value in row.values()] for row in table.to_pylist()]
        for name, table in graph.tables.items()
    }
    rows["papers"].append(make_row("papers", id="big", title="\N{GRINNING FACE}\n" * 1_500_000))
    return Graph.from_rows(rows)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a server that was filled by the importer and finished by the script."""
    place = tmp_path_factory.mktemp("import")
    server = Server(place / "home")
    done = export(sample(), place / "csv")
    assert done.notes == ()
    try:
        server.prepare()
        # The script itself, with a stand-in for the program's name that hands its arguments on.
        stand_in = place / "neo4j-admin"
        stand_in.write_text(f"#!{sys.executable}\nimport shlex, sys\nprint(shlex.join(sys.argv[1:]))\n")
        stand_in.chmod(0o755)
        said = subprocess.run(
            [done.command, "--overwrite-destination"],
            env={"NEO4J_ADMIN": str(stand_in), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        admin(server.home, *shlex.split(said.stdout), cwd=done.folder)
        server.start()
    except UnavailableError as error:
        lacking(error)
    try:
        with neo4j.GraphDatabase.driver(server.url, auth=("neo4j", PASSWORD)) as driver:
            database = Database(server.url, "neo4j", PASSWORD, driver)
            for statement in (done.folder / "finish.cypher").read_text().split(";\n"):
                if statement:
                    database.run(statement)
            yield database
    finally:
        server.stop()


def test_what_was_imported_is_the_graph(imported: Database) -> None:
    assert_holds(imported, sample())


def test_a_load_finds_nothing_to_do(imported: Database) -> None:
    assert not load(sample(), imported.url, imported.options()).changed


def test_a_list_of_one_empty_text_is_noted(tmp_path: Path) -> None:
    paper = make_row("papers", id="p", ids=[""], listings=["x"])
    (note,) = export(Graph.from_rows({"papers": [paper]}), tmp_path / "csv").notes
    assert note.startswith("1 × ids")


def test_the_separator_is_in_no_list(tmp_path: Path) -> None:
    paper = make_row("papers", id="p", ids=["a;b", "c|d"], listings=["\x1f"])
    export(Graph.from_rows({"papers": [paper]}), tmp_path / "csv")
    assert "--array-delimiter=U+001E" in (tmp_path / "csv" / "import.sh").read_text()


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        export(Graph.from_rows({}), tmp_path)
    with pytest.raises(DiskError, match="cannot be written"):
        export(Graph.from_rows({}), tmp_path / "mine.txt" / "csv")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_export_that_fails_leaves_the_folder_empty(tmp_path: Path) -> None:
    long = make_row("papers", id="p" * 100_000, title="of an id that no index can hold")
    with pytest.raises(StoreError, match="id"):
        export(Graph.from_rows({"papers": [long]}), tmp_path / "csv")
    assert list((tmp_path / "csv").iterdir()) == []
    export(sample(), tmp_path / "csv")


@pytest.mark.parametrize("name", ["a b", "x;rm", "$(id)", "", "é"])
def test_a_database_name_is_no_script(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        export(Graph.from_rows({}), tmp_path / "csv", database=name)


def test_the_same_graph_gives_the_same_files(tmp_path: Path) -> None:
    for name in "ab":
        export(sample(), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)
