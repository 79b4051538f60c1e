"""Loading into Neo4j: exactly the build, nothing twice, nothing foreign touched."""

from __future__ import annotations

import threading
from pathlib import Path
from random import Random
from typing import Any

import neo4j
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import schema, stores
from kg.errors import KgError, StoreError, UsageError
from kg.stores.neo4j import dial
from kg.stores.neo4j_changes import Loaded
from kg.stores.neo4j_load import load
from kg.stores.neo4j_lock import Lock
from kg.stores.neo4j_schema import LONGEST_ID, rules
from kg.tables import Graph, relation_id

from .conftest import Database
from .graphs import (
    exact,
    expected_nodes,
    expected_relations,
    make_row,
    random_graph,
    sorted_relations,
)


def graph_of(seed: int, nodes: int = 30, relations: int = 40) -> Graph:
    return random_graph(Random(seed), nodes, relations)  # noqa: S311 - test data, no secret


def load_into(database: Database, graph: Graph, namespace: str | None = None, **how: Any) -> Loaded:
    return load(graph, database.url, database.options(namespace), **how)


def assert_holds(database: Database, graph: Graph, namespace: str | None = None) -> None:
    with stores.open(database.url, database.options(namespace)) as store:
        nodes = sorted(store.nodes(), key=lambda node: node.key)
        relations = sorted_relations(store.relations())
    assert [exact((n.labels, n.properties)) for n in nodes] == [
        exact((n.labels, n.properties)) for n in expected_nodes(graph)
    ]
    assert [exact((r.type, r.source, r.target, r.properties)) for r in relations] == [
        exact((r.type, r.source, r.target, r.properties)) for r in expected_relations(graph)
    ]


def last_transaction(database: Database) -> object:
    return database.run(
        "SHOW DATABASES YIELD name, lastCommittedTxn WHERE name <> 'system' RETURN lastCommittedTxn"
    )


def everything(database: Database) -> list[object]:
    """Return all that lies in the database, with its inner ids, in a fixed order."""
    nodes = database.run("MATCH (n) RETURN elementId(n), labels(n), properties(n) ORDER BY elementId(n)")
    relations = database.run(
        "MATCH ()-[r]->() RETURN elementId(r), elementId(startNode(r)), elementId(endNode(r)), type(r), "
        "properties(r) ORDER BY elementId(r)"
    )
    return [exact(nodes), exact(relations)]


def test_a_second_load_writes_nothing_and_says_so(database: Database) -> None:
    graph = graph_of(1)
    first = load_into(database, graph)
    assert first.changed
    assert (first.total.added, first.total.unchanged) == (sum_of(graph), 0)
    assert first.notes == []
    assert_holds(database, graph)
    before, transaction = everything(database), last_transaction(database)
    second = load_into(database, graph)
    assert not second.changed
    assert second.total.unchanged == sum_of(graph)
    assert everything(database) == before
    assert last_transaction(database) == transaction


def sum_of(graph: Graph) -> int:
    return len(expected_nodes(graph)) + len(expected_relations(graph))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=st.randoms(use_true_random=False), new=st.randoms(use_true_random=False))
def test_a_load_of_another_build_leaves_exactly_that(database: Database, old: Random, new: Random) -> None:
    before, after = random_graph(old, 5, 6), random_graph(new, 5, 6)
    load_into(database, before)
    would = load_into(database, after, dry_run=True)
    assert_holds(database, before)
    did = load_into(database, after)
    assert (would.nodes, would.relations) == (did.nodes, did.relations)
    assert_holds(database, after)
    keys = [{(n.label, n.key) for n in expected_nodes(graph)} for graph in (before, after)]
    assert sum(change.added for change in did.nodes.values()) == len(keys[1] - keys[0])
    assert sum(change.removed for change in did.nodes.values()) == len(keys[0] - keys[1])
    assert not load_into(database, after).changed


def test_a_concept_may_change_its_type_and_lose_properties(database: Database) -> None:
    def concept(type_: str, year: int | None) -> Graph:
        row = make_row("concepts", id="same", type=type_, name="n", first_year=year)
        return Graph.from_rows({"concepts": [row]})

    load_into(database, concept("METHOD", 2001))
    database.run("MATCH (n:Concept) SET n:Reviewed, n.stars = 5")
    loaded = load_into(database, concept("TASK", None))
    assert loaded.nodes["Concept"].updated == 1
    ((labels, properties),) = database.run("MATCH (n:KgNode) RETURN labels(n), properties(n)")
    assert sorted(labels) == ["Concept", "KgNode", "Reviewed", "Task"]
    assert isinstance(properties, dict)
    assert "first_year" not in properties
    assert properties["stars"] == 5


