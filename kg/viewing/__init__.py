"""Looking at a graph: one HTML page that opens anywhere, pictures, and what a notebook shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kg.tables import Graph
    from kg.viewing.drawing import Frame

__all__ = ["MAX_NODES", "page", "picture"]

#: A page holds so many nodes unless told otherwise.
MAX_NODES = 8000


def page(
    graph: Graph,
    *,
    title: str | None = None,
    focus: str | None = None,
    hops: int = 1,
    max_nodes: int = MAX_NODES,
) -> str:
    """Return one self-contained HTML page of ``graph``.

    ``focus`` names a concept or a paper, as `kg.asking.finding.find` understands it, or is the id of any
    node: the page then holds only what is at most ``hops`` (1 to 3) relations away from it. A graph of
    more than ``max_nodes`` nodes is cut to the strongest; the page says what is left out. UsageError
    where ``focus`` names nothing, and for numbers out of range.
    """
    from kg.viewing.choosing import chosen_part, heading
    from kg.viewing.document import document
    from kg.viewing.payload import payload, to_json

    part = chosen_part(graph, focus=focus, hops=hops, max_nodes=max_nodes)
    name = heading(graph, title)
    return document(name, to_json(payload(graph, part, title=name, hops=hops)))


def picture(
    graph: Graph,
    format: Literal["svg", "png"] = "svg",  # noqa: A002 - the word that `kg view` uses
    *,
    title: str | None = None,
    focus: str | None = None,
    hops: int = 1,
    frame: Frame | None = None,
) -> bytes:
    """Return what the page of the same arguments shows first, as a picture for papers and slides.

    A PNG has twice as many pixels as its ``frame`` says. UsageError as for `page`, and for an unknown
    ``format``.
    """
    from kg.errors import UsageError, shown
    from kg.viewing.choosing import chosen_part, heading
    from kg.viewing.drawing import Frame, draw
    from kg.viewing.png import text_width, to_png
    from kg.viewing.svg import to_svg

    writers = {"svg": to_svg, "png": to_png}
    if format not in writers:
        raise UsageError(f"there is no picture format {shown(format)}; there are {', '.join(writers)}")
    part = chosen_part(graph, focus=focus, hops=hops, max_nodes=MAX_NODES)
    name = heading(graph, title)
    if part.focus is not None and not title:
        name = f"{part.nodes[part.focus].name} · {name}"
    return writers[format](draw(part, title=name, hops=hops, frame=frame or Frame(), measure=text_width))
