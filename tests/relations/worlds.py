"""Small worlds of papers, written down in a few words and assembled as a build does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from kg.assembly import assemble
from kg.extraction.occurrences import places
from kg.model import FIELDS, ConceptType, Extraction, Mention, Paper, PaperConcept, Role
from kg.relations.marks import Marks
from kg.relations.patterns import said
from kg.relations.subclasses import Sayings, Subclass, subclasses
from kg.relations.view import View
from kg.report import Report
from kg.resolution import resolve
from kg.tables import Graph, Row, columns

#: What a name is, and what the paper does with it.
Spoken = tuple[ConceptType, Role]


@dataclass(frozen=True)
class Told:
    """A paper: title, abstract, and by name what it speaks of; sure of all alike."""

    id: str
    title: str
    abstract: str
    names: Mapping[str, Spoken]
    year: int | None = None
    cites: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    confidence: float = 1.0


def world(papers: Iterable[Told]) -> Graph:
    """Return the graph of ``papers``, without the relations that `relate` makes."""
    records, extractions = [], {}
    for told in papers:
        paper = Paper(
            id=told.id,
            title=told.title,
            abstract=told.abstract,
            year=told.year,
            references=told.cites,
            authors=told.authors,
            ids=(told.id,),
            source=f"{told.id}#1",
            listings=(f"{told.id}#1",),
        )
        records.append(paper)
        found: dict[str, list[Mention]] = {}
        for field in FIELDS:
            for start, end, name in places(paper.text(field), told.names):
                found.setdefault(name, []).append(
                    Mention(field=field, start=start, end=end, text=name, confidence=told.confidence)
                )
        missing = told.names.keys() - found.keys()
        assert not missing, f"{told.id} does not name {sorted(missing)}"
        extractions[told.id] = Extraction(
            paper_id=told.id,
            extractor="given",
            concepts=tuple(
                PaperConcept(
                    key=f"c{n}",
                    type=type_,
                    role=role,
                    name=name,
                    confidence=told.confidence,
                    mentions=tuple(found[name]),
                )
                for n, (name, (type_, role)) in enumerate(told.names.items())
            ),
        )
    return assemble(records, extractions, resolve(records, extractions))


def random_world(seed: int, papers: int = 30, concepts: int = 25, *, dated: bool = True) -> Graph:
    """Return a graph of papers that speak of what chance has it, with rows in no order.

    It is made of rows, not of text, so that ids can be told from chance alone; every quote is its field.
    """
    random = Random(seed)  # noqa: S311 - test data, no secret
    kinds: list[ConceptType] = ["METHOD", "DATASET", "TASK", "METRIC"]
    roles: list[Role] = ["PROPOSES", "COMPARES", "USES", "ADDRESSES", "REPORTS", "MENTIONS"]
    words = ["Zorb", "quick", "fold", "net", "grain", "sort", "Quox", "deep", "loss", "tree"]
    names = sorted({" ".join(random.sample(words, random.randint(1, 3))) for _ in range(concepts)})
    types = {name: random.choice(kinds) for name in names}
    told = []
    for n in range(papers):
        own = random.sample(names, random.randint(0, min(8, len(names))))
        sentences = [f"We see {name}." for name in own]
        told.append(
            Told(
                f"p{n:03}",
                f"{own[0]}: on {own[-1]}" if own and random.random() < 0.5 else f"Paper {n}",
                " ".join(sentences),
                {name: (types[name], random.choice(roles)) for name in own},
                year=random.choice((None, *range(2000, 2010))) if dated else None,
                authors=tuple(random.sample(["Ada", "Bo", "Cy", "Di"], random.randint(0, 2))),
            )
        )
    random.shuffle(told)
    return world(told)


def shuffled(graph: Graph, seed: int) -> Graph:
    """Return ``graph`` made again from its rows in another order."""
    random = Random(seed)  # noqa: S311 - test data, no secret
    rows: dict[str, list[Row]] = {}
    for table in graph.tables:
        names = [column.name for column in columns(table)]
        rows[table] = [[row[name] for name in names] for row in graph.rows(table)]
        random.shuffle(rows[table])
    return Graph.from_rows(rows)


def known_kinds(view: View) -> tuple[Marks, list[Subclass]]:
    """Return the marks of ``view`` and what is a kind of what in it, as `relate` finds them."""
    marks, sayings = Marks.of(view), Sayings()
    for paper in view.papers():
        marks.add(paper)
        sayings.add(paper.index, said(paper))
    return marks, subclasses(view, sayings, Report())


def relations(graph: Graph, type_: str) -> set[tuple[str, str]]:
    """Return the ends of the relations of ``type_``, by the names of concepts or the ids of papers."""
    names = {row["id"]: row["name"] for row in graph.rows("concepts")}
    names |= {row["id"]: row["id"] for row in graph.rows("papers")}
    return {
        (names[row["from"]], names[row["to"]])
        for table in ("concept_concept", "paper_paper")
        for row in graph.rows(table)
        if row["type"] == type_
    }
