"""What holds for every collection of papers and every file of decisions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.model import Extraction, Paper
from kg.resolution import Decision, Decisions, Linker, resolve
from kg.resolution.abbreviations import expands
from kg.resolution.gates import gate
from kg.resolution.normal import key, slug, words

from .corpus import contents, different, link, names, papers_of, same

#: Failing examples are small as they are: shrinking them takes longer than reading them.
some = settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)


def outcome(linker: Linker) -> tuple[Any, ...]:
    """Return all that a linker says, but where the papers' concepts lead, which has no order."""
    return linker.concepts, linker.merges, linker.links


def leads(linker: Linker, papers: list[Paper], extractions: dict[str, Extraction]) -> dict[Any, str | None]:
    return {
        (paper.id, concept.key): linker.concept_of(paper.id, concept.key)
        for paper in papers
        for concept in extractions[paper.id].concepts
    }


@some
@given(contents, st.randoms(use_true_random=False))
def test_order_does_not_matter(said: Any, random: Any) -> None:
    papers, extractions = papers_of(*said)
    first = resolve(papers, extractions)
    shuffled = list(papers)
    random.shuffle(shuffled)
    other = {}
    for paper in shuffled:
        concepts = list(extractions[paper.id].concepts)
        random.shuffle(concepts)
        other[paper.id] = Extraction(paper_id=paper.id, concepts=tuple(concepts), extractor="given")
    second = resolve(shuffled, other)
    assert outcome(first) == outcome(second)
    assert leads(first, papers, extractions) == leads(second, papers, extractions)


@some
@given(contents)
def test_every_concept_of_every_paper_leads_to_one_concept_or_is_dropped(said: Any) -> None:
    papers, extractions = papers_of(*said)
    linker = resolve(papers, extractions)
    ids = [concept.id for concept in linker.concepts]
    assert len(ids) == len(set(ids))
    led = leads(linker, papers, extractions)
    assert {concept_id for concept_id in led.values() if concept_id} == set(ids)
    for concept in linker.concepts:
        assert linker.papers_of(concept.id) == tuple(
            sorted({paper_id for (paper_id, _), led_to in led.items() if led_to == concept.id})
        )
        assert concept.paper_count == len(linker.papers_of(concept.id))


@some
@given(contents)
def test_names_are_merged_transitively(said: Any) -> None:
    """Names of one normal form in one sense are one concept, however they came there."""
    linker = link(said)
    for concept in linker.concepts:
        story = linker.explain(concept.id)
        # The names that were joined hang together: each is told how it joined.
        told = {name for one in story.joined for name in (one.name, one.other)}
        merged = {merge.merged for merge in linker.merges if merge.into == concept.id}
        assert merged <= told
        assert all(one.joined for one in story.joined)
        assert not any(one.joined for one in story.apart)


@some
@given(contents)
def test_resolving_again_changes_nothing(said: Any) -> None:
    papers, extractions = papers_of(*said)
    first = resolve(papers, extractions)
    second = resolve(papers, extractions, previous=first.concepts)
    assert outcome(second) == outcome(first)
    ids = {concept.id for concept in first.concepts}
    assert all(first.find(concept_id) == (concept_id,) for concept_id in ids)


@some
@given(contents, st.lists(st.tuples(names, names), min_size=1, max_size=4))
def test_different_is_never_merged(said: Any, pairs: list[tuple[str, str]]) -> None:
    pairs = [(a, b) for a, b in pairs if a != b]
    assume(pairs)
    papers, extractions = papers_of(*said)
    linker = resolve(papers, extractions, decisions=Decisions.of(different(a, b) for a, b in pairs))
    by_name: dict[str, set[str]] = {}
    for paper in papers:
        for concept in extractions[paper.id].concepts:
            led = linker.concept_of(paper.id, concept.key)
            if led:
                by_name.setdefault(concept.name, set()).add(led)
    for a, b in pairs:
        # A short form leads where its own paper spells it out, and nowhere else that was ruled out.
        if not expands(a, b) and not expands(b, a) and not spelt(said, a) and not spelt(said, b):
            assert not by_name.get(a, set()) & by_name.get(b, set()), (a, b)


