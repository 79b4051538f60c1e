"""The records that move through ``kg``, left to right.

All are frozen. Offsets are code points into the stored field (``title`` or ``abstract``), end
exclusive; confidences lie in 0 to 1, larger is surer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ConceptType = Literal["METHOD", "DATASET", "TASK", "METRIC"]
Role = Literal["PROPOSES", "COMPARES", "USES", "ADDRESSES", "REPORTS", "MENTIONS"]
Field = Literal["title", "abstract"]
ResultKind = Literal["absolute", "improvement"]

CONCEPT_TYPES: tuple[ConceptType, ...] = ("METHOD", "DATASET", "TASK", "METRIC")
#: In the order in which the first that fits wins.
ROLES: tuple[Role, ...] = ("PROPOSES", "COMPARES", "USES", "ADDRESSES", "REPORTS", "MENTIONS")
FIELDS: tuple[Field, ...] = ("title", "abstract")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper, or, before `kg.dedupe`, one record of an input.

    ``id`` is the input's own where it gives one (``own_id``), else an external identifier, else a
    digest of normalised title and abstract. ``source`` is file name and ordinal, never a path;
    ``listings`` all sources that list the paper and ``ids`` all ids merged into it, both sorted.
    """

    id: str
    title: str
    abstract: str = ""
    year: int | None = None
    url: str = ""
    doi: str = ""
    arxiv: str = ""
    authors: tuple[str, ...] = ()
    venue: str = ""
    references: tuple[str, ...] = ()
    source: str = ""
    ids: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    own_id: bool = False

    def text(self, field: Field) -> str:
        """Return the stored text of ``field``."""
        return self.title if field == "title" else self.abstract


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place where a paper names a concept: ``paper.text(field)[start:end] == text``."""

    field: Field
    start: int
    end: int
    text: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperConcept:
    """A concept as one paper speaks of it; ``key`` is unique within the paper (``c0``, ``c1`` …)."""

    key: str
    type: ConceptType
    role: Role
    name: str
    confidence: float
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A number that the paper states about its own work.

    ``method``, ``task``, ``dataset`` and ``metric`` are keys of the same extraction's concepts, or
    plain names where only a name is known, or empty. ``value`` is as written and
    ``paper.text(field)[start:end] == value``; ``number`` its reading, in ``unit``.
    """

    method: str = ""
    task: str = ""
    dataset: str = ""
    metric: str = ""
    value: str
    number: float | None = None
    unit: str = ""
    kind: ResultKind = "absolute"
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was read out of one paper. ``extractor`` is a pipeline's fingerprint, or ``given``."""

    paper_id: str
    extractor: str
    concepts: tuple[PaperConcept, ...] = ()
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One node of the graph, whatever its names.

    ``aliases`` has every name and mention as written, the most frequent first; ``alias_counts``
    (papers) and ``alias_types`` (the type most often read there) run parallel to it.
    """

    id: str
    type: ConceptType
    name: str
    aliases: tuple[str, ...]
    alias_counts: tuple[int, ...]
    alias_types: tuple[ConceptType, ...]
    paper_count: int
    first_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A decision that two things are one: ``merged`` went into ``into``, for ``reason``.

    ``what`` is ``paper`` or ``name``. ``score`` lies in 0 to 1; 1.0 where a rule or a person decided.
    """

    what: Literal["paper", "name"]
    merged: str
    into: str
    reason: str
    score: float = 1.0
