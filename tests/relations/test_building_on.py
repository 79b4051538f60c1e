"""Implied citations: who brought a concept in, which way a claim goes, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.relations.building_on import FEATURES, BuildsOn, Known, builds_on, candidates, load
from kg.relations.curves import Chance, Curves
from kg.relations.introductions import PROPOSED, introductions
from kg.relations.marks import Marks, title_name
from kg.relations.relating import relate
from kg.relations.view import NO_YEAR, View
from kg.tables import Graph, columns

from .worlds import Told, known_kinds, random_world, world

#: Says yes to everything, however sure.
_FLAT = (np.zeros(1),) * len(FEATURES)
WILLING = Curves(FEATURES, 1.0, _FLAT, _FLAT, Chance((0.0, 1.0), ()))

FIRST = Told(
    "first", "Zorb: sorting by folds", "We propose Zorb.", {"Zorb": ("METHOD", "PROPOSES")}, year=2001
)
USER = Told("user", "A paper on pebbles", "We use Zorb here.", {"Zorb": ("METHOD", "USES")}, year=2003)
OTHER = Told("other", "More on pebbles", "We use Zorb too.", {"Zorb": ("METHOD", "USES")}, year=2003)


def known(graph: Graph) -> Known:
    view = View.of(graph.tables)
    marks, kinds = known_kinds(view)
    return Known(view, marks, kinds)


def claims(*papers: Told) -> set[tuple[str, str]]:
    """Return every pair (later, earlier) that is looked at, by paper id."""
    seen = known(world(papers))
    return {(seen.view.paper_ids[one.later], seen.view.paper_ids[one.earlier]) for one in willing(seen)}


def willing(seen: Known) -> Iterator[BuildsOn]:
    return builds_on(seen, WILLING, 0.0)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("BERT: Pre-training of things", "bert"),
        ("mixup - beyond risk", "mixup"),
        ("Zorb \N{EN DASH} a story", "zorb"),
        ("No name here", ""),
        ("A self-made thing", ""),
        ("", ""),
        (": nothing before", ""),
    ],
)
def test_the_name_before_the_colon(title: str, name: str) -> None:
    assert title_name(title) == name


def test_users_build_on_the_one_who_brought_it() -> None:
    assert claims(FIRST, USER, OTHER) == {("user", "first"), ("other", "first")}


def test_nobody_builds_on_the_future() -> None:
    early = replace(USER, year=1999)
    assert ("user", "first") not in claims(FIRST, early, OTHER)


def test_without_years_only_a_proposal_gives_a_direction() -> None:
    papers = [replace(one, year=None) for one in (FIRST, USER, OTHER)]
    assert claims(*papers) == {("user", "first"), ("other", "first")}
    nobody = replace(papers[0], title="Folds and sorting", names={"Zorb": ("METHOD", "USES")})
    assert claims(nobody, *papers[1:]) == set()


def test_papers_that_share_what_few_speak_of_are_looked_at_where_years_tell_the_order() -> None:
    crowd = [
        Told(f"x{n}", "On sand", "We use Grumble.", {"Grumble": ("METHOD", "USES")}, year=1990)
        for n in range(9)
    ]
    one = Told("one", "Folds of rocks", "We use Grumble.", {"Grumble": ("METHOD", "USES")}, year=2001)
    two = replace(one, id="two", year=2003)
    assert ("two", "one") in claims(*crowd, one, two)
    assert ("one", "two") not in claims(*crowd, one, two)
    undated = claims(*crowd, replace(one, year=None), replace(two, year=None))
    assert not {("two", "one"), ("one", "two")} & undated


def test_two_who_propose_it_do_not_build_on_each_other() -> None:
    twin = replace(FIRST, id="twin", abstract="We propose Zorb as well.")
    assert claims(FIRST, twin) == set()


def test_homographs_are_kept_apart() -> None:
    data = Told("data", "A paper on corpora", "We label Zerb.", {"Zerb": ("DATASET", "USES")}, year=2005)
    graph = world([FIRST, USER, replace(USER, id="user2"), data, replace(data, id="data2")])
    # Now both concepts have one name, as two things that share a short form have.
    rows = {table: [list(row.values()) for row in graph.rows(table)] for table in graph.tables}
    place = [column.name for column in columns("concepts")].index("name")
    for row in rows["concepts"]:
        row[place] = "Zorb"
    assert len(rows["concepts"]) == 2
    seen = known(Graph.from_rows(rows))
    ids = seen.view.paper_ids
    found = {(ids[one.later], ids[one.earlier]) for one in willing(seen)}
    assert {("user", "first"), ("user2", "first")} <= found
    assert not any(later.startswith("data") and earlier in ("first", "user") for later, earlier in found)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_what_a_claim_rests_on(seed: int, dated: bool) -> None:
    seen = known(random_world(seed, papers=40, concepts=15, dated=dated))
    view = seen.view
    brought = introductions(view, seen.marks)
    found = list(willing(seen))
    pairs = {(one.later, one.earlier) for one in found}
    assert len(pairs) == len(found)
    assert not any((earlier, later) in pairs for later, earlier in pairs)
    assert [(one.later, one.earlier) for one in found] == sorted(pairs)
    for one in found:
        then, now = int(view.year[one.earlier]), int(view.year[one.later])
        if NO_YEAR not in (then, now):
            assert then <= now
        assert {int(view.paper[edge]) for edge in one.edges} == {one.later, one.earlier}
        assert int(view.paper[one.edges[0]]) == one.later
        for concept in one.via:
            span = slice(int(brought.first[concept]), int(brought.first[concept + 1]))
            kinds = dict(zip(brought.edge[span].tolist(), brought.kind[span].tolist(), strict=True))
            mine = [edge for edge in kinds if int(view.paper[edge]) == one.earlier]
            if not mine:
                # Then both speak of it, and years tell who came first.
                assert {one.later, one.earlier} <= set(view.papers_of(concept).tolist())
                assert NO_YEAR < then < now
            elif NO_YEAR in (then, now) or then == now:
                assert any(kinds[edge] == PROPOSED for edge in mine)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_features_are_finite_and_as_many_as_named(seed: int) -> None:
    for claimed, table in candidates(known(random_world(seed))):
        assert table.shape == (len(claimed), len(FEATURES))
        assert np.isfinite(table).all()
        assert all(via for _, _, via in claimed)


def test_the_curves_that_come_with_it_are_whole() -> None:
    curves, least = load()
    assert curves.features == FEATURES
    assert 0.3 < least < 1
    assert len(set(FEATURES)) == len(FEATURES)
    seen = known(random_world(5, papers=60))
    for _, table in candidates(seen):
        sure = curves.probability(table)
        assert ((sure > 0) & (sure < 1)).all()
    found = list(builds_on(seen, curves, least))
    assert all(one.confidence >= least for one in found)


def test_a_clear_case_is_stored_with_its_sentence() -> None:
    crowd = [
        Told(f"x{n}", f"On rocks {n}", "We use Grumble.", {"Grumble": ("METHOD", "USES")}, year=2000 + n)
        for n in range(8)
    ]
    abstract = "We use Zorb for folds. Zorb is compared with. Our work builds on Zorb and sorting by folds."
    user = Told("user", "Better folds with Zorb", abstract, {"Zorb": ("METHOD", "COMPARES")}, year=2002)
    graph = relate(world([FIRST, user, *crowd]))
    stored = [row for row in graph.rows("paper_paper") if row["type"] == "BUILDS_ON"]
    for row in stored:
        assert (row["from"], row["to"]) == ("user", "first")
        assert "Zorb" in row["quote"]
        assert row["via"] == ["method/zorb"]


def test_marks_say_what_stands_in_the_title() -> None:
    view = View.of(world([FIRST, USER]).tables)
    marks, _ = known_kinds(view)
    assert isinstance(marks, Marks)
    by_paper = {view.paper_ids[int(paper)]: n for n, paper in enumerate(view.paper)}
    assert marks.named[by_paper["first"]]
    assert marks.in_title[by_paper["first"]]
    assert not marks.named[by_paper["user"]]
    assert int(marks.count[by_paper["first"]]) == 2
