"""The part of a graph that a page or a picture holds: all of it, or the strongest, or what is near a node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kg import schema
from kg.tables import Graph
from kg.viewing.kinds import NodeStyle, node_styles, relation_styles

if TYPE_CHECKING:
    import pyarrow as pa

#: Of the nodes that a page may hold, the share for concepts, and for papers.
_CONCEPTS, _PAPERS = 0.5, 0.4

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Node:
    """A node: the number of its style in `node_styles`, its row, and by how many papers it is sized."""

    style: int
    id: str
    name: str
    size: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation: the number of its style in `relation_styles`, its two ends in `Part.nodes`, its row."""

    style: int
    source: int
    target: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Nodes, the strongest of each label first, and every relation between two of them.

    ``focus`` is the node in the middle, None where there is none. ``left_out`` counts by label the
    nodes of the graph that are not here; ``cut`` runs parallel to ``nodes`` and counts each node's
    relations that are not here because their other end is not.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    focus: int | None
    left_out: Mapping[str, int]
    cut: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """The whole graph as numbers: a node is its place in the chained node tables."""

    offsets: Mapping[str, int]
    ids: Sequence[str]
    styles: Ints
    sizes: Ints
    sources: Ints
    targets: Ints
    relations: Ints
    tables: Sequence[tuple[str, int]]  # relation table, how many rows of it, in the order of the arrays

    @property
    def count(self) -> int:
        return len(self.ids)

    def ends(self) -> tuple[Ints, Ints]:
        """Return both ends of every relation, each relation seen from either side."""
        return np.concatenate([self.sources, self.targets]), np.concatenate([self.targets, self.sources])


def part(graph: Graph, *, focus: tuple[str, str] | None = None, hops: int = 1, max_nodes: int) -> Part:
    """Return what a page of ``graph`` with at most ``max_nodes`` nodes holds.

    ``focus`` is a node's table and id: then only what is at most ``hops`` relations away from it is
    held, the nearest first. Otherwise the concepts of most papers are, the papers that speak of most of
    them, and what belongs to those. KeyError where there is no such node.
    """
    whole = _skeleton(graph)
    centre = None
    if focus is not None:
        first = whole.offsets[focus[0]]
        centre = first + graph.tables[focus[0]]["id"].to_pylist().index(focus[1])
        kept = _near(whole, centre, hops, max_nodes)
    elif whole.count > max_nodes:
        kept = _strongest(whole, max_nodes)
    else:
        kept = np.arange(whole.count, dtype=np.int64)
    return _cut_out(graph, whole, kept, centre)


def _skeleton(graph: Graph) -> _Skeleton:
    styles = node_styles()
    offsets: dict[str, int] = {}
    ids: list[str] = []
    looks: list[int] = []
    where: dict[str, dict[str, int]] = {}
    for kind in schema.NODES:
        table = graph.tables[kind.table]
        own = _strings(table, "id")
        offsets[kind.table] = len(ids)
        where[kind.table] = {id_: len(ids) + n for n, id_ in enumerate(own)}
        ids += own
        of_kind = [n for n, style in enumerate(styles) if style.kind.table == kind.table]
        by_type = dict(zip((type_ for type_, _ in kind.type_labels), of_kind, strict=False))
        looks += [by_type[t] for t in _strings(table, "type")] if by_type else of_kind[:1] * len(own)
    numbers = {style.name: n for n, style in enumerate(relation_styles())}
    columns: tuple[list[int], list[int], list[int]] = ([], [], [])
    tables = []
    for name, kinds in schema.relation_tables().items():
        table = graph.tables[name]
        starts = _places(where, [label for kind in kinds for label in kind.sources])
        stops = _places(where, [label for kind in kinds for label in kind.targets])
        columns[0].extend(_look_up(starts, _strings(table, "from")))
        columns[1].extend(_look_up(stops, _strings(table, "to")))
        columns[2].extend(numbers[type_] for type_ in _strings(table, "type"))
        tables.append((name, table.num_rows))
    sources, targets, relations = (np.array(column, dtype=np.int64) for column in columns)
    sizes = np.bincount(np.concatenate([sources, targets]), minlength=len(ids)).astype(np.int64)
    for kind in schema.NODES:
        if any(p.name == "paper_count" for p in kind.properties):
            counts = graph.tables[kind.table]["paper_count"].to_numpy()
            sizes[offsets[kind.table] : offsets[kind.table] + len(counts)] = counts
    return _Skeleton(
        offsets, ids, np.array(looks, dtype=np.int64), sizes, sources, targets, relations, tables
    )


def _strings(table: pa.Table, column: str) -> list[str]:
    values: list[str] = table[column].to_pylist()  # type: ignore[assignment]  # declared as never null
    return values


def _places(where: Mapping[str, dict[str, int]], labels: Sequence[str]) -> list[dict[str, int]]:
    """Return, for each node table that one of ``labels`` stands in, the place of each id."""
    tables = {
        kind.table
        for kind in schema.NODES
        for label in labels
        if label == kind.label or label in dict(kind.type_labels).values()
    }
    return [where[table] for table in sorted(tables)]


