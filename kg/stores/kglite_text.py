"""The text of a query on its way to kglite: what is put in its words, and what it never gets to see.

kglite keeps itself from writing, and from nothing else: it reads files, answers only the last of
several queries, and dies where it must follow a text further down than the stack goes.
"""

from __future__ import annotations

import re

from kg.errors import UsageError

#: How many UNIONs, brackets within brackets and names after dots there may be. On a stack of 8 MiB
#: kglite dies of some 320 UNIONs, 370 subqueries within one another, 6,000 names; people need three.
_MOST = 64

#: What is no part of the query's own words, whatever stands in it.
_STRING = r"""'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" """
_QUOTED = r"`(?:``|[^`])*`"
_LINE = r"//[^\n]*"
#: Strings, quoted names and comments to the line's end stay as they are. What is changed: a comment
#: between ``/*`` and ``*/``, and a property called ``end``, which kglite takes for the keyword.
_SPAN = re.compile(
    rf"""
      {_STRING} | {_QUOTED} | {_LINE}
    | (?P<comment> /\*.*?\*/)
    | (?P<before> (?<!\.)\.\s* | [{{,]\s*(?=\w+\s*:)) (?P<name> end\b)
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
#: Every character of a text is in one of these.
_TOKEN = re.compile(
    rf"""
      (?P<gap> \s+ | {_LINE}) | (?P<name> \w+ | {_QUOTED}) | (?P<dot> \.) | (?P<end> ;)
    | (?P<open> [(\[{{]) | (?P<close> [)\]}}]) | (?P<other> {_STRING} | .)
    """,
    re.DOTALL | re.VERBOSE,
)


def spoken(text: str) -> tuple[str, list[int]]:
    """Return ``text`` as kglite understands it, and where in that a character was put in.

    UsageError where kglite must not have it: it would load a file, is more than one query, or is so
    deep or long that it could end the process.
    """
    put_in: list[int] = []

    def change(match: re.Match[str]) -> str:
        if match["comment"]:
            return re.sub(r"[^\n]", " ", match[0])
        if match["name"]:
            start = match.start("name") + len(put_in)
            put_in.extend((start, start + 1 + len(match["name"])))
            return f"{match['before']}`{match['name']}`"
        return match[0]

    changed = _SPAN.sub(change, text)
    _check(changed)
    return changed, put_in


def place(changed: str, put_in: list[int], line: int, column: int) -> tuple[int, int]:
    """Return where the place in ``changed`` was in the text that it was made from."""
    # Line breaks are never put in or taken out.
    start = sum(len(part) + 1 for part in changed.split("\n")[: line - 1])
    shift = sum(start <= put < start + column - 1 for put in put_in)
    return line, column - shift


def _check(text: str) -> None:
    dots = [0]  # of the expression that is being read, and of those around its brackets
    unions = 0
    before, word = "", ""  # the kind of the token before, and the name that it was
    for match in _TOKEN.finditer(text):
        kind, found = str(match.lastgroup), match[0].upper()
        if kind == "gap":
            continue
        if before == "end" and kind != "end":
            raise UsageError("one query a call: there is more after the semicolon")
        if kind == "name" and found.strip("`") == "CSV" and _is_load(word):
            raise UsageError(
                "a query to a graph folder sees that graph only, and LOAD CSV would read a file: hand the "
                "rows in as a parameter and UNWIND it"
            )
        unions += found == "UNION"
        if kind == "open":
            dots.append(0)
        elif kind == "close":
            dots = dots[:-1] or [0]  # where there is one too many, kglite tells
        elif kind == "dot":
            dots[-1] += 1
        elif (kind, before) != ("name", "dot"):
            dots[-1] = 0
        if len(dots) - 1 > _MOST:
            raise UsageError(f"the query is too deep: more than {_MOST} brackets stand within one another")
        if unions > _MOST or dots[-1] > _MOST:
            what = "UNIONs in it" if unions > _MOST else "names after dots in one expression"
            raise UsageError(f"the query is too long: there are more than {_MOST} {what}")
        before, word = kind, found if kind == "name" else ""


def _is_load(word: str) -> bool:
    # kglite ends a number where its digits end: `5LOAD` are two words.
    word = word.strip("`")
    return word == "LOAD" or (word[:1].isdigit() and word.endswith("LOAD"))
