"""A picture of a graph as shapes, lines and text with places; `kg.viewing.svg` and `.png` write it.

Places are those of the page: the first map, or the arcs around a focus. A node or label that would
cover another is left out, the smaller first.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kg.errors import UsageError, shown
from kg.viewing.arcs import arcs, surroundings
from kg.viewing.kinds import node_styles, relation_styles
from kg.viewing.overview import overview, radius
from kg.viewing.part import Part

Theme = Literal["light", "dark"]

_HEAD, _FOOT = 44.0, 40.0  # for the title and the legend
_ROW = (15.0, 48.0)  # least and most height of a row of surroundings
_STEP = 300.0  # most width of a step
_LABEL = (190.0, 320.0, 250.0, 250.0)  # most width of a label on the map, and for each number of hops
_LONGEST = 200  # letters of a label
_COLOURS = {
    "light": {"ground": "#ffffff", "ink": "#17202c", "soft": "#526071", "line": "#d9dde4"},
    "dark": {"ground": "#10141a", "ink": "#e9edf3", "soft": "#a3afbf", "line": "#333c49"},
}

Measure = Callable[[str, float], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How large a picture is, in pixels, and on which ground.

    UsageError for an unknown theme and for a size below 320 by 240 or above 8000 by 8000.
    """

    width: int = 1280
    height: int = 800
    theme: Theme = "light"

    def __post_init__(self) -> None:
        if self.theme not in _COLOURS:
            raise UsageError(f"there is no theme {shown(self.theme)}; there are {', '.join(_COLOURS)}")
        if not (320 <= self.width <= 8000 and 240 <= self.height <= 8000):
            raise UsageError(
                f"a picture is 320 by 240 to 8000 by 8000 pixels large, not {self.width} by {self.height}"
            )


