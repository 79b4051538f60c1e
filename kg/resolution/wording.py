"""How scholarly names are worded: words that say little, and words that say the same.

The lists are general knowledge, written down without sight of the reference that figures are taken on; what
follows from a match is weighed with everything else, see `kg.resolution.scoring`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from kg.model import CONCEPT_TYPES
from kg.resolution import knowledge
from kg.resolution.edits import PREFIXES
from kg.stems import stem

#: Words that say the same, or say nothing, in no more of the names than this are akin, not alike.
AKIN = 0.6

_NOTHING: Mapping[str, float] = {}
#: Makers, whose name may come before that of what they made.
MAKERS = frozenset(
    "ms microsoft google openai meta facebook nvidia stanford ibm amazon baidu deepmind alibaba apple".split()
)


def left_out_last(words: Iterable[str], kind: str) -> float:
    """Return in what share of names (0-1) of the type ``kind`` all the last ``words`` can be left out.

    ``kind`` is ``PROPER`` for names that say but a proper name before them: Swin Transformer, BQ Corpus.
    """
    return min((knowledge.heads().get(word, _NOTHING).get(kind, 0.0) for word in words), default=0.0)


def left_out_last_of_any(word: str) -> float:
    """Return the most that `left_out_last` says of the last ``word``, of any type of concept."""
    return max(left_out_last([word], kind) for kind in CONCEPT_TYPES)


def left_out(words: Iterable[str]) -> float:
    """Return in what share of names (0-1) all the ``words`` before others go without saying."""
    return min((knowledge.modifiers().get(word, 0.0) for word in words), default=0.0)


@lru_cache(maxsize=1)
def alike_stems() -> Mapping[str, float]:
    """Return by pair of stems, as "a/b", what `kg.resolution.knowledge.alike` says of their words."""
    found: dict[str, float] = {}
    for pair, share in knowledge.alike().items():
        a, b = map(stem, pair.split("/"))
        if a != b:
            stems = "/".join(sorted((a, b)))
            found[stems] = max(share, found.get(stems, 0.0))
    return found


@lru_cache(maxsize=1 << 16)
def alikeness(swap: str) -> float:
    """Return in what share of names (0-1) the two words of ``swap``, as "a/b", say the same.

    Other forms of the words count, and what one prefix makes of both: hypernet, hypernetwork.
    """
    alike = knowledge.alike()
    if swap in alike:
        return alike[swap]
    a, _, b = swap.partition("/")
    stems = "/".join(sorted((stem(a), stem(b))))
    if stems in alike_stems():
        return alike_stems()[stems]
    for n in range(2, min(len(a), len(b)) - 2):
        rest = "/".join(sorted((a[n:], b[n:])))
        if a[:n] == b[:n] and a[:n] in PREFIXES and rest in alike:
            return alike[rest]
    return 0.0
