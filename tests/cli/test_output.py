"""The forms of an answer: nothing invisible reaches a terminal, JSON loses nothing, no cell calculates."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import output

# Any code point but a surrogate, the dangerous ones often.
TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "\x00\x07\x08\x1b\x7f\x9b\r\n\t\u061c\u200e\u200f\u202a\u202e\u2028\u2066\u2069\ufeff\u00ad|'\"=+-@"
        ),
    ),
    max_size=30,
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def written(columns: list[str], rows: list[list[Any]], form: str, *, terminal: bool = False) -> str:
    out = Terminal() if terminal else io.StringIO()
    output.write(columns, rows, form=form, out=out)
    return out.getvalue()


def is_safe(text: str) -> bool:
    """No character moves the cursor, reorders the line or breaks it."""
    joiners = "\u200c\u200d"
    return all(
        unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp", "Cs"} or c in f"\n{joiners}" for c in text
    )


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=4), st.booleans())
def test_a_table_is_safe_and_has_one_line_a_row(rows: list[list[Any]], terminal: bool) -> None:
    text = written(["one", "two\x1b[2J"], rows, "table", terminal=terminal)
    assert is_safe(text)
    assert text.count("\n") == len(rows) + 2


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=4))
def test_json_is_safe_and_loses_nothing(rows: list[list[Any]]) -> None:
    names = ["one", "two"]
    expected = [dict(zip(names, row, strict=True)) for row in rows]
    whole, lines = written(names, rows, "json"), written(names, rows, "jsonl")
    assert is_safe(whole)
    assert is_safe(lines)
    assert json.loads(whole) == expected
    assert [json.loads(line) for line in lines.splitlines()] == expected


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_no_csv_cell_is_a_formula(row: list[str]) -> None:
    text = written([f"c{i}" for i in range(len(row))], [row], "csv")
    cells = list(csv.reader(io.StringIO(text), strict=True))[1]
    assert len(cells) == len(row)
    for cell, value in zip(cells, row, strict=True):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))
        assert is_safe(cell.replace("\t", ""))
        if value.isprintable() and not value.lstrip().startswith(tuple("=+-@＝＋－＠")):
            assert cell == value


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1"])
def test_a_formula_becomes_text(formula: str) -> None:
    assert output.csv_cell(formula).startswith("'")


def test_a_negative_number_stays_a_number() -> None:
    assert output.csv_cell(-1) == "-1"
    assert output.csv_cell(-0.5) == "-0.5"


@given(TEXT, st.integers(1, 40))
def test_cut_text_fits(text: str, most: int) -> None:
    shown = output.cut(output.visible(text), most)
    assert output.width(shown) <= max(most, 1)
    assert shown == output.visible(text) or shown.endswith("…")


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8), st.integers(1, 250))
def test_columns_fit_where_they_can(widths: list[int], total: int) -> None:
    fitted = output.fit(widths, total)
    assert all(new == old or output.NARROWEST <= new < old for new, old in zip(fitted, widths, strict=True))
    if total >= output.NARROWEST * len(widths):
        assert sum(fitted) <= max(total, 0)
    # What is narrow is never cut for the sake of what is wide.
    cut = [old for new, old in zip(fitted, widths, strict=True) if new < old]
    kept = [new for new, old in zip(fitted, widths, strict=True) if new == old]
    assert not cut or not kept or min(cut) >= max(kept)


def test_a_table_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    row = ["short", "w" * 300, "界" * 90]
    lines = written(["a", "b", "c"], [row], "table", terminal=True).splitlines()
    assert max(map(output.width, lines)) <= 40
    assert "short" in lines[2]
    assert "w" * 300 in written(["a", "b", "c"], [row], "table")


def test_numbers_stand_at_the_right_and_null_is_empty() -> None:
    assert written(["n", "x"], [[1, None], [100, "a"]], "table") == "  n  x\n---  -\n  1\n100  a\n"


def test_no_columns_no_table() -> None:
    assert written([], [], "table") == ""
    assert written([], [], "jsonl") == ""
    assert written(["a"], [], "json") == "[]\n"
    assert written(["a"], [], "table") == "a\n-\n"


def test_numbers_that_json_lacks_become_text() -> None:
    values = [float("nan"), float("inf"), float("-inf")]
    assert json.loads(output.to_json(values)) == ["NaN", "Infinity", "-Infinity"]


def test_wide_letters_and_marks_are_measured() -> None:
    assert output.width("界") == 2
    assert output.width("e\u0301") == 1
    assert output.visible("\u202eabc\x1b[31m") == "\\u202eabc\\x1b[31m"
    assert output.visible("a\u00a0b") == "a\u00a0b"