@dataclass(frozen=True, slots=True)
class Line:
    """A line from one point to another."""

    ends: tuple[float, float, float, float]
    colour: str
    width: float
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A circle where ``corners`` is empty, else a polygon with these corners; ``title`` is what it is."""

    x: float
    y: float
    radius: float
    corners: tuple[tuple[float, float], ...]
    colour: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text around or from ``x``, its middle at height ``y``; ``width`` in pixels."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: Literal["start", "middle", "end"]
    width: float
    strong: bool = False


@dataclass(slots=True)
class Drawing:
    """What is on a picture, in the order of painting."""

    width: float
    height: float
    title: str
    ground: str
    lines: list[Line] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A node to draw: where, how large, and on which side of the middle (0 on the map)."""

    node: int
    x: float
    y: float
    radius: float
    side: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to draw, the most important first; ``label`` is the most width of one, in pixels."""

    placed: Sequence[_Placed]
    edges: Sequence[int]
    label: float
    letters: float = 1.0
    row: float = 48.0


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def draw(part: Part, *, title: str, hops: int, frame: Frame, measure: Measure) -> Drawing:
    """Return the picture of ``part``; ``measure`` gives the width of a text in a size, both in pixels."""
    width, height, theme = float(frame.width), float(frame.height), frame.theme
    colours = _COLOURS[theme]
    drawing = Drawing(width, height, title, colours["ground"])
    if part.focus is None:
        plan = _map(part, width, height)
    else:
        plan = _surroundings(part, part.focus, hops, frame, measure)
    _fill(drawing, part, plan, theme, measure)
    heading = shortened(title, width - 40, 17.0, measure)
    drawing.texts.append(
        Text(20, _HEAD / 2 + 2, heading, 17.0, colours["ink"], "start", measure(heading, 17.0), True)
    )
    _legend(drawing, part, [p.node for p in plan.placed], theme, measure)
    return drawing


def _map(part: Part, width: float, height: float) -> _Plan:
    first = overview(part)
    styles = node_styles()
    concept = {n: bool(styles[part.nodes[n].style].kind.type_labels) for n in first.places}
    largest = max((part.nodes[n].size for n in first.places if concept[n]), default=1)
    spans = []
    for axis, room in ((0, width - 2 * min(72, width * 0.08)), (1, height - _HEAD - _FOOT - 60)):
        values = [place[axis] for place in first.places.values()] or [0]
        stretch = min(room / max(max(values) - min(values), 1), 60.0 * len(values) / 2)
        spans.append(((max(values) + min(values)) / 2, stretch))
    (mid_x, by_x), (mid_y, by_y) = spans
    size = min(1.5, max(0.75, math.sqrt(min(by_x, by_y))))
    middle_y = _HEAD + (height - _HEAD - _FOOT) / 2
    placed = [
        _Placed(
            n,
            width / 2 + (x - mid_x) * by_x,
            middle_y + (y - mid_y) * by_y,
            radius(part.nodes[n].size, largest, concept[n]) * size,
            0,
        )
        for n, (x, y) in first.places.items()
    ]
    placed.sort(key=lambda p: (not concept[p.node], -part.nodes[p.node].size, p.node))
    letters = min(1.3, max(1.0, size))
    return _Plan(placed, first.edges, min(_LABEL[0] * letters, width * 0.33), letters)


def _surroundings(part: Part, centre: int, hops: int, frame: Frame, measure: Measure) -> _Plan:
    width, height = float(frame.width), float(frame.height)
    styles = node_styles()
    tall = height - _HEAD - _FOOT
    near = surroundings(part, centre, hops, max(16, 2 * math.floor((tall - 40) / _ROW[0])))
    places, rows = arcs(near)
    most = min(_LABEL[hops], width * 0.33)
    names = (shortened(part.nodes[n].name, most, 12.5, measure) for n in near.order[1:])
    room = max([40.0, *(measure(name, 12.5) for name in names)]) + 30
    across = min(max(width / 2 - room, width * 0.1), _STEP * max(near.depth.values() or [1]))
    down = min(tall / 2 - 24, _ROW[1] * max(rows, 2) / 2)
    row = 2 * down / max(rows, 2)
    concept = {n: bool(styles[part.nodes[n].style].kind.type_labels) for n in near.order}
    largest = max((node.size for node in part.nodes if styles[node.style].kind.type_labels), default=1)
    cap = min(12.0, max(2.5, row / 2 - 1))
    placed = []
    for n in near.order:
        x, y = places[n]
        size = min(cap, 5 + 7 * math.sqrt(part.nodes[n].size / largest)) if concept[n] else min(cap, 4.5)
        side = 0 if n == centre else (1 if x > 0 else -1)
        placed.append(
            _Placed(
                n, width / 2 + x * across, _HEAD + tall / 2 + y * down, 11.0 if n == centre else size, side
            )
        )
    return _Plan(placed, near.edges, most, row=row)


def _fill(drawing: Drawing, part: Part, plan: _Plan, theme: Theme, measure: Measure) -> None:
    styles, relations = node_styles(), relation_styles()
    focused = part.focus is not None
    colours = _COLOURS[theme]
    boxes: list[_Box] = []
    kept: dict[int, _Placed] = {}
    for p in plan.placed:
        box = _Box(p.x - p.radius - 1, p.x + p.radius + 1, p.y - p.radius - 1, p.y + p.radius + 1)
        if focused or not any(box.meets(other) for other in boxes):
            boxes.append(box)
            kept[p.node] = p
    # Squares of papers give way to names; what is left of them is drawn.
    papers = {n for n in kept if not styles[part.nodes[n].style].kind.type_labels}
    taken = [b for b, n in zip(boxes, kept, strict=True) if focused or n not in papers]
    largest = max((part.nodes[n].size for n in kept if n not in papers), default=1)
    texts: list[tuple[Text, _Box]] = []
    for n, p in kept.items():
        if n in papers and not focused:
            continue
        share = 0.0 if n in papers else math.sqrt(part.nodes[n].size / largest)
        size = min(12 + 2 * share, plan.row / 1.25) if focused else (11 + 4 * share) * plan.letters
        name = shortened(part.nodes[n].name, plan.label, size, measure)
        strong = share > 0.55 or n == part.focus
        half = (measure(name, size) * (1.08 if strong else 1.0) / 2, size * 0.6)
        steps = (0, 6, 12, 18, 24) if strong else (0,)  # the largest names may stand a little off
        found = _room(p, half, taken, drawing, steps)
        if found is not None:
            x, y, box = found
            taken.append(box)
            texts.append((Text(x, y, name, size, colours["ink"], "middle", measure(name, size), strong), box))
    for n in sorted(papers):
        p = kept[n]
        dot = _Box(p.x - p.radius, p.x + p.radius, p.y - p.radius, p.y + p.radius)
        if not focused and any(dot.meets(box) for _, box in texts):
            del kept[n]
    for edge in (part.edges[e] for e in plan.edges):
        if edge.source in kept and edge.target in kept:
            a, b = kept[edge.source], kept[edge.target]
            relation = relations[edge.style]
            width, dash = (relation.width, relation.dash) if focused else (0.8, ())
            own = part.focus in (edge.source, edge.target)
            colour = colours["soft"] if own else colours["line"]
            drawing.lines.append(Line((a.x, a.y, b.x, b.y), colour, width, dash))
    for n, p in kept.items():
        style = styles[part.nodes[n].style]
        colour = style.light if theme == "light" else style.dark
        drawing.shapes.append(
            Shape(p.x, p.y, p.radius, corners(style.shape), colour, f"{style.label}: {part.nodes[n].name}")
        )
    drawing.texts.extend(text for text, _ in texts)


def _room(
    p: _Placed,
    half: tuple[float, float],
    taken: Iterable[_Box],
    drawing: Drawing,
    steps: Sequence[float],
) -> tuple[float, float, _Box] | None:
    """Return middle and box of the first free place of a label; ``steps`` are how far off it may stand."""
    half_x, half_y = half
    beside = [(p.x + sign * (p.radius + 5 + half_x), p.y) for sign in (1, -1)]
    stacked = [(p.x, p.y + sign * (p.radius + 3 + half_y + more)) for more in steps for sign in (1, -1)]
    outward = {1: beside[:1], -1: beside[1:]}
    tries = outward.get(p.side, [*stacked[:2], *beside, *stacked[2:]])
    others = list(taken)
    for x, y in tries:
        box = _Box(x - half_x - 3, x + half_x + 3, y - half_y, y + half_y)
        inside = (
            box.left >= 4
            and box.right <= drawing.width - 4
            and box.top >= _HEAD
            and box.bottom <= drawing.height - _FOOT
        )
        own = _Box(p.x - p.radius - 1, p.x + p.radius + 1, p.y - p.radius - 1, p.y + p.radius + 1)
        if inside and not any(box.meets(other) for other in others if other != own):
            return x, y, box
    return None


def _legend(drawing: Drawing, part: Part, nodes: Iterable[int], theme: Theme, measure: Measure) -> None:
    styles = node_styles()
    shown = {part.nodes[n].style for n in nodes}
    x, y = 26.0, drawing.height - _FOOT / 2
    for n, style in enumerate(styles):
        if n not in shown:
            continue
        width = measure(style.plural, 12.5)
        if x + width + 20 > drawing.width:
            break
        colour = style.light if theme == "light" else style.dark
        drawing.shapes.append(Shape(x, y, 5.0, corners(style.shape), colour))
        drawing.texts.append(Text(x + 12, y, style.plural, 12.5, _COLOURS[theme]["soft"], "start", width))
        x += width + 36


def corners(shape: str) -> tuple[tuple[float, float], ...]:
    """Return the corners of ``shape`` of radius 1 around 0, 0; none for the circle."""
    count, turn, scale, inner, shift = {
        "circle": (0, 0.0, 1.0, 0.0, 0.0),
        "diamond": (4, 0.0, 1.2, 0.0, 0.0),
        "triangle": (3, -0.5, 1.25, 0.0, 0.15),
        "triangle-down": (3, 0.5, 1.25, 0.0, -0.15),
        "hexagon": (6, 0.0, 1.1, 0.0, 0.0),
        "pentagon": (5, -0.5, 1.12, 0.0, 0.0),
        "star": (5, -0.5, 1.35, 0.5, 0.0),
    }.get(shape, (4, 0.25, 1.25, 0.0, 0.0))
    points = 2 * count if inner else count
    found = []
    for n in range(points):
        angle = math.pi * (turn + 2 * n / points)
        reach = scale * (inner if inner and n % 2 else 1.0)
        found.append((reach * math.cos(angle), reach * math.sin(angle) + shift))
    return tuple(found)


def shortened(text: str, most: float, size: float, measure: Measure) -> str:
    """Return ``text`` on one line, without what would turn or hide it, cut to ``most`` pixels.

    No more than 200 letters are kept, whatever room there is; what was cut ends in an ellipsis.
    """
    clean = "".join(" " if _unruly(c) else c for c in text)
    clean = re.sub(r"\s+", " ", clean).strip()

    def cut(count: int) -> str:
        return f"{clean[:count].rstrip()}…" if count < len(clean) else clean

    low, high = 0, min(len(clean), _LONGEST)
    if measure(cut(high), size) <= most:
        return cut(high)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(cut(middle), size) <= most:
            low = middle
        else:
            high = middle - 1
    return cut(low)


def _unruly(character: str) -> bool:
    joiner = character in "\u200c\u200d"
    return not joiner and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
