"""What the network is trained on: every annotated mention, and nothing that is not there."""

from __future__ import annotations

import numpy as np
import pytest

from kg.extraction.encoder import MODEL
from kg.extraction.labels import CONCEPT_TAGS, ROLES, TYPES, VALUE_TAGS
from kg.extraction.wordpieces import WordPieces
from kg.training.examples import Example, examples
from kg.training.pseudo import Teacher

DOCUMENT = {
    "id": "p1",
    "title": "GraphFold: Protein Folding with Graph Attention Networks",
    "abstract": (
        "We propose GraphFold, a graph attention network for protein folding. "
        "On CASP14 it reaches an accuracy of 92.4%, and outperforms a recurrent neural network."
    ),
}
ANNOTATION = {
    "id": "p1",
    "concepts": [
        {"type": "METHOD", "role": "PROPOSES", "name": "GraphFold", "mentions": ["GraphFold"]},
        {
            "type": "TASK",
            "role": "ADDRESSES",
            "name": "protein folding",
            "mentions": ["Protein Folding", "protein folding"],
        },
        {"type": "DATASET", "role": "USES", "name": "CASP14", "mentions": ["CASP14"]},
    ],
    "results": [
        {
            "method": "GraphFold",
            "task": "",
            "dataset": "CASP14",
            "metric": "accuracy",
            "value": "92.4%",
            "kind": "absolute",
        }
    ],
}


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces((MODEL / "tokenizer.json").read_text("utf8"))


def words_of(example: Example) -> np.ndarray:
    return np.flatnonzero(np.array(example.window.words) >= 0)


def test_annotation_becomes_certain_tags(pieces: WordPieces) -> None:
    (example,) = examples(DOCUMENT, ANNOTATION, pieces)
    words = words_of(example)
    for table, names in ((example.tags, CONCEPT_TAGS), (example.values, VALUE_TAGS)):
        assert table.shape == (len(example.window.words), len(names))
        assert set(np.unique(table)) <= {0.0, 1.0}
        assert (table[words].sum(axis=1) == 1).all()
        assert table.sum() == len(words)  # what stands for no word has no target
    begins = {kind: int(example.tags[:, CONCEPT_TAGS.index(f"B-{kind}")].sum()) for kind in TYPES}
    assert begins == {"METHOD": 2, "DATASET": 1, "TASK": 2, "METRIC": 0}
    assert example.values[:, VALUE_TAGS.index("B-absolute")].sum() == 1


def test_an_annotation_without_results_is_silver_and_nothing_is_known_of_values(pieces: WordPieces) -> None:
    without = {name: value for name, value in ANNOTATION.items() if name != "results"}
    (example,), (whole,) = examples(DOCUMENT, without, pieces), examples(DOCUMENT, ANNOTATION, pieces)
    assert not example.values.any()
    assert (example.tags == whole.tags).all()
    assert (example.silver, whole.silver) == (True, False)


def test_a_concept_has_its_role_and_all_its_words(pieces: WordPieces) -> None:
    (example,) = examples(DOCUMENT, ANNOTATION, pieces)
    roles = [ROLES[int(role.argmax())] for role, _ in example.concepts]
    assert sorted(roles) == ["ADDRESSES", "PROPOSES", "USES"]
    assert sorted(len(positions) for _, positions in example.concepts) == [1, 2, 4]
    for role, positions in example.concepts:
        assert role.sum() == 1
        assert (example.tags[positions, 0] == 0).all()


def test_a_long_paper_is_taught_in_windows_that_cover_it(pieces: WordPieces) -> None:
    long = {**DOCUMENT, "abstract": " ".join([DOCUMENT["abstract"]] * 40)}
    windows = list(examples(long, ANNOTATION, pieces))
    assert len(windows) > 1
    covered = {word for example in windows for word in example.window.words if word >= 0}
    assert covered == set(range(max(covered) + 1))
    for example in windows:
        assert all(example.tags[positions, 0].max() == 0 for _, positions in example.concepts)


def test_the_reader_teaches_probabilities(pieces: WordPieces) -> None:
    (example,) = Teacher(None).examples(DOCUMENT, pieces)
    words = words_of(example)
    for table in (example.tags, example.values):
        assert table.min() >= 0
        assert np.allclose(table[words].sum(axis=1), 1, atol=1e-5)
        assert np.isclose(table.sum(), len(words), atol=1e-3)
    for role, positions in example.concepts:
        assert np.isclose(role.sum(), 1, atol=1e-5)
        assert positions


@pytest.mark.parametrize("text", ["", " \x00\x1f ", "\U0001f600" * 700, "(" * 2000])
def test_the_reader_annotates_any_text(pieces: WordPieces, text: str) -> None:
    for example in Teacher(None).examples({"id": "p", "title": text, "abstract": text}, pieces):
        assert np.isfinite(example.tags).all()
