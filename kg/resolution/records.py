"""What resolution answers with: the total, read-only `Linker`, and `Explanation`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.errors import UsageError, shown
from kg.model import Concept, Merge
from kg.resolution.normal import key

#: Nearest neighbours that an explanation names.
NEAREST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two names that were compared: why they are one concept (``joined``), or why not.

    ``score`` lies in 0 to 1, 1.0 where a rule or a person decided. ``features`` are name, value, and what
    it adds to the score's log odds. The ids are those of the concepts that the names lead to, empty where
    a decision dropped it.
    """

    name: str
    other: str
    name_id: str
    other_id: str
    score: float
    joined: bool
    reason: str
    features: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a concept came about: ``joined`` are its names, ``apart`` the nearest that did not join."""

    concept: Concept
    joined: tuple[Link, ...]
    apart: tuple[Link, ...]
    papers: tuple[str, ...]


def explanation(concept: Concept, links: Iterable[Link], papers: Iterable[str]) -> Explanation:
    """Return how ``concept`` came about, from all ``links`` and its ``papers``."""
    joined = [n for n in links if n.joined and n.name_id == concept.id]
    apart = [n for n in links if not n.joined and concept.id in {n.name_id, n.other_id}]
    return Explanation(
        concept=concept,
        joined=tuple(sorted(joined, key=lambda n: (-n.score, n.name, n.other))),
        apart=tuple(sorted(apart, key=lambda n: (-n.score, n.name, n.other))[:NEAREST]),
        papers=tuple(sorted(papers)),
    )


@dataclass(frozen=True, slots=True)
class Linker:
    """Where each name of each paper leads. Total over the papers it was made from, and read-only.

    ``concepts`` are sorted by id, ``merges`` by what was merged, ``links`` by their names; ``links`` hold
    the pairs that were compared and near enough to speak of, joined or not.
    """

    concepts: tuple[Concept, ...]
    merges: tuple[Merge, ...]
    links: tuple[Link, ...] = field(repr=False)
    _by_occurrence: Mapping[tuple[str, str], str | None] = field(repr=False)
    _papers: Mapping[str, tuple[str, ...]] = field(repr=False)
    _concepts: Mapping[str, Concept] = field(repr=False)
    _index: Mapping[str, tuple[str, ...]] = field(repr=False)
    _links: Mapping[str, tuple[Link, ...]] = field(repr=False)

    def concept_of(self, paper_id: str, key: str) -> str | None:
        """Return the id of the concept that ``key`` of the paper's extraction is; None: dropped.

        UsageError where resolution has not seen the pair.
        """
        try:
            return self._by_occurrence[paper_id, key]
        except KeyError:
            raise UsageError(
                f"Resolution has not seen concept {shown(key)} of paper {shown(paper_id)}; "
                "resolve the extraction that holds it."
            ) from None

    def find(self, name: str) -> tuple[str, ...]:
        """Return the ids a name may lead to, best first; case, hyphens and plural do not matter.

        An id leads to itself.
        """
        if name in self._concepts:
            return (name,)
        return self._index.get(key(name), ())

    def papers_of(self, concept_id: str) -> tuple[str, ...]:
        """Return the ids of the papers that speak of a concept, sorted; empty where there is none."""
        return self._papers.get(concept_id, ())

    def explain(self, concept_id: str) -> Explanation:
        """Return why the concept has its names; UsageError where there is none of that id."""
        concept = self._concepts.get(concept_id)
        if concept is None:
            raise UsageError(f"No concept {shown(concept_id)}; look for its id with Linker.find(name).")
        return explanation(concept, self._links.get(concept_id, ()), self.papers_of(concept_id))


def make_linker(
    *,
    concepts: Iterable[Concept],
    merges: Iterable[Merge],
    links: Iterable[Link],
    by_occurrence: Mapping[tuple[str, str], str | None],
    papers: Mapping[str, tuple[str, ...]],
    form_leads: Mapping[str, str],
) -> Linker:
    """Return the `Linker` over these, with its indexes; ``form_leads`` has the id of each form's concept."""
    in_order = tuple(sorted(concepts, key=lambda c: c.id))
    by_id = {concept.id: concept for concept in in_order}
    counts: dict[str, dict[str, int]] = {}
    for concept in in_order:
        for alias, count in zip(concept.aliases, concept.alias_counts, strict=True):
            found = counts.setdefault(key(alias), {})
            found[concept.id] = max(count, found.get(concept.id, 0))
        counts.setdefault(key(concept.name), {}).setdefault(concept.id, 0)

    def rank(alias: str, concept_id: str) -> tuple[bool, int, bool, int, str]:
        concept = by_id[concept_id]
        own = key(concept.name) == alias
        # What papers call it by says more than what some paper also writes for it.
        called = form_leads.get(alias) == concept_id
        return (not own, -counts[alias][concept_id], not called, -concept.paper_count, concept_id)

    of_concept: dict[str, list[Link]] = {}
    linked = tuple(sorted(links, key=lambda n: (n.name, n.other, n.name_id, n.other_id, n.reason)))
    for link in linked:
        for concept_id in dict.fromkeys((link.name_id, link.other_id)):
            of_concept.setdefault(concept_id, []).append(link)
    return Linker(
        in_order,
        tuple(sorted(merges, key=lambda m: (m.merged, m.into, m.reason, m.score))),
        linked,
        by_occurrence,
        papers,
        by_id,
        {alias: tuple(sorted(ids, key=lambda i: rank(alias, i))) for alias, ids in counts.items()},
        {concept_id: tuple(found) for concept_id, found in of_concept.items()},
    )
