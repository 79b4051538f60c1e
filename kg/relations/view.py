"""A graph's tables as the relations read them: numbers for nodes, arrays for edges, papers one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from kg.extraction.occurrences import places
from kg.model import FIELDS, ROLES, ConceptType, Field, Role
from kg.text import sentences

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

#: Papers whose text and surfaces are held as Python objects at a time: memory stays flat.
CHUNK = 2048

#: No year of a paper; real years are positive.
NO_YEAR = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper names a concept: code points ``start`` to ``end`` (exclusive) of ``field``.

    ``sentence`` counts the paper's sentences, those of the title first.
    """

    field: Field
    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A paper–concept edge as its paper shows it; ``concept`` and ``edge`` are positions in `View`.

    ``places`` are in text order; there may be none where a longer name covers each.
    """

    concept: int
    edge: int
    type: ConceptType
    role: Role
    confidence: float
    count: int
    places: tuple[Place, ...]

    @property
    def in_title(self) -> bool:
        """Say whether the title names it."""
        return bool(self.places) and self.places[0].field == "title"


@dataclass(frozen=True, slots=True)
class PaperView:
    """One paper with its concepts, sorted by concept, and the bounds of its sentences."""

    index: int
    title: str
    abstract: str
    sentences: tuple[tuple[Field, int, int], ...]
    concepts: tuple[Spoken, ...]

    def text(self, field: Field) -> str:
        """Return the stored text of ``field``."""
        return self.title if field == "title" else self.abstract


@dataclass(frozen=True, slots=True)
class View:
    """Papers and concepts by position in their tables, and the paper–concept edges as parallel arrays.

    ``paper``, ``concept``, ``role`` (position in `ROLES`), ``confidence`` and ``row`` (position in the
    table) run parallel, sorted by paper and then concept; edges of ``paper[i]`` are ``first[i]`` to
    ``first[i + 1]``; ``concept_papers`` are sorted by concept. ``year`` is `NO_YEAR` where unknown.
    """

    tables: Mapping[str, pa.Table]
    paper_ids: list[str]
    titles: list[str]
    concept_ids: list[str]
    concept_names: list[str]
    types: list[ConceptType]
    year: NDArray[np.int64]
    paper: NDArray[np.int64]
    concept: NDArray[np.int64]
    role: NDArray[np.int64]
    confidence: NDArray[np.float64]
    row: NDArray[np.int64]
    first: NDArray[np.int64]
    concept_papers: NDArray[np.int64]
    _first_of_concept: NDArray[np.int64]

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table]) -> View:
        """Return the view of a graph's ``tables``."""
        import pyarrow as pa
        import pyarrow.compute as pc

        papers, concepts, edges = tables["papers"], tables["concepts"], tables["paper_concept"]

        def positions(name: str, among: list[str]) -> NDArray[np.int64]:
            known = pc.SetLookupOptions(value_set=pa.array(among, type=pa.string()))
            found: Any = pc.call_function("index_in", [edges[name]], known)
            return np.asarray(found.to_numpy(), dtype=np.int64)

        paper_ids = cast("list[str]", papers["id"].to_pylist())
        concept_ids = cast("list[str]", concepts["id"].to_pylist())
        paper = positions("from", paper_ids)
        concept = positions("to", concept_ids)
        role = positions("type", list(ROLES))
        order: NDArray[np.int64] = np.lexsort((concept, paper))
        by_concept = np.lexsort((paper, concept))
        years = cast("list[int | None]", papers["year"].to_pylist())
        year = np.array([NO_YEAR if one is None else one for one in years], dtype=np.int64)
        return cls(
            tables=tables,
            paper_ids=paper_ids,
            titles=cast("list[str]", papers["title"].to_pylist()),
            concept_ids=concept_ids,
            concept_names=cast("list[str]", concepts["name"].to_pylist()),
            types=cast("list[ConceptType]", concepts["type"].to_pylist()),
            year=year,
            paper=paper[order],
            concept=concept[order],
            role=role[order],
            confidence=edges["confidence"].to_numpy().astype(np.float64)[order],
            row=order,
            first=np.searchsorted(paper[order], np.arange(papers.num_rows + 1)),
            concept_papers=paper[by_concept],
            _first_of_concept=np.searchsorted(concept[by_concept], np.arange(concepts.num_rows + 1)),
        )

    def count(self) -> NDArray[np.int64]:
        """Return how many papers speak of each concept."""
        counts = np.bincount(self.concept, minlength=len(self.concept_ids))
        return counts.astype(np.int64)

    def rarity(self) -> NDArray[np.float64]:
        """Return how rare each concept is, by the logarithm of its papers; 0 where only one speaks of it."""
        count = self.count()
        rare: NDArray[np.float64] = np.where(count > 1, 1 / np.log(np.maximum(count, 2) + 0.5), 0.0)
        return rare

    def papers_of(self, concept: int) -> NDArray[np.int64]:
        """Return the papers that speak of ``concept``, ascending."""
        papers: NDArray[np.int64] = self.concept_papers[
            int(self._first_of_concept[concept]) : int(self._first_of_concept[concept + 1])
        ]
        return papers

    def papers(self) -> Iterator[PaperView]:
        """Yield every paper, in order, with its sentences and the places of its concepts."""
        edges = self.tables["paper_concept"].select(["surfaces", "count"])
        texts = self.tables["papers"].select(["title", "abstract"])
        for start in range(0, len(self.paper_ids), CHUNK):
            stop = min(start + CHUNK, len(self.paper_ids))
            low, high = int(self.first[start]), int(self.first[stop])
            told = edges.take(self.row[low:high]).to_pylist()
            for index, text in enumerate(texts.slice(start, stop - start).to_pylist(), start=start):
                own = range(int(self.first[index]), int(self.first[index + 1]))
                yield self._paper(index, text, own, [told[edge - low] for edge in own])

    def _paper(self, index: int, text: dict[str, str], edges: range, told: list[dict[str, Any]]) -> PaperView:
        bounds: list[tuple[Field, int, int]] = []
        found: dict[int, list[Place]] = {edge: [] for edge in edges}
        owner: dict[str, int] = {}
        for edge, row in zip(edges, told, strict=True):
            for surface in row["surfaces"]:
                owner.setdefault(surface, edge)
        for field in FIELDS:
            spans = sentences(text[field])
            ends = [end for _, end in spans]
            for start, end, surface in places(text[field], owner):
                sentence = len(bounds) + int(np.searchsorted(ends, start, side="right"))
                found[owner[surface]].append(Place(field, sentence, start, end))
            bounds.extend((field, start, end) for start, end in spans)
        return PaperView(
            index=index,
            title=text["title"],
            abstract=text["abstract"],
            sentences=tuple(bounds),
            concepts=tuple(
                Spoken(
                    concept=int(self.concept[edge]),
                    edge=edge,
                    type=self.types[int(self.concept[edge])],
                    role=ROLES[int(self.role[edge])],
                    confidence=float(self.confidence[edge]),
                    count=row["count"],
                    places=tuple(found[edge]),
                )
                for edge, row in zip(edges, told, strict=True)
            ),
        )


def texts(view: View) -> Iterator[str]:
    """Yield the text of each paper, its title twice: what it says counts twice."""
    table = view.tables["papers"].select(["title", "abstract"])
    for batch in table.to_batches(max_chunksize=CHUNK):
        for row in batch.to_pylist():
            yield f"{row['title']} {row['title']} {row['abstract']}"


def authors(view: View) -> list[frozenset[int]]:
    """Return, by paper, numbers of its authors' names."""
    table = view.tables["author_paper"].select(["from", "to"])
    papers = {id_: n for n, id_ in enumerate(view.paper_ids)}
    found: list[set[int]] = [set() for _ in view.paper_ids]
    numbers: dict[str, int] = {}
    for batch in table.to_batches(max_chunksize=CHUNK):
        for row in batch.to_pylist():
            found[papers[row["to"]]].add(numbers.setdefault(row["from"], len(numbers)))
    return [frozenset(one) for one in found]
