"""Short forms and their expansions: what may abbreviate what, and what a paper itself defines.

After A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text", 2003; with a score for how many letters begin a word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.resolution.normal import is_short, key, may_be_short, squeeze
from kg.text import SIGNS

_TOKEN = re.compile(r"[^\W_]+")
_BRACKET = re.compile(r"\(\s*+([^()\s][^()]{0,98}[^()\s])\s*+\)")
_NAME_WORD = re.compile(r"[^\s(),.;:]+")
_BREAK = re.compile(r"[.;:(),]\s")
#: Code points before a bracket that are read.
_BEFORE = 120
_SPLIT_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STOP = frozenset(
    "a an and as at by for from in into is of on or over per the through to under via with without".split()
)
#: Most words that a long form may have beyond the letters of its short form.
_EXTRA_WORDS = 4
#: `initials_match` from which a long form is one.
LEAST_MATCH = 0.5


@lru_cache(maxsize=1 << 17)
def initials_match(long: str, short: str) -> float:
    """Return how well ``short`` abbreviates ``long``, 0 (not at all) to 1 (initials or first syllables).

    Every letter and digit of ``short`` must occur in ``long`` in order, the first at the start of the
    first word. The score is the share of them that begin a word, or go on with a beginning (ResNet),
    times the share of content words used.
    """
    letters = "".join(_TOKEN.findall(short)).casefold()
    if short[-1:] == "s" and short[:-1].isupper():
        letters = letters[:-1]  # a plural: LLMs
    tokens = [t.casefold() for t in _TOKEN.findall(_SPLIT_CASE.sub(" ", long))]
    if len(letters) < 2 or not tokens or len(tokens) > len(letters) + _EXTRA_WORDS:
        return 0.0
    if any(sign in short and sign not in long for sign in SIGNS):
        return 0.0  # RSCP+ is not what RSCP stands for
    text = " ".join(tokens)
    if len(text.replace(" ", "")) <= len(letters) + 1 or text[0] != letters[0]:
        return 0.0
    # State: where the last letter was matched, and whether it belongs to a beginning.
    # Value: letters in beginnings, and the words used.
    states: dict[tuple[int, bool], tuple[int, frozenset[int]]] = {(0, True): (1, frozenset({0}))}
    for letter in letters[1:]:
        reached: dict[tuple[int, bool], tuple[int, frozenset[int]]] = {}
        for (at, begins), (count, used) in states.items():
            for n in range(at + 1, len(text)):
                if text[n] != letter:
                    continue
                beginning = text[n - 1] == " " or (begins and n == at + 1)
                value = (count + beginning, used | {text.count(" ", 0, n)})
                old = reached.get((n, beginning))
                if old is None or (old[0], len(old[1])) < (value[0], len(value[1])):
                    reached[n, beginning] = value
        states = reached
        if not states:
            return 0.0
    content = [n for n, token in enumerate(tokens) if token not in _STOP] or [0]
    return max(
        count / len(letters) * sum(n in used for n in content) / len(content)
        for count, used in states.values()
    )


def expands(long: str, short: str) -> bool:
    """Tell whether ``long`` may be what ``short`` stands for.

    A longer name that has the short one in it (LLaMA 2) is no expansion of it.
    """
    if (
        not may_be_short(short)
        or len(long) <= len(short) + 2
        or len(long.split()) > len(short) + _EXTRA_WORDS
    ):
        return False
    if key(short) in {key(token) for token in _TOKEN.findall(long)} or key(long).startswith(key(short)):
        return False
    # Capitals say that it is a short form; of a word like Siren every letter must fit.
    return initials_match(long, short) >= (LEAST_MATCH if is_short(short) else 0.95)


def definition(text: str, short: str) -> str:
    """Return the long form that ``text`` itself gives ``short``, as written; empty where it gives none.

    Read are "long form (SHORT)" and "SHORT (long form)".
    """
    best, score = "", 0.0
    wanted = key(short)
    for match in _BRACKET.finditer(text):
        inside = match.group(1)
        before = text[max(0, match.start() - _BEFORE) : match.start()].rstrip()
        if key(re.split(r"[;,]", inside)[0]) == wanted:
            places = list(_NAME_WORD.finditer(before))
            most = min(len(places), len(short) + _EXTRA_WORDS)
            candidates = [before[places[-n].start() :] for n in range(1, most + 1)]
        elif before.endswith(short):
            candidates = [inside]
        else:
            continue
        for candidate in candidates:
            if _BREAK.search(candidate):
                break
            found = initials_match(candidate, short) if expands(candidate, short) else 0.0
            if found > score:
                best, score = candidate, found
    return squeeze(best)
