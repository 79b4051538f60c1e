"""Sentences that say what is a kind of what: "optimisers such as Adam and SGD".

The patterns of M. Hearst, "Automatic acquisition of hyponyms from large text corpora" (1992), between
concepts that are already read: only the words between their places are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.relations.view import PaperView, Place, Spoken

#: Words that name no kind, and may follow one: "contrastive learning methods such as SimCLR".
_HEAD = (
    r"(?:\s+(?:methods?|models?|approaches|approach|techniques?|algorithms?|architectures?|frameworks?|tasks?"
    r"|problems?|variants?|families|family|systems?|metrics?|measures?|losses|networks?|strategies|settings?"
    r"|baselines?|applications?|scenarios|schemes|backbones?|encoders?|learners|paradigms))?"
)
_ASIDE = r"(?:\s*[(\[][^()\[\]]{0,60}[)\]])?"
_SUCH_AS = re.compile(
    rf"{_ASIDE}{_HEAD}{_ASIDE}\s*,?\s*[(\[]?\s*"
    r"(?:such\s+as|including|like|e\.\s?g\.\s?,?|for\s+example,?|for\s+instance,?|especially|in\s+particular,?|(?P<same>i\.\s?e\.\s?,?|namely))"
    r"\s*(?:the|both|standard|popular|classical|recent|well-known)?\s*",
    re.IGNORECASE,
)
_AND_OTHER = re.compile(
    rf"{_ASIDE}{_HEAD}\s*,?\s*(?:and|or|as\s+well\s+as)\s+(?:many\s+|several\s+)?other"
    r"(?:\s+(?:popular|common|recent|existing|related|similar|types\s+of|kinds\s+of|forms\s+of))?\s*",
    re.IGNORECASE,
)
_KIND_OF = re.compile(
    rf"{_ASIDE}{_HEAD}\s*,?\s*(?:(?:which\s+)?(?:is|are)|as)?\s*(?:a|an|one)?\s*"
    r"(?:special\s+)?(?:type|kind|form|variant|instance|case|class|subclass|subfield|example)s?\s+of\s+(?:the\s+)?",
    re.IGNORECASE,
)
#: Between two things of one list.
_LIST = re.compile(
    rf"{_ASIDE}{_HEAD}\s*(?:,|;|/)?\s*(?:and|or|&|as\s+well\s+as)?\s*(?:the|e\.\s?g\.\s?,?)?\s*",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[,;/&]|\band\b|\bor\b|\bas\s+well\s+as\b", re.IGNORECASE)

#: Code points between two concepts that a pattern can span.
_FARTHEST = 300
#: Share of claims of each pattern that were right among those read for tuning.
SURENESS = {"such as": 0.82, "and other": 0.7, "kind of": 0.8}


@dataclass(frozen=True, slots=True)
class Said:
    """That a sentence says ``narrower`` is a kind of ``broader``, and by which pattern."""

    narrower: Spoken
    broader: Spoken
    how: str
    sentence: int


def said(paper: PaperView) -> Iterator[Said]:
    """Yield what the sentences of ``paper`` say; only concepts of one type are kinds of each other."""
    lines: dict[int, list[tuple[Place, Spoken]]] = {}
    for one in paper.concepts:
        for place in one.places:
            lines.setdefault(place.sentence, []).append((place, one))
    for sentence, line in sorted(lines.items()):
        if len(line) > 1:
            line.sort(key=lambda found: (found[0].start, found[0].end))
            yield from _sentence(paper.text(line[0][0].field), sentence, line)


def _sentence(text: str, sentence: int, line: Sequence[tuple[Place, Spoken]]) -> Iterator[Said]:
    for at, (place, one) in enumerate(line[:-1]):
        after, other = line[at + 1]
        gap = _gap(text, place, after)
        if match := _SUCH_AS.fullmatch(gap):
            named = list(_run(text, line, at + 1, 1))
            if match["same"] and len(named) == 1:
                continue  # "complexity, i.e. FLOPs" is another name more often than a kind
            for narrower in named:
                yield from _claim(narrower, one, "such as", sentence)
        elif _AND_OTHER.fullmatch(gap):
            for narrower in _run(text, line, at, -1):
                yield from _claim(narrower, other, "and other", sentence)
        elif _KIND_OF.fullmatch(gap):
            yield from _claim(one, other, "kind of", sentence)


def _gap(text: str, left: Place, right: Place) -> str:
    """Return the words between two places with single blanks, on runs of which the patterns would take long.

    Empty, which fits no pattern, where they are more than any pattern has.
    """
    gap = text[left.end : right.start]
    return re.sub(r"\s+", " ", gap) if len(gap) <= _FARTHEST else ""


def _run(text: str, line: Sequence[tuple[Place, Spoken]], at: int, step: int) -> Iterator[Spoken]:
    """Yield the things of the list that goes on from ``at``, to the right or to the left."""
    type_ = line[at][1].type
    while True:
        yield line[at][1]
        if not 0 <= at + step < len(line) or line[at + step][1].type != type_:
            return
        left, right = sorted((at, at + step))
        gap = _gap(text, line[left][0], line[right][0])
        if not _LIST.fullmatch(gap) or not _JOINED.search(gap):
            return
        at += step


def _claim(narrower: Spoken, broader: Spoken, how: str, sentence: int) -> Iterator[Said]:
    if narrower.type == broader.type and narrower.concept != broader.concept:
        yield Said(narrower, broader, how, sentence)
