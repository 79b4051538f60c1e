"""From a relation to the papers and sentences that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import schema
from kg.errors import UsageError, shown
from kg.extraction.occurrences import places
from kg.model import FIELDS
from kg.tables import Graph
from kg.text import replace_surrogates, sentences

if TYPE_CHECKING:
    import pyarrow as pa

#: What a node goes by, by its table; a concept's and a paper's name is what people know it by.
_NAMED = {"papers": "title", "concepts": "name", "results": "value", "authors": "name", "venues": "name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A sentence of a paper that a relation comes from; ``concept_id`` is what it names there.

    ``quote`` is ``start`` to ``end`` of ``field``, in code points. Of a number, ``concept_id`` is empty.
    """

    paper_id: str
    title: str
    concept_id: str
    role: str
    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationStory:
    """A relation: its ends, what it says, its properties, and the sentences that it comes from.

    ``sources`` are empty where the input itself says so (references, authors, venues).
    """

    id: str
    type: str
    meaning: str
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    properties: Mapping[str, Any]
    sources: tuple[Source, ...]


def is_relation(graph: Graph, id_: str) -> bool:
    """Tell whether a relation of ``graph`` has this id."""
    return _found(graph, id_) is not None


def explain_relation(graph: Graph, relation_id: str) -> RelationStory:
    """Return the story of the relation with this id; UsageError where the graph has none."""
    table, row = _relation(graph, relation_id)
    kind = schema.relation(row["type"])
    return RelationStory(
        id=row["id"],
        type=kind.name,
        meaning=kind.meaning,
        from_id=row["from"],
        from_name=_name(graph, kind.sources[0], row["from"]),
        to_id=row["to"],
        to_name=_name(graph, kind.targets[0], row["to"]),
        properties={p.name: row[p.name] for p in kind.properties if p.name != "id"},
        sources=_sources(graph, table, row),
    )


def trace(graph: Graph, relation_id: str) -> tuple[Source, ...]:
    """Return the sentences that the relation with this id comes from, by paper and then concept.

    Empty where the input itself says so; UsageError where the graph has no such relation.
    """
    return _sources(graph, *_relation(graph, relation_id))


def _found(graph: Graph, id_: str) -> tuple[str, dict[str, Any]] | None:
    import pyarrow.compute as pc

    if replace_surrogates(id_)[1]:  # bytes of a command line that are no text: Arrow cannot compare with them
        return None
    for name in schema.relation_tables():
        for row in graph.tables[name].filter(pc.field("id") == id_).to_pylist():
            return name, row
    return None


def _relation(graph: Graph, id_: str) -> tuple[str, dict[str, Any]]:
    found = _found(graph, id_)
    if found is None:
        raise UsageError(
            f"no relation has the id {shown(id_)}; ask for ids with "
            "kg query DIR 'MATCH (a)-[r]->(b) RETURN r.id LIMIT 5'"
        )
    return found


def _name(graph: Graph, label: str, id_: str) -> str:
    import pyarrow.compute as pc

    home = next(kind for kind in schema.NODES if label in (kind.label, *dict(kind.type_labels).values()))
    rows = graph.tables[home.table].filter(pc.field("id") == id_)[_NAMED[home.table]].to_pylist()
    return str(rows[0]) if rows else id_


def _sources(graph: Graph, table: str, row: dict[str, Any]) -> tuple[Source, ...]:
    match table:
        case "paper_concept" | "paper_result":
            return _read(graph, [row])
        case "result_concept":
            return _of_result(graph, row)
        case "concept_concept" | "paper_paper":
            return _read(graph, _evidence(graph, row), _together(graph, row))
        case _:
            return ()


