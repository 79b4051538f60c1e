"""Pictures: legal files of the right size, the same every time, in which no label covers another."""

from __future__ import annotations

import io
import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from kg.errors import UsageError
from kg.tables import Graph
from kg.viewing import picture
from kg.viewing.choosing import chosen_part
from kg.viewing.drawing import Drawing, Frame, corners, draw, shortened
from kg.viewing.png import text_width

from .graphs import SCRIPT, chain, hostile, many

SVG = "{http://www.w3.org/2000/svg}"
FRAMES = [Frame(), Frame(width=400, height=700), Frame(width=2400, height=1400, theme="dark")]
BIG = many(400)


def drawing(graph: Graph, frame: Frame, focus: str | None = None, hops: int = 1) -> Drawing:
    part = chosen_part(graph, focus=focus, hops=hops, max_nodes=8000)
    return draw(part, title="Title", hops=hops, frame=frame, measure=text_width)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(("focus", "hops"), [(None, 1), ("concept 1", 1), ("concept 1", 3)])
def test_no_label_covers_another_or_is_cut(frame: Frame, focus: str | None, hops: int) -> None:
    made = drawing(BIG, frame, focus, hops)
    boxes = []
    for text in made.texts:
        half = text.size * 0.5
        left = text.x - {"start": 0, "middle": text.width / 2, "end": text.width}[text.anchor]
        boxes.append((left, left + text.width, text.y - half, text.y + half))
        assert left >= 0
        assert left + text.width <= frame.width
        assert half <= text.y <= frame.height - half
    assert len(boxes) > 5
    for (l1, r1, t1, b1), (l2, r2, t2, b2) in itertools.combinations(boxes, 2):
        assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1


@pytest.mark.parametrize("frame", FRAMES)
def test_on_the_map_no_shape_covers_another(frame: Frame) -> None:
    shapes = [shape for shape in drawing(BIG, frame).shapes if shape.title]
    for one, other in itertools.combinations(shapes, 2):
        apart = max(abs(one.x - other.x), abs(one.y - other.y))
        assert apart >= one.radius + other.radius


def test_an_svg_is_xml_and_hostile_text_stays_text() -> None:
    root = ET.fromstring(picture(hostile(), "svg", title=SCRIPT))  # noqa: S314 - our own text, just written
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "rect", "line", "circle", "polygon", "text")
    }
    assert root.findtext(f"{SVG}title") == SCRIPT
    for element in root.iter():
        assert not any(name.startswith("on") or "href" in name for name in element.attrib)


def test_a_png_has_twice_the_pixels_of_its_frame() -> None:
    image = Image.open(io.BytesIO(picture(chain(), "png", frame=Frame(width=640, height=360))))
    assert (image.format, image.size) == ("PNG", (1280, 720))
    colours = image.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 10


def test_the_same_graph_gives_the_same_picture() -> None:
    one, other = many(60), many(60)
    assert picture(one, "svg", focus="concept 1", hops=2) == picture(other, "svg", focus="concept 1", hops=2)
    assert picture(one, "png") == picture(other, "png")


def test_a_picture_of_a_focus_names_it() -> None:
    text = picture(chain(), "svg", focus="method 3").decode()
    assert "<title>method 3 · Knowledge graph of 6 papers</title>" in text
    assert {"Paper 2", "Paper 3"} == set(re.findall(r">(Paper \d)</text>", text))


def test_what_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="no picture format"):
        picture(chain(), "gif")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no theme"):
        Frame(theme="pink")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="pixels"):
        Frame(width=10)


def test_an_empty_graph_has_a_picture_too() -> None:
    assert picture(Graph.from_rows({}), "svg").startswith(b"<?xml")


def test_text_is_cut_to_its_room() -> None:
    assert shortened("a\u202eb\n c\x00", 1000, 12, text_width) == "a b c"
    cut = shortened("contrastive learning of everything", 100, 12, text_width)
    assert cut.endswith("…")
    assert text_width(cut, 12) <= 100
    assert shortened("l" * 200, 10_000, 12, text_width) == "l" * 200
    assert shortened("l" * 201, 10_000, 12, text_width) == "l" * 200 + "…"
    assert shortened(" " * 300 + "a", 10_000, 12, text_width) == "a"
    assert shortened("", 100, 12, text_width) == ""


def test_shapes_are_closed_figures_around_their_place() -> None:
    for shape in ("square", "diamond", "triangle", "triangle-down", "hexagon", "pentagon", "star"):
        points = corners(shape)
        assert len(points) >= 3
        assert all(0.4 < (x * x + y * y) ** 0.5 < 1.6 for x, y in points)
    assert corners("circle") == ()
