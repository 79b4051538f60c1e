"""The page in a real browser: hostile text, what is left out, saved files, frames, what comes later."""

from __future__ import annotations

import csv
import io
import re
import shlex
import time
from pathlib import Path

import pytest
from PIL import Image

from kg import schema
from kg.schema import Property, RelationKind
from kg.tables import Graph, relation_id
from kg.viewing.arcs import arcs, surroundings
from kg.viewing.choosing import chosen_part

from .browser import PATIENCE, Window
from .conftest import Opener
from .graphs import IMAGE, SCRIPT, chain, concept, hostile, many, paper, row, says


def test_hostile_text_is_shown_and_does_nothing(opened: Opener) -> None:
    graph = hostile()
    window = opened(graph, title=f"{SCRIPT} {IMAGE}")
    assert window.text("h1") == f"{SCRIPT} {IMAGE}"
    assert window.run("return document.title") == re.sub(r"\s+", " ", f"{SCRIPT} {IMAGE}")
    elements = (
        "return document.querySelectorAll("
        "'script, img, iframe, object, [onmouseover], [onload], [onerror]').length"
    )
    before = window.run(elements)
    keys = {node["key"] for node in window.nodes()}
    assert len(keys) == 9
    for key in sorted(keys):
        window.go("#" + window.run("return encodeURIComponent(arguments[0]).replaceAll('%2F', '/')", key))
        for tab in ("list", "about"):
            window.click(f"#tab-{tab}")
        for link in window.run("return [...document.querySelectorAll('#panel a')].map((a) => a.href)"):
            assert link.startswith(("file:", "http://", "https://"))
    for typed in ("<script>", "javascript:", "onerror"):
        window.click("#search")
        window.press(*typed)
        window.settle()
        window.press("\ue00c")
    for row_ in graph.rows("papers"):
        window.go(
            "#"
            + window.run(
                "return encodeURIComponent(arguments[0]).replaceAll('%2F', '/')", f"paper/{row_['id']}"
            )
        )
        shown = window.text("#about .abstract")
        assert shown == row_["abstract"]
    assert window.run("return window.hacked") is None
    assert window.run(elements) == before


def test_a_script_that_somebody_adds_is_refused(opened: Opener) -> None:
    window = opened(chain())
    window.run(
        """
        const script = document.createElement('script');
        script.textContent = 'window.hacked = 1';
        const image = document.createElement('img');
        image.src = 'https://example.invalid/x.png';
        document.body.append(script, image);
        """
    )
    window.settle()
    assert window.run("return window.hacked") is None
    refused = window.complaints()
    assert len(refused) == 2
    assert all("Content Security Policy" in line for line in refused)
    assert len(window.requests()) == 2  # the page, and what was begun and refused


def test_what_is_left_out_is_told_with_the_command_that_shows_it(opened: Opener) -> None:
    graph = many(300)
    window = opened(graph, max_nodes=200)
    status = window.text("#status")
    counts = graph.counts()
    told = re.findall(r"(\d[\d,]*) \w+", status.partition("Not in this file")[2])
    missing = sum(int(count.replace(",", "")) for count in told)
    assert missing == counts["Paper"] + counts["Concept"] - 200
    command = shlex.split(window.text("#about .command code"))
    assert command == ["kg", "view", "DIR", "--focus", "NAME", "--out", "page.html"]
    cut = next(row["id"] for row in sorted(graph.rows("concepts"), key=lambda row: -row["paper_count"]))
    window.go(f"#{cut}")
    command = shlex.split(window.text("#about .command code"))
    assert command == ["kg", "view", "DIR", "--focus", cut, "--out", "page.html"]


