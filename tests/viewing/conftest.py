"""The browser, and pages to open in it, made once a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.tables import Graph
from kg.viewing import page

from .browser import Window, started

ANNOTATED = Path(__file__).parents[2] / "kg" / "training" / "data"

Opener = Callable[..., Window]


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A window of a real browser; every test opens a page of its own in it."""
    with started(tmp_path_factory.mktemp("profile")) as driver:
        yield Window(driver)


@pytest.fixture(scope="session")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph of sixty papers as people annotated them, built as `kg build` builds it."""
    from kg.building import build

    return build(
        [ANNOTATED / "dev.docs.jsonl"],
        out=tmp_path_factory.mktemp("annotated") / "graph",
        extractions=ANNOTATED / "dev.jsonl",
        only_extractions=True,
    )


@pytest.fixture
def opened(window: Window, tmp_path: Path) -> Iterator[Opener]:
    """Open the page of a graph at 1280 by 720; afterwards nothing was complained of or asked for."""

    def open_(graph: Graph, fragment: str = "", **options: Any) -> Window:
        file = tmp_path / "page.html"
        file.write_text(page(graph, **options), encoding="utf-8")
        window.resize(1280, 720)
        window.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        window.open(file, fragment)
        return window

    yield open_
    assert window.complaints() == []
    assert [address for address in window.requests() if not address.startswith(tmp_path.as_uri())] == []
