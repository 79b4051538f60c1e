"""Names that say the same in other words: kriging is Gaussian process regression.

The list is general knowledge, written down without any paper at hand. Where a name of it stands inside a
longer name, it counts there as well; a single word only where it is all of the name, or a short form.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import lru_cache

from kg.resolution import knowledge
from kg.resolution.edits import tokens
from kg.resolution.normal import is_short

_Words = tuple[str, ...]
#: Standard words by the words of a listed name.
_Table = Mapping[_Words, _Words]


def _plainest(names: list[_Words]) -> _Words:
    """Return the first name, or a shorter one inside it: neural network of artificial neural network."""
    first = names[0]
    inside = [name for name in names if 1 < len(name) < len(first) and _within(name, first)]
    return min(inside, key=len) if inside else first


def _within(part: _Words, whole: _Words) -> bool:
    return any(whole[n : n + len(part)] == part for n in range(len(whole)))


@lru_cache(maxsize=1)
def _standard() -> tuple[_Table, _Table, Mapping[str, int]]:
    """Return the standard words of names that count inside longer names too, those of all, `_longest`."""
    lines = [{tokens(name): name for name in names} for names in knowledge.synonyms()]
    plainest = [_plainest(list(line)) for line in lines]
    at = {said: n for n, line in enumerate(lines) for said in line}
    counts = {said for line in lines for said, name in line.items() if len(said) > 1 or is_short(name)}
    inside = {said: plainest[at[said]] for said in counts}
    longest = _longest(inside)
    # The standard words may themselves have a name of another line in them.
    for n, words in enumerate(plainest):
        found = _replaced(words, inside, longest, besides=lines[n])
        # Written small, a short form may lose an S: BFGS.
        found = tokens(" ".join(found))
        plainest[n] = found if at.get(found, n) == n else words
    whole = {words: words for words in plainest} | {said: plainest[n] for said, n in at.items()}
    inside = {said: words for said, words in whole.items() if said in counts or len(said) > 1}
    return inside, whole, _longest(inside)


def _longest(table: _Table) -> Mapping[str, int]:
    """Return by first word how many words the longest name of the table has."""
    longest: dict[str, int] = {}
    for name in table:
        longest[name[0]] = max(longest.get(name[0], 0), len(name))
    return longest


def _replaced(
    said: _Words, table: _Table, longest: Mapping[str, int], besides: Container[_Words] = ()
) -> _Words:
    """Return ``said`` with the longest names of the table, from left to right, in their standard words."""
    out: list[str] = []
    at = 0
    while at < len(said):
        for n in range(min(longest.get(said[at], 0), len(said) - at), 0, -1):
            part = said[at : at + n]
            if part in table and part not in besides:
                out += table[part]
                at += n
                break
        else:
            out.append(said[at])
            at += 1
    return tuple(out)


@lru_cache(maxsize=1 << 20)
def reworded(name: str) -> str:
    """Return ``name`` in the standard words of what the list has of it; as it is where it has no other."""
    said = tokens(name)
    inside, whole, longest = _standard()
    found = whole[said] if said in whole else _replaced(said, inside, longest)
    return name if found == said else " ".join(found)
