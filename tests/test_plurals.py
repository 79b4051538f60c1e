"""The singular of words, the same within a paper and across papers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.surfaces import surface_key
from kg.plurals import singular
from kg.resolution.normal import key

PAIRS = {
    "networks": "network", "classes": "class", "losses": "loss", "approaches": "approach", "boxes": "box",
    "vocabularies": "vocabulary", "analyses": "analysis", "matrices": "matrix", "caches": "cache",
    "niches": "niche", "lenses": "lens", "viruses": "virus", "corpuses": "corpus", "corpora": "corpus",
    "bases": "base", "databases": "database", "phases": "phase", "causes": "cause", "videos": "video",
    "scenarios": "scenario", "cameras": "camera", "schemas": "schema", "topics": "topic", "axes": "axis",
    "movies": "movie", "heroes": "hero", "biases": "bias",
}  # fmt: skip
ALONE = (
    "bayes bias canvas lens virus corpus analysis basis robotics dynamics semantics chaos series news class "
    "loss gas os is"
)


@pytest.mark.parametrize(("plural", "one"), PAIRS.items())
def test_a_plural_has_its_singular(plural: str, one: str) -> None:
    assert singular(plural) == one
    for form in (surface_key, key):
        assert form(f"large {plural}") == form(f"large {one}")


@pytest.mark.parametrize("word", ALONE.split())
def test_what_is_no_plural_stays(word: str) -> None:
    assert singular(word) == word


@given(st.from_regex(r"[a-z]{0,9}(?:|s|es|ies|ches|ics|as|os|us)", fullmatch=True))
def test_a_singular_is_its_own(word: str) -> None:
    assert singular(singular(word)) == singular(word)
