"""A drawing as PNG, and the font that pictures are measured in."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kg.viewing.drawing import Drawing, Line, Text

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

#: Pixels of the file for each pixel of the drawing, and how much finer it is painted, for smooth edges.
_RATIO, _FINER = 2, 2
_FINE = _RATIO * _FINER


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    data = (files("kg.viewing") / "assets" / "DejaVuSans.ttf").read_bytes()
    # The basic layout is the same on every machine; the other one depends on a library of the system.
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, size: float) -> float:
    """Return the width in pixels of ``text`` in ``size`` pixels, as wide as the strong variant may be."""
    return float(_font(100).getlength(text)) * size / 100 * 1.06


def to_png(drawing: Drawing) -> bytes:
    """Return ``drawing`` as a PNG file, twice as many pixels wide and high."""
    from PIL import Image, ImageDraw

    size = (round(drawing.width * _FINE), round(drawing.height * _FINE))
    image = Image.new("RGB", size, drawing.ground)
    brush = ImageDraw.Draw(image)
    for line in drawing.lines:
        width = max(1, round(line.width * _FINE))
        for x1, y1, x2, y2 in _dashes(line):
            brush.line([x1 * _FINE, y1 * _FINE, x2 * _FINE, y2 * _FINE], fill=line.colour, width=width)
    for shape in drawing.shapes:
        x, y, radius = shape.x * _FINE, shape.y * _FINE, shape.radius * _FINE
        if shape.corners:
            points = [(x + a * radius, y + b * radius) for a, b in shape.corners]
            brush.polygon(points, fill=shape.colour, outline=drawing.ground, width=_FINE)
        else:
            bounds = (x - radius, y - radius, x + radius, y + radius)
            brush.ellipse(bounds, fill=shape.colour, outline=drawing.ground, width=_FINE)
    image = image.reduce(_FINER)
    brush = ImageDraw.Draw(image)
    for text in drawing.texts:
        _write(brush, text, drawing.ground)
    return _bytes(image)


def _write(brush: ImageDraw.ImageDraw, text: Text, ground: str) -> None:
    anchor = {"start": "lm", "middle": "mm", "end": "rm"}[text.anchor]
    at, font = (text.x * _RATIO, text.y * _RATIO), _font(round(text.size * _RATIO))
    brush.text(at, text.text, font=font, anchor=anchor, fill=ground, stroke_width=3, stroke_fill=ground)
    # A thin outline in the same colour makes the strong variant of a font that has none.
    brush.text(
        at, text.text, font=font, anchor=anchor, fill=text.colour,
        stroke_width=0.5 if text.strong else 0, stroke_fill=text.colour,
    )  # fmt: skip


def _dashes(line: Line) -> Iterator[tuple[float, float, float, float]]:
    x1, y1, x2, y2 = line.ends
    length = math.hypot(x2 - x1, y2 - y1)
    if not line.dash or length == 0:
        yield line.ends
        return
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    done = 0.0
    piece = 0
    while done < length:
        end = min(length, done + line.dash[piece % len(line.dash)])
        if piece % 2 == 0:
            yield x1 + dx * done, y1 + dy * done, x1 + dx * end, y1 + dy * end
        done = end
        piece += 1


def _bytes(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=False)
    return out.getvalue()
