"""The force layout: the same every time, within its frame, with room for labels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.viewing import layout
from kg.viewing.layout import Box, Floats, force_layout

graphs = st.integers(1, 30).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.floats(0.1, 1)).filter(
                lambda edge: edge[0] != edge[1]
            ),
            max_size=60,
        ),
    )
)


def lay_out(count: int, edges: list[tuple[int, int, float]]) -> list[tuple[int, int]]:
    boxes = [Box(n, -20, 20, -8, 8) for n in range(count)]
    return force_layout(count, edges, boxes, width=860, height=530)


@given(graphs)
@settings(max_examples=20, deadline=None)
def test_places_are_finite_within_the_frame_and_the_same_again(
    graph: tuple[int, list[tuple[int, int, float]]],
) -> None:
    places = lay_out(*graph)
    assert len(places) == graph[0]
    assert all(abs(x) <= 430 - 20 and abs(y) <= 265 - 8 for x, y in places)
    assert places == lay_out(*graph)


@given(graphs)
@settings(max_examples=20, deadline=None)
def test_boxes_do_not_overlap_where_there_is_room(graph: tuple[int, list[tuple[int, int, float]]]) -> None:
    places = lay_out(*graph)
    for n, (x, y) in enumerate(places):
        for other_x, other_y in places[:n]:
            assert abs(x - other_x) >= 40 or abs(y - other_y) >= 16


def test_points_that_are_moved_by_a_hair_or_mirrored_give_the_same_map(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def map_of(points: Floats) -> list[tuple[int, int]]:
        monkeypatch.setattr(layout, "_start", lambda *_: points)
        return lay_out(len(points), [])

    cloud = np.random.default_rng(0).normal(size=(20, 2)) * (200, 100)
    even = np.array([(0.0, 0.0), (100.0, 20.0), (-100.0, -20.0)])  # the first is in the middle
    for points in (cloud, even):
        expected = map_of(points)
        for hair in range(1, 9):
            assert map_of(points + hair * 1e-9) == expected
        for signs in ((-1, 1), (1, -1), (-1, -1)):
            assert map_of(points * signs) == expected
    assert expected[1][0] > expected[2][0]


def test_groups_stand_apart() -> None:
    group = [(a, b, 1.0) for a in range(8) for b in range(a)]
    edges = [*group, *((a + 8, b + 8, w) for a, b, w in group), (0, 8, 0.2)]
    places = lay_out(16, edges)

    def spread(members: range) -> tuple[float, float]:
        xs, ys = zip(*(places[n] for n in members), strict=True)
        return sum(xs) / len(xs), sum(ys) / len(ys)

    (ax, ay), (bx, by) = spread(range(8)), spread(range(8, 16))
    between = ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5
    for members, (mx, my) in ((range(8), (ax, ay)), (range(8, 16), (bx, by))):
        inside = max(((places[n][0] - mx) ** 2 + (places[n][1] - my) ** 2) ** 0.5 for n in members)
        assert inside < between


def test_nothing_and_one_thing() -> None:
    assert force_layout(0, [], [], width=10, height=10) == []
    assert lay_out(1, []) == [(0, 0)]


def test_those_that_come_later_give_way() -> None:
    boxes = [Box(n, -30, 30, -10, 10) for n in range(6)]
    edges = [(n, (n + 1) % 6, 1.0) for n in range(6)]
    places = force_layout(6, edges, boxes, width=400, height=300)
    wider = [*boxes[:5], Box(5, -60, 60, -40, 40)]
    assert force_layout(6, edges, wider, width=400, height=300)[:5] == places[:5]


def test_where_there_is_no_room_everything_stays_near_its_place() -> None:
    boxes = [Box(n, -150, 150, -90, 90) for n in range(9)]
    assert len(force_layout(9, [(0, 1, 1.0)], boxes, width=400, height=300)) == 9
