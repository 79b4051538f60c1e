"""JSON: one object a line, or an array of objects, or objects one after the other."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg.errors import shown
from kg.reading.names import field_of
from kg.reading.records import paper
from kg.reading.source import RECORD_LIMIT, TOO_LONG, RefusedError, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.model import Paper
    from kg.reading.source import Source

_MARK = re.compile(rb'["{}\[\]]')
_IN_STRING = re.compile(rb'["\\{]')
_FILLER = b" \t\r\n,]" + codecs.BOM_UTF8
_INVALID = "not valid JSON"
#: Fields of papers that lists of papers have as well.
_OF_LISTS = frozenset({"year", "url", "venue"})


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of one value; ``line`` is where it begins, ``problem`` why it cannot be read."""

    line: int
    text: str
    problem: str = ""


def recognise(head: str, whole: bool) -> bool:
    """Return whether ``head`` begins with a JSON object or an array of them."""
    start = head.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        inner = start[1:].lstrip()
        return inner.startswith("{") or (whole and inner.startswith("]"))
    # An object opens with a name, or is empty; "{" alone begins many other things.
    return start.startswith("{") and (whole or len(start) > 1) and start[1:].lstrip()[:1] in {'"', "}"}


def read(source: Source) -> Iterator[Paper]:
    """Yield the papers of a file of JSON objects; other values and damaged ones are dropped and named."""
    by_line = _is_lines(source.head)
    _check(source, by_line)
    ordinal = 0
    for text in _by_line(source) if by_line else _Cutter().texts(source.chunks()):
        for value in _values(text):
            ordinal += 1
            if isinstance(value, str):
                source.drop(value, text.line)
            elif found := paper(_raw(value), source=source, ordinal=ordinal, line=text.line):
                yield found


def _check(source: Source, by_line: bool) -> None:
    """Raise RefusedError where the head holds whole objects, and none of them names a title."""
    texts = (
        (_Text(0, line) for line in source.head.split("\n") if line.startswith("{"))
        if by_line
        else _Cutter().texts([source.head.encode("utf-8", "surrogatepass")])
    )
    found = [value for text in islice(texts, 100) for value in _values(text) if isinstance(value, dict)]
    if found and not any(_titled(value) for value in found):
        raise RefusedError(
            f"{shown(source.name)} is JSON whose objects have no title; they have "
            f"{shown(', '.join(dict.fromkeys(name for value in found for name in value)), 200)}; "
            "name one of these title",
            "JSON without titles",
        )


def _titled(value: dict[str, object]) -> bool:
    return any((known := field_of(name)) is not None and known[0] == "title" for name in value)


def _values(text: _Text) -> list[dict[str, object]] | list[str]:
    """Return the records in ``text``, or why there is none."""
    if text.problem:
        return [text.problem]
    try:
        # Not strict: a tabulator or NUL inside a string is unescaped, but its meaning is plain.
        value = json.loads(text.text, strict=False)
    except (ValueError, RecursionError):
        return [_INVALID]
    if not isinstance(value, dict):
        return ["not a JSON object"]
    fields = {name: found[0] for name in value if (found := field_of(name))}
    if _OF_LISTS.issuperset(fields.values()):
        # An object around the records, as in {"count": 2, "papers": [{…}, {…}]}. What has another field of
        # a paper is one, and the records in it are others that it cites, or its authors.
        inside: list[list[dict[str, object]]] = [
            v for name, v in value.items() if _is_records(v) and name not in fields
        ]
        if len(inside) == 1:
            return inside[0]
    return [value]


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _is_lines(head: str) -> bool:
    """Return whether records are told apart by lines, not by brackets alone."""
    first, _, rest = head.lstrip().partition("\n")
    if first.startswith("["):
        return False
    # What is laid out over lines indents them; the first line may be damaged, or longer than the head.
    return not rest.strip() or any(_is_object(line) for line in head.split("\n") if line.startswith("{"))


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text.strip().rstrip(","), strict=False), dict)
    except (ValueError, RecursionError):
        return False


def _by_line(source: Source) -> Iterator[_Text]:
    for line in source.lines(old_encodings=False):
        if line.problem:
            yield _Text(line.number, "", line.problem)
        elif text := line.text.strip().rstrip(","):
            yield _Text(line.number, text)


def _raw(value: dict[str, object]) -> dict[str, list[object]]:
    fields: dict[str, list[tuple[int, object]]] = {}
    for name, content in value.items():
        if known := field_of(name):
            field, rank = known
            fields.setdefault(field, []).append((rank, content))
    # Sorted by rank alone, which keeps the order of the file among equals.
    return {
        field: [content for _, content in sorted(found, key=lambda pair: pair[0])]
        for field, found in fields.items()
    }


