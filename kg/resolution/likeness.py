"""How likely an edit of a name leaves its meaning as it is: what papers say of the edit, and of its kind."""

from __future__ import annotations

import math
from functools import lru_cache

from kg.resolution import knowledge
from kg.resolution.wording import AKIN, MAKERS, alikeness, left_out, left_out_last, left_out_last_of_any

#: What an edit's counts are smoothed towards: how often edits of its kind keep the meaning, of surfaces
#: in a paper and of names.
_PRIOR = {
    "swap:head": (0.03, 0.01),
    "swap:mod": (0.04, 0.007),
    "swap:alike": (0.2, 0.06),
    "swap:akin": (0.1, 0.025),
    "drop:head": (0.25, 0.07),
    "drop:empty": (0.5, 0.18),
    "drop:light": (0.4, 0.12),
    "drop:class": (0.6, 0.3),
    "drop:maker": (0.7, 0.5),
    "drop:mod": (0.22, 0.05),
    "drop:vague": (0.35, 0.1),
    "drop:understood": (0.45, 0.15),
    "form:head": (0.4, 0.15),
    "form:mod": (0.8, 0.2),
    "form:verb": (0.95, 0.9),
}
_ORDER_PRIOR = (0.9, 0.9)
_LEAST, _MOST = -6.0, 3.0


def kind_of(edit: str) -> str:
    """Return the kind of an edit: ``drop:head``, ``swap:mod``, ``order``, and so on."""
    parts = edit.split(":")
    return f"{parts[0]}:{parts[-1]}" if parts[0] in {"drop", "swap", "form"} else parts[0]


@lru_cache(maxsize=1 << 17)
def _finer(edit: str) -> str:
    """Return the kind of an edit, finer where its words tell."""
    kind = kind_of(edit)
    if kind.startswith("swap:"):
        share = alikeness(edit.split(":")[1])
        return "swap:alike" if share > AKIN else "swap:akin" if share else kind
    if kind == "drop:head":
        share = left_out_last_of_any(edit.split(":")[1])
        return "drop:empty" if share > AKIN else "drop:light" if share else kind
    if kind == "drop:mod":
        share = left_out([edit.split(":")[1]])
        return "drop:understood" if share > AKIN else "drop:vague" if share else kind
    return kind


def _beside_a_name(edit: str) -> str:
    """Return the kind of an edit that leaves but a proper name: Swin of Swin Transformer, COCO of MS COCO."""
    what, word, place = edit.split(":") if edit.count(":") == 2 else ("", "", "")
    if what == "drop" and place == "head" and left_out_last([word], "PROPER"):
        return "drop:class"
    return "drop:maker" if what == "drop" and place == "mod" and word in MAKERS else ""


def _log_odds(united: int, distinct: int, prior: float, strength: float) -> float:
    share = (united + strength * prior) / (united + distinct + strength)
    return max(_LEAST, min(_MOST, math.log(share / (1.0 - share))))


def meaning_kept(
    edit: str, *, verb: bool, proper: bool, less: tuple[int, int, int] = (0, 0, 0)
) -> tuple[float, float]:
    """Return the log odds that ``edit`` keeps the meaning: of surfaces in a paper, and of names.

    ``verb``: it makes a gerund of a compound verb; ``proper``: the shorter name is a proper name. ``less``
    is taken from the counts of the edit: united, named and distinct.
    """
    of_name = _beside_a_name(edit) if proper else ""
    # What is known of the ending is of plain verbs, of a word left out mostly of other than proper names.
    known = None if verb or of_name else knowledge.edit_counts().get(edit)
    counts = (known.united, known.named, known.distinct) if known else (0, 0, 0)
    united, named, distinct = (max(0, n - m) for n, m in zip(counts, less, strict=True))
    kind = "form:verb" if verb else of_name or _finer(edit)
    of_surfaces, of_names = _PRIOR.get(kind, _ORDER_PRIOR)
    return _log_odds(united, distinct, of_surfaces, 3.0), _log_odds(named, distinct, of_names, 6.0)