def test_the_command_names_a_node_of_any_kind_by_what_is_its_alone(opened: Opener) -> None:
    papers = [paper(id_, f"Paper {id_}", "BERT gains 93%.") for id_ in ("p1", "p2", "p3")]
    odd = "it's $HOME"
    concepts = [concept("method/bert", "BERT", 3), concept("metric/accuracy", "accuracy", 1)]
    stated = says("USES", papers[0], "method/bert", "93%")[5:11]
    graph = Graph.from_rows(
        {
            "papers": papers, "concepts": concepts,
            "results": [row("results", id="result-1", value="93%", kind="absolute")],
            "authors": [row("authors", id=odd, name="Ada Author")],
            "venues": [row("venues", id="venue 1", name="The Venue")],
            "paper_concept": [says("USES", one, "method/bert", "BERT") for one in papers],
            "paper_result": [[*_link("STATES", "p1", "result-1"), *stated]],
            "result_concept": [_link("IN_METRIC", "result-1", "metric/accuracy")],
            "author_paper": [_link("WROTE", odd, id_) for id_ in ("p1", "p2")],
            "paper_venue": [_link("PUBLISHED_IN", id_, "venue 1") for id_ in ("p1", "p2")],
        }
    )  # fmt: skip
    window = opened(graph, focus="p1")
    told = {}
    for key in ("method/bert", "result/result-1", f"author/{odd}", "venue/venue 1"):
        window.go("#" + window.run("return encodeURIComponent(arguments[0]).replaceAll('%2F', '/')", key))
        told[key] = shlex.split(window.text("#about .command code"))[4]
    assert list(told.values()) == ["method/bert", "result-1", odd, "venue 1"]
    for key, name in told.items():
        part = chosen_part(graph, focus=name, hops=1, max_nodes=8000)
        assert part.focus is not None
        assert key.endswith(part.nodes[part.focus].id)


def _link(type_: str, from_: str, to: str) -> list[str]:
    return [type_, from_, to, relation_id(type_, from_, to)]


def _downloads(window: Window, folder: Path) -> None:
    folder.mkdir()
    window.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )


def _saved(folder: Path, ending: str) -> Path:
    end = time.monotonic() + PATIENCE
    # The browser reserves the name with an empty file, and moves the whole one there at the end.
    while True:
        found = sorted(file for file in folder.glob(f"*{ending}") if file.stat().st_size)
        if found and not any(folder.glob("*.crdownload")):
            return found[0]
        assert time.monotonic() < end, "nothing was saved"
        time.sleep(0.05)


def test_the_view_is_saved_as_a_picture(opened: Opener, tmp_path: Path) -> None:
    window = opened(chain(9))
    _downloads(window, tmp_path / "saved")
    window.click("#export")
    window.click("#export-menu button:nth-child(1)")
    image = Image.open(io.BytesIO(_saved(tmp_path / "saved", ".png").read_bytes()))
    width, height = window.run(
        "const c = document.getElementById('canvas'); return [c.clientWidth, c.clientHeight]"
    )
    assert image.size == (2 * width, 2 * (height + 68))
    assert window.run("return document.activeElement.id") == "export"
    colours = image.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 10


def test_the_view_is_saved_as_lists_that_no_spreadsheet_runs(opened: Opener, tmp_path: Path) -> None:
    graph = hostile()
    window = opened(graph)
    _downloads(window, tmp_path / "saved")
    for n, ending in ((2, "-nodes.csv"), (3, "-relations.csv")):
        window.click("#export")
        window.click(f"#export-menu button:nth-child({n})")
        _saved(tmp_path / "saved", ending)
    nodes = _read(_saved(tmp_path / "saved", "-nodes.csv"))
    relations = _read(_saved(tmp_path / "saved", "-relations.csv"))
    assert len(nodes) - 1 == len(window.nodes())
    assert '\'=HYPERLINK("x")' in {line[1] for line in nodes}
    assert not any(re.match(r"\s*[=+\-@]", cell) for line in nodes + relations for cell in line)
    quotes = {line[6] for line in relations[1:]}
    stored = {row_["quote"] for t in ("paper_concept", "paper_result") for row_ in graph.rows(t)}
    assert {quote.removeprefix("'") for quote in quotes if quote} == stored


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_in_a_notebooks_frame_it_works_and_leaves_the_outer_page_alone(
    window: Window, tmp_path: Path
) -> None:
    outer = tmp_path / "outer.html"
    ready = "<!DOCTYPE html><script>document.documentElement.dataset.ready = 'true'</script>"
    outer.write_text(ready + chain().view()._repr_html_(), encoding="utf-8")
    window.resize(1280, 900)
    window.open(outer)
    length = window.run("return history.length")
    window.driver.switch_to.frame(0)
    try:
        window.until("return document.documentElement.dataset.ready === 'true'")
        window.click("#about .bars a")
        window.until("return document.querySelector('#about h2').textContent.startsWith('method')")
        window.click("#hops button:nth-child(2)")
        window.settle()
        assert len(window.nodes()) == 3
        for _ in range(2):
            window.click("#back")
            window.settle()
        assert window.text("#about h2") == "Knowledge graph of 6 papers"
        assert window.run("return document.getElementById('back').disabled")
        window.click("#forward")
        window.settle()
        assert window.text("#about h2").startswith("method")
    finally:
        window.driver.switch_to.default_content()
    assert window.run("return [location.hash, history.length]") == ["", length]
    assert window.complaints() == []


