"""What names and sentences say of kinds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import CONCEPT_TYPES, ConceptType
from kg.relations.kinds import claims, versions
from kg.relations.relating import relate
from kg.relations.subclasses import Subclass
from kg.relations.view import View
from kg.resolution.normal import words
from kg.tables import Graph

from .worlds import Spoken, Told, known_kinds, relations, world


def broader(name: str, type_: ConceptType) -> set[str]:
    return {"".join(claim.broader) for claim in claims(name, type_)}


def form(name: str) -> str:
    return "".join(words(name))


@pytest.mark.parametrize(
    ("name", "type_", "kind"),
    [
        ("few-shot image classification", "TASK", "image classification"),
        ("few-shot image classification", "TASK", "classification"),
        ("supervised contrastive learning", "METHOD", "contrastive learning"),
        ("image classification with noisy labels", "TASK", "image classification"),
        ("unsupervised multilingual machine translation", "TASK", "unsupervised machine translation"),
        ("top-1 accuracy", "METRIC", "accuracy"),
    ],
)
def test_a_name_ends_in_what_it_is_a_kind_of(name: str, type_: ConceptType, kind: str) -> None:
    assert form(kind) in broader(name, type_)


@pytest.mark.parametrize(
    ("name", "type_", "no_kind"),
    [
        ("image classification dataset", "DATASET", "dataset"),
        ("ImageNet-C", "DATASET", "ImageNet"),
        ("Stanford Dogs", "DATASET", "Dogs"),
        ("attention-free transformer", "METHOD", "free transformer"),
        ("learning without forgetting", "METHOD", "forgetting"),
        ("mixture of experts", "METHOD", "experts"),
        ("image-to-text generation", "TASK", "to text generation"),
        ("detecting trees", "TASK", "trees"),
        ("novel method", "METHOD", "method"),
    ],
)
def test_not_every_end_of_a_name_is_a_kind(name: str, type_: ConceptType, no_kind: str) -> None:
    assert form(no_kind) not in broader(name, type_)


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(CONCEPT_TYPES))
def test_a_name_is_no_kind_of_itself_and_says_only_words_that_it_has(name: str, type_: ConceptType) -> None:
    for claim in claims(name, type_):
        assert claim.broader
        assert claim.broader != words(name)
        assert set(claim.broader) <= set(words(name))
    for base in versions(name):
        assert base in " ".join(name.split()) or base
        assert len(base) < len(name)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("ResNet-50", "ResNet"),
        ("GPT-3", "GPT"),
        ("BERT-large", "BERT"),
        ("LLaMA 7B", "LLaMA"),
        ("YOLOv4", "YOLO"),
    ],
)
def test_a_version_is_a_kind(name: str, base: str) -> None:
    assert base in set(versions(name))


@pytest.mark.parametrize("name", ["ImageNet-C", "BERT", "semi-supervised learning", "top-1 accuracy", "C-4"])
def test_not_everything_behind_a_hyphen_is_a_version(name: str) -> None:
    assert list(versions(name)) == []


def stored(graph: Graph) -> set[tuple[str, str]]:
    return relations(relate(graph), "SUBCLASS_OF")


@pytest.mark.parametrize(
    ("sentence", "pairs"),
    [
        ("We study optimisers such as Zorb and Quox.", {("Zorb", "optimisers"), ("Quox", "optimisers")}),
        ("We study optimisers, including Zorb, Quox.", {("Zorb", "optimisers"), ("Quox", "optimisers")}),
        ("We study optimisers (e.g., Zorb) here.", {("Zorb", "optimisers")}),
        ("We study Zorb, Quox and other optimisers.", {("Zorb", "optimisers"), ("Quox", "optimisers")}),
        ("Here Zorb is a kind of optimisers, we say.", {("Zorb", "optimisers")}),
        ("We set Zorb against optimisers of old.", set()),
        ("Unlike optimisers we use Zorb.", set()),
        ("We study optimisers, i.e. Zorb.", set()),
    ],
)
def test_sentences_say_so(sentence: str, pairs: set[tuple[str, str]]) -> None:
    names = [name for name in ("optimisers", "Zorb", "Quox") if name in sentence]
    graph = world([Told("p", "A title", sentence, dict.fromkeys(names, ("METHOD", "USES")))])
    assert stored(graph) == pairs


def test_only_things_of_one_type_are_kinds_of_each_other() -> None:
    names: dict[str, Spoken] = {"vision tasks": ("TASK", "ADDRESSES"), "Quox": ("DATASET", "USES")}
    told = Told("p", "A title", "On vision tasks such as Quox we win.", names)
    assert stored(world([told])) == set()


def kinds_of(*names: str) -> tuple[Graph, list[Subclass]]:
    papers = [
        Told(f"p{n}", "A title", f"We do {name}.", {name: ("TASK", "ADDRESSES")})
        for n, name in enumerate(names)
    ]
    graph = world(papers)
    return graph, known_kinds(View.of(graph.tables))[1]


def test_what_follows_from_others_is_not_stored() -> None:
    names = ("classification", "image classification", "few-shot image classification")
    graph, _ = kinds_of(*names)
    assert stored(graph) == {(names[1], names[0]), (names[2], names[1])}


def test_a_kind_says_why_and_by_which_papers() -> None:
    graph, kinds = kinds_of("image classification", "few-shot image classification")
    (kind,) = kinds
    view = View.of(graph.tables)
    assert view.concept_names[kind.narrower] == "few-shot image classification"
    assert "name ends" in kind.why
    assert [view.paper_ids[paper] for paper in kind.papers] == ["p1"]
    assert 0.5 < kind.confidence < 1


def test_claims_that_close_a_cycle_go_and_are_counted() -> None:
    from kg.report import Report

    names: dict[str, Spoken] = {"Zorb": ("METHOD", "USES"), "Quox": ("METHOD", "USES")}
    papers = [
        Told("a", "One", "We use Zorb such as Quox.", names),
        Told("b", "Two", "We use Quox such as Zorb.", names),
        Told("c", "Three", "We use Quox such as Zorb.", names),
    ]
    report = Report()
    assert relations(relate(world(papers), report=report), "SUBCLASS_OF") == {("Zorb", "Quox")}
    assert report.drops["relations", "SUBCLASS_OF that closes a cycle"] == 1
