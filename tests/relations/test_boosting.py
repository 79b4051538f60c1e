"""The forest: it learns, it repeats itself, and it stores as it was."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.relations.boosting import Forest, Shape, Tree, fit

SHAPE = Shape(trees=30, leaves=4, step=0.3, penalty=1.0, least=5)


def table(seed: int, rows: int = 400) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).random((rows, 3))


def walked(tree: Tree, row: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    at = 0
    while tree.feature[at] >= 0:
        low = row[tree.feature[at]] <= tree.threshold[at]
        at = int(tree.left[at] if low else tree.right[at])
    return float(tree.value[at])


def test_it_learns_what_no_single_column_tells() -> None:
    seen, fresh = table(1), table(2)

    def truth(
        rows: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.asarray((rows[:, 0] > 0.5) != (rows[:, 1] > 0.5))

    forest = fit(seen, truth(seen), ("a", "b", "c"), Shape(trees=80, leaves=6, step=0.3, penalty=1, least=5))
    assert ((forest.probability(fresh) > 0.5) == truth(fresh)).mean() > 0.9


def test_chances_fit_the_shares() -> None:
    rows = table(3, 2000)
    answers = np.random.default_rng(4).random(2000) < rows[:, 0]
    sure = fit(rows, answers, ("a", "b", "c"), SHAPE).probability(rows)
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = (rows[:, 0] >= low) & (rows[:, 0] < low + 0.25)
        assert sure[inside].mean() == pytest.approx(answers[inside].mean(), abs=0.05)


@settings(deadline=None)
@given(st.integers(0, 50))
def test_rows_fall_where_a_walk_leads(seed: int) -> None:
    rows = table(seed, 60)
    forest = fit(
        rows, rows[:, 2] > 0.4, ("a", "b", "c"), Shape(trees=3, leaves=4, step=0.3, penalty=1, least=5)
    )
    for tree in forest.trees:
        assert tree.predict(rows).tolist() == [walked(tree, row) for row in rows]


def test_the_same_rows_give_the_same_forest_and_it_stores_as_it_was() -> None:
    rows = table(5)
    answers = rows[:, 0] + rows[:, 1] > 1
    forest = fit(rows, answers, ("a", "b", "c"), SHAPE)
    written = json.dumps(forest.to_json())
    assert json.dumps(fit(rows.copy(), answers.copy(), ("a", "b", "c"), SHAPE).to_json()) == written
    back = Forest.from_json(json.loads(written))
    assert back.probability(rows).tolist() == forest.probability(rows).tolist()
    assert (back.features, back.start) == (forest.features, forest.start)


@pytest.mark.parametrize("answer", [False, True])
def test_where_all_answers_are_alike_it_says_so(answer: bool) -> None:
    rows = table(6, 50)
    sure = fit(rows, np.full(50, answer), ("a", "b", "c"), SHAPE).probability(rows)
    assert np.all(sure > 0.99) if answer else np.all(sure < 0.01)


def test_no_leaf_has_fewer_rows_than_asked() -> None:
    rows = table(7)
    forest = fit(rows, rows[:, 0] > 0.5, ("a", "b", "c"), Shape(trees=10, leaves=8, least=40))
    for tree in forest.trees:
        if len(tree.feature) > 1:
            values, counts = np.unique(tree.predict(rows), return_counts=True)
            assert counts.min() >= 40, values
