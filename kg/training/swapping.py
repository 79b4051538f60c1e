"""Annotated papers in which some concepts go by the names of another paper's concepts.

What a paper does with a thing, and where its name ends, should be read from the text around the name; a
network that is shown a paper once more knows the names instead. So each time that a paper is shown, some of
its concepts get names from elsewhere: of the same type, of a concept that is proposed for one that is
proposed, with as many wordings, short forms for short forms and plurals for plurals.
Source: X. Dai and H. Adel, "An analysis of simple data augmentation for named entity recognition", 2020
(mention replacement).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from kg.extraction.occurrences import places
from kg.model import FIELDS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

#: Concepts with more wordings than this keep their names.
MOST_WORDINGS = 3

#: Type, whether it is proposed, and the form of each wording.
_Kind = tuple[str, bool, tuple["_Form", ...]]
#: Whether a wording is a phrase (not a short form), a plural, and begins with a gerund.
_Form = tuple[bool, bool, bool]


class Names:
    """The wordings of annotated concepts, to be put in the place of each other's."""

    def __init__(self, annotations: Iterable[dict[str, Any]]) -> None:
        self._names: dict[_Kind, list[tuple[str, ...]]] = defaultdict(list)
        for annotation in annotations:
            for concept in annotation["concepts"]:
                wordings = _wordings(concept["mentions"])
                if len(wordings) <= MOST_WORDINGS:
                    self._names[_kind(concept, wordings)].append(wordings)

    def swapped(
        self, document: dict[str, Any], annotation: dict[str, Any], share: float, rng: random.Random
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the paper and its annotation with each concept, with probability ``share``, renamed.

        The text between the mentions stays as it is, and so do types, roles, order and results. Where
        two concepts would share a mention, the paper is returned as it was.
        """
        new: dict[str, str] = {}
        concepts = []
        for concept in annotation["concepts"]:
            wordings = _wordings(concept["mentions"])
            others = self._names.get(_kind(concept, wordings), ())
            if others and rng.random() < share:
                other = dict(zip((w.lower() for w in wordings), rng.choice(others), strict=True))
                by = {m: _cased(other[m.lower()], m) for m in concept["mentions"]}
                new |= by
                concepts.append(concept | {"mentions": sorted(set(by.values()))})
            else:
                concepts.append(concept)
        mentions = _mentions(concepts)
        if not new or len(set(mentions)) < len(mentions):
            return document, annotation
        known = _mentions(annotation["concepts"])
        texts = {field: _replaced(document[field], known, new) for field in FIELDS}
        return document | texts, annotation | {"concepts": concepts}


def _mentions(concepts: Iterable[dict[str, Any]]) -> list[str]:
    return [mention for concept in concepts for mention in concept["mentions"]]


def _replaced(text: str, mentions: Sequence[str], new: dict[str, str]) -> str:
    parts, at = [], 0
    for start, end, mention in places(text, mentions):
        parts += [text[at:start], new.get(mention, mention)]
        at = end
    return "".join([*parts, text[at:]])


def _wordings(mentions: Iterable[str]) -> tuple[str, ...]:
    """Return the mentions, one of each that differ by case alone, in the order of their forms."""
    one = {mention.lower(): mention for mention in sorted(mentions, reverse=True)}
    return tuple(sorted(one.values(), key=lambda mention: (_form(mention), mention.lower())))


def _kind(concept: dict[str, Any], wordings: Iterable[str]) -> _Kind:
    return concept["type"], concept["role"] == "PROPOSES", tuple(map(_form, wordings))


def _form(wording: str) -> _Form:
    words = wording.lower().split()
    if len(words) == 1 and sum(map(str.isupper, wording)) > 1:
        return False, False, False
    return True, words[-1].endswith("s"), words[0].endswith("ing")


def _cased(name: str, like: str) -> str:
    return name[0].upper() + name[1:] if like[0].isupper() else name
