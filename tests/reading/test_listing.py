"""Listing pages, in both layouts and with the exceptions that pages have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.reading import read
from kg.report import Report

SEEDS = Path(__file__).parents[2] / "seeds"

TITLES = (
    "Learning to Sort Pebbles with Sparse Rewards",
    "PebbleNet: A Benchmark for Granular Vision",
    "Do Rivers Round Stones? An Empirical Study",
    "Gravel",
)
SENTENCES = (
    "We study how pebbles are sorted by rivers, and what a learner can take from it.",
    "Experiments on three river beds show that sorting emerges without supervision.",
    "Our method, called PebbleNet, needs 3.5 times fewer samples than the best baseline (p < 0.01).",
    "Code and data are available, together with the measurements of all stones, for further research.",
)
BLANK = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\n"
    "byAK and the research community\n\nMar 14\n\n"
)
DENSE = (
    "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe"
)


def page(listings: list[tuple[str, list[str]]], *, dense: bool) -> str:
    parts = [part for title, body in listings for part in (title, *body)]
    return DENSE + "\n".join(parts) if dense else BLANK + "\n\n".join(parts)


def papers(path: Path, text: str) -> list[tuple[str, str]]:
    path.write_text(text, encoding="utf-8", newline="")
    return [(paper.title, paper.abstract) for paper in read([path])]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("000_df59932cb201bd2b.txt", 62),
        ("001_841f2b944b10923a.txt", 255),
        ("002_b1cac15ed75e7650.txt", 245),
        ("003_6cac52fbde9842e0.txt", 69),
        ("004_670caa44276c57b7.txt", 223),
    ],
)
def test_every_listing_of_the_seeds_is_found(name: str, count: int) -> None:
    report = Report()
    found = list(read([SEEDS / name], report=report))
    assert len(found) == report.counts["reading.records"] == count
    assert [paper.source for paper in found] == [f"{name}#{n}" for n in range(1, count + 1)]
    assert not report.drops
    assert all(9 <= len(paper.title) <= 160 and len(paper.abstract) > 400 for paper in found)


def test_no_furniture_is_left_in_the_seeds() -> None:
    first = {paper.source: paper for paper in read([SEEDS])}
    assert first["001_841f2b944b10923a.txt#1"].title.startswith("Enabling First-Order Gradient-Based")
    assert first["003_6cac52fbde9842e0.txt#1"].title.startswith("A Model or 603 Exemplars")
    for paper in first.values():
        assert "Subscribe" not in paper.title
        assert "trending papers" not in paper.title + paper.abstract
        assert paper.year is None
        assert not paper.own_id


@pytest.mark.parametrize("dense", [True, False])
@given(
    bodies=st.lists(
        st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=8).map(" ".join), min_size=1, max_size=6
    ),
    titles=st.lists(st.sampled_from(TITLES), min_size=6, max_size=6),
)
@settings(deadline=None, max_examples=30)
def test_both_layouts_give_what_was_laid_out(
    tmp_path_factory: pytest.TempPathFactory, dense: bool, bodies: list[str], titles: list[str]
) -> None:
    listings = [(title, [body]) for title, body in zip(titles, bodies, strict=False)]
    path = tmp_path_factory.mktemp("page") / "page.txt"
    assert papers(path, page(listings, dense=dense)) == [(title, body[0]) for title, body in listings]


@pytest.mark.parametrize("dense", [True, False])
def test_exceptions_are_told_by_form(tmp_path: Path, dense: bool) -> None:
    long = " ".join(SENTENCES)
    listings = [
        (TITLES[0], [long]),
        (TITLES[1], []),
        (TITLES[2], [long, " ".join(SENTENCES[:2])]),
        (TITLES[3], [long]),
    ]
    gap = "\n" if dense else "\n\n"
    found = papers(tmp_path / "page.txt", page(listings, dense=dense))
    assert found == [(title, gap.join(body)) for title, body in listings]


def test_dates_between_and_a_foot_are_furniture(tmp_path: Path) -> None:
    long = " ".join(SENTENCES)
    text = page([(TITLES[0], [long]), ("Mar 13", []), (TITLES[1], [long])], dense=False)
    text += "\n\nPrevious\n\nNext\n\nCompany\n\n© River Papers\n\nTOS\n\nPrivacy\n"
    assert papers(tmp_path / "page.txt", text) == [(TITLES[0], long), (TITLES[1], long)]


def test_glued_words_and_formulas_stay_as_they_are(tmp_path: Path) -> None:
    title = r"$2 * n$ Pebbles in mathcal{O}(n)Time"
    body = (
        r"We prove, for (i.e.parallel) sorting, a bound.It is $\tilde{O}$ -- \emph{no} luck.  So it\t ends."
    )
    assert papers(tmp_path / "page.txt", page([(title, [body])], dense=True)) == [(title, body)]


def test_line_ends_of_other_systems(tmp_path: Path) -> None:
    long = " ".join(SENTENCES)
    wanted = [(TITLES[0], long), (TITLES[1], long)]
    for end in ("\r\n", "\r"):
        text = page([(title, [body]) for title, body in wanted], dense=True).replace("\n", end)
        assert papers(tmp_path / "page.txt", text) == wanted


def test_a_listing_with_damaged_bytes_is_skipped_and_named(tmp_path: Path) -> None:
    long = " ".join(SENTENCES).encode()
    whole = "ä".encode() + long
    path = tmp_path / "page.txt"
    rows = (
        b"First Study of Pebbles",
        whole,
        b"Second Study of Pebbles",
        b"\xc3" + long,
        b"Third Study",
        whole,
    )
    path.write_bytes(DENSE.encode() + b"\n".join(rows))
    report = Report()
    assert [paper.title for paper in read([path], report=report)] == ["First Study of Pebbles", "Third Study"]
    assert report.places["reading", "damaged UTF-8"] == ["page.txt:6"]


def test_an_abstract_that_speaks_of_columns_is_no_table(tmp_path: Path) -> None:
    long = "We extract title, abstract, authors, year, venue, and more from scans of old river journals. " * 4
    wanted = [(TITLES[0], long.strip()), (TITLES[1], long.strip())]
    assert papers(tmp_path / "page.txt", page([(t, [a]) for t, a in wanted], dense=True)) == wanted


def test_prose_and_notes_are_no_listing(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    for text in (
        "Dear all,\n\nthank you for coming. We were glad to see you, and hope that you were too.\n\nYours\n",
        "# Notes\n\n- buy pebbles\n- sort pebbles\n\n## Later\n\n- sell pebbles\n",
        "import sys\n\nprint(sys.argv)\n",
        "\n\n".join(" ".join(SENTENCES) for _ in range(5)),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="no format that is known"):
            list(read([path]))


def test_a_page_without_furniture_is_a_listing_by_its_pattern(tmp_path: Path) -> None:
    long = " ".join(SENTENCES)
    assert papers(tmp_path / "page.txt", "\n".join([TITLES[0], long, TITLES[2], long])) == [
        (TITLES[0], long),
        (TITLES[2], long),
    ]
