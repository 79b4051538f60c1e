"""Only numbers that mean the same are ranked against each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.asking.leaderboards import Entry, entries
from kg.asking.measures import less_is_better
from kg.errors import UsageError
from kg.tables import Graph


def board(graph: Graph, **of: str) -> list[Entry]:
    return entries(graph, task="pebble sorting", **of)


def test_the_best_stand_first_and_equal_numbers_share_a_rank(dated: Graph) -> None:
    found = board(dated, dataset="Quox", metric="wobbling")
    assert [(one.rank, one.method, one.value, one.paper_id) for one in found if one.rank] == [
        (1, "Grumble", "65.0%", "grumble"),
        (1, "Zorb", "65.0%", "user"),
        (3, "Zorb", "61.5%", "zorb"),
    ]
    assert all(one.value in one.sentence for one in found)
    assert [one.year for one in found if one.rank] == [2003, 2002, 2001]


def test_an_improvement_is_listed_and_never_ranked(dated: Graph) -> None:
    gains = [one for one in board(dated) if one.kind == "improvement"]
    assert [(one.value, one.rank) for one in gains] == [("3.5%", None)]


def test_of_errors_less_is_better(dated: Graph) -> None:
    found = board(dated, metric="grain error", dataset="Quox")
    assert [(one.rank, one.number, one.better) for one in found] == [(1, 2.5, "less"), (2, 4.0, "less")]


def test_other_data_is_another_board_and_unnamed_data_is_none(dated: Graph) -> None:
    found = board(dated)
    ranked = [one for one in found if one.rank is not None]
    assert all(one.dataset and one.metric for one in ranked)
    assert {one.dataset for one in ranked} == {"Quox", "Quoxel"}
    assert [one.rank for one in ranked if one.dataset == "Quoxel"] == [1]
    assert [one.rank for one in found if not one.dataset] == [None]
    assert found.index(ranked[-1]) == len(ranked) - 1, "what has a rank comes first"


def test_within_a_board_all_is_comparable(dated: Graph) -> None:
    for one, other in pairwise(board(dated)):
        if one.rank is not None and other.rank is not None and other.rank != 1:
            assert (one.dataset, one.metric, one.unit, one.kind) == (
                other.dataset, other.metric, other.unit, other.kind,
            )  # fmt: skip
            assert one.rank <= other.rank


def test_every_stated_number_of_the_task_is_there_once(dated: Graph) -> None:
    task = next(row["id"] for row in dated.rows("concepts") if row["name"] == "pebble sorting")
    of_task = {r["from"] for r in dated.rows("result_concept") if (r["type"], r["to"]) == ("FOR_TASK", task)}
    assert sorted(one.result_id for one in board(dated)) == sorted(of_task)


def test_in_python_it_is_a_data_frame(dated: Graph) -> None:
    frame = kg.leaderboard(dated, task="pebble sorting", dataset="Quox", metric="wobbling")
    assert list(frame["rank"].dropna()) == [1, 1, 3]
    assert frame["year"].dtype == "Int64"
    empty = kg.leaderboard(dated, task="rock lifting")
    assert len(empty) == 0
    assert list(empty.columns) == list(frame.columns)


def test_unknown_names_are_told(dated: Graph) -> None:
    with pytest.raises(UsageError, match="did you mean"):
        entries(dated, task="pebble sortin")
    with pytest.raises(UsageError, match="no task is called “Zorb”"):
        entries(dated, task="Zorb")
    with pytest.raises(UsageError, match="no dataset is called"):
        entries(dated, task="pebble sorting", dataset="wobbling")


@pytest.mark.parametrize(
    "name",
    ["perplexity", "word error rate", "FID", "top-1 error", "inference latency", "MSE", "FLOPs", "miss rate"],
)
def test_measures_of_which_less_is_better(name: str) -> None:
    assert less_is_better(name)


@pytest.mark.parametrize(
    "name", ["accuracy", "F1", "BLEU", "mAP", "error reduction", "sample efficiency", "speed-up", "AUC", ""]
)
def test_measures_of_which_more_is_better(name: str) -> None:
    assert not less_is_better(name)
    assert less_is_better(name, "rank")


@settings(deadline=None)
@given(st.text(max_size=30))
def test_case_does_not_turn_a_measure(name: str) -> None:
    assert less_is_better(name) == less_is_better(f" {name} ")
