"""What each paper means by a short form: its own definition first, then what fits type and text.

A short form that a paper does not spell out is read as one of the long forms that other papers, or the
72,000 abstracts behind `kg.resolution.knowledge`, give it: the oftener, the likelier; likelier too if the
type agrees and the paper's text has its words. Where none is likely enough, the short form stays itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.model import ConceptType, Paper
from kg.resolution import knowledge
from kg.resolution.abbreviations import definition, expands
from kg.resolution.clustering import Pair, ordered
from kg.resolution.edits import FUNCTION_WORDS, tokens
from kg.resolution.names import Occurrence
from kg.resolution.naming import singular_name
from kg.resolution.normal import is_short, key, may_be_short
from kg.stems import stem

#: How likely a long form must be to be read.
LEAST = 0.6
#: What speaks for something else, in papers; more where the paper introduces the name itself.
_OTHER, _OTHER_PROPOSED = 0.5, 4.0
#: A definition in the abstracts counts this much of one at hand, and no long form more than a few papers.
_SHIPPED, _SHIPPED_MOST = 0.1, 3.0
#: Factors where no paper that defines it so agrees on the type, and by the share of words in the text.
_OTHER_TYPE = 0.1
_TEXT = 8.0
#: Most ways to spell out a short form inside a name.
_SPELLINGS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """The name an occurrence is read as, why, and how sure (0 to 1)."""

    name: str
    reason: str = ""
    score: float = 1.0


@dataclass(slots=True)
class Expansion:
    """A long form of a short one: the papers that define it so, their types, and how it is written."""

    papers: set[str] = field(default_factory=set)
    types: Counter[ConceptType] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    shipped: int = 0

    @property
    def name(self) -> str:
        """The spelling that most papers use."""
        return min(self.names, key=lambda name: (-self.names[name], name))


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings in the order of the occurrences, and the long forms of each short form's key."""

    of: tuple[Reading, ...]
    lexicon: Mapping[str, Mapping[str, Expansion]]


def read(
    found: Sequence[Occurrence],
    papers: Iterable[Paper],
    *,
    settled: frozenset[str] = frozenset(),
    barred: frozenset[Pair] = frozenset(),
) -> Readings:
    """Return what each occurrence is read as.

    Names whose key is ``settled`` are decided on as they stand, and only their own paper spells them out;
    ``barred`` are pairs of keys, smaller first, of which neither is ever read as the other.
    """
    by_id = {paper.id: paper for paper in papers}
    # Llama is read as LLaMA is; a word in lower case is no short form.
    own = [_own_expansion(o, by_id[o.paper_id]) for o in found]
    own = [
        "" if ordered(key(o.name), key(long)) in barred else long for o, long in zip(found, own, strict=True)
    ]
    shorts = {key(o.name) for o, long in zip(found, own, strict=True) if is_short(o.name) or long}
    lexicon: dict[str, dict[str, Expansion]] = {}
    for occurrence, expansion in zip(found, own, strict=True):
        _learn(lexicon, occurrence, expansion)
    _add_shipped(lexicon, shorts)
    shorts -= settled
    readings = []
    for occurrence, expansion in zip(found, own, strict=True):
        if expansion:
            readings.append(Reading(expansion, f"the paper spells out {occurrence.name}"))
        elif key(occurrence.name) in shorts and not occurrence.name.islower():
            short = key(occurrence.name)
            known = {k: e for k, e in lexicon.get(short, {}).items() if ordered(short, k) not in barred}
            readings.append(_likeliest(occurrence, known, by_id[occurrence.paper_id]))
        else:
            readings.append(Reading(occurrence.name))
    return Readings(tuple(readings), lexicon)