def _evidence(graph: Graph, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the paper–concept edges that a relation between concepts or papers comes from."""
    ends = {row["from"], row["to"]}
    match row["type"]:
        case "CITES":
            return []
        case "RELATED_TO":
            shared = set(row["shared"])
            return [one for one in _edges(graph, "from", ends) if one["to"] in shared]
        case "SUBCLASS_OF":
            papers = set(row["paper_ids"])
            return [one for one in _edges(graph, "to", ends) if one["from"] in papers]
        case "CO_OCCURS_WITH":
            edges = _edges(graph, "to", ends)
            by_paper: dict[str, set[str]] = {}
            for one in edges:
                by_paper.setdefault(one["from"], set()).add(one["to"])
            return [one for one in edges if by_paper[one["from"]] == ends]
        case _:
            return _edges(graph, "id", set(row["evidence"]))


def _together(graph: Graph, row: dict[str, Any]) -> list[Source]:
    """Return the sentences that name both ends of a SUBCLASS_OF: what says so is among them."""
    if row["type"] != "SUBCLASS_OF":
        return []
    narrower: dict[str, dict[str, Any]] = {}
    broader: dict[str, dict[str, Any]] = {}
    for edge in _evidence(graph, row):
        (narrower if edge["to"] == row["from"] else broader)[edge["from"]] = edge
    both = narrower.keys() & broader.keys()
    found = []
    for paper in _rows(graph.tables["papers"], "id", both):
        edge, other = narrower[paper["id"]], broader[paper["id"]]
        for field in FIELDS:
            for start, end in sentences(paper[field]):
                quote = paper[field][start:end]
                if _names_both(quote, edge["surfaces"], other["surfaces"]):
                    found.append(
                        Source(
                            paper_id=paper["id"],
                            title=paper["title"],
                            concept_id=edge["to"],
                            role=edge["type"],
                            field=field,
                            start=start,
                            end=end,
                            quote=quote,
                        )
                    )
    return found


def _names_both(sentence: str, one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether ``sentence`` has a wording of either as words of its own, none inside another."""
    first, second = _with_plurals(one), _with_plurals(other)
    found = [wording for *_, wording in places(sentence, first | second)]
    # Two places: of a wording that both go by, one place speaks of one of them only.
    return len(found) > 1 and not first.isdisjoint(found) and not second.isdisjoint(found)


def _with_plurals(wordings: Iterable[str]) -> set[str]:
    return {form for wording in wordings if wording for form in (wording, f"{wording}s")}


def _of_result(graph: Graph, row: dict[str, Any]) -> tuple[Source, ...]:
    """Return the sentence that states the number, and that by which the paper names what it is of."""
    stated = _rows(graph.tables["paper_result"], "to", {row["from"]})
    papers = {one["from"] for one in stated}
    named = [one for one in _edges(graph, "to", {row["to"]}) if one["from"] in papers]
    return _read(graph, [*stated, *named])


def _edges(graph: Graph, column: str, values: Iterable[str]) -> list[dict[str, Any]]:
    return _rows(graph.tables["paper_concept"], column, values)


def _rows(table: pa.Table, column: str, values: Iterable[str]) -> list[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    among = pc.SetLookupOptions(value_set=pa.array(sorted(values), type=pa.string()))
    rows: list[dict[str, Any]] = table.filter(pc.call_function("is_in", [table[column]], among)).to_pylist()
    return rows


def _read(graph: Graph, edges: Iterable[dict[str, Any]], more: Iterable[Source] = ()) -> tuple[Source, ...]:
    told = list(edges)
    papers = _rows(graph.tables["papers"].select(["id", "title"]), "id", {edge["from"] for edge in told})
    titles = {row["id"]: row["title"] for row in papers}
    sources = {
        Source(
            paper_id=edge["from"],
            title=titles[edge["from"]],
            concept_id="" if edge["type"] == "STATES" else edge["to"],
            role=edge["type"],
            field=edge["field"],
            start=edge["quote_start"],
            end=edge["quote_end"],
            quote=edge["quote"],
        )
        for edge in told
    }
    return tuple(
        sorted(
            sources.union(more),
            key=lambda one: (one.paper_id, one.concept_id, one.role, one.field != "title", one.start),
        )
    )