def spelt(said: Any, name: str) -> bool:
    """Tell whether some paper spells out ``name``, so that it leads where the long form does."""
    texts = [text for paper in said for c in paper for text in (c["name"], *c["surfaces"])]
    return any(expands(text, name) for text in texts)


@some
@given(contents, contents, st.lists(st.tuples(names, names), min_size=1, max_size=3))
def test_adding_a_paper_never_splits_a_decision(said: Any, more: Any, pairs: list[tuple[str, str]]) -> None:
    decisions = [same(a, b) for a, b in pairs if key(a) != key(b)]
    assume(decisions)
    for both in (said, said + more):
        linker = link(both, *decisions)
        for a, b in (entry.names for entry in decisions):
            if linker.find(a) and linker.find(b):
                assert set(linker.find(a)) & set(linker.find(b)), (a, b)


@settings(deadline=None)
@given(st.lists(st.tuples(names, names, st.booleans()), max_size=8))
def test_decisions_contradict_each_other_where_a_chain_of_same_joins_what_is_different(
    told: list[tuple[str, str, bool]],
) -> None:
    told = [(a, b, one) for a, b, one in told if key(a) != key(b)]
    group = {key(name): {key(name)} for a, b, _ in told for name in (a, b)}
    for a, b, one in told:
        if one:
            both = group[key(a)] | group[key(b)]
            group.update(dict.fromkeys(both, both))
    wrong = any(key(b) in group[key(a)] for a, b, one in told if not one)
    entries = [(same if one else different)(a, b, line=n) for n, (a, b, one) in enumerate(told, start=1)]
    if wrong:
        with pytest.raises(UsageError) as caught:
            Decisions.of(entries)
        assert len(re.findall(r"line \d+", str(caught.value))) >= 2
    else:
        Decisions.of(entries)


@some
@given(contents, st.dictionaries(names, st.sampled_from(("METHOD", "TASK")), max_size=2))
def test_ids_are_unique_and_follow_from_name_and_type(said: Any, types: dict[str, str]) -> None:
    decided = {key(name): Decision(verb="type", names=(name,), to=kind) for name, kind in types.items()}
    linker = link(said, *decided.values())
    for concept in linker.concepts:
        assert concept.id.startswith(f"{concept.type.lower()}/{slug(concept.name)}")


@settings(deadline=None)
@given(st.text(max_size=40))
def test_a_normal_form_is_its_own(name: str) -> None:
    # In lower case: that the last S of VLCS is no plural cannot be told any more from its normal form.
    once = words(name.casefold())
    assert words(" ".join(once)) == once or not any(character.isalnum() for character in name)
    assert key(name) == "".join(words(name))
    assert len(slug(name)) <= 80 + 9


@settings(deadline=None)
@given(names, names)
def test_gates_do_not_depend_on_order(a: str, b: str) -> None:
    assert bool(gate(a, b)) == bool(gate(b, a))
    assert gate(a, a) == ""


@some
@given(contents, st.integers(0, 10**6))
def test_adding_a_paper_of_other_names_moves_no_id(said: Any, n: int) -> None:
    before = link(said)
    extra = {"name": f"Quux{n}berg transform", "surfaces": (), "type": "METHOD", "role": "USES"}
    after = link([*said, [extra]])
    assert {c.id for c in before.concepts} <= {c.id for c in after.concepts}


@pytest.mark.parametrize(
    ("a", "b", "one"),
    [
        ("detector", "detectors", True),
        ("DetectoRS", "detectors", False),
        ("LM", "LMs", True),
        ("Vision Transformer", "VISION TRANSFORMERS", True),
        ("VLCS", "VLC", False),
    ],
)
def test_a_capital_s_ends_a_name_and_is_no_plural(a: str, b: str, one: bool) -> None:
    assert (key(a) == key(b)) is one
