"""Extractions out as JSON, and corrected or foreign ones back in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.extraction import read_extractions, to_gold, to_json
from kg.model import ConceptType, Extraction, Field, Mention, Paper, PaperConcept, Result, Role
from kg.report import Report

PAPER = Paper(
    id="p1",
    ids=("p1", "old-1"),
    title="MCL: a title",
    abstract="We propose Multistage Learning (MCL). MCL reaches 61.2% and 61.2% on ImageNet.",
)
BARE = Paper(id="p2", title="Another", abstract="About nothing.")
LINE: dict[str, Any] = {
    "id": "p1",
    "title": PAPER.title,
    "abstract": PAPER.abstract,
    "concepts": [
        {
            "key": "a",
            "type": "METHOD",
            "role": "PROPOSES",
            "name": "Multistage Learning",
            "confidence": 0.9,
            "mentions": [
                {"field": "abstract", "start": 11, "end": 30, "text": "Multistage Learning"},
                {"field": "title", "start": 0, "end": 3, "text": "MCL", "confidence": 0.5},
            ],
        },
        {
            "key": "b",
            "type": "DATASET",
            "role": "USES",
            "name": "ImageNet",
            "mentions": [{"field": "abstract", "start": 69, "end": 77}],
        },
    ],
    "results": [
        {
            "method": "a",
            "dataset": "ImageNet",
            "metric": "accuracy",
            "value": "61.2%",
            "number": 61.2,
            "unit": "%",
            "kind": "absolute",
            "field": "abstract",
            "start": 50,
            "end": 55,
        }
    ],
}
GOLD: dict[str, Any] = {
    "id": "old-1",
    "concepts": [
        {"type": "DATASET", "role": "USES", "name": "ImageNet", "mentions": ["ImageNet"]},
        {
            "type": "METHOD",
            "role": "PROPOSES",
            "name": "Multistage Learning",
            "mentions": ["Multistage Learning", "MCL"],
        },
    ],
    "results": [
        {"method": "Multistage Learning", "dataset": "ImageNet", "value": "61.2%", "kind": "absolute"},
        {"method": "ours", "dataset": "", "value": "61.2%", "kind": "improvement"},
    ],
}


def read(tmp_path: Path, *lines: Any, papers: tuple[Paper, ...] = (PAPER, BARE)) -> tuple[Any, Report]:
    path = tmp_path / "given.jsonl"
    path.write_bytes(
        b"".join((x if isinstance(x, bytes) else json.dumps(x).encode("utf-8")) + b"\n" for x in lines)
    )
    report = Report()
    return read_extractions(path, papers, report=report), report


def changed(*keys: Any, to: Any) -> dict[str, Any]:
    """A copy of the full line with one thing in it changed."""
    line: Any = json.loads(json.dumps(LINE))
    at = line
    for key in keys[:-1]:
        at = at[key]
    at[keys[-1]] = to
    return dict(line)


def test_the_full_form_is_read(tmp_path: Path) -> None:
    found, report = read(tmp_path, LINE)
    assert report.drops == {}
    extraction: Extraction = found["p1"]
    assert extraction.extractor == "given"
    first, second = extraction.concepts  # in the order of their first mention
    assert (first.key, first.name, first.confidence) == ("c0", "Multistage Learning", 0.9)
    assert [(m.field, m.text, m.confidence) for m in first.mentions] == [
        ("title", "MCL", 0.5),
        ("abstract", "Multistage Learning", 1.0),
    ]
    assert (second.key, second.confidence, second.mentions[0].text) == ("c1", 1.0, "ImageNet")
    (result,) = extraction.results
    assert (result.method, result.dataset, result.metric) == ("c0", "c1", "accuracy")


def test_the_form_of_the_reference_is_read(tmp_path: Path) -> None:
    found, report = read(tmp_path, GOLD)
    assert report.drops == {}
    method, dataset = found["p1"].concepts
    assert [(m.field, m.start) for m in method.mentions] == [
        ("title", 0),
        ("abstract", 11),
        ("abstract", 32),
        ("abstract", 38),
    ]
    assert dataset.name == "ImageNet"
    one, two = found["p1"].results
    # Results that state one value twice take its places in turn.
    assert [(r.start, r.method, r.number, r.unit) for r in (one, two)] == [
        (50, "c0", 61.2, "%"),
        (60, "ours", 61.2, "%"),
    ]


KINDS: tuple[tuple[ConceptType, Role], ...] = (("METHOD", "USES"), ("TASK", "ADDRESSES"))
WORDS = [
    "Foo",
    "foo",
    "Bar",
    "(FB)",
    "3.5%",
    "😀",
    "x",
    "\u202ey",
    "<b>",
    "MATCH (n) DELETE n",
    '"',
    "\\",
    "\x00",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@st.composite
def extractions(draw: st.DrawFn) -> tuple[Paper, Extraction]:
    paper = Paper(
        id=draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=5)),
        title=draw(TEXT),
        abstract=draw(TEXT),
    )
    concepts = []
    for type_, role in draw(st.lists(st.sampled_from(KINDS), max_size=3)):
        mentions = {
            (m.field == "abstract", m.start, m.end): m
            for m in draw(st.lists(places(paper), min_size=1, max_size=3))
            if m
        }
        if mentions:
            kept = tuple(m for _, m in sorted(mentions.items()))
            concepts.append((sorted(mentions)[0], type_, role, kept))
    concepts.sort(key=lambda c: c[0])
    made = tuple(
        PaperConcept(key=f"c{n}", type=type_, role=role, name=f"name {n}", confidence=0.5, mentions=mentions)
        for n, (_, type_, role, mentions) in enumerate(concepts)
    )
    found = draw(places(paper))
    results: tuple[Result, ...] = ()
    if found is not None and found.text.strip():
        results = (
            Result(
                method=made[0].key if made and made[0].type == "METHOD" else "a plain name",
                value=found.text,
                number=draw(st.none() | st.floats(allow_nan=False, allow_infinity=False)),
                unit="%",
                kind="improvement",
                field=found.field,
                start=found.start,
                end=found.end,
            ),
        )
    return paper, Extraction(paper_id=paper.id, extractor="given", concepts=made, results=results)


@st.composite
def places(draw: st.DrawFn, paper: Paper) -> Mention | None:
    field: Field = draw(st.sampled_from(["title", "abstract"]))
    text = paper.text(field)
    if not text:
        return None
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return Mention(field=field, start=start, end=end, text=text[start:end], confidence=0.25)


@given(made=extractions())
def test_what_is_written_is_read_back(
    made: tuple[Paper, Extraction], tmp_path_factory: pytest.TempPathFactory
) -> None:
    paper, extraction = made
    path = tmp_path_factory.getbasetemp() / "round-trip.jsonl"
    path.write_text(json.dumps(to_json(paper, extraction), ensure_ascii=False), "utf-8")
    report = Report()
    assert read_extractions(path, [paper], report=report) == {paper.id: extraction}
    assert report.drops == {}


def test_the_reference_form_has_distinct_strings_and_names() -> None:
    extraction = Extraction(
        paper_id="p1",
        extractor="x",
        concepts=(
            PaperConcept(
                key="c0",
                type="METHOD",
                role="PROPOSES",
                name="Multistage Learning",
                confidence=0.9,
                mentions=tuple(
                    Mention(field="abstract", start=s, end=s + 3, text="MCL", confidence=0.9)
                    for s in (32, 38)
                ),
            ),
        ),
        results=(Result(method="c0", metric="speed", value="61.2%", field="abstract", start=50, end=55),),
    )
    assert to_gold(PAPER, extraction) == {
        "id": "p1",
        "concepts": [
            {"type": "METHOD", "role": "PROPOSES", "name": "Multistage Learning", "mentions": ["MCL"]}
        ],
        "results": [
            {
                "method": "Multistage Learning",
                "task": "",
                "dataset": "",
                "metric": "speed",
                "value": "61.2%",
                "kind": "absolute",
            }
        ],
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": "p1", "concepts": [], "x": NaN}', "not JSON"),
        (b'\xff{"id": "p1"}', "not UTF-8"),
        ([1], "no object with id and concepts"),
        ({"id": "p1"}, "no object with id and concepts"),
        ({"id": True, "concepts": []}, "no object with id and concepts"),
        ({"id": "p1", "concepts": [], "results": {}}, "no object with id and concepts"),
        ({"id": "p1", "concepts": [], "title": 3}, "no object with id and concepts"),
        ({"id": "p9", "concepts": []}, "no paper has this id"),
        (changed("title", to="mcl: a title"), "the text is not the paper's"),
        (changed("abstract", to=""), "the text is not the paper's"),
    ],
)
def test_a_line_that_is_none_is_skipped_counted_and_named(tmp_path: Path, line: Any, reason: str) -> None:
    found, report = read(tmp_path, {"id": "p2", "concepts": []}, line)
    assert list(found) == ["p2"]
    assert report.drops == {("extractions", reason): 1}
    assert report.places["extractions", reason] == ["given.jsonl line 2"]


@pytest.mark.parametrize(
    ("line", "reason", "concepts", "mentions"),
    [
        (changed("concepts", 0, to=3), "concept ill-formed", 1, 1),
        (changed("concepts", 0, "type", to="IDEA"), "concept ill-formed", 1, 1),
        (changed("concepts", 0, "name", to=" "), "concept ill-formed", 1, 1),
        (changed("concepts", 0, "name", to=["x"]), "concept ill-formed", 1, 1),
        (changed("concepts", 0, "role", to="ADDRESSES"), "role that its type cannot have", 1, 1),
        (changed("concepts", 0, "confidence", to=1.5), "confidence that is no number from 0 to 1", 1, 1),
        (changed("concepts", 0, "confidence", to="1"), "confidence that is no number from 0 to 1", 1, 1),
        (changed("concepts", 1, "mentions", to=[]), "concept without a mention in the text", 1, 2),
        (changed("concepts", 0, "mentions", 0, to=None), "mention ill-formed", 2, 2),
        (changed("concepts", 0, "mentions", 0, "start", to=True), "mention ill-formed", 2, 2),
        (changed("concepts", 0, "mentions", 0, "start", to=-3), "offsets outside the text", 2, 2),
        (changed("concepts", 0, "mentions", 0, "end", to=10**30), "offsets outside the text", 2, 2),
        (changed("concepts", 0, "mentions", 0, "end", to=11), "offsets outside the text", 2, 2),
        (changed("concepts", 0, "mentions", 0, "field", to="body"), "mention ill-formed", 2, 2),
        (
            changed("concepts", 0, "mentions", 0, "start", to=12),
            "mention whose offsets do not give its text",
            2,
            2,
        ),
        (changed("concepts", 0, "mentions", 0, to="Nowhere"), "mention not found in the text", 2, 2),
        (changed("concepts", 0, "mentions", 0, to=""), "mention ill-formed", 2, 2),
    ],
)
def test_what_is_wrong_in_a_line_is_left_out_alone(
    tmp_path: Path, line: Any, reason: str, concepts: int, mentions: int
) -> None:
    found, report = read(tmp_path, line)
    assert len(found["p1"].concepts) == concepts
    assert sum(len(c.mentions) for c in found["p1"].concepts) == mentions
    assert report.drops == {("extractions", reason): 1}
    assert report.places["extractions", reason][0].startswith("given.jsonl line 1, concept ")


@pytest.mark.parametrize(
    ("change", "to", "reason"),
    [
        ((), 3, "result ill-formed"),
        (("value",), "", "result ill-formed"),
        (("value",), 61.2, "result ill-formed"),
        (("kind",), "loss", "result ill-formed"),
        (("number",), "61.2", "result ill-formed"),
        (("number",), 10**400, "result ill-formed"),
        (("unit",), 3, "result ill-formed"),
        (("metric",), {}, "result ill-formed"),
        (("end",), 56, "result whose offsets do not give its value"),
        (("start",), None, "result ill-formed"),
    ],
)
def test_a_result_that_is_none_is_left_out(
    tmp_path: Path, change: tuple[str, ...], to: Any, reason: str
) -> None:
    found, report = read(tmp_path, changed("results", 0, *change, to=to))
    assert found["p1"].results == ()
    assert report.drops == {("extractions", reason): 1}


def test_a_result_of_a_concept_that_was_taken_out_goes_to_no_other(tmp_path: Path) -> None:
    written = to_json(PAPER, read(tmp_path, LINE)[0]["p1"])
    (result,) = written["results"]
    assert (result["method"], result["dataset"]) == ("c0", "c1")
    del written["concepts"][0]  # the other one is c0 when it is read
    found, report = read(tmp_path, written)
    (result,) = found["p1"].results
    assert (result.method, result.dataset) == ("", "c0")
    assert report.drops == {("extractions", "result of a concept that is not there"): 1}


def test_a_number_beyond_all_numbers_is_none(tmp_path: Path) -> None:
    line = json.dumps(LINE).replace('"number": 61.2', '"number": 1e999').encode()
    found, report = read(tmp_path, line)
    assert found["p1"].results == ()
    assert report.drops == {("extractions", "result ill-formed"): 1}


def test_a_value_that_is_not_in_the_text_is_left_out(tmp_path: Path) -> None:
    found, report = read(tmp_path, {**GOLD, "results": [{"value": "99%", "kind": "absolute"}]})
    assert found["p1"].results == ()
    assert report.drops == {("extractions", "value not found in the text"): 1}


def test_of_two_entries_for_a_paper_the_first_counts(tmp_path: Path) -> None:
    found, report = read(tmp_path, {"id": "old-1", "concepts": []}, LINE)
    assert found["p1"].concepts == ()
    assert report.drops == {("extractions", "a second entry for the same paper"): 1}


def test_where_papers_share_an_id_the_text_decides(tmp_path: Path) -> None:
    twin = replace(PAPER, id="p1~0af3", title="Another title")
    line = {"id": "old-1", "title": "Another title", "concepts": []}
    found, _ = read(tmp_path, line, papers=(PAPER, twin))
    assert list(found) == ["p1~0af3"]
    found, report = read(
        tmp_path, {"id": "old-1", "concepts": []}, {"id": "p1", "concepts": []}, papers=(PAPER, twin)
    )
    assert list(found) == ["p1"]
    assert report.drops == {("extractions", "several papers have this id"): 1}


def test_a_mark_of_byte_order_blank_lines_and_lone_surrogates_do_no_harm(tmp_path: Path) -> None:
    paper = Paper(id="p1", title="A \N{REPLACEMENT CHARACTER} title")
    line = b'{"id": "p1", "title": "A \\ud800 title", "concepts": []}'
    found, report = read(tmp_path, b"\xef\xbb\xbf" + line, b"  ", papers=(paper,))
    assert list(found) == ["p1"]
    assert report.drops == {}


def test_a_file_of_something_else_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no extractions"):
        read(tmp_path, b"id,title", b"1,Something")
    with pytest.raises(InputError, match="is no file"):
        read_extractions(tmp_path / "missing.jsonl", [], report=Report())
    with pytest.raises(InputError, match="is no file"):
        read_extractions(tmp_path, [], report=Report())
    assert read(tmp_path)[0] == {}
