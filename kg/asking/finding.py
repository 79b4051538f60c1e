"""From what a person types to the concepts and papers of a graph that it may mean."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from kg.errors import UsageError, shown
from kg.model import ConceptType
from kg.reading import identifiers
from kg.resolution.normal import key
from kg.tables import Graph
from kg.text import fold

#: How many near names an error suggests.
_SUGGESTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A node that a name may mean; ``papers`` speak of the concept, or were merged into the paper."""

    kind: Literal["concept", "paper"]
    id: str
    name: str
    type: str
    papers: int


def find(graph: Graph, name: str, types: Collection[ConceptType] | None = None) -> tuple[Match, ...]:
    """Return the nodes that ``name`` means most directly, those with most papers first.

    With ``types``, only concepts of these types are looked at.

    The first of these that fits decides: an id; an id that a paper came under too; a paper's DOI or arXiv
    identifier, in any of their forms; a concept's name or a paper's title as written; another of a
    concept's names as written; the same without regard to case, accents, hyphens and plural. UsageError,
    with near names, where nothing fits.
    """
    concepts = graph.tables["concepts"].select(["id", "type", "name", "aliases", "paper_count"]).to_pylist()
    papers = graph.tables["papers"].select(["id", "ids", "title", "doi", "arxiv"]).to_pylist()
    if types is not None:
        concepts, papers = [row for row in concepts if row["type"] in types], []
    form, folded = key(name), fold(name)
    doi, arxiv = identifiers.doi_of_id(name), identifiers.arxiv(name)
    steps: tuple[tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any]], bool]], ...] = (
        (lambda c: c["id"] == name, lambda p: p["id"] == name),
        # Two papers that came under one id share it here, and only one of them could keep it as its own.
        (lambda _: False, lambda p: name.strip() in map(str.strip, p["ids"])),
        (lambda _: False, lambda p: bool(doi and p["doi"] == doi) or bool(arxiv and p["arxiv"] == arxiv)),
        (lambda c: c["name"] == name, lambda p: p["title"] == name),
        (lambda c: name in c["aliases"], lambda _: False),
        (
            lambda c: bool(form) and key(c["name"]) == form,
            lambda p: bool(folded) and fold(p["title"]) == folded,
        ),
        (lambda c: bool(form) and any(key(alias) == form for alias in c["aliases"]), lambda _: False),
    )
    for is_concept, is_paper in steps:
        found = [_concept(row) for row in concepts if is_concept(row)]
        found += [_paper(row) for row in papers if is_paper(row)]
        if found:
            return tuple(sorted(found, key=lambda match: (-match.papers, match.id)))
    raise UsageError(f"nothing here is called {shown(name)}{_suggestions(graph, folded)}")


def _concept(row: dict[str, Any]) -> Match:
    return Match(kind="concept", id=row["id"], name=row["name"], type=row["type"], papers=row["paper_count"])


def _paper(row: dict[str, Any]) -> Match:
    return Match(kind="paper", id=row["id"], name=row["title"], type="", papers=len(row["ids"]))


def _suggestions(graph: Graph, folded: str) -> str:
    names: dict[str, str] = {}
    for name in _names(graph):
        names.setdefault(fold(name), name)
    close = difflib.get_close_matches(folded, sorted(names), n=_SUGGESTED, cutoff=0.6)
    if not close:  # a part of a longer name, the shortest first
        inside = (form for form in names if folded and f" {folded} " in f" {form} ")
        close = sorted(inside, key=lambda form: (len(form), form))[:_SUGGESTED]
    if not close:
        return "; look for names with kg query DIR 'MATCH (c:Concept) RETURN c.name'"
    return f"; did you mean {' or '.join(shown(names[form]) for form in close)}?"


def _names(graph: Graph) -> Iterator[str]:
    for row in graph.tables["concepts"].select(["name", "aliases"]).to_pylist():
        yield row["name"]
        yield from row["aliases"]
    for row in graph.tables["papers"].select(["title"]).to_pylist():
        yield row["title"]
