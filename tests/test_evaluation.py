"""Figures against a reference annotation: equal to its own scorer's, and what stands beside them."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.evaluation import Annotation, Marked, evaluate, load_annotations, name_words, spans
from kg.evaluation_changes import changes
from kg.evaluation_page import page, worst_papers
from kg.extraction import to_gold, to_json
from kg.model import CONCEPT_TYPES, ROLES, Extraction, Mention, Paper, PaperConcept, Result

DATA = Path(__file__).parent / "data" / "evaluation"
PAPERS = [Paper(**json.loads(line)) for line in (DATA / "docs.jsonl").read_text("utf-8").splitlines()]
GOLD = load_annotations(DATA / "gold.jsonl", PAPERS)
PREDICTED = load_annotations(DATA / "pred.jsonl", PAPERS)


def test_the_figures_are_those_of_the_reference_s_own_scorer() -> None:
    expected = json.loads((DATA / "figures.json").read_text("utf-8"))
    figures = evaluate(PAPERS, GOLD, PREDICTED)
    assert len(expected) == 19
    for line, values in expected.items():
        row = figures.row(*line.split(", "))
        assert [row.precision, row.recall, row.f1] == values, line


def test_the_reference_agrees_with_itself() -> None:
    for row in evaluate(PAPERS, GOLD, GOLD).rows:
        assert row.right == row.predicted == row.true
        assert row.f1 == row.low == row.high == 1.0 or row.true == 0 or (row.high == 1.0 and row.f1 == 1.0)


def test_the_order_of_papers_changes_nothing() -> None:
    shuffled = random.Random(1).sample(PAPERS, len(PAPERS))  # noqa: S311 - an order, not a secret
    assert evaluate(shuffled, GOLD, PREDICTED) == evaluate(PAPERS, GOLD, PREDICTED)


def test_the_hash_seed_changes_nothing() -> None:
    code = """
