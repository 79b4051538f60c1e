"""What a paper does with a concept, and whether it is one at all, from all its mentions.

The network scores every word for the six roles, in the context of the whole paper. `features` puts
together what it says of a concept's mentions, where they stand, how sure they are and what else the
paper has; the judge of roles (`kg.extraction.judges`) turns that into a probability for each role, and
one for "none": that the concept is wrong. A role that the guideline does not allow for the type is out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction.labels import ALLOWED_ROLES, ROLE_SLICE, ROLES, TYPES
from kg.extraction.probabilities import softmax
from kg.extraction.surfaces import is_acronym
from kg.model import FIELDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.extraction.abbreviations import Definition
    from kg.extraction.lexicon import Lexicon
    from kg.extraction.merging import Place
    from kg.extraction.words import Words
    from kg.model import ConceptType, Field, Role

#: What the judge answers: a role, or that type or surfaces are wrong.
ANSWERS = (*ROLES, "none")

FEATURES = (
    *("one", *(f"all {role}" for role in ROLES)),
    *(f"first {role}" for role in ROLES),
    *(f"title {role}" for role in ROLES),
    *(f"most {role}" for role in ROLES),
    *(f"type {type_}" for type_ in TYPES),
    *("best mention", "mean mention", "worst mention", "mentions", "title mentions", "surfaces"),
    *("first place", "last place", "words", "acronym", "short form", "before colon", "title words"),
    *(f"name as {type_}" for type_ in TYPES),
    *("name unmarked", *(f"name {role}" for role in ROLES)),
    *("concepts", "of the type", "order", "best other proposal", "best other of the type", "values"),
)


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept as the judge sees it: ``spans`` of words (end exclusive, title first), at least one.

    ``confidences`` are those of the spans, ``surfaces`` the strings there.
    """

    type: ConceptType
    spans: Sequence[tuple[int, int]]
    confidences: Sequence[float]
    surfaces: Sequence[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all concepts of a paper share: counts of words and values, and the colon of the title.

    ``colon`` is the word after which the title goes on behind its first colon, or -1.
    ``short_forms`` are the abbreviations that the text defines.
    """

    n_title: int
    n_words: int
    colon: int
    short_forms: frozenset[str]
    n_values: int


def features(
    scores: NDArray[Any], concepts: Sequence[Concept], setting: Setting, lexicon: Lexicon
) -> NDArray[np.float32]:
    """Return a row of `FEATURES` for each concept; ``concepts`` come in the order of first mention.

    ``scores`` has shape (words, `kg.extraction.labels.WIDTH`).
    """
    logits = scores[:, ROLE_SLICE].astype(np.float64)
    means = [_mean(logits, concept.spans) for concept in concepts]
    proposals = np.array([mean[0] for mean in means])
    rows = []
    for order, (concept, mean) in enumerate(zip(concepts, means, strict=True)):
        others = np.delete(proposals, order)
        alike = [p for i, p in enumerate(proposals) if i != order and concepts[i].type == concept.type]
        rows.append(
            (
                *(1.0, *mean),
                *_of_mentions(logits, concept, setting),
                *(float(concept.type == type_) for type_ in TYPES),
                *_of_places(concept, setting),
                *_of_names(concept, lexicon),
                *(len(concepts), len(alike) + 1, order / len(concepts)),
                *(others.max(initial=0.0), max(alike, default=0.0), setting.n_values),
            )
        )
    return np.array(rows, dtype=np.float32).reshape(len(concepts), len(FEATURES))


def role_table(
    words: Words,
    scores: NDArray[Any],
    concepts: Sequence[tuple[ConceptType, Sequence[Place]]],
    definitions: Mapping[Field, Sequence[Definition]],
    n_values: int,
    lexicon: Lexicon,
) -> NDArray[np.float32]:
    """Return a row of `FEATURES` for each concept, given by type and places in text order."""
    texts = {"title": words.title, "abstract": words.abstract}
    colon = words.title.find(":")
    setting = Setting(
        n_title=len(words.title_bounds),
        n_words=len(scores),
        colon=-1 if colon < 0 else words.span("title", 0, colon)[1] + 1,
        short_forms=frozenset(
            texts[field][d.short_start : d.short_end] for field in FIELDS for d in definitions.get(field, ())
        ),
        n_values=n_values,
    )
    seen = [
        Concept(
            type=type_,
            spans=[words.span(p.field, p.start, p.end) for p in places],
            confidences=[p.confidence for p in places],
            surfaces=[texts[p.field][p.start : p.end] for p in places],
        )
        for type_, places in concepts
    ]
    return features(scores, seen, setting, lexicon)


def role_of(shares: NDArray[np.float64], type_: ConceptType) -> tuple[Role, float]:
    """Return the likeliest role of a concept and its probability, not calibrated yet.

    ``shares`` are the probabilities of `ANSWERS`.
    """
    allowed = [ROLES.index(role) for role in ALLOWED_ROLES[type_]]
    best = max(allowed, key=lambda role: (shares[role], -role))
    role: Role = ROLES[best]  # type: ignore[assignment]  # the same six literals
    return role, float(shares[best])


def _mean(logits: NDArray[np.float64], spans: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Return the role probabilities by the mean logits of all words of ``spans``."""
    words = [word for start, end in spans for word in range(start, end)]
    if not words:
        return np.zeros(logits.shape[1])
    return softmax(logits[words].mean(axis=0))


def _of_mentions(logits: NDArray[np.float64], concept: Concept, setting: Setting) -> list[float]:
    each = [_mean(logits, [span]) for span in concept.spans]
    title = _mean(logits, [span for span in concept.spans if span[0] < setting.n_title])
    return [*each[0], *title, *np.max(each, axis=0)]


def _of_places(concept: Concept, setting: Setting) -> tuple[float, ...]:
    first, last = concept.spans[0], concept.spans[-1]
    surfaces = list(dict.fromkeys(concept.surfaces))
    return (
        max(concept.confidences),
        sum(concept.confidences) / len(concept.confidences),
        min(concept.confidences),
        len(concept.spans),
        sum(start < setting.n_title for start, _ in concept.spans),
        len(surfaces),
        first[0] / max(setting.n_words, 1),
        last[0] / max(setting.n_words, 1),
        first[1] - first[0],
        any(map(is_acronym, surfaces)),
        any(surface in setting.short_forms for surface in surfaces),
        any(end < setting.colon for _, end in concept.spans),
        setting.n_title,
    )


def _of_names(concept: Concept, lexicon: Lexicon) -> tuple[float, ...]:
    """Return what the annotated papers made of the concept's best-known surface."""
    known = [lexicon.name(lexicon.key(surface)) for surface in dict.fromkeys(concept.surfaces)]
    counts = max(known, key=lambda row: sum(row[: len(TYPES)]))
    return (*counts[: len(TYPES) + 1], *counts[len(TYPES) + 2 :])
