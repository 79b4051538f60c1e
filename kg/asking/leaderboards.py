"""Leaderboards from what papers state of their own work.

Only numbers that mean the same are ranked against each other: same task, same data, same measure, same
unit, and absolute. What a paper gained over another (an improvement), and a number whose data or measure
the paper does not name, is listed without a rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from kg.asking.measures import less_is_better
from kg.asking.naming import concept_of
from kg.tables import Graph

if TYPE_CHECKING:
    import pandas as pd

_LINKS = {"OF_METHOD": "method", "FOR_TASK": "task", "ON_DATASET": "dataset", "IN_METRIC": "metric"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A stated number. ``rank`` counts from 1 among those it can be compared with, None where none can.

    ``dataset``, ``metric`` and ``method`` are names, empty where the paper does not tell; ``better`` is
    ``more`` or ``less``.
    """

    dataset: str
    metric: str
    unit: str
    better: str
    rank: int | None
    method: str
    value: str
    number: float | None
    kind: str
    paper: str
    year: int | None
    sentence: str
    paper_id: str
    result_id: str


def leaderboard(
    graph: Graph, *, task: str, dataset: str | None = None, metric: str | None = None
) -> pd.DataFrame:
    """Return the results that papers of ``graph`` state for ``task``, one `Entry` a row.

    Names are those of `kg explain`. Boards with more entries come first, within one the best number.
    UsageError where no task, dataset or metric has the name.
    """
    import pandas as pd

    return pd.DataFrame(
        entries(graph, task=task, dataset=dataset, metric=metric),
        columns=[one.name for one in fields(Entry)],
    ).astype({"rank": "Int64", "year": "Int64", "number": "float64"})


def entries(graph: Graph, *, task: str, dataset: str | None = None, metric: str | None = None) -> list[Entry]:
    """Return what `leaderboard` returns, as records."""
    wanted = {"task": concept_of(graph, task, "TASK").id}
    if dataset is not None:
        wanted["dataset"] = concept_of(graph, dataset, "DATASET").id
    if metric is not None:
        wanted["metric"] = concept_of(graph, metric, "METRIC").id
    names = {row["id"]: row["name"] for row in graph.tables["concepts"].select(["id", "name"]).to_pylist()}
    boards: dict[tuple[str, str, str, bool], list[dict[str, Any]]] = {}
    for result in _results(graph):
        if all(result.get(link) == id_ for link, id_ in wanted.items()):
            ranked = (
                result["kind"] == "absolute"
                and result["number"] is not None
                and "dataset" in result
                and "metric" in result
            )
            board = (result.get("dataset", ""), result.get("metric", ""), result["unit"], ranked)
            boards.setdefault(board, []).append(result)
    order = sorted(boards, key=lambda board: (not board[3], -len(boards[board]), board))
    return [entry for board in order for entry in _board(boards[board], board[3], names)]


def _board(results: list[dict[str, Any]], ranked: bool, names: dict[str, str]) -> Iterator[Entry]:
    metric = names.get(results[0].get("metric", ""), "")
    less = less_is_better(metric, results[0]["unit"])

    def goodness(result: dict[str, Any]) -> tuple[float, str, int, str]:
        number = result["number"]
        value = float("inf") if number is None else (number if less else -number)
        return (value, result["paper_id"], result["start"], result["id"])

    rank, last = 0, None
    for place, result in enumerate(sorted(results, key=goodness), start=1):
        if result["number"] != last:
            rank, last = place, result["number"]  # equal numbers share a rank
        yield Entry(
            dataset=names.get(result.get("dataset", ""), ""),
            metric=metric,
            unit=result["unit"],
            better="less" if less else "more",
            rank=rank if ranked else None,
            method=names.get(result.get("method", ""), ""),
            value=result["value"],
            number=result["number"],
            kind=result["kind"],
            paper=result["title"],
            year=result["year"],
            sentence=result["quote"],
            paper_id=result["paper_id"],
            result_id=result["id"],
        )


def _results(graph: Graph) -> Iterator[dict[str, Any]]:
    """Yield each result with its paper, its sentence and the ids of what it is of."""
    papers = {row["id"]: row for row in graph.tables["papers"].select(["id", "title", "year"]).to_pylist()}
    links: dict[str, dict[str, str]] = {}
    for row in graph.rows("result_concept"):
        links.setdefault(row["from"], {}).setdefault(_LINKS[row["type"]], row["to"])
    stated = {row["to"]: row for row in graph.rows("paper_result")}
    for result in graph.rows("results"):
        said = stated[result["id"]]
        paper = papers[said["from"]]
        yield {
            **result,
            **links.get(result["id"], {}),
            "paper_id": paper["id"],
            "title": paper["title"],
            "year": paper["year"],
            "quote": said["quote"],
            "start": said["start"],
        }
