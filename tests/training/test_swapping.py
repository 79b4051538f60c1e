"""A paper under other names is still the same paper: the text around the names, types and roles stay."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import kg.training
from kg.extraction.occurrences import places
from kg.model import FIELDS
from kg.training.examples import load
from kg.training.swapping import MOST_WORDINGS, Names

Paper = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    return list(load(Path(kg.training.__file__).parent / "data" / "train"))


@pytest.fixture(scope="module")
def names(papers: list[Paper]) -> Names:
    return Names(annotation for _, annotation in papers)


def chance(seed: str | int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - names, no secret


def mentions_of(annotation: dict[str, Any]) -> list[str]:
    return [mention for concept in annotation["concepts"] for mention in concept["mentions"]]


def around(text: str, mentions: list[str]) -> list[str]:
    """Return the text between the mentions."""
    at, parts = 0, []
    for start, end, _ in places(text, mentions):
        parts.append(text[at:start])
        at = end
    return [*parts, text[at:]]


def test_most_papers_get_other_names_and_keep_all_else(papers: list[Paper], names: Names) -> None:
    changed = 0
    for document, annotation in papers:
        other, renamed = names.swapped(document, annotation, 0.5, chance(document["id"]))
        changed += other != document
        assert [(c["type"], c["role"]) for c in renamed["concepts"]] == [
            (c["type"], c["role"]) for c in annotation["concepts"]
        ]
        assert {k: v for k, v in renamed.items() if k != "concepts"} == {
            k: v for k, v in annotation.items() if k != "concepts"
        }
        assert len(set(mentions_of(renamed))) == len(mentions_of(renamed))
        for field in FIELDS:
            rest, at = other[field], 0
            for part in around(document[field], mentions_of(annotation)):
                at = rest.find(part, at)
                assert at >= 0
                at += len(part)
    assert changed > 0.8 * len(papers)


def test_each_new_name_stands_where_the_old_one_stood(papers: list[Paper], names: Names) -> None:
    lost = total = 0
    for document, annotation in papers:
        other, renamed = names.swapped(document, annotation, 0.5, chance(document["id"]))
        for field in FIELDS:
            before = places(document[field], mentions_of(annotation))
            after = places(other[field], mentions_of(renamed))
            total += len(before)
            lost += abs(len(before) - len(after))
    # A new name may be of words that stand elsewhere in the text, or beside those of another.
    assert lost < 0.01 * total


def test_a_share_of_nothing_changes_nothing(papers: list[Paper], names: Names) -> None:
    for document, annotation in papers[:50]:
        assert names.swapped(document, annotation, 0.0, chance(1)) == (document, annotation)


def test_chance_decides_by_its_seed_alone(papers: list[Paper], names: Names) -> None:
    document, annotation = papers[0]
    one, same, other = (names.swapped(document, annotation, 1.0, chance(s)) for s in (1, 1, 2))
    assert one == same != other


def test_names_are_of_the_same_kind() -> None:
    def concept(kind: str, role: str, *mentions: str) -> dict[str, Any]:
        return {"type": kind, "role": role, "name": mentions[0], "mentions": list(mentions)}

    bank = Names(
        [
            {
                "concepts": [
                    concept("METHOD", "PROPOSES", "Deep Fold", "DF"),
                    concept("METHOD", "USES", "Wide Net", "WN"),
                    concept("METHOD", "COMPARES", "random forests"),
                    concept("DATASET", "PROPOSES", "Tall Corpus", "TC"),
                ]
            }
        ]
    )
    document = {
        "id": "p",
        "title": "Graph Tree (GT) for things",
        "abstract": "Graph tree beats trees. trees, GTs and GT.",
    }
    annotation = {
        "id": "p",
        "concepts": [
            concept("METHOD", "PROPOSES", "Graph Tree", "Graph tree", "GT"),
            concept("METHOD", "USES", "trees"),
        ],
    }
    other, renamed = bank.swapped(document, annotation, 1.0, chance(1))
    assert other["title"] == "Deep Fold (DF) for things"
    assert other["abstract"] == "Deep Fold beats random forests. random forests, GTs and DF."
    assert [c["mentions"] for c in renamed["concepts"]] == [["DF", "Deep Fold"], ["random forests"]]


def test_what_has_many_wordings_keeps_its_names(names: Names) -> None:
    mentions = [f"name{i}" for i in range(MOST_WORDINGS + 1)]
    annotation = {
        "id": "p",
        "concepts": [{"type": "METHOD", "role": "USES", "name": "n", "mentions": mentions}],
    }
    document = {"id": "p", "title": "t", "abstract": " ".join(mentions)}
    assert names.swapped(document, annotation, 1.0, chance(1)) == (document, annotation)
