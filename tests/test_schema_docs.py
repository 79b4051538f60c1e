"""The page on the schema is what the code says, and says all of it."""

from __future__ import annotations

import json
from pathlib import Path

from kg import schema, schema_docs

PAGE = Path(__file__).parents[1] / "docs" / "schema.md"


def test_the_page_is_generated() -> None:
    assert PAGE.read_text("utf-8") == schema_docs.markdown(), (
        "the schema has changed: run kg schema --format markdown > docs/schema.md"
    )


def test_the_page_names_every_label_relation_and_property() -> None:
    page = schema_docs.markdown()
    kinds: list[schema.NodeKind | schema.RelationKind] = [*schema.NODES, *schema.RELATIONS]
    for kind in kinds:
        assert f"`{kind.table}`" in page
        assert all(f"| `{p.name}` | {p.type}" in page for p in kind.properties)
        assert kind.meaning in page or kind.meaning.capitalize() in page
    assert all(f"`{relation.name}`" in page for relation in schema.RELATIONS)
    assert all(f"### {node.label}" in page for node in schema.NODES)


def test_the_picture_has_every_relation_once() -> None:
    picture = schema_docs.mermaid()
    words = picture.replace('"', " ").replace("<br>", " ").split()
    for kind in schema.RELATIONS:
        assert words.count(kind.name) >= 1
    for node in schema.NODES:
        assert f"<b>{node.label}</b>" in picture
        assert all(f"<i>{label}</i>" in picture for _, label in node.type_labels)


def test_the_schema_as_data_is_complete() -> None:
    data = json.loads(json.dumps(schema_docs.as_json()))
    assert [node["label"] for node in data["nodes"]] == [node.label for node in schema.NODES]
    assert [kind["name"] for kind in data["relations"]] == [kind.name for kind in schema.RELATIONS]
