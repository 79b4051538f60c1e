"""Names that say the same in other words: kriging is Gaussian process regression.

The list is general knowledge, written down without any paper at hand. Where a name of it stands inside a
longer name, it counts there as well; a single word only where it is all of the name, or a short form.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kg.resolution import knowledge
from kg.resolution.edits import tokens
from kg.resolution.normal import is_short

_Words = tuple[str, ...]


@lru_cache(maxsize=1)
def _standard() -> tuple[Mapping[_Words, _Words], Mapping[_Words, _Words]]:
    """Return, by the words of a listed name, those of the first name of its line.

    First the names that count inside longer names too, then all.
    """
    inside: dict[_Words, _Words] = {}
    whole: dict[_Words, _Words] = {}
    for names in knowledge.synonyms():
        first = tokens(names[0])
        for name in names:
            found = tokens(name)
            if found != first:
                whole.setdefault(found, first)
                if len(found) > 1 or is_short(name):
                    inside.setdefault(found, first)
    return inside, whole


@lru_cache(maxsize=1)
def _longest() -> Mapping[str, int]:
    """Return by first word how many words the longest listed name has."""
    longest: dict[str, int] = {}
    for name in _standard()[0]:
        longest[name[0]] = max(longest.get(name[0], 0), len(name))
    return longest


@lru_cache(maxsize=1 << 20)
def reworded(name: str) -> str:
    """Return ``name`` in the words that the list puts first; as it is where it has none of another kind."""
    said = tokens(name)
    inside, whole = _standard()
    if said in whole:
        return " ".join(whole[said])
    longest = _longest()
    out: list[str] = []
    at = 0
    while at < len(said):
        for n in range(min(longest.get(said[at], 0), len(said) - at), 0, -1):
            standard = inside.get(said[at : at + n])
            if standard is not None:
                out += standard
                at += n
                break
        else:
            out.append(said[at])
            at += 1
    return name if tuple(out) == said else " ".join(out)
