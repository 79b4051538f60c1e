"""What the forms of one English word have in common, roughly: one rule for all who compare words."""

from __future__ import annotations

import re
from functools import lru_cache

_BRITISH = (("isation", "ization"), ("ising", "izing"), ("ise", "ize"), ("ised", "ized"), ("iser", "izer"))
_NATIVE = re.compile(r"(?:superv|adv|rev|dev|exerc|prec|conc|no|po|ra|prom|compr|surpr|pr|w|r)is\w{1,3}$")
#: Endings that inflect or derive, each before those that it ends in.
SUFFIXES = (
    "ization ational ations ation ition ising izing ities ative ators ator ions ion ings ing edly ely ers "
    "er ors or ed ical ally als al ances ance ences ence ments ment ness ies ity ive ly able ible es e y"
).split()


@lru_cache(maxsize=1 << 16)
def american(word: str) -> str:
    """Return lower-case ``word`` in American spelling, by its ending."""
    for ending, other in () if _NATIVE.search(word) else _BRITISH:
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)] + other
    if word.endswith(("elling", "elled", "eller")) and len(word) > 7:
        return word.replace("elling", "eling").replace("elled", "eled").replace("eller", "eler")
    if word.endswith(("our", "oural")) and len(word) > 5:
        return word.replace("our", "or")
    return word.replace("dialogue", "dialog").replace("catalogue", "catalog").replace("colour", "color")


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return what the inflected and derived forms of a lower-case ``word`` have in common, roughly."""
    base = american(word)
    for suffix in SUFFIXES:
        if base.endswith(suffix) and len(base) - len(suffix) >= 4:
            base = base[: -len(suffix)]
            break
    if len(base) > 4 and base[-1] == base[-2] and base[-1] not in "aeious":
        base = base[:-1]
    return base
