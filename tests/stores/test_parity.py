"""The embedded store and Neo4j give the same rows; where they do not, it is known and written down."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from kg import stores
from kg.errors import UsageError

from .conftest import Database, Filler
from .graphs import exact
from .parity import DIFFERENCES, Difference, Question, questions, tame_graph
from .server import ROOT

GRAPH = tame_graph()


@pytest.fixture(scope="module")
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, server: Database
) -> Iterator[tuple[stores.Store, stores.Store]]:
    """Return kglite and Neo4j holding the same graph, and Neo4j nothing else."""
    server.empty()
    folder = tmp_path_factory.mktemp("parity")
    with ExitStack() as opened:
        yield (
            Filler("kglite", folder, request, opened)(GRAPH),
            Filler("neo4j", folder, request, opened)(GRAPH),
        )


def page() -> list[Question]:
    """Return the queries of the README."""
    found = []
    written = (ROOT / "README.md").read_text("utf-8")
    for command in re.findall(r"\bkg query \S+ '[^']+'(?: --param [\w=-]+)*", written):
        _, _, _, text, *rest = shlex.split(command)
        found.append(Question(text, dict(word.split("=", 1) for word in rest if word != "--param")))
    return found


def rounded(value: Any) -> Any:
    """Return ``value`` with floats cut to 12 digits: sums may be taken in any order."""
    if value == 0.0 and isinstance(value, float):
        return 0.0  # the minus of a zero is one of the known differences
    if isinstance(value, float) and math.isfinite(value):
        return round(value, 12 - math.ceil(math.log10(abs(value))))
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return value


def rows(store: stores.Store, question: Question) -> list[Any]:
    """Return the rows, in a fixed order where the question lays down none."""
    answer = store.cypher(question.text, question.parameters, timeout=60)
    found = [exact(rounded(row)) for row in answer.rows]
    if question.ordered:
        return found
    # The order of what is collected is no more laid down than that of rows.
    return sorted(([_unordered(cell) for cell in row] for row in found), key=repr)


def _unordered(cell: Any) -> Any:
    is_list = isinstance(cell, list) and all(isinstance(item, tuple) for item in cell)
    return sorted(cell, key=repr) if is_list and not isinstance(cell, tuple) else cell


@pytest.mark.parametrize("question", [*questions(GRAPH), *page()], ids=lambda question: question.text)
def test_the_same_rows(pair: tuple[stores.Store, stores.Store], question: Question) -> None:
    embedded, server = pair
    assert rows(embedded, question) == rows(server, question)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.query)
def test_known_differences_have_a_way_round(
    pair: tuple[stores.Store, stores.Store], difference: Difference
) -> None:
    outcomes = []
    for store in pair:
        try:
            outcomes.append(repr(sorted(store.cypher(difference.query).rows, key=repr)))
        except UsageError as error:
            outcomes.append(str(error))
    assert outcomes[0] != outcomes[1], "the stores agree by now: take this out of the list and the page"
    embedded, server = (rows(store, Question(difference.instead)) for store in pair)
    assert embedded == server


def test_known_differences_are_on_the_page() -> None:
    written = (ROOT / "docs" / "cypher.md").read_text("utf-8").replace("\\|", "|")
    for difference in DIFFERENCES:
        assert f"`{difference.query}`" in written
        assert f"`{difference.instead}`" in written
