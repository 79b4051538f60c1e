"""``kg load``, ``kg query`` and ``kg export`` against a server, as they are called."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli.loading import load as load_verb

from .conftest import Database
from .graphs import expected_nodes, expected_relations
from .parity import tame_graph
from .server import free_port
from .test_neo4j_load import assert_holds

GRAPH = tame_graph(2)
SIZE = len(expected_nodes(GRAPH)) + len(expected_relations(GRAPH))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    GRAPH.save(tmp_path / "graph")
    return tmp_path


def kg(
    database: Database | None, *arguments: str, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    if database:
        clean |= {"NEO4J_USERNAME": database.user, "NEO4J_PASSWORD": database.password}
    command = [sys.executable, "-m", "kg", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("line", load_verb.examples)
def test_every_example_runs(database: Database, desk: Path, line: str) -> None:
    program, *words = shlex.split(line.replace("bolt://localhost:7687", database.url))
    assert program == "kg"
    done = kg(database, *words, cwd=desk)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    assert done.stdout


def test_loading_tells_what_it_did(database: Database, desk: Path) -> None:
    call = ("load", "graph", "--to", database.url, "--namespace", "mine")
    dry = kg(database, *call, "--dry-run", cwd=desk)
    assert (dry.returncode, "would be added" in dry.stdout) == (0, True)
    assert database.run("MATCH (n) RETURN count(n)") == [[0]]
    first = kg(database, *call, cwd=desk)
    assert (first.returncode, f"{SIZE:,} added" in first.stdout) == (0, True), first.stderr
    assert_holds(database, GRAPH, "mine")
    second = kg(database, *call, "--quiet", cwd=desk)
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout == (
        f"the graph is in namespace mine at {database.url}: nothing to change: all {SIZE:,} nodes and "
        "relations are there\n"
    )
    replaced = kg(database, *call, "--replace", cwd=desk)
    assert f"{SIZE:,} added, 0 updated, {SIZE:,} removed" in replaced.stdout


def test_both_answer_a_question_alike(database: Database, desk: Path) -> None:
    assert kg(database, "load", "graph", "--to", database.url, cwd=desk).returncode == 0
    query = "MATCH (p:Paper)-[e:USES]->(c) RETURN p, e, c.name, e.confidence, c.aliases ORDER BY e.id"
    for form in ("json", "jsonl", "csv", "table"):
        answers = [
            kg(database, "query", where, query, "--format", form, cwd=desk)
            for where in ("graph", database.url)
        ]
        assert answers[0].returncode == answers[1].returncode == 0
        assert answers[0].stdout == answers[1].stdout
        assert answers[0].stdout


def test_writing_needs_the_option(database: Database, desk: Path) -> None:
    call = ("query", database.url, "CREATE (n:Note {text: $text}) RETURN n.text AS t", "--param", "text=x y")
    refused = kg(database, *call, cwd=desk)
    assert (refused.returncode, refused.stdout, "--write" in refused.stderr) == (2, "", True)
    assert kg(database, *call, "--write", "--format", "csv", cwd=desk).stdout == "t\nx y\n"
    assert database.run("MATCH (n:Note) RETURN n.text") == [["x y"]]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["load", "graph", "--to", "bolt://127.0.0.1:{closed}"], 4, "cannot be reached"),
        (
            ["load", "graph", "--to", "{url}", "--user", "stranger", "--password", "hunter2"],
            4,
            "refuses user",
        ),
        (["load", "graph", "--to", "{url}", "--database", "nowhere"], 4, "no database “nowhere”"),
        (["load", "graph", "--to", "bolt://a:hunter2@127.0.0.1:1"], 2, "NEO4J_PASSWORD"),
        (["load", "graph", "--to", "a:hunter2@127.0.0.1:1"], 2, "no server's address"),
        (["load", "graph", "--to", "http://a:hunter2@127.0.0.1:1"], 2, "no store"),
        (["load", "graph", "--to", "elsewhere"], 2, "no server's address"),
        (["load", "nowhere", "--to", "{url}"], 2, "no graph folder"),
        (["load", "graph", "--to", "{url}", "--namespace", "a\nb"], 2, "namespace"),
        (["query", "bolt://127.0.0.1:{closed}", "RETURN 1", "--timeout", "2"], 4, "cannot be reached"),
        (["query", "bolt://a:hunter2@127.0.0.1:1", "RETURN 1"], 2, "NEO4J_PASSWORD"),
        (["query", "{url}", "RETURN 1 +"], 2, "line 1, column"),
        (["query", "{url}", "RETURN 1", "--timeout", "nan"], 2, "--timeout"),
        (["query", "{url}", "RETURN 1", "--timeout", "inf"], 2, "--timeout"),
        (["load", "graph", "--to", "{url}", "--timeout", "nan"], 2, "--timeout"),
        (
            ["query", "{url}", "UNWIND range(1, 10000000000) AS x RETURN count(x)", "--timeout", "1"],
            4,
            "1.0 s",
        ),
        (["export", "graph", "--to", "graph", "--format", "neo4j-admin"], 2, "not empty"),
    ],
)
def test_what_goes_wrong_is_one_line(
    database: Database, desk: Path, words: list[str], status: int, says: str
) -> None:
    closed = str(free_port())
    filled = [word.replace("{url}", database.url).replace("{closed}", closed) for word in words]
    done = kg(database, *filled, cwd=desk)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr
    assert "hunter2" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("kg: ")]) == 1
    assert "Traceback" not in done.stderr


def test_a_password_is_never_told(database: Database, desk: Path) -> None:
    call = ("load", "graph", "--to", database.url, "--json-log")
    done = [
        kg(None, *call, "--user", user, "--password", password, cwd=desk, KG_DEBUG="1")
        for user, password in (("stranger", "hunter2"), (database.user, database.password))
    ]
    done.append(kg(database, *call, "--database", "nowhere", cwd=desk, KG_DEBUG="1"))
    assert [one.returncode for one in done] == [4, 0, 4]
    for one in done:
        for secret in ("hunter2", database.password):
            assert secret not in one.stdout + one.stderr
            assert not [file for file in desk.rglob("*.*") if secret.encode() in file.read_bytes()]


def test_export_says_how_to_import(desk: Path) -> None:
    done = kg(None, "export", "graph", "--to", "csv", "--format", "neo4j-admin", cwd=desk)
    assert done.returncode == 0
    assert "a list of one empty text comes back empty" in done.stderr
    assert "csv/import.sh" in done.stdout
    assert (desk / "csv" / "import.sh").read_text().startswith("#!/bin/sh")
    assert "USES.csv" in {path.name for path in (desk / "csv").iterdir()}
