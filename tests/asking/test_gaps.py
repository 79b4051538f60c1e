"""Holes: frequent alone, never together, with neighbours that were combined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import kg
from kg.asking.gaps import find_gaps
from kg.errors import UsageError
from kg.tables import Graph

from .dated import built, paper

#: Foldnet and Zorb are spoken of together; Zorb serves rock lifting, which no paper joins with Foldnet.
HOLE: list[dict[str, Any]] = [
    *(
        paper(
            f"both{n}",
            f"A study of two, number {n}",
            "We use Zorb and Foldnet.",
            {"Zorb": "USES", "Foldnet": "USES"},
        )
        for n in range(4)
    ),
    *(
        paper(
            f"lift{n}",
            f"Zorb for rock lifting, part {n}",
            "We use Zorb for rock lifting.",
            {"Zorb": "USES", "rock lifting": "ADDRESSES"},
        )
        for n in range(3)
    ),
    *(paper(f"else{n}", f"Elsewhere {n}", "With Quox.", {"Quox": "USES"}) for n in range(6)),
]


@pytest.fixture(scope="module")
def holed(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return built(tmp_path_factory.mktemp("holed"), HOLE)


def together(graph: Graph, one: str, other: str) -> int:
    papers: dict[str, set[str]] = {}
    for row in graph.rows("paper_concept"):
        papers.setdefault(row["to"], set()).add(row["from"])
    return len(papers[one] & papers[other])


def test_the_hole_is_found_and_explained(holed: Graph) -> None:
    (gap,) = find_gaps(holed, least=3)
    assert (gap.method, gap.other) == ("Foldnet", "rock lifting")
    assert (gap.method_papers, gap.other_papers) == (4, 3)
    assert gap.expected == pytest.approx(4 * 3 / 13, abs=1e-3)
    assert gap.why == "Zorb, near to it, serves rock lifting (3 papers)"


def test_what_is_rare_is_no_gap(holed: Graph) -> None:
    assert find_gaps(holed, least=5) == []


def test_once_tried_it_is_no_gap_any_more(tmp_path: Path) -> None:
    tried = paper(
        "tried",
        "Both at last",
        "Foldnet meets rock lifting.",
        {"Foldnet": "MENTIONS", "rock lifting": "MENTIONS"},
    )
    assert find_gaps(built(tmp_path, [*HOLE, tried]), least=3) == []


@pytest.mark.parametrize("across", ["task", "dataset"])
def test_no_gap_was_ever_tried_and_the_best_stand_first(seeds_graph: Path, across: Any) -> None:
    graph = Graph.load(seeds_graph)
    found = find_gaps(graph, across=across, least=4, limit=None)
    for gap in found[:200]:
        assert together(graph, gap.method_id, gap.other_id) == 0
        assert min(gap.method_papers, gap.other_papers) >= 4
        assert gap.why
    assert [gap.score for gap in found] == sorted((gap.score for gap in found), reverse=True)
    assert len({(gap.method_id, gap.other_id) for gap in found}) == len(found)


def test_in_python_it_is_a_data_frame(holed: Graph) -> None:
    frame = kg.gaps(holed, least=3)
    assert list(frame["method"]) == ["Foldnet"]
    assert list(kg.gaps(holed, least=9).columns) == list(frame.columns)


def test_a_wrong_direction_is_told(holed: Graph) -> None:
    with pytest.raises(UsageError, match="task or dataset"):
        kg.gaps(holed, across="metric")  # type: ignore[arg-type]


def test_a_rare_narrower_task_tells_too_that_it_was_tried(tmp_path: Path) -> None:
    """No paper says rock lifting of Foldnet, but one says careful rock lifting, which is a kind of it."""
    narrower = paper(
        "narrow",
        "Foldnet lifts with care",
        "We use Foldnet for careful rock lifting, a kind of rock lifting.",
        {"Foldnet": "USES", "careful rock lifting": "ADDRESSES"},
    )
    graph = built(tmp_path, [*HOLE, narrower])
    kinds = {
        (row["from"], row["to"]) for row in graph.rows("concept_concept") if row["type"] == "SUBCLASS_OF"
    }
    assert ("task/careful-rock-lifting", "task/rock-lifting") in kinds
    for least in (1, 3):
        assert ("Foldnet", "rock lifting") not in {
            (gap.method, gap.other) for gap in find_gaps(graph, least=least)
        }
