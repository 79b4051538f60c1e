"""How the implied citations were learned and are judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.relations.building_on import FEATURES
from kg.relations.fitting import curve, dealt, gather, judged, learn, part, read_citations, undated

from .worlds import random_world

#: Enough to tell apart what was learned.
SMALL = 5.0


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), max_size=30))
def test_the_curve_is_counted_right(pairs: list[tuple[float, bool]]) -> None:
    sure = np.array([score for score, _ in pairs], dtype=np.float64)
    right = np.array([answer for _, answer in pairs], dtype=np.bool_)
    for precision, count, recall, least in curve(sure, right, 40, (0.9, 0.5, 0.2)):
        choices = [(0, 0.0, 1.0)]
        for cut in sorted(set(sure.tolist())):
            inside = sure >= cut
            if right[inside].mean() >= precision:
                choices.append((int(inside.sum()), int(right[inside].sum()) / 40, cut))
        assert (count, recall, least) == max(choices)


def test_parts_are_by_paper_and_about_equal() -> None:
    parts = [part(f"paper {n}") for n in range(1000)]
    counts = [parts.count(one) for one in sorted(set(parts))]
    assert len(counts) > 2
    assert min(counts) > 0.8 * 1000 / len(counts)
    assert parts == [part(f"paper {n}") for n in range(1000)]


def test_papers_can_be_dealt_anew() -> None:
    found = gather(random_world(7, papers=60).tables, [])
    again = dealt(found, 3)
    assert again.part.tolist() == [[part(later, 3), part(earlier, 3)] for later, earlier in found.pairs]
    assert again.part.tolist() != found.part.tolist()
    assert dealt(again, 0).part.tolist() == found.part.tolist()


def test_citations_are_read(tmp_path: Path) -> None:
    file = tmp_path / "cites.tsv"
    file.write_text("a\tb\na\tc\tmore\nno tab\n\na\tb\n", "utf-8")
    assert read_citations(file) == {("a", "b"), ("a", "c")}


def test_candidates_know_what_is_cited(capsys: pytest.CaptureFixture[str]) -> None:
    graph = random_world(8, papers=150, concepts=40)
    tables = graph.tables
    ids = [row["id"] for row in graph.rows("papers")]
    citations = {(one, other) for n, one in enumerate(ids) for other in ids[n % 7 :: 9] if one != other}
    citations |= {("not in the graph", ids[0])}
    found = gather(tables, citations)
    assert found.table.shape == (len(found.pairs), len(FEATURES))
    assert found.cited.tolist() == [pair in citations for pair in found.pairs]
    assert found.total == len(citations) - 1
    assert found.part.tolist() == [[part(later), part(earlier)] for later, earlier in found.pairs]
    blank = gather(undated(tables), citations)
    assert set(blank.pairs) <= {(a, b) for a in ids for b in ids}
    dated = blank.table[:, FEATURES.index("dated")]
    assert not dated.any()
    curves, least = learn(found, blank, SMALL)
    assert curves.features == FEATURES
    assert 0 <= least <= 1
    assert "papers not seen" in capsys.readouterr().out


def test_no_pair_is_judged_by_what_was_learned_from_its_papers() -> None:
    tables = random_world(9, papers=200, concepts=40).tables
    found = gather(tables, [])
    lie = part(found.pairs[0][0])
    # Whatever is said of one part, and only that, must leave the chances of its own pairs as they are.
    for earlier_seen in (False, True):
        own = found.part[:, 0] == lie if earlier_seen else (found.part == lie).any(axis=1)
        likeness = found.table[:, FEATURES.index("likeness of texts")]
        truth = likeness > np.median(likeness)
        honest = replace(found, cited=truth)
        lying = replace(found, cited=np.where(own, ~truth, truth))
        (before,) = judged([honest], earlier_seen=earlier_seen, penalty=SMALL)
        (after,) = judged([lying], earlier_seen=earlier_seen, penalty=SMALL)
        assert np.array_equal(before[own], after[own])
        assert not np.array_equal(before, after)


def test_of_nothing_nothing_is_learned() -> None:
    empty = gather(random_world(1, papers=1, concepts=1).tables, [])
    assert [one.tolist() for one in judged([empty, empty])] == [[], []]
