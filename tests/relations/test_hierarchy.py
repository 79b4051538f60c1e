"""What can hold together, and the fewest relations that say it, against NetworkX."""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.relations.hierarchy import acyclic, reaches, reduced

EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30, unique=True)


@settings(deadline=None)
@given(EDGES)
def test_what_is_kept_has_no_cycle_and_nothing_else_could_be_kept(edges: list[tuple[int, int]]) -> None:
    kept, closing = acyclic(edges)
    assert sorted(kept + closing) == sorted(edges)
    graph = nx.DiGraph(kept)
    assert nx.is_directed_acyclic_graph(graph)
    for low, high in closing:
        assert low == high or nx.has_path(graph, high, low)


@settings(deadline=None)
@given(EDGES)
def test_the_surest_claim_stays(edges: list[tuple[int, int]]) -> None:
    kept, _ = acyclic(edges)
    first = next((edge for edge in edges if edge[0] != edge[1]), None)
    assert first is None or first in kept


@settings(deadline=None)
@given(EDGES)
def test_the_reduction_is_the_one_there_is(edges: list[tuple[int, int]]) -> None:
    kept, _ = acyclic(edges)
    fewest = reduced(kept)
    assert set(fewest) == set(nx.transitive_reduction(nx.DiGraph(kept)).edges)
    assert fewest == [edge for edge in kept if edge in set(fewest)], "in the order given"


@settings(deadline=None)
@given(EDGES, st.integers(0, 9), st.integers(0, 9))
def test_reaching(edges: list[tuple[int, int]], start: int, end: int) -> None:
    graph = nx.DiGraph(edges)
    graph.add_nodes_from((start, end))
    broader: dict[int, list[int]] = {}
    for low, high in edges:
        broader.setdefault(low, []).append(high)
    assert reaches(broader, start, end) == nx.has_path(graph, start, end)
