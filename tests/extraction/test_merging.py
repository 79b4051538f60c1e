"""Places that mean one thing become one concept."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.abbreviations import definitions
from kg.extraction.merging import Group, Place, merge
from kg.extraction.options import Options
from kg.model import ConceptType, Field

MARKED_ONLY = Options(everywhere=False)


def place(
    text: str, surface: str, type_: ConceptType = "METHOD", *, nth: int = 0, sure: float = 0.9
) -> Place:
    """The ``nth`` place of ``surface`` in an abstract ``text``."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    return Place("abstract", start, start + len(surface), type_, sure)


def merged(text: str, *places: Place, options: Options = MARKED_ONLY, title: str = "") -> list[Group]:
    texts: dict[Field, str] = {"title": title, "abstract": text}
    return merge(texts, places, {field: definitions(t) for field, t in texts.items()}, options)


def surfaces(text: str, group: Group, title: str = "") -> list[str]:
    return [(title if p.field == "title" else text)[p.start : p.end] for p in group.places]


def test_case_hyphen_and_plural_variants_are_one_concept() -> None:
    text = "A Graph Neural Network, graph neural networks and a graph-neural network."
    (group,) = merged(
        text,
        place(text, "Graph Neural Network"),
        place(text, "graph neural networks"),
        place(text, "graph-neural network"),
    )
    assert group.name == "graph neural network"
    assert len(group.places) == 3


def test_a_defined_abbreviation_is_its_long_form() -> None:
    text = "We use Multistage Contrastive Learning (MCL). MCL is new."
    (group,) = merged(
        text, place(text, "Multistage Contrastive Learning"), place(text, "MCL"), place(text, "MCL", nth=1)
    )
    assert group.name == "Multistage Contrastive Learning"
    assert surfaces(text, group) == ["Multistage Contrastive Learning", "MCL", "MCL"]


@pytest.mark.parametrize("seen", ["graph neural networks", "GNNs"])
def test_a_definition_marks_the_form_that_the_tagger_missed(seen: str) -> None:
    text = "Of graph neural networks (GNNs) we know."
    (group,) = merged(text, place(text, seen))
    assert surfaces(text, group) == ["graph neural networks", "GNNs"]
    assert group.name == "graph neural network"


def test_a_longer_name_before_the_bracket_is_the_same_only_with_the_same_type() -> None:
    text = "We use pre-trained language models (LMs) here."
    long, short = place(text, "pre-trained language models"), place(text, "LMs")
    assert len(merged(text, long, short)) == 1
    text = "For personalizing large language models (LLMs) we"
    task, short = place(text, "personalizing large language models", "TASK"), place(text, "LLMs")
    assert len(merged(text, task, short)) == 2


def test_a_mention_that_holds_both_forms_is_left_alone() -> None:
    text = "It is graph neural network (GNN) training."
    whole = place(text, "graph neural network (GNN) training")
    (group,) = merged(text, whole)
    assert group.places == (whole,)


def test_exact_initials_join_names_of_one_type_if_there_is_one_such_name() -> None:
    text = "On large language models, an LLM is one."
    assert len(merged(text, place(text, "large language models"), place(text, "LLM"))) == 1
    assert len(merged(text, place(text, "large language models", "TASK"), place(text, "LLM"))) == 2
    text = "Of contrastive learning, continual learning and CL."
    names = [place(text, name) for name in ("contrastive learning", "continual learning", "CL")]
    assert len(merged(text, *names)) == 3
    text = "From smoothed conformal prediction, SCP, we come to SCP+."
    names = [place(text, name) for name in ("smoothed conformal prediction", "SCP", "SCP+")]
    groups = merged(text, *names)
    assert [surfaces(text, g) for g in groups] == [["smoothed conformal prediction", "SCP"], ["SCP+"]]


def test_a_general_word_behind_a_name_adds_nothing() -> None:
    text = "The MCL framework and MCL and an MCL network."
    groups = merged(text, place(text, "MCL framework"), place(text, "MCL", nth=1), place(text, "MCL network"))
    assert [surfaces(text, g) for g in groups] == [["MCL framework", "MCL"], ["MCL network"]]


def test_a_name_has_the_type_of_the_larger_sum_of_confidences() -> None:
    text = "SSL and SSL and SSL."
    places = [
        place(text, "SSL", "TASK", sure=0.9),
        place(text, "SSL", "METHOD", nth=1, sure=0.5),
        place(text, "SSL", "METHOD", nth=2, sure=0.5),
    ]
    (group,) = merged(text, *places)
    assert group.type == "METHOD"
    assert {p.type for p in group.places} == {"METHOD"}
    apart = merged(text, *places, options=Options(one_type=False, everywhere=False))
    assert [g.type for g in apart] == ["TASK", "METHOD"]


def test_everywhere_a_surface_stands_it_is_a_mention_the_longest_first() -> None:
    text = "Multimodal BERT, BERT, and BERT-like BERTs."
    groups = merged(text, place(text, "Multimodal BERT"), place(text, "BERT", nth=1), options=Options())
    assert [surfaces(text, g) for g in groups] == [["Multimodal BERT"], ["BERT", "BERT"]]


def test_everywhere_a_concept_only_inside_a_longer_one_is_none() -> None:
    text = "On deep metric learning: we like deep metric learning."
    groups = merged(
        text,
        place(text, "deep metric learning"),
        place(text, "metric learning", nth=1),
        options=Options(),
    )
    assert [g.name for g in groups] == ["deep metric learning"]


def test_concepts_come_in_the_order_of_their_first_mention_the_title_first() -> None:
    title, text = "On Zeta", "Alpha is Zeta."
    places = [place(text, "Alpha"), place(text, "Zeta"), Place("title", 3, 7, "METHOD", 0.9)]
    groups = merged(text, *places, title=title)
    assert [g.name for g in groups] == ["Zeta", "Alpha"]


def test_white_space_in_a_name_is_one_blank() -> None:
    text = "contrastive\n  learning"
    assert merged(text, place(text, text))[0].name == "contrastive learning"


WORDS = st.lists(
    st.sampled_from(
        ["Graph", "graph", "neural", "networks", "network", "(GNN)", "GNN", "GNNs", "model", "."]
    ),
    min_size=1,
    max_size=14,
)


@given(words=WORDS, seed=st.integers(0, 99), everywhere=st.booleans(), one_type=st.booleans())
def test_merging_keeps_its_promises_on_any_marks(
    words: list[str], seed: int, everywhere: bool, one_type: bool
) -> None:
    text = " ".join(words)
    rng = random.Random(seed)  # noqa: S311 - marks, not secrets
    marked, at = [], 0
    for word in words:
        bare = word.strip("()")
        start = text.index(bare, at)
        at = start + len(bare)
        if rng.random() < 0.6:
            marked.append(Place("abstract", start, at, rng.choice(["METHOD", "TASK"]), rng.random()))
    options = Options(everywhere=everywhere, one_type=one_type)
    groups = merged(text, *marked, options=options)
    places = sorted((p.start, p.end) for g in groups for p in g.places)
    assert all(a[1] <= b[0] for a, b in pairwise(places))
    assert all(g.places and list(g.places) == sorted(g.places, key=lambda p: p.start) for g in groups)
    assert [g.places[0].start for g in groups] == sorted(g.places[0].start for g in groups)
    if not everywhere:
        assert {(p.start, p.end) for p in marked} <= set(places)
    shuffled = list(marked)
    rng.shuffle(shuffled)
    assert merged(text, *shuffled, options=options) == groups
