"""The reader as a spaCy pipeline, its components registered so that others can use them too.

What they leave in a `Doc` is told in `kg.extraction.documents`. In order:

``kg_sentences``
    sentence starts, by `kg.text.sentences`
``kg_abbreviations``
    short forms that the text itself defines
``kg_tagger``
    the network's scores a word, and the places of concepts and of stated values
``kg_concepts``
    places that mean one thing become one concept, by rules and by a judge of pairs
``kg_roles``
    what the paper does with each concept, and calibrated confidences; concepts that are too unsure go
``kg_results``
    the numbers that the paper states, linked to its concepts
"""

# Annotations stay objects here: spaCy reads those of factories.
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Optional, Protocol

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.abbreviations import Definition, definitions
from kg.extraction.calibration import Calibration
from kg.extraction.decoding import value_spans
from kg.extraction.documents import (
    ABBREVIATIONS,
    COMPONENTS,
    CONCEPTS,
    PLACES,
    RESULTS,
    SCORES,
    UNSURE,
    VALUES,
    Parts,
    Tokens,
    concepts_of,
    data_of,
    extraction_of,
    paper_doc,
    results_of,
    show,
    show_concepts,
    token_bounds,
)
from kg.extraction.encoder import Encoder
from kg.extraction.joining import PairJudge, join
from kg.extraction.judges import MENTIONS, ROLES, Judge
from kg.extraction.labels import KINDS, TYPES
from kg.extraction.lexicon import Lexicon
from kg.extraction.mentions import candidate_table, chosen_places
from kg.extraction.merging import Place, merge
from kg.extraction.options import Options
from kg.extraction.records import Answer
from kg.extraction.results import Value, read_results
from kg.extraction.roles import role_of, role_table
from kg.extraction.tokenizer import NAME as TOKENIZER
from kg.model import FIELDS, Field, Role
from kg.text import sentences

__all__ = ["Reader", "concepts_of", "extraction_of", "make_pipeline", "paper_doc", "results_of"]


