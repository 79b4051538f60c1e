"""The public namespace is small, flat and on purpose: a change to it changes this file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import kg
from kg import errors, model

NAMES = {
    "Concept", "DiskError", "Extraction", "Graph", "InputError", "KgError", "Mention", "Merge", "Paper",
    "PaperConcept", "Result", "StoreError", "UsageError", "__version__", "build", "extract", "gaps",
    "leaderboard", "pipeline", "read", "timeline",
}  # fmt: skip


def test_the_public_names_are_pinned() -> None:
    assert set(kg.__all__) == NAMES
    assert kg.__all__ == sorted(kg.__all__)
    assert set(dir(kg)) >= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_public_name_loads(name: str) -> None:
    assert getattr(kg, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kg.nothing  # type: ignore[attr-defined]  # noqa: B018 - the look-up is the test


def test_every_record_and_every_error_is_public() -> None:
    records = {name for name, value in vars(model).items() if isinstance(value, type)}
    tree = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert records | tree <= NAMES


def test_exit_codes_are_told_apart() -> None:
    tree = (kg.KgError, kg.UsageError, kg.InputError, kg.StoreError, kg.DiskError)
    assert [error.exit_code for error in tree] == [1, 2, 3, 4, 5]
    assert all(issubclass(error, kg.KgError) for error in tree)


def test_the_version_is_said_once_and_told_everywhere() -> None:
    root = Path(__file__).parents[1]
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert kg.__version__ == version
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text("utf-8")
    assert f"\n## {version}" in (root / "CHANGELOG.md").read_text("utf-8")
