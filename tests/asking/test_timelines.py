"""A concept over the years, and what is said where no years are known."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.errors import UsageError
from kg.model import ROLES
from kg.tables import Graph

from .dated import PAPERS, built


def test_papers_a_year_with_the_empty_ones_between(dated: Graph) -> None:
    found = kg.timeline(dated, "zorb")
    assert (found.name, found.type, found.papers, found.undated) == ("Zorb", "METHOD", 5, 1)
    frame = found.frame()
    assert list(frame["year"]) == list(range(2001, 2007))
    assert list(frame["papers"]) == [1, 1, 1, 0, 0, 1]
    assert list(frame["so_far"]) == [1, 2, 3, 3, 3, 4]
    assert list(frame.columns) == ["year", "papers", *(role.lower() for role in ROLES), "so_far"]
    assert (frame[[role.lower() for role in ROLES]].sum(axis=1) == frame["papers"]).all()


def test_who_was_first_and_who_proposed_it(dated: Graph) -> None:
    found = kg.timeline(dated, "Zorb")
    assert [(one.paper_id, one.year) for one in found.first] == [("zorb", 2001)]
    assert [one.paper_id for one in found.proposed_by] == ["zorb"]
    assert "Zorb" in found.first[0].quote
    data = kg.timeline(dated, "Quox")
    assert [one.paper_id for one in data.first] == ["zorb"]
    assert data.proposed_by == ()


def test_without_years_it_says_so(tmp_path: Path) -> None:
    graph = built(tmp_path, [{**one, "year": None} for one in PAPERS])
    found = kg.timeline(graph, "Zorb")
    assert (found.papers, found.undated, found.first, found.years) == (5, 5, (), ())
    assert [one.paper_id for one in found.proposed_by] == ["zorb"]
    assert len(found.frame()) == 0


def test_a_paper_has_no_timeline(dated: Graph) -> None:
    with pytest.raises(UsageError, match="no concept is called"):
        kg.timeline(dated, "Zorb again")
