"""How a concept is called: its name among its aliases, and its id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kg.model import CONCEPT_TYPES, Concept, ConceptType
from kg.plurals import singular
from kg.resolution.abbreviations import expands
from kg.resolution.normal import key, slug
from kg.text import digest

#: A long form names the concept where it has at least this share of the papers of the short form.
_KNOWN_SHARE = 0.25
#: Share of a concept's aliases, by papers, that a previous concept must share to pass its id on.
_KEPT_SHARE = 0.5


def majority_type(types: Mapping[ConceptType, int]) -> ConceptType:
    """Return the most frequent type; ties go to the first in `CONCEPT_TYPES`."""
    return max(CONCEPT_TYPES, key=lambda kind: (types.get(kind, 0), -CONCEPT_TYPES.index(kind)))


def singular_name(name: str) -> str:
    """Return ``name`` with its last word in the singular, its case as it is."""
    head, blank, last = name.rpartition(" ")
    if last.isupper():
        return name
    lower = last.casefold()
    one = singular(lower)
    if one == lower or not lower.startswith(one):
        # "hypotheses", "ies": only where lower case needs no care.
        return f"{head}{blank}{one}" if last == lower else name
    return f"{head}{blank}{last[: len(one)]}"


def best_name(counts: Mapping[str, int], written: Mapping[str, int] | None = None) -> str:
    """Return the name that a concept goes by: the best known one, or what it spells out.

    ``counts`` are papers by name, ``written`` by any surface. Names of one key count together. A short
    form gives way to a long form of it that has `_KNOWN_SHARE` of its papers or more: PCA, but BERT.
    Ties go to the shorter, then to the first by code point.
    """
    by_key: Counter[str] = Counter()
    for name, count in (written or counts).items():
        by_key[key(name)] += count

    def rank(name: str) -> tuple[int, int, int, str]:
        return (-by_key[key(name)], -counts[name], len(name), name)

    ranked = sorted(counts, key=rank)
    best = ranked[0]
    for name in ranked:
        if expands(name, best) and by_key[key(name)] >= _KNOWN_SHARE * by_key[key(best)]:
            return name
    return best


def concept_ids(named: Sequence[tuple[ConceptType, str]]) -> list[str]:
    """Return an id for each (type, name), which must all differ.

    Type and slug; where several have one slug, the one written most plainly keeps it and the others
    add a digest of their name, so that an id depends on nothing but names.
    """
    groups: dict[str, list[int]] = {}
    for n, (kind, name) in enumerate(named):
        groups.setdefault(f"{kind.lower()}/{slug(name)}", []).append(n)
    ids = [""] * len(named)
    for made, members in groups.items():
        plain = min(members, key=lambda n: (named[n][1] != named[n][1].casefold(), named[n][1]))
        for n in members:
            ids[n] = made if n == plain else f"{made}-{digest(named[n][1], length=6)}"
    return ids


def kept_ids(
    concepts: Sequence[tuple[str, Mapping[str, int]]], previous: Iterable[Concept]
) -> dict[int, str]:
    """Return, by position, the previous ids that ``concepts`` (own id, papers by alias) go on with.

    A previous concept hands its id to the one with which it shares most, if each is the other's best
    match and more than half of the previous names are there.
    """
    by_alias: dict[str, list[tuple[int, int]]] = {}
    for n, (_, counts) in enumerate(concepts):
        keys: Counter[str] = Counter()
        for alias, count in counts.items():
            keys[key(alias)] = max(keys[key(alias)], count)
        for alias_key, count in keys.items():
            by_alias.setdefault(alias_key, []).append((n, count))
    best_old: dict[int, tuple[float, str]] = {}
    best_new: dict[str, tuple[float, str, int]] = {}
    for old in sorted(previous, key=lambda c: c.id):
        weights: Counter[str] = Counter()
        for alias, count in zip(old.aliases, old.alias_counts, strict=True):
            weights[key(alias)] = max(weights[key(alias)], count, 1)
        weights[key(old.name)] += 1
        shared: Counter[int] = Counter()
        for alias_key, weight in weights.items():
            for n, count in by_alias.get(alias_key, ()):
                shared[n] += min(weight, count + 1)
        total = sum(weights.values())
        for n, common in shared.items():
            score = common / total
            if score < _KEPT_SHARE:
                continue
            if (-score, old.id) < (-best_old.get(n, (0.0, ""))[0], best_old.get(n, (0.0, "\U0010ffff"))[1]):
                best_old[n] = (score, old.id)
            at = best_new.get(old.id, (0.0, "\U0010ffff", -1))
            if (-score, concepts[n][0]) < (-at[0], at[1]):
                best_new[old.id] = (score, concepts[n][0], n)
    return {n: old_id for n, (_, old_id) in sorted(best_old.items()) if best_new[old_id][2] == n}
