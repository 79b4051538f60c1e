"""Every question of the cookbook gives the same rows in the embedded store and in Neo4j."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kg import stores
from kg.asking.cookbook import Question, ask, questions
from kg.relations import relate
from kg.tables import Graph, columns, relation_id
from kg.text import digest

from .conftest import Database, Filler
from .graphs import exact, make_row
from .test_parity import rounded


def with_years(graph: Graph) -> Graph:
    """Return ``graph`` as if its input had known years, authors and references: invented ones."""
    rows: dict[str, list[list[Any]]] = {
        name: [[row[column.name] for column in columns(name)] for row in graph.rows(name)]
        for name in graph.tables
    }
    place = [column.name for column in columns("papers")].index("year")
    ids = [str(row[0]) for row in rows["papers"]]
    for row in rows["papers"]:
        drawn = int(digest("year", str(row[0])), 16)
        row[place] = 2000 + drawn % 25 if drawn % 10 else None
        author = f"author/{drawn % 40}"
        rows["author_paper"].append(_relation("author_paper", "WROTE", author, str(row[0])))
        cited = ids[drawn % len(ids)]
        if cited != row[0]:
            rows["paper_paper"].append(_relation("paper_paper", "CITES", str(row[0]), cited))
    rows["authors"] = [make_row("authors", id=f"author/{n}", name=f"Ada {n % 30}") for n in range(40)]
    return relate(Graph.from_rows(rows))


def _relation(table: str, type_: str, from_: str, to: str) -> list[Any]:
    values = {"type": type_, "from": from_, "to": to, "id": relation_id(type_, from_, to)}
    return [values.get(column.name) for column in columns(table)]


@pytest.fixture(scope="module")
def pair(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    seeds_graph: Path,  # before the server: the first build of a session takes its time
    server: Database,
) -> Iterator[tuple[stores.Store, stores.Store]]:
    """Return kglite and Neo4j holding the sample papers."""
    server.empty()
    graph = with_years(Graph.load(seeds_graph))
    folder = tmp_path_factory.mktemp("cookbook")
    with ExitStack() as opened:
        yield (
            Filler("kglite", folder, request, opened)(graph),
            Filler("neo4j", folder, request, opened)(graph),
        )


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_the_same_rows(pair: tuple[stores.Store, stores.Store], question: Question) -> None:
    embedded, server = (ask(store, question, timeout=60) for store in pair)
    assert embedded.columns == server.columns
    assert [exact(rounded(row)) for row in embedded.rows] == [exact(rounded(row)) for row in server.rows]


def test_years_authors_and_references_are_among_the_answers(pair: tuple[stores.Store, stores.Store]) -> None:
    asked = [one for one in questions() if ask(pair[0], one, timeout=60).rows]
    assert len(asked) >= len(questions()) - 5
