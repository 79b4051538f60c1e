"""Names of one paper that a judge takes for one become one concept, and chains of doubt do not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, cycle
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.differences import FILE, KINDS, Differences, _load, keys
from kg.extraction.encoder import MODEL
from kg.extraction.joining import LEAST, PairJudge, join
from kg.extraction.merging import Group, Place
from kg.extraction.options import Options
from kg.extraction.pairs import FEATURES, Pairs
from kg.extraction.spacy_pipeline import Concepts, Reader
from kg.extraction.wordings import FEATURES as OF_WORDINGS
from kg.extraction.wordings import likeness, wording
from kg.model import ConceptType, Field

WORDS = st.sampled_from(["graph", "graphs", "neural", "network", "GNN", "deep", "Deep", "é", "x", "learning"])


class Given(PairJudge):
    """Answers with the probabilities it was given, one a pair."""

    def __init__(self, *probabilities: float) -> None:
        self._given = probabilities

    def likely(self, texts: Mapping[Field, str], groups: Sequence[Group]) -> dict[tuple[int, int], float]:
        return dict(zip(combinations(range(len(groups)), 2), cycle(self._given), strict=False))


def concept(name: str, *places: tuple[Field, int], type_: ConceptType = "METHOD") -> Group:
    """A concept that stands at the places, by field and start, as it is named."""
    return Group(type_, name, tuple(Place(f, s, s + len(name), type_, 0.9) for f, s in places))


def read(*names: str, type_: ConceptType = "METHOD") -> tuple[dict[Field, str], list[Group]]:
    """An abstract of the names, each a concept."""
    texts: dict[Field, str] = {"title": "", "abstract": "; ".join(names) + "."}
    groups, at = [], 0
    for name in names:
        groups.append(concept(name, ("abstract", at), type_=type_))
        at += len(name) + 2
    return texts, groups


def joined(*names: str, judge: PairJudge) -> list[set[str]]:
    texts, groups = read(*names)
    found = join(texts, groups, judge)
    return [{texts[p.field][p.start : p.end] for p in group.places} for group in found]


def in_a_paper(one: str, other: str) -> list[set[str]]:
    """What the shipped judge makes of a name in the title and one in the abstract."""
    texts: dict[Field, str] = {"title": f"On {one}", "abstract": f"We study {other} for support vectors."}
    first = concept(one, ("title", 3))
    second = concept(other, ("abstract", 9))
    found = join(texts, [first, second], PairJudge.load())
    return [{texts[p.field][p.start : p.end] for p in group.places} for group in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Next Word Prediction", "predicting the next word"),
        ("Implicit Stochastic Gradient Descent", "implicit SGD"),
        ("Fine-Tuning", "fine-tuned"),
    ],
)
def test_a_thing_put_in_other_words_is_one_concept(one: str, other: str) -> None:
    assert in_a_paper(one, other) == [{one, other}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Supervised Learning", "unsupervised learning"),
        ("ResNet-50", "ResNet-101"),
        ("Image Classification", "text classification"),
    ],
)
def test_like_names_of_two_things_stay_two(one: str, other: str) -> None:
    assert in_a_paper(one, other) == [{one}, {other}]


def test_a_chain_of_pairs_joins_only_what_is_likely_on_the_mean() -> None:
    names = ("deep network", "deep learning", "learning network")
    # Pairs in order: first and second, first and third, second and third.
    assert joined(*names, judge=Given(0.9, 0.1, 0.8)) == [{names[0], names[1]}, {names[2]}]
    assert joined(*names, judge=Given(0.9, 0.7, 0.8)) == [set(names)]
    assert joined(*names, judge=Given(0.5)) == [{name} for name in names]


def test_what_is_joined_has_the_name_of_the_one_with_most_places() -> None:
    texts: dict[Field, str] = {"title": "Deep nets", "abstract": "A deep network, a deep network, deep nets."}

    groups = [concept("Deep nets", ("title", 0)), concept("deep network", ("abstract", 2), ("abstract", 18))]
    (one,) = join(texts, groups, Given(1.0))
    assert one.name == "deep network"
    assert [(p.field, p.start) for p in one.places] == [("title", 0), ("abstract", 2), ("abstract", 18)]


def test_what_is_joined_has_the_name_that_says_more() -> None:
    texts, groups = read("classification", "Image Classification", "classification", "classifying images")
    groups = [replace(groups[0], places=groups[0].places + groups[2].places), groups[1], groups[3]]
    (one,) = join(texts, groups, Given(1.0))
    assert one.name == "Image Classification"
    (one,) = join(*read("alignment", "LLM alignment"), Given(1.0))
    assert one.name == "LLM alignment"


def test_what_is_joined_is_named_by_words_rather_than_letters() -> None:
    texts, groups = read("deep RTT", "Rule-to-Tag", "deep RTT")
    groups = [replace(groups[0], places=groups[0].places + groups[2].places), groups[1]]
    assert [group.name for group in join(texts, groups, Given(1.0))] == ["Rule-to-Tag"]


@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), unique=True, max_size=7), st.floats(0, 1)
)
def test_joining_keeps_every_place_and_the_order(names: list[str], probability: float) -> None:
    texts, groups = read(*names)
    found = join(texts, groups, Given(probability))
    starts = [place.start for group in found for place in group.places]
    assert sorted(starts) == [group.places[0].start for group in groups]
    firsts = [group.places[0].start for group in found]
    assert firsts == sorted(firsts)
    if probability < LEAST:
        assert found == groups


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), unique=True, max_size=7))
def test_a_pair_has_a_row_of_features_where_its_wordings_have_something_in_common(names: list[str]) -> None:
    texts, groups = read(*names)
    pairs = Pairs(texts, groups)
    table = pairs.table(Differences.load())
    assert table.shape == (len(pairs.nearest), len(FEATURES))
    assert np.isfinite(table).all()
    for one, other in combinations(range(len(names)), 2):
        if set(names[one].split()) & set(names[other].split()):
            assert (one, other) in pairs.nearest


def test_names_with_nothing_in_common_are_no_pair() -> None:
    assert not Pairs(*read("support vector machine", "diffusion")).nearest


def test_concepts_of_two_types_are_no_pair() -> None:
    texts, (one, other) = read("deep learning", "learning")
    assert not Pairs(texts, [one, Group("TASK", other.name, other.places)]).nearest


def test_a_concept_of_a_long_text_is_held_against_those_near_it_only() -> None:
    names = [f"graph network {n}" for n in range(3000)]
    pairs = Pairs(*read(*names))
    assert len(pairs.nearest) < 100 * len(names)
    assert all((n, n + 1) in pairs.nearest for n in range(len(names) - 1))


def test_what_puts_a_name_in_other_words_is_set_beside_it() -> None:
    texts: dict[Field, str] = {"title": "Foo: Quick Bars", "abstract": "The zed (moving things) is new."}
    groups = [
        concept("Foo", ("title", 0)),
        concept("Quick Bars", ("title", 5)),
        concept("zed", ("abstract", 4)),
        concept("moving things", ("abstract", 9)),
    ]
    pairs = Pairs(texts, groups)
    assert list(pairs.nearest) == [(0, 1), (2, 3)]
    assert pairs.table(Differences.load())[:, FEATURES.index("set beside")].tolist() == [2, 1]


def test_a_difference_counts_as_more_own_or_swapped() -> None:
    assert list(keys({"deep"}, ())) == [("more", "deep")]
    assert list(keys((), {"b", "a"})) == [("more", "a"), ("more", "b")]
    assert set(keys({"text"}, {"imag"})) == {("own", "text"), ("own", "imag"), ("swapped", "imag text")}
    assert set(keys({"a", "b"}, {"c"})) == {("own", "a"), ("own", "b"), ("own", "c")}


def test_a_word_that_is_often_left_out_speaks_for_one_concept() -> None:
    counts = {"more": {"deep": (96, 60), "un": (96, 0)}, "own": {"x": (6, 3)}, "swapped": {"x y": (1, 1)}}
    differences = Differences(counts)
    often, product, *rest = differences.shares({"deep"}, ())
    assert often == product > 0.5
    assert rest == [2.0, 2.0, 2.0]
    assert differences.shares({"deep", "un"}, ())[0] == differences.shares((), {"un"})[0] < 0.01
    assert differences.shares({"deep", "un"}, ())[1] < differences.shares({"deep"}, ())[1]
    assert differences.shares({"x"}, {"y"}) == differences.shares({"y"}, {"x"})
    assert differences.shares({"x"}, {"y"})[2:] == pytest.approx([0.2, 0.38, 0.36])


def test_the_shipped_counts_are_of_every_kind_and_never_more_one_than_pairs() -> None:
    data = json.loads((MODEL / FILE).read_text("utf8"))
    assert set(data) == set(KINDS)
    for table in data.values():
        assert len(table) > 500
        assert all(0 <= one <= pairs and pairs >= 3 for pairs, one in table.values())


def test_a_pair_that_the_judge_was_not_asked_for_is_not_likely() -> None:
    class Some(PairJudge):
        def __init__(self) -> None: ...

        def likely(self, texts: Mapping[Field, str], groups: Sequence[Group]) -> dict[tuple[int, int], float]:
            return {(0, 1): 0.95, (1, 2): 0.9}

    assert joined("a", "b", "c", judge=Some()) == [{"a", "b"}, {"c"}]


def test_many_doubtful_pairs_of_a_long_text_are_judged_in_good_time() -> None:
    class Blocks(PairJudge):
        """Sure within blocks of 64, and between neighbouring blocks mostly not."""

        def __init__(self) -> None: ...

        def likely(self, texts: Mapping[Field, str], groups: Sequence[Group]) -> dict[tuple[int, int], float]:
            near = ((m, n) for m in range(len(groups)) for n in range(m + 1, min(m + 65, len(groups))))
            return {(m, n): 0.9 if m // 64 == n // 64 else 0.65 - 0.45 * (n % 2) for m, n in near}

    texts, groups = read(*(f"name {n}" for n in range(640)))
    assert len(join(texts, groups, Blocks())) == 10


def test_accents_and_ligatures_do_not_hide_initials() -> None:
    at = OF_WORDINGS.index("initials")
    for short, long in (("ED", "Équation Différentielle"), ("ft", "\ufb01ne tuning")):
        assert likeness(wording(short), wording(long))[at]


def test_an_acronym_may_stand_for_anything_of_its_type() -> None:
    assert list(Pairs(*read("XQZ", "diffusion", "support vectors")).nearest) == [(0, 1), (0, 2)]


def test_a_name_of_signs_alone_is_in_no_pair() -> None:
    pairs = Pairs(*read("+-", "XQZ", "deep nets", "Deep Nets"))
    assert all(0 not in pair for pair in pairs.nearest)
    assert pairs.table(Differences.load()).shape[0] == len(pairs.nearest)


def test_a_concept_that_the_abstract_does_not_name_is_at_no_distance() -> None:
    texts: dict[Field, str] = {"title": "Deep nets", "abstract": "(deep net) or a net that is deep"}
    groups = [
        concept("Deep nets", ("title", 0)),
        concept("deep net", ("abstract", 1)),
        concept("net that is deep", ("abstract", 16)),
    ]
    table = Pairs(texts, groups).table(Differences.load())
    assert table[:, FEATURES.index("apart")].tolist() == [-1, -1, 15]
    assert table[:, FEATURES.index("in brackets")].tolist() == [1, 0, 1]


def test_the_pipeline_takes_the_judge_of_pairs_from_its_model_folder(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    copytree(MODEL, folder)
    paper = "Next Word Prediction", "We study predicting the next word."
    assert Reader(Options(), folder).read(*paper) == Reader(Options()).read(*paper)
    (folder / FILE).unlink()
    _load.cache_clear()
    with pytest.raises(FileNotFoundError, match=FILE):
        Reader(Options(), folder).read(*paper)


def test_a_pipeline_that_has_read_can_go_to_another_process() -> None:
    component = Concepts(None, Options())
    component._judge = PairJudge.load()
    assert component.__getstate__()["_judge"] is None