def spelt_out(name: str, lexicon: Mapping[str, Mapping[str, Expansion]]) -> tuple[tuple[str, float], ...]:
    """Return ``name`` with a short form inside it spelt out, and the share of definitions that do so.

    Only names of several words have one inside: OOD generalization.
    """
    parts = name.split()
    found: list[tuple[str, float]] = []
    for n, part in enumerate(parts):
        if len(parts) < 2 or not is_short(part):
            continue
        short = key(part)
        weights = {e.name: _weight(e) for _, e in sorted(lexicon.get(short, {}).items())}
        for long, count in knowledge.abbreviations().get(short, ()):
            # Spelt like one at hand, it is counted there already.
            if key(long) not in lexicon.get(short, {}):
                weights[long] = min(_SHIPPED_MOST, _SHIPPED * count)
        total = sum(weights.values())
        for long, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_SPELLINGS]:
            spelt = " ".join([*parts[:n], singular_name(long), *parts[n + 1 :]])
            found.append((spelt, weight / total))
    return tuple(found)


def defined_shares(lexicon: Mapping[str, Mapping[str, Expansion]]) -> dict[tuple[str, str], float]:
    """Return by keys of short and long form the share of definitions that say so, of all and others."""
    shares = {}
    for short, longs in lexicon.items():
        total = sum(_weight(longs[long]) for long in sorted(longs)) + _OTHER
        for long, expansion in longs.items():
            shares[short, long] = _weight(expansion) / total
    return shares


def _own_expansion(occurrence: Occurrence, paper: Paper) -> str:
    """Return the long form that the paper gives the occurrence's short name; empty where it gives none."""
    if not may_be_short(occurrence.name):
        return ""
    longs = [s for s in occurrence.surfaces if " " in s and expands(s, occurrence.name)]
    if longs:
        return singular_name(min(longs, key=lambda s: (len(s), s)))
    if not is_short(occurrence.name):
        return ""
    for text in (paper.abstract, paper.title):
        found = definition(text, occurrence.name)
        if found:
            return singular_name(found)
    return ""


def _learn(lexicon: dict[str, dict[str, Expansion]], occurrence: Occurrence, expansion: str) -> None:
    pairs = {(occurrence.name, expansion)} if expansion else set()
    if " " in occurrence.name:
        pairs = {(s, occurrence.name) for s in occurrence.surfaces if expands(occurrence.name, s)}
    for short, long in sorted(pairs):
        entry = lexicon.setdefault(key(short), {}).setdefault(key(long), Expansion())
        if occurrence.paper_id not in entry.papers:
            entry.types[occurrence.type] += 1
        entry.papers.add(occurrence.paper_id)
        entry.names[singular_name(long)] += 1


def _add_shipped(lexicon: dict[str, dict[str, Expansion]], shorts: Iterable[str]) -> None:
    for short in sorted(shorts):
        for long, count in knowledge.abbreviations().get(short, ()):
            entry = lexicon.setdefault(short, {}).setdefault(key(long), Expansion())
            entry.shipped = count
            if not entry.names:
                entry.names[singular_name(long)] = 0


def _weight(expansion: Expansion) -> float:
    return len(expansion.papers) + min(_SHIPPED_MOST, _SHIPPED * expansion.shipped)


def _likeliest(occurrence: Occurrence, known: Mapping[str, Expansion], paper: Paper) -> Reading:
    if not known:
        return Reading(occurrence.name)
    text = frozenset(stem(token) for token in tokens(f"{paper.title} {paper.abstract}"))
    weights: dict[str, float] = {}
    for long, expansion in sorted(known.items()):
        weight = _weight(expansion)
        if expansion.types and not expansion.types[occurrence.type]:
            weight *= _OTHER_TYPE
        content = [stem(t) for t in tokens(expansion.name) if t not in FUNCTION_WORDS]
        share = sum(s in text for s in content) / len(content) if content else 0.0
        weights[long] = weight * (1.0 + _TEXT * share * share)
    best = min(weights, key=lambda long: (-weights[long], long))
    other = _OTHER_PROPOSED if occurrence.role == "PROPOSES" else _OTHER
    score = weights[best] / (sum(weights.values()) + other)
    if score < LEAST:
        return Reading(occurrence.name)
    expansion = known[best]
    papers = len(expansion.papers)
    said = f"{papers} paper{'s' * (papers != 1)} here" if papers else f"{expansion.shipped} abstracts"
    return Reading(expansion.name, f"{said} spell out {occurrence.name} so", round(score, 4))
