"""Decisions that go by an id: they mean the concept that has it, by type and digest, and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.model import ConceptType
from kg.report import Report
from kg.resolution import Decision, Decisions, Linker, resolve

from .corpus import contents, different, link, papers_of, said, same

Content = list[list[dict[str, Any]]]

#: Two concepts of one key, told apart by capitals and type, and one that is neither.
DROPS: Content = [[said("DROP", kind="DATASET"), said("drop"), said("BERT")]] * 2
LONG = "a very long name of a method that goes on and on " * 2 + "until its id ends in a digest"
NOTHING = ("decisions", "names nothing here")


def drop(name: str) -> Decision:
    return Decision(verb="drop", names=(name,))


def rename(name: str, to: str) -> Decision:
    return Decision(verb="rename", names=(name,), to=to)


def retype(name: str, to: ConceptType) -> Decision:
    return Decision(verb="type", names=(name,), to=to)


def told(linker: Linker) -> dict[str, str]:
    return {concept.id: concept.name for concept in linker.concepts}


def counted(content: Sequence[Sequence[Mapping[str, Any]]], *decisions: Decision) -> tuple[Linker, int]:
    """Return the outcome, and how many names in ``decisions`` meant nothing."""
    report = Report()
    linker = link(content, *decisions, report=report)
    return linker, report.drops[NOTHING]


@pytest.mark.parametrize(
    ("decision", "outcome"),
    [
        (drop("dataset/drop"), {"method/bert": "BERT", "method/drop": "drop"}),
        (drop("method/drop"), {"dataset/drop": "DROP", "method/bert": "BERT"}),
        (
            rename("dataset/drop", "reading paragraphs"),
            {
                "dataset/reading-paragraphs": "reading paragraphs",
                "method/bert": "BERT",
                "method/drop": "drop",
            },
        ),
        (
            retype("method/drop", "TASK"),
            {"dataset/drop": "DROP", "method/bert": "BERT", "task/drop": "drop"},
        ),
    ],
)
def test_an_id_means_the_concept_of_its_type_alone(decision: Decision, outcome: dict[str, str]) -> None:
    linker, lost = counted(DROPS, decision)
    assert told(linker) == outcome
    assert not lost


def test_an_id_is_joined_and_parted_with_its_type() -> None:
    joined, lost = counted(DROPS, same("dataset/drop", "method/bert"))
    led = [joined.concept_of("p0", key) for key in ("c0", "c1", "c2")]
    assert led[0] == led[2] != led[1]
    assert not lost
    both, lost = counted(DROPS, same("dataset/drop", "method/drop"))
    assert both.concept_of("p0", "c0") == both.concept_of("p0", "c1")
    assert not lost
    # The guard holds also where one of the two is joined with a third.
    apart, lost = counted(DROPS, different("method/drop", "method/bert"), same("dataset/drop", "method/bert"))
    assert apart.concept_of("p0", "c0") == apart.concept_of("p0", "c2") != apart.concept_of("p0", "c1")
    assert not lost


@pytest.mark.parametrize(
    "decision", [drop("task/drop"), rename("metric/bert", "x"), retype("task/x", "TASK")]
)
def test_an_id_of_another_type_means_nothing_and_is_counted(decision: Decision) -> None:
    linker, lost = counted(DROPS, decision)
    assert told(linker) == told(link(DROPS))
    assert lost == 1


@pytest.mark.parametrize("name", ["Occam's razor", "$\\mathcal{L}_1$ loss", LONG, "…", "VLCS", "-net-"])
def test_whatever_the_name_its_id_means_it(name: str) -> None:
    content = [[said(name), said("quicksort")]]
    (concept,) = (c for c in link(content).concepts if c.name == name)
    linker, lost = counted(content, drop(concept.id))
    assert told(linker) == {"method/quicksort": "quicksort"}
    assert not lost
    linker, lost = counted(content, same(concept.id, "quicksort"))
    assert len(linker.concepts) == 1
    assert not lost


@pytest.mark.parametrize(
    ("names", "decisions"),
    [
        (("DetectoRS", "detectors"), ()),
        (("\\text{ReLU}", "text ReLU"), ()),
        (("Adam", "ADAM"), (different("Adam", "ADAM"),)),
    ],
)
def test_ids_that_differ_by_a_digest_alone_are_two(
    names: tuple[str, str], decisions: tuple[Decision, ...]
) -> None:
    content = [[said(name) for name in names]]
    ids = {concept.name: concept.id for concept in link(content, *decisions).concepts}
    assert set(ids) == set(names)
    for name, other in (names, names[::-1]):
        linker, lost = counted(content, *decisions, drop(ids[name]))
        assert list(told(linker).values()) == [other]
        assert not lost


def test_an_id_that_went_on_from_an_older_graph_means_its_concept() -> None:
    older = link([[said("text categorization")]] * 2)
    content = [[said("text categorization")]] * 2 + [[said("text classification"), said("BERT")]] * 5
    joined = same("text categorization", "text classification")
    before = link(content, joined, previous=older.concepts)
    assert told(before)["method/text-categorization"] == "text classification"
    for id_ in ("method/text-categorization", "method/text-classification"):
        report = Report()
        after = link(content, joined, retype(id_, "TASK"), previous=older.concepts, report=report)
        assert {concept.name: concept.type for concept in after.concepts} == {
            "BERT": "METHOD",
            "text classification": "TASK",
        }
        assert not report.drops[NOTHING]


def test_an_id_that_says_nothing_of_the_name_any_more_means_its_concept() -> None:
    older = link([[said("quicksort", "sorting by pivots")]], rename("quicksort", "Hoare's way"))
    assert list(told(older)) == ["method/hoare-s-way"]
    content = [[said("quicksort", "sorting by pivots"), said("BERT")]]
    assert "method/hoare-s-way" in told(link(content, previous=older.concepts))
    linker = link(content, drop("method/hoare-s-way"), previous=older.concepts)
    assert told(linker) == {"method/bert": "BERT"}


def test_an_id_that_other_decisions_made_means_what_they_made() -> None:
    content = [[said("BLEU"), said("ROUGE", kind="METRIC"), said("quicksort")]]
    made = [retype("BLEU", "METRIC"), rename("metric/bleu", "Blue"), same("metric/blue", "metric/rouge")]
    linker, lost = counted(content, *made)
    assert linker.concept_of("p0", "c0") == linker.concept_of("p0", "c1") != linker.concept_of("p0", "c2")
    assert not lost
    assert told(counted(content, *made[::-1])[0]) == told(linker)


def test_an_id_in_the_graph_is_not_that_of_a_name_that_joined_others() -> None:
    content = [[said("text classification"), said("BERT")], [said("classification of texts")]]
    renamed = rename("BERT", "classification of texts")
    assert "method/classification-of-texts" in told(link(content, renamed))
    linker, lost = counted(content, renamed, retype("method/classification-of-texts", "DATASET"))
    assert set(told(linker)) == {"method/text-classification", "dataset/classification-of-texts"}
    assert not lost


def test_two_ids_stay_apart_where_their_names_would_join_by_themselves() -> None:
    content = [[said("text classification")], [said("classification of texts")]]
    assert list(told(link(content))) == ["method/text-classification"]
    ids = ("method/text-classification", "method/classification-of-texts")
    linker, lost = counted(content, different(*ids))
    assert set(told(linker)) == set(ids)
    assert not lost


def test_an_id_leaves_short_forms_of_other_concepts_as_they_are_read() -> None:
    content = [
        *[[said("semi-supervised learning", "SSL")]] * 3,
        [said("SSL")],
        [said("SSL", kind="DATASET", role="PROPOSES"), said("PACS", kind="DATASET")],
    ]
    before = link(content)
    assert before.concept_of("p3", "c0") == before.concept_of("p0", "c0")
    assert before.concept_of("p4", "c0") == "dataset/ssl"
    after, lost = counted(content, same("dataset/ssl", "dataset/pacs"))
    assert after.concept_of("p4", "c0") == after.concept_of("p4", "c1")
    assert after.concept_of("p3", "c0") == after.concept_of("p0", "c0") != after.concept_of("p4", "c0")
    assert not lost


def test_a_name_that_looks_like_an_id_is_a_name_where_papers_write_it() -> None:
    linker, lost = counted([[said("task/method"), said("BERT")]], same("task/method", "BERT"))
    assert len(linker.concepts) == 1
    assert not lost


def test_an_edge_goes_by_the_id_that_the_graph_has() -> None:
    decided = Decisions.of([Decision(verb="edge", names=("method/drop",), paper_id="p1")])
    assert decided.edge(["p1"], ["method/drop", "drop"])
    assert not decided.edge(["p1"], ["dataset/drop", "DROP"])


def test_ids_of_one_key_contradict_each_other_only_where_they_are_equal() -> None:
    Decisions.of([drop("dataset/drop"), retype("method/drop", "TASK")])
    Decisions.of([same("dataset/drop", "BERT"), different("method/drop", "BERT")])
    Decisions.of([different("dataset/drop", "method/drop"), same("dataset/drop", "x")])
    for entries in (
        [drop("dataset/drop"), rename("dataset/drop", "x"), drop("method/drop")],
        [same("dataset/drop", "BERT"), different("BERT", "dataset/drop"), drop("method/drop")],
        [drop("noise"), rename("method/noise", "x")],
    ):
        with pytest.raises(UsageError, match="delete one"):
            Decisions.of(entries)


@settings(deadline=None, max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(contents, st.integers(0, 100))
def test_dropping_an_id_drops_its_concept_and_leaves_the_others(given_: Any, n: int) -> None:
    papers, extractions = papers_of(*given_)
    before = resolve(papers, extractions)
    if not before.concepts:
        return
    gone = before.concepts[n % len(before.concepts)].id
    report = Report()
    after = resolve(papers, extractions, decisions=Decisions.of([drop(gone)]), report=report)
    assert not report.drops[NOTHING]
    goes_on: dict[str, set[str | None]] = {}
    for paper in papers:
        for concept in extractions[paper.id].concepts:
            old, new = (one.concept_of(paper.id, concept.key) for one in (before, after))
            if old is not None:
                assert (new is None) == (old == gone)
                goes_on.setdefault(old, set()).add(new)
    assert all(len(new) == 1 for new in goes_on.values())
    assert len(after.concepts) == len(before.concepts) - 1
