"""Tables: CSV, TSV and their relatives with any one-character delimiter and a line of column names.

The column names decide everything: which delimiter parts them into names that are known, and which
line they are on (databases put a line about the export before them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg.errors import shown
from kg.reading.cells import rows
from kg.reading.names import columns
from kg.reading.records import filled, paper
from kg.reading.source import Line, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Paper
    from kg.reading.source import Source

_COMMON = (",", "\t", ";", "|")
#: How many records may stand before the column names.
_PREAMBLE = 10
_DECLARED = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Header:
    """The column names: ``line`` is the number of their line, ``fields`` what each known one fills."""

    line: int
    delimiter: str
    names: list[str]
    fields: dict[str, tuple[int, ...]]


def recognise(head: str, whole: bool) -> bool:
    """Return whether ``head`` begins a table whose columns are known, among them a title or three others."""
    return _header(head, whole) is not None


def read(source: Source) -> Iterator[Paper]:
    """Yield the papers of a table; RefusedError where it has no column of titles."""
    header = _header(source.head, source.whole)
    if header is None or "title" not in header.fields:
        seen = header.names if header else re.split(r"[,;\t|]", source.head.partition("\n")[0])
        raise RefusedError(
            f"{shown(source.name)} is a table without a column of titles; its columns are "
            f"{shown(', '.join(name.strip() for name in seen), 200)}; name one of them title",
            "table without titles",
        )
    width = len(header.names)
    ordinal = 0
    for row in rows(source.lines(), header.delimiter, width):
        if row.line <= header.line:
            continue
        if row.problem:
            ordinal += 1
            source.drop(row.problem, row.line)
            continue
        if not any(map(filled, row.cells)):
            continue
        if row.cells == header.names:
            source.report.count("reading.headers_repeated")  # tables put one behind the other
            continue
        ordinal += 1
        # In a table of titles alone, a delimiter is part of the title.
        cells = row.cells if width > 1 else [header.delimiter.join(row.cells)]
        if any(map(filled, cells[width:])):
            source.drop("more cells than columns", row.line)
            continue
        if len(cells) < width:
            source.report.count("reading.rows_short")
        raw = {
            field: [cells[place] for place in places if place < len(cells)]
            for field, places in header.fields.items()
        }
        if found := paper(raw, source=source, ordinal=ordinal, line=row.line):
            yield found


def _header(head: str, whole: bool) -> _Header | None:
    texts = head.split("\n")
    if not whole and len(texts) > 1:
        texts.pop()  # it may be cut off
    declared = _DECLARED.fullmatch(texts[0])
    found: tuple[int, int, _Header] | None = None
    for rank, delimiter in enumerate([declared[1]] if declared else _candidates(texts)):
        lines = (Line(number, f"{text}\n") for number, text in enumerate(texts, 1))
        for row in islice(rows(lines, delimiter), _PREAMBLE):
            fields = columns(row.cells)
            if not _is_header(row.cells, fields, common=delimiter in _COMMON or declared is not None):
                continue
            score = len(fields) + ("title" in fields)
            if found is None or (score, -rank) > found[:2]:
                found = score, -rank, _Header(row.line, delimiter, row.cells, fields)
            break
    return found[2] if found else None


def _is_header(names: list[str], fields: dict[str, tuple[int, ...]], *, common: bool) -> bool:
    if any(len(name) > 100 or len(name.split()) > 10 for name in names):
        return False  # prose that mentions titles, abstracts and authors
    # A delimiter that hardly anyone uses must prove itself.
    return len(fields) >= (1 if common else 2) if "title" in fields else len(fields) >= 3


def _candidates(texts: list[str]) -> list[str]:
    seen = {c for text in texts[:_PREAMBLE] for c in text[:5000] if not (c.isalnum() or c in " \r\n\"'_-.()")}
    return [*_COMMON, *sorted(seen.difference(_COMMON))]
