"""The graph's one table of labels, relations and properties.

Constraints, documentation (``kg schema``) and the stores' mappings are generated from it: what is
not declared here is in no table and no store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PropertyType = Literal["string", "integer", "float", "strings", "integers"]

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Property:
    """A named value of a node or relation; ``required`` ones are never null."""

    name: str
    type: PropertyType
    meaning: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A label, the table that holds its rows, and further labels that a ``type`` column decides."""

    label: str
    table: str
    meaning: str
    properties: tuple[Property, ...]
    type_labels: tuple[tuple[str, str], ...] = ()
    full_text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationKind:
    """A relation type; several may share a table, told apart there by its ``type`` column.

    ``sources`` and ``targets`` are labels.
    """

    name: str
    table: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    meaning: str
    properties: tuple[Property, ...]


def _p(name: str, type_: PropertyType, meaning: str) -> Property:
    return Property(name, type_, meaning)


def _o(name: str, type_: PropertyType, meaning: str) -> Property:
    return Property(name, type_, meaning, required=False)


ID = _p("id", "string", "the key, unique within its label or relation type")

NODES: tuple[NodeKind, ...] = (
    NodeKind(
        "Paper",
        "papers",
        "a paper of the input",
        (
            ID,
            _p("ids", "strings", "every id merged into it"),
            _p("title", "string", "as listed"),
            _p("abstract", "string", "as listed; empty where the input has none"),
            _o("year", "integer", "of publication, where the input says so"),
            _p("url", "string", "where the input says so, else empty"),
            _p("doi", "string", "lower case, without resolver; else empty"),
            _p("arxiv", "string", "arXiv identifier without version; else empty"),
            _p("source", "string", "file name and ordinal of the listing whose text is kept"),
            _p("listings", "strings", "file name and ordinal of every listing"),
        ),
        full_text=("title", "abstract"),
    ),
    NodeKind(
        "Concept",
        "concepts",
        "a method, dataset, task or metric, under all its names",
        (
            ID,
            _p("name", "string", "the name it goes by"),
            _p("aliases", "strings", "every name and mention as written, most frequent first"),
            _p("alias_counts", "integers", "papers that write each alias"),
            _p("alias_types", "strings", "the type most often read for each alias"),
            _p("paper_count", "integer", "papers that speak of it"),
            _o("first_year", "integer", "the earliest year of those papers, where known"),
        ),
        type_labels=(
            ("METHOD", "Method"),
            ("DATASET", "Dataset"),
            ("TASK", "Task"),
            ("METRIC", "Metric"),
        ),
        full_text=("name", "aliases"),
    ),
    NodeKind(
        "Result",
        "results",
        "a number that a paper states about its own work",
        (
            ID,
            _p("value", "string", "as written"),
            _o("number", "float", "its reading, in `unit`"),
            _p("unit", "string", "such as % or x; empty where none is written"),
            _p("kind", "string", "absolute or improvement"),
        ),
    ),
    NodeKind(
        "Author",
        "authors",
        "a name in the input's author lists; equal names are one node",
        (ID, _p("name", "string", "as listed")),
    ),
    NodeKind(
        "Venue",
        "venues",
        "where the input says that papers were published",
        (ID, _p("name", "string", "as listed")),
    ),
)

_EVIDENCE = (
    _p("field", "string", "title or abstract"),
    _p("start", "integer", "first code point of the mention in the field"),
    _p("end", "integer", "code point after the mention"),
    _p("quote", "string", "the sentence it was read from"),
    _p("quote_start", "integer", "first code point of the quote in the field"),
    _p("quote_end", "integer", "code point after the quote"),
)

_PAPER_CONCEPT = (
    ID,
    _p("confidence", "float", "0 to 1, calibrated: of edges with 0.8, about 8 in 10 are right"),
    *_EVIDENCE,
    _p("surfaces", "strings", "the mentions as written, sorted"),
    _p("count", "integer", "how often the paper mentions it"),
    _p("read_as", "string", "the type that it has in this paper"),
    _p("extractor", "string", "fingerprint of the pipeline that read it, or `given`"),
)

_ROLES = (
    ("PROPOSES", "the paper introduces it as its own"),
    ("COMPARES", "the paper's results are compared with it"),
    ("USES", "it is an ingredient, a tool, an object of analysis, or data of the work"),
    ("ADDRESSES", "the paper works on it"),
    ("REPORTS", "the paper states a result, bound or claim in it"),
    ("MENTIONS", "background, motivation, related or future work only"),
)

_RESULT_LINKS = (
    ("OF_METHOD", "the method that reached the number"),
    ("FOR_TASK", "the task it was reached on"),
    ("ON_DATASET", "the data it was reached on"),
    ("IN_METRIC", "the measure it is given in"),
)