def test_a_page_and_a_picture_of_a_focus_stand_alike(opened: Opener) -> None:
    graph = many(120, concepts_each=3)
    for centre, hops in (("concept 1", 1), ("concept 2", 2), ("concept 3", 3)):
        window = opened(graph, focus=centre, hops=hops)
        part = chosen_part(graph, focus=centre, hops=hops, max_nodes=8000)
        assert part.focus is not None
        most = max(16, 2 * ((window.run("return document.getElementById('canvas').clientHeight") - 40) // 15))
        places, _ = arcs(surroundings(part, part.focus, hops, most))
        expected = {part.nodes[n].id: place for n, place in places.items()}
        drawn = {node["key"].removeprefix("paper/"): (node["x"], node["y"]) for node in window.nodes()}
        assert set(drawn) == set(expected)
        reach = [
            max(abs(place[axis]) for place in drawn.values()) / max(abs(p[axis]) for p in expected.values())
            for axis in (0, 1)
        ]
        for id_, (x, y) in expected.items():
            assert drawn[id_] == pytest.approx((x * reach[0], y * reach[1]), abs=0.01)


def _support(name: str, type_: str) -> Property:
    return Property(name, type_, name)  # type: ignore[arg-type]


def test_relations_that_the_schema_gains_show_up_by_themselves(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed = (
        schema.ID, _support("confidence", "float"), _support("paper_ids", "strings"),
        _support("support", "integer"), Property("first_year", "integer", "first", required=False),
        _support("evidence", "strings"),
    )  # fmt: skip
    later = (
        RelationKind("USED_FOR", "concept_concept", ("Method",), ("Task",), "papers apply it there", backed),
        RelationKind("TESTED_LATER", "concept_concept", ("Concept",), ("Concept",), "made up", backed),
    )
    monkeypatch.setattr(schema, "RELATIONS", (*schema.RELATIONS, *later))
    one = paper("p1", "One", "BERT is used for parsing.")
    two = paper("p2", "Two", "Parsing with BERT again.")
    edges = [
        says("USES", one, "method/bert", "BERT"), says("ADDRESSES", one, "task/parsing", "parsing"),
        says("USES", two, "method/bert", "BERT"), says("ADDRESSES", two, "task/parsing", "Parsing"),
    ]  # fmt: skip
    values = {
        "confidence": 0.77,
        "paper_ids": ["p1", "p2"],
        "support": 2,
        "evidence": [edge[3] for edge in edges],
    }
    between = [
        row(
            "concept_concept",
            **{"type": kind, "from": "method/bert", "to": "task/parsing"},
            id=relation_id(kind, "method/bert", "task/parsing"),
            **values,
        )
        for kind in ("USED_FOR", "TESTED_LATER")
    ]
    graph = Graph.from_rows(
        {
            "papers": [one, two],
            "concepts": [concept("method/bert", "BERT", 2), concept("task/parsing", "parsing", 2)],
            "paper_concept": edges, "concept_concept": between,
        }
    )  # fmt: skip
    window = opened(graph, "#method/bert")
    assert [h.rstrip("0123456789") for h in window.texts("#about h3")] == [
        "Used by",
        "Used for",
        "Tested later",
    ]
    entry = window.texts("#about .entry")[-2]
    assert "parsing0.77" in entry.replace("confidence ", "")
    assert "support 2" in entry
    assert "BERT is used for parsing. — One" in entry
    window.click("#filters")
    assert window.run("return document.querySelector('#filter-card input[name=TESTED_LATER]') !== null")
    assert window.run("return kgView.edges()") == 6
