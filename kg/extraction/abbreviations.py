"""Abbreviations that a text defines itself: "graph neural networks (GNNs)".

The algorithm of A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text" (Pacific Symposium on Biocomputing, 2003): the letters of the short
form are looked for from right to left in the words before it, the first of them at the start of a
word. Three things are added: a plural short form is read as its singular first, square brackets
count as round ones, and a short form must have a capital or a digit, because in this literature
lower-case words in brackets are remarks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kg.text import sentences

_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,200})[)\]]")
_LIST_MARK = re.compile(r"[;,]")
_WORD = re.compile(r"[^\s]+")
#: No long form reaches over one of these.
_BORDER = re.compile(r"[()\[\]:;]")
_EDGES = " \t\n\r\"'“”‘’`$\\{}"
#: In characters; and how far before a bracket a long form may begin.
_SHORTEST, _LONGEST, _REACH = 2, 10, 300


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and its long form; offsets in code points of one text, end exclusive."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int


def definitions(text: str) -> list[Definition]:
    """Return the abbreviations that ``text`` defines, in text order.

    Read are "long form (SHORT)" and "SHORT (long form)", within one sentence.
    """
    bounds = sentences(text)
    starts = [start for start, _ in bounds]
    found = []
    for match in _BRACKETS.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        opening = starts[at] if at >= 0 else 0
        definition = _long_before(text, opening, match) or _short_before(text, opening, match)
        if definition is not None:
            found.append(definition)
    return found


def is_short_form(text: str) -> bool:
    """Tell whether ``text`` can be a short form: at most two words and ten characters, with a letter."""
    core = _core(text)
    return (
        _SHORTEST <= len(core) <= _LONGEST
        and core[0].isalnum()
        and len(core.split()) <= 2
        and any(c.isalpha() for c in core)
        and any(c.isupper() or c.isdigit() for c in core)
    )


def long_form_start(short: str, before: str) -> int | None:
    """Return where in ``before`` the long form of ``short`` starts, if ``before`` ends with one."""
    for letters in dict.fromkeys((_core(short), short)):
        start = _match(letters, before)
        if start is not None and _plausible(letters, before[start:]):
            return start
    return None


def _core(short: str) -> str:
    """Return ``short`` without the plural s of GNNs."""
    return short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short


def _long_before(text: str, opening: int, match: re.Match[str]) -> Definition | None:
    mark = _LIST_MARK.search(match[1])
    inner = match[1][: mark.start()] if mark else match[1]
    span = _trim(text, match.start(1), match.start(1) + len(inner))
    if span is None or not is_short_form(text[slice(*span)]):
        return None
    from_ = max(opening, match.start() - _REACH)
    before = _trim(text, from_, match.start())
    if before is None:
        return None
    start = long_form_start(text[slice(*span)], text[before[0] : before[1]])
    return None if start is None else Definition(*span, before[0] + start, before[1])


def _short_before(text: str, opening: int, match: re.Match[str]) -> Definition | None:
    words = list(_WORD.finditer(text, max(opening, match.start() - _REACH), match.start()))
    if not words:
        return None
    span = _trim(text, words[-1].start(), words[-1].end())
    long = _trim(text, match.start(1), match.end(1))
    if span is None or long is None or not is_short_form(text[slice(*span)]):
        return None
    # What follows the long form in the bracket is a remark: take what ends where a match can end.
    mark = _LIST_MARK.search(text, long[0], long[1])
    end = mark.start() if mark else long[1]
    start = long_form_start(text[slice(*span)], text[long[0] : end])
    return None if start != 0 else Definition(*span, long[0], end)


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return (start, end) if start < end else None


def _match(short: str, before: str) -> int | None:
    """Return the start of the word in which the first letter of ``short`` is found, else None."""
    at = len(before)
    for index in range(len(short) - 1, -1, -1):
        letter = short[index].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and (
            before[at].lower() != letter or (index == 0 and at > 0 and before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    while at > 0 and not before[at - 1].isspace():
        at -= 1
    while at < len(before) and not before[at].isalnum():
        at += 1
    return at


def _plausible(short: str, long: str) -> bool:
    words: Sequence[str] = re.findall(r"\w+", long)
    size = sum(c.isalnum() for c in short)
    return (
        1 <= len(words) <= min(size + 5, size * 2)
        and not _BORDER.search(long)
        and len(long) > len(short)
        and short.lower() not in (word.lower() for word in words)
    )
