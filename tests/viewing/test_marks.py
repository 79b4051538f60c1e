"""Marks: where a paper's texts name its concepts."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kg.model import FIELDS, Field
from kg.viewing.marks import Utf16, marks

words = st.text(alphabet="ab \U0001f600é", min_size=1, max_size=4)


@st.composite
def papers(draw: st.DrawFn) -> tuple[dict[Field, str], list[dict[str, Any]]]:
    texts: dict[Field, str] = {
        "title": draw(st.text(alphabet="ab \U0001f600é", max_size=12)),
        "abstract": draw(st.text(alphabet="ab \U0001f600é", min_size=1, max_size=30)),
    }
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        field: Field = draw(st.sampled_from([f for f in FIELDS if texts[f]]))
        start = draw(st.integers(0, len(texts[field]) - 1))
        end = draw(st.integers(start + 1, len(texts[field])))
        rows.append(
            {
                "field": field,
                "start": start,
                "end": end,
                "surfaces": [texts[field][start:end], *draw(st.lists(words))],
            }
        )
    return texts, rows


@given(papers())
def test_marks_are_in_order_do_not_overlap_and_say_what_their_concept_says(
    paper: tuple[dict[Field, str], list[dict[str, Any]]],
) -> None:
    texts, rows = paper
    found = marks(texts, rows)
    assert list(found) == sorted(found)
    for one, other in itertools.pairwise(found):
        assert one.field < other.field or one.end <= other.start
    for mark in found:
        assert texts[FIELDS[mark.field]][mark.start : mark.end] in rows[mark.edge]["surfaces"]


def test_every_place_of_every_wording_is_found_as_a_word_the_longest_first() -> None:
    texts: dict[Field, str] = {
        "title": "Deep CL",
        "abstract": "Contrastive learning (CL) is not CLIP; deep CL is.",
    }
    rows = [
        {"field": "abstract", "start": 0, "end": 20, "surfaces": ["Contrastive learning", "CL"]},
        {"field": "title", "start": 0, "end": 7, "surfaces": ["Deep CL", "deep CL"]},
    ]
    found = [(mark.edge, texts[FIELDS[mark.field]][mark.start : mark.end]) for mark in marks(texts, rows)]
    assert found == [(1, "Deep CL"), (0, "Contrastive learning"), (0, "CL"), (1, "deep CL")]


@given(st.text(), st.data())
def test_offsets_in_utf_16_cut_the_same_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    units = Utf16(text)
    coded = text.encode("utf-16-le", "surrogatepass")
    assert coded[2 * units(start) : 2 * units(end)].decode("utf-16-le", "surrogatepass") == text[start:end]
