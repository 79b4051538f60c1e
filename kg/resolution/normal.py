"""Normal forms of names: what differs only by case, accents, hyphens, spaces or plural is one.

Pure functions of a string; scores and gates build on them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.plurals import singular
from kg.text import SIGNS, digest, normalize, unaccented

#: Longest slug in code points; what is cut is named by a digest.
SLUG_LENGTH = 80

_CACHE = 1 << 20
# Kept inside words: they tell C from C++ and C#, t-ReX from t-ReX*, and 1.5 from 15.
_WORD = re.compile(rf"(?:[^\W_]|[{SIGNS}]|(?<=\d)\.(?=\d))+")
_LATEX = re.compile(r"\\(?:text|math|bm)[a-z]*|[$\\{}]")
_PLURAL_CAPITALS = re.compile(r"(?<=[A-Z])s\b")  # LMs, GANs: a plural even where two letters are left
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=s\b)|['’]")
_SLUG = re.compile(r"[^\w+#*.]+|_+")


@lru_cache(maxsize=_CACHE)
def squeeze(name: str) -> str:
    """Return ``name`` with each run of white space as one blank, and none at its ends."""
    return " ".join(name.split())


@lru_cache(maxsize=_CACHE)
def words(name: str) -> tuple[str, ...]:
    """Return the words of ``name`` for comparison: folded, lower case, singular.

    Hyphens separate words. A name of punctuation alone is one word, itself.
    """
    plain = unaccented(_PLURAL_CAPITALS.sub("", _APOSTROPHE.sub("", _LATEX.sub("", name))))
    found = _WORD.findall(plain)
    # VLCS is no plural, nor is DetectoRS; in a title that is all capitals nobody can tell.
    telling = len(found) == 1 or not plain.isupper()
    return tuple(_word(word, whole=telling and word.endswith("S")) for word in found) or (squeeze(name),)


def _word(word: str, *, whole: bool) -> str:
    folded = word.casefold()
    return folded if whole else singular(folded)


@lru_cache(maxsize=_CACHE)
def key(name: str) -> str:
    """Return the trivial normal form: `words` without spaces. Equal keys: the same name."""
    return "".join(words(name))


@lru_cache(maxsize=_CACHE)
def is_short(name: str) -> bool:
    """Tell whether ``name`` looks like a short form: one token, mostly capitals, as PCA, mAP, YOLOv3."""
    bare = name.removesuffix("s") if name.endswith("s") and name[:-1].isupper() else name
    if not 2 <= len(bare) <= 12 or " " in bare:
        return False
    letters = [c for c in bare if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return bool(letters) and capitals >= 2 and capitals * 2 >= len(letters)


def may_be_short(name: str) -> bool:
    """Tell whether ``name`` is a short form, or one word that could be one: Siren."""
    return is_short(name) or (3 <= len(name) <= 12 and name.isalpha() and name[0].isupper())


def slug(name: str) -> str:
    """Return the part of an id that a name makes; never empty, at most 80 code points and a digest."""
    folded = normalize("NFC", name).casefold()
    made = _SLUG.sub("-", folded).strip("-")
    if not made:
        return f"-{digest(name, length=8)}"
    if len(made) > SLUG_LENGTH:
        return f"{made[:SLUG_LENGTH].rstrip('-')}-{digest(made, length=8)}"
    return made
