"""The best choice of stretches against trying every choice."""

from __future__ import annotations

from itertools import chain, combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.choosing import choose

ROWS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(1, 4), st.integers(0, 100)).map(
        lambda row: (row[0], row[0] + row[1], row[2] / 100)
    ),
    max_size=9,
)


@given(rows=ROWS, least=st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_no_other_choice_is_worth_more(rows: list[tuple[int, int, float]], least: float) -> None:
    start, end, probability = [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]
    chosen = choose(start, end, probability, least)
    assert all(probability[row] > least for row in chosen)
    assert all(end[a] <= start[b] for a, b in pairwise(chosen))
    every = chain.from_iterable(combinations(range(len(rows)), n) for n in range(len(rows) + 1))
    apart = (
        choice
        for choice in every
        if all(end[a] <= start[b] for a, b in pairwise(sorted(choice, key=lambda row: start[row])))
    )
    best = max(sum(probability[row] - least for row in choice) for choice in apart)
    assert abs(sum(probability[row] - least for row in chosen) - best) < 1e-9


def test_nothing_to_choose_from_is_nothing() -> None:
    assert choose([], [], [], 0.1) == []
