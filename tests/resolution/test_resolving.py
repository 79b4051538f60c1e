"""What becomes of names: short forms, homographs, generic words, names, ids, and the explanation."""

from __future__ import annotations

from typing import Any

import pytest

from kg.errors import UsageError
from kg.model import ConceptType
from kg.report import Report
from kg.resolution import Decision, Decisions, Linker, resolve
from kg.resolution.decisions import Verb
from kg.resolution.generic import is_generic
from kg.resolution.naming import best_name, kept_ids

from .corpus import different, link, papers_of, said, same


def one(linker: Linker, name: str) -> Any:
    """Return the only concept that ``name`` leads to."""
    ids = linker.find(name)
    assert len(ids) == 1, ids
    return next(concept for concept in linker.concepts if concept.id == ids[0])


def test_a_short_form_joins_what_its_papers_spell_out() -> None:
    linker = link(
        [
            [said("principal component analysis", "PCA")],
            [said("principal component analysis", "PCA")],
            [said("PCA")],
        ]
    )
    concept = one(linker, "PCA")
    assert concept.name == "principal component analysis"
    assert concept.paper_count == 3
    assert dict(zip(concept.aliases, concept.alias_counts, strict=True))["PCA"] == 3


def test_each_paper_means_by_a_short_form_what_it_spells_out_itself() -> None:
    papers, extractions = papers_of(
        [said("self-supervised learning", "SSL")],
        [said("self-supervised learning", "SSL")],
        [said("semi-supervised learning", "SSL")],
        [said("semi-supervised learning", "SSL")],
        [said("SSL", text="the semi-supervised learning (SSL) of graphs")],
        [said("SSL", text="we study self-supervised learning with few labels")],
    )
    linker = resolve(papers, extractions)
    led = [linker.concept_of(f"p{n}", "c0") for n in range(6)]
    assert led[0] == led[1] == led[5]
    assert led[2] == led[3] == led[4]
    assert led[0] != led[2]
    # One alias leads to several concepts, and visibly so.
    assert set(linker.find("SSL")) >= {led[0], led[2]}


def test_a_short_form_of_another_field_is_not_read_against_its_own_paper() -> None:
    linker = link(
        [
            [said("VLCS", kind="DATASET", text="domain generalisation on VLCS and PACS")],
            [said("VLC", text="visible light communication (VLC)")],
        ]
    )
    assert one(linker, "VLCS").name == "VLCS"


@pytest.mark.parametrize(
    ("counts", "name"),
    [
        ({"PCA": 30, "principal component analysis": 20}, "principal component analysis"),
        ({"BERT": 50, "bidirectional encoder representations from transformers": 3}, "BERT"),
        ({"BERT": 50, "BERT model": 20}, "BERT"),
        ({"MNIST": 10, "MNist": 9}, "MNIST"),
        ({"Neural Networks": 1, "neural networks": 3, "neural network": 3}, "neural network"),
        ({"b": 1, "a": 1}, "a"),
    ],
)
def test_the_best_known_name_wins_and_a_long_form_where_it_is_well_known(
    counts: dict[str, int], name: str
) -> None:
    assert best_name(counts) == name


@pytest.mark.parametrize(
    "name",
    ["training", "framework", "our model", "the proposed method", "fine-tuned", "Pretrained", "data set"],
)
def test_generic_names_never_become_a_concept(name: str) -> None:
    report = Report()
    linker = resolve(*papers_of([said(name), said("BLEU", kind="METRIC")]), report=report)
    assert [concept.name for concept in linker.concepts] == ["BLEU"]
    assert linker.concept_of("p0", "c0") is None
    assert report.drops["resolution", "generic name"] == 1


@pytest.mark.parametrize("name", ["fine-tuning", "seed", "speed", "C", "Adam", "few-shot"])
def test_names_that_say_something_are_not_generic(name: str) -> None:
    assert not is_generic(name)


def test_a_generic_name_that_somebody_decided_on_is_kept() -> None:
    linker = link([[said("training")]], same("training", "model training"))
    assert one(linker, "training").paper_count == 1


def test_where_papers_differ_on_the_type_the_majority_names_it() -> None:
    kinds: list[ConceptType] = ["METHOD", "TASK", "TASK"]
    concept = one(link([[said("dropout", kind=kind)] for kind in kinds]), "dropout")
    assert (concept.type, concept.id) == ("TASK", "task/dropout")


def test_capitals_that_mean_another_thing_are_another_concept() -> None:
    linker = link(
        [[said("DROP", kind="DATASET")], [said("drop", kind="METHOD")]] * 2,
    )
    assert len(linker.find("drop")) == 2


def test_unlike_letters_are_told_apart() -> None:
    linker = link([[said("C"), said("C++"), said("C#"), said("F*")]])
    assert len({concept.id for concept in linker.concepts}) == 4


def test_the_explanation_tells_why_and_why_not() -> None:
    linker = link([[said("text classification"), said("classification of texts"), said("text classifiers")]])
    story = linker.explain(linker.find("text classification")[0])
    assert story.papers == ("p0",)
    compared = [one for one in (*story.joined, *story.apart) if one.features]
    assert compared
    for one in compared:
        assert one.reason
        assert 0 <= one.score <= 1
        assert "types agree" in {name for name, _, _ in one.features}
    assert all(one.joined for one in story.joined)
    assert not any(one.joined for one in story.apart)
    with pytest.raises(UsageError, match="nonsense"):
        linker.explain("method/nonsense")


