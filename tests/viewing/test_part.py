"""The part of a graph that a page holds, compared with NetworkX on the whole graph."""

from __future__ import annotations

import itertools

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.tables import Graph
from kg.viewing.arcs import arcs, surroundings
from kg.viewing.choosing import chosen_part
from kg.viewing.kinds import node_styles
from kg.viewing.overview import overview
from kg.viewing.part import Part, part

from .graphs import alike, chain, many

SMALL = many(40, concepts_each=4)


def whole(graph: Graph) -> nx.Graph:
    links = nx.Graph()
    for table in ("papers", "concepts"):
        links.add_nodes_from(row["id"] for row in graph.rows(table))
    links.add_edges_from((row["from"], row["to"]) for row in graph.rows("paper_concept"))
    return links


def ids(shown: Part) -> set[str]:
    return {node.id for node in shown.nodes}


def test_a_graph_that_fits_is_held_whole() -> None:
    shown = part(SMALL, max_nodes=10_000)
    assert ids(shown) == set(whole(SMALL))
    assert len(shown.edges) == SMALL.tables["paper_concept"].num_rows
    assert shown.left_out == {}
    assert set(shown.cut) == {0}


@given(most=st.integers(1, 200))
@settings(max_examples=25, deadline=None)
def test_a_part_is_bounded_and_says_what_it_leaves_out(most: int) -> None:
    shown = part(SMALL, max_nodes=most)
    everything = whole(SMALL)
    held = ids(shown)
    assert len(shown.nodes) == min(most, len(everything))
    assert sum(shown.left_out.values()) == len(everything) - len(held)
    inside = everything.subgraph(held)
    assert {(shown.nodes[e.source].id, shown.nodes[e.target].id) for e in shown.edges} == {
        (row["from"], row["to"])
        for row in SMALL.rows("paper_concept")
        if row["from"] in held and row["to"] in held
    }
    for node, cut in zip(shown.nodes, shown.cut, strict=True):
        assert cut == everything.degree(node.id) - inside.degree(node.id)


def test_the_strongest_concepts_are_held() -> None:
    shown = part(SMALL, max_nodes=30)
    counts = {row["id"]: row["paper_count"] for row in SMALL.rows("concepts")}
    held = [counts[i] for i in ids(shown) if i in counts]
    left = [count for i, count in counts.items() if i not in ids(shown)]
    assert sorted(held)[-15:] == sorted(counts.values())[-15:]
    assert max(left) <= max(held)


