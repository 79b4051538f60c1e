"""A paper as a spaCy `Doc`, and what the components tell each other in it.

A paper is one `Doc`: the title, `SEPARATOR`, the abstract, and in ``doc.user_data`` how long the
title is. A `Doc` without that is read as an abstract without a title.

``doc.spans["concepts"]`` and ``doc.spans["values"]`` are there to be shown (by displaCy, for one).
What the components tell each other is plain data in ``doc.user_data``, under the names below, with
offsets in code points of title or abstract; so it survives `Doc.to_bytes`, and needs no extension
attributes, which spaCy keeps for the whole process.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from kg.errors import UsageError
from kg.extraction.wordpieces import word_bounds
from kg.extraction.words import Words
from kg.model import FIELDS, Extraction, Field, Mention, PaperConcept, Result
from kg.text import replace_surrogates

SEPARATOR = "\n\n"
COMPONENTS = ("kg_sentences", "kg_abbreviations", "kg_tagger", "kg_concepts", "kg_roles", "kg_results")
# Names in `Doc.user_data`.
TITLE_LENGTH = "kg.title_length"
TEXTS = "kg.texts"
SCORES = "kg.scores"
PLACES = "kg.places"
VALUES = "kg.values"
ABBREVIATIONS = "kg.abbreviations"
CONCEPTS = "kg.concepts"
UNSURE = "kg.unsure"
RESULTS = "kg.results"


def paper_doc(nlp: Language, title: str, abstract: str) -> Doc:
    """Return the unread `Doc` of a paper, ready for ``nlp(doc)``. Lone surrogates become U+FFFD."""
    title, abstract = replace_surrogates(title)[0], replace_surrogates(abstract)[0]
    doc: Doc = nlp.tokenizer(f"{title}{SEPARATOR}{abstract}")
    doc.user_data[TITLE_LENGTH] = len(title)
    return doc


def extraction_of(doc: Doc, *, paper_id: str = "", extractor: str = "") -> Extraction:
    """Return the records of a `Doc` that went through the whole pipeline."""
    return Extraction(
        paper_id=paper_id, extractor=extractor, concepts=concepts_of(doc), results=results_of(doc)
    )


def concepts_of(doc: Doc) -> tuple[PaperConcept, ...]:
    """Return the concepts that ``kg_roles`` left in ``doc``."""
    texts = dict(zip(FIELDS, Parts.of(doc).texts, strict=True))
    return tuple(
        PaperConcept(
            key=concept["key"],
            type=concept["type"],
            role=concept["role"],
            name=concept["name"],
            confidence=concept["confidence"],
            mentions=tuple(
                Mention(field=f, start=s, end=e, text=texts[f][s:e], confidence=c)
                for f, s, e, c in concept["mentions"]
            ),
        )
        for concept in data_of(doc, CONCEPTS, "kg_roles")
    )


def results_of(doc: Doc) -> tuple[Result, ...]:
    """Return the results that ``kg_results`` left in ``doc``."""
    return tuple(Result(**result) for result in data_of(doc, RESULTS, "kg_results"))


@dataclass(frozen=True, slots=True)
class Parts:
    """Title and abstract of a `Doc`; ``offset`` is where the abstract starts in its text."""

    texts: tuple[str, str]
    offset: int

    @classmethod
    def of(cls, doc: Doc) -> Parts:
        """Return the parts of ``doc``."""
        length = doc.user_data.get(TITLE_LENGTH)
        offset = 0 if length is None else length + len(SEPARATOR)
        if TEXTS not in doc.user_data:  # spaCy puts a text together anew whenever it is asked
            text = doc.text
            doc.user_data[TEXTS] = (text[: length or 0], text[offset:])
        title, abstract = doc.user_data[TEXTS]
        return cls((title, abstract), offset)

    def words(self) -> Words:
        """Return the words of title and abstract."""
        title, abstract = self.texts
        return Words(title, abstract, word_bounds(title), word_bounds(abstract))


def data_of(doc: Doc, name: str, maker: str) -> Any:
    """Return what ``maker`` left in ``doc`` under ``name``; UsageError where it did not run."""
    if name not in doc.user_data:
        raise UsageError(
            f"the pipeline lacks {maker}, or has it too late: add the components in the order "
            f"{', '.join(COMPONENTS)}, or take kg.pipeline()"
        )
    return doc.user_data[name]


class Tokens:
    """Finds the tokens that cover given code points, whatever tokenizer made them."""

    def __init__(self, doc: Doc, parts: Parts) -> None:
        self._doc = doc
        self._shift = {"title": 0, "abstract": parts.offset}
        self._starts = token_bounds(doc)[:, 0].tolist()

    def span(self, field: Field, start: int, end: int, label: str, key: str = "") -> Span:
        """Return the tokens that hold code points ``start`` to ``end`` of ``field``."""
        shift = self._shift[field]
        first = bisect_right(self._starts, start + shift) - 1
        last = bisect_left(self._starts, end + shift)
        return Span(self._doc, first, last, label=label, span_id=key)


def token_bounds(doc: Doc) -> NDArray[np.int64]:
    """Return first code point and the one after the last of every token. *Shape:* (tokens, 2)."""
    table = doc.to_array([IDX, LENGTH]).astype(np.int64).reshape(-1, 2)
    return np.stack((table[:, 0], table[:, 0] + table[:, 1]), axis=1)


def show(doc: Doc, name: str, spans: Iterable[Span], scores: list[float]) -> None:
    """Set a group of spans, for people to see, with a score each."""
    doc.spans[name] = SpanGroup(doc, name=name, spans=list(spans), attrs={"scores": scores})


def show_concepts(doc: Doc, parts: Parts) -> None:
    """Show the concepts of ``doc`` as they are now."""
    tokens = Tokens(doc, parts)
    spans, scores = [], []
    for concept in doc.user_data[CONCEPTS]:
        for field, start, end, confidence in concept["mentions"]:
            spans.append(tokens.span(field, start, end, concept["type"], concept["key"]))
            scores.append(confidence)
    show(doc, "concepts", spans, scores)
