"""Tables as databases, reference managers, spreadsheets and people write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Paper
from kg.reading import read
from kg.reading.cells import rows
from kg.reading.source import Line
from kg.report import Report


def papers(path: Path, text: str, report: Report | None = None) -> list[Paper]:
    path.write_bytes(text.encode())
    return list(read([path], report=report))


def split(text: str, delimiter: str = ",", width: int = 0) -> list[list[str]]:
    lines = [Line(n, line) for n, line in enumerate(io.StringIO(text, newline="\n"), 1)]
    return [row.cells for row in rows(lines, delimiter, width)]


cell = st.text(st.sampled_from("ab ,;|\t\"'\n\r\\=é"), max_size=8)


@given(
    st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t", "|", "^"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None, max_examples=300)
def test_what_the_csv_module_writes_is_read_back(
    table: list[list[str]], delimiter: str, quoting: int, end: str
) -> None:
    assume(
        not any("\r" in c and "\n" not in c and quoting == csv.QUOTE_MINIMAL for row in table for c in row)
    )
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)  # type: ignore[arg-type]  # the stub wants literals
    # What ends in a quoted space, or begins with one before a quote, is for the writer to protect.
    assert split(out.getvalue(), delimiter, 3) == table


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('"Deep" learning,b\n', [['"Deep" learning', "b"]]),
        ('a,"say ""hi"", you"\n', [["a", 'say "hi", you']]),
        ('a,"one\r\ntwo"\r\nb,c\r\n', [["a", "one\r\ntwo"], ["b", "c"]]),
        ('5" disk,b\nc,d\n', [['5" disk', "b"], ["c", "d"]]),
        ('a,"open\nb,c\nd,e\n', [["a", '"open'], ["b", "c"], ["d", "e"]]),
        ('a,"open\n"b","c"\n', [["a", '"open'], ["b", "c"]]),
        ('"a \\"b\\", c",d\n', [['a "b", c', "d"]]),
        ('"He said "yes, no" loudly",b\n', [['He said "yes, no" loudly', "b"]]),
        ('a, "b, c" ,d\n', [["a", "b, c", "d"]]),
        ('a,""\n', [["a", ""]]),
        ("a,\n", [["a", ""]]),
    ],
)
def test_quotes_as_people_use_them(text: str, cells: list[list[str]]) -> None:
    assert split(text, width=len(cells[0])) == cells


@pytest.mark.parametrize("cell", ['"a', '"a""', '  "a'])
def test_quotes_that_never_close_are_looked_through_once(cell: str) -> None:
    text = f"{cell},b," * 40_000 + "c\n"
    assert len(split(text, width=3)[0]) == 80_001


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_line_ends_doubled_by_windows_are_line_ends(tmp_path: Path, quoting: int) -> None:
    table = [
        ["year", "title", "abstract"],
        ["2019", "Stones", "One, two"],
        ["2020", 'So-called "sand"', "a\nb"],
    ]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting).writerows(table)  # type: ignore[arg-type]  # the stub wants literals
    found = papers(tmp_path / "t.csv", out.getvalue().replace("\n", "\r\n"))
    assert [(p.year, p.title, p.abstract) for p in found] == [
        (2019, "Stones", "One, two"),
        (2020, 'So-called "sand"', "a\r\nb"),
    ]


def test_tables_with_byte_order_marks_one_behind_the_other(tmp_path: Path) -> None:
    report = Report()
    found = papers(tmp_path / "t.csv", '\ufeff"title",year\nA,1\n\ufeff"title",year\nB,2\n', report)
    assert [p.title for p in found] == ["A", "B"]
    assert report.counts["reading.headers_repeated"] == 1


def test_one_stray_quote_in_a_large_table_costs_nothing(tmp_path: Path) -> None:
    body = "".join(f"Study {n},text {n}\n" for n in range(3000))
    found = papers(tmp_path / "t.csv", f'title,abstract\n"Stray,text\n{body}')
    assert len(found) == 3001
    assert found[0].title == '"Stray'


@pytest.mark.parametrize(
    "header",
    [
        "title,abstract,year",
        "TITLE,Abstract,YEAR",
        '" Title ","Abstract"," Year "',
        "\ufeffTitle,ABSTRACT,Publication Year",
        "Document Title,Abstract Note,Date",
        "Article_Title,paper abstract,PubYear",
        "T1,AB,PY",
        "sep=,\ntitle,abstract,year",
        '"About the data: exported on May 1, 2021; see the terms"\nTitle,Abstract,PubYear',
    ],
)
def test_columns_are_known_by_many_names(tmp_path: Path, header: str) -> None:
    (paper,) = papers(tmp_path / "t.csv", f'{header}\nStones,"Round, mostly",2019\n')
    assert (paper.title, paper.abstract, paper.year) == ("Stones", "Round, mostly", 2019)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", ":", "~", "\x1f", "§"])
def test_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    table = [["abstract", "authors", "title"], ["One; two, three | four", "['Marx, K', 'Li, A']", "Stones"]]
    if delimiter in ",;|":
        table[1] = [f'"{text}"' for text in table[1]]
    text = "".join(delimiter.join(row) + "\n" for row in table)
    (paper,) = papers(tmp_path / "t", text)
    assert (paper.title, paper.abstract) == ("Stones", "One; two, three | four")
    assert paper.authors == ("Marx, K", "Li, A")


def test_an_export_of_scopus(tmp_path: Path) -> None:
    text = (
        '\ufeff"Authors","Author full names","Author(s) ID","Title","Year","Source title","Cited by","DOI",'
        '"Link","Abstract","References","Source","EID"\n'
        '"Stone A.; Rock B.","Stone, Ada (1); Rock, Bo (2)","1; 2","Stones","2019","River Letters","7",'
        '"10.1000/Abc","https://scopus.example/1","Round.","Clay D., Mud, (2001); Silt E., Sand, (2002)",'
        '"Scopus","2-s2.0-1"\n'
    )
    (paper,) = papers(tmp_path / "scopus.csv", text)
    assert paper.id == "2-s2.0-1"
    assert paper.authors == ("Stone A.", "Rock B.")
    assert (paper.year, paper.venue, paper.doi) == (2019, "River Letters", "10.1000/abc")
    assert paper.references == ("Clay D., Mud, (2001)", "Silt E., Sand, (2002)")


def test_an_export_of_web_of_science(tmp_path: Path) -> None:
    text = (
        "PT\tAU\tTI\tSO\tDE\tID\tAB\tCR\tPY\tDI\tUT\tDA\t\r\n"
        "J\tStone, A; Rock, B\tStones\tRIVER LETTERS\tstone\tROUND; FLAT\tRound.\tClay, 2001; Silt, 2002\t\t"
        "10.1/x\tWOS:1\t2024-01-01\t\r\n"
    )
    report = Report()
    (paper,) = papers(tmp_path / "savedrecs.txt", text, report)
    assert (paper.id, paper.title, paper.abstract) == ("WOS:1", "Stones", "Round.")
    assert paper.year is None  # the date of the export is not the paper's
    assert paper.authors == ("Stone, A", "Rock, B")
    assert not report.drops


def test_an_export_of_zotero_and_one_of_pubmed(tmp_path: Path) -> None:
    zotero = (
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url",'
        '"Abstract Note","Date"\n"AB12","journalArticle","","Stone, Ada; Rock, Bo","Stones",'
        '"River Letters","",'
        '"https://arxiv.org/abs/1905.00001","Round.","2019-05"\n'
    )
    (paper,) = papers(tmp_path / "zotero.csv", zotero)
    assert (paper.id, paper.venue, paper.year) == ("AB12", "River Letters", 2019)
    assert (paper.arxiv, paper.authors) == ("1905.00001", ("Stone, Ada", "Rock, Bo"))
    pubmed = (
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,DOI\n"
        '123,Stones.,"Stone A, Rock BC.","River Lett. 2019",Stone A,River Lett,2019,2020/01/02,,10.1/x\n'
    )
    (paper,) = papers(tmp_path / "pubmed.csv", pubmed)
    assert (paper.id, paper.year, paper.venue) == ("123", 2019, "River Lett")
    assert paper.authors == ("Stone A", "Rock BC.")


def test_rows_with_too_many_or_too_few_cells(tmp_path: Path) -> None:
    report = Report()
    text = "title,abstract,year\nA,a\nB,b,2001,,\nC,c, and more,2002\n\n,,\ntitle,abstract,year\nD\n,d,2003\n"
    found = papers(tmp_path / "t.csv", text, report)
    assert [(p.title, p.abstract, p.year, p.source) for p in found] == [
        ("A", "a", None, "t.csv#1"),
        ("B", "b", 2001, "t.csv#2"),
        ("D", "", None, "t.csv#4"),
    ]
    assert report.counts["reading.rows_short"] == 2
    assert report.counts["reading.headers_repeated"] == 1
    assert report.places["reading", "more cells than columns"] == ["t.csv:4"]
    assert report.places["reading", "no title"] == ["t.csv:9"]


def test_the_second_best_column_helps_out(tmp_path: Path) -> None:
    text = "title,original title,year,date\n,Steine,,2019-01-02\nStones,Steine,2018,2019\n"
    found = papers(tmp_path / "t.csv", text)
    assert [(p.title, p.year) for p in found] == [("Steine", 2019), ("Stones", 2018)]


def test_a_table_of_titles_alone(tmp_path: Path) -> None:
    found = papers(tmp_path / "t.csv", "Title\nStones, rocks and sand\nClay\n")
    assert [p.title for p in found] == ["Stones, rocks and sand", "Clay"]


def test_a_table_without_titles_is_refused_with_its_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"without a column of titles.*“abstract, authors, year, x”"):
        papers(tmp_path / "t.csv", "abstract,authors,year,x\na,b,2001,c\n")


def test_cells_are_kept_as_they_are(tmp_path: Path) -> None:
    (paper,) = papers(tmp_path / "t.csv", 'title,abstract\n  Stones ,"=1+1\n\n <b>x</b>"\n')
    assert (paper.title, paper.abstract) == ("  Stones ", "=1+1\n\n <b>x</b>")
