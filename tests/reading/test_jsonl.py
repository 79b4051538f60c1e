"""JSON in its three forms, whole and damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Paper
from kg.reading import read
from kg.reading.jsonl import _Cutter
from kg.report import Report

visible = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(lambda text: f"x{text}")
values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3000) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
objects = st.fixed_dictionaries({"id": visible, "title": visible, "abstract": visible, "more": values})


def papers(path: Path, data: bytes | str, report: Report | None = None) -> list[Paper]:
    path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return list(read([path], report=report))


@given(st.lists(objects, min_size=1, max_size=5), st.booleans())
@settings(deadline=None, max_examples=50)
def test_lines_array_and_layout_read_alike(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], plain: bool
) -> None:
    path = tmp_path_factory.mktemp("json") / "t"
    forms = [
        "\n".join(json.dumps(row, ensure_ascii=plain) for row in rows),
        json.dumps(rows, ensure_ascii=plain),
        json.dumps(rows, ensure_ascii=plain, indent=2),
        "\n".join(json.dumps(row, ensure_ascii=plain, indent=1) for row in rows),
    ]
    for form in forms:
        found = papers(path, form)
        assert [(p.id, p.title) for p in found] == [(row["id"], row["title"]) for row in rows]
        assert [p.abstract for p in found] == [row["abstract"] for row in rows]
        assert [p.source for p in found] == [f"t#{n}" for n in range(1, len(rows) + 1)]


@given(st.lists(objects, max_size=4), st.integers(1, 40), st.sampled_from([None, 0, 3]))
@settings(deadline=None, max_examples=100)
def test_values_are_cut_alike_however_the_bytes_arrive(
    rows: list[dict[str, Any]], size: int, indent: int | None
) -> None:
    data = json.dumps(rows, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    texts = list(_Cutter().texts(chunks))
    assert [text.problem for text in texts] == [""] * len(rows)
    assert [json.loads(text.text) for text in texts] == rows
    for text in texts:
        lines = data.decode("utf-8", "surrogatepass").split("\n")
        assert "{" in lines[text.line - 1]


def test_damaged_records_cost_only_themselves(tmp_path: Path) -> None:
    report = Report()
    data = (
        b'{"title": "A"}\n'
        b'{"title": "B", "abstract": "cut\n'
        b"\n"
        b'["title", "C"]\n'
        b'"D"\n' + b'{"title": ' + b"[" * 100_000 + b"\n"
        b'{"title": "E\xff"}\n'
        b'{"title": " ", "abstract": "nameless"}\n'
        b'{"abstract": "nameless"}\n'
        b'{"title": {"en": "F"}}\n'
        b'{"title": "G"},\n'
        b'{"title": "H", "year": 1' + b"0" * 5000 + b"}\n"
        b'{"title": "I"}'
    )
    found = papers(tmp_path / "t.jsonl", data, report)
    assert [(p.title, p.source) for p in found] == [
        ("A", "t.jsonl#1"),
        ("G", "t.jsonl#10"),
        ("I", "t.jsonl#12"),
    ]
    assert report.places["reading", "not valid JSON"] == ["t.jsonl:12", "t.jsonl:2", "t.jsonl:6"]
    assert report.places["reading", "not a JSON object"] == ["t.jsonl:4", "t.jsonl:5"]
    assert report.places["reading", "damaged UTF-8"] == ["t.jsonl:7"]
    assert report.places["reading", "no title"] == ["t.jsonl:10", "t.jsonl:8", "t.jsonl:9"]
    assert report.counts["reading.records"] == 3


def test_an_array_cut_off_keeps_what_was_whole(tmp_path: Path) -> None:
    report = Report()
    found = papers(tmp_path / "t.json", '[\n{"title": "A"},\n 7,\n{"title": "B"},\n{"title": "C', report)
    assert [p.title for p in found] == ["A", "B"]
    assert report.places["reading", "not a JSON object"] == ["t.json:2"]
    assert report.places["reading", "cut off at the end of the file"] == ["t.json:5"]


def test_every_field_under_the_names_that_people_use(tmp_path: Path) -> None:
    record = {
        "ID": 17,
        "Paper-Title": "Stones",
        "paperAbstract": ["One.", "Two."],
        "DOI": "https://doi.org/10.1000/ABC.",
        "publication_date": "2019-05-01",
        "authors": [{"name": "Ada  Stone"}, {"given": "Bo", "family": "Rock"}, "Clay, Di"],
        "journal": {"name": "River Letters"},
        "URL": "https://arxiv.org/pdf/1905.00001v3.pdf",
        "references": [{"doi": "10.1/x"}, "arXiv:1801.00001", 12, None, {"id": 13}, {"id": True}],
    }
    (paper,) = papers(tmp_path / "t.json", json.dumps([record]))
    assert (paper.id, paper.own_id, paper.title, paper.abstract) == ("17", True, "Stones", "One.\nTwo.")
    assert (paper.doi, paper.arxiv, paper.year) == ("10.1000/abc", "1905.00001", 2019)
    assert paper.authors == ("Ada Stone", "Bo Rock", "Clay, Di")
    assert (paper.venue, paper.url) == ("River Letters", record["URL"])
    assert paper.references == ("10.1/x", "arXiv:1801.00001", "12", "13")


@pytest.mark.parametrize(
    ("value", "year"),
    [
        (2019, 2019),
        (2019.0, 2019),
        ("2019-05-01", 2019),
        ("2014//", 2014),
        ("20190501", 2019),
        ("May 2019", 2019),
        ([[2019, 5, 1]], 2019),
        ({"date-parts": [[2019, 5]]}, 2019),
        ("10 15", None),
        (19, None),
        (123456, None),
        ("n.d.", None),
    ],
)
def test_years_are_read_leniently_and_doubts_counted(tmp_path: Path, value: object, year: int | None) -> None:
    report = Report()
    (paper,) = papers(tmp_path / "t.jsonl", json.dumps({"title": "A", "year": value}), report)
    assert paper.year == year
    assert report.counts["reading.years_unread"] == (year is None)


@pytest.mark.parametrize("value", ["", None, "  ", True])
def test_no_year_is_no_doubt(tmp_path: Path, value: object) -> None:
    report = Report()
    assert papers(tmp_path / "t.jsonl", json.dumps({"title": "A", "year": value}), report)[0].year is None
    assert not report.counts["reading.years_unread"]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400"])
@pytest.mark.parametrize("field", ["id", "abstract", "url", "year", "doi", "arxiv", "authors", "references"])
def test_what_is_no_number_is_absent_as_null_is(tmp_path: Path, field: str, value: str) -> None:
    read_as = []
    for content in (value, "null"):
        report = Report()
        found = papers(tmp_path / "t.jsonl", f'{{"title": "A", "{field}": {content}}}\n', report)
        read_as.append((found, {**report.counts, "reading.bytes": 0}, report.drops))
    assert read_as[0] == read_as[1]


def test_a_title_that_is_no_number_is_no_title(tmp_path: Path) -> None:
    report = Report()
    data = '{"title": NaN, "display_name": "A"}\n{"title": NaN}\n{"title": 1984}\n'
    assert [p.title for p in papers(tmp_path / "t.jsonl", data, report)] == ["A", "1984"]
    assert report.places["reading", "no title"] == ["t.jsonl:2"]


def test_ids_come_from_the_input_else_from_outside_else_from_the_text(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": " Own 1", "title": "A", "doi": "10.1/a"},
        {"title": "A", "doi": "doi:10.1/A", "arxiv": "1901.00001v2"},
        {"title": "A", "arxiv": "arXiv:1901.00001 [cs.CL]"},
        {"title": "The  Álpha!", "abstract": "Beta"},
        {"title": "the alpha", "abstract": "BETA."},
        {"title": "the alpha b", "abstract": "eta"},
        {"id": "math.GT/0309136v1", "title": "A"},
    ]
    found = papers(tmp_path / "t.jsonl", "\n".join(map(json.dumps, rows)))
    assert [p.id for p in found[:3]] == [" Own 1", "doi:10.1/a", "arxiv:1901.00001"]
    assert [p.own_id for p in found] == [True, False, False, False, False, False, True]
    assert found[3].id == found[4].id != found[5].id
    assert found[3].id.startswith("p")
    assert [p.arxiv for p in found] == ["", "1901.00001", "1901.00001", "", "", "", "math/0309136"]


def test_an_object_around_the_records_is_taken_off(tmp_path: Path) -> None:
    around = {"count": 2, "date": "2024-05-01", "url": "https://example.org/list"}
    data = json.dumps({**around, "papers": [{"title": "A"}, {"title": "B"}]}, indent=1)
    assert [(p.title, p.source) for p in papers(tmp_path / "t", data)] == [("A", "t#1"), ("B", "t#2")]


@pytest.mark.parametrize("field", ["id", "abstract", "doi", "authors", "references"])
def test_what_a_paper_without_a_title_cites_are_no_papers_of_the_input(tmp_path: Path, field: str) -> None:
    report = Report()
    cited = [{"title": "Somebody else's paper one"}, {"title": "Somebody else's paper two"}]
    rows: list[dict[str, object]] = [{"title": "A"}, {field: "x", "citations": cited}]
    found = papers(tmp_path / "t.jsonl", "\n".join(map(json.dumps, rows)), report)
    assert [p.title for p in found] == ["A"]
    assert report.places["reading", "no title"] == ["t.jsonl:2"]


@pytest.mark.parametrize("join", ["\n", "", ",\n", "\n\ufeff", "\n[]\n"])
@pytest.mark.parametrize("indent", [None, 2])
def test_arrays_one_behind_the_other_are_all_read(tmp_path: Path, join: str, indent: int | None) -> None:
    report = Report()
    arrays = [
        [{"title": "A"}, {"title": "B"}],
        [{"title": "C", "authors": [{"name": "D"}]}],
        [{"title": "E"}],
    ]
    data = join.join(json.dumps(array, indent=indent) for array in arrays)
    assert [p.title for p in papers(tmp_path / "t.json", data, report)] == ["A", "B", "C", "E"]
    assert not report.drops


def test_lines_behind_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    data = '\ufeff{"title": "A"}\n\ufeff{"title": "B"}\n{"title": "C"}\n'
    assert [p.title for p in papers(tmp_path / "t.jsonl", data)] == ["A", "B", "C"]


DAMAGE = [
    '{"title": "Screens of 5" and more"}',
    '{"title": "open, "year": 2001}',
    '{"title": "open, {"year": 2001}',
    '{"title": "x", "year": 2001',
    '{"title": "x", "more": [{"a": 1}',
    '{"title": "x" "y"}',
    '{"title": "x\\"}',
]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("indent", ["", "  ", "\t"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_damaged_object_in_an_array_costs_only_itself(
    tmp_path: Path, damage: str, indent: str, wide: bool
) -> None:
    report = Report()
    rows = [json.dumps({"title": f"Stone }} {n} [", "authors": [{"name": "A"}]}) for n in range(1000)]
    if wide:
        rows = [json.dumps(json.loads(row), indent=2).replace("\n", f"\n{indent}") for row in rows]
    for place in (10, 20, 21):
        rows[place] = damage
    data = "[\n" + ",\n".join(indent + row for row in rows) + "\n]\n"
    found = papers(tmp_path / "t.json", data, report)
    assert [p.title for p in found] == [f"Stone }} {n} [" for n in range(1000) if n not in (10, 20, 21)]
    assert [p.id for p in found if not p.authors] == []
    assert {reason: len(places) for (_, reason), places in report.places.items()} == {"not valid JSON": 3}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("limit", [120, 20_000_000])
def test_damage_is_found_alike_however_the_bytes_arrive(
    monkeypatch: pytest.MonkeyPatch, damage: str, limit: int
) -> None:
    monkeypatch.setattr("kg.reading.jsonl.RECORD_LIMIT", limit)
    rows = [json.dumps({"title": f"Stone }} {n} ["}) for n in range(30)]
    data = ("[\n" + ",\n".join([*rows[:9], damage, *rows[10:]]) + "\n]\n").encode()
    for size in (1, 2, 3, 7, 50, len(data)):
        chunks = [data[start : start + size] for start in range(0, len(data), size)]
        texts = list(_Cutter().texts(chunks))
        assert [text.line for text in texts] == list(range(2, 32))
        whole = [text.text for text in texts if not text.problem]
        assert [text for text in whole if text != damage] == [*rows[:9], *rows[10:]]


def test_a_stray_quote_between_objects_costs_no_object(tmp_path: Path) -> None:
    report = Report()
    data = '[\n{"title": "A"},\n{"title": "B"} and "more},\n{"title": "C {"},\n{"title": "D"}]'
    assert [p.title for p in papers(tmp_path / "t.json", data, report)] == ["A", "B", "C {", "D"]
    assert len(report.places["reading", "not valid JSON"]) == 1


@pytest.mark.parametrize("line", ['{"title": "x",', '{"title": "x', '{"title": ["x"}, {"y": 1'])
def test_damage_in_every_line_is_looked_through_once(tmp_path: Path, line: str) -> None:
    report = Report()
    data = "[\n" + f"{line}\n" * 10_000 + '{"title": "A"}\n]'
    assert [p.title for p in papers(tmp_path / "t.json", data, report)] == ["A"]
    assert report.drops["reading", "not valid JSON"] == 10_000


def test_objects_inside_a_damaged_one_are_no_papers(tmp_path: Path) -> None:
    record = {"title": "A", "more": [{"title": "Somebody else's paper"}, {"title": "Another's"}], "year": 1}
    rows = json.dumps([record, {"title": "B"}], indent=1).replace('"A"', '"A" or "').encode()
    assert [p.title for p in papers(tmp_path / "t.json", rows)] == ["B"]


def test_json_without_titles_is_refused_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no title; they have “text, label”"):
        papers(tmp_path / "t.jsonl", '{"text": "A", "label": 1}\n{"text": "B", "label": 2}\n')
