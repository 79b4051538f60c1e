"""Additive curves: they learn, they repeat themselves, and they store as they were."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.relations.curves import Chance, Curves, fit

NAMES = ("a", "b", "c")


def table(seed: int, rows: int = 400) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).random((rows, 3))


def test_it_learns_what_adds_up_and_bends() -> None:
    def truth(
        rows: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.asarray(np.maximum(rows[:, 0] - 0.5, 0) + rows[:, 1] ** 2 > 0.6)

    seen, fresh = table(1), table(2)
    curves = fit(seen, truth(seen), NAMES, penalty=0.1)
    assert ((curves.probability(fresh) > 0.5) == truth(fresh)).mean() > 0.9


def test_chances_fit_the_shares() -> None:
    rows = table(3, 4000)
    answers = np.random.default_rng(4).random(4000) < rows[:, 0]
    sure = fit(rows, answers, NAMES, penalty=1.0).probability(rows)
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = (rows[:, 0] >= low) & (rows[:, 0] < low + 0.25)
        assert sure[inside].mean() == pytest.approx(answers[inside].mean(), abs=0.05)


def test_the_same_rows_give_the_same_curves_and_they_store_as_they_were() -> None:
    rows = table(5)
    answers = rows[:, 0] + rows[:, 1] > 1
    curves = fit(rows, answers, NAMES, penalty=10.0)
    written = json.dumps(curves.to_json())
    assert json.dumps(fit(rows.copy(), answers.copy(), NAMES, penalty=10.0).to_json()) == written
    back = Curves.from_json(json.loads(written))
    assert back.probability(rows).tolist() == curves.probability(rows).tolist()
    assert back.features == NAMES


@settings(deadline=None)
@given(st.integers(0, 50))
def test_scores_are_sums_of_what_each_column_says(seed: int) -> None:
    rows = table(seed, 60)
    curves = fit(rows, rows[:, 2] > 0.4, NAMES, penalty=5.0)
    middle = np.median(rows, axis=0, keepdims=True)
    alone = []
    for at in range(3):
        moved = np.repeat(middle, len(rows), axis=0)
        moved[:, at] = rows[:, at]
        alone.append(curves.score(moved) - curves.score(middle))
    assert curves.score(rows) == pytest.approx(curves.score(middle) + sum(alone), abs=1e-9)


@pytest.mark.parametrize("answer", [False, True])
def test_where_all_answers_are_alike_it_says_so(answer: bool) -> None:
    rows = table(6, 500)
    sure = fit(rows, np.full(500, answer), NAMES, penalty=1.0).probability(rows)
    assert np.all(sure > 0.99) if answer else np.all(sure < 0.01)


def test_a_row_that_counts_twice_is_as_two() -> None:
    rows = table(7, 50)
    answers = rows[:, 0] > 0.6
    # Knots and ranks are of the rows as they stand: so let each be there as often in both.
    twice = np.concatenate([rows, rows])
    half = fit(twice, np.tile(answers, 2), NAMES, penalty=2.0, counting=np.full(100, 0.5))
    once = fit(rows, answers, NAMES, penalty=2.0)
    assert half.score(rows) == pytest.approx(once.score(rows), abs=0.05)
    heavy = fit(rows, answers, NAMES, penalty=2.0, counting=np.where(answers, 5.0, 1.0))
    assert heavy.score(rows).mean() > once.score(rows).mean()


def test_columns_that_never_change_say_nothing() -> None:
    rows = table(8)
    rows[:, 1] = 0.0
    curves = fit(rows, rows[:, 0] > 0.5, NAMES, penalty=1.0)
    other = rows.copy()
    other[:, 1] = 7.0
    assert curves.score(other).tolist() == curves.score(rows).tolist()


def test_chances_of_scores_keep_their_order() -> None:
    score = np.random.default_rng(9).random(3000)
    chance = Chance.of_answers(score, np.random.default_rng(10).random(3000) < score**2)
    sure = chance.of(np.linspace(0, 1, 50))
    assert np.all(np.diff(sure) > 0)
    assert sure[25] == pytest.approx(0.25, abs=0.08)
