"""Paper–concept edges: one a pair, however often and in whatever roles the paper speaks of the concept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.assembly.evidence import Evidence, Quotes, best_mention, rounded
from kg.model import ROLES, Concept, ConceptType, Extraction, Field, Mention, Paper, PaperConcept, Role
from kg.report import Report
from kg.resolution import Decisions, Linker
from kg.resolution.normal import squeeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What one paper says of one concept: all its readings of it, united.

    ``confidence`` is that of the surest reading with ``role``, and ``read_as`` its type; ``evidence``
    is the best mention of any reading; ``surfaces`` are sorted; ``count`` is of places.
    """

    paper: Paper
    concept_id: str
    role: Role
    confidence: float
    evidence: Evidence
    surfaces: tuple[str, ...]
    count: int
    read_as: ConceptType
    extractor: str


def paper_edges(
    paper: Paper, extraction: Extraction, linker: Linker, quotes: Quotes, report: Report
) -> list[Edge]:
    """Return the edges of one paper, sorted by concept; what is lost on the way is counted."""
    united: dict[str, list[PaperConcept]] = {}
    for concept in sorted(extraction.concepts, key=lambda c: c.key):
        found = tuple(m for m in concept.mentions if quotes.holds(m.field, m.start, m.end, m.text))
        for _ in range(len(concept.mentions) - len(found)):
            report.drop("assembly", "mention not in the text", f"{paper.id} {concept.name}")
        if not found:
            report.drop("assembly", "concept without a mention", f"{paper.id} {concept.name}")
            continue
        concept_id = linker.concept_of(paper.id, concept.key)
        if concept_id is not None:  # what leads nowhere was counted by resolution
            united.setdefault(concept_id, []).append(replace(concept, mentions=found))
    return [
        _edge(paper, extraction.extractor, concept_id, readings, quotes, report)
        for concept_id, readings in sorted(united.items())
    ]


def _edge(
    paper: Paper,
    extractor: str,
    concept_id: str,
    readings: Sequence[PaperConcept],
    quotes: Quotes,
    report: Report,
) -> Edge:
    role = min((reading.role for reading in readings), key=ROLES.index)
    for reading in readings:
        if reading.role != role:
            report.drop("assembly", "weaker role of the same pair", f"{paper.id} {concept_id} {reading.role}")
    winner = min((r for r in readings if r.role == role), key=lambda r: (-rounded(r.confidence), r.key))
    places: dict[tuple[Field, int, int], Mention] = {}
    for mention in (m for reading in readings for m in reading.mentions):
        place = mention.field, mention.start, mention.end
        if place not in places or places[place].confidence < mention.confidence:
            places[place] = mention
    best = best_mention(places.values())
    return Edge(
        paper=paper,
        concept_id=concept_id,
        role=role,
        confidence=rounded(winner.confidence),
        evidence=quotes.evidence(best.field, best.start, best.end),
        surfaces=tuple(sorted({mention.text for mention in places.values()})),
        count=len(places),
        read_as=winner.type,
        extractor=extractor,
    )


def decide(
    edges: Iterable[Edge], concepts: Mapping[str, Concept], decisions: Decisions, report: Report
) -> tuple[list[Edge], list[Edge]]:
    """Return the edges that stay and those that ``decisions`` drop.

    A role that a person gave is certain: its edge has confidence 1. Decisions that find no edge are
    counted.
    """
    entries = decisions.of_verb("edge")
    decided_papers = {entry.paper_id for entry in entries}
    kept: list[Edge] = []
    dropped: list[Edge] = []
    seen: dict[str, list[Edge]] = {}
    for edge in edges:
        ids = {edge.paper.id, *edge.paper.ids} & decided_papers
        if not ids:
            kept.append(edge)
            continue
        for id_ in sorted(ids):
            seen.setdefault(id_, []).append(edge)
        decision = decisions.edge(sorted(ids), _names(concepts[edge.concept_id]), edge.evidence.quote)
        if decision is None:
            kept.append(edge)
        elif decision.role is None:
            report.drop("assembly", "dropped by a decision", f"{edge.paper.id} {edge.concept_id}")
            dropped.append(edge)
        else:
            report.count("assembly.roles_decided")
            kept.append(replace(edge, role=decision.role, confidence=1.0))
    for entry in entries:
        alone = Decisions.of([entry])
        if not any(
            alone.edge((entry.paper_id,), _names(concepts[edge.concept_id]), edge.evidence.quote)
            for edge in seen.get(entry.paper_id, ())
        ):
            report.drop("decisions", "names no edge here", f"edge {entry.paper_id} {entry.names[0]}")
    return kept, dropped


def _names(concept: Concept) -> tuple[str, ...]:
    return (concept.id, concept.name, *concept.aliases)


def spoken_of(
    concepts: Mapping[str, Concept], kept: Iterable[Edge], dropped: Iterable[Edge], report: Report
) -> dict[str, Concept]:
    """Return the concepts that ``kept`` edges speak of, counting those edges alone; the rest is counted.

    Names that only ``dropped`` edges brought in go with them, except the one that the concept goes by.
    """
    papers: Counter[str] = Counter()
    years: dict[str, int] = {}
    for edge in kept:
        papers[edge.concept_id] += 1
        if edge.paper.year is not None:
            years[edge.concept_id] = min(edge.paper.year, years.get(edge.concept_id, edge.paper.year))
    gone: dict[str, Counter[str]] = {}
    for edge in dropped:
        gone.setdefault(edge.concept_id, Counter()).update({squeeze(surface) for surface in edge.surfaces})
    spoken = {}
    for id_, concept in sorted(concepts.items()):
        if not papers[id_]:
            report.drop("assembly", "concept that no paper speaks of", id_)
            continue
        if id_ in gone:
            concept = _without(concept, gone[id_])  # noqa: PLW2901 - the concept as it now stands
        spoken[id_] = replace(concept, paper_count=papers[id_], first_year=years.get(id_))
    return spoken


def _without(concept: Concept, gone: Mapping[str, int]) -> Concept:
    aliases = zip(concept.aliases, concept.alias_counts, concept.alias_types, strict=True)
    left = [(a, n - gone.get(a, 0), t) for a, n, t in aliases]
    left = [(a, max(n, 0), t) for a, n, t in left if n > 0 or a not in gone or a == concept.name]
    left.sort(key=lambda entry: (-entry[1], entry[0]))
    return replace(
        concept,
        aliases=tuple(a for a, _, _ in left),
        alias_counts=tuple(n for _, n, _ in left),
        alias_types=tuple(t for _, _, t in left),
    )
