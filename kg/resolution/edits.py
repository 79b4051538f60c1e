"""How two names differ: the fewest word edits that make one of the other.

Words are aligned in order, after "X of Y" and "learning X" are turned into "Y X" and "X learning"
where that brings the names closer. Each edit has a key, under which `kg.resolution.knowledge` knows how
often it leaves the meaning as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kg.resolution.normal import words
from kg.stems import SUFFIXES, american, stem

#: Small words that may come and go.
FUNCTION_WORDS = frozenset(
    "a an and for from in into of on over the through under using via with within".split()
)
_TURNING = frozenset("for from in of on over under using via with within".split())


@lru_cache(maxsize=1 << 17)
def inflection(a: str, b: str) -> str:
    """Return the endings in which two forms of one word differ, as "ing/er"; empty for two words."""
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    rest_a, rest_b = a[n:], b[n:]
    if n < 3 or n * 2 < max(len(a), len(b)) or max(len(rest_a), len(rest_b)) > 7:
        return ""
    if stem(a) != stem(b) and not (n >= 4 and n >= 0.6 * min(len(a), len(b)) and _endings(rest_a, rest_b)):
        return ""
    return "/".join(sorted((rest_a, rest_b)))


_ENDINGS = frozenset(
    [*SUFFIXES, "", "s", "ability", "ic", "ist", "ism", "ption", "pting", "se", "ze", "t", "tion", "sis"]
)


def _endings(a: str, b: str) -> bool:
    return a in _ENDINGS and b in _ENDINGS


@lru_cache(maxsize=1 << 16)
def same_verb(a: str, b: str) -> bool:
    """Tell whether ``a`` and ``b`` are a compound verb and its gerund: finetune, finetuning.

    A plain verb may be another noun than its gerund (prompt, prompting); a verb that says how may not.
    """
    verb, gerund = sorted((a, b), key=lambda word: (len(word), word))
    if inflection(verb, gerund) not in {"/ing", "e/ing"}:
        return False
    parts = ((verb[:n], verb[n:], gerund[n:]) for n in range(2, len(verb) - 2))
    known = known_compounds()
    return any(how in PREFIXES or (how, rest) in known or (how, ing) in known for how, rest, ing in parts)


Edits = tuple[str, ...]

#: What is written as one with the word after it.
PREFIXES = frozenset(
    "anti auto bi co counter cross de few hyper inter intra meta mis mono multi non one over post "
    "pre re self semi sub super supra tri ultra un under uni zero".split()
)
_NUMBERS = dict(
    zip("zero one two three four five six seven eight nine ten".split(), map(str, range(11)), strict=True)
)
_TO = re.compile(r"([a-z]{2,})([24])([a-z]{2,})")


@lru_cache(maxsize=1 << 20)
def tokens(name: str) -> tuple[str, ...]:
    """Return the words of ``name`` as they are aligned: American, prefixes joined, seq2seq as seq to seq."""
    split: list[str] = []
    for word in words(name):
        match = _TO.fullmatch(word)
        split += [match[1], "to" if match[2] == "2" else "for", match[3]] if match else [american(word)]
    return compounded(tuple(split))


def compounded(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``name`` with what is often written as one word as one word: pre trained, data set."""
    out: list[str] = []
    for word in name:
        before = out[-1] if out else ""
        if before and (
            (
                before in PREFIXES
                and len(word) > 2
                and not (before in {"one", "few", "zero"} and word != "shot")
            )
            or (before, word) in known_compounds()
        ):
            out[-1] = before + word
        else:
            out.append(word)
    return tuple(_NUMBERS.get(word, word) for word in out)


@lru_cache(maxsize=1)
def known_compounds() -> frozenset[tuple[str, str]]:
    """Return pairs of words that papers write apart and as one."""
    from kg.resolution.knowledge import compounds

    return compounds()


@lru_cache(maxsize=1 << 17)
def edits(a: str, b: str) -> Edits | None:
    """Return the keys of the edits between names ``a`` and ``b``, sorted; None where they share no word.

    ``drop:model:head`` (a word that only one has; head is the last), ``swap:retrieval/search:head``,
    ``form:er/ing:head`` (another form of a word), ``order:of`` and ``order:gerund`` (turned around),
    ``order:free`` (the same words otherwise ordered), ``small`` (a function word).
    """
    first, second = _compounded(tokens(a), tokens(b))
    best = _align(first, second)
    for turned_a, how_a in _turned(first):
        for turned_b, how_b in _turned(second):
            if how_a or how_b:
                found = _align(turned_a, turned_b)
                if found is not None:
                    extra = 0.3 * bool(how_a) + 0.3 * bool(how_b)
                    orders = tuple(how for how in (how_a, how_b) if how)
                    if best is None or found[0] + extra < best[0]:
                        best = (found[0] + extra, found[1] + orders)
    sorted_a, sorted_b = tuple(sorted(first)), tuple(sorted(second))
    if sorted_a == sorted_b and first != second and (best is None or best[0] > 1.0):
        best = (1.0, ("order:free",))
    return None if best is None else tuple(sorted(best[1]))


