"""Names within one paper: what is one name, and what a concept is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.surfaces import initials, is_acronym, singular_name, surface_key
from kg.model import ConceptType


@pytest.mark.parametrize(
    "alike",
    [
        ("few-shot learning", "Few-Shot Learning", "few shot learning", "fewshot learning"),
        ("graph neural networks", "Graph Neural Network"),
        ("LLMs", "LLM"),
        ("LMs", "LM"),
        ("neural LMs", "neural LM"),
        ("$k$-means", "k-means"),
        ("Poincaré embeddings", "Poincare embedding"),
        ("Nash's equilibrium", "Nash equilibrium"),
    ],
)
def test_case_hyphens_accents_and_plural_do_not_part_names(alike: tuple[str, ...]) -> None:
    assert len({surface_key(name) for name in alike}) == 1


@pytest.mark.parametrize(
    "apart", [("C", "C++", "C#"), ("A", "A*"), ("GPT-3.5", "GPT-35"), ("loss", "los"), ("†", "‡")]
)
def test_signs_that_tell_names_apart_are_kept(apart: tuple[str, ...]) -> None:
    assert len({surface_key(name) for name in apart}) == len(apart)


@given(st.text(min_size=1))
def test_any_text_has_a_key_that_white_space_around_it_does_not_change(text: str) -> None:
    assert surface_key(f" {text}\n") == surface_key(text)


@pytest.mark.parametrize(
    ("written", "type_", "name"),
    [
        ("graph neural networks", "METHOD", "graph neural network"),
        ("Vision Transformers", "METHOD", "Vision Transformer"),
        ("GNNs", "METHOD", "GNN"),
        ("hypotheses", "METHOD", "hypothesis"),
        ("time series", "METHOD", "time series"),
        ("naive Bayes", "METHOD", "naive Bayes"),
        ("mixture of experts", "METHOD", "mixture of experts"),
        ("Cityscapes", "DATASET", "Cityscapes"),
        ("FLOPs", "METRIC", "FLOPs"),
        ("number of parameters", "METRIC", "number of parameters"),
        ("ranking jobs", "TASK", "ranking jobs"),
        ("†", "METHOD", "†"),
    ],
)
def test_names_are_singular_where_that_is_usual(written: str, type_: ConceptType, name: str) -> None:
    assert singular_name(written, type_) == name


def test_acronyms_are_told_by_their_capitals() -> None:
    assert all(map(is_acronym, ("MCL", "mAP", "GNNs", "R-CNN")))
    assert not any(map(is_acronym, ("Adam", "a", "graph network", "BERT base", "Transformers", "")))


def test_initials_part_at_hyphens() -> None:
    assert initials("Recurrent-neural-network Language Model") == "rnnlm"