def _look_up(places: Sequence[dict[str, int]], ids: Sequence[str]) -> list[int]:
    if len(places) == 1:
        return [places[0][id_] for id_ in ids]
    return [next(place[id_] for place in places if id_ in place) for id_ in ids]


def _ranked(whole: _Skeleton, nodes: Ints, score: Ints) -> Ints:
    """Return ``nodes``, those of highest score first; equal ones in the order of the tables."""
    return nodes[np.lexsort((nodes, -score[nodes]))]


def _strongest(whole: _Skeleton, most: int) -> Ints:
    styles = node_styles()
    typed = np.array([bool(style.kind.type_labels) for style in styles])[whole.styles]
    papers = np.array([style.label == "Paper" for style in styles])[whole.styles]
    everything = np.arange(whole.count, dtype=np.int64)
    kept = np.zeros(whole.count, dtype=bool)
    concepts = _ranked(whole, everything[typed], whole.sizes)
    kept[concepts[: max(1, int(most * _CONCEPTS))]] = True
    kept[_ranked(whole, everything[papers], _links(whole, kept))[: int(most * _PAPERS)]] = True
    # Whatever else hangs on those, then what is strong by itself.
    links = _links(whole, kept)
    rest = everything[~kept]
    order = rest[np.lexsort((rest, -whole.sizes[rest], -links[rest]))]
    kept[order[: max(0, most - int(kept.sum()))]] = True
    return everything[kept]


def _links(whole: _Skeleton, kept: npt.NDArray[np.bool_]) -> Ints:
    """Return how many relations lead from each node to a kept one."""
    here, there = whole.ends()
    return np.bincount(here[kept[there]], minlength=whole.count).astype(np.int64)


def _near(whole: _Skeleton, centre: int, hops: int, most: int) -> Ints:
    here, there = whole.ends()
    distance = np.full(whole.count, np.iinfo(np.int64).max, dtype=np.int64)
    distance[centre] = 0
    reached = np.zeros(whole.count, dtype=bool)
    reached[centre] = True
    for hop in range(1, hops + 1):
        new = np.unique(there[reached[here]])
        new = new[~reached[new]]
        distance[new] = hop
        reached[new] = True
    near = np.flatnonzero(reached)
    return np.sort(near[np.lexsort((near, -whole.sizes[near], distance[near]))][:most])


def _cut_out(graph: Graph, whole: _Skeleton, kept: Ints, centre: int | None) -> Part:
    styles = node_styles()
    inside = np.zeros(whole.count, dtype=bool)
    inside[kept] = True
    ranked = kept[np.lexsort((kept, -whole.sizes[kept], whole.styles[kept]))]
    place = np.full(whole.count, -1, dtype=np.int64)
    place[ranked] = np.arange(len(ranked))
    held = inside[whole.sources] & inside[whole.targets]
    half = np.concatenate([whole.sources, whole.targets])[np.concatenate([~held, ~held])]
    cut = np.bincount(half, minlength=whole.count)[ranked]
    total = Counter(styles[n].label for n in whole.styles.tolist())
    here = Counter(styles[n].label for n in whole.styles[kept].tolist())
    return Part(
        nodes=_nodes(graph, whole, ranked),
        edges=_edges(graph, whole, held, place),
        focus=None if centre is None else int(place[centre]),
        left_out={s.label: total[s.label] - here[s.label] for s in styles if total[s.label] > here[s.label]},
        cut=tuple(cut.tolist()),
    )


def _nodes(graph: Graph, whole: _Skeleton, ranked: Ints) -> tuple[Node, ...]:
    styles = node_styles()
    nodes: dict[int, Node] = {}
    for kind in schema.NODES:
        first = whole.offsets[kind.table]
        table = graph.tables[kind.table]
        own = ranked[(ranked >= first) & (ranked < first + table.num_rows)]
        for n, row in zip(own.tolist(), table.take(own - first).to_pylist(), strict=True):
            style = int(whole.styles[n])
            nodes[n] = Node(style, whole.ids[n], _name(styles[style], row), int(whole.sizes[n]), row)
    return tuple(nodes[n] for n in ranked.tolist())


def _name(style: NodeStyle, row: Mapping[str, Any]) -> str:
    """Return what a node is called: its name, title or value as stored, its id where that shows nothing."""
    texts = [p.name for p in style.kind.properties if p.type == "string" and p.name != "id"]
    title = next((name for name in ("name", "title", "value") if name in texts), next(iter(texts), "id"))
    text: str = row[title] or ""
    return text if text.strip() else row["id"]


def _edges(graph: Graph, whole: _Skeleton, held: npt.NDArray[np.bool_], place: Ints) -> tuple[Edge, ...]:
    edges = []
    first = 0
    for name, rows in whole.tables:
        own = np.flatnonzero(held[first : first + rows])
        of_table = graph.tables[name].take(own).to_pylist()
        for n, row in zip((own + first).tolist(), of_table, strict=True):
            ends = int(place[whole.sources[n]]), int(place[whole.targets[n]])
            edges.append(Edge(int(whole.relations[n]), *ends, row))
        first += rows
    return tuple(edges)
