"""The embedded store's files: damage, readers, what lies beside it."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from kg import stores
from kg.errors import DiskError, KgError, StoreError, UsageError
from kg.stores import kglite
from kg.tables import Graph

from .graphs import expected_nodes, make_row, random_graph


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random_graph(Random(5), nodes=20, relations=20).save(tmp_path / "graph")  # noqa: S311 - test data
    return tmp_path / "graph"


def test_reading_leaves_nothing_beside_the_store(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with stores.open(folder) as store:
        store.cypher("MATCH (n) RETURN count(n)")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert not [name for name in before if "wal" in name or "lock" in name]


def test_a_big_store_is_written_without_a_word(tmp_path: Path) -> None:
    # From about this size on, kglite warns of what concerns only readers who map the file.
    rows = [
        make_row("concepts", id=f"c{n}", name="c", type="METHOD", aliases=["c"] * k, alias_counts=[1] * k)
        for n, k in zip(range(40_000), cycle((0, 2)), strict=False)
    ]
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        kglite.write(Graph.from_rows({"concepts": rows}), tmp_path / "graph.kgl")
    assert not said


@pytest.mark.parametrize("damage", ["empty", "short", "foreign", "missing"])
def test_a_damaged_store_is_told_with_the_way_out(folder: Path, damage: str) -> None:
    file = folder / "graph.kgl"
    data = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes({"empty": b"", "short": data[: len(data) // 2], "foreign": b"PK\3\4" * 99}[damage])
    with pytest.raises(StoreError, match=r"graph\.kgl is (damaged|missing).*kg build"):
        stores.open(folder)


def test_a_flipped_byte_is_noticed(folder: Path) -> None:
    file = folder / "graph.kgl"
    data = file.read_bytes()
    for place in range(0, len(data), max(1, len(data) // 40)):
        file.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        with pytest.raises(StoreError):
            stores.open(folder)


def test_a_folder_that_is_no_graph_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError):
            stores.open(place)


def test_many_read_at_once(folder: Path) -> None:
    want = len(expected_nodes(Graph.load(folder)))
    code = (
        "import sys; from kg import stores\n"
        "print(stores.open(sys.argv[1]).cypher('MATCH (n) RETURN count(n)').rows[0][0])"
    )
    with stores.open(folder) as store:
        others = [
            subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE) for _ in "ab"
        ]
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda _: store.cypher("MATCH (n) RETURN count(n)").rows, range(16)))
        assert answers == [[(want,)]] * 16
        assert [int(other.communicate(timeout=60)[0]) for other in others] == [want, want]


def test_an_open_store_outlives_a_rebuild(folder: Path) -> None:
    with stores.open(folder) as old:
        before = old.cypher("MATCH (n) RETURN count(n)").rows
        Graph.from_rows({}).save(folder)
        assert old.cypher("MATCH (n) RETURN count(n)").rows == before
        with stores.open(folder) as new:
            assert new.cypher("MATCH (n) RETURN count(n)").rows == [(0,)]


def test_a_relation_to_nowhere_is_refused(tmp_path: Path) -> None:
    graph = Graph.from_rows(
        {"paper_paper": [make_row("paper_paper", **{"type": "CITES", "from": "a", "to": "b"})]}
    )
    with pytest.raises(KgError, match="CITES leads to “a”"):
        kglite.write(graph, tmp_path / "graph.kgl")


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="cannot be written"):
        kglite.write(Graph.from_rows({}), tmp_path / "nowhere" / "graph.kgl")


def test_even_leave_to_write_writes_no_folder(folder: Path) -> None:
    with stores.open(folder) as store:
        assert store.cypher("RETURN 1 AS x", write=True).rows == [(1,)]
        with pytest.raises(UsageError, match="reading only"):
            store.cypher("CREATE (:Paper {id: 'x'})", write=True)


def test_no_procedure_writes(folder: Path) -> None:
    with stores.open(folder) as store:
        listed = store.cypher("SHOW PROCEDURES YIELD name, mode").rows
        writers = [name for name, mode in listed if mode != "READ"]
        assert writers
        for name in writers:
            with pytest.raises(UsageError, match="reading only"):
                store.cypher(f"CALL {name}({{}})")


def test_comments_are_blanked_and_nothing_else(folder: Path) -> None:
    with stores.open(folder) as store:
        query = (
            "/* a\n'b */ RETURN '/* kept */' AS a, \"/* kept */\" AS b, 1 AS `/* c */` // '/*\n, 2 AS d /**/"
        )
        answer = store.cypher(query)
        assert (answer.columns, answer.rows) == (
            ("a", "b", "/* c */", "d"),
            [("/* kept */", "/* kept */", 1, 2)],
        )
        with pytest.raises(UsageError, match="line 2, column"):
            store.cypher("/* one\ntwo */ RETUR 1")


def test_a_property_called_end_needs_no_quotes(tmp_path: Path) -> None:
    random_graph(Random(5), nodes=30, relations=30).save(tmp_path / "graph")  # noqa: S311 - test data
    with stores.open(tmp_path / "graph") as store:
        want = store.cypher("MATCH ()-[r:USES]->() RETURN r.`end` AS e, r.id ORDER BY r.id").rows
        assert want
        for query in (
            "MATCH ()-[r:USES]->() RETURN r.end AS e, r.id ORDER BY r.id",
            "MATCH ()-[r:USES]->() RETURN r . end AS e, r.id ORDER BY r.id",
            "MATCH ()-[r:USES]->() WITH {id: r.id,\n end : r.end} AS m RETURN m.end AS e, m.id ORDER BY m.id",
        ):
            assert store.cypher(query).rows == want
        assert store.cypher("MATCH (p:Paper) RETURN p {.end} AS m LIMIT 1").rows == [({"end": None},)]
        some = next(row[0] for row in want if row[0] is not None)
        assert store.cypher(f"MATCH ()-[r:USES {{end: {some}}}]->() RETURN count(r) > 0").rows == [(True,)]
        query = "RETURN '.end {end: 1}' AS a, CASE 1 WHEN 1 THEN 'x' ELSE 'y'END AS b, [1, 2, 3][0..1] AS c"
        assert store.cypher(query).rows == [(".end {end: 1}", "x", [1])]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("RETURN {a: 1}.end AS x, ! AS y", None),
        ("RETURN {end: 1}.end AS x, ) AS y", (1, 27)),
        ("RETURN 1 AS x, ) AS y", (1, 16)),
        ("WITH {end: 1} AS m\nRETURN m.end AS x,\n  m.end AS z, ) AS y", (3, 15)),
    ],
)
def test_places_are_those_of_the_query_as_written(
    folder: Path, query: str, place: tuple[int, int] | None
) -> None:
    with stores.open(folder) as store, pytest.raises(UsageError) as caught:
        store.cypher(query)
    if place:
        assert f"in line {place[0]}, column {place[1]}:" in str(caught.value)


LOAD = "CSV FROM 'file:///etc/passwd' AS l RETURN l"


@pytest.mark.parametrize(
    "query",
    [
        f"LOAD {LOAD}",
        f"load\t\n{LOAD.lower()}",
        f"LOAD//\n{LOAD}",
        f"LOAD/* ' */{LOAD}",
        f"EXPLAIN LOAD {LOAD}",
        f"CYPHER 5 LOAD {LOAD}",
        f"CYPHER 5LOAD {LOAD}",
        f"RETURN 1 AS l UNION LOAD {LOAD}",
        f"`load` {LOAD}",
        f"LOAD `csv` {LOAD[4:]}",
        "LOAD CSV WITH HEADERS FROM 'https://example.org/a.csv' AS l RETURN l",
        "RETURN '\\'' AS a, \"'\" AS b, 1 AS `'` // '\nLOAD CSV FROM $file AS l RETURN l",
    ],
)
def test_a_query_sees_the_graph_only(folder: Path, query: str) -> None:
    with stores.open(folder) as store, pytest.raises(UsageError, match=r"that graph only.*LOAD CSV"):
        store.cypher(query, {"file": "/etc/passwd"})


def test_words_of_loading_elsewhere_load_nothing(folder: Path) -> None:
    with stores.open(folder) as store:
        query = (
            "/* LOAD CSV */ WITH {load: 1, csv: 2} AS load // LOAD CSV\n"
            "RETURN 'LOAD CSV' AS a, \"; LOAD CSV\" AS `LOAD CSV; `, load.csv AS load"
        )
        assert store.cypher(query).rows == [("LOAD CSV", "; LOAD CSV", 2)]


@pytest.mark.parametrize(
    "query",
    [
        "RETURN 1 AS a; RETURN 2 AS b",
        "RETURN 1 AS a;/**/;RETURN 2 AS a;",
        ";RETURN 1 AS a",
        "RETURN 1 AS a;)",
    ],
)
def test_of_several_queries_none_is_answered(folder: Path, query: str) -> None:
    with stores.open(folder) as store, pytest.raises(UsageError, match="one query a call"):
        store.cypher(query)


@pytest.mark.parametrize("end", ["", ";", " ; // more;\n", ";\n; /* RETURN 2 */ ;", "// ; RETURN 2"])
def test_a_query_may_end_in_semicolons(folder: Path, end: str) -> None:
    with stores.open(folder) as store:
        assert store.cypher(f"RETURN ';' AS `;`, 1 AS x{end}").rows == [(";", 1)]


#: How `n` things are put within or after one another, each of which the engine follows by recursion.
DEEP: dict[str, Callable[[int], str]] = {
    "UNION": lambda n: "RETURN 1 AS x" + " UNION RETURN 1 AS x" * n,
    "UNION ALL": lambda n: (
        "CALL { RETURN 1 AS x" + " union all RETURN 1 AS x" * n + " } RETURN count(*) AS x"
    ),
    "CALL": lambda n: "CALL { " * n + "RETURN 1 AS x" + " } RETURN x" * n,
    "CALL ()": lambda n: "CALL () { " * n + "RETURN 1 AS x" + " } RETURN x" * n,
    "parentheses": lambda n: f"RETURN {'(' * n}1{')' * n} AS x",
    "calls": lambda n: f"RETURN {'abs(' * n}1{')' * n} AS x",
    "lists": lambda n: f"RETURN size({'[' * n}1{']' * n}) AS x",
    "maps": lambda n: f"RETURN {'{a: ' * n}1{'}' * n} IS NOT NULL AS x",
    "dots": lambda n: "WITH {a: 1} AS m RETURN m" + " . a" * n + " IS NULL AS x",
    "dots and places": lambda n: "WITH {a: [1]} AS m RETURN m" + " . a[0]" * n + " IS NULL AS x",
    "FOREACH": lambda n: "FOREACH (x IN [1] | " * n + "CREATE (:A)" + ")" * n,
    "unclosed": lambda n: f"RETURN {'(' * n}",
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("many", [65, 500, 20_000])
def test_what_would_exhaust_the_stack_is_refused(folder: Path, name: str, many: int) -> None:
    with stores.open(folder) as store, pytest.raises(UsageError, match=r"too (deep|long).*64"):
        store.cypher(DEEP[name](many))


@pytest.mark.parametrize("name", sorted(DEEP.keys() - {"FOREACH", "unclosed"}))
def test_what_people_write_is_not_too_deep(folder: Path, name: str) -> None:
    with stores.open(folder) as store:
        assert len(store.cypher(DEEP[name](60)).rows) == 1


def test_width_is_no_depth(folder: Path) -> None:
    many = range(3000)
    with stores.open(folder) as store:
        listed = ", ".join(f"[{{a: ({n}.5)}}]" for n in many)
        assert store.cypher(f"RETURN size([{listed}]) AS x").rows == [(len(many),)]
        asked = ", ".join(f"m.a AS a{n}, .{n} AS b{n}" for n in many[:300])
        assert len(store.cypher(f"WITH {{a: 1}} AS m RETURN {asked}").columns) == 600
        text = "([{ UNION " * 100
        assert store.cypher(f"RETURN '{text}' AS x, 1 AS `{text}` // {text}").rows == [(text, 1)]


@pytest.mark.parametrize("chain", ["NOT " * 600 + "true", "- " * 600 + "1", "1" + " + 1" * 600])
def test_long_chains_are_refused(folder: Path, chain: str) -> None:
    with stores.open(folder) as store, pytest.raises(UsageError, match="512 levels"):
        store.cypher(f"RETURN {chain} AS x")


def test_a_deep_answer_is_refused(folder: Path) -> None:
    query = "RETURN reduce(l = $p, k IN range(1, $n) | {kind}) AS x"
    with stores.open(folder) as store:
        for kind in ("[l]", "{a: l}"):
            for many in (128, 3000):
                with pytest.raises(UsageError, match="nested too deeply"):
                    store.cypher(query.replace("{kind}", kind), {"n": many, "p": [1]})
        value: object = 1
        for _ in range(31):
            value = [value]
        ((got,),) = store.cypher(f"RETURN {'[' * 60}$p{']' * 60} AS x", {"p": value}).rows
        for _ in range(91):
            (got,) = got
        assert got == 1


def test_a_deep_parameter_is_refused(folder: Path) -> None:
    value: object = 1
    for _ in range(505):
        value = [value]
    with stores.open(folder) as store, pytest.raises(UsageError, match=r"\$p is nested too deeply"):
        store.cypher("RETURN $p AS x", {"p": value})


def test_a_store_that_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import kglite as engine

    def refuse(path: str) -> None:
        # What the engine says, though not to root, who may read everything.
        raise engine.FileIoError(f"File I/O error: opening '{path}': Permission denied (os error 13)")

    monkeypatch.setattr(engine, "open_session", refuse)
    with pytest.raises(DiskError, match=r"graph\.kgl cannot be read: .*Permission denied"):
        stores.open(folder)
