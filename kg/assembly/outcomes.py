"""The numbers that papers state, and what each is of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import groupby

from kg.assembly.evidence import Evidence, Quotes
from kg.model import FIELDS, Concept, Extraction, Paper, Result
from kg.report import Report
from kg.resolution import Linker
from kg.text import digest

#: The links of a result, the relation that each becomes, and the type that a name is looked for in.
LINKS = (
    ("method", "OF_METHOD", "METHOD"),
    ("task", "FOR_TASK", "TASK"),
    ("dataset", "ON_DATASET", "DATASET"),
    ("metric", "IN_METRIC", "METRIC"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result with its id and evidence; ``targets`` are (relation, concept id), in the order of `LINKS`."""

    id: str
    result: Result
    number: float | None
    evidence: Evidence
    targets: tuple[tuple[str, str], ...]


class Outcomes:
    """Finds the outcomes of papers, one paper at a time."""

    def __init__(self, linker: Linker, concepts: Mapping[str, Concept], report: Report) -> None:
        self._linker = linker
        self._concepts = concepts
        self._report = report

    def of(self, paper: Paper, extraction: Extraction, spoken: Set[str], quotes: Quotes) -> list[Outcome]:
        """Return the outcomes of ``paper``, which speaks of the concepts with the ids ``spoken``.

        Two results at one place stay two where anything else differs: a number may be of several
        datasets. An id names the paper, the place, and the ordinal there.
        """
        found = []
        for result in extraction.results:
            if not quotes.holds(result.field, result.start, result.end, result.value):
                self._report.drop("assembly", "result not in the text", f"{paper.id} {result.value}")
                continue
            found.append((result, self._targets(paper, extraction, result, spoken)))
        found.sort(key=lambda pair: _order(*pair))
        outcomes = []
        for _, alike in groupby(found, key=lambda pair: _order(*pair)[:3]):
            distinct = [next(same) for _, same in groupby(list(alike), key=lambda pair: _order(*pair))]
            for ordinal, (result, targets) in enumerate(distinct):
                place = result.field, str(result.start), str(result.end), str(ordinal)
                evidence = quotes.evidence(result.field, result.start, result.end)
                outcomes.append(
                    Outcome(digest(paper.id, *place), result, _finite(result.number), evidence, targets)
                )
        for _ in range(len(found) - len(outcomes)):
            self._report.drop("assembly", "same result twice", paper.id)
        return outcomes

    def _targets(
        self, paper: Paper, extraction: Extraction, result: Result, spoken: Set[str]
    ) -> tuple[tuple[str, str], ...]:
        names = {concept.key: concept.name for concept in extraction.concepts}
        targets = []
        for link, relation, type_ in LINKS:
            name: str = getattr(result, link)
            if not name:
                continue
            if name in names:
                concept_id = self._linker.concept_of(paper.id, name)
                target = concept_id if concept_id in spoken else None
            else:
                target = self._named(name, type_, spoken)
            if target is None:
                where = f"{paper.id} {names.get(name, name)}"
                self._report.drop("assembly", f"unlinked {link} of a result", where)
            else:
                targets.append((relation, target))
        return tuple(targets)

    def _named(self, name: str, type_: str, spoken: Set[str]) -> str | None:
        """Return the concept of this name: one that the paper speaks of, else the best of the type."""
        found = [id_ for id_ in self._linker.find(name) if id_ in self._concepts]
        own = next((id_ for id_ in found if id_ in spoken), None)
        return own or next((id_ for id_ in found if self._concepts[id_].type == type_), None)


def _order(
    result: Result, targets: tuple[tuple[str, str], ...]
) -> tuple[int, int, int, str, str, bool, float, tuple[tuple[str, str], ...]]:
    number = _finite(result.number)
    place = FIELDS.index(result.field), result.start, result.end
    return (*place, result.kind, result.unit, number is None, number or 0.0, targets)


def _finite(number: float | None) -> float | None:
    """Return ``number``; None for what no store can compare."""
    return None if number is None or not math.isfinite(number) else number + 0.0
