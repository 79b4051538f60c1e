"""A drawing as SVG: text stays text, every node says what it is."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from kg.viewing.drawing import Drawing, Line, Shape, Text

#: The font that texts are measured in, then fonts that are narrower.
_FONT = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"


def to_svg(drawing: Drawing) -> bytes:
    """Return ``drawing`` as an SVG document in UTF-8."""
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    title = _legal(drawing.title)
    body = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label={quoteattr(title)} '
        f"font-family={quoteattr(_FONT)}>",
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" fill="{drawing.ground}"/>',
        *(_line(line) for line in drawing.lines),
        *(_shape(shape, drawing.ground) for shape in drawing.shapes),
        *(_text(text, drawing.ground) for text in drawing.texts),
        "</svg>",
    ]
    return ("\n".join(body) + "\n").encode("utf-8")


def _line(line: Line) -> str:
    x1, y1, x2, y2 = (f"{value:.1f}" for value in line.ends)
    dash = f' stroke-dasharray="{" ".join(map(str, line.dash))}"' if line.dash else ""
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" '
        f'stroke="{line.colour}" stroke-width="{line.width:g}"{dash}/>'
    )


def _shape(shape: Shape, ground: str) -> str:
    title = f"<title>{escape(_legal(shape.title))}</title>" if shape.title else ""
    look = f'fill="{shape.colour}" stroke="{ground}"'
    if not shape.corners:
        return f'<circle cx="{shape.x:.1f}" cy="{shape.y:.1f}" r="{shape.radius:.1f}" {look}>{title}</circle>'
    points = " ".join(
        f"{shape.x + x * shape.radius:.1f},{shape.y + y * shape.radius:.1f}" for x, y in shape.corners
    )
    return f'<polygon points="{points}" {look}>{title}</polygon>'


def _text(text: Text, ground: str) -> str:
    weight = ' font-weight="600"' if text.strong else ""
    # The outline lets a label be read above lines.
    return (
        f'<text x="{text.x:.1f}" y="{text.y:.1f}" dy="0.35em" font-size="{text.size:.1f}" '
        f'text-anchor="{text.anchor}" fill="{text.colour}" stroke="{ground}" stroke-width="3" '
        f'stroke-linejoin="round" paint-order="stroke"{weight}>{escape(_legal(text.text))}</text>'
    )


def _legal(text: str) -> str:
    """Return ``text`` with each character that XML cannot hold as U+FFFD."""
    return "".join(
        c
        if c in "\t\n\r" or ("\x20" <= c < "\ud800") or (c >= "\ue000" and c not in "\ufffe\uffff")
        else "\ufffd"
        for c in text
    )
