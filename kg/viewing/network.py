"""The first map as a pyvis network: its nodes with their places, and its relations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.viewing.kinds import node_styles, relation_styles
from kg.viewing.overview import Map, radius
from kg.viewing.part import Part

if TYPE_CHECKING:
    from pyvis.network import Network

#: The version of vis-network that pyvis brings and the page is written for.
_VIS = "lib/vis-9.1.2/vis-network.min.js"


def network(part: Part, drawn: Map) -> Network:
    """Return ``drawn`` as a pyvis ``Network``; a node's id is its place in ``part.nodes``."""
    from pyvis.network import Network

    styles, relations = node_styles(), relation_styles()
    largest = max((node.size for node in part.nodes if styles[node.style].kind.type_labels), default=1)
    net = Network(directed=True)
    for n, (x, y) in drawn.places.items():
        node = part.nodes[n]
        style = styles[node.style]
        size = radius(node.size, largest, bool(style.kind.type_labels))
        net.add_node(n, label=node.name, color=style.light, size=size, x=x, y=y)
    for e in drawn.edges:
        edge = part.edges[e]
        net.add_edge(edge.source, edge.target, id=e, width=relations[edge.style].width)
    net.toggle_physics(False)
    return net


def vis_network() -> str:
    """Return the script of vis-network as pyvis brings it; FileNotFoundError where it brings another one."""
    import pyvis

    return (Path(pyvis.__file__).parent / _VIS).read_text("utf-8")
