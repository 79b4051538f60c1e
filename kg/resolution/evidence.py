"""What the papers at hand say about pairs of names: where they are one concept, and where two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from kg.resolution.clustering import Pair
from kg.resolution.names import Occurrence
from kg.resolution.normal import key


@dataclass(slots=True)
class Evidence:
    """Counts of papers. All names go by their key.

    ``united``: both are surfaces of one concept of a paper. ``apart``: a paper has a concept called by
    the one and another called by the other (only pairs asked for with `apart`). ``count``: papers that
    write the name at all.
    """

    united: Counter[Pair] = field(default_factory=Counter)
    count: Counter[str] = field(default_factory=Counter)
    _concepts: dict[str, dict[int, set[int]]] = field(default_factory=dict)

    def apart(self, a: str, b: str) -> int:
        """Return in how many papers ``a`` and ``b`` name different concepts and never the same."""
        in_a, in_b = self._concepts.get(a, {}), self._concepts.get(b, {})
        if len(in_b) < len(in_a):
            in_a, in_b = in_b, in_a
        return sum(1 for paper, concepts in in_a.items() if paper in in_b and not concepts & in_b[paper])

    def partners(self) -> Mapping[str, Counter[str]]:
        """Return by name the names that papers unite with it, with counts."""
        found: dict[str, Counter[str]] = {}
        for (a, b), count in self.united.items():
            found.setdefault(a, Counter())[b] = count
            found.setdefault(b, Counter())[a] = count
        return found


def observe(found: Iterable[Occurrence]) -> Evidence:
    """Return the evidence in the occurrences."""
    evidence = Evidence()
    papers: dict[str, int] = {}
    seen: set[tuple[str, int]] = set()
    for number, occurrence in enumerate(found):
        paper = papers.setdefault(occurrence.paper_id, len(papers))
        keys = sorted({key(surface) for surface in occurrence.surfaces})
        for name in keys:
            if (name, paper) not in seen:
                seen.add((name, paper))
                evidence.count[name] += 1
            evidence._concepts.setdefault(name, {}).setdefault(paper, set()).add(number)
        for pair in combinations(keys, 2):
            evidence.united[pair] += 1
    return evidence
