"""Titles as keys, and what speaks for two records of one title being one paper."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.agreement import Facts, agreement, title_key, title_kind
from kg.model import Paper

LONG = (
    "We study how pebbles are sorted by rivers and what a learner can take from it, in three rivers of the "
    "north and two of the south, over many years and with great care."
)
OTHER = (
    "Transformers read text from left to right and back again; here a fast kernel is given that halves the "
    "memory which attention needs on long inputs, without any loss of quality at all."
)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Deep Learning: A Review", "deep learning - a review."),
        ("Pre-training of Näive Models", "Pretraining of naive models"),
        ("Learning  to\nSort", "Learning to sort"),
        ("x² and ﬁt", "X2 and fit"),
        ("Die Größe", "DIE GRÖSSE"),
    ],
)
def test_titles_that_differ_in_writing_only_are_equal(a: str, b: str) -> None:
    assert title_key(a) == title_key(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Theory of Stones, Part I", "Theory of Stones, Part II"),
        ("Theory of Stones 1", "Theory of Stones 2"),
        ("Llama 2 7B", "Llama 27 B"),
        ("Programming in C", "Programming in C++"),
        ("Programming in C++", "Programming in C#"),
        ("A search", "A* search"),
        ("α-divergence", "β-divergence"),
        ("हिन्दी", "हन्द"),
        ("か", "が"),
        ("???", "!!!"),
        ("Stones", "Stone"),
    ],
)
def test_titles_that_differ_in_meaning_are_not(a: str, b: str) -> None:
    assert title_key(a) != title_key(b)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_cut_for_ascii_is_only_a_short_cut(title: str) -> None:
    # A letter from elsewhere behind a space takes the long way, and adds itself alone.
    assert title_key(f"{title} ж").removesuffix("ж") in {title_key(title), ""}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Preface", "generic"),
        ("Introduction", "generic"),
        ("Introduction to the Special Issue on Learning in Rivers", "generic"),
        ("Guest Editorial", "generic"),
        ("Response to “Pebbles sort themselves in wide shallow rivers”", "generic"),
        ("Message from the Program Chairs", "generic"),
        ("Part II", "generic"),
        ("1", "generic"),
        ("Pointer Networks", "short"),
        ("Attention Is All You Need", "short"),
        ("Learning to Sort Pebbles with Sparse Rewards", "telling"),
        ("Reviewing the Sorting of Pebbles by Rivers", "telling"),
    ],
)
def test_how_much_titles_tell(title: str, kind: str) -> None:
    assert title_kind(title) == kind


def verdict(title: str, a: dict[str, object], b: dict[str, object]) -> str:
    one, other = (Facts(Paper(**{"id": "x", "title": title, **fields})) for fields in (a, b))  # type: ignore[arg-type]  # fields by name
    assert agreement(one, other) == agreement(other, one)
    return agreement(one, other)


TELLING = "Learning to Sort Pebbles with Sparse Rewards"


@pytest.mark.parametrize(
    ("title", "a", "b", "reason"),
    [
        (TELLING, {"abstract": LONG}, {"abstract": LONG.upper()}, "same title and abstract"),
        (TELLING, {"abstract": LONG}, {"abstract": f"{LONG} {OTHER}"}, "same title, similar abstract"),
        (
            TELLING,
            {"abstract": LONG},
            {"abstract": LONG.replace("three", "four")},
            "same title, similar abstract",
        ),
        (TELLING, {"abstract": LONG}, {"abstract": OTHER}, ""),
        (TELLING, {"abstract": LONG, "year": 2019}, {"abstract": OTHER, "year": 2019}, ""),
        (TELLING, {"abstract": LONG, "year": 2019}, {"year": 2019}, "same title and year"),
        (TELLING, {"year": 2019}, {"year": 2020}, ""),
        (TELLING, {"abstract": LONG}, {}, ""),
        (TELLING, {}, {}, "same title, and neither has an abstract or authors, or another year"),
        (
            TELLING,
            {"authors": ("Stone, Ada",)},
            {"authors": ("A. Stone", "B. Rock")},
            "same title and authors",
        ),
        (TELLING, {"authors": ("Ada Stone",), "year": 2019}, {"authors": ("Bo Rock",), "year": 2019}, ""),
        (TELLING, {"authors": ("Ada Stone",), "year": 2010}, {"authors": ("Ada Stone",), "year": 2019}, ""),
        ("Pebbles", {"abstract": LONG}, {"abstract": LONG}, "same title and abstract"),
        ("Pebbles", {"abstract": "Short."}, {"abstract": "short"}, "same title, same abstract"),
        ("Pebbles", {"abstract": "No abstract available."}, {"abstract": "No abstract available"}, ""),
        ("Pebbles", {"year": 2019}, {"year": 2019}, ""),
        ("Pebbles", {}, {}, ""),
        (
            "Pebbles",
            {"year": 2019, "authors": ("Ada Stone",)},
            {"year": 2019, "authors": ("Stone A.",)},
            "same title, authors and year",
        ),
        ("Preface", {"abstract": LONG}, {"abstract": LONG}, "same title and abstract"),
        ("Preface", {"abstract": LONG, "year": 2018}, {"abstract": LONG, "year": 2019}, ""),
        ("Preface", {"abstract": "To the reader."}, {"abstract": "To the reader."}, ""),
        (
            "Preface",
            {"year": 2019, "authors": ("Ada Stone",)},
            {"year": 2019, "authors": ("Ada Stone",)},
            "",
        ),
        ("Preface", {"own_id": True}, {"own_id": True}, "same id, title and abstract"),
    ],
)
def test_what_speaks_for_one_paper(
    title: str, a: dict[str, object], b: dict[str, object], reason: str
) -> None:
    assert verdict(title, a, b) == reason


@given(
    st.lists(
        st.builds(
            Paper,
            id=st.just("x"),
            title=st.sampled_from([TELLING, "Pebbles", "Preface"]),
            abstract=st.sampled_from(["", "Short.", LONG, OTHER, f"{LONG} More."]),
            year=st.sampled_from([None, 2019, 2020, 2030]),
            authors=st.sampled_from([(), ("Ada Stone",), ("Bo Rock", "A. Stone")]),
            own_id=st.booleans(),
        ),
        min_size=2,
        max_size=8,
    )
)
@settings(deadline=None)
def test_what_agrees_with_another_agrees_with_its_like(papers: list[Paper]) -> None:
    for a, b in itertools.combinations(papers, 2):
        if a.title == b.title and agreement(Facts(a), Facts(b)):
            assert agreement(Facts(a), Facts(a))
