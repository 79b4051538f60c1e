"""The singular of an English word: one rule, for the names of one paper and for names across papers."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = {
    "analyses": "analysis",
    "appendices": "appendix",
    "avalanches": "avalanche",
    "axes": "axis",
    "biases": "bias",
    "bonuses": "bonus",
    "caches": "cache",
    "calories": "calorie",
    "campuses": "campus",
    "cookies": "cookie",
    "corpora": "corpus",
    "corpuses": "corpus",
    "criteria": "criterion",
    "diagnoses": "diagnosis",
    "echoes": "echo",
    "gases": "gas",
    "halves": "half",
    "heroes": "hero",
    "hypotheses": "hypothesis",
    "indices": "index",
    "leaves": "leaf",
    "lenses": "lens",
    "matrices": "matrix",
    "movies": "movie",
    "niches": "niche",
    "parentheses": "parenthesis",
    "phenomena": "phenomenon",
    "quizzes": "quiz",
    "statuses": "status",
    "syntheses": "synthesis",
    "theses": "thesis",
    "vertices": "vertex",
    "viruses": "virus",
}
# The same in the plural, or no plural at all.
_INVARIANT = frozenset(
    "always bayes bias canvas chaos cosmos across corps ethos gas glass its lens means news pathos perhaps "
    "sans series species thus towards versus whereas".split()
)
# Ends that a singular has too; of some of these, the words that are plurals all the same.
_NO_PLURAL = re.compile(r"(?:ss|us|is|ics|as)$")
_PLURAL = frozenset(
    "areas arenas basics cameras characteristics comics critics diagnostics dilemmas formulas graphics "
    "heuristics ideas lemmas logics metrics mimics panoramas personas picnics quotas schemas topics".split()
)


@lru_cache(maxsize=1 << 20)
def singular(word: str) -> str:
    """Return the singular of a lower-case English ``word``; a guess by its ending. Idempotent."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or not word[-2].isalpha() or word in _INVARIANT:
        return word
    if _NO_PLURAL.search(word) and word not in _PLURAL:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:sh|ch|x|ss|zz)es$", word):
        return word[:-2]
    return word[:-1]