def make_pipeline(options: Options, model: Path | None) -> Language:
    """Return the whole pipeline; ``model`` is a folder as `Encoder.load` takes, None the shipped one."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.max_length = sys.maxsize  # windows, not the text's length, decide how much memory is needed
    folder = None if model is None else str(model)
    settings: dict[str, dict[str, Any]] = {
        "kg_tagger": {"model": folder},
        "kg_concepts": {
            "model": folder,
            "one_type": options.one_type,
            "everywhere": options.everywhere,
        },
        "kg_roles": {"model": folder, "least_confidence": options.least_confidence},
    }
    for name in COMPONENTS:
        nlp.add_pipe(name, config=settings.get(name, {}))
    return nlp


class Reader:
    """The pipeline for many papers: what it reads leaves as records, and no `Doc` stays.

    spaCy's vocabulary does not grow: it is set back every `_ZONE` papers. A zone for each paper
    would have spaCy look at every common word again and again.
    """

    _ZONE = 64

    def __init__(self, options: Options, model: Path | None = None) -> None:
        self.nlp = make_pipeline(options, model)
        # Nobody asks these words whether they are like a number or a URL, and asking costs more than reading.
        vocabulary: Any = self.nlp.vocab  # whose type leaves this attribute out
        vocabulary.lex_attr_getters = {}
        self._zone = ExitStack()
        self._left = 0

    def read(self, title: str, abstract: str) -> Answer:
        """Return what is read out of one paper."""
        if not self._left:
            self._zone.close()
            self._zone.enter_context(self.nlp.memory_zone())
            self._left = self._ZONE
        self._left -= 1
        doc = self.nlp(paper_doc(self.nlp, title, abstract))
        return Answer(concepts_of(doc), results_of(doc), data_of(doc, UNSURE, "kg_roles"))


class Sentences:
    """Marks where sentences start; none reaches from the title into the abstract."""

    def __call__(self, doc: Doc) -> Doc:
        """Set the sentence starts of ``doc``."""
        parts = Parts.of(doc)
        title, abstract = parts.texts
        starts = {start for start, _ in sentences(title)}
        starts |= {start + parts.offset for start, _ in sentences(abstract)}
        first = sorted(starts)
        marks: Any = np.full(len(doc), -1, dtype=np.int64)  # Any: spaCy names array types of its own
        # With other tokenizers a sentence may start inside a token: then the token starts it.
        begin, end = token_bounds(doc).T
        marks[np.searchsorted(first, begin) < np.searchsorted(first, end)] = 1
        marks[:1] = 1
        doc.from_array([SENT_START], marks.astype(np.uint64).reshape(-1, 1))
        return doc


class Scorer(Protocol):
    """What gives the scores; `Encoder` is one."""

    def scores(self, title_words: Sequence[str], abstract_words: Sequence[str]) -> NDArray[np.float32]:
        """Return scores of shape (words, `kg.extraction.labels.WIDTH`), title words first."""
        ...


class Tagger:
    """Scores the words with the network, and reads the places of concepts and values off them."""

    def __init__(self, model: Path | None) -> None:
        self._model = model
        #: Loaded at the first text, so that making a pipeline costs little.
        self.encoder: Scorer | None = None
        self._judge: Judge | None = None
        self._lexicon = Lexicon({}, {})

    def __call__(self, doc: Doc) -> Doc:
        """Set scores, places and values of ``doc``."""
        parts = Parts.of(doc)
        words = parts.words()
        if self._judge is None:
            self._judge = Judge.load(MENTIONS, self._model)
            self._lexicon = Lexicon.load(self._model)
        if self.encoder is None:
            self.encoder = Encoder.load(self._model)
        spelt, n_title = words.texts, len(words.title_bounds)
        scores = self.encoder.scores(spelt[:n_title], spelt[n_title:])
        found, table = candidate_table(words, scores, _definitions(doc), self._lexicon)
        places = [
            (p.field, p.start, p.end, p.type, p.confidence)  # astuple would copy each value deeply
            for p in chosen_places(words, found, self._judge.yes(table))
        ]
        values = [
            (*words.place(s.start, s.end), s.kind, s.confidence)
            for s in value_spans(scores, n_title)
            if any(c.isalnum() for word in spelt[s.start : s.end] for c in word)
        ]
        doc.user_data[SCORES] = scores
        doc.user_data[PLACES] = places
        doc.user_data[VALUES] = values
        tokens = Tokens(doc, parts)
        for name, marked in (("concepts", places), ("values", values)):
            show(doc, name, (tokens.span(*place[:4]) for place in marked), [place[4] for place in marked])
        return doc

    def __getstate__(self) -> dict[str, Any]:
        """Leave the network out: a process that spaCy starts loads its own."""
        return {"_model": self._model, "encoder": None, "_judge": None, "_lexicon": Lexicon({}, {})}


class Abbreviations:
    """Finds the abbreviations that the text defines."""

    def __call__(self, doc: Doc) -> Doc:
        """Set the definitions of ``doc``, by field."""
        doc.user_data[ABBREVIATIONS] = {
            field: [(d.short_start, d.short_end, d.long_start, d.long_end) for d in definitions(text)]
            for field, text in zip(FIELDS, Parts.of(doc).texts, strict=True)
        }
        return doc


class Concepts:
    """Merges the places that mean one thing."""

    def __init__(self, model: Path | None, options: Options) -> None:
        self._model = model
        self._options = options
        self._judge: PairJudge | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set the concepts of ``doc``, without roles yet."""
        parts = Parts.of(doc)
        if self._judge is None:
            self._judge = PairJudge.load(self._model)
        texts: dict[Field, str] = dict(zip(FIELDS, parts.texts, strict=True))
        marked = [Place(*place) for place in data_of(doc, PLACES, "kg_tagger")]
        groups = merge(texts, marked, _definitions(doc), self._options)
        groups = join(texts, groups, self._judge)
        doc.user_data[CONCEPTS] = [
            {
                "key": f"c{number}",
                "type": group.type,
                "name": group.name,
                "mentions": [(p.field, p.start, p.end, p.confidence) for p in group.places],
            }
            for number, group in enumerate(groups)
        ]
        show_concepts(doc, parts)
        return doc

    def __getstate__(self) -> dict[str, Any]:
        """Leave the judge out: a process that spaCy starts loads its own."""
        return {**self.__dict__, "_judge": None}


