"""Graphs that are built once a session, by the process itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from .process import GIVEN, ROOT, kg


@pytest.fixture(scope="session")
def given_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of sixty papers as people annotated them: quick to build; tests only read it."""
    graph = tmp_path_factory.mktemp("given") / "graph"
    done = kg(*GIVEN, "--out", graph)
    assert done.returncode == 0, done.stderr
    return graph


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, extraction_cache: Path) -> Path:
    """A newcomer's folder: ``seeds/``, and ``graph`` as the first example of ``kg build`` makes it."""
    place = tmp_path_factory.mktemp("desk")
    (place / "seeds").symlink_to(ROOT / "seeds", target_is_directory=True)
    (place / "graph.cache").symlink_to(extraction_cache, target_is_directory=True)
    done = kg("build", "seeds/", "--out", "graph", cwd=place)
    assert done.returncode == 0, done.stderr
    return place
