"""Which pairs a paper puts together: by a table of roles, and never all of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import schema
from kg.relations.pooling import MOST_CERTAIN, Pool
from kg.relations.relating import relate
from kg.relations.view import NO_YEAR, View
from kg.relations.within import RULES, SURENESS, Pair, pairs

from .worlds import Spoken, Told, random_world, relations, world

OWN: Spoken = ("METHOD", "PROPOSES")
USED: Spoken = ("METHOD", "USES")
RIVAL: Spoken = ("METHOD", "COMPARES")
TASK: Spoken = ("TASK", "ADDRESSES")
DATA: Spoken = ("DATASET", "USES")
METRIC: Spoken = ("METRIC", "REPORTS")


def found(title: str, abstract: str, **names: Spoken) -> dict[str, set[tuple[str, str]]]:
    """Return the pairs by relation; a name's blanks are written as underscores."""
    spoken = {name.replace("_", " "): kind for name, kind in names.items()}
    graph = relate(world([Told("p", title, abstract, spoken)]))
    return {rule.relation: relations(graph, rule.relation) for rule in RULES}


def test_six_methods_and_five_tasks_do_not_make_thirty_edges() -> None:
    methods = [f"Zorb{letter}" for letter in "abcdef"]
    tasks = [f"Quox{letter} sorting" for letter in "vwxyz"]
    abstract = " ".join(
        f"We use {one}. We work on {other}." for one, other in zip(methods, tasks, strict=False)
    )
    names = {**dict.fromkeys(methods, USED), **dict.fromkeys(tasks, TASK)}
    assert (
        found(
            "A paper", f"{abstract} And {methods[-1]}.", **{n.replace(" ", "_"): k for n, k in names.items()}
        )["USED_FOR"]
        == set()
    )


def test_the_papers_own_method_serves_its_task_on_its_data_in_its_measure() -> None:
    made = found(
        "Zorb for pebble sorting",
        "We propose Zorb. On Quox, Zorb reaches the best wobbling, better than Grumble.",
        Zorb=OWN, pebble_sorting=TASK, Quox=DATA, wobbling=METRIC, Grumble=RIVAL,
    )  # fmt: skip
    assert ("Zorb", "pebble sorting") in made["USED_FOR"]
    assert made["EVALUATED_ON"] >= {("Zorb", "Quox")}
    assert made["BENCHMARK_FOR"] == {("Quox", "pebble sorting")}
    assert made["MEASURED_BY"] == {("pebble sorting", "wobbling")}
    assert made["COMPARED_WITH"] == {("Zorb", "Grumble")}


@pytest.mark.parametrize(
    "sentence",
    ["We collect Quox.", "Zorb is pre-trained on Quox.", "Others like Quox; nothing is said of it."],
)
def test_data_that_nothing_is_tested_on_is_no_benchmark(sentence: str) -> None:
    made = found(
        "Zorb for pebble sorting", f"We propose Zorb. {sentence}", Zorb=OWN, pebble_sorting=TASK, Quox=DATA
    )
    assert made["BENCHMARK_FOR"] == set()


def test_background_makes_no_pair() -> None:
    made = found(
        "Zorb for pebble sorting",
        "On Quox, Zorb beats Grumble.",
        Zorb=("METHOD", "MENTIONS"),
        pebble_sorting=("TASK", "MENTIONS"),
        Quox=DATA,
        Grumble=("METHOD", "MENTIONS"),
    )
    assert not any(made.values())


def test_one_sentence_joins_only_the_nearest() -> None:
    made = found(
        "A paper on things",
        "We use Zorb for pebble sorting and Grumble for rock lifting. Nothing more. Then rock lifting. "
        "Then pebble sorting.",
        Zorb=USED, Grumble=USED, pebble_sorting=TASK, rock_lifting=TASK,
    )  # fmt: skip
    assert {("Zorb", "pebble sorting"), ("Grumble", "rock lifting")} <= made["USED_FOR"]
    assert ("Zorb", "rock lifting") not in made["USED_FOR"]


def test_the_rules_are_those_that_the_schema_declares() -> None:
    for rule in RULES:
        kind = schema.relation(rule.relation)
        assert kind.sources == (schema.TYPE_LABELS[rule.source],)
        assert kind.targets == (schema.TYPE_LABELS[rule.target],)
        assert all(0.5 < share < 1 for share in SURENESS[rule.relation].values())


def all_pairs(view: View) -> list[tuple[int, Pair]]:
    return [(paper.index, pair) for paper in view.papers() for pair in pairs(paper)]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_pairs_are_of_one_paper_in_roles_that_a_rule_allows(seed: int) -> None:
    view = View.of(random_world(seed).tables)
    allowed = {
        (r.relation, r.source, s, r.target, t) for r in RULES for s in r.source_roles for t in r.target_roles
    }
    for role in ("USES", "COMPARES"):  # where a sentence says so
        allowed |= {("EVALUATED_ON", "METHOD", role, "DATASET", other) for other in ("USES", "PROPOSES")}
    seen = set()
    for paper, pair in all_pairs(view):
        one, other = pair.source, pair.target
        assert view.paper[one.edge] == view.paper[other.edge] == paper
        assert (pair.relation, one.type, one.role, other.type, other.role) in allowed
        assert one.concept != other.concept
        seen.add((paper, pair.relation, one.concept, other.concept))
    assert len(seen) == len(all_pairs(view)), "each once a paper"


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_pooling_joins_what_papers_say(seed: int) -> None:
    view = View.of(random_world(seed, papers=40, concepts=12).tables)
    pool = Pool()
    expected: dict[tuple[str, int, int], list[tuple[int, float]]] = {}
    for paper, pair in all_pairs(view):
        pool.add(paper, [pair])
        place = (pair.relation, pair.source.concept, pair.target.concept)
        expected.setdefault(place, []).append((paper, pair.confidence))
    pooled = list(pool.relations(view))
    assert {(one.relation, one.source, one.target) for one in pooled} == set(expected)
    for one in pooled:
        said = sorted(expected[one.relation, one.source, one.target])
        assert one.papers == tuple(paper for paper, _ in said)
        assert one.support == len(said)
        wrong = math.prod(1 - sure for _, sure in said)
        assert one.confidence == pytest.approx(min(1 - wrong, MOST_CERTAIN), abs=1e-4)
        years = [int(view.year[paper]) for paper, _ in said if view.year[paper] != NO_YEAR]
        assert one.first_year == min(years, default=None)
        assert [int(view.paper[edge]) for edge in one.edges] == [paper for paper, _ in said for _ in "ab"]
