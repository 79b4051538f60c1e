"""How one paper writes a name: what differs by case, accents, hyphens, spaces or plural is one name.

Pure functions of a string, for comparing the mentions of one paper; names across papers are the
business of `kg.resolution`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.plurals import singular
from kg.text import SIGNS, unaccented

if TYPE_CHECKING:
    from kg.model import ConceptType

# Beside words, the signs that tell names apart, and the point of 1.5, which is not 15.
_TOKEN = re.compile(rf"[^\W_]+|[{SIGNS}]|(?<=\d)\.(?=\d)")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_LATEX_STYLE = re.compile(r"\\(?:text|math|bm|boldsymbol|emph)[a-z]*\b")
_APOSTROPHE = re.compile(r"['’](?:s\b)?")
#: The plural of LM is too short a word to be known as one without its capitals.
_PLURAL_ACRONYM = re.compile(r"(?<=[A-Z]{2})s$")
_PREPOSITION = re.compile(r"\b(?:of|for|to|from|in|with|on|between|among|across|over)\b", re.IGNORECASE)
_GERUND = re.compile(r"\w+ing\b")


@lru_cache(maxsize=1 << 14)
def surface_key(text: str) -> str:
    """Return what mentions of one name have in common: folded words, the last in the singular.

    Words are joined without spaces, so that "few-shot", "few shot" and "fewshot" are one. A text of
    punctuation alone is its own key.
    """
    bare = _APOSTROPHE.sub("", _LATEX_STYLE.sub("", text))
    tokens = _TOKEN.findall(_PLURAL_ACRONYM.sub("", unaccented(bare).rstrip()).casefold())
    if not tokens:
        return text.strip()
    last = _LAST_WORD.search(tokens[-1])
    if last:
        head = tokens[-1][: last.start()]
        tokens[-1] = head + singular(last.group())
    return "".join(tokens)


def is_acronym(text: str) -> bool:
    """Tell whether ``text`` looks like an abbreviation: one token, mostly capitals, as MCL or mAP."""
    core = text[:-1] if text.endswith("s") and text[:-1].isupper() else text
    if not 2 <= len(core) <= 10 or any(c.isspace() for c in core):
        return False
    letters = [c for c in core if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return capitals >= 2 and capitals * 2 >= len(letters)


def initials(text: str) -> str:
    """Return the first letters of the words of ``text``, folded; hyphens part words."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", text)).casefold()


def singular_name(text: str, type_: ConceptType) -> str:
    """Return ``text`` with its last word in the singular; case, and all else, as written.

    Left as they are: names of data (Cityscapes, Natural Questions), phrases that end inside a
    prepositional one (number of parameters), tasks named by what is done (ranking jobs), and words
    with capitals inside them.
    """
    last = _LAST_WORD.search(text)
    if last is None or type_ == "DATASET" or _PREPOSITION.search(text):
        return text
    if type_ == "TASK" and _GERUND.match(text):
        return text
    word, head = last.group(), text[: last.start()]
    if len(word) > 2 and word.endswith("s") and word[:-1].isupper():
        # GNNs is a plural; the s of a measure as FLOPs or MACs stands for a word.
        return head + (word if type_ == "METRIC" else word[:-1])
    if word[1:] != word[1:].lower():
        return text
    lower = word.lower()
    one = singular(lower)
    # A capital stays: Transformers, Transformer.
    return text if one == lower else head + word[0] + one[1:]
