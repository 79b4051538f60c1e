"""The page as text: self-contained, the same every time, its data as harmless as stored."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.tables import Graph
from kg.viewing import page
from kg.viewing.payload import to_json

from .graphs import ATTRIBUTE, SCRIPT, chain, hostile, many


class Elements(HTMLParser):
    """Reads elements as a browser would: their names and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.fixture(scope="module")
def hostile_page() -> str:
    return page(hostile(), title=f"{SCRIPT} {ATTRIBUTE}")


def test_nothing_in_the_page_names_an_address_to_load(hostile_page: str) -> None:
    for tag, attributes in Elements(hostile_page).found:
        assert not {"src", "srcset", "action", "poster", "background", "ping"} & set(attributes)
        assert tag not in {"base", "iframe", "object", "embed", "form", "img", "video", "audio"}
        if tag == "link":
            assert attributes == {"rel": "icon", "href": "data:,"}
        if tag == "a":
            assert (attributes.get("href") or "").startswith("#")
        assert not any(name.startswith("on") for name in attributes)


def test_hostile_text_adds_no_element(hostile_page: str) -> None:
    plain = Elements(page(chain(), title="Plain"))
    assert [tag for tag, _ in Elements(hostile_page).found] == [tag for tag, _ in plain.found]


def test_only_our_own_scripts_and_styles_may_run(hostile_page: str) -> None:
    elements = Elements(hostile_page)
    (policy,) = (
        attributes["content"] or ""
        for tag, attributes in elements.found
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy
    for kind, tag in (("script-src", "script"), ("style-src", "style")):
        own = re.findall(f"<{tag}>(.*?)</{tag}>", hostile_page, re.DOTALL)
        digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in own}
        assert set(rules[kind].split()) == {f"'sha256-{digest}'" for digest in digests}


def test_the_data_come_back_as_they_are_stored(hostile_page: str) -> None:
    data, graph = data_of(hostile_page), hostile()
    names = {row["title"] for row in graph.rows("papers")} | {row["name"] for row in graph.rows("concepts")}
    assert names <= set(data["nodes"]["name"])
    assert data["title"] == f"{SCRIPT} {ATTRIBUTE}"
    abstracts = {info.get("abstract") for info in data["nodes"]["info"] if info}
    assert {row["abstract"] for row in graph.rows("papers") if row["abstract"]} <= abstracts


def test_every_mention_and_quote_is_found_again_by_its_offsets_in_utf_16(annotated: Graph) -> None:
    for graph in (hostile(), annotated):
        data = data_of(page(graph))
        nodes, edges = data["nodes"], data["edges"]
        stored = {
            (row["type"], row["from"], row["to"]): row
            for table in ("paper_concept", "paper_result")
            for row in graph.rows(table)
        }
        seen = 0
        for style, source, target, place in zip(
            edges["style"], edges["from"], edges["to"], edges["place"], strict=True
        ):
            row = stored.get((data["relations"][style]["name"], nodes["id"][source], nodes["id"][target]))
            if row is None:
                assert place == 0
                continue
            field, start, end, first, last = place
            text = nodes["name"][source] if field == 0 else nodes["info"][source]["abstract"]
            units = text.encode("utf-16-le")
            assert units[2 * first : 2 * last].decode("utf-16-le") == row["quote"]
            assert units[2 * start : 2 * end].decode("utf-16-le") in (
                row.get("surfaces") or [row["quote"]][0]
            )
            seen += 1
        assert seen == len(stored)


def test_the_same_graph_gives_the_same_page() -> None:
    assert page(many(30, seed=3)) == page(many(30, seed=3))


def test_no_path_of_the_machine_is_told(tmp_path: Path) -> None:
    text = page(chain().save(tmp_path / "my-own-graph"))
    assert str(tmp_path) not in text
    assert "my-own-graph" not in text


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_holds_no_markup_and_means_the_same(value: Any) -> None:
    text = to_json({"value": value})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"value": value}


def test_an_empty_graph_has_a_page_too() -> None:
    assert data_of(page(Graph.from_rows({})))["nodes"]["id"] == []