class Roles:
    """Decides the role of each concept, calibrates the confidences, and leaves out what is too unsure."""

    def __init__(self, model: Path | None, least_confidence: float) -> None:
        self._model = model
        self._calibration = Calibration.load(model)
        self._least = least_confidence
        self._judge: Judge | None = None
        self._lexicon = Lexicon({}, {})

    def __call__(self, doc: Doc) -> Doc:
        """Set role and confidence of each concept of ``doc``, and number those that stay."""
        parts = Parts.of(doc)
        if self._judge is None:
            self._judge = Judge.load(ROLES, self._model)
            self._lexicon = Lexicon.load(self._model)
        words = parts.words()
        concepts = data_of(doc, CONCEPTS, "kg_concepts")
        table = role_table(
            words,
            data_of(doc, SCORES, "kg_tagger"),
            [(c["type"], [Place(f, s, e, c["type"], p) for f, s, e, p in c["mentions"]]) for c in concepts],
            _definitions(doc),
            len(doc.user_data.get(VALUES, ())),
            self._lexicon,
        )
        kept: list[dict[str, Any]] = []
        for concept, shares in zip(concepts, self._judge.shares(table), strict=True):
            judged = self._calibrated(concept, *role_of(shares, concept["type"]))
            if judged["confidence"] >= self._least:
                kept.append({**judged, "key": f"c{len(kept)}"})
        doc.user_data[CONCEPTS] = kept
        doc.user_data[UNSURE] = len(concepts) - len(kept)
        show_concepts(doc, parts)
        return doc

    def _calibrated(self, concept: dict[str, Any], role: Role, probability: float) -> dict[str, Any]:
        type_, mentions = concept["type"], concept["mentions"]
        raw = [confidence for *_, confidence in mentions]
        in_title = any(field == "title" for field, *_ in mentions)
        return {
            **concept,
            "role": role,
            "confidence": self._calibration.of_edge(type_, role, raw, probability, in_title),
            "mentions": [(f, s, e, self._calibration.of_mention(type_, c)) for f, s, e, c in mentions],
        }

    def __getstate__(self) -> dict[str, Any]:
        """Leave the judge out: a process that spaCy starts loads its own."""
        return {**self.__dict__, "_judge": None, "_lexicon": Lexicon({}, {})}


class Results:
    """Links the stated values to the concepts."""

    def __call__(self, doc: Doc) -> Doc:
        """Set the results of ``doc``."""
        values = [Value(f, s, e, kind) for f, s, e, kind, _ in data_of(doc, VALUES, "kg_tagger")]
        found = read_results(*Parts.of(doc).texts, concepts_of(doc), values)
        doc.user_data[RESULTS] = [asdict(result) for result in found]
        return doc


def _definitions(doc: Doc) -> dict[Field, list[Definition]]:
    defined = doc.user_data.get(ABBREVIATIONS, {})
    return {field: [Definition(*d) for d in defined.get(field, ())] for field in FIELDS}


@Language.factory("kg_sentences", assigns=["token.is_sent_start", "doc.sents"])
def make_sentences(nlp: Language, name: str) -> Sentences:
    """Make ``kg_sentences``."""
    return Sentences()


@Language.factory("kg_tagger", default_config={"model": None}, assigns=["doc.spans"])
def make_tagger(nlp: Language, name: str, model: Optional[str]) -> Tagger:  # noqa: UP045 - confection reads it
    """Make ``kg_tagger``; ``model`` is a folder with the network, None the shipped one."""
    for label in (*TYPES, *KINDS):
        nlp.vocab.strings.add(label)  # for good, not for one memory zone
    return Tagger(None if model is None else Path(model))


@Language.factory("kg_abbreviations")
def make_abbreviations(nlp: Language, name: str) -> Abbreviations:
    """Make ``kg_abbreviations``."""
    return Abbreviations()


@Language.factory(
    "kg_concepts",
    default_config={
        "model": None,
        "one_type": Options().one_type,
        "everywhere": Options().everywhere,
    },
    requires=["doc.spans"],
    assigns=["doc.spans"],
)
def make_concepts(
    nlp: Language,
    name: str,
    model: Optional[str],  # noqa: UP045 - confection reads it
    one_type: bool,
    everywhere: bool,
) -> Concepts:
    """Make ``kg_concepts``; ``model`` is a folder with the judge of pairs, the rest are of `Options`."""
    return Concepts(None if model is None else Path(model), Options(one_type=one_type, everywhere=everywhere))


@Language.factory(
    "kg_roles",
    default_config={"model": None, "least_confidence": Options().least_confidence},
    requires=["doc.spans"],
    assigns=["doc.spans"],
)
def make_roles(
    nlp: Language,
    name: str,
    model: Optional[str],  # noqa: UP045 - confection reads it
    least_confidence: float,
) -> Roles:
    """Make ``kg_roles``; ``model`` is a folder with the calibration, None the shipped one."""
    return Roles(None if model is None else Path(model), least_confidence)


@Language.factory("kg_results", requires=["doc.spans"])
def make_results(nlp: Language, name: str) -> Results:
    """Make ``kg_results``."""
    return Results()
