"""DOIs, arXiv identifiers, years, authors and references, as they are met."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reading import identifiers, lists, names


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        ("doi:10.1000/abc.", "10.1000/abc"),
        ("https://doi.org/10.1000/a(b)c", "10.1000/a(b)c"),
        ("(http://dx.doi.org/10.1000/abc)", "10.1000/abc"),
        ("https://doi.org/10.1000%2Fabc", "10.1000/abc"),
        ("10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2", None),
        ("10.1", ""),
        ("10.3 dollars", ""),
        ("see 210.1000/abc", ""),
        ("", ""),
    ],
)
def test_dois(text: str, doi: str | None) -> None:
    assert identifiers.doi(text) == (text.lower() if doi is None else doi)


@pytest.mark.parametrize("text", ["10." * 60_000, "10.1000." * 30_000, "10.123456789" * 20_000])
def test_a_long_run_of_numbers_and_dots_is_looked_through_in_one_go(text: str) -> None:
    assert identifiers.doi(text) == ""
    assert identifiers.doi(f"{text} 10.1000.10/abc") == "10.1000.10/abc"


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [
        ("1901.00001", "1901.00001"),
        (" 1901.00001v12 ", "1901.00001"),
        ("arXiv:0704.0001", "0704.0001"),
        ("arXiv: 1901.00001v1 [cs.CL]", "1901.00001"),
        ("https://arxiv.org/abs/hep-th/9901001v2", "hep-th/9901001"),
        ("http://arxiv.org/pdf/1901.00001v2.pdf", "1901.00001"),
        ("10.48550/arXiv.1901.00001", "1901.00001"),
        ("math.GT/0309136", "math/0309136"),
        ("1999.00001", ""),
        ("smith/2019001", ""),
        ("version 1901.00001 of it", ""),
        ("1901.000012", ""),
    ],
)
def test_arxiv_identifiers(text: str, arxiv: str) -> None:
    assert identifiers.arxiv(text) == arxiv


@given(st.text())
def test_identifiers_are_their_own_normal_form(text: str) -> None:
    for normal in (identifiers.doi, identifiers.arxiv):
        assert normal(normal(text)) == normal(text)


def test_what_a_reference_may_name() -> None:
    assert identifiers.reference_keys(" https://doi.org/10.1/X") == ("https://doi.org/10.1/X", "doi:10.1/x")
    assert identifiers.reference_keys("arXiv:1901.00001v1") == ("arXiv:1901.00001v1", "arxiv:1901.00001")
    assert identifiers.reference_keys("P19-1001") == ("P19-1001",)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Ada Stone", ("Ada Stone",)),
        ("Stone, Ada", ("Stone, Ada",)),
        ("Ada Stone, Bo Rock", ("Ada Stone", "Bo Rock")),
        ("Ada Stone, Bo Rock and Di Clay", ("Ada Stone", "Bo Rock", "Di Clay")),
        ("Stone, Ada and Rock, Bo", ("Stone, Ada", "Rock, Bo")),
        ("Stone, A., Rock, B. C.", ("Stone, A.", "Rock, B. C.")),
        ("Stone A., Rock B.", ("Stone A.", "Rock B.")),
        ("Stone, A.; Rock, B.", ("Stone, A.", "Rock, B.")),
        ("Ada Stone|Bo Rock", ("Ada Stone", "Bo Rock")),
        ("['Stone, Ada', \"O'Rock, Bo\"]", ("Stone, Ada", "O'Rock, Bo")),
        ('["Ada \\"A\\" Stone"]', ('Ada "A" Stone',)),
        ("Ada Stone & Bo Rock", ("Ada Stone", "Bo Rock")),
        ("", ()),
    ],
)
def test_authors(text: str, authors: tuple[str, ...]) -> None:
    assert lists.authors(text) == authors


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("10.1/a; 10.1/b", ("10.1/a", "10.1/b")),
        ("10.1/a,10.1/b", ("10.1/a", "10.1/b")),
        ("W12 W13 W12", ("W12", "W13")),
        ("Stones, rocks and sand", ("Stones, rocks and sand",)),
        ("['a1', 'b, c']", ("a1", "b, c")),
        ("", ()),
    ],
)
def test_references(text: str, references: tuple[str, ...]) -> None:
    assert lists.references(text) == references


@pytest.mark.parametrize(
    ("entry", "reference"),
    [
        ({"id": "b0", "doi": "10.1/x", "title": "Stones"}, "10.1/x"),
        ({"id": 1, "DOI": "https://doi.org/10.1/x", "title": "Stones"}, "https://doi.org/10.1/x"),
        ({"paperId": "b0", "arxiv": "1901.00001", "url": "https://a.example"}, "1901.00001"),
        ({"id": "W2", "doi": "n/a", "arxiv": " ", "title": "Stones"}, "W2"),
        ({"doi": None, "url": "https://a.example", "title": "Stones"}, "https://a.example"),
        ({"doi": "n/a", "title": "Stones"}, "Stones"),
        ({"doi": "unheard of"}, "unheard of"),
    ],
)
def test_what_names_a_paper_everywhere_goes_before_the_number_in_a_list(
    entry: dict[str, object], reference: str
) -> None:
    assert lists.references([entry]) == (reference,)


def test_no_name_stands_for_two_fields() -> None:
    every = [name for synonyms in names.SYNONYMS.values() for name in synonyms]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("name", ["Author(s) ID", "Cited by", "Keywords", "Titles of books", "x" * 1000, ""])
def test_other_columns_stand_for_nothing(name: str) -> None:
    assert names.field_of(name) is None
