"""The names in the extractions: what each paper calls its concepts, gathered and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.model import ConceptType, Extraction, Paper, Role
from kg.resolution.normal import key, squeeze


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A concept of one paper. ``surfaces`` are its name, first, and its mentions, all different."""

    paper_id: str
    key: str
    type: ConceptType
    role: Role
    name: str
    surfaces: tuple[str, ...]
    year: int | None


def occurrences(papers: Iterable[Paper], extractions: Mapping[str, Extraction]) -> list[Occurrence]:
    """Return every concept of every paper, sorted by paper and key."""
    found = []
    for paper in sorted(papers, key=lambda p: p.id):
        extraction = extractions.get(paper.id)
        if extraction is None:
            continue
        for concept in sorted(extraction.concepts, key=lambda c: c.key):
            mentions = sorted({squeeze(mention.text) for mention in concept.mentions} - {""})
            name = squeeze(concept.name) or (mentions[0] if mentions else "")
            if name:
                surfaces = tuple(dict.fromkeys([name, *mentions]))
                found.append(
                    Occurrence(paper.id, concept.key, concept.type, concept.role, name, surfaces, paper.year)
                )
    return found


@dataclass(slots=True)
class Form:
    """Names that one normal form unites: the unit that is merged. ``id`` is that normal form.

    ``names`` counts papers by name as written; ``types`` papers by type; ``papers`` are the papers
    in which a concept is read so; ``aliases`` counts papers by the key of every other surface.
    """

    id: str
    names: Counter[str] = field(default_factory=Counter)
    types: Counter[ConceptType] = field(default_factory=Counter)
    papers: set[str] = field(default_factory=set)
    aliases: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The name most papers write; ties go to the shorter, then to the first by code point."""
        return min(self.names, key=lambda name: (-self.names[name], len(name), name))


def gather(readings: Iterable[tuple[Occurrence, str]], form_of: Mapping[str, str]) -> dict[str, Form]:
    """Return the forms, by id in sorted order, of occurrences with the name each is read as.

    ``form_of`` names the form of names that decisions keep apart from others with the same key.
    """
    forms: dict[str, Form] = {}
    for occurrence, reading in readings:
        form_id = form_of.get(reading, key(reading))
        form = forms.setdefault(form_id, Form(form_id))
        if occurrence.paper_id not in form.papers:
            form.types[occurrence.type] += 1
        form.papers.add(occurrence.paper_id)
        form.names[reading] += 1
        for alias_key in sorted({key(surface) for surface in occurrence.surfaces} - {key(reading)}):
            form.aliases[alias_key] += 1
    return dict(sorted(forms.items()))