@given(centre=st.sampled_from(sorted(whole(SMALL))), hops=st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_a_focus_holds_what_is_near_and_nothing_else(centre: str, hops: int) -> None:
    table = "papers" if centre.startswith("p") else "concepts"
    shown = part(SMALL, focus=(table, centre), hops=hops, max_nodes=10_000)
    assert ids(shown) == set(nx.ego_graph(whole(SMALL), centre, radius=hops))
    assert shown.focus is not None
    assert shown.nodes[shown.focus].id == centre


def test_a_bounded_focus_holds_the_nearest() -> None:
    graph = chain()
    shown = part(graph, focus=("concepts", "method/3"), hops=3, max_nodes=4)
    near = nx.single_source_shortest_path_length(whole(graph), "method/3")
    assert max(near[i] for i in ids(shown)) <= 2
    assert "method/3" in ids(shown)


def test_the_order_of_rows_changes_nothing() -> None:
    shuffled = Graph.from_rows(
        {name: [list(row.values()) for row in reversed(SMALL.rows(name))] for name in SMALL.tables}
    )
    assert part(shuffled, max_nodes=50) == part(SMALL, max_nodes=50)


@pytest.mark.parametrize(("hops", "most", "says"), [(0, 9, "hops"), (4, 9, "hops"), (1, 0, "max_nodes")])
def test_numbers_out_of_range_are_refused(hops: int, most: int, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        chosen_part(SMALL, focus=None, hops=hops, max_nodes=most)


def test_a_focus_is_found_by_every_name_and_by_id() -> None:
    graph = chain()
    found = [
        chosen_part(graph, focus=name, hops=1, max_nodes=9) for name in ("method/2", "method 2", "METHOD  2")
    ]
    assert found[0] == found[1] == found[2]
    assert chosen_part(graph, focus="Paper 1", hops=1, max_nodes=9).focus is not None


def test_a_focus_that_is_nowhere_is_refused_with_what_may_be_meant() -> None:
    with pytest.raises(UsageError, match="nothing here is called"):
        chosen_part(chain(), focus="methd 2", hops=1, max_nodes=9)


def test_a_name_of_two_things_is_refused_with_their_ids() -> None:
    from .graphs import concept, paper, says

    rows = [paper("p1", "One", "speed here"), paper("p2", "Two", "speed there")]
    twins = [concept("method/speed", "speed", 1), concept("metric/speed", "speed", 1)]
    relations = [
        says("USES", rows[0], "method/speed", "speed"),
        says("REPORTS", rows[1], "metric/speed", "speed"),
    ]
    graph = Graph.from_rows({"papers": rows, "concepts": twins, "paper_concept": relations})
    with pytest.raises(UsageError, match=r"method/speed.*metric/speed.*ids"):
        chosen_part(graph, focus="speed", hops=1, max_nodes=9)


@given(hops=st.integers(1, 3), most=st.integers(2, 40), n=st.integers(0, 20))
@settings(max_examples=40, deadline=None)
def test_surroundings_hang_together_and_every_node_has_a_row_of_its_own(hops: int, most: int, n: int) -> None:
    shown = part(SMALL, max_nodes=10_000)
    near = surroundings(shown, n, hops, most)
    assert len(near.order) <= most
    assert near.order[0] == n
    reached = nx.ego_graph(whole(SMALL), shown.nodes[n].id, radius=hops)
    assert len(near.order) + near.left <= len(reached)
    if near.left == 0:
        assert {shown.nodes[m].id for m in near.order} == set(reached)
    for node, parent in near.parent.items():
        assert near.depth[node] == near.depth[parent] + 1
    places, rows = arcs(near)
    assert all(-1 <= x <= 1 and -1 <= y <= 1 for x, y in places.values())
    assert rows <= len(near.order)
    leaves = set(near.order[1:]) - set(near.parent.values())
    for sign in (-1, 1):
        heights = sorted(places[m][1] for m in leaves if places[m][0] * sign > 0)
        assert all(other - one > 1.9 / max(rows, 1) for one, other in itertools.pairwise(heights))


def test_the_first_map_shows_the_strongest_concepts_and_papers_that_tie_them() -> None:
    graph = many(900)
    shown = part(graph, max_nodes=10_000)
    first = overview(shown)
    styles = node_styles()
    drawn = [shown.nodes[n] for n in first.places]
    concepts = [node for node in drawn if styles[node.style].kind.type_labels]
    papers = [node for node in drawn if styles[node.style].label == "Paper"]
    assert 100 <= len(concepts) <= 200
    assert 100 <= len(papers) <= 250
    sizes = sorted((n.size for n in shown.nodes if styles[n.style].kind.type_labels), reverse=True)
    assert sorted((node.size for node in concepts), reverse=True) == sizes[: len(concepts)]
    ends = {end for e in first.edges for end in (shown.edges[e].source, shown.edges[e].target)}
    assert ends <= set(first.places)
    assert all(n in ends for n in first.places if styles[shown.nodes[n].style].label == "Paper")


def test_a_small_graph_is_shown_whole_and_an_empty_one_is_empty() -> None:
    shown = part(chain(), max_nodes=99)
    assert set(overview(shown).places) == set(range(len(shown.nodes)))
    assert overview(part(Graph.from_rows({}), max_nodes=9)).places == {}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("twice", ("papers", "twice")),
        ("twice~1f", ("papers", "twice~1f")),
        ("method/alphanet", ("concepts", "method/alphanet")),
        ("A paper of an odd id", ("papers", "method/alphanet")),
    ],
)
def test_an_id_leads_to_its_own_node(name: str, found: tuple[str, str]) -> None:
    shown = chosen_part(alike(), focus=name, hops=1, max_nodes=9)
    assert shown.focus is not None
    node = shown.nodes[shown.focus]
    assert (node_styles()[node.style].kind.table, node.id) == found
