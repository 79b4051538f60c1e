"""From the raw fields of a record to a `Paper`, whatever the format."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

from kg.model import Paper
from kg.reading import identifiers, lists
from kg.text import digest, fold, replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    from kg.reading.source import Source
    from kg.report import Report

    #: Raw values by field name (see `kg.reading.names`), for each field the best first.
    Raw: TypeAlias = Mapping[str, Sequence[object]]

_BLANK = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def paper(raw: Raw, *, source: Source, ordinal: int, line: int) -> Paper | None:
    """Return the paper that ``raw`` describes, or None, counted and named, where it has no title.

    ``ordinal`` counts the records of the source from 1, and ``line`` is where this one begins. Title,
    abstract and id are kept code point for code point, lone surrogates excepted.
    """
    report = source.report
    title = _text(raw, "title", report)
    if not title:
        source.drop("no title", line)
        return None
    abstract = _text(raw, "abstract", report)
    own = _text(raw, "id", report)
    url = _text(raw, "url", report).strip()
    doi = _doi(raw, own, url, report)
    arxiv = _arxiv(raw, own, url, doi, report)
    if own:
        name = own
    elif doi or arxiv:
        name = f"doi:{doi}" if doi else f"arxiv:{arxiv}"
    else:
        name = text_id(title, abstract)
    return Paper(
        id=name,
        title=title,
        abstract=abstract,
        year=_year(raw, report),
        url=url,
        doi=doi,
        arxiv=arxiv,
        authors=_clean(next(filter(None, map(lists.authors, raw.get("authors", ()))), ()), report),
        venue="".join(_clean((next(filter(None, map(lists.name, raw.get("venue", ()))), ""),), report)),
        references=_clean(next(filter(None, map(lists.references, raw.get("references", ()))), ()), report),
        source=f"{source.name}#{ordinal}",
        own_id=bool(own),
    )


def text_id(title: str, abstract: str) -> str:
    """Return the id of a paper that has no other: the same for the same words in the same order."""
    return "p" + digest(fold(title), fold(abstract))


def filled(text: str) -> bool:
    """Return whether ``text`` holds more than white space, control and format characters."""
    return any(unicodedata.category(c) not in _BLANK for c in text)


def _texts(raw: Raw, field: str) -> Iterator[str]:
    """Yield the values of ``field`` that are text, or stand for it, and show something."""
    for value in raw.get(field, ()):
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            text = "\n".join(value)
        elif isinstance(value, str):
            text = value
        elif isinstance(value, int | float) and not _absent(value):
            text = str(value)
        else:
            continue
        if filled(text):
            yield text


def _absent(value: object) -> bool:
    """Return whether ``value`` says nothing: so does the NaN that json.dumps makes of pandas' empty cells."""
    return value is None or isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value))


def _text(raw: Raw, field: str, report: Report) -> str:
    text = next(_texts(raw, field), "")
    if not text and any(isinstance(value, dict | list | bool) and value for value in raw.get(field, ())):
        report.count("reading.fields_not_text")
    return "".join(_clean((text,), report))


def _clean(texts: Sequence[str], report: Report) -> tuple[str, ...]:
    cleaned = []
    for text in texts:
        whole, replaced = replace_surrogates(text)
        if replaced:
            report.count("reading.surrogates_replaced", replaced)
        cleaned.append(whole)
    return tuple(cleaned)


def _doi(raw: Raw, own: str, url: str, report: Report) -> str:
    given = list(_texts(raw, "doi"))
    found = next(filter(None, map(identifiers.doi, given)), "")
    if given and not found:
        report.count("reading.dois_unread")
    found = found or identifiers.doi_of_url(url) or identifiers.doi_of_id(own)
    return "".join(_clean((found,), report))


def _arxiv(raw: Raw, own: str, url: str, doi: str, report: Report) -> str:
    given = list(_texts(raw, "arxiv"))
    found = next(filter(None, map(identifiers.arxiv, given)), "")
    if given and not found:
        report.count("reading.arxiv_ids_unread")
    return found or next(filter(None, map(identifiers.arxiv, (doi, url, own))), "")


def _year(raw: Raw, report: Report) -> int | None:
    given = [v for v in raw.get("year", ()) if not _absent(v) and str(v).strip()]
    for value in given:
        # A date may be a number, or lists of numbers (CSL): its year is the first that looks like one.
        if (found := identifiers.year(str(value)[:200])) is not None:
            return found
    if given:
        report.count("reading.years_unread")
    return None