import json, sys
from pathlib import Path
from kg import evaluation
from kg.model import Paper
folder = Path(sys.argv[1])
papers = [Paper(**json.loads(line)) for line in (folder / "docs.jsonl").open(encoding="utf-8")]
gold, found = (evaluation.load_annotations(folder / name, papers) for name in ("gold.jsonl", "pred.jsonl"))
print(evaluation.evaluate(papers, gold, found))
"""
    answers = {
        subprocess.run(
            [sys.executable, "-c", code, str(DATA)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_intervals_hold_the_figure_and_need_more_than_one_paper() -> None:
    for row in evaluate(PAPERS, GOLD, PREDICTED).rows:
        assert 0 <= row.low <= row.high <= 1
        assert row.low - 1e-9 <= row.f1 <= row.high + 1e-9
    one = evaluate(PAPERS[:1], GOLD, PREDICTED).row("span")
    assert one.low == one.high == pytest.approx(one.f1)


def test_a_paper_without_prediction_counts_as_nothing_found() -> None:
    figures = evaluate(PAPERS, GOLD, {})
    assert figures.papers == len(PAPERS)
    assert figures.row("concept").true == evaluate(PAPERS, GOLD, PREDICTED).row("concept").true
    assert all(row.f1 == 0 for row in figures.rows)
    assert set(figures.confusion) == {(true, "—") for true, _ in figures.confusion}
    assert evaluate([], GOLD, PREDICTED).papers == 0


def test_the_confusion_table_has_every_concept_once() -> None:
    confusion = evaluate(PAPERS, GOLD, PREDICTED).confusion
    assert sum(n for (true, _), n in confusion.items() if true != "—") == 24
    assert sum(n for (_, found), n in confusion.items() if found != "—") == 25
    assert confusion["METHOD COMPARES", "METHOD USES"] == 1
    assert confusion["METHOD USES", "TASK ADDRESSES"] == 1
    assert confusion["TASK ADDRESSES", "METHOD USES"] == 1
    assert confusion["—", "TASK MENTIONS"] == 1


def test_by_offsets_a_mention_counts_only_where_it_was_marked(tmp_path: Path) -> None:
    paper = Paper(id="p", title="Foo", abstract="Foo is Foo; 3% and 3%.")
    true = Annotation(
        (Marked("METHOD", "USES", "Foo", ("Foo",), frozenset({("title", 0, 3), ("abstract", 0, 3)})),),
        ("3%",),
        (("abstract", 12, 14),),
    )
    found = Extraction(
        paper_id="p",
        extractor="x",
        concepts=(
            PaperConcept(
                key="c0",
                type="METHOD",
                role="USES",
                name="Foo",
                confidence=1.0,
                mentions=(Mention(field="abstract", start=7, end=10, text="Foo"),),
            ),
        ),
        results=(Result(value="3%", field="abstract", start=19, end=21),),
    )
    figures = evaluate([paper], {"p": true}, {"p": Annotation.of(found)})
    for name, by_strings, by_offsets in (
        ("span", 1, 0),
        ("concept", 1, 0),
        ("edge", 1, 0),
        ("result value", 1, 0),
    ):
        assert figures.row(name).f1 == by_strings
        assert figures.row(name, basis="offsets").f1 == by_offsets
    # Through a file it is the same; in the reference's form, places are those of the strings.
    full, strings = tmp_path / "full.jsonl", tmp_path / "strings.jsonl"
    full.write_text(json.dumps(to_json(paper, found)))
    strings.write_text(json.dumps(to_gold(paper, found)))
    assert load_annotations(full, [paper]) == {"p": Annotation.of(found)}
    marked = load_annotations(strings, [paper])["p"]
    assert marked.concepts[0].places == {("title", 0, 3), ("abstract", 0, 3), ("abstract", 7, 10)}
    assert marked.value_places == (("abstract", 12, 14),)


CONCEPTS = st.builds(
    lambda type_, role, names: Marked(type_, role, names[0], tuple(names), frozenset()),
    st.sampled_from(CONCEPT_TYPES),
    st.sampled_from(ROLES),
    st.lists(st.sampled_from(["a", "b", "a b", "B", "é", "as", "a-b"]), min_size=1, max_size=3, unique=True),
)
ANNOTATIONS = st.builds(
    Annotation,
    st.lists(CONCEPTS, max_size=5).map(tuple),
    st.lists(st.sampled_from(["1", "1%", "x"])).map(tuple),
)


@given(ANNOTATIONS, ANNOTATIONS, st.lists(st.sampled_from(["a", "b", "B", "é", "as", "."]), max_size=12))
def test_figures_are_shares_whatever_is_judged(true: Annotation, found: Annotation, words: list[str]) -> None:
    paper = Paper(id="p", title="a b", abstract=" ".join(words))
    there = evaluate([paper], {"p": true}, {"p": found}, samples=5)
    back = evaluate([paper], {"p": found}, {"p": true}, samples=5)
    for row in there.rows:
        assert 0 <= row.right <= min(row.predicted, row.true)
        if row.name in {"span", "result value"}:
            assert row.f1 == back.row(row.name, row.part, row.basis).f1
    for name in ("span", "concept", "edge"):
        parts = [there.row(name, type_) for type_ in CONCEPT_TYPES]
        assert sum(row.right for row in parts) == there.row(name).right
        assert sum(row.true for row in parts) == there.row(name).true
    for start_end, type_ in spans(paper, true).items():
        assert type_ in CONCEPT_TYPES
        assert paper.text("title" if start_end[0] == "title" else "abstract")[start_end[1] : start_end[2]]


def test_names_are_compared_without_case_signs_and_plural() -> None:
    assert (
        name_words("Graph-Neural Networks!") == name_words("graph neural network") == "graph neural network"
    )
    assert name_words("C++") == "c++"
    assert name_words("class, gas and bias") == "class gas and bia"


def line_with(**changed: Any) -> str:
    concept = {"type": "TASK", "role": "USES", "name": "x", "mentions": ["Owlet"], **changed}
    return json.dumps({"id": "m1", "concepts": [concept]})


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "3",
        '{"id": "m1"}',
        '{"id": "m1", "concepts": 3}',
        '{"id": ["m1"], "concepts": []}',
        '{"id": "m1", "concepts": [], "results": [{}]}',
        line_with(type="IDEA"),
        line_with(role=None),
        line_with(name=3),
        line_with(mentions=[""]),
        line_with(mentions=[{"text": "Owl"}]),
        line_with(mentions=[{"text": "Owl", "field": "title", "start": 1, "end": 4}]),
        line_with(confidence="high"),
    ],
)
def test_an_ill_formed_line_is_bad_input_and_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(f'{{"id": "m2", "concepts": []}}\n\n{line}\n')
    with pytest.raises(InputError, match="line 3"):
        load_annotations(path, PAPERS)
    with pytest.raises(InputError, match="no file"):
        load_annotations(tmp_path / "missing.jsonl", PAPERS)


def test_lines_about_other_papers_are_passed_over_and_the_last_of_a_paper_counts(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    last = json.dumps({"id": "m1", "concepts": [], "results": [{"value": 3}]})
    path.write_text('{"id": "zz", "concepts": []}\n{"id": "m1", "concepts": []}\n' + last)
    found = load_annotations(path, PAPERS)
    assert list(found) == ["m1"]
    assert found["m1"].values == ("3",)


def test_changes_name_what_was_fixed_and_what_broke() -> None:
    assert changes(PAPERS, GOLD, PREDICTED, PREDICTED) == []
    for change in changes(PAPERS, GOLD, PREDICTED, GOLD):
        assert not change.broken
        assert not change.new
    there, back = (changes(PAPERS, GOLD, *runs) for runs in ((PREDICTED, GOLD), (GOLD, PREDICTED)))
    assert [(c.fixed, c.gone) for c in there] == [(c.broken, c.new) for c in back]
    first = there[0]
    assert first.paper_id == "m1"
    assert "METHOD COMPARES DayNet" in first.fixed
    assert "METHOD USES DayNet" in first.gone
    right = figures_right(PREDICTED)
    assert right + sum(len(c.fixed) for c in there) == figures_right(GOLD)


def figures_right(found: dict[str, Annotation]) -> int:
    return evaluate(PAPERS, GOLD, found, samples=0).row("edge").right


class Tags(HTMLParser):
    """Collects tags with their attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_the_worst_papers_first_with_both_sides() -> None:
    worst = worst_papers(PAPERS, GOLD, PREDICTED, most=3)
    assert [errors for _, errors in worst] == sorted((errors for _, errors in worst), reverse=True)
    shown = Tags()
    shown.feed(page(PAPERS, GOLD, PREDICTED, most=3))
    assert [tag for tag, _ in shown.tags].count("section") == 3
    assert shown.text.count("Reference") == shown.text.count("Prediction") == 3
    assert page(PAPERS, GOLD, GOLD).count("<section>") == 0


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "</mark><img src=x onerror=alert(1)>",
        "{label} {0} %s",
        "\u202eevil\x00\x1b[31m",
        '"onload="x',
    ],
)
def test_hostile_text_stays_text_on_the_page(hostile: str) -> None:
    paper = Paper(id=f"p {hostile}", title=f"A {hostile}", abstract=f"{hostile} is {hostile}.\nNew line.")
    concept = Marked("METHOD", "USES", hostile, (hostile,), frozenset())
    true = Annotation((concept, replace(concept, name="missed", mentions=("line",))))
    html = page([paper], {paper.id: true}, {paper.id: Annotation((concept,))})
    shown = Tags()
    shown.feed(html)
    assert {tag for tag, _ in shown.tags} <= set(
        "html head meta title style body main h1 h2 h3 p section div mark bdi small table tr th td br".split()
    )
    assert all(
        set(attributes) <= {"class", "style", "lang", "charset", "http-equiv", "content", "name", "dir"}
        for _, attributes in shown.tags
    )
    assert "\x00" not in html
    assert "\x1b" not in html
    if hostile.isprintable():
        assert f"A {hostile}" in shown.text
