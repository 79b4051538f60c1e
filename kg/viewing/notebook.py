"""What a notebook shows: the page of a graph in a frame, and a paper with its concepts marked."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.model import FIELDS
from kg.viewing.marks import Mark, marks

if TYPE_CHECKING:
    from kg.tables import Graph

#: The page may run its script and save what it shows; it cannot reach the notebook around it.
_SANDBOX = "allow-scripts allow-downloads allow-popups"


@dataclass(frozen=True, slots=True)
class View:
    """A page that shows itself in a notebook, ``height`` pixels high; `save` writes it to a file."""

    page: str = field(repr=False)
    title: str
    height: int = 680

    def save(self, path: str | Path) -> None:
        """Write the page to the file ``path``."""
        Path(path).write_text(self.page, encoding="utf-8", newline="\n")

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{html.escape(self.title)}" srcdoc="{html.escape(self.page)}" '
            f'sandbox="{_SANDBOX}" allow="clipboard-write" '
            f'style="width:100%;height:{self.height}px;border:1px solid #8884;border-radius:8px"></iframe>'
        )


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML that a notebook shows; ``text`` is what it says without."""

    html: str = field(repr=False)
    text: str

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper of a graph with what it says of each concept: ``relations`` are rows of ``paper_concept``."""

    id: str
    title: str
    abstract: str
    year: int | None
    relations: Sequence[Mapping[str, Any]] = field(repr=False)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return where the texts name the concepts; a mark's ``edge`` counts ``relations``."""
        return marks({"title": self.title, "abstract": self.abstract}, self.relations)

    def show(self) -> Markup:
        """Return title and abstract with every concept marked with its type and role."""
        from spacy import displacy

        colours = _colours()
        parts = []
        for number, name in enumerate(FIELDS):
            text = getattr(self, name)
            ents = [
                {"start": m.start, "end": m.end, "label": _label(self.relations[m.edge])}
                for m in self.marks
                if m.field == number
            ]
            options = {
                "colors": {_label(row).upper(): colours[row["read_as"]] for row in self.relations},
            }
            if text:
                parts.append(
                    displacy.render(
                        {"text": text, "ents": ents, "title": None},
                        style="ent",
                        manual=True,
                        jupyter=False,
                        options=options,
                    )
                )
        return Markup("\n".join(parts), f"{self.title}\n\n{self.abstract}")

    def _repr_html_(self) -> str:
        return self.show().html


def view(
    graph: Graph,
    *,
    title: str | None = None,
    focus: str | None = None,
    hops: int = 1,
    max_nodes: int | None = None,
) -> View:
    """Return the page of ``graph`` for a notebook; arguments and errors are those of `kg.viewing.page`."""
    from kg.viewing import MAX_NODES, page
    from kg.viewing.choosing import heading

    most = MAX_NODES if max_nodes is None else max_nodes
    name = heading(graph, title)
    return View(page(graph, title=name, focus=focus, hops=hops, max_nodes=most), name)


def paper(graph: Graph, name: str) -> ShownPaper:
    """Return the paper that ``name`` means: its id, title, DOI or arXiv identifier.

    UsageError where it means none, a concept, or several papers.
    """
    from kg.asking.finding import find
    from kg.errors import UsageError, shown

    found = [match for match in find(graph, name) if match.kind == "paper"]
    if len(found) != 1:
        ids = ", ".join(shown(match.id) for match in found[:5])
        raise UsageError(
            f"{shown(name)} names {f'several papers: {ids}' if found else 'a concept, no paper'}"
        )
    (row,) = (row for row in graph.rows("papers") if row["id"] == found[0].id)
    rows = [row for row in graph.rows("paper_concept") if row["from"] == found[0].id]
    return ShownPaper(row["id"], row["title"], row["abstract"], row["year"], tuple(rows))


def _label(relation: Mapping[str, Any]) -> str:
    return f"{relation['read_as']} {relation['type'].lower()}"


def _colours() -> dict[str, str]:
    from kg.viewing.kinds import node_styles

    of_label = {style.label: style.light for style in node_styles()}
    # A tint, so that the text keeps its contrast on light and on dark ground.
    return {
        type_: f"{of_label[label]}40"
        for style in node_styles()
        for type_, label in style.kind.type_labels
        if label in of_label
    }
