"""What must never be merged by score, and what no gate may keep apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.resolution.gates import gate

from .corpus import link, said

#: Numbers, versions, sizes, languages, negations, opposites, part and whole.
APART = """
CIFAR-10 | CIFAR-100
GPT-2 | GPT-3
ImageNet | ImageNet-A
feature extraction | feature extractor
ResNet-50 | ResNet-101
YOLOv3 | YOLOv5
few-shot learning | zero-shot learning
one-shot learning | few-shot learning
supervised learning | unsupervised learning
English to German translation | English to French translation
Czech parsing | Finnish parsing
parametric model | non-parametric model
T5 small | T5 large
encoder | decoder
upper bound | lower bound
macro F1 | micro F1
attention | attention head
language model | vision language model
online learning | offline learning
monolingual data | multilingual data
convex optimization | non-convex optimization
autoregressive model | non-autoregressive model
text classification | text generation
precision | recall
first-order logic | second-order logic
primal-dual method | dual method
teacher-student training | student training
continued learning | continual learning
speed | speedup
"""
TOGETHER = """
pre-training | pretraining
two-stage detector | 2-stage detector
classification of texts | text classification
tokenisation | tokenization
neural network | neural networks
colour constancy | color constancy
ImageNet dataset | ImageNet
"""


def lines(text: str) -> list[tuple[str, str]]:
    return [(a.strip(), b.strip()) for a, _, b in (line.partition("|") for line in text.strip().splitlines())]


@pytest.mark.parametrize(("a", "b"), lines(APART))
def test_gates_keep_apart(a: str, b: str) -> None:
    assert gate(a, b)
    assert gate(b, a)


@pytest.mark.parametrize(("a", "b"), lines(APART))
def test_what_a_gate_keeps_apart_is_never_one_concept(a: str, b: str) -> None:
    # However often papers speak of both in one breath.
    linker = link([[said(a, text=b), said(b, text=a)] for _ in range(3)])
    assert set(linker.find(a)).isdisjoint(linker.find(b))


@pytest.mark.parametrize(("a", "b"), lines(TOGETHER))
def test_no_gate_keeps_apart(a: str, b: str) -> None:
    assert gate(a, b) == ""


@settings(deadline=None)
@given(st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True), st.integers(0, 999), st.integers(0, 999))
def test_names_with_other_numbers_are_two(name: str, a: int, b: int) -> None:
    assert bool(gate(f"{name}-{a}", f"{name}-{b}")) == (a != b)
