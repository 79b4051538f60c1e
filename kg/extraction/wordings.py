"""How two wordings of a name are made of each other: shared words, initials, letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.surfaces import is_acronym
from kg.stems import stem
from kg.text import unaccented

#: What `likeness` tells. "capitals inside" and "letters" are of the shorter one.
FEATURES = (
    *("overlap", "shared", "words of one", "words of other", "contained", "ends in", "begins with", "head"),
    *("an acronym", "two acronyms", "letters of", "initials among letters", "initials"),
    *("letters among initials", "alike at the start", "longer by", "capitals inside", "letters contained"),
    *("same stems", "letters"),
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """A surface, taken to pieces: stems in order and as a set, its letters, their first ones."""

    stems: tuple[str, ...]
    known: frozenset[str]
    letters: str
    initials: str
    acronym: bool
    capitals: int  # but for the first character
    length: int


@lru_cache(maxsize=1 << 14)
def wording(text: str) -> Wording:
    """Return the pieces of ``text``; it has no stems where it has neither letters nor digits."""
    found = _WORD.findall(unaccented(text).lower())
    stems = tuple(map(stem, found))
    return Wording(
        stems=stems,
        known=frozenset(stems),
        letters="".join(found),
        initials="".join(word[0] for word in found),
        acronym=is_acronym(text),
        capitals=sum(c.isupper() for c in text[1:]),
        length=len(text),
    )


def nearness(one: Wording, other: Wording) -> float:
    """Return a number that is the greater, the more the two look like one name: to choose among wordings."""
    short, long = (one, other) if one.length < other.length else (other, one)
    return (
        len(one.known & other.known) / len(one.known | other.known)
        + 0.5 * (long.initials == short.letters)
        + 0.3 * has_letters(long, short)
        + 0.2 * alike_at_start(one, other)
    )


def likeness(one: Wording, other: Wording) -> list[float]:
    """Return `FEATURES` of two wordings that have stems."""
    fewer, more = (one, other) if len(one.stems) <= len(other.stems) else (other, one)
    short, long = (one, other) if one.length < other.length else (other, one)
    shared, n = len(one.known & other.known), len(fewer.stems)
    return [
        *(shared / len(one.known | other.known), shared, len(one.stems), len(other.stems)),
        *(fewer.known <= more.known, more.stems[-n:] == fewer.stems, more.stems[:n] == fewer.stems),
        *(one.stems[-1] == other.stems[-1], one.acronym or other.acronym, one.acronym and other.acronym),
        *(has_letters(long, short), _is_within(long.initials, short.letters)),
        *(long.initials == short.letters, _is_within(short.letters, long.initials)),
        *(alike_at_start(one, other), len(more.stems) - n, short.capitals),
        *(one.letters in other.letters or other.letters in one.letters, one.known == other.known),
        len(short.letters),
    ]


def has_letters(long: Wording, short: Wording) -> bool:
    """Tell whether ``short`` may be made of letters of ``long``, the first with the first."""
    return long.letters[:1] == short.letters[:1] and _is_within(short.letters, long.letters)


def alike_at_start(one: Wording, other: Wording) -> float:
    """Return the share of the shorter one's letters that both begin with."""
    alike = 0
    for a, b in zip(one.letters, other.letters, strict=False):
        if a != b:
            break
        alike += 1
    return alike / max(1, min(len(one.letters), len(other.letters)))


def _is_within(few: str, many: str) -> bool:
    """Tell whether ``many`` has the characters of ``few`` in their order."""
    rest = iter(many)
    return all(character in rest for character in few)