class _Cutter:
    """Cuts a stream of JSON into its values, or into those of its arrays, holding one at a time.

    Where quotes or brackets do not close, the next value begins at the next line that opens an object no
    further in than the damaged one. A line inside a sound value may do so too: hence it is only
    remembered until a first value turns out damaged, and from then on believed.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._line = 1  # of the first byte of the buffer
        self._column = 0  # of the first byte of the buffer, in bytes from 0
        self._seen = 0  # how much of the buffer has been looked at
        self._depth = 0
        self._in_string = False
        self._in_array = False
        self._value_line = 1
        self._value_column = 0
        self._restart = 0  # where the next value begins, should this one be damaged; 0 where none does
        self._damaged = False
        self._too_long = False

    def texts(self, chunks: Iterable[bytes]) -> Iterator[_Text]:
        for chunk in chunks:
            self._buffer += chunk
            yield from self._ended(RECORD_LIMIT)
            if self._depth == 0 and not self._in_string:
                yield from self._between(self._seen)
            elif self._too_long or len(self._buffer) > RECORD_LIMIT:
                self._too_long = True
                self._take(self._seen)
        yield from self._ended(0)
        if self._depth or self._in_string:
            yield _Text(
                self._value_line, "", TOO_LONG if self._too_long else "cut off at the end of the file"
            )
        else:
            yield from self._between(len(self._buffer))

    def _ended(self, limit: int) -> Iterator[_Text]:
        """Yield the values that end in the buffer, and problems; an open one beyond ``limit`` is damaged."""
        yield from iter(self._next, None)
        while self._restart and len(self._buffer) > limit:
            yield self._resume()
            yield from iter(self._next, None)

    def _next(self) -> _Text | None:
        """Return the next value that ends in the buffer, or a problem; None where more is needed."""
        while mark := (_IN_STRING if self._in_string else _MARK).search(self._buffer, self._seen):
            sign, at = mark.group(), mark.start()
            if sign == b"\\":
                if at + 1 == len(self._buffer):
                    self._seen = at
                    return None  # what it escapes comes with the next chunk
                self._seen = at + 2
                continue
            self._seen = at + 1
            if sign == b'"':
                self._in_string = not self._in_string
            elif self._depth or self._in_string:
                if sign == b"{" and self._restarts(at):
                    return self._resume()
                if not self._in_string:
                    self._depth += 1 if sign in b"{[" else -1
                    if self._depth == 0:
                        return self._value()
            elif sign == b"{" or (sign == b"[" and self._in_array):
                problem = next(self._between(at), None)
                self._value_line, self._value_column, self._depth = self._line, self._column, 1
                if problem:
                    return problem
            elif sign in b"[]":
                self._in_array = sign == b"["
                self._buffer[at] = ord(" ")
        self._seen = len(self._buffer)
        return None

    def _restarts(self, at: int) -> bool:
        """Return whether the object at ``at`` ends what is open; remember it if it might."""
        line = self._buffer.rfind(b"\n", max(0, at - self._value_column - 1), at) + 1
        if not line or self._restart or self._buffer[line:at].strip(_FILLER):
            return False
        self._restart = at
        return self._damaged or self._too_long or not self._depth

    def _resume(self) -> _Text:
        """Take what is open for damaged, and go on at the line remembered."""
        line = self._value_line if self._depth else self._line
        text = _Text(line, "", TOO_LONG if self._too_long else _INVALID)
        self._take(self._restart)
        self._seen = self._restart = self._depth = 0
        self._in_string = self._too_long = False
        self._damaged = True
        return text

    def _value(self) -> _Text:
        text, problem = decoded(bytes(self._buffer[: self._seen]))
        if self._restart and _values(_Text(self._value_line, text)) == [_INVALID]:
            return self._resume()
        self._restart = 0
        self._take(self._seen)
        if self._too_long:
            self._too_long = False
            return _Text(self._value_line, "", TOO_LONG)
        return _Text(self._value_line, text, problem)

    def _between(self, end: int) -> Iterator[_Text]:
        """Take what stands before ``end``, outside all values, and yield a problem if it says anything."""
        line = self._line
        if self._take(end).strip(_FILLER):
            yield _Text(line, "", "not a JSON object")

    def _take(self, end: int) -> bytes:
        data = bytes(self._buffer[:end])
        del self._buffer[:end]
        self._seen = max(0, self._seen - end)
        self._line += data.count(b"\n")
        newline = data.rfind(b"\n")
        self._column = len(data) - newline - 1 + (self._column if newline < 0 else 0)
        return data
