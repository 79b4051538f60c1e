"""Names too generic to be a concept: "training", "framework", "our model"."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.resolution.normal import words

# Alone, or with nothing but `_EMPTY` words before them, these say nothing.
_HEADS = frozenset(
    """
    ability algorithm analysis application approach architecture aspect baseline benchmark capability case
    challenge component concept condition contribution criterion data dataset deployment
    design development domain effectiveness evaluation example experiment extension
    field finding formulation framework function goal idea implementation improvement information input
    insight instance issue layer learning library mechanism method methodology metric model
    module network objective operation output paper parameter performance phenomenon pipeline
    platform procedure process property proposal quality question requirement research
    resource result sample scenario scheme score set setting setup solution stage step
    strategy structure study system target task technique test testing theory tool training user
    variant variation version work
    """.split()
)
_EMPTY = frozenset(
    """
    a additional all alternative an and another any art available basic best better certain common
    competitive competing conventional corresponding current different each effective empirical every
    existing extensive first five following four further general generic given good important improved in
    its main many modern more most multiple new novel of on one original other our overall own popular
    powerful practical present previous prior promising proposed real recent related respective same
    second several similar simple single some specific standard state strong such the their these third
    this those three traditional two typical underlying unified unnamed usual various well with
    """.split()
)
# A word that only says what was done with something: fine-tuned, Pretrained; not speed.
_PARTICIPLE = re.compile(r"(?:[A-Za-z][a-z]*-)?[A-Za-z]?[a-z]{3,}(?<!e)ed")
# These two-word names say nothing either.
_FIRST = frozenset("data evaluation experimental learning method model system test training".split())
_SECOND = frozenset(
    "algorithm approach data dataset framework method metric performance procedure process result set step "
    "stage strategy technique".split()
)


@lru_cache(maxsize=1 << 16)
def is_generic(name: str) -> bool:
    """Tell whether ``name`` says nothing by itself."""
    if _PARTICIPLE.fullmatch(name.strip()):
        return True
    parts = [word for word in words(name) if word not in _EMPTY]
    if not parts:
        return bool(words(name)) and all(word in _EMPTY for word in words(name)) and len(words(name)) > 1
    if len(parts) == 1:
        return parts[0] in _HEADS
    return len(parts) == 2 and parts[0] in _FIRST and parts[1] in _SECOND