def test_a_merge_by_decision_says_so() -> None:
    entry = Decision(verb="same", names=("LDA", "topic model of Blei"), reason="the paper says so")
    linker = link([[said("LDA")], [said("topic model of Blei")]], entry)
    story = linker.explain(linker.find("LDA")[0])
    assert [one.reason for one in story.joined if "decided" in one.reason] == [
        f"like {story.joined[0].other}: decided: same (the paper says so)"
    ]


def test_decisions_rename_retype_and_drop() -> None:
    linker = link(
        [[said("PCA"), said("dropout"), said("noise")]],
        Decision(verb="rename", names=("pca",), to="Principal Components"),
        Decision(verb="type", names=("Dropout",), to="TASK"),
        Decision(verb="drop", names=("noise",)),
    )
    assert [(c.id, c.name) for c in linker.concepts] == [
        ("method/principal-components", "Principal Components"),
        ("task/dropout", "dropout"),
    ]
    assert linker.concept_of("p0", "c2") is None


@pytest.mark.parametrize("verb", ["rename", "type", "drop"])
def test_a_decision_may_name_a_concept_by_its_short_form(verb: Verb) -> None:
    content = [[said("Multistage Contrastive Learning", "MCL"), said("dropout")]] * 2
    to = {"rename": "Staged Contrast", "type": "TASK", "drop": ""}[verb]
    (other, *decided) = sorted(
        link(content, Decision(verb=verb, names=("MCL",), to=to)).concepts, key=lambda c: c.name != "dropout"
    )
    assert other.name == "dropout"
    assert [(c.name, c.type) for c in decided] == {
        "rename": [("Staged Contrast", "METHOD")],
        "type": [("Multistage Contrastive Learning", "TASK")],
        "drop": [],
    }[verb]


def test_what_is_decided_about_a_mere_alias_holds_for_what_most_papers_call_so() -> None:
    often, seldom = said("self-supervised learning", "SSL"), said("semi-supervised learning", "SSL")
    linker = link([[often]] * 3 + [[seldom]], Decision(verb="drop", names=("SSL",)))
    assert [concept.name for concept in linker.concepts] == ["semi-supervised learning"]


def test_a_decision_may_name_a_concept_by_its_id() -> None:
    first = link([[said("VLCS", kind="DATASET")], [said("PACS", kind="DATASET")]])
    ids = [concept.id for concept in first.concepts]
    second = link([[said("VLCS", kind="DATASET")], [said("PACS", kind="DATASET")]], same(*ids))
    assert len(second.concepts) == 1


def test_a_short_form_decided_different_is_not_read_as_the_long_one() -> None:
    content = [[said("semi-supervised learning", "SSL")]] * 3 + [[said("SSL")]]
    before, after = link(content), link(content, different("SSL", "semi-supervised learning"))
    assert before.concept_of("p3", "c0") == before.concept_of("p0", "c0")
    assert after.concept_of("p3", "c0") != after.concept_of("p0", "c0")


def test_what_is_decided_about_a_short_form_holds_for_papers_that_do_not_spell_it_out() -> None:
    content = [[said("semi-supervised learning", "SSL")]] * 3 + [
        [said("SSL")],
        [said("self-supervised learning")],
    ]
    linker = link(content, same("SSL", "self-supervised learning"))
    assert linker.concept_of("p3", "c0") == linker.concept_of("p4", "c0")
    assert linker.concept_of("p0", "c0") != linker.concept_of("p4", "c0")


def test_names_in_decisions_that_nobody_uses_are_counted() -> None:
    report = Report()
    resolve(
        *papers_of([said("PCA")]),
        decisions=Decisions.of(
            [
                same("PCA", "Karhunen–Loève transform"),
                Decision(verb="rename", names=("PCB",), to="circuit"),
                Decision(verb="type", names=("PCC",), to="METRIC"),
                Decision(verb="drop", names=("PCD",)),
                Decision(verb="type", names=("PCA",), to="TASK"),
            ]
        ),
        report=report,
    )
    assert report.drops["decisions", "names nothing here"] == 4


def test_ids_go_on_where_the_name_changes() -> None:
    before = link([[said("text categorization")], [said("text categorization")]])
    content = [[said("text categorization")]] * 2 + [[said("text classification")]] * 5
    joined = same("text categorization", "text classification")
    after = resolve(*papers_of(*content), decisions=Decisions.of([joined]), previous=before.concepts)
    fresh = resolve(*papers_of(*content), decisions=Decisions.of([joined]))
    assert [c.id for c in fresh.concepts] == ["method/text-classification"]
    assert [(c.id, c.name) for c in after.concepts] == [("method/text-categorization", "text classification")]


def test_an_id_goes_to_one_concept_only() -> None:
    before = link(
        [[said("text categorization"), said("text classification")]],
        same("text categorization", "text classification"),
    )
    old = before.concepts[0].id
    after = resolve(
        *papers_of([said("text categorization"), said("text classification")]),
        decisions=Decisions.of([different("text categorization", "text classification")]),
        previous=before.concepts,
    )
    ids = [concept.id for concept in after.concepts]
    assert len(set(ids)) == 2
    assert ids.count(old) == 1
    assert kept_ids([], before.concepts) == {}
