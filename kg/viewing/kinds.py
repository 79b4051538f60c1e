"""How each label and each relation of `kg.schema` looks and what it is called, on the page and in pictures.

Everything is generated from the schema: what is declared there gets a colour, a shape, a line and
words, whether or not this module has heard of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg import schema


@dataclass(frozen=True, slots=True)
class NodeStyle:
    """The look of one label: colours on light and on dark ground, and a shape, which says the same.

    ``label`` is the most special one that a node has (``Method`` rather than ``Concept``).
    """

    label: str
    plural: str
    meaning: str
    light: str
    dark: str
    shape: str
    kind: schema.NodeKind


@dataclass(frozen=True, slots=True)
class RelationStyle:
    """The look of one relation: ``width`` in pixels and ``dash`` as lengths of line and gap.

    ``forward`` heads the far ends in the panel of the node where it starts, ``backward`` those in the
    panel of the node where it ends.
    """

    name: str
    forward: str
    backward: str
    meaning: str
    width: float
    dash: tuple[int, ...]
    kind: schema.RelationKind


# Colours (light ground, dark ground) and shapes, in the order in which the schema declares labels. The
# hues are those of Okabe and Ito, "Color Universal Design" (2008), darkened or lightened until they
# stand out from the ground; a test measures that, and their distances under each colour blindness.
_LOOKS = (
    ("#5c6670", "#9aa5b1", "square"),
    ("#0067b0", "#4db2ff", "circle"),
    ("#c95d00", "#ff9d3d", "diamond"),
    ("#007a52", "#14cc91", "triangle"),
    ("#a83c86", "#f58fd0", "hexagon"),
    ("#8a1c1c", "#ff6f6f", "star"),
    ("#3b3bb3", "#b3a6ff", "triangle-down"),
    ("#6e5a00", "#e8d44d", "pentagon"),
)

# Line widths and dashes, in the order in which a table's relations are declared. Of what papers do with
# concepts, the first says most.
_LINES: tuple[tuple[float, tuple[int, ...]], ...] = (
    (2.4, ()),
    (1.5, (7, 4)),
    (1.2, ()),
    (1.2, (10, 3, 2, 3)),
    (1.2, (4, 3)),
    (1.0, (1, 4)),
)
_OTHER_LINES: tuple[tuple[float, tuple[int, ...]], ...] = (
    (1.2, ()),
    (1.2, (8, 4)),
    (1.2, (10, 3, 2, 3)),
    (1.2, (4, 3)),
    (1.2, (14, 4)),
    (1.2, (6, 2, 1, 2)),
    (1.0, (1, 4)),
)

_WORDS: dict[str, tuple[str, str]] = {
    "PROPOSES": ("Proposes", "Proposed by"),
    "COMPARES": ("Compares with", "Taken for comparison by"),
    "USES": ("Uses", "Used by"),
    "ADDRESSES": ("Addresses", "Addressed by"),
    "REPORTS": ("Reports", "Reported by"),
    "MENTIONS": ("Mentions", "Mentioned by"),
    "STATES": ("States", "Stated by"),
    "OF_METHOD": ("Reached by", "Results reached by it"),
    "FOR_TASK": ("On the task", "Results on this task"),
    "ON_DATASET": ("On the data", "Results on this data"),
    "IN_METRIC": ("Measured in", "Results in this measure"),
    "USED_FOR": ("Used for", "Methods used for it"),
    "EVALUATED_ON": ("Evaluated on", "Methods evaluated on it"),
    "BENCHMARK_FOR": ("Benchmark for", "Benchmarks for it"),
    "MEASURED_BY": ("Measured by", "Tasks measured by it"),
    "COMPARED_WITH": ("Set against", "Methods set against it"),
    "SUBCLASS_OF": ("Kind of", "Kinds of it"),
    "CO_OCCURS_WITH": ("Spoken of together with", "Spoken of together with"),
    "BUILDS_ON": ("Builds on", "Built on by"),
    "RELATED_TO": ("Related to", "Related to"),
    "CITES": ("Cites", "Cited by"),
    "WROTE": ("Wrote", "Written by"),
    "PUBLISHED_IN": ("Published in", "Published here"),
}


def node_styles() -> tuple[NodeStyle, ...]:
    """Return a style for each label that tells nodes apart, in declared order."""
    labels = [
        (label, kind)
        for kind in schema.NODES
        for label in ([special for _, special in kind.type_labels] or [kind.label])
    ]
    return tuple(
        NodeStyle(label, _plural(label), kind.meaning, *_LOOKS[n % len(_LOOKS)], kind=kind)
        for n, (label, kind) in enumerate(labels)
    )


def relation_styles() -> tuple[RelationStyle, ...]:
    """Return a style for each relation, in declared order."""
    places: dict[str, int] = {}
    styles = []
    for kind in schema.RELATIONS:
        place = places.get(kind.table, 0)
        places[kind.table] = place + 1
        lines = _LINES if kind.sources == ("Paper",) and kind.targets == ("Concept",) else _OTHER_LINES
        width, dash = lines[place % len(lines)]
        forward, backward = _WORDS.get(kind.name, _plain_words(kind.name))
        styles.append(RelationStyle(kind.name, forward, backward, kind.meaning, width, dash, kind))
    return tuple(styles)


def _plural(label: str) -> str:
    return f"{label[:-1]}ies" if label.endswith("y") else f"{label}s"


def _plain_words(name: str) -> tuple[str, str]:
    words = name.replace("_", " ").capitalize()
    return words, f"{words} (from the other end)"
