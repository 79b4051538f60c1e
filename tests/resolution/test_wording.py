"""Which words say the same, which forms of a word are one name, and how many names are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolution.candidates import candidates
from kg.resolution.edits import inflection, same_verb, tokens
from kg.resolution.knowledge import alike, synonyms
from kg.resolution.synonyms import reworded
from kg.resolution.wording import AKIN, alikeness

from .corpus import link, said


def test_words_that_say_the_same_do_so_in_their_other_forms() -> None:
    assert alikeness("annotation/labeling") > AKIN
    assert alikeness("annotating/labeling") > AKIN
    assert alikeness("generation/recognition") == 0


def test_words_that_say_the_same_in_some_names_are_akin() -> None:
    assert 0 < alikeness("architecture/model") <= AKIN


def test_what_one_prefix_makes_of_like_words_is_alike() -> None:
    assert alikeness("hypernet/hypernetwork") > 0
    assert alikeness("hypernet/supernetwork") == 0


def test_words_are_listed_as_they_are_aligned_and_as_the_key_of_an_edit() -> None:
    for pair, share in alike().items():
        assert pair == "/".join(sorted(pair.split("/")))
        assert all(tokens(word) == (word,) for word in pair.split("/"))
        assert 0 < share <= 1


def test_every_listed_name_is_on_one_line_and_says_something_else_than_the_others() -> None:
    lines: dict[tuple[str, ...], int] = {}
    for number, names in enumerate(synonyms()):
        said_as = {tokens(name) for name in names}
        assert len(said_as) == len(names) > 1, names
        for name in said_as:
            assert lines.setdefault(name, number) == number, name


def test_other_words_for_a_thing_count_alone_and_inside_a_longer_name() -> None:
    assert reworded("lifelong learning") == reworded("continual learning")
    longer = [tokens(reworded(f"{name} benchmarks")) for name in ("lifelong learning", "continual learning")]
    assert longer[0] == longer[1]
    assert reworded("a name of no list") == "a name of no list"


def test_the_names_of_a_line_are_said_in_the_same_words_and_these_stay() -> None:
    for names in synonyms():
        said = {tokens(reworded(name)) for name in names}
        assert len(said) == 1, names
        assert {tokens(reworded(reworded(name))) for name in names} == said, names


@given(st.text(max_size=40))
def test_saying_a_name_in_other_words_twice_changes_no_more(name: str) -> None:
    assert tokens(reworded(reworded(name))) == tokens(reworded(name))


def test_names_in_other_words_are_one_concept_and_the_score_says_so() -> None:
    linker = link([[said("continual learning")], [said("lifelong learning")], [said("curriculum learning")]])
    assert linker.find("continual learning") == linker.find("lifelong learning")
    assert linker.find("continual learning") != linker.find("curriculum learning")


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