def test_what_was_changed_by_hand_is_put_right(database: Database) -> None:
    graph = graph_of(2)
    load_into(database, graph)
    database.run("MATCH (n:Paper) SET n.title = 'mine', n.year = toFloat(n.year) REMOVE n.abstract")
    database.run("MATCH (n:Concept) REMOVE n:Method:Dataset:Task:Metric")
    database.run("MATCH ()-[r:USES]->() SET r.count = null")
    database.run("MATCH ()-[r:WROTE]->() DELETE r")
    database.run("MATCH (n:Result) DETACH DELETE n")
    loaded = load_into(database, graph)
    assert loaded.total.updated
    assert loaded.total.added
    assert not loaded.total.removed
    assert_holds(database, graph)


FOREIGN = """
CREATE (p:Paper {id: 'foreign', title: 'theirs'}), (c:Concept:Method {id: 'c', name: 'theirs'}),
       (p)-[:USES {id: 'u', count: 7}]->(c), (p)-[:CITES]->(p), (:KgNode {note: 'no key'}),
       (:KgNode {kg_key: '5:other:Paper:x', title: 'another namespace'})
"""


def foreign(database: Database) -> list[object]:
    nodes = database.run(
        "MATCH (n) WHERE coalesce(NOT n.kg_key STARTS WITH '7:default:', true) "
        "RETURN elementId(n), labels(n), properties(n) ORDER BY elementId(n)"
    )
    relations = database.run(
        "MATCH ()-[r]->() WHERE r.kg_key IS NULL "
        "RETURN elementId(r), type(r), properties(r) ORDER BY elementId(r)"
    )
    return [exact(nodes), exact(relations)]


def test_foreign_data_stays_untouched(database: Database) -> None:
    database.run(FOREIGN)
    before = foreign(database)
    one, two = graph_of(3), graph_of(4)
    for graph, replace in (
        (one, False),
        (one, False),
        (two, False),
        (one, True),
        (Graph.from_rows({}), False),
    ):
        load_into(database, graph, replace=replace)
        assert foreign(database) == before
        assert_holds(database, graph)


def test_a_node_that_foreign_relations_hold_is_given_up(database: Database) -> None:
    papers = [make_row("papers", id=name, title=name.upper()) for name in "ab"]
    values = {"type": "CITES", "from": "a", "to": "b", "id": relation_id("CITES", "a", "b")}
    cites = [make_row("paper_paper", **values)]
    load_into(database, Graph.from_rows({"papers": papers, "paper_paper": cites}))
    database.run("MATCH (b:Paper {id: 'b'}) CREATE (:User {name: 'Ann'})-[:LIKES]->(b)")
    loaded = load_into(database, Graph.from_rows({"papers": papers[:1]}))
    assert (loaded.nodes["Paper"].removed, loaded.relations["CITES"].removed, loaded.given_up) == (1, 1, 1)
    assert database.run("MATCH (:User)-[:LIKES]->(b) RETURN b.title, labels(b), b.kg_key") == [
        ["B", ["Paper"], None]
    ]
    again = load_into(database, Graph.from_rows({"papers": papers, "paper_paper": cites}))
    assert again.nodes["Paper"].added == 1
    assert database.run("MATCH (:User)-[:LIKES]->(b) RETURN count(b)") == [[1]]


def test_namespaces_lie_side_by_side(database: Database) -> None:
    graphs = {"a": graph_of(5), "ab": graph_of(6), "1:a": graph_of(7), "naïve; MATCH (n)": graph_of(8)}
    for namespace, graph in graphs.items():
        load_into(database, graph, namespace)
    for namespace, graph in graphs.items():
        assert_holds(database, graph, namespace)
        assert not load_into(database, graph, namespace).changed
    load_into(database, Graph.from_rows({}), "a")
    assert_holds(database, Graph.from_rows({}), "a")
    assert_holds(database, graphs["ab"], "ab")


@pytest.mark.parametrize("namespace", ["x" * 201, "a\nb", "\x00"])
def test_bad_namespaces_are_refused(database: Database, namespace: str) -> None:
    with pytest.raises(UsageError, match="namespace"):
        load_into(database, graph_of(1), namespace)


