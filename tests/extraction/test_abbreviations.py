"""Abbreviations that a text defines itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.abbreviations import definitions


def pairs(text: str) -> list[tuple[str, str]]:
    return [(text[d.short_start : d.short_end], text[d.long_start : d.long_end]) for d in definitions(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We propose Multistage Contrastive Learning (MCL).", "MCL", "Multistage Contrastive Learning"),
        ("the graph neural networks (GNNs) of today", "GNNs", "graph neural networks"),
        ("Vision Transformers (ViT) are", "ViT", "Vision Transformers"),
        ("with non-autoregressive translation (NAT)", "NAT", "non-autoregressive translation"),
        ("we use principal component analysis (PCA; see below)", "PCA", "principal component analysis"),
        ("mean average precision [mAP]", "mAP", "mean average precision"),
        ("MCL (Multistage Contrastive Learning) is", "MCL", "Multistage Contrastive Learning"),
        ("a “hidden Markov model” (“HMM”)", "HMM", "hidden Markov model"),
    ],
)
def test_definitions_are_read_both_ways_round(text: str, short: str, long: str) -> None:
    assert pairs(text) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "a model (see Fig. 2)",
        "our method (MCL) works",  # no word before it begins with its letters
        "better results (2019)",
        "many (or few) of them",
        "the dataset (ImageNet) of images",
        "It ends here. (ABC) is new",
        "Active (Bayesian) Classifiers (ABC",
        "(GNN)",
        "GNN ()",
        "",
    ],
)
def test_remarks_in_brackets_define_nothing(text: str) -> None:
    assert pairs(text) == []


def test_a_definition_stays_within_its_sentence() -> None:
    assert pairs("We like graphs. Neural networks (GNN) are old.") == []


@given(st.text(alphabet="aAbB c()[];,.-'$\\s\u202e", max_size=80))
def test_any_text_gives_spans_inside_it_that_do_not_overlap(text: str) -> None:
    for d in definitions(text):
        assert 0 <= d.short_start < d.short_end <= len(text)
        assert 0 <= d.long_start < d.long_end <= len(text)
        assert d.short_end <= d.long_start or d.long_end <= d.short_start
