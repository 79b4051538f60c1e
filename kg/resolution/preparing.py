"""Everything that a resolution is decided from: names read, forms gathered, evidence, candidates, scorer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations

from kg.model import ConceptType, Extraction, Paper
from kg.report import Report
from kg.resolution import knowledge
from kg.resolution.candidates import candidates
from kg.resolution.clustering import Pair, ordered
from kg.resolution.consistency import is_id, name_key
from kg.resolution.decisions import NONE, Decision, Decisions
from kg.resolution.evidence import Evidence, observe
from kg.resolution.generic import is_generic
from kg.resolution.ids import Meant
from kg.resolution.names import Form, Occurrence, gather, occurrences
from kg.resolution.naming import majority_type
from kg.resolution.normal import is_short, key
from kg.resolution.readings import Reading, defined_shares, read, spelt_out
from kg.resolution.scoring import Scorer
from kg.resolution.synonyms import reworded
from kg.resolution.wording import AKIN, alike_stems, left_out_last_of_any
from kg.stems import stem

# Words that an edit drops, or swaps, often enough for names to be looked up without or with them.
_LIGHT_COUNT, _LIGHT_SHARE = 8, 0.3
_SWAP_COUNT, _SWAP_SHARE = 2, 0.08


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `kg.resolution.resolving` decides from; see there. ``ids`` has the form that an id means."""

    found: tuple[Occurrence, ...]
    readings: tuple[Reading, ...]
    dropped: tuple[Occurrence, ...]
    forms: Mapping[str, Form]
    form_of: Mapping[str, str]
    evidence: Evidence
    scorer: Scorer
    candidates: tuple[Pair, ...]
    ids: Mapping[str, str] = field(default_factory=dict)

    def form_named(self, name: str) -> str:
        """Return the id of the form that a reading called ``name`` belongs to."""
        return self.form_of.get(name, key(name))

    def forms_of(self, name: str) -> list[str]:
        """Return the forms that a reference to ``name`` means: its own, else those that papers so call.

        The form that most papers mean is first. What looks like an id means one form, or none.
        """
        if is_id(name):
            return [self.ids[name]] if name in self.ids else []
        own = self.form_named(name)
        if own in self.forms:
            return [own]
        alias = key(name)
        found = [form_id for form_id, form in self.forms.items() if alias in form.aliases]
        return sorted(found, key=lambda form_id: (-self.forms[form_id].aliases[alias], form_id))

    def knowing(self, meant: Mapping[str, Meant]) -> Prepared:
        """Return the same with more ids.

        Each means the form of its concept's name, else the form that most places of the concept are read as.
        """
        if not meant:
            return self
        form_at = {
            (occurrence.paper_id, occurrence.key): self.form_named(reading.name)
            for occurrence, reading in zip(self.found, self.readings, strict=True)
        }

        def leading(concept: Meant) -> str:
            counts = Counter(form_at[place] for place in concept.at)
            own = self.form_named(concept.name)
            return min(counts, key=lambda form_id: (form_id != own, -counts[form_id], form_id))

        return replace(self, ids={**self.ids, **{id_: leading(concept) for id_, concept in meant.items()}})


def prepare(
    papers: Sequence[Paper],
    extractions: Mapping[str, Extraction],
    decisions: Decisions = NONE,
    report: Report | None = None,
    there: Mapping[str, Meant] | None = None,
) -> Prepared:
    """Gather what the resolution of ``extractions`` is decided from.

    ``there`` are the ids in ``decisions`` that concepts have without them: what is decided about these
    changes no reading. Other ids speak here for the name that they were made of.
    """
    tally = Report() if report is None else report
    there = there or {}
    decided = _keys((e for e in decisions.entries if e.verb != "drop"), there)
    kept: list[Occurrence] = []
    dropped: list[Occurrence] = []
    for occurrence in occurrences(papers, extractions):
        if is_generic(occurrence.name) and key(occurrence.name) not in decided:
            tally.drop("resolution", "generic name", f"{occurrence.paper_id} {occurrence.name}")
            dropped.append(occurrence)
        else:
            kept.append(occurrence)
    settled = _keys(decisions.of_verb("same"), there)
    readings = read(kept, papers, settled=settled, barred=_barred(decisions, there))
    pairs = [(o, r.name) for o, r in zip(kept, readings.of, strict=True)]
    form_of = _apart_by_shape(pairs) | _apart_by_decision(decisions)
    forms = gather(pairs, form_of)
    evidence = observe(kept)
    spelt = {
        form.name: spellings
        for form in forms.values()
        if (spellings := spelt_out(form.name, readings.lexicon))
    }
    scorer = Scorer(forms, evidence, spelt, defined_shares(readings.lexicon))
    known: set[Pair] = {pair for pair in evidence.united if pair[0] in forms and pair[1] in forms}
    known |= {pair for pair in knowledge.listed() if pair[0] in forms and pair[1] in forms}
    light, swaps = lookups()
    names = {form_id: reworded(form.name) for form_id, form in forms.items()}
    further = {form.id: tuple(reworded(s) for s, _ in spelt.get(form.name, ())) for form in forms.values()}
    found = candidates(names, light=light, swaps=swaps, known=sorted(known), further=further)
    return Prepared(
        tuple(kept), readings.of, tuple(dropped), forms, form_of, evidence, scorer, tuple(sorted(found))
    ).knowing(there)