def test_replace_begins_anew(database: Database) -> None:
    graph = graph_of(9)
    load_into(database, graph)
    database.run("MATCH (n:Paper) SET n.mine = true")
    would = load_into(database, graph, replace=True, dry_run=True)
    assert database.run("MATCH (n:Paper) WHERE n.mine RETURN count(n) > 0") == [[True]]
    did = load_into(database, graph, replace=True)
    assert (would.nodes, would.relations) == (did.nodes, did.relations)
    assert (did.total.removed, did.total.added) == (sum_of(graph), sum_of(graph))
    assert database.run("MATCH (n) WHERE n.mine RETURN count(n)") == [[0]]
    assert_holds(database, graph)


def test_a_dry_run_writes_nothing(database: Database) -> None:
    before = last_transaction(database)
    loaded = load_into(database, graph_of(10), dry_run=True)
    assert loaded.dry_run
    assert loaded.total.added == sum_of(graph_of(10))
    assert last_transaction(database) == before


def test_relations_of_a_kind_that_the_schema_lost_go(database: Database) -> None:
    graph = graph_of(11)
    load_into(database, graph)
    database.run(
        "MATCH (p:Paper) WITH p, '7:default:OUTDATED:' + elementId(p) AS key LIMIT 2 "
        "CREATE (p)-[:OUTDATED {kg_key: key}]->(p), (p)-[:OUTDATED {note: 'foreign'}]->(p)"
    )
    database.run("CREATE (:KgNode:Gone {kg_key: '7:default:Gone:x'})")
    loaded = load_into(database, graph)
    assert (loaded.relations["of older kinds"].removed, loaded.nodes["Gone"].removed) == (2, 1)
    assert database.run("MATCH ()-[r:OUTDATED]->() RETURN count(r), count(r.kg_key)") == [[2, 0]]
    assert not load_into(database, graph).changed


def test_large_texts_arrive_unchanged(database: Database) -> None:
    text = "\N{GRINNING FACE}\x00'\"\\" * 200_000  # 1 million code points
    paper = make_row("papers", id="p", title=text, abstract=text, listings=[text])
    graph = Graph.from_rows({"papers": [paper], "authors": [["a", text]]})
    load_into(database, graph)
    assert_holds(database, graph)
    assert not load_into(database, graph).changed


def test_an_id_that_no_index_can_hold_is_refused_by_name(database: Database) -> None:
    longest = Graph.from_rows({"authors": [["x" * LONGEST_ID, "fits"]]})
    load_into(database, longest)
    assert_holds(database, longest)
    with pytest.raises(StoreError, match=r"Author “yy.*7,001 bytes"):
        load_into(database, Graph.from_rows({"authors": [["y" * (LONGEST_ID + 1), "does not"]]}))


