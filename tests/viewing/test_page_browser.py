"""The page in a real browser, driven as a person would: map, search, text, surroundings, filters, keys."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

import networkx as nx
import pytest

from kg.tables import Graph
from kg.viewing.kinds import relation_styles

from .browser import Window
from .conftest import Opener
from .graphs import chain, many

SIZES = {"1280x720": (1280, 720, False), "phone": (390, 844, True), "2560x1440": (2560, 1440, False)}
KEYS = {
    "enter": "\ue007",
    "escape": "\ue00c",
    "tab": "\ue004",
    "up": "\ue013",
    "right": "\ue014",
    "down": "\ue015",
    "left": "\ue012",
}


def strongest(graph: Graph) -> dict[str, Any]:
    return max(graph.rows("concepts"), key=lambda row: (row["paper_count"], row["id"]))


def no_overlap(window: Window) -> None:
    """Check that on the map no label covers another or is cut, and no node covers a node."""
    labels = window.labels()
    width, height = window.run(
        "const c = document.getElementById('canvas'); return [c.clientWidth, c.clientHeight]"
    )
    for box in labels:
        assert box["left"] >= 0
        assert box["top"] >= 0
        assert box["right"] <= width
        assert box["bottom"] <= height
    for a, b in itertools.combinations(labels, 2):
        apart = (
            a["right"] <= b["left"]
            or b["right"] <= a["left"]
            or a["bottom"] <= b["top"]
            or b["bottom"] <= a["top"]
        )
        assert apart, (a, b)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_it_opens_on_a_map_that_can_be_read(opened: Opener, annotated: Graph, size: str, ground: str) -> None:
    window = opened(annotated)
    window.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": ground}]}
    )
    width, height, phone = SIZES[size]
    window.resize(width, height, phone=phone)
    window.settle()
    no_overlap(window)
    assert len(window.labels()) >= (10 if phone else 30)
    assert window.run("return document.documentElement.dataset.theme") == ground
    assert window.run("return document.documentElement.scrollWidth <= window.innerWidth")
    window.picture(f"map-{size}-{ground}")
    window.go(f"#{strongest(annotated)['id']}")
    no_overlap(window)
    window.picture(f"chosen-{size}-{ground}")
    window.go(f"#{strongest(annotated)['id']}?hops=2")
    no_overlap(window)
    window.picture(f"surroundings-{size}-{ground}")
    paper = annotated.rows("papers")[0]["id"]
    window.go(f"#paper/{paper}")
    no_overlap(window)
    window.picture(f"paper-{size}-{ground}")


def test_a_search_is_typed_walked_through_and_opened_by_keys(opened: Opener) -> None:
    window = opened(chain(9))
    window.press("/")
    assert window.run("return document.activeElement.id") == "search"
    window.press(*"thod 3")
    window.until("return !document.getElementById('hits').hidden")
    found = window.texts("#hits [role=option]")
    assert found[0].startswith("method 3")
    assert window.run("return document.getElementById('search').getAttribute('aria-expanded')") == "true"
    window.press(KEYS["escape"], KEYS["escape"])
    assert window.run("return document.getElementById('hits').hidden")
    assert window.run("return document.activeElement.id") == "canvas"
    window.press("/", *"method", KEYS["down"], KEYS["down"], KEYS["up"])
    chosen = window.run("return document.getElementById('search').getAttribute('aria-activedescendant')")
    assert chosen == "hit-1"
    name = window.run("return document.getElementById('hit-1').getAttribute('aria-label')").removesuffix(
        ", Method"
    )
    window.press(KEYS["enter"])
    window.until("return location.hash !== ''")
    assert window.text("#about h2") == name


def test_a_closed_list_of_hits_opens_nothing(opened: Opener) -> None:
    window = opened(chain(9))
    points_to = "return document.getElementById('search').getAttribute('aria-activedescendant')"
    window.press("/", *"method 3", KEYS["escape"], KEYS["enter"], KEYS["down"], KEYS["enter"])
    window.settle()
    assert window.hash() == ""
    assert window.run(points_to) is None
    window.press(*"method 3", KEYS["enter"])
    window.until("return location.hash === '#method/3'")
    window.press(KEYS["escape"])
    window.until("return location.hash === ''")
    window.press("/", KEYS["enter"], KEYS["up"], KEYS["enter"])
    window.settle()
    assert window.hash() == ""
    assert window.run(points_to) is None


def test_a_hit_is_opened_by_a_click_and_nothing_else_of_the_mouse(opened: Opener) -> None:
    window = opened(chain(9))
    window.press("/", *"method")
    for button in ("right", "middle"):
        window.mouse("#hit-1", button)
        window.settle()
        assert window.hash() == ""
        assert window.run("return document.activeElement.id") == "search"
        assert not window.run("return document.getElementById('hits').hidden")
    name = window.run("return document.getElementById('hit-1').getAttribute('aria-label')")
    window.mouse("#hit-1", "left")
    window.until("return location.hash !== ''")
    assert f"{window.text('#about h2')}, Method" == name


def test_the_hits_are_scrolled_by_a_finger_and_opened_by_a_tap(opened: Opener) -> None:
    window = opened(chain(30))
    window.resize(390, 400, phone=True)
    window.run("document.getElementById('search').focus()")
    window.press(*"method")
    window.until("return !document.getElementById('hits').hidden")
    window.swipe("#hit-4", -120)
    window.until("return document.getElementById('hits').scrollTop > 0")
    assert window.hash() == ""
    assert window.run("return document.activeElement.id") == "search"
    name = window.run("return document.getElementById('hit-6').getAttribute('aria-label')")
    window.swipe("#hit-6", 0)
    window.until("return location.hash !== ''")
    assert f"{window.text('#about h2')}, Method" == name


def test_a_search_finds_names_in_every_spelling_and_says_when_it_finds_nothing(opened: Opener) -> None:
    from .graphs import concept, paper, says

    one = paper("p1", "Über Straßen", "It uses Naïve Bayes and C++ and Café.")
    concepts = [
        concept("method/naive-bayes", "naive Bayes", 1, "Naïve Bayes", "NB classifier"),
        concept("method/c++", "C++", 1),
    ]
    relations = [
        says("USES", one, "method/naive-bayes", "Naïve Bayes"),
        says("USES", one, "method/c++", "C++"),
    ]
    window = opened(Graph.from_rows({"papers": [one], "concepts": concepts, "paper_concept": relations}))
    for typed, key in (
        ("NAIVE", "method/naive-bayes"), ("nb cl", "method/naive-bayes"),
        ("naïve bayes", "method/naive-bayes"), ("c++", "method/c++"), ("uber", "paper/p1"),
    ):  # fmt: skip
        assert window.run("return kgView.find(arguments[0])", typed)[0] == key
    window.press("/", *"xyzzy")
    assert window.texts("#hits li") == ["Nothing in this file is called so."]


def test_a_chosen_concept_shows_who_speaks_of_it_and_the_sentences_with_the_mention_marked(
    opened: Opener, annotated: Graph
) -> None:
    concept = strongest(annotated)
    window = opened(annotated)
    window.click_node(concept["id"])
    window.until("return document.querySelector('#about h2').textContent === arguments[0]", concept["name"])
    assert window.hash() == f"#{concept['id']}"
    while window.run("return document.querySelector('#about .entries + .more') !== null"):
        window.run("document.querySelector('#about .entries + .more').click()")
    rows = [row for row in annotated.rows("paper_concept") if row["to"] == concept["id"]]
    titles = {row["id"]: row["title"] for row in annotated.rows("papers")}
    told = window.run(
        """
        const text = (entry, selector) => entry.querySelector(selector).textContent;
        const ofPaper = (entry) => entry.querySelector('.head a').getAttribute('href').startsWith('#paper/');
        return [...document.querySelectorAll('#about .entry')].filter(ofPaper).map((entry) => [
          text(entry, '.head a'), text(entry, 'blockquote'), text(entry, 'blockquote mark'),
          entry.querySelector('.sure').lastChild.textContent,
        ]);
        """
    )
    texts = {
        row["id"]: {"title": row["title"], "abstract": row["abstract"]} for row in annotated.rows("papers")
    }
    assert sorted(map(tuple, told)) == sorted(
        (
            titles[r["from"]],
            r["quote"],
            texts[r["from"]][r["field"]][r["start"] : r["end"]],
            f"{r['confidence']:.2f}",
        )
        for r in rows
    )
    beside = [r for r in annotated.rows("concept_concept") if concept["id"] in {r["from"], r["to"]}]
    heads = len(window.run("return [...document.querySelectorAll('#about .entry .head a')]"))
    results = [row for row in annotated.rows("result_concept") if row["to"] == concept["id"]]
    assert heads == len(rows) + len(beside) + len(results)
    words = {word for style in relation_styles() for word in (style.forward, style.backward)}
    assert {heading.rstrip("0123456789,") for heading in window.texts("#about h3")} <= words


def test_a_paper_shows_its_abstract_with_every_concept_marked_and_its_results(
    opened: Opener, annotated: Graph
) -> None:
    stated = {row["from"] for row in annotated.rows("paper_result")}
    paper = next(row for row in annotated.rows("papers") if row["id"] in stated and row["abstract"])
    window = opened(annotated, f"#paper/{paper['id']}")
    assert window.text("#about h2") == paper["title"]
    assert window.text("#about .abstract") == paper["abstract"]
    names = {row["id"]: row["name"] for row in annotated.rows("concepts")}
    rows = [row for row in annotated.rows("paper_concept") if row["from"] == paper["id"]]
    marked = set(window.texts("#about mark"))
    for row in rows:
        assert marked & set(row["surfaces"]), row["surfaces"]
    assert marked <= {surface for row in rows for surface in row["surfaces"]}
    listed = window.run(
        "return [...document.querySelectorAll('#about .entry .head a')]"
        ".map((a) => [a.getAttribute('href').startsWith('#paper/'), a.textContent])"
    )
    assert sorted(name for is_paper, name in listed if not is_paper) == sorted(
        names[row["to"]] for row in rows
    )
    near = [row for row in annotated.rows("paper_paper") if paper["id"] in {row["from"], row["to"]}]
    assert sum(is_paper for is_paper, _ in listed) == len(near)
    values = {row["id"]: row["value"] for row in annotated.rows("results")}
    own = [values[row["to"]] for row in annotated.rows("paper_result") if row["from"] == paper["id"]]
    assert sorted(window.texts(".results tbody td:first-child a")) == sorted(own)
    colours = window.run(
        "return [...document.querySelectorAll('#about mark')].map((m) => m.style.getPropertyValue('--c'))"
    )
    assert len(set(colours)) > 1


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_surroundings_are_drawn_from_everything_in_the_file(opened: Opener, hops: int) -> None:
    graph = many(300, concepts_each=4)
    links = nx.Graph((row["from"], row["to"]) for row in graph.rows("paper_concept"))
    rare = min(
        (row["id"] for row in graph.rows("concepts")),
        key=lambda id_: (len(nx.ego_graph(links, id_, radius=hops)), id_),
    )
    window = opened(graph, f"#{rare}?hops={hops}")
    near = {f"paper/{n}" if n.startswith("p0") else n for n in nx.ego_graph(links, rare, radius=hops)}
    if window.run("return document.querySelector('#status button') !== null"):
        assert window.drawn() < near
        window.click("#status button")
        window.settle()
    assert window.drawn() == near
    assert window.run("return kgView.edges()") == nx.ego_graph(links, rare, radius=hops).number_of_edges()


def test_steps_are_taken_by_click_and_double_click_and_back_leads_the_whole_way(opened: Opener) -> None:
    window = opened(chain(9))
    window.click_node("method/4")
    window.until("return location.hash === '#method/4'")
    window.click("#hops button:nth-child(2)")
    window.until("return location.hash === '#method/4?hops=1'")
    assert window.drawn() == {"method/4", "paper/p003", "paper/p004"}
    window.click_node("paper/p003")
    window.until("return location.hash === '#paper/p003?hops=1&around=method/4'")
    assert window.drawn() == {"method/4", "paper/p003", "paper/p004"}
    time.sleep(0.5)  # else it would be three clicks
    window.click_node("paper/p003", times=2)
    window.until("return location.hash === '#paper/p003?hops=1'")
    assert window.drawn() == {"paper/p003", "method/3", "method/4"}
    for place in ("#paper/p003?hops=1&around=method/4", "#method/4?hops=1", "#method/4", ""):
        window.driver.back()
        window.until("return location.hash === arguments[0]", place)
        window.settle()
    assert window.text("#about h2") == "Knowledge graph of 9 papers"
    window.driver.forward()
    window.until("return document.querySelector('#about h2').textContent === 'method 4'")


def test_a_link_leads_to_its_node_and_a_strange_one_to_the_map(opened: Opener) -> None:
    graph = many(400)
    last = min(graph.rows("concepts"), key=lambda row: (row["paper_count"], row["id"]))
    window = opened(graph, f"#{last['id']}")
    assert window.text("#about h2") == last["name"]
    assert window.hash() == f"#{last['id']}"
    assert last["id"] in window.drawn()  # not on the first map, so its surroundings are shown
    for strange in ("#method/no-such", "#%E0%A4%A", "#?hops=2", "#constructor", "#__proto__"):
        window.run("location.hash = arguments[0]", strange)
        window.settle()
        assert window.text("#about h2") == "Knowledge graph of 400 papers"


def test_filters_take_nodes_and_relations_away_and_bring_them_back(opened: Opener, annotated: Graph) -> None:
    window = opened(annotated)
    everything = window.drawn()
    window.click("#types .chip:nth-child(2)")
    window.settle()
    assert not any(key.startswith("method/") for key in window.drawn())
    assert (
        window.run("return document.querySelector('#types .chip:nth-child(2)').getAttribute('aria-pressed')")
        == "false"
    )
    window.click("#types .chip:nth-child(2)")
    window.click("#filters")
    window.run("document.querySelector('#filter-card input[name=USES]').click()")
    window.settle()
    concept = strongest(annotated)
    users = {
        f"paper/{r['from']}"
        for r in annotated.rows("paper_concept")
        if r["to"] == concept["id"] and r["type"] == "USES"
    }
    others = {
        f"paper/{r['from']}"
        for r in annotated.rows("paper_concept")
        if r["to"] == concept["id"] and r["type"] != "USES"
    }
    window.go(f"#{concept['id']}?hops=1")
    assert window.drawn() & (users - others) == set()
    window.run("document.querySelector('#filter-card .actions button').click()")
    window.settle()
    assert users <= window.drawn()
    window.click("#hops button:nth-child(1)")
    window.until("return !location.hash.includes('hops')")
    assert window.drawn() == everything


def test_filters_by_confidence_and_year_keep_what_passes(opened: Opener) -> None:
    graph = many(60, concepts_each=3)
    window = opened(graph)
    window.click("#filters")
    set_to = (
        "const [field, value] = arguments; const e = document.querySelector(field); e.value = value;"
        " e.dispatchEvent(new Event('input', { bubbles: true }))"
    )
    window.run(set_to, "#filter-card input[type=range]", "0.9")
    window.settle()
    sure = [row for row in graph.rows("paper_concept") if row["confidence"] >= 0.9]
    assert window.run("return kgView.edges()") <= len(sure)
    assert {key for key in window.drawn() if key.startswith("paper/")} <= {
        f"paper/{row['from']}" for row in sure
    }
    window.run(set_to, "#filter-card input[type=range]", "0")
    window.run(set_to, "#filter-card input[type=number]", "2020")
    window.settle()
    years = {f"paper/{row['id']}": row["year"] for row in graph.rows("papers")}
    drawn = [years[key] for key in window.drawn() if key in years]
    assert drawn
    assert min(drawn) >= 2020
    assert "Filtered" in window.text("#status")


def test_the_map_is_walked_and_opened_by_keys_alone(opened: Opener) -> None:
    window = opened(chain(5))
    window.run("document.getElementById('canvas').focus()")
    window.press(KEYS["right"])
    walked = window.text("#said")
    assert walked.endswith((", Method, 1 paper", ", Method, 2 papers"))
    window.press(KEYS["enter"])
    window.until(
        "return document.querySelector('#about h2').textContent === arguments[0]", walked.split(",")[0]
    )
    window.press("2")
    window.until("return location.hash.endsWith('?hops=2')")
    window.press("m")
    window.until("return !location.hash.includes('hops')")
    window.press("l")
    assert window.run("return !document.getElementById('list').hidden")
    window.press("a", "?")
    assert window.run("return document.getElementById('keys').open")
    window.press(KEYS["escape"])
    before = window.run("return document.getElementById('keys').open")
    assert not before
    window.press(KEYS["escape"])
    window.until("return location.hash === ''")


def test_keys_of_one_character_act_on_the_map_alone(opened: Opener) -> None:
    window = opened(chain(5), "#method/2?hops=1")
    for place in ("#panel", "#about a", "#tab-about", "#theme", "#types button"):
        window.run("document.querySelector(arguments[0]).focus()", place)
        window.press("l", "m", "3", "/", "?")
        window.settle()
        assert window.hash() == "#method/2?hops=1"
        assert window.run("return document.getElementById('list').hidden")
        assert window.run("return document.activeElement === document.querySelector(arguments[0])", place)
    window.click_node("method/2")
    window.press("l")
    assert not window.run("return document.getElementById('list').hidden")
    window.run("document.activeElement.blur()")
    window.press("a")
    assert window.run("return document.getElementById('list').hidden")
    window.run("document.getElementById('theme').focus()")
    window.press(KEYS["escape"])
    window.until("return location.hash === ''")


def test_what_can_be_saved_is_reached_left_and_closed_by_keys(opened: Opener) -> None:
    window = opened(chain())
    is_open = "return !document.getElementById('export-menu').hidden"
    said = "return document.getElementById('export').getAttribute('aria-expanded')"
    window.run("document.getElementById('export').focus()")
    window.press(KEYS["enter"])
    assert window.run("return document.activeElement.textContent").startswith("Picture (PNG)")
    window.press(KEYS["tab"], KEYS["tab"])
    assert window.run("return document.activeElement.textContent").startswith("List of relations")
    assert window.run(is_open)
    window.press(KEYS["tab"])
    assert not window.run(is_open)
    assert window.run(said) == "false"
    assert window.run("return document.activeElement.closest('#types') !== null")
    window.click("#export")
    window.press(KEYS["escape"])
    assert not window.run(is_open)
    assert window.run("return document.activeElement.id") == "export"
    assert (
        window.run("return document.querySelector('[role=menu], [role=menuitem], [aria-haspopup=menu]')")
        is None
    )


def test_show_everything_keeps_the_focus(opened: Opener) -> None:
    window = opened(chain())
    window.click("#filters")
    window.click("#filter-card input[name=USES]")
    window.run("document.querySelector('#filter-card .actions button').focus()")
    window.press(KEYS["enter"])
    window.settle()
    assert window.run(
        "return document.activeElement === document.querySelector('#filter-card .actions button')"
    )
    assert window.run("return document.querySelector('#filter-card input[name=USES]').checked")
    assert not window.run("return document.getElementById('filter-card').hidden")


def test_a_caption_that_was_cut_says_so_and_ends_in_a_whole_letter(opened: Opener) -> None:
    from .graphs import concept, paper, says

    emoji = "\U0001f600"
    for name, shown in (
        ("l" * 119 + emoji, "l" * 119 + emoji),
        ("l" * 119 + emoji + "l", "l" * 119 + emoji + "…"),
        ("l" * 120 + emoji, "l" * 120 + "…"),
    ):
        one = paper("p1", "One", f"It uses {name}.")
        tables = {
            "papers": [one],
            "concepts": [concept("method/long", name, 1)],
            "paper_concept": [says("USES", one, "method/long", name)],
        }
        window = opened(Graph.from_rows(tables), "#method/long?hops=1")
        window.resize(2560, 1440)
        window.settle()
        assert shown in {label["text"] for label in window.labels()}


def test_the_list_says_what_the_map_shows_and_everything_has_a_name(opened: Opener, annotated: Graph) -> None:
    window = opened(annotated)
    window.click("#tab-list")
    linked = window.run(
        "return [...document.querySelectorAll('#list a')].map((a) => decodeURIComponent(a.hash.slice(1)))"
    )
    assert set(linked) == window.drawn()
    assert len(linked) == len(set(linked))
    assert window.run("return document.querySelector('#canvas canvas').getAttribute('aria-hidden')") == "true"
    window.click("#export")
    tree = window.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = {
        "button",
        "link",
        "checkbox",
        "slider",
        "combobox",
        "tab",
        "application",
        "spinbutton",
    }
    for node in tree:
        if not node.get("ignored") and node.get("role", {}).get("value") in named:
            assert node.get("name", {}).get("value"), node


def test_following_a_link_of_the_text_reads_on_at_the_new_heading(opened: Opener) -> None:
    window = opened(chain(5), "#method/2")
    window.click("#about .entry a")
    window.until("return document.querySelector('#about h2').textContent.startsWith('Paper')")
    assert window.run("return document.activeElement === document.querySelector('#about h2')")


def test_nodes_move_only_when_asked_to(opened: Opener) -> None:
    window = opened(chain(9))
    first = window.nodes()
    window.settle()
    assert window.nodes() == first
    window.click("#move")
    window.until(
        "return JSON.stringify(kgView.nodes()) !== arguments[0]", json.dumps(first, separators=(",", ":"))
    )
    window.click("#move")
    window.click("#fit")
    window.settle()
    assert [(n["key"], n["screen"]) for n in window.nodes()] == [(n["key"], n["screen"]) for n in first]


def test_closer_shows_more_and_the_whole_comes_back(opened: Opener) -> None:
    window = opened(many(400))
    waiting = sum(node["hidden"] for node in window.nodes())
    for _ in range(6):
        window.click("#closer")
    window.labels()
    assert sum(node["hidden"] for node in window.nodes()) < waiting
    window.run("document.getElementById('canvas').focus()")
    window.press("0")
    window.labels()
    assert sum(node["hidden"] for node in window.nodes()) == waiting


def test_colours_switch_with_the_button(opened: Opener) -> None:
    window = opened(chain(), "#method/2")
    ground = "return getComputedStyle(document.body).backgroundColor"
    before = window.run(ground)
    window.click("#theme")
    assert window.run(ground) != before
    assert window.run("return document.documentElement.dataset.theme") == "dark"
