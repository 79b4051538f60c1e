"""Rows of cells out of lines: a reader of delimited tables for files as people's tools write them.

Like the `csv` module, a quoted cell may hold delimiters, doubled quotes and line ends. Unlike it, a
quote that opens nothing (a title that begins with a quoted word, an inch mark) is text, so that one
stray quote cannot swallow the rest of the file; and the number of columns settles what is ambiguous.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.reading.source import RECORD_LIMIT, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record. ``line`` is where it begins; ``problem`` says why it cannot be read."""

    line: int
    cells: list[str]
    problem: str = ""


def rows(lines: Iterable[Line], delimiter: str, width: int = 0) -> Iterator[Row]:
    """Yield the records in ``lines``, blank ones included.

    Where ``width``, the expected number of cells, is given, a record of one line that misses it is read
    again with other ideas of what quotes mean, and the first reading that fits is kept.
    """
    feed = _Feed(lines)
    while line := feed.next():
        text = _without_end(line.text)
        if line.problem and not text:
            yield Row(line.number, [], line.problem)
        elif '"' not in text:
            yield Row(line.number, text.split(delimiter), line.problem)
        else:
            record = _Record(feed, line, delimiter)
            cells = record.cells()
            if width and len(cells) != width and record.line is line:
                others = (_split(text, delimiter, pattern) for pattern in _other_quotes(delimiter))
                cells = next((other for other in others if len(other) == width), cells)
            yield Row(line.number, cells, record.problem)


class _Feed:
    """Lines that can be put back."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._back: deque[Line] = deque()

    def next(self) -> Line | None:
        return self._back.popleft() if self._back else next(self._lines, None)

    def put_back(self, lines: list[Line]) -> None:
        self._back.extendleft(reversed(lines))


class _Record:
    """Reads one record: ``line`` is the last that it took, ``problem`` what is wrong with one of them."""

    def __init__(self, feed: _Feed, first: Line, delimiter: str) -> None:
        self._feed = feed
        self._delimiter = delimiter
        self._position = 0
        self.line = first
        self.problem = first.problem

    def cells(self) -> list[str]:
        cells = []
        line, text = self.line, _without_end(self.line.text)
        while self._position <= len(text):
            cell = self._quoted(text)
            if cell is None:
                end = text.find(self._delimiter, self._position)
                end = len(text) if end < 0 else end
                cell = text[self._position : end]
                self._position = end
            cells.append(cell)
            self._position += len(self._delimiter)
            if self.line is not line:
                line, text = self.line, _without_end(self.line.text)
        return cells

    def _quoted(self, text: str) -> str | None:
        """Return the quoted cell here and step behind it; None, without a step, where there is none."""
        start = self._position
        while text.startswith(" ", start):
            start += 1
        if not text.startswith('"', start):
            return None
        line, begin, seek, size = self.line, start + 1, start + 1, 0
        taken: list[Line] = []
        pieces: list[str] = []
        escaped = False
        while True:
            quote = line.text.find('"', seek)
            if quote < 0:
                pieces.append(line.text[begin:])
                size += len(line.text) - begin
                following = self._feed.next() if size <= RECORD_LIMIT else None
                if following is None:
                    break
                taken.append(following)
                if following.problem and not following.text:
                    break
                line, begin, seek = following, 0, 0
            elif line.text.startswith('""', quote):
                seek = quote + 2
            elif match := _after(self._delimiter).match(line.text, quote + 1):
                pieces.append(line.text[begin:quote])
                self.line, self._position = line, match.end()
                self.problem = self.problem or next((t.problem for t in taken if t.problem), "")
                cell = "".join(pieces)
                return re.sub(r'\\"|""', '"', cell) if escaped else cell.replace('""', '"')
            elif quote > begin and line.text[quote - 1] == "\\":
                seek, escaped = quote + 1, True
            else:
                break
        self._feed.put_back(taken)
        return None


@lru_cache(maxsize=64)
def _after(delimiter: str) -> re.Pattern[str]:
    """Return what follows a closing quote: white space, then a delimiter or the line's end."""
    return re.compile(rf"[ ]*(?={re.escape(delimiter)}|\r*\n?\Z)")


@lru_cache(maxsize=64)
def _other_quotes(delimiter: str) -> tuple[re.Pattern[str], ...]:
    """Return other forms of quoted cells: with quotes escaped by backslashes, with quotes as they come."""
    end = rf'"[ ]*(?={re.escape(delimiter)}|\Z)'
    return (
        re.compile(rf'[ ]*"((?:[^"\\]++|\\.|"")*+){end}', re.DOTALL),
        re.compile(rf'[ ]*"(.*?){end}', re.DOTALL),
    )


def _split(text: str, delimiter: str, quoted: re.Pattern[str]) -> list[str]:
    """Return the cells of ``text`` where quoted ones have the form ``quoted``."""
    closing = re.compile(f'"{_after(delimiter).pattern}').finditer(text)
    last = max((match.start() for match in closing), default=-1)
    cells, position = [], 0
    while position <= len(text):
        # Beyond the last closing quote none is looked for, cell after cell, to the end of the text.
        if position < last and (match := quoted.match(text, position)):
            cells.append(re.sub(r'\\"|""', '"', match[1]))
            end = match.end()
        else:
            end = text.find(delimiter, position)
            end = len(text) if end < 0 else end
            cells.append(text[position:end])
        position = end + len(delimiter)
    return cells


def _without_end(text: str) -> str:
    # Windows makes "\r\r\n" of the "\r\n" that Python's csv writes to a file opened without newline="".
    return text.removesuffix("\n").rstrip("\r")
