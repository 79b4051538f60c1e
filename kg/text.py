"""Pure functions over text: digests, normal forms, sentences. Offsets are code points."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal

#: Signs that tell names apart: C and C++, A and A*.
SIGNS = "+#*"
_SURROGATE = re.compile("[\ud800-\udfff]")


def digest(*parts: str, length: int = 16) -> str:
    """Return ``length`` hex digits that name the sequence ``parts``.

    Each part goes in with its length, so that no two different sequences are hashed alike.
    """
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8")
        state.update(f"{len(data)}:".encode())
        state.update(data)
    return state.hexdigest()[:length]


def replace_surrogates(text: str) -> tuple[str, int]:
    """Return ``text`` with each lone surrogate as U+FFFD, and how many there were."""
    return _SURROGATE.subn("\N{REPLACEMENT CHARACTER}", text)


def normalize(form: Literal["NFC", "NFKD"], text: str) -> str:
    """Return ``text`` in the Unicode normal form ``form``.

    Of more than thirty combining marks in a row the rest is left out, as in the stream-safe text format of
    Unicode Standard Annex 15: they mean nothing, and to sort them takes time that grows with their square.
    """
    marks = "".join(sorted(c for c in set(text) if unicodedata.combining(c)))
    if len(marks) > 1:
        text = re.sub(f"([{marks}]{{30}})[{marks}]+", r"\1", text)
    return unicodedata.normalize(form, text)


def unaccented(text: str) -> str:
    """Return ``text`` with compatibility forms folded (NFKD) and without accents."""
    if text.isascii():
        return text
    return "".join(c for c in normalize("NFKD", text) if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Return ``text`` for comparison: compatibility forms and accents folded, lower case, words only.

    Words are runs of letters and digits, joined by one space. Idempotent.
    """
    words = re.findall(r"[^\W_]+", unaccented(text).casefold())
    return " ".join(words)


# A full stop that ends no sentence: initials, "et al.", "e.g.", decimals are handled by context.
_ABBREVIATION = re.compile(
    r"(?:\b(?:al|cf|vs|resp|etc|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Dr|Prof|Mr|Ms|St|w\.r\.t|i\.e|e\.g|i\.i\.d|a\.k\.a)|\b[A-Z])\.$",
)
_END = re.compile(
    r"""
    (?<![.!?])[.!?]++            # the mark itself, all of it, so that a long run is read once
    (?:["'”’)\]]|\}|\$)*+        # closing quotes, brackets, end of a formula
    (?:
        (?=\s+\S)                # usual: white space follows
      | (?=[A-Z][a-z]|[A-Z]\s)   # glued: "…results.We show"
    )
    """,
    re.VERBOSE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of each sentence of ``text``, without the white space between them.

    The sentences cover every visible character, in order, and do not overlap. Decimals, "et al.",
    "e.g." and single initials do not end one; a full stop glued to the next sentence does.
    """
    bounds: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if _ends(text, match.start(), end):
            bounds.append((start, end))
            start = end
    bounds.append((start, len(text)))
    trimmed = ((s + len(text[s:e]) - len(text[s:e].lstrip()), s + len(text[s:e].rstrip())) for s, e in bounds)
    return [(s, e) for s, e in trimmed if s < e]


def _ends(text: str, mark: int, end: int) -> bool:
    after = text[end : end + 40].lstrip()
    if not after:
        return False
    if text[mark] == "." and _ABBREVIATION.search(text[max(0, mark - 12) : mark + 1]):
        # "et al. We" still ends one; "et al. (2017)" and "e.g. a" do not.
        opener = re.match(r"(?:We|The|This|These|Our|In|However|It|To|For|Here)\b", after)
        return bool(opener) and text[max(0, mark - 2) : mark] in {"al", "tc"}
    if end < len(text) and not text[end].isspace():
        # Glued: a word of letters before the mark, as in "results.We", not "Node.Js" or "U.S".
        word = re.search(r"\w+$", text[max(0, mark - 40) : mark])
        return word is not None and len(word.group()) > 1 and word.group().islower()
    return not (after[0].islower() and text[mark] == ".")
