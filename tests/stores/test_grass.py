"""The Browser's style sheet names every label and type, and can be read."""

from __future__ import annotations

import re

from kg import schema
from kg.stores.grass import grass, luminance

RULE = re.compile(r"(node|relationship)(?:\.(\w+))? \{\n((?:  [a-z-]+: [^;\n]+;\n)+)\}\n\n?")


def rules() -> dict[tuple[str, str], dict[str, str]]:
    text = grass()
    assert RULE.sub("", text) == ""
    return {
        (match[1], match[2] or ""): dict(re.findall(r"  ([a-z-]+): ([^;\n]+);", match[3]))
        for match in RULE.finditer(text)
    }


def test_every_label_and_type_has_a_rule() -> None:
    nodes = {label for kind in schema.NODES for label in (kind.label, *dict(kind.type_labels).values())}
    assert {name for what, name in rules() if what == "node"} == nodes | {"", "KgNode"}
    assert {name for what, name in rules() if what == "relationship"} == {
        r.name for r in schema.RELATIONS
    } | {""}


def test_captions_are_properties() -> None:
    found = rules()
    for kind in schema.NODES:
        for label in (kind.label, *dict(kind.type_labels).values()):
            caption = found["node", label]["caption"].strip('"{}')
            assert caption in {p.name for p in kind.properties}
    assert found["node", "Method"]["caption"] == '"{name}"'


def test_labels_have_colours_of_their_own_that_can_be_read_on() -> None:
    styles = [
        style for (what, name), style in rules().items() if what == "node" and name not in {"", "KgNode"}
    ]
    assert len({style["color"] for style in styles}) == len(styles)
    for style in styles:
        ground, text = sorted((luminance(style["color"]), luminance(style["text-color-internal"])))
        assert (text + 0.05) / (ground + 0.05) >= 4.5
