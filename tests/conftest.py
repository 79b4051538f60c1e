"""What several test modules share."""

from __future__ import annotations

from pathlib import Path

import pytest

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def extraction_cache(pytestconfig: pytest.Config) -> Path:
    """A place for extractions that outlives the session: only the first one reads the papers."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("extractions")


@pytest.fixture(scope="session")
def seeds_graph(tmp_path_factory: pytest.TempPathFactory, extraction_cache: Path) -> Path:
    """The graph folder of ``seeds/``, built by the whole pipeline once a session; tests only read it."""
    from kg.building import build

    graph = build([SEEDS], out=tmp_path_factory.mktemp("seeds") / "graph", jobs=2, cache=extraction_cache)
    assert graph.path is not None
    return graph.path