@lru_cache(maxsize=1)
def lookups() -> tuple[frozenset[str], Mapping[str, tuple[str, ...]]]:
    """Return the stems that names are looked up without, and those they are looked up with instead."""
    light = {stem(word) for word in knowledge.modifiers()}
    light |= {stem(word) for word in knowledge.heads() if left_out_last_of_any(word) > AKIN}
    swaps: dict[str, set[str]] = {}

    def swap(a: str, b: str) -> None:
        if a != b:
            swaps.setdefault(a, set()).add(b)
            swaps.setdefault(b, set()).add(a)

    for pair in alike_stems():
        swap(*pair.split("/"))
    for edit, count in knowledge.edit_counts().items():
        kind, _, rest = edit.partition(":")
        what = rest.partition(":")[0]
        share = count.united / (count.united + count.distinct)
        if kind == "drop" and count.united >= _LIGHT_COUNT and share >= _LIGHT_SHARE:
            light.add(stem(what))
        elif kind == "swap" and count.united >= _SWAP_COUNT and share >= _SWAP_SHARE:
            first, _, second = what.partition("/")
            swap(stem(first), stem(second))
    return frozenset(light), {word: tuple(sorted(others)) for word, others in sorted(swaps.items())}


def _apart_by_shape(pairs: Iterable[tuple[Occurrence, str]]) -> dict[str, str]:
    """Return forms of their own for capitals that mean another thing than the word: DROP, drop.

    They do where their papers mostly read another type.
    """
    types: dict[str, tuple[Counter[ConceptType], Counter[ConceptType]]] = {}
    names: dict[str, set[str]] = {}
    for occurrence, name in pairs:
        if _is_capitals(name) or name.islower():
            sides = types.setdefault(key(name), (Counter(), Counter()))
            sides[_is_capitals(name)][occurrence.type] += 1
            if _is_capitals(name):
                names.setdefault(key(name), set()).add(name)
    form_of = {}
    for form, (words, capitals) in sorted(types.items()):
        if words and capitals and majority_type(words) != majority_type(capitals):
            form_of.update(dict.fromkeys(sorted(names[form]), f"{form}\x00capitals"))
    return form_of


def _is_capitals(name: str) -> bool:
    return is_short(name) and name.isupper() and name.isalpha()


def _keys(entries: Iterable[Decision], there: Mapping[str, Meant]) -> frozenset[str]:
    """Return the keys of the names that ``entries`` speak of, but for the ids that are ``there``."""
    return frozenset(name_key(name) for entry in entries for name in entry.names if name not in there)


def _barred(decisions: Decisions, there: Mapping[str, Meant]) -> frozenset[Pair]:
    """Return the pairs of keys that decisions tell apart, but for pairs of ids that are ``there``."""

    def of(name: str) -> str:
        return key(there[name].name) if name in there else name_key(name)

    pairs = (pair for e in decisions.of_verb("different") for pair in combinations(e.names, 2))
    return frozenset(ordered(of(a), of(b)) for a, b in pairs if not (a in there and b in there))


def _apart_by_decision(decisions: Decisions) -> dict[str, str]:
    """Return forms of their own for names that decisions tell apart by their writing alone."""
    form_of: dict[str, str] = {}
    for entry in decisions.of_verb("different"):
        for a, b in combinations(entry.names, 2):
            if key(a) == key(b):
                form_of.update({name: f"{key(name)}\0{name}" for name in (a, b)})
    return form_of
