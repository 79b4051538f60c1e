"""The tables of a graph: their form on disk, their order, and the rules that `Graph.check` keeps."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import schema
from kg.errors import StoreError, UsageError
from kg.tables import Graph, arrow_schema, columns, key_columns, parquet_bytes, relation_id, table_names

HOSTILE = (
    "'; MATCH (n) DETACH DELETE n //",
    '<script>alert("x")</script> & \\" \\',
    "NUL \0 and \x1b[31m",
    "👩‍🔬 emoji, עברית, \u202eright to left\u202c, e\u0301",
    "line\r\nbreak\u2028 and \t tab",
)
TITLE = "BERT is tried. " + " ".join(HOSTILE)


def example() -> dict[str, list[list[Any]]]:
    """Return the rows of a small graph that keeps every rule."""
    paper = ["p1", ["p1"], TITLE, "We use BERT. It wins by 3%.", 2020, "", "", "", "a.csv#1", ["a.csv#1"]]
    other = ["p2", ["p2", "x"], "Introduction", "", None, "", "", "", "a.csv#2", ["a.csv#2", "b.csv#1"]]
    concept = ["method/bert", "METHOD", "BERT", ["BERT", *HOSTILE], [1] * 6, ["METHOD"] * 6, 1, 2020]
    place = ["title", 0, 4, "BERT is tried.", 0, 14]
    edge_id = relation_id("USES", "p1", "method/bert")
    stated = ["abstract", 24, 26, "It wins by 3%.", 13, 27]
    rows: dict[str, list[list[Any]]] = {
        "papers": [paper, other],
        "concepts": [concept],
        "results": [["r1", "3%", 3.0, "%", "absolute"]],
        "authors": [["author/1", HOSTILE[0]]],
        "venues": [["venue/1", HOSTILE[1]]],
        "paper_concept": [
            ["USES", "p1", "method/bert", edge_id, 0.9123, *place, ["BERT"], 2, "METHOD", "given"]
        ],
        "paper_result": [
            ["STATES", "p1", "r1", relation_id("STATES", "p1", "r1"), *stated[:1], 24, 26, *stated[3:]]
        ],
        "result_concept": [["OF_METHOD", "r1", "method/bert", relation_id("OF_METHOD", "r1", "method/bert")]],
        "paper_paper": [["CITES", "p2", "p1", relation_id("CITES", "p2", "p1")]],
        "author_paper": [["WROTE", "author/1", "p1", relation_id("WROTE", "author/1", "p1")]],
        "paper_venue": [["PUBLISHED_IN", "p1", "venue/1", relation_id("PUBLISHED_IN", "p1", "venue/1")]],
        "merges": [["paper", "x", "p2", "same doi", 1.0]],
    }
    # Columns that other types of relation use are null.
    return {
        table: [row + [None] * (len(columns(table)) - len(row)) for row in its] for table, its in rows.items()
    }


@pytest.fixture
def graph() -> Graph:
    return Graph.from_rows(example(), manifest={"kg": "0"}, report={"counts": {}})


def test_a_good_graph_passes(graph: Graph) -> None:
    graph.check()
    Graph.from_rows({}).check()


def test_a_saved_graph_loads_as_it_was(graph: Graph, tmp_path: Path) -> None:
    saved = graph.save(tmp_path / "g")
    loaded = Graph.load(tmp_path / "g")
    assert loaded.path == saved.path == (tmp_path / "g").resolve()
    assert loaded.manifest == saved.manifest
    assert loaded.report == graph.report
    for name in table_names():
        assert loaded.tables[name].equals(graph.tables[name]), name
    loaded.check()
    assert loaded.rows("papers")[0]["title"] == TITLE
    assert sorted(p.name for p in tmp_path.iterdir()) == ["g"], "nothing is left beside the folder"


def test_saving_again_gives_the_same_bytes(graph: Graph, tmp_path: Path) -> None:
    graph.save(tmp_path / "g")
    Graph.load(tmp_path / "g").save(tmp_path / "h")
    for file in (tmp_path / "g").iterdir():
        if file.name != "graph.kgl":
            assert file.read_bytes() == (tmp_path / "h" / file.name).read_bytes(), file.name


def test_counts_are_by_label_and_relation(graph: Graph) -> None:
    counts = graph.counts()
    assert list(counts)[:6] == ["Paper", "Concept", "Method", "Dataset", "Task", "Metric"]
    assert {name: n for name, n in counts.items() if n} == {
        "Paper": 2,
        "Concept": 1,
        "Method": 1,
        "Result": 1,
        "Author": 1,
        "Venue": 1,
        "USES": 1,
        "STATES": 1,
        "OF_METHOD": 1,
        "CITES": 1,
        "WROTE": 1,
        "PUBLISHED_IN": 1,
    }


def test_cypher_reads_the_saved_graph_and_parameters_stay_data(graph: Graph, tmp_path: Path) -> None:
    saved = graph.save(tmp_path / "g")
    query = "MATCH (p:Paper {title: $title})-[e:USES]->(c:Method) RETURN c.name AS name, e.quote AS quote"
    assert saved.cypher(query, title=TITLE) == [{"name": "BERT", "quote": "BERT is tried."}]
    with pytest.raises(UsageError, match="in memory"):
        graph.cypher(query, title=TITLE)


def test_to_networkx_has_every_row(graph: Graph) -> None:
    made = graph.to_networkx()
    counts = graph.counts()
    assert made.number_of_nodes() == sum(counts[kind.label] for kind in schema.NODES)
    assert made.number_of_edges() == sum(counts[kind.name] for kind in schema.RELATIONS)


def test_an_unknown_table_is_named_with_the_choices(graph: Graph) -> None:
    with pytest.raises(UsageError, match="papers"):
        graph.rows("nodes")
    with pytest.raises(UsageError, match="papers"):
        Graph.from_rows({"nodes": []})


@pytest.mark.parametrize("table", table_names())
def test_every_declared_property_is_a_column(table: str) -> None:
    names = [column.name for column in columns(table)]
    assert len(names) == len(set(names))
    assert set(key_columns(table)) <= set(names)
    declared = [(kind.table, kind.properties) for kind in schema.NODES]
    declared += [(kind.table, kind.properties) for kind in schema.RELATIONS]
    for home, properties in declared:
        if home == table:
            assert {p.name for p in properties} <= set(names)


# --- order and bytes ----------------------------------------------------------------------------

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=30, deadline=None)
@given(names=st.lists(texts, unique=True, max_size=30), seed=st.integers(0, 1000), cut=st.integers(1, 7))
def test_bytes_do_not_depend_on_order_or_chunks(names: list[str], seed: int, cut: int) -> None:
    rows = [[f"author/{name}", name] for name in names]
    table = Graph.from_rows({"authors": rows}).tables["authors"]
    random.Random(seed).shuffle(rows)  # noqa: S311 - the order of rows, no secret
    again = Graph.from_rows({"authors": rows}).tables["authors"]
    chunked = pa.concat_tables([again.slice(i, cut) for i in range(0, len(names), cut)] or [again])
    assert parquet_bytes(table) == parquet_bytes(again) == parquet_bytes(chunked)
    assert table["id"].to_pylist() == sorted(f"author/{name}" for name in names)


@given(st.lists(st.tuples(texts, texts, texts), unique=True, max_size=40))
def test_relation_ids_differ_where_anything_differs(keys: list[tuple[str, str, str]]) -> None:
    ids = [relation_id(*key) for key in keys]
    assert len(set(ids)) == len(keys)
    assert ids == [relation_id(*key) for key in keys]


def test_relation_ids_do_not_join_strings() -> None:
    assert relation_id("USES", "ab", "c") != relation_id("USES", "a", "bc")
    assert relation_id("USES", "a", "") != relation_id("USES", "", "a")


# --- what `check` finds -------------------------------------------------------------------------

Change = Callable[[dict[str, list[list[Any]]]], None]


def _set(table: str, column: str, value: Any, row: int = 0) -> Change:
    def change(rows: dict[str, list[list[Any]]]) -> None:
        rows[table][row][[c.name for c in columns(table)].index(column)] = value

    return change


def _again(table: str) -> Change:
    return lambda rows: rows[table].append(list(rows[table][0]))


BROKEN: dict[str, tuple[Change, str]] = {
    "node twice": (_again("papers"), "two rows have the key"),
    "edge twice": (_again("paper_concept"), "two rows have the key"),
    "dangling start": (_set("paper_concept", "from", "p9"), "starts at no Paper"),
    "dangling end": (_set("result_concept", "to", "method/none"), "ends at no Concept"),
    "foreign type": (_set("paper_concept", "type", "CITES"), "does not hold"),
    "made-up id": (_set("paper_paper", "id", "1"), "not the digest"),
    "mention shifted": (_set("paper_concept", "start", 1), "none of the surfaces"),
    "quote shifted": (_set("paper_concept", "quote_end", 13), "does not have the quote"),
    "quote of another text": (_set("paper_concept", "quote", "BERT is tired."), "does not have the quote"),
    "offset past the end": (_set("paper_concept", "end", 9999), "not inside"),
    "empty mention": (_set("paper_concept", "end", 0), "not inside"),
    "field unknown": (_set("paper_concept", "field", "body"), "not inside"),
    "surfaces unsorted": (_set("paper_concept", "surfaces", ["BERT", "A"]), "unsorted"),
    "confidence above 1": (_set("paper_concept", "confidence", 1.5), "impossible confidence"),
    "confidence no number": (_set("paper_concept", "confidence", float("nan")), "impossible confidence"),
    "null where required": (_set("papers", "title", None), "papers.title is null"),
    "concept of no type": (_set("concepts", "type", "MODEL"), "unknown type"),
    "aliases not parallel": (_set("concepts", "alias_counts", [1]), "parallel"),
    "papers miscounted": (_set("concepts", "paper_count", 2), "speak of it"),
    "value not in the text": (_set("results", "value", "4%"), "is not the value"),
    "result nobody states": (_set("results", "id", "r2"), "stated by 0"),
    "unknown kind": (_set("results", "kind", "relative"), "no kind is called"),
    "paper without its id": (_set("papers", "ids", ["x"]), "its own ids"),
    "property missing": (_set("paper_paper", "type", "BUILDS_ON"), "without the property via"),
    "property of another type": (_set("paper_paper", "quote", "so"), "has no property quote"),
    "merge of something else": (_set("merges", "what", "venue"), "venue"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_check_names_what_is_broken(name: str) -> None:
    change, message = BROKEN[name]
    rows = example()
    change(rows)
    with pytest.raises(StoreError, match=message):
        Graph.from_rows(rows).check()


def test_two_roles_of_one_pair_are_found() -> None:
    rows = example()
    twin = list(rows["paper_concept"][0])
    twin[0], twin[3] = "PROPOSES", relation_id("PROPOSES", "p1", "method/bert")
    rows["paper_concept"].append(twin)
    with pytest.raises(StoreError, match="joined 2 times"):
        Graph.from_rows(rows).check()


def test_check_finds_rows_out_of_order_and_foreign_forms(graph: Graph) -> None:
    def tampered(name: str, table: pa.Table) -> Graph:
        return Graph({**graph.tables, name: table})

    papers = graph.tables["papers"]
    with pytest.raises(StoreError, match="comes after"):
        tampered("papers", papers.take([1, 0])).check()
    with pytest.raises(StoreError, match="columns are"):
        tampered("papers", papers.append_column("more", pa.array([1, 2]))).check()
    year = arrow_schema("papers").get_field_index("year")
    with pytest.raises(StoreError, match=r"papers\.year is string"):
        tampered("papers", papers.set_column(year, "year", pa.array(["a", "b"]))).check()
    with pytest.raises(StoreError, match="missing"):
        Graph({name: table for name, table in graph.tables.items() if name != "merges"}).check()


def test_check_shows_foreign_text_escaped() -> None:
    rows = example()
    _set("paper_concept", "from", HOSTILE[2])(rows)
    with pytest.raises(StoreError) as caught:
        Graph.from_rows(rows).check()
    assert "\0" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


# --- folders that cannot be loaded --------------------------------------------------------------


def _edit_manifest(path: Path, **changes: Any) -> None:
    file = path / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_what_is_no_graph_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": "something else", "format_version": 1}')
    for place in (tmp_path, tmp_path / "missing", tmp_path / "manifest.json"):
        with pytest.raises(UsageError, match="no graph folder"):
            Graph.load(place)


def test_other_format_versions_are_refused(graph: Graph, tmp_path: Path) -> None:
    graph.save(tmp_path / "g")
    _edit_manifest(tmp_path / "g", format_version=schema.FORMAT_VERSION + 1)
    with pytest.raises(UsageError, match="update kg"):
        Graph.load(tmp_path / "g")
    with pytest.raises(UsageError, match="newer kg"):
        graph.save(tmp_path / "g")
    _edit_manifest(tmp_path / "g", format_version=schema.FORMAT_VERSION - 1)
    with pytest.raises(StoreError, match="build the graph again"):
        Graph.load(tmp_path / "g")
    graph.save(tmp_path / "g")
    Graph.load(tmp_path / "g").check()


@pytest.mark.parametrize("damage", ["cut", "gone", "flipped", "no digests", "no report"])
def test_damage_is_found(graph: Graph, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "g"
    graph.save(path)
    papers = path / "papers.parquet"
    data = papers.read_bytes()
    if damage == "cut":
        papers.write_bytes(data[: len(data) // 2])
    elif damage == "gone":
        papers.unlink()
    elif damage == "flipped":
        middle = len(data) // 2
        papers.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    elif damage == "no digests":
        _edit_manifest(path, tables=[])
    else:
        (path / "report.json").write_text("[")
    with pytest.raises(StoreError, match="build the graph again"):
        Graph.load(path)


def test_nothing_heavy_is_loaded_with_the_module() -> None:
    code = (
        "import sys, kg.tables, kg.folder\n"
        "print([m for m in ('pyarrow', 'kglite', 'networkx', 'spacy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
