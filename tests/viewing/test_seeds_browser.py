"""The page of ``seeds/`` itself, at three sizes, with pictures kept for people to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.tables import Graph

from .conftest import Opener
from .test_page_browser import SIZES, no_overlap, strongest


@pytest.fixture(scope="module")
def seeds(seeds_graph: Path) -> Graph:
    return Graph.load(seeds_graph)


@pytest.mark.parametrize("size", SIZES)
def test_the_page_of_the_seeds_can_be_read(opened: Opener, seeds: Graph, size: str) -> None:
    width, height, phone = SIZES[size]
    window = opened(seeds)
    window.resize(width, height, phone=phone)
    window.settle()
    no_overlap(window)
    largest = sorted(seeds.rows("concepts"), key=lambda row: -row["paper_count"])[:5]
    named = {label["key"] for label in window.labels()}
    assert phone or {row["id"] for row in largest} <= named
    window.picture(f"seeds-map-{size}")
    for name, fragment in (
        ("chosen", f"#{strongest(seeds)['id']}"),
        ("one-step", f"#{largest[3]['id']}?hops=1"),
        ("two-steps", f"#{largest[4]['id']}?hops=2"),
        ("paper", f"#paper/{seeds.rows('papers')[0]['id']}?hops=1"),
    ):
        window.go(fragment)
        no_overlap(window)
        window.picture(f"seeds-{name}-{size}")


def test_every_concept_of_the_seeds_is_found_by_its_name(opened: Opener, seeds: Graph) -> None:
    window = opened(seeds)
    rows = seeds.rows("concepts")[::40]
    for row in rows:
        found = window.run("return kgView.find(arguments[0]).slice(0, 12)", row["name"])
        assert row["id"] in found or any(
            other["name"].casefold() == row["name"].casefold()
            for other in seeds.rows("concepts")
            if other["id"] in found
        )
