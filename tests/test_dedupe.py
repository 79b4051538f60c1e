"""The same paper listed twice: merges, what forbids them, and independence of order."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.dedupe import components, dedupe
from kg.model import Paper
from kg.reading import read
from kg.report import Report

SEEDS = Path(__file__).parents[1] / "seeds"
TITLE = "Learning to Sort Pebbles with Sparse Rewards"
LONG = (
    "We study how pebbles are sorted by rivers and what a learner can take from it, in three rivers of the "
    "north and two of the south, over many years and with great care."
)
OTHER = (
    "Transformers read text from left to right and back again; here a fast kernel is given that halves the "
    "memory which attention needs on long inputs, without any loss of quality at all."
)


def paper(number: int, **fields: object) -> Paper:
    values: dict[str, object] = {"id": f"p{number}", "title": TITLE, "source": f"t#{number}", **fields}
    return Paper(**values)  # type: ignore[arg-type]  # fields by name


def ids(*papers: Paper) -> list[tuple[str, ...]]:
    found, merges = dedupe(papers, report=Report())
    assert len(merges) == len(papers) - len(found)
    return sorted(one.listings for one in found)


def test_the_seeds_are_771_papers() -> None:
    report = Report()
    records = list(read([SEEDS], report=report))
    found, merges = dedupe(records, report=report)
    counted = [len(one.listings) for one in found]
    assert [counted.count(n) for n in range(1, 6)] == [699, 63, 7, 2, 0]
    assert report.counts["dedupe.records"] == 854
    assert report.counts["dedupe.papers"] == len(found) == 771
    assert len(merges) == 83
    assert all(merge.what == "paper" and merge.reason and merge.score == 1.0 for merge in merges)
    random.Random(1).shuffle(records)  # noqa: S311  # an order, no secret
    assert dedupe(records, report=Report()) == (found, merges)


def test_what_a_merged_paper_has() -> None:
    one = paper(
        1, abstract="Short.", doi="10.1/x", year=2020, url="u1", authors=("A",), references=("r1", "r2")
    )
    two = paper(2, title="Sorting Pebbles", abstract=LONG, doi="10.1/x", year=2019, references=("r2", "r3"))
    three = paper(3, arxiv="1901.00001", doi="10.1/x", venue="V", id="own", own_id=True)
    (found,), merges = dedupe([one, two, three], report=Report())
    assert found == Paper(
        id="own",
        title="Sorting Pebbles",
        abstract=LONG,
        year=2019,
        url="u1",
        doi="10.1/x",
        arxiv="1901.00001",
        authors=("A",),
        venue="V",
        references=("r2", "r3", "r1"),
        source="t#2",
        ids=("own", "p1", "p2"),
        listings=("t#1", "t#2", "t#3"),
        own_id=True,
    )
    assert [(m.merged, m.into, m.reason) for m in merges] == [
        ("own", "own", "same DOI 10.1/x; listed as t#3"),
        ("p1", "own", "same DOI 10.1/x; listed as t#1"),
    ]


def test_identifiers_merge_whatever_the_titles() -> None:
    assert ids(paper(1, doi="10.1/x"), paper(2, doi="10.1/x", title="Stones")) == [("t#1", "t#2")]
    assert ids(paper(1, arxiv="1901.00001"), paper(2, arxiv="1901.00001", title="Stones")) == [("t#1", "t#2")]


def test_being_one_paper_is_transitive() -> None:
    assert ids(
        paper(1, doi="10.1/x", title="A"),
        paper(2, doi="10.1/x", arxiv="1901.00001", title="B"),
        paper(3, arxiv="1901.00001", abstract=LONG),
        paper(4, abstract=LONG),
    ) == [("t#1", "t#2", "t#3", "t#4")]


def test_identifiers_that_differ_forbid_a_merge_by_title() -> None:
    one = paper(1, doi="10.1/x", abstract=LONG)
    assert ids(one, paper(2, doi="10.1/y", abstract=LONG)) == [("t#1",), ("t#2",)]
    report = Report()
    found, _ = dedupe([one, paper(2, doi="10.1/y", abstract=LONG), paper(3, abstract=LONG)], report=report)
    assert len(found) == 3  # the third may be either
    assert report.counts["dedupe.identifiers_in_conflict"] == 1
    # Those without identifiers are still one among themselves.
    both = [paper(3, abstract=LONG), paper(4, abstract=LONG)]
    assert ids(one, paper(2, doi="10.1/y", abstract=LONG), *both) == [("t#1",), ("t#2",), ("t#3", "t#4")]


def test_a_preprint_and_its_publication_are_one() -> None:
    published = paper(1, doi="10.1/x", abstract=LONG)
    assert ids(published, paper(2, arxiv="1901.00001", abstract=LONG)) == [("t#1", "t#2")]
    preprint = paper(2, doi="10.48550/arxiv.1901.00001", arxiv="1901.00001", abstract=LONG)
    (found,), _ = dedupe([published, preprint], report=Report())
    assert (found.doi, found.arxiv) == ("10.1/x", "1901.00001")
    assert ids(published, replace(preprint, abstract=OTHER)) == [("t#1",), ("t#2",)]


@pytest.mark.parametrize(
    "titles",
    [("Preface", "Preface"), ("Stones, Part I", "Stones, Part II"), ("Response to A", "Response to A")],
)
def test_titles_alone_never_merge(titles: tuple[str, str]) -> None:
    one, two = (paper(n, title=title, year=2019, authors=("A B",)) for n, title in enumerate(titles))
    assert ids(one, two) == [("t#0",), ("t#1",)]


def test_two_texts_under_one_id_become_two_ids() -> None:
    one = paper(1, id="x", own_id=True, abstract=LONG)
    two = paper(2, id="x", own_id=True, title="Other Stones", abstract=OTHER)
    again = replace(one, source="t#3")
    report = Report()
    found, merges = dedupe([one, two, again], report=report)
    assert found == dedupe([again, two, one], report=Report())[0]
    assert [one.id.partition("~")[0] for one in found] == ["x", "x"]
    assert len({one.id for one in found}) == 2
    assert all("x" in one.ids and one.id in one.ids for one in found)
    assert report.counts["dedupe.ids_shared"] == 1
    assert [merge.reason.partition(";")[0] for merge in merges] == ["same id, title and abstract"]


def test_an_own_id_that_is_an_identifier_still_does_not_merge_two_texts() -> None:
    one = paper(1, id="arXiv:1901.00001", arxiv="1901.00001", own_id=True, abstract=LONG)
    two = replace(one, title="Other Stones", abstract=OTHER, source="t#2")
    assert ids(one, two) == [("t#1",), ("t#2",)]
    # But it finds the same paper elsewhere.
    elsewhere = paper(3, arxiv="1901.00001", url="https://arxiv.org/abs/1901.00001")
    assert ids(one, two, elsewhere) == [("t#1", "t#3"), ("t#2",)]


def test_records_that_nothing_tells_apart_keep_ids_of_their_own() -> None:
    papers = [paper(1, id="p", title="Preface"), paper(2, id="p", title="Preface")] * 2
    found, _ = dedupe(papers, report=Report())
    assert len(found) == len({one.id for one in found}) == 4
    assert dedupe(papers[::-1], report=Report())[0] == found


def test_many_papers_with_one_title_are_compared_with_few() -> None:
    # All pairs would be two million; neighbours find the twins among them.
    papers = [
        paper(n, title="Introduction", abstract=f"{n // 2} {LONG}", authors=(f"Name{n // 2}",))
        for n in range(2000)
    ]
    found, _ = dedupe(papers, report=Report())
    assert len(found) == 1000
    assert all(len(one.listings) == 2 for one in found)


TITLES = (TITLE, TITLE.upper(), "Other Pebbles in Far Away Rivers", "Pebbles", "Preface")
records = st.builds(
    Paper,
    id=st.sampled_from(["a", "b", "1901.00001", "doi:10.1/x", "a~b"]),
    own_id=st.booleans(),
    title=st.sampled_from(TITLES),
    abstract=st.sampled_from(["", "Short.", LONG, f"{LONG} And more of it.", OTHER]),
    year=st.sampled_from([None, None, 2019, 2020]),
    url=st.sampled_from(["", "u", "v"]),
    doi=st.sampled_from(["", "", "", "10.1/x", "10.1/y", "10.48550/arxiv.1901.00001"]),
    arxiv=st.sampled_from(["", "", "", "1901.00001", "1902.00002"]),
    authors=st.sampled_from([(), ("Ada Stone",), ("Bo Rock", "Stone, A.")]),
    references=st.sampled_from([(), ("r",), ("s", "r")]),
    source=st.sampled_from([f"t#{n}" for n in range(6)]),
)


@given(st.lists(records, max_size=12), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_order_is_nothing_and_twice_is_once(papers: list[Paper], order: random.Random) -> None:
    report = Report()
    found, merges = dedupe(papers, report=report)
    shuffled = papers.copy()
    order.shuffle(shuffled)
    assert dedupe(shuffled, report=Report()) == (found, merges)
    assert dedupe(found, report=Report()) == (found, [])
    assert [one.id for one in found] == sorted({one.id for one in found})
    assert len(merges) == len(papers) - len(found)
    assert {merge.into for merge in merges} <= {one.id for one in found}
    assert {name for one in found for name in one.listings} == {one.source for one in papers}
    assert {one.id for one in papers} <= {name for one in found for name in one.ids}
    texts = {(one.title, one.abstract, one.source) for one in papers}
    assert all((one.title, one.abstract, one.source) in texts for one in found)


@given(st.lists(records, max_size=10))
@settings(deadline=None, max_examples=100)
def test_one_explicit_identifier_is_one_paper(papers: list[Paper]) -> None:
    papers = [replace(one, own_id=False) for one in papers]
    found, _ = dedupe(papers, report=Report())
    for kind in ("doi", "arxiv"):
        values = {getattr(one, kind) for one in papers} - {""}
        for value in values:
            # Any record that has it is listed in the one paper that took it.
            listed = {one.source for one in papers if getattr(one, kind) == value}
            assert any(listed <= set(one.listings) for one in found)


@given(
    st.integers(0, 30).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.lists(st.tuples(*[st.integers(0, max(0, size - 1))] * 2), max_size=40 if size else 0),
        )
    )
)
def test_groups_are_the_components_of_the_graph(case: tuple[int, list[tuple[int, int]]]) -> None:
    size, links = case
    graph = nx.Graph(links)
    graph.add_nodes_from(range(size))
    assert components(size, links) == sorted(map(sorted, nx.connected_components(graph)))