_POOLED = (
    ID,
    _p("paper_ids", "strings", "the papers that say so"),
    _p("support", "integer", "how many papers say so"),
    _p("confidence", "float", "0 to 1: the chance that at least one of them is right"),
    _o("first_year", "integer", "the earliest year of those papers, where known"),
    _p("evidence", "strings", "ids of the paper–concept relations that it comes from, two a paper"),
)

_POOLS = (
    ("USED_FOR", "Method", "Task", "papers apply it there"),
    ("EVALUATED_ON", "Method", "Dataset", "papers evaluate it there"),
    ("BENCHMARK_FOR", "Dataset", "Task", "papers test the task on it"),
    ("MEASURED_BY", "Task", "Metric", "papers report it for the task"),
    ("COMPARED_WITH", "Method", "Method", "a paper sets its own method against it"),
)

RELATIONS: tuple[RelationKind, ...] = (
    *(
        RelationKind(name, "paper_concept", ("Paper",), ("Concept",), meaning, _PAPER_CONCEPT)
        for name, meaning in _ROLES
    ),
    RelationKind(
        "STATES", "paper_result", ("Paper",), ("Result",), "the paper states the number", (ID, *_EVIDENCE)
    ),
    *(
        RelationKind(name, "result_concept", ("Result",), ("Concept",), meaning, (ID,))
        for name, meaning in _RESULT_LINKS
    ),
    *(
        RelationKind(name, "concept_concept", (source,), (target,), meaning, _POOLED)
        for name, source, target, meaning in _POOLS
    ),
    RelationKind(
        "SUBCLASS_OF",
        "concept_concept",
        ("Concept",),
        ("Concept",),
        "it is a kind of the other; what follows from two such relations is not stored",
        (
            ID,
            _p("confidence", "float", "0 to 1: the chance that it is so"),
            _p("why", "string", "what says so: the name, or the pattern of a sentence"),
            _p("paper_ids", "strings", "the papers with the sentence, or with the name"),
        ),
    ),
    RelationKind(
        "CO_OCCURS_WITH",
        "concept_concept",
        ("Concept",),
        ("Concept",),
        "papers speak of both more often than chance has it; stored once, the smaller id first",
        (
            ID,
            _p("support", "integer", "how many papers speak of both"),
            _p("npmi", "float", "normalised pointwise mutual information: 0 as chance has it, 1 always"),
        ),
    ),
    RelationKind("CITES", "paper_paper", ("Paper",), ("Paper",), "the input's reference list says so", (ID,)),
    RelationKind(
        "BUILDS_ON",
        "paper_paper",
        ("Paper",),
        ("Paper",),
        "it speaks of what the other brought in, or of what few but the two do",
        (
            ID,
            _p(
                "via",
                "strings",
                "ids of the concepts that say so, most telling first: the other's, or shared ones",
            ),
            _p("confidence", "float", "0 to 1: the share of such pairs that reference lists confirm"),
            _p("evidence", "strings", "ids of the paper–concept relations, of each concept the user's first"),
            _p("quote", "string", "the sentence of the building paper that names the first concept"),
        ),
    ),
    RelationKind(
        "RELATED_TO",
        "paper_paper",
        ("Paper",),
        ("Paper",),
        "they share rare concepts; stored once, the smaller id first",
        (
            ID,
            _p("shared", "strings", "ids of the rare concepts that both speak of, the rarest first"),
            _p("weight", "float", "the sum over these of 1 / ln(papers that speak of the concept)"),
        ),
    ),
    RelationKind("WROTE", "author_paper", ("Author",), ("Paper",), "the input's author list says so", (ID,)),
    RelationKind("PUBLISHED_IN", "paper_venue", ("Paper",), ("Venue",), "the input says so", (ID,)),
)

#: Label of a concept of each type, and back.
TYPE_LABELS: dict[str, str] = dict(next(n for n in NODES if n.label == "Concept").type_labels)


def node(label: str) -> NodeKind:
    """Return the declaration of ``label``; KeyError where there is none."""
    return {kind.label: kind for kind in NODES}[label]


def relation(name: str) -> RelationKind:
    """Return the declaration of relation ``name``; KeyError where there is none."""
    return {kind.name: kind for kind in RELATIONS}[name]


def relation_tables() -> dict[str, tuple[RelationKind, ...]]:
    """Return the relations of each table, in declared order."""
    tables: dict[str, tuple[RelationKind, ...]] = {}
    for kind in RELATIONS:
        tables[kind.table] = (*tables.get(kind.table, ()), kind)
    return tables
