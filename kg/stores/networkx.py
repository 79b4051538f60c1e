"""NetworkX: the graph in memory, for its algorithms. It speaks no Cypher.

A node's key is its label and id, as ``Paper:2101.00001`` or ``Concept:method/bert``: ids are unique
within a label only, and no label has a colon, so that no two nodes share a key. Nodes carry the
attributes ``label``, ``labels`` (sorted) and their properties; an edge's key is the relation's ``id``,
its attributes ``relation`` (the type) and the properties. Properties that are null are absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, Self

from kg.errors import KgError, UsageError, shown
from kg.stores import Key, NodeRecord, Options, RelationRecord
from kg.stores.records import node_records, relation_records

if TYPE_CHECKING:
    import networkx as nx

    from kg.tables import Graph


def node_key(label: str, id_: str) -> str:
    """Return the key of the node with this ``id`` among those that ``label`` declares.

    >>> node_key("Concept", "method/bert")
    'Concept:method/bert'
    """
    return f"{label}:{id_}"


def to_networkx(graph: Graph) -> nx.MultiDiGraph:
    """Return ``graph`` as a NetworkX ``MultiDiGraph``, as the module describes it.

    KgError where a relation leads to a node that is in no table.
    """
    import networkx as nx

    made = nx.MultiDiGraph()
    for node in node_records(graph.tables):
        made.add_node(node_key(*node.key), label=node.label, labels=list(node.labels), **node.properties)
    for relation in relation_records(graph.tables):
        keys = [node_key(*end) for end in (relation.source, relation.target)]
        if lost := next((key for key in keys if key not in made), None):
            raise KgError(f"{relation.type} leads to {shown(lost)}, which is in no table")
        made.add_edge(*keys, key=relation.properties["id"], relation=relation.type, **relation.properties)
    return made


def connect(place: str, options: Options) -> NetworkxStore:
    """Load the graph folder ``place`` into memory; the errors are those of `kg.tables.Graph.load`."""
    from kg.tables import Graph

    del options
    return NetworkxStore(to_networkx(Graph.load(place)))


class NetworkxStore:
    """A graph in memory; ``graph`` is the ``MultiDiGraph`` itself."""

    name = "networkx"
    speaks_cypher = False

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        self.graph = graph

    def cypher(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> NoReturn:
        """Raise UsageError: NetworkX speaks no Cypher."""
        raise UsageError("NetworkX speaks no Cypher: ask the graph folder itself, or a Neo4j server")

    def nodes(self) -> Iterator[NodeRecord]:
        """Read every node back."""
        for _, data in self.graph.nodes(data=True):
            yield NodeRecord(data["label"], tuple(data["labels"]), _without(data, "label", "labels"))

    def relations(self) -> Iterator[RelationRecord]:
        """Read every relation back."""
        for source, target, data in self.graph.edges(data=True):
            yield RelationRecord(
                data["relation"], self._end(source), self._end(target), _without(data, "relation")
            )

    def _end(self, key: str) -> Key:
        data = self.graph.nodes[key]
        return data["label"], data["id"]

    def close(self) -> None:
        """Do nothing: the graph stays usable."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()


def _without(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}
