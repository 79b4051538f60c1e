"""Concepts, merges and links out of the groups of forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from kg.model import Concept, ConceptType, Merge
from kg.report import Report
from kg.resolution.consistency import is_id, reference
from kg.resolution.decisions import Decision, Decisions
from kg.resolution.names import Occurrence
from kg.resolution.naming import best_name, concept_ids, kept_ids, majority_type
from kg.resolution.normal import key
from kg.resolution.preparing import Prepared
from kg.resolution.readings import Reading
from kg.resolution.records import Link, Linker, make_linker
from kg.resolution.verdicts import Verdicts

_TRIVIAL = "same but for case, hyphen, space or plural"


@dataclass(frozen=True, slots=True)
class _Group:
    """A concept in the making: its forms, and where papers speak of it."""

    forms: tuple[str, ...]
    at: tuple[tuple[Occurrence, Reading], ...]
    concept: Concept


def build(
    prepared: Prepared,
    groups: Sequence[Sequence[str]],
    verdicts: Verdicts,
    *,
    decisions: Decisions,
    report: Report,
    previous: Sequence[Concept],
) -> Linker:
    """Return the `Linker` over ``groups`` of forms."""
    made, dropped = _concepts(prepared, groups, decisions)
    by_occurrence: dict[tuple[str, str], str | None] = {(o.paper_id, o.key): None for o in prepared.dropped}
    for occurrence in dropped:
        report.drop("resolution", "dropped by a decision", f"{occurrence.paper_id} {occurrence.name}")
        by_occurrence[occurrence.paper_id, occurrence.key] = None
    named = _identified(made, previous)
    merges: list[Merge] = []
    links: list[Link] = []
    id_of: dict[str, str] = {}
    papers: dict[str, tuple[str, ...]] = {}
    for group in named:
        concept = group.concept
        id_of.update((form, concept.id) for form in group.forms)
        papers[concept.id] = tuple(sorted({o.paper_id for o, _ in group.at}))
        by_occurrence.update(((o.paper_id, o.key), concept.id) for o, _ in group.at)
        for link in _joined(prepared, group, verdicts):
            links.append(link)
            merges.append(
                Merge(what="name", merged=link.name, into=concept.id, reason=link.reason, score=link.score)
            )
    links += _apart(prepared, id_of, verdicts)
    report.count("resolution.names", len({o.name for o in prepared.found}))
    report.count("resolution.pairs", len(prepared.candidates))
    report.count("resolution.concepts", len(named))
    report.count("resolution.merges", len(merges))
    return make_linker(
        concepts=[group.concept for group in named],
        merges=merges,
        links=links,
        by_occurrence=by_occurrence,
        papers=papers,
        form_leads=id_of,
    )


def _concepts(
    prepared: Prepared, groups: Sequence[Sequence[str]], decisions: Decisions
) -> tuple[list[_Group], list[Occurrence]]:
    renamed, retyped, unwanted = (
        _Decided.of(decisions.of_verb(verb), prepared) for verb in ("rename", "type", "drop")
    )
    ids: dict[str, list[str]] = {}
    for concept_id, form in sorted(prepared.ids.items()):
        ids.setdefault(form, []).append(concept_id)
    group_of = {form: n for n, group in enumerate(groups) for form in group}
    at: dict[int, list[tuple[Occurrence, Reading]]] = {}
    for occurrence, reading in zip(prepared.found, prepared.readings, strict=True):
        at.setdefault(group_of[prepared.form_named(reading.name)], []).append((occurrence, reading))
    made: list[_Group] = []
    dropped: list[Occurrence] = []
    for n, group in enumerate(groups):
        spoken = [concept_id for form in group for concept_id in ids.get(form, ())]
        spoken += sorted({form.partition("\0")[0] for form in group})
        if unwanted.about(spoken, group):
            dropped += [occurrence for occurrence, _ in at[n]]
            continue
        concept = _concept(prepared, group, [occurrence for occurrence, _ in at[n]])
        name = renamed.about(spoken, group) or concept.name
        kind = cast("ConceptType", retyped.about(spoken, group)) or concept.type
        made.append(_Group(tuple(group), tuple(at[n]), replace(concept, name=name, type=kind)))
    return made, dropped


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the decisions of one verb say of concepts: by id or name, and by the form that an alias means.

    A mere alias, a name that no paper's concept has, means the form that most papers call so.
    """

    by_name: Mapping[str, str]
    by_alias: Mapping[str, str]

    @classmethod
    def of(cls, entries: Iterable[Decision], prepared: Prepared) -> _Decided:
        by_name = {reference(entry.names[0]): entry.to or entry.verb for entry in entries}
        mere = [name for name in by_name if not is_id(name) and name not in prepared.forms]
        return cls(by_name, {form: by_name[name] for name in mere for form in prepared.forms_of(name)[:1]})

    def about(self, spoken: Iterable[str], forms: Iterable[str]) -> str:
        """Return what is decided of the concept that goes by ``spoken`` and has ``forms``, "" if nothing."""
        by_name = (self.by_name[name] for name in spoken if name in self.by_name)
        return next(by_name, "") or next((self.by_alias[form] for form in forms if form in self.by_alias), "")


