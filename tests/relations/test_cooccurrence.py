"""Association and kinship, counted again by brute force."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.relations import cooccurrence
from kg.relations.cooccurrence import (
    COMMON,
    LEAST_NPMI,
    LEAST_SUPPORT,
    LEAST_WEIGHT,
    MOST,
    co_occurrences,
    kinships,
)
from kg.relations.relating import relate
from kg.relations.strongest import strongest
from kg.relations.view import View
from kg.report import Report
from kg.tables import Graph

from .worlds import Told, random_world, world


def spoken(graph: Graph, *, background: bool = True) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in graph.rows("paper_concept"):
        if background or row["type"] != "MENTIONS":
            found.setdefault(row["from"], set()).add(row["to"])
    return found


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_association_is_counted_right(seed: int) -> None:
    graph = random_world(seed, papers=40, concepts=14)
    papers = len(graph.rows("papers"))
    count = Counter(concept for own in spoken(graph).values() for concept in own)
    both = Counter(pair for own in spoken(graph).values() for pair in combinations(sorted(own), 2))
    strong = {}
    for (a, b), n in both.items():
        npmi = math.log(papers * n / (count[a] * count[b])) / math.log(papers / n) if n < papers else 1.0
        if n >= LEAST_SUPPORT and round(npmi, 4) >= LEAST_NPMI:
            strong[a, b] = (n, npmi)
    report = Report()
    view = View.of(graph.tables)
    found = co_occurrences(view, report)
    kept = {
        (view.concept_ids[a], view.concept_ids[b]): (n, npmi)
        for a, b, n, npmi in zip(found.a, found.b, found.support, found.npmi, strict=True)
    }
    assert kept.keys() <= strong.keys()
    assert all(kept[pair] == pytest.approx(strong[pair], abs=1e-4) for pair in kept)
    assert_strongest({pair: (npmi, n) for pair, (n, npmi) in strong.items()}, set(kept))
    cut = {reason: n for (stage, reason), n in report.drops.items() if stage == "relations"}
    assert len(both) == len(kept) + sum(cut.values()), "nothing is lost silently"


def assert_strongest(weights: dict[tuple[str, str], tuple[float, int]], kept: set[tuple[str, str]]) -> None:
    """An edge is cut only where one of its ends keeps `MOST` that are no weaker."""
    degree = Counter(end for pair in kept for end in pair)
    assert max(degree.values(), default=0) <= MOST
    for pair in weights.keys() - kept:
        assert any(
            degree[end] == MOST
            and all(
                round(weights[one][0], 3) >= round(weights[pair][0], 3) - 0.001 for one in kept if end in one
            )
            for end in pair
        )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_kinship_is_counted_right(seed: int) -> None:
    graph = random_world(seed, papers=40, concepts=30)
    own = spoken(graph, background=False)
    count = Counter(concept for concepts in spoken(graph).values() for concept in concepts)
    strong = {}
    for a, b in combinations(sorted(own), 2):
        both = {one for one in own[a] & own[b] if LEAST_SUPPORT <= count[one] <= COMMON}
        weight = math.fsum(1 / math.log(count[one]) for one in both)
        if round(weight, 4) >= LEAST_WEIGHT:
            strong[a, b] = (weight, both)
    view = View.of(graph.tables)
    found = kinships(view, Report())
    kept = {}
    for a, b, weight, shared in zip(found.a, found.b, found.weight, found.shared, strict=True):
        kept[view.paper_ids[a], view.paper_ids[b]] = (weight, [view.concept_ids[one] for one in shared])
    assert kept.keys() <= strong.keys()
    for pair, (weight, concepts) in kept.items():
        assert weight == pytest.approx(strong[pair][0], abs=1e-4)
        assert set(concepts) == strong[pair][1]
        assert [count[one] for one in concepts] == sorted(count[one] for one in concepts), "rarest first"
    assert_strongest({pair: (weight, len(both)) for pair, (weight, both) in strong.items()}, set(kept))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 5), st.integers(1, 3)), max_size=40
    ),
    st.integers(1, 3),
)
def test_the_strongest_are_kept(edges: list[tuple[int, int, int, int]], most: int) -> None:
    edges = [edge for edge in edges if edge[0] < edge[1]]
    a, b, weight, support = np.array(edges, dtype=np.int64).reshape(-1, 4).T
    kept = strongest(a, b, weight.astype(np.float64), support, nodes=8, most=most).tolist()
    assert kept == sorted(set(kept))
    degree = Counter(end for n in kept for end in edges[n][:2])
    assert max(degree.values(), default=0) <= most
    if edges:
        best = min(range(len(edges)), key=lambda n: (-edges[n][2], -edges[n][3], edges[n][:2], n))
        assert best in kept
    for n in set(range(len(edges))) - set(kept):
        full = [end for end in edges[n][:2] if degree[end] == most]
        assert any(all(edges[m][2] >= edges[n][2] for m in kept if end in edges[m][:2]) for end in full)


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_the_size_of_a_block_does_not_show(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    view = View.of(random_world(3, papers=50).tables)
    expected = co_occurrences(view, Report()), kinships(view, Report())
    monkeypatch.setattr(cooccurrence, "_BLOCK", size)
    again = co_occurrences(view, Report()), kinships(view, Report())
    assert repr(again) == repr(expected)


def test_what_everybody_speaks_of_makes_no_kin_and_a_crowded_paper_no_crowd() -> None:
    names = [f"Zorb{n:03}" for n in range(cooccurrence.WIDEST + 20)]
    crowded = [
        Told(f"p{n}", "A title", ", ".join(names), dict.fromkeys(names, ("METHOD", "USES"))) for n in range(2)
    ]
    common = [
        Told(f"q{n:03}", "Another title", "With Quox.", {"Quox": ("DATASET", "USES")})
        for n in range(COMMON + 1)
    ]
    report = Report()
    graph = relate(world([*crowded, *common]), report=report)
    assert report.drops["relations", "concept beyond a paper's first when pairing"] == 2 * 20
    kin = {(r["from"], r["to"]) for r in graph.rows("paper_paper") if r["type"] == "RELATED_TO"}
    assert kin == {("p0", "p1")}


def test_an_empty_graph_has_no_relations() -> None:
    graph = relate(Graph.from_rows({}))
    assert graph.rows("concept_concept") == graph.rows("paper_paper") == []
    alone = relate(world([Told("p", "A title", "", {})]))
    assert alone.rows("concept_concept") == alone.rows("paper_paper") == []
