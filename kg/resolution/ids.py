"""What the ids in decisions mean: where papers speak of the concept that has the id."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kg.model import ConceptType
from kg.resolution.naming import concept_ids, majority_type

if TYPE_CHECKING:
    from kg.resolution.preparing import Prepared
    from kg.resolution.records import Linker

#: Where a paper speaks of a concept: the paper's id, and the key that its extraction has for it.
Place: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Meant:
    """What an id means: the name of the concept, and where papers speak of it."""

    name: str
    at: frozenset[Place]


def of_concepts(ids: AbstractSet[str], prepared: Prepared, linker: Linker) -> dict[str, Meant]:
    """Return those of ``ids`` that concepts have in ``linker``, the outcome of ``prepared``.

    They may also have the id that they would have if they did not go on with an older one's.
    """
    places: dict[str, set[Place]] = {}
    for occurrence in prepared.found:
        place = occurrence.paper_id, occurrence.key
        concept_id = linker.concept_of(*place)
        if concept_id is not None:
            places.setdefault(concept_id, set()).add(place)
    named = [(concept.type, concept.name, places[concept.id]) for concept in linker.concepts]
    own = {concept.id: Meant(concept.name, frozenset(places[concept.id])) for concept in linker.concepts}
    return _made(ids, named) | {id_: own[id_] for id_ in sorted(ids & own.keys())}


def of_forms(ids: AbstractSet[str], prepared: Prepared) -> dict[str, Meant]:
    """Return those of ``ids`` that names would have if they had joined no others.

    A name that papers write may look like an id, and means itself.
    """
    places: dict[str, set[Place]] = {}
    for occurrence, reading in zip(prepared.found, prepared.readings, strict=True):
        form_id = prepared.form_named(reading.name)
        places.setdefault(form_id, set()).add((occurrence.paper_id, occurrence.key))
    named = [
        (majority_type(form.types), name, places[form.id])
        for form in prepared.forms.values()
        for name in form.names
    ]
    written = {name: Meant(name, frozenset(at)) for _, name, at in named if name in ids}
    return written | _made(ids, named)


def _made(
    ids: AbstractSet[str], named: Sequence[tuple[ConceptType, str, AbstractSet[Place]]]
) -> dict[str, Meant]:
    """Return those of ``ids`` that are made for what has these types, names and places."""
    made = concept_ids([(kind, name) for kind, name, _ in named])
    return {
        id_: Meant(name, frozenset(at)) for id_, (_, name, at) in zip(made, named, strict=True) if id_ in ids
    }
