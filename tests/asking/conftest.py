"""The invented world, built once."""

from __future__ import annotations

import pytest

from kg.tables import Graph

from .dated import built


@pytest.fixture(scope="session")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph of the invented papers; tests only read it."""
    return built(tmp_path_factory.mktemp("dated"))
