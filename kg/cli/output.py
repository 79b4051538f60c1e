r"""An answer on standard output: as a table for people, or as JSON, JSON Lines or CSV.

Text of papers is data. No form lets a control or bidirectional character reach a terminal: tables and
CSV show its code (``\x1b``), JSON escapes it (``\u001b``) and so loses nothing. A CSV cell that a
spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
import shlex
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMATS = ("table", "json", "jsonl", "csv")

#: Columns are parted by this much, and never cut to fewer than `NARROWEST` places.
_GAP = "  "
NARROWEST = 8

# The joiners that Persian, Indic scripts and emoji need; other format characters can reorder a line.
_JOINERS = "\u200c\u200d"
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")


def visible(text: str) -> str:
    """Return ``text`` with every character that is not to be seen replaced by its code."""
    if text.isprintable():
        return text
    return "".join(c if _is_visible(c) else c.encode("unicode_escape").decode() for c in text)


def word(text: str) -> str:
    """Return ``text`` as one word of a command that a person may copy into a shell."""
    return visible(shlex.quote(text))


def _is_visible(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs" or character in _JOINERS


def to_json(value: Any) -> str:
    """Return ``value`` as one line of JSON in which every invisible character is escaped.

    Numbers that JSON has no form for become the strings ``NaN``, ``Infinity`` and ``-Infinity``.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)
    if text.isprintable():
        return text
    # What is left can stand only inside strings, where its escape means the same.
    return "".join(c if _is_visible(c) else _json_escape(c) for c in text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)  # dates and the like, as their own text


def cell(value: Any) -> str:
    """Return ``value`` as one cell of a table: visible, on one line; null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple | Mapping):
        return to_json(value)
    return visible(str(value))


def width(text: str) -> int:
    """Return how many places of a terminal ``text`` takes: wide letters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_places, text))


def _places(character: str) -> int:
    if character in _JOINERS or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def terminal_width(stream: TextIO) -> int:
    """Return the places of a line of the terminal that ``stream`` is: COLUMNS where set, 80 where unknown."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def cut(text: str, most: int) -> str:
    """Return ``text`` if it takes at most ``most`` places, else its beginning and an ellipsis."""
    if width(text) <= most:
        return text
    kept, places = 0, 1
    for character in text:
        places += _places(character)
        if places > most:
            break
        kept += 1
    return f"{text[:kept]}…"


def fit(widths: Sequence[int], total: int) -> list[int]:
    """Return ``widths`` cut so that they sum to at most ``total``, the widest first.

    No width is cut below `NARROWEST`, so that the sum stays above ``total`` where there are too many.
    """
    if sum(widths) <= total:
        return list(widths)
    cap = max(widths)
    left = total
    for position, one in enumerate(sorted(widths)):
        cap = left // (len(widths) - position)
        if one > cap:
            break
        left -= one
    return [min(one, max(cap, NARROWEST)) for one in widths]


def put(text: str, out: TextIO | None = None) -> None:
    """Write ``text``, which is fit for a terminal already, to ``out`` (standard output)."""
    (sys.stdout if out is None else out).write(text)


def papers(count: int) -> str:
    """Return a number of papers in words."""
    return f"{count:,} paper{'' if count == 1 else 's'}"


def tell(record: DataclassInstance, lines: Iterable[str], *, form: str) -> None:
    """Write ``record`` as JSON where ``form`` says so, else the ``lines`` that tell it to people."""
    if form == "json":
        put(to_json(asdict(record)) + "\n")
    else:
        put("".join(f"{line}\n" for line in lines))


def write(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    form: str = "table",
    out: TextIO | None = None,
) -> None:
    """Write ``rows`` under the names ``columns`` to ``out`` (standard output) in one of `FORMATS`."""
    stream = sys.stdout if out is None else out
    writers: dict[str, Callable[[Sequence[str], Iterable[Sequence[Any]], TextIO], None]] = {
        "table": _write_table,
        "json": _write_json,
        "jsonl": _write_jsonl,
        "csv": _write_csv,
    }
    writers[form](columns, rows, stream)


def _write_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    if not columns:
        return
    values = [list(row) for row in rows]
    lines = [[cell(value) for value in row] for row in values]
    heads = [visible(name) for name in columns]
    widths = [max(map(width, column)) for column in zip(heads, *lines, strict=True)]
    if out.isatty():
        widths = fit(widths, terminal_width(out) - len(_GAP) * (len(widths) - 1))
    numeric = [_is_numeric(column) for column in zip(*values, strict=True)] or [False] * len(heads)
    out.write(_line(heads, widths, numeric))
    out.write(_line(["-" * one for one in widths], widths, numeric))
    for line in lines:
        out.write(_line(line, widths, numeric))


def _is_numeric(column: Iterable[Any]) -> bool:
    kinds = {type(value) for value in column if value is not None}
    return bool(kinds) and kinds <= {int, float}


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = []
    for text, places, right in zip(cells, widths, numeric, strict=True):
        short = cut(text, places)
        space = " " * (places - width(short))
        padded.append(space + short if right else short + space)
    return _GAP.join(padded).rstrip() + "\n"


def _write_json(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    mark = "["
    for row in rows:
        out.write(f"{mark}\n{to_json(dict(zip(columns, row, strict=True)))}")
        mark = ","
    out.write("[]\n" if mark == "[" else "\n]\n")


def _write_jsonl(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    for row in rows:
        out.write(to_json(dict(zip(columns, row, strict=True))) + "\n")


def _write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([csv_cell(name) for name in columns])
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])


def csv_cell(value: Any) -> str:
    """Return ``value`` as one cell of CSV; line breaks and tabs stay, a formula is made text."""
    if not isinstance(value, str):
        return repr(value) if isinstance(value, float) else cell(value)
    shown = "".join(
        c if c in "\n\t" or _is_visible(c) else c.encode("unicode_escape").decode() for c in value
    )
    return f"'{shown}" if _FORMULA.match(value) else shown
