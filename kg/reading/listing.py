"""Listing pages: titles and abstracts copied from a web page, with the page's furniture between.

Two layouts are known, one with a blank line after each paragraph, one without. Neither marks what is
a title and what an abstract: as a rule they alternate, but abstracts may be missing or run over
several paragraphs. So each line is weighed by its form (length, sentences, capitals), and the most
probable sequence of titles and abstracts is taken, with Viterbi's algorithm (1967,
doi:10.1109/TIT.1967.1054010) over two states. No text is known to this module but the furniture.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.reading.later import is_binary
from kg.reading.records import filled, paper
from kg.reading.source import TOO_LONG, Line
from kg.report import Report
from kg.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.model import Paper
    from kg.reading.source import Source

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\.?"
_DATE = (
    rf"(?:{_DAY},?\s+)?(?:{_MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?|\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?)|"
    r"\d{4}-\d\d-\d\d"
)
_GREETING = r"get trending papers in your email inbox(?: once a day)?\s*[!.]?"
#: Lines that are never a title nor an abstract, wherever they stand.
_FURNITURE = re.compile(
    rf"new|{_GREETING}|subscribe|by\s?\S{{1,40}} and the research community|{_DATE}", re.IGNORECASE
)
#: Lines that belong to a page's head and foot, but might be a title in between.
_MARGIN = re.compile(
    r"(?:daily |trending |weekly |monthly )?papers|previous|next|load more|today|yesterday|upvotes?|\d{1,5}|"
    r"models|datasets|spaces|collections|community|posts|docs|documentation|pricing|enterprise|solutions|"
    r"log ?in|sign ?(?:in|up)|company|website|tos|privacy|about|jobs|careers|submitted by|system theme|"
    r"view (?:all|more).{0,20}|(?:©|\(c\)|copyright) .{1,60}",
    re.IGNORECASE,
)
_GREETED = re.compile(_GREETING, re.IGNORECASE)
_GLUED = re.compile(r"subscribe(?=\S)", re.IGNORECASE)
_MARKUP = re.compile(
    r"#{1,6} |```|[-*+] |\d{1,3}[.)] |[>|=~<{}\[\]]|\w+\s*[:=]\s*\S{0,40}$|(?:import|def|from) "
)

#: What it costs that a title has no abstract, that an abstract goes on, that a page begins without a
#: title: natural logarithms of odds against, checked on made-up pages of other papers.
_NO_ABSTRACT, _GOES_ON, _NO_TITLE = 6.0, 6.0, 6.0
#: No single line weighs more than this, so that no form outweighs everything around it.
_MOST = 8.0


@dataclass(frozen=True, slots=True)
class _Unit:
    """A line that is no furniture; ``gap`` is the number of blank lines before it."""

    line: int
    text: str
    gap: int
    problem: str


def read(source: Source) -> Iterator[Paper]:
    """Yield the papers of a listing page; what stands before the first title is dropped."""
    for ordinal, (title, body) in enumerate(_listings(source), 1):
        damaged = next((unit for unit in (title, *body) if unit.problem), None)
        if damaged:
            source.drop(damaged.problem, damaged.line)
            continue
        abstract = "".join("\n" * (unit.gap + 1) * (i > 0) + unit.text for i, unit in enumerate(body))
        raw = {"title": [title.text], "abstract": [abstract]}
        if found := paper(raw, source=source, ordinal=ordinal, line=title.line):
            yield found


def recognise(head: str, whole: bool) -> bool:
    """Return whether ``head`` begins a listing page: it has the furniture, or strictly its pattern."""
    texts = head.split("\n") if whole else head.split("\n")[:-1]
    if any(_GREETED.fullmatch(text.strip()) for text in texts[:50]):
        return True
    if is_binary(head):
        return False
    lines = (Line(number, text) for number, text in enumerate(texts, 1))
    labelled = list(_labelled(_units(lines, Report())))
    if len(labelled) < 2:
        return False
    titles = sum(is_title for _, is_title in labelled)
    follows = zip(labelled, [*labelled[1:], (None, True)], strict=True)
    paired = sum(is_title and not next_is_title for (_, is_title), (_, next_is_title) in follows)
    clear = sum((_weight(unit) < 0) == is_title for unit, is_title in labelled)
    marked = sum(_MARKUP.match(unit.text) is not None for unit, _ in labelled)
    return (
        labelled[0][1]
        and paired >= 0.7 * titles
        and len(labelled) <= 2.5 * titles
        and clear >= 0.9 * len(labelled)
        and marked <= 0.1 * len(labelled)
    )


def _listings(source: Source) -> Iterator[tuple[_Unit, list[_Unit]]]:
    title: _Unit | None = None
    body: list[_Unit] = []
    for unit, is_title in _labelled(_units(source.lines(), source.report)):
        if not is_title:
            body.append(unit)
            continue
        if title:
            yield title, body
        elif body:
            source.drop("text before the first title", body[0].line)
        title, body = unit, []
    if title:
        yield title, body
    elif body:
        source.drop("text before the first title", body[0].line)


def _units(lines: Iterable[Line], report: Report) -> Iterator[_Unit]:
    """Yield the lines that are no furniture."""
    gap, begun, greeted = 0, False, False
    held: list[_Unit] = []  # may be the page's foot
    for line in lines:
        text = line.text.strip()
        if greeted and not begun and (glued := _GLUED.match(text)):
            text = text[glued.end() :].strip()
            report.count("reading.furniture_lines")
        if not filled(text) and not line.problem:
            gap += 1
            continue
        greeted = greeted or _GREETED.fullmatch(text) is not None
        if _FURNITURE.fullmatch(text) or (not begun and _MARGIN.fullmatch(text)):
            report.count("reading.furniture_lines")
            continue
        unit = _Unit(line.number, text, gap, line.problem)
        gap, begun = 0, True
        held.append(unit)
        if not _MARGIN.fullmatch(text):
            yield from held
            held.clear()
    report.count("reading.furniture_lines", len(held))


def _labelled(units: Iterable[_Unit]) -> Iterator[tuple[_Unit, bool]]:
    """Yield each unit with whether it is a title: the most probable sequence.

    Where both states were best reached from the same one, all before is settled and handed on.
    """
    # Costs of the best sequences that end in a title and in an abstract; lower is better.
    as_title, as_abstract = 0.0, _NO_TITLE
    pending: list[tuple[_Unit, bool, bool]] = []  # with the state before it, if title, if abstract
    for unit in units:
        weight = _weight(unit)
        if pending:
            title_after_title = as_title + _NO_ABSTRACT <= as_abstract
            abstract_after_title = as_title <= as_abstract + _GOES_ON
            as_title, as_abstract = (
                min(as_title + _NO_ABSTRACT, as_abstract) + weight,
                min(as_title, as_abstract + _GOES_ON) - weight,
            )
            if title_after_title == abstract_after_title:
                yield from _traced(pending, title_after_title)
                pending.clear()
            pending.append((unit, title_after_title, abstract_after_title))
        else:
            as_title, as_abstract = as_title + weight, as_abstract - weight
            pending.append((unit, True, True))
    yield from _traced(pending, as_title + _NO_ABSTRACT <= as_abstract)


def _traced(pending: list[tuple[_Unit, bool, bool]], last_is_title: bool) -> list[tuple[_Unit, bool]]:
    labels: list[tuple[_Unit, bool]] = []
    is_title = last_is_title
    for unit, before_title, before_abstract in reversed(pending):
        labels.append((unit, is_title))
        is_title = before_title if is_title else before_abstract
    return labels[::-1]


def _weight(unit: _Unit) -> float:
    """Return the log odds that ``unit`` is a paragraph of an abstract, not a title, by its form alone."""
    if unit.problem == TOO_LONG:
        return _MOST
    text = unit.text[:5000]
    # Lengths are log-normal: titles about 75 code points, paragraphs about 900 and more widely spread,
    # so that below 75 the curves would cross again.
    length = max(4.3, math.log(len(text)))
    weight = ((length - 4.3) / 0.42) ** 2 / 2 - ((length - 6.8) / 0.75) ** 2 / 2 - 0.58
    weight = max(-_MOST / 2, min(_MOST, weight))  # a short line may be a short abstract, too
    if text[-1] in ".。":
        weight += 3.0
    elif text[-1] not in "?!":
        weight -= 2.0
    weight += (-1.0, 1.0, 3.0)[max(0, min(2, len(sentences(text)) - 1))]
    words = [word for word in text.split()[1:] if len(word) > 3 and word[0].isalpha()]
    if words and sum(word[0].isupper() for word in words) >= 0.6 * len(words):
        weight -= 2.0
    return max(-_MOST, min(_MOST, weight))