def _compounded(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write as one word what the other name writes as one: feed forward, feedforward."""

    def joined(name: tuple[str, ...], other: frozenset[str]) -> tuple[str, ...]:
        out: list[str] = []
        n = 0
        while n < len(name):
            if n + 1 < len(name) and name[n] + name[n + 1] in other:
                out.append(name[n] + name[n + 1])
                n += 2
            elif name[n].startswith("bi") and name[n][2:] in other:
                out += ["bi", name[n][2:]]
                n += 1
            else:
                out.append(name[n])
                n += 1
        return tuple(out)

    return joined(a, frozenset(b)), joined(b, frozenset(a))


def _turned(name: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Return ``name`` and, where it can be turned around, its head-last order with the key of the turn."""
    found: list[tuple[tuple[str, ...], str]] = [(name, "")]
    for n in range(1, len(name) - 1):
        if name[n] in _TURNING:
            rest = tuple(w for w in name[n + 1 :] if w not in {"the", "a", "an"})
            if rest:
                found.append((rest + name[:n], f"order:{name[n]}"))
            break
    # "training dynamics" is no training of dynamics.
    if len(name) > 1 and name[0].endswith("ing") and name[0] != "training":
        rest = tuple(w for w in name[1:] if w not in FUNCTION_WORDS)
        if rest:
            found.append(((*rest, name[0]), "order:gerund"))
    return found


_Cell = tuple[float, bool, tuple[object, ...]]


def _align(a: Sequence[str], b: Sequence[str]) -> tuple[float, Edits] | None:
    """Return cost and edits of the cheapest alignment; None where not one word is shared."""
    rows, columns = len(a) + 1, len(b) + 1
    if rows > 14 or columns > 14:
        return None
    drops_a = [_drop(a, n) for n in range(len(a))]
    drops_b = [_drop(b, n) for n in range(len(b))]
    # cell: cost, whether no word was matched, edits as a linked list; of equal ones the first is kept
    start: _Cell = (0.0, True, ())
    above = [start]
    for cost, key in drops_b:
        before = above[-1]
        above.append((before[0] + cost, before[1], (key, before[2])))
    for i in range(1, rows):
        drop, dropped = drops_a[i - 1]
        before = above[0]
        line: list[_Cell] = [(before[0] + drop, before[1], (dropped, before[2]))]
        for j in range(1, columns):
            before = above[j]
            total, unmatched = before[0] + drop, before[1]
            chain: tuple[object, ...] = (dropped, before[2])
            cost, key = drops_b[j - 1]
            before = line[j - 1]
            if (before[0] + cost, before[1]) < (total, unmatched):
                total, unmatched, chain = before[0] + cost, before[1], (key, before[2])
            # The last of both is a head, the last of one no longer modifies: both count as head.
            found = _exchange(a[i - 1], b[j - 1], "head" if i == len(a) and j == len(b) else "mod")
            if found is not None:
                cost, key, match = found
                before = above[j - 1]
                other = before[1] and not match
                if (before[0] + cost, other) < (total, unmatched):
                    total, unmatched = before[0] + cost, other
                    chain = (key, before[2]) if key else before[2]
            line.append((total, unmatched, chain))
        above = line
    cost, unmatched, chain = above[-1]
    if unmatched:
        return None
    keys: list[str] = []
    while chain:
        keys.append(str(chain[0]))
        chain = chain[1]  # type: ignore[assignment]
    return cost, tuple(keys)


@lru_cache(maxsize=1 << 16)
def _exchange(x: str, y: str, place: str) -> tuple[float, str, bool] | None:
    """Return cost and key of ``y`` for ``x``, and if they are one word; None: no edit."""
    if x == y:
        return 0.0, "", True
    ending = inflection(x, y)
    if ending:
        return 0.4, f"form:{ending}:{place}", True
    if not {x, y} & FUNCTION_WORDS:
        return 1.5, f"swap:{'/'.join(sorted((x, y)))}:{place}", False
    return (0.2, "small", False) if {x, y} <= FUNCTION_WORDS else None


def _drop(name: Sequence[str], at: int) -> tuple[float, str]:
    word, last = name[at], at == len(name) - 1
    # No name ends in an article: ImageNet-A is a version.
    if word in FUNCTION_WORDS and not last:
        return 0.1, "small"
    return 1.0, f"drop:{word}:{'head' if last else 'mod'}"
