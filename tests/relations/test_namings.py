"""Names as written: who gave one, who writes it, and whose it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.relations.namings import BRACKETS, PROPOSED, TITLE, Namings, spelling
from kg.relations.view import NO_YEAR, View

from .worlds import Told, random_world, world

GIVER = Told(
    "giver", "Zorb: sorting by folds", "We propose Zorb.", {"Zorb": ("METHOD", "PROPOSES")}, year=2001
)
# The extraction saw no Zorb here; the text writes it.
WRITER = Told(
    "writer", "On pebbles", "Better than Zorbs and pebbles.", {"pebbles": ("TASK", "USES")}, year=2003
)


def namings(*papers: Told) -> tuple[Namings, dict[str, int]]:
    view = View.of(world(papers).tables)
    return Namings.of(view), {id_: n for n, id_ in enumerate(view.paper_ids)}


def test_a_name_leads_to_its_giver_even_where_no_concept_does() -> None:
    found, at = namings(GIVER, WRITER)
    one = found.between(at["writer"], at["giver"])
    assert one is not None
    assert (one.given, one.said.times, one.before, one.weight) == (TITLE, 1, 0, 1.0)
    assert found.givers_before(at["writer"]) == [at["giver"]]
    assert found.givers_before(at["giver"]) == []


def test_who_wrote_it_before_speaks_against_the_giver() -> None:
    old = replace(WRITER, id="old", year=1999)
    found, at = namings(GIVER, WRITER, old)
    one = found.between(at["writer"], at["giver"])
    assert one is not None
    assert (one.before, one.users, one.known) == (1, 1, 1)
    assert one.weight == 0.5


def test_capitals_are_part_of_a_single_word() -> None:
    small = replace(WRITER, abstract="Better than zorb and pebbles.")
    found, at = namings(GIVER, small)
    assert found.between(at["writer"], at["giver"]) is None


def test_ways_of_giving_a_name() -> None:
    paper = Told(
        "p",
        "Sorting by folds",
        "We introduce a folding scheme (FoS2). It is called QuickFold. See (NASA).",
        {"folding scheme": ("METHOD", "PROPOSES")},
        year=2001,
    )
    found, at = namings(paper, WRITER)
    given = {name: how for name, (how, _) in found.given[at["p"]].items()}
    assert given[("folding", "scheme")] == PROPOSED
    assert given[("fos2",)] == BRACKETS
    assert given[("quickfold",)] == BRACKETS
    assert ("sorting",) not in given


@pytest.mark.parametrize(
    ("token", "kind"), [("ResNet", 2), ("BERT", 2), ("x2", 2), ("Adam", 1), ("mixup", 0), ("", 0)]
)
def test_spelling(token: str, kind: int) -> None:
    assert spelling(token) == kind


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_counts_add_up_to_those_who_write_it(seed: int, dated: bool) -> None:
    view = View.of(random_world(seed, papers=30, dated=dated).tables)
    found = Namings.of(view)
    for later in range(len(view.paper_ids)):
        for earlier in range(len(view.paper_ids)):
            one = found.between(later, earlier)
            if one is not None and later != earlier:
                assert 0 < one.weight <= 1
                assert min(one.before, one.same_year, one.users, one.rivals, one.known) >= 0
                assert one.before + one.same_year + one.users >= 1
        for earlier in found.givers_before(later):
            assert NO_YEAR < int(view.year[earlier]) < int(view.year[later])
