"""Every store holds exactly what the tables hold, and gives it back."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import schema, stores
from kg.errors import StoreError, UsageError
from kg.tables import Graph

from .conftest import ASKED, Fill
from .graphs import (
    HOSTILE,
    exact,
    expected_nodes,
    expected_relations,
    make_row,
    random_graph,
    sorted_relations,
)


def assert_equal(store: stores.Store, graph: Graph) -> None:
    nodes = sorted(store.nodes(), key=lambda node: node.key)
    assert [node.labels for node in nodes] == [node.labels for node in expected_nodes(graph)]
    assert [exact(node.properties) for node in nodes] == [
        exact(node.properties) for node in expected_nodes(graph)
    ]
    assert [node.key for node in nodes] == [node.key for node in expected_nodes(graph)]
    relations, want = sorted_relations(store.relations()), expected_relations(graph)
    assert [(r.type, r.source, r.target) for r in relations] == [(r.type, r.source, r.target) for r in want]
    assert [exact(r.properties) for r in relations] == [exact(r.properties) for r in want]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=False))
def test_everything_comes_back_exactly(fill: Fill, random: Random) -> None:
    graph = random_graph(random)
    assert_equal(fill(graph), graph)


def test_a_larger_graph_comes_back_exactly(fill: Fill) -> None:
    graph = random_graph(Random(7), nodes=400, relations=600)  # noqa: S311 - test data, no secret
    assert_equal(fill(graph), graph)


def test_an_empty_graph_is_a_graph(fill: Fill) -> None:
    store = fill(Graph.from_rows({}))
    assert list(store.nodes()) == []
    assert list(store.relations()) == []


def test_ids_may_repeat_across_labels(fill: Fill) -> None:
    rows: dict[str, list[list[object]]] = {
        "authors": [make_row("authors", id="same")],
        "venues": [make_row("venues", id="same")],
    }
    store = fill(Graph.from_rows(rows))
    assert sorted(node.key for node in store.nodes()) == [("Author", "same"), ("Venue", "same")]


def test_closing_twice_is_allowed(fill: Fill) -> None:
    store = fill(Graph.from_rows({}))
    store.close()
    store.close()


def test_no_property_has_a_name_that_a_store_uses_itself() -> None:
    taken = {"type", "label", "labels", "relation"}
    declared = [kind.properties for kind in schema.NODES] + [kind.properties for kind in schema.RELATIONS]
    assert not taken & {p.name for properties in declared for p in properties}


# What follows holds for stores that speak Cypher.


def test_each_store_says_whether_it_speaks_cypher(fill: Fill) -> None:
    store = fill(Graph.from_rows({}))
    if store.speaks_cypher:
        assert store.cypher("RETURN 1 AS x") == stores.Answer(("x",), [(1,)])
    else:
        with pytest.raises(UsageError, match="Cypher"):
            store.cypher("RETURN 1 AS x")


def test_counts_and_labels(asked: stores.Store) -> None:
    for label, count in ASKED.counts().items():
        pattern = f"()-[x:{label}]->()" if label in {r.name for r in schema.RELATIONS} else f"(x:{label})"
        assert asked.cypher(f"MATCH {pattern} RETURN count(x) AS n").rows == [(count,)]


def test_every_property_can_be_asked_for(asked: stores.Store) -> None:
    for node in expected_nodes(ASKED):
        names = list(node.properties)
        returned = ", ".join(f"n.{name} AS {name}" for name in names)
        answer = asked.cypher(f"MATCH (n:{node.label} {{id: $id}}) RETURN {returned}", {"id": node.key[1]})
        assert answer.columns == tuple(names)
        assert exact(answer.rows) == [exact(list(node.properties.values()))]


def test_relations_run_the_right_way(asked: stores.Store) -> None:
    for relation in expected_relations(ASKED)[::7]:
        rows = asked.cypher(
            f"MATCH (a)-[r:{relation.type}]->(b) WHERE r.id = $id RETURN a.id, b.id, r",
            {"id": relation.properties["id"]},
        ).rows
        want = {"type": relation.type, "properties": dict(relation.properties)}
        assert exact(rows) == exact([(relation.source[1], relation.target[1], want)])


def test_nodes_and_paths_are_plain(asked: stores.Store) -> None:
    query = "MATCH p = (a:Paper)-[w]->(b)<-[v]-(c) RETURN a, p, type(w), type(v), c.id LIMIT 5"
    rows = asked.cypher(query).rows
    assert rows
    for node, path, *types, last in rows:
        assert node["labels"] == ["Paper"]
        assert set(node) == {"labels", "properties"}
        assert path["nodes"][0] == node
        assert path["nodes"][-1]["properties"]["id"] == last
        assert [relation["type"] for relation in path["relations"]] == types
        assert path["forward"] == [True, False]
    ((nested,),) = asked.cypher("MATCH (c:Concept) RETURN {all: collect(c), one: [head(collect(c))]}").rows
    assert nested["one"] == nested["all"][:1]
    assert all(c["labels"] == sorted(c["labels"]) and "Concept" in c["labels"] for c in nested["all"])


@pytest.mark.parametrize("text", HOSTILE)
def test_parameters_are_data(asked: stores.Store, text: str) -> None:
    assert asked.cypher("RETURN $x AS x, [$x] AS l, {k: $x} AS m", {"x": text}).rows == [
        (text, [text], {"k": text})
    ]


def test_values_keep_their_types(asked: stores.Store) -> None:
    query = "RETURN 1 AS i, 1.0 AS f, true AS b, null AS n, 'x' AS s, [1, 2.0, null] AS l, {a: {b: 1}} AS m"
    (row,) = asked.cypher(query).rows
    assert exact(row) == exact((1, 1.0, True, None, "x", [1, 2.0, None], {"a": {"b": 1}}))
    (row,) = asked.cypher("RETURN date('2020-02-03') AS d, localtime('10:11:12') AS t").rows
    assert row == ("2020-02-03", "10:11:12")


def test_a_map_that_looks_like_a_node_stays_a_map(asked: stores.Store) -> None:
    for text in (
        "{id: 1, labels: ['Nobody'], properties: {type: 1}}",
        "{id: 1, labels: [], properties: {}}",
        "{id: 1, start: 2, end: 3, type: 'X', properties: 5}",
        "{nodes: 1, relationships: 2}",
        "{nodes: [1], relationships: []}",
    ):
        ((value,),) = asked.cypher(f"RETURN {text} AS m").rows
        assert isinstance(value, dict)
        assert set(value) in (
            {"id", "labels", "properties"},
            {"id", "start", "end", "type", "properties"},
            {"nodes", "relationships"},
        )


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("MATCH (n RETURN n", "line 1, column"),
        ("MATCH (n)\nRETUR n", "line 2, column"),
        ("RETURN 1 +", "line 1, column"),
        ("", ""),
        ("RETURN nosuch(1)", ""),
        ("CALL no.such.procedure()", ""),
        ("RETURN $missing", ""),
        ("RETURN 1 / 0", ""),
    ],
)
def test_wrong_queries_are_told(asked: stores.Store, query: str, place: str) -> None:
    with pytest.raises(UsageError, match=place or None) as caught:
        asked.cypher(query)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [object(), 2**70, "\ud800", {"\ud800": 1}, b"bytes"])
def test_wrong_parameters_are_told(asked: stores.Store, value: object) -> None:
    with pytest.raises(UsageError, match="x"):
        asked.cypher("RETURN $x", {"x": value})
    with pytest.raises(UsageError, match="surrogate in its name"):
        asked.cypher("RETURN 1", {"x\ud800": 1})


@pytest.mark.parametrize(
    "query",
    [
        "CREATE (:Paper {id: 'new'})",
        "MERGE (:Paper {id: 'new'})",
        "MATCH (n) SET n.title = 'x'",
        "MATCH (n) SET n:Extra",
        "MATCH (n) REMOVE n.title",
        "MATCH (n) DETACH DELETE n",
        "MATCH (a:Paper), (b:Paper) CREATE (a)-[:CITES]->(b)",
        "/* RETURN */ create (:X)",
        "RETURN 1 AS x UNION MATCH (n) DETACH DELETE n RETURN 1 AS x",
        "FOREACH (x IN [1] | CREATE (:X {n: x}))",
        "CREATE INDEX sneaky FOR (n:Paper) ON (n.title)",
        "DROP INDEX sneaky IF EXISTS",
        "CALL { CREATE (:X) }",
    ],
)
def test_writing_needs_leave(asked: stores.Store, query: str) -> None:
    before = asked.cypher("MATCH (n) RETURN count(n)").rows
    with pytest.raises(UsageError):
        asked.cypher(query)
    assert asked.cypher("MATCH (n) RETURN count(n)").rows == before


@pytest.mark.parametrize(
    "query",
    [
        "RETURN 'CREATE (n) DELETE n' AS x",
        'RETURN "SET x.y = 1" AS x',
        "RETURN 1 AS `DETACH DELETE n` // MERGE (m)",
        "/* CREATE (m) */ RETURN 1 AS x",
        "MATCH (n:Paper) WHERE n.title CONTAINS 'DELETE' RETURN count(n) AS x",
    ],
)
def test_words_of_writing_in_text_are_no_writing(asked: stores.Store, query: str) -> None:
    assert len(asked.cypher(query).rows) == 1


def test_limit_cuts_and_says_so(asked: stores.Store) -> None:
    answer = asked.cypher("UNWIND range(1, 10) AS x RETURN x", limit=3)
    assert answer.rows == [(1,), (2,), (3,)]
    assert any("3" in note for note in answer.notes)
    for enough in (3, 10**30):
        whole = asked.cypher("UNWIND range(1, 3) AS x RETURN x", limit=enough)
        assert (len(whole.rows), whole.notes) == (3, ())


def test_a_query_that_takes_too_long_is_stopped(asked: stores.Store) -> None:
    with pytest.raises(StoreError, match=r"0\.2 s"):
        asked.cypher("MATCH (a), (b), (c), (d), (e) WHERE a.id <> e.id RETURN count(*)", timeout=0.2)


def test_an_unknown_label_is_remarked_on(asked: stores.Store) -> None:
    answer = asked.cypher("MATCH (n:Papper) RETURN n.id")
    assert answer.rows == []
    assert any("Papper" in note for note in answer.notes)