def test_many_batches_count_right(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.stores.neo4j_traffic.ROWS", 7)
    monkeypatch.setattr("kg.stores.neo4j_traffic.DELETIONS", 3)
    monkeypatch.setattr("kg.stores.neo4j_prune.ROWS", 7)
    steps: list[tuple[str, int, int]] = []
    graph = graph_of(12)
    load_into(database, graph, progress=lambda *step: steps.append(step))
    assert_holds(database, graph)
    for stage, want in (("nodes", len(expected_nodes(graph))), ("relations", len(expected_relations(graph)))):
        told = [(done, total) for name, done, total in steps if name == stage]
        assert told == sorted(told)
        assert told[-1] == (want, want)
    load_into(database, graph_of(13))
    load_into(database, graph, replace=True)
    assert_holds(database, graph)


def test_one_load_at_a_time(database: Database) -> None:
    load_into(database, graph_of(14))
    with (
        dial(database.url, database.options()) as connection,
        Lock(connection) as lock,
    ):
        with pytest.raises(StoreError, match="another load into namespace default"):
            load_into(database, graph_of(15))
        load_into(database, graph_of(15), "elsewhere")
        assert lock.held()
    load_into(database, graph_of(15))
    assert_holds(database, graph_of(15))
    assert database.run("MATCH (n:KgLoad) RETURN count(n)") == [[0]]


def test_two_loads_at_once_end_well(database: Database) -> None:
    graphs = {seed: graph_of(seed, 60, 80) for seed in (16, 17)}
    ended: dict[int, object] = {}

    def run(seed: int) -> None:
        try:
            ended[seed] = load_into(database, graphs[seed])
        except KgError as error:
            ended[seed] = error

    threads = [threading.Thread(target=run, args=(seed,)) for seed in graphs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [seed for seed in graphs if isinstance(ended[seed], Loaded)]
    refused = [str(error) for error in ended.values() if not isinstance(error, Loaded)]
    assert done
    assert all("another load" in text for text in refused)
    held = []
    for seed in done:
        try:
            assert_holds(database, graphs[seed])
            held.append(seed)
        except AssertionError:
            continue
    assert len(held) == 1


def test_a_foreign_rule_that_is_broken_is_told(database: Database) -> None:
    database.run("CREATE CONSTRAINT theirs FOR (n:Venue) REQUIRE n.name IS UNIQUE")
    try:
        with pytest.raises(StoreError, match="already exists"):
            load_into(database, Graph.from_rows({"venues": [["a", "same"], ["b", "same"]]}))
    finally:
        database.run("DROP CONSTRAINT theirs")


def test_constraints_and_indexes_come_from_the_schema(database: Database) -> None:
    load_into(database, graph_of(18))
    there = {
        str(name)
        for (name,) in database.run("SHOW INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN name")
    }
    assert {rule.name for rule in rules()} <= there
    for relation in schema.RELATIONS:
        assert f"kg_{relation.name.lower()}_key" in there
    plan = database.driver.execute_query("EXPLAIN MATCH (m:Method {id: 'x'}) RETURN m").summary.plan
    assert "IndexSeek" in str(plan)


def test_full_text_finds_by_any_name(database: Database) -> None:
    row = make_row(
        "concepts", id="method/bert", type="METHOD", name="BERT", aliases=["bidirectional encoder"]
    )
    load_into(database, Graph.from_rows({"concepts": [row]}))
    query = "CALL db.index.fulltext.queryNodes('kg_concept_text', 'encoder') YIELD node RETURN node.id"
    assert database.run(query) == [["method/bert"]]


def test_bookkeeping_is_hidden(database: Database) -> None:
    graph = graph_of(19)
    load_into(database, graph)
    with stores.open(database.url, database.options()) as store:
        for value in store.cypher("MATCH p = (n)-[r]->() RETURN n, r, p, [n], {k: r}").rows:
            assert "kg_key" not in str(value).replace(r"\x", "")
            assert "KgNode" not in str(value)


def test_writing_with_leave(database: Database) -> None:
    with stores.open(database.url, database.options()) as store:
        query = "CREATE (n:Note {text: $text}) RETURN n.text AS text"
        with pytest.raises(UsageError, match="--write"):
            store.cypher(query, {"text": "x"})
        assert store.cypher(query, {"text": "x"}, write=True).rows == [("x",)]
        many = "UNWIND range(1, 50) AS i CREATE (n:Note {i: i}) RETURN i"
        assert len(store.cypher(many, write=True, limit=2).rows) == 2
    assert database.run("MATCH (n:Note) RETURN count(n)") == [[51]]


def test_values_of_the_driver_become_plain(database: Database) -> None:
    query = """
    RETURN datetime('2020-01-02T03:04:05.000000006Z') AS exact, datetime('2020-01-02T03:04:05Z') AS stamp,
           time('10:11:12+01:00') AS time, duration('P1M2DT3.5S') AS span, duration('PT1S') AS second,
           point({x: 1, y: 2, z: 3}) AS space, point({latitude: 1, longitude: 2}) AS earth
    """
    with stores.open(database.url, database.options()) as store:
        (row,) = store.cypher(query).rows
    assert row == (
        "2020-01-02T03:04:05.000000006+00:00",
        "2020-01-02T03:04:05+00:00",
        "10:11:12+01:00",
        {"months": 1, "days": 2, "seconds": 3, "nanoseconds": 500_000_000},
        {"months": 0, "days": 0, "seconds": 1},
        {"x": 1.0, "y": 2.0, "z": 3.0},
        {"longitude": 2.0, "latitude": 1.0},
    )


def test_a_driver_object_never_leaves(database: Database, tmp_path: Path) -> None:
    load_into(database, graph_of(20))
    with stores.open(database.url, database.options()) as store:
        rows = store.cypher("MATCH p = ()-[*1..2]->() RETURN p, nodes(p), relationships(p) LIMIT 50").rows

    def look(value: object) -> None:
        assert not type(value).__module__.startswith(neo4j.__name__)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            look(inner)

    for row in rows:
        look(list(row))
