"""A style sheet for Neo4j's Browser (GraSS), made from `kg.schema`: a colour and a caption a label.

The colours are those of Okabe and Ito (2008), which people with any colour vision tell apart; what is
written on a node is black or white, whichever stands out more.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg import schema
from kg.stores.neo4j_schema import NODE_LABEL

_PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999", "#332288")
#: The property that names a node; else its id does.
_CAPTIONS = ("name", "title", "value")


def grass() -> str:
    """Return the style sheet; drop it on the Browser's window, or paste it after ``:style``."""
    return "\n".join(_rules()) + "\n"


def _rules() -> Iterator[str]:
    base = {"diameter": "50px", "border-width": "2px", "font-size": "10px"}
    yield _rule("node", base | _coloured("#999999"))
    yield _rule(f"node.{NODE_LABEL}", {"caption": '"{id}"'})
    labels = [(kind, label) for kind in schema.NODES for label in _labels(kind)]
    for number, (kind, label) in enumerate(labels):
        # Later rules win: the narrower label after the one that it comes with.
        names = {p.name for p in kind.properties}
        caption = next((name for name in _CAPTIONS if name in names), "id")
        colour = _PALETTE[number % len(_PALETTE)]
        yield _rule(f"node.{label}", _coloured(colour) | {"caption": f'"{{{caption}}}"'})
    yield _rule(
        "relationship",
        {
            "color": "#999999",
            "shaft-width": "1px",
            "font-size": "8px",
            "padding": "3px",
            "text-color-external": "#000000",
            "text-color-internal": "#FFFFFF",
            "caption": '"<type>"',
        },
    )
    for number, kinds in enumerate(schema.relation_tables().values()):
        for relation in kinds:
            yield _rule(f"relationship.{relation.name}", {"color": _PALETTE[number % len(_PALETTE)]})


def _labels(kind: schema.NodeKind) -> tuple[str, ...]:
    return (kind.label, *dict(kind.type_labels).values())


def _coloured(colour: str) -> dict[str, str]:
    light = luminance(colour) > 0.18  # black on it has more contrast than white
    return {
        "color": colour,
        "border-color": _darker(colour),
        "text-color-internal": "#000000" if light else "#FFFFFF",
    }


def _rule(selector: str, properties: dict[str, str]) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in properties.items())
    return f"{selector} {{\n{lines}}}\n"


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def _darker(colour: str) -> str:
    return "#" + "".join(f"{channel * 3 // 4:02X}" for channel in _channels(colour))


def luminance(colour: str) -> float:
    """Return the relative luminance of ``colour`` (``#RRGGBB``) after WCAG 2: 0 is black, 1 white.

    >>> luminance("#000000"), luminance("#FFFFFF")
    (0.0, 1.0)
    """
    parts = (c / 255 for c in _channels(colour))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return round(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2], 6)