def _concept(prepared: Prepared, group: Sequence[str], its: Sequence[Occurrence]) -> Concept:
    types: Counter[ConceptType] = Counter()
    papers: dict[str, set[str]] = {}
    read_as: dict[str, Counter[ConceptType]] = {}
    for occurrence in its:
        types[occurrence.type] += 1
        for surface in occurrence.surfaces:
            papers.setdefault(surface, set()).add(occurrence.paper_id)
            read_as.setdefault(surface, Counter())[occurrence.type] += 1
    written = {key(alias) for alias in papers}
    # Only a name that papers here write: not a long form that everybody knows and nobody uses.
    named = {o.name for o in its} | {
        n for form in group for n in prepared.forms[form].names if key(n) in written
    }
    aliases = sorted(papers, key=lambda alias: (-len(papers[alias]), alias))
    return Concept(
        id="",
        type=majority_type(types),
        name=best_name(
            {name: len(papers.get(name, ())) for name in sorted(named)},
            {alias: len(papers[alias]) for alias in aliases},
        ),
        aliases=tuple(aliases),
        alias_counts=tuple(len(papers[alias]) for alias in aliases),
        alias_types=tuple(majority_type(read_as[alias]) for alias in aliases),
        paper_count=len({occurrence.paper_id for occurrence in its}),
        first_year=min((o.year for o in its if o.year is not None), default=None),
    )


def _identified(made: Sequence[_Group], previous: Sequence[Concept]) -> list[_Group]:
    ids = concept_ids([(group.concept.type, group.concept.name) for group in made])
    counts = [dict(zip(g.concept.aliases, g.concept.alias_counts, strict=True)) for g in made]
    old = kept_ids(list(zip(ids, counts, strict=True)), previous)
    taken = set(old.values())
    named = []
    for n, group in enumerate(made):
        concept_id = old.get(n, ids[n])
        while n not in old and concept_id in taken:
            concept_id += "-"  # an older concept has kept the id that the name would give
        taken.add(concept_id)
        named.append(replace(group, concept=replace(group.concept, id=concept_id)))
    return named


def _joined(prepared: Prepared, group: _Group, verdicts: Verdicts) -> list[Link]:
    concept = group.concept

    def link(name: str, other: str, score: float, reason: str, pair: tuple[str, str] | None = None) -> Link:
        return Link(
            name=name,
            other=other,
            name_id=concept.id,
            other_id=concept.id,
            score=score,
            joined=True,
            reason=reason,
            features=verdicts.scorer.explain(*pair) if pair else (),
        )

    found = []
    lead = min(group.forms, key=lambda f: (key(concept.name) != f, -len(prepared.forms[f].papers), f))
    for form_id in group.forms:
        form = prepared.forms[form_id]
        found += [link(name, form.name, 1.0, _TRIVIAL) for name in sorted(form.names) if name != form.name]
        if form_id != lead:
            other = verdicts.partner(form_id, group.forms)
            reason = f"like {prepared.forms[other].name}: {verdicts.why_joined(form_id, other)}"
            if other != lead and verdicts.partner(other, group.forms) == form_id and other < form_id:
                # Nearest to each other: the second is explained by its way to the rest.
                other = lead
                reason = f"like {prepared.forms[lead].name}: {verdicts.why_joined(form_id, lead)}"
            score = verdicts.score(form_id, other)
            found.append(link(form.name, prepared.forms[other].name, score, reason, (form_id, other)))
    short: dict[tuple[str, str], list[Reading]] = {}
    for occurrence, reading in group.at:
        if occurrence.name != reading.name:
            short.setdefault((occurrence.name, reading.name), []).append(reading)
    for (name, full), readings in sorted(short.items()):
        least = min(readings, key=lambda r: (r.score, r.reason))
        found.append(link(name, full, least.score, least.reason))
    return found


def _apart(prepared: Prepared, id_of: Mapping[str, str], verdicts: Verdicts) -> list[Link]:
    found = []
    for a, b in sorted({*verdicts.near, *verdicts.different}):
        first, second = id_of.get(a, ""), id_of.get(b, "")
        if first == second:
            continue
        found.append(
            Link(
                name=prepared.forms[a].name,
                other=prepared.forms[b].name,
                name_id=first,
                other_id=second,
                score=verdicts.score(a, b),
                joined=False,
                reason=verdicts.why_apart(a, b, verdicts.scorer.threshold),
                features=verdicts.scorer.explain(a, b),
            )
        )
    return found
