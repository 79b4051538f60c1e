"""Which words say the same, which forms of a word are one name, and how many names are compared."""

from __future__ import annotations

import pytest

from kg.resolution.candidates import candidates
from kg.resolution.edits import inflection, same_verb
from kg.resolution.wording import EQUAL, means_alike

from .corpus import link, said


def test_words_that_say_the_same_do_so_in_their_other_forms() -> None:
    assert means_alike("generation/synthesis")
    assert means_alike("optimization/searching")
    assert not means_alike("generation/recognition")


def test_what_one_prefix_makes_of_like_words_is_alike() -> None:
    assert means_alike("hypernet/hypernetwork")
    assert not means_alike("hypernet/supernetwork")


def test_the_order_of_two_words_in_the_list_is_that_of_an_edit() -> None:
    assert all(pair == "/".join(sorted(pair.split("/"))) for pair in EQUAL)


@pytest.mark.parametrize(("verb", "gerund"), [("finetune", "finetuning"), ("pretrain", "pretraining")])
def test_a_compound_verb_and_its_gerund_are_one(verb: str, gerund: str) -> None:
    assert inflection(verb, gerund)
    assert same_verb(verb, gerund)
    assert same_verb(gerund, verb)


@pytest.mark.parametrize(
    ("verb", "gerund"), [("prompt", "prompting"), ("bound", "bounding"), ("rank", "ranking")]
)
def test_a_plain_verb_may_be_another_noun_than_its_gerund(verb: str, gerund: str) -> None:
    assert not same_verb(verb, gerund)


def test_fine_tune_and_fine_tuning_are_one_concept() -> None:
    linker = link([[said("fine-tune")], [said("fine-tuning")], [said("prompt")], [said("prompting")]])
    assert linker.find("fine-tune") == linker.find("fine-tuning")
    assert linker.find("prompt") != linker.find("prompting")


def test_papers_that_have_a_compound_verb_beside_its_gerund_do_not_set_them_apart() -> None:
    both = [said("fine-tune"), said("fine-tuning")]
    linker = link([both] * 5 + [[said("fine-tuning")]] * 3)
    assert linker.find("fine-tune") == linker.find("fine-tuning")


def test_a_name_with_a_word_more_is_compared_with_what_says_less_alone() -> None:
    names = ["sparse sampling model", "sampling model", "sampling", "sampling method"]
    light = frozenset({"model", "method"})
    found = set(candidates({name: name for name in names}, light=light, swaps={}))
    assert ("sampling model", "sparse sampling model") in found
    assert ("sampling", "sparse sampling model") in found
    assert ("sampling method", "sparse sampling model") not in found
