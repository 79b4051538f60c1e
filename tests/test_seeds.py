"""The graph of the five listings in ``seeds/``, built by the whole pipeline."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from kg import schema
from kg.building import build
from kg.tables import Graph
from kg.text import sentences

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def graph(seeds_graph: Path) -> Graph:
    return Graph.load(seeds_graph)


def test_854_listings_are_771_papers(graph: Graph) -> None:
    assert graph.report["counts"]["reading.records"] == 854
    assert graph.report["counts"]["dedupe.papers"] == graph.counts()["Paper"] == 771
    times_listed = Counter(len(row["listings"]) for row in graph.rows("papers"))
    assert times_listed == {1: 699, 2: 63, 3: 7, 4: 2}


def test_every_mention_and_quote_stands_where_its_edge_says(graph: Graph) -> None:
    texts = {row["id"]: row for row in graph.rows("papers")}
    edges = graph.rows("paper_concept")
    assert len(edges) > 5 * len(texts)
    for edge in [*edges, *graph.rows("paper_result")]:
        text = texts[edge["from"]][edge["field"]]
        assert text[edge["quote_start"] : edge["quote_end"]] == edge["quote"]
        assert edge["quote_start"] <= edge["start"] < edge["end"] <= edge["quote_end"]
        bounds = sentences(text)
        assert edge["quote_start"] in {start for start, _ in bounds}
        assert edge["quote_end"] in {end for _, end in bounds}
        if edge["type"] != "STATES":
            assert text[edge["start"] : edge["end"]] in edge["surfaces"]
            assert all(
                surface in texts[edge["from"]]["title"] + "\n" + texts[edge["from"]]["abstract"]
                for surface in edge["surfaces"]
            )


def test_every_edge_joins_a_pair_once_and_both_ends_exist(graph: Graph) -> None:
    pairs = Counter((edge["from"], edge["to"]) for edge in graph.rows("paper_concept"))
    assert set(pairs.values()) == {1}
    ids = {kind.label: {row["id"] for row in graph.rows(kind.table)} for kind in schema.NODES}
    assert {paper for paper, _ in pairs} <= ids["Paper"]
    assert {concept for _, concept in pairs} == ids["Concept"], "no concept without a paper"
    graph.check()


def test_another_way_of_building_gives_the_same_bytes(
    seeds_graph: Path, tmp_path: Path, extraction_cache: Path
) -> None:
    listings = sorted(SEEDS.glob("*.txt"), reverse=True)
    build([*listings[2:], *listings[:2]], out=tmp_path / "g", cache=extraction_cache)
    for file in sorted(seeds_graph.iterdir()):
        if file.name not in {"graph.kgl", "build.log"}:
            other = tmp_path / "g" / file.name
            assert sha256(file.read_bytes()).digest() == sha256(other.read_bytes()).digest(), file.name
    log = json.loads((tmp_path / "g" / "build.log").read_text().splitlines()[0])
    assert log["counts"].get("run.extraction.cache_misses", 0) == 0
    assert log["counts"]["run.extraction.cache_hits"] == 771


def test_the_cypher_store_counts_as_the_tables_do(graph: Graph) -> None:
    counts = graph.counts()
    for kind in schema.NODES:
        assert graph.cypher(f"MATCH (n:{kind.label}) RETURN count(n) AS n") == [{"n": counts[kind.label]}]
    for relation in schema.RELATIONS:
        asked = f"MATCH ()-[r:{relation.name}]->() RETURN count(r) AS n"
        assert graph.cypher(asked) == [{"n": counts[relation.name]}]
