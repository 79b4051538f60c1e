"""What was built, loaded, decided upon, built and loaded again; and what the pages say of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg import stores
from kg.building import build
from kg.errors import KgError
from kg.stores.neo4j_load import load
from kg.tables import Graph

from .conftest import Database
from .graphs import exact, expected_nodes, expected_relations
from .parity import tame_graph
from .server import ROOT
from .test_neo4j_load import FOREIGN, assert_holds, foreign

#: Names that the sample papers use, each with its type and role.
NAMES = {
    "Zorb": ("METHOD", "USES"),
    "folded grumble": ("METHOD", "PROPOSES"),
    "Quoxy": ("DATASET", "USES"),
    "pebble sorting": ("TASK", "ADDRESSES"),
}


def built(place: Path, papers: int, decisions: str) -> Graph:
    """Return the graph of some papers with these ``decisions``, read from what is given."""
    texts = [" and ".join(list(NAMES)[number % 3 :]) for number in range(papers)]
    records = [{"id": f"p{n}", "title": f"Paper {n} on {text}"} for n, text in enumerate(texts)]
    (place / "papers.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    given = [
        {
            "id": record["id"],
            "concepts": [
                {"type": type_, "role": role, "name": name, "mentions": [name]}
                for name, (type_, role) in NAMES.items()
                if name in record["title"]
            ],
            "results": [],
        }
        for record in records
    ]
    (place / "given.jsonl").write_text("".join(json.dumps(one) + "\n" for one in given))
    (place / "decisions.yaml").write_text(decisions)
    return build(
        [place / "papers.jsonl"],
        out=place / "graph",
        extractions=place / "given.jsonl",
        only_extractions=True,
        decisions=place / "decisions.yaml",
        jobs=1,
    )


def test_other_decisions_and_papers_load_as_exactly_the_difference(
    database: Database, tmp_path: Path
) -> None:
    database.run(FOREIGN)
    theirs = foreign(database)
    kept: dict[tuple[str, str], object] = {}
    for papers, decisions in (
        (9, "[]\n"),
        (9, "- {rename: Zorb, to: the Zorb model}\n- {type: Quoxy, to: TASK}\n"),
        (9, "- {same: [Zorb, folded grumble]}\n- {edge: {paper: p1, concept: Quoxy}, drop: true}\n"),
        (5, "- {drop: pebble sorting}\n"),
        (9, "[]\n"),
    ):
        graph = built(tmp_path, papers, decisions)
        loaded = load(graph, database.url, database.options())
        assert loaded.changed
        assert_holds(database, graph)
        assert foreign(database) == theirs
        now: dict[tuple[str, str], object] = {
            node.key: exact((node.labels, dict(node.properties))) for node in expected_nodes(graph)
        }
        now |= {(r.type, r.properties["id"]): exact(dict(r.properties)) for r in expected_relations(graph)}
        both = kept.keys() & now.keys()
        total = loaded.total
        assert total.added == len(now.keys() - kept.keys())
        assert total.removed == len(kept.keys() - now.keys())
        assert total.updated == sum(kept[key] != now[key] for key in both)
        kept = now
        assert not load(graph, database.url, database.options()).changed


def test_what_is_missing_after_a_load_is_a_failed_check(database: Database) -> None:
    graph = tame_graph(4)
    total = len(expected_relations(graph))

    def thief(stage: str, done: int, _: int) -> None:
        if (stage, done) == ("relations", total):
            database.run("MATCH ()-[r:USES]->() WITH r LIMIT 2 DELETE r")

    wanted = graph.counts()["USES"]
    with pytest.raises(KgError, match=f"{wanted - 2} USES instead of {wanted}") as caught:
        load(graph, database.url, database.options(), progress=thief)
    assert caught.value.exit_code == 1
    assert load(graph, database.url, database.options()).total.added == 2
    assert_holds(database, graph)


def test_constraints_and_indexes_that_are_gone_come_back(database: Database) -> None:
    graph = tame_graph(7)
    load(graph, database.url, database.options())
    query = "SHOW INDEXES YIELD name WHERE name STARTS WITH 'kg_' RETURN name ORDER BY name"
    there = database.run(query)
    for what in ("CONSTRAINT kg_uses_key", "INDEX kg_paper_id", "INDEX kg_concept_text"):
        database.run(f"DROP {what}")
    assert not load(graph, database.url, database.options()).changed
    assert database.run(query) == there


def blocks(language: str) -> list[str]:
    """Return the blocks of the page on Neo4j in ``language``."""
    page = (ROOT / "docs" / "neo4j.md").read_text("utf-8")
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", page, re.MULTILINE | re.DOTALL)


def test_the_queries_of_the_page_are_answered(database: Database) -> None:
    load(tame_graph(5), database.url, database.options())
    queries = blocks("cypher")
    assert len(queries) >= 2
    with stores.open(database.url, database.options()) as store:
        for query in queries:
            assert store.cypher(query).notes == ()


def test_the_python_of_the_page_runs(database: Database) -> None:
    graph = tame_graph(6)
    load(graph, database.url, database.options())
    (code,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", code.replace("bolt://localhost:7687", database.url)],
        env=os.environ | {"NEO4J_USERNAME": database.user, "NEO4J_PASSWORD": database.password},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"{graph.counts()['Paper']}\n", "")
