"""The verbs, as a process: what they answer, in which form, and with which status."""

from __future__ import annotations

import csv
import io
import json
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kg.cli.app import app
from kg.cli.querying import parameter
from kg.cli.verb import Verb
from kg.errors import UsageError
from kg.tables import Graph

from .process import ANNOTATED, COMMAND, GIVEN, kg

VERBS = (
    "build", "extract", "query", "view", "stats", "explain", "cookbook", "leaderboard", "timeline", "gaps",
    "schema", "evaluate", "load", "export",
)  # fmt: skip
COUNT = "MATCH (p:Paper) RETURN count(*) AS n"


def examples() -> list[str]:
    # Those that need a server are run in tests/stores.
    verbs = [verb for verb in app.commands.values() if isinstance(verb, Verb)]
    return [line for verb in verbs for line in verb.examples if "bolt://" not in line]


def test_these_are_the_verbs() -> None:
    assert set(VERBS) <= app.commands.keys()
    assert all(isinstance(verb, Verb) and verb.examples for verb in app.commands.values())


def test_every_verb_and_every_option_has_a_word_of_help() -> None:
    for verb in app.commands.values():
        assert verb.help
        assert verb.short_help
        assert all(option.help for option in verb.params if isinstance(option, click.Option))


@pytest.mark.parametrize("verb", sorted(app.commands))
def test_help_ends_in_an_example(verb: str) -> None:
    done = kg(verb, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    command = app.commands[verb]
    assert isinstance(command, Verb)
    last = done.stdout.splitlines()[-len(command.examples) - 1 :]
    assert [line.strip() for line in last] == ["Example:", *command.examples]


@pytest.mark.parametrize("line", examples())
def test_every_example_runs(desk: Path, line: str) -> None:
    for name, source in (("docs.jsonl", "dev.docs.jsonl"), ("gold.jsonl", "dev.jsonl")):
        if not (desk / name).exists():
            (desk / name).write_bytes((ANNOTATED / source).read_bytes())
    program, *arguments = shlex.split(line)
    assert program == "kg"
    done = kg(*arguments, cwd=desk)
    assert done.returncode == 0, done.stderr
    assert done.stdout or "--out" in arguments


def test_the_command_is_installed() -> None:
    script = Path(sys.executable).with_name("kg")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("kg 0.")


def test_without_a_verb_help_is_shown_and_the_call_is_wrong() -> None:
    done = kg()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing"], "No such command 'nothing' (see kg --help)"),
        (["query"], "Missing argument 'DIR|URL' (see kg query --help)"),
        (["build", "seeds/"], "Missing option '--out' (see kg build --help)"),
        (["query", ".", COUNT, "--format", "xml"], "'xml' is not one of"),
        (["query", ".", COUNT, "--param", "x"], "--param “x” is not NAME=VALUE"),
        (["query", ".", COUNT, "--param", "x=1", "--param", "x=2"], "is given twice"),
        (["query", ".", COUNT, "--param", f"x={'[' * 100_000}"], "“x” is nested too deeply"),
        (["query", ".", " "], "the query is empty"),
        (["query", "gopher://x", COUNT], "no store has addresses like"),
        (["build", "seeds/", "--out", "x", "--only-extractions"], "needs --extractions FILE"),
        (["build", "seeds/", "--out", "x", "--format", "pdf"], "no format is called “pdf”"),
        (["extract", "seeds/", "--input-format", "pdf"], "no format is called “pdf”"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = kg(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.startswith("kg: ")
    assert done.stderr.count("\n") == 1


def test_query_answers_in_every_form(given_graph: Path) -> None:
    question = (
        "MATCH (d:Dataset) RETURN d.name AS name, d.aliases AS aliases, d.paper_count AS n ORDER BY name"
    )
    expected = sorted(
        ({"name": c["name"], "aliases": c["aliases"], "n": c["paper_count"]}
         for c in Graph.load(given_graph).rows("concepts") if c["type"] == "DATASET"),
        key=lambda row: row["name"],
    )  # fmt: skip
    answers = {
        form: kg("query", given_graph, question, "--format", form).stdout
        for form in ("table", "json", "jsonl", "csv")
    }
    assert json.loads(answers["json"]) == expected
    assert [json.loads(line) for line in answers["jsonl"].splitlines()] == expected
    rows = list(csv.DictReader(io.StringIO(answers["csv"])))
    assert [(row["name"], json.loads(row["aliases"]), int(row["n"])) for row in rows] == [
        (row["name"], row["aliases"], row["n"]) for row in expected
    ]
    assert len(answers["table"].splitlines()) == len(expected) + 2


def test_query_reads_the_question_from_standard_input(given_graph: Path) -> None:
    done = kg("query", given_graph, "-", "--format", "jsonl", stdin=COUNT)
    assert json.loads(done.stdout) == {"n": 60}
    assert kg("query", given_graph, "-", stdin=b"\xff\xfe").returncode == 2


def test_parameters_are_data(given_graph: Path) -> None:
    hostile = "'}) MATCH (n) DETACH DELETE n //"
    question = "RETURN $text AS text, $number AS number, $list AS list"
    done = kg(
        "query", given_graph, question, "--format", "jsonl", "--param", f"text={hostile}", "--param",
        "number=3", "--param", 'list=["a", 1]',
    )  # fmt: skip
    assert json.loads(done.stdout) == {"text": hostile, "number": 3, "list": ["a", 1]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x=1", 1), ("x=1.5", 1.5), ("x=true", True), ("x=null", None), ('x="1"', "1"), ("x=BERT", "BERT"),
        ("x=", ""), ("x=a=b", "a=b"), ("x=[1, 2]", [1, 2]), ("x=NaN", "NaN"), ("x=[1", "[1"),
    ],
)  # fmt: skip
def test_a_parameter_is_json_where_it_can_be(text: str, value: object) -> None:
    assert parameter(text) == ("x", value)


@pytest.mark.parametrize("text", ["x", "=1", " =1", ""])
def test_a_parameter_needs_a_name(text: str) -> None:
    with pytest.raises(UsageError, match="NAME=VALUE"):
        parameter(text)


def test_limit_and_an_empty_answer(given_graph: Path) -> None:
    done = kg("query", given_graph, "MATCH (p:Paper) RETURN p.id", "--limit", "3", "--format", "jsonl")
    assert len(done.stdout.splitlines()) == 3
    assert done.stderr
    empty = kg("query", given_graph, "MATCH (p:Paper {id: 'none'}) RETURN p.id", "--format", "jsonl")
    assert (empty.returncode, empty.stdout) == (0, "")


@pytest.mark.parametrize(
    "question", ["MATCH (n RETURN n", "CREATE (:Paper {id: 'x'})", "MATCH (n) SET n.id = 1"]
)
def test_bad_cypher_and_writes_are_refused(given_graph: Path, question: str) -> None:
    before = {file.name: file.read_bytes() for file in given_graph.iterdir()}
    for more in ([], ["--write"]):
        done = kg("query", given_graph, question, *more)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("kg: ")
        assert "Traceback" not in done.stderr
    assert before == {file.name: file.read_bytes() for file in given_graph.iterdir()}


def test_stats_tells_what_the_tables_hold(given_graph: Path) -> None:
    graph = Graph.load(given_graph)
    told = json.loads(kg("stats", given_graph, "--format", "json").stdout)
    assert {**told["labels"], **told["relations"]} == graph.counts()
    assert told["listings"] == told["papers"] == 60
    assert {d["stage"]: d["count"] for d in told["drops"]}.keys() == {
        d["stage"] for d in graph.report["dropped"]
    }
    text = kg("stats", given_graph).stdout
    assert text.startswith("60 listings, 60 papers\n")
    for name, n in graph.counts().items():
        assert f"\n  {name} " in text
        assert f"{n:,}\n" in text


def test_explain_knows_a_concept_by_each_of_its_names(given_graph: Path) -> None:
    graph = Graph.load(given_graph)
    concept = max(graph.rows("concepts"), key=lambda row: row["paper_count"])
    edges = [row for row in graph.rows("paper_concept") if row["to"] == concept["id"]]
    stories = [
        json.loads(kg("explain", given_graph, name, "--format", "json").stdout)
        for name in (concept["id"], concept["name"], concept["name"].swapcase())
    ]
    assert all(story == stories[0] for story in stories)
    assert stories[0]["id"] == concept["id"]
    assert [alias["name"] for alias in stories[0]["aliases"]] == concept["aliases"]
    told = {(one["role"], one["id"], one["quote"], one["confidence"]) for one in stories[0]["papers"]}
    assert told == {(edge["type"], edge["from"], edge["quote"], edge["confidence"]) for edge in edges}
    text = kg("explain", given_graph, concept["name"]).stdout
    assert all(f"“{edge['quote']}”" in text for edge in edges if edge["quote"].isprintable())


def test_explain_knows_a_paper_by_id_and_title(given_graph: Path) -> None:
    graph = Graph.load(given_graph)
    paper = next(
        row for row in graph.rows("papers") if row["id"] in graph.tables["paper_result"]["from"].to_pylist()
    )
    by_id, by_title = (
        kg("explain", given_graph, name, "--format", "json").stdout
        for name in (paper["id"], paper["title"].upper())
    )
    assert by_id == by_title
    story = json.loads(by_id)
    edges = [row for row in graph.rows("paper_concept") if row["from"] == paper["id"]]
    assert {one["id"] for one in story["concepts"]} == {edge["to"] for edge in edges}
    stated = [row for row in graph.rows("paper_result") if row["from"] == paper["id"]]
    assert len(story["results"]) == len(stated)
    assert kg("explain", given_graph, paper["id"]).stdout.startswith(f"{paper['title']}\n")


@pytest.mark.parametrize(
    "name",
    [
        "10.1109/CVPR.2016.90", "https://doi.org/10.1109/cvpr.2016.90", "doi:10.1109/CVPR.2016.90",
        "1512.03385", "1512.03385v2", "arXiv:1512.03385", "https://arxiv.org/abs/1512.03385", "he2016",
    ],
)  # fmt: skip
def test_a_paper_is_known_by_all_forms_of_its_identifiers(residual: Path, name: str) -> None:
    assert json.loads(kg("explain", residual, name, "--format", "json").stdout)["id"] == " he2016"


@pytest.fixture(scope="module")
def residual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of one paper with a DOI, an arXiv identifier, and an id with a blank before it."""
    place = tmp_path_factory.mktemp("residual")
    paper = {
        "id": " he2016",
        "title": "Residual learning",
        "doi": "10.1109/CVPR.2016.90",
        "arxiv": "1512.03385v1",
    }
    (place / "papers.jsonl").write_text(json.dumps(paper) + "\n")
    assert kg("build", place / "papers.jsonl", "--out", place / "graph").returncode == 0
    return place / "graph"


def test_a_format_that_is_not_guessed_can_be_named_to_extract(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("title,abstract\nTreeFormer,We propose TreeFormer.\n")
    done = kg("extract", tmp_path / "one.txt", "--input-format", "csv", "--format", "gold")
    assert [json.loads(line)["concepts"][0]["name"] for line in done.stdout.splitlines()] == ["TreeFormer"]


def test_explain_suggests_near_names(given_graph: Path) -> None:
    done = kg("explain", given_graph, "TaskWep")
    assert done.returncode == 2
    assert "did you mean “TaskWeb”" in done.stderr
    assert (
        kg("explain", given_graph, "\x1b[31mzzzzqqqq\u202e").stderr.isprintable() is False
    )  # only its line end
    assert "\x1b" not in kg("explain", given_graph, "\x1b[31mzzzzqqqq").stderr


def test_explain_lists_several(tmp_path: Path) -> None:
    docs, given = tmp_path / "docs.jsonl", tmp_path / "given.jsonl"
    papers = [("a", "SGD is an optimiser that we propose"), ("b", "We collect SGD for dialogue")]
    docs.write_text(
        "".join(json.dumps({"id": i, "title": f"Title of {i}", "abstract": t}) + "\n" for i, t in papers)
    )
    concepts = {"a": ("METHOD", "PROPOSES"), "b": ("DATASET", "PROPOSES")}
    given.write_text("".join(
        json.dumps({"id": i, "concepts": [{"type": t, "role": r, "name": "SGD", "mentions": ["SGD"]}]}) + "\n"
        for i, (t, r) in concepts.items()
    ))  # fmt: skip
    graph = tmp_path / "graph"
    assert kg("build", docs, "--extractions", given, "--only-extractions", "--out", graph).returncode == 0
    ids = [row["id"] for row in Graph.load(graph).rows("concepts")]
    done = kg("explain", graph, "SGD")
    assert done.returncode == 0
    if len(ids) == 1:
        assert ids[0] in done.stdout
    else:
        assert all(i in done.stdout for i in ids)
        assert "explain one by its id" in done.stderr


def test_extract_writes_what_build_reads_back(tmp_path: Path) -> None:
    docs = tmp_path / "docs.jsonl"
    lines = (ANNOTATED / "dev.docs.jsonl").read_text("utf-8").splitlines()[:3]
    docs.write_text("\n".join(lines), "utf-8")
    to_output = kg("extract", docs, "--jobs", "1")
    assert to_output.returncode == 0, to_output.stderr
    out = tmp_path / "out.jsonl"
    to_file = kg("extract", "-", "--out", out, stdin="\n".join(lines))
    assert (to_file.returncode, to_file.stdout) == (0, "")
    assert out.read_text("utf-8") == to_output.stdout
    records = [json.loads(line) for line in to_output.stdout.splitlines()]
    assert [record["id"] for record in records] == [json.loads(line)["id"] for line in lines]
    for record in records:
        for concept in record["concepts"]:
            for mention in concept["mentions"]:
                assert record[mention["field"]][mention["start"] : mention["end"]] == mention["text"]
    direct, given = tmp_path / "direct", tmp_path / "given"
    assert kg("build", docs, "--out", direct).returncode == 0
    assert kg("build", docs, "--extractions", out, "--only-extractions", "--out", given).returncode == 0
    a, b = (
        {(e["type"], e["from"], e["to"], e["quote"]) for e in Graph.load(graph).rows("paper_concept")}
        for graph in (direct, given)
    )
    assert a == b != set()


def test_extract_leaves_a_device_a_device_and_a_folder_a_folder(tmp_path: Path) -> None:
    docs = tmp_path / "docs.csv"
    docs.write_text("title,abstract\nWe study graphs,We study graphs with a method.\n")
    assert kg("extract", docs, "--out", "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()
    assert kg("extract", docs, "--out", tmp_path).returncode == 2
    assert kg("extract", docs, "--out", "/dev/full").returncode == 5
    assert kg("extract", docs, "--out", tmp_path / "no" / "where").returncode == 5
    assert sorted(file.name for file in tmp_path.iterdir()) == ["docs.csv"]


def test_a_closed_pipe_is_no_failure(given_graph: Path) -> None:
    question = "UNWIND range(1, 200000) AS n RETURN n, 'text that fills the pipe' AS text"
    for command in (["query", str(given_graph), question, "--format", "csv"], ["schema"], ["--help"]):
        with subprocess.Popen(
            [*COMMAND, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            said = process.stderr.read().decode()
        assert process.returncode == 0, said
        assert "Traceback" not in said
        assert "Broken" not in said


def test_a_full_standard_output_is_status_5(given_graph: Path) -> None:
    for command in (["query", str(given_graph), COUNT], ["schema"], ["stats", str(given_graph)]):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [*COMMAND, *command],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 5
        assert "No space left" in done.stderr
        assert done.stderr.count("\n") <= 2


def test_progress_goes_to_standard_error_and_quiet_silences_it(tmp_path: Path) -> None:
    build = (*GIVEN, "--out", tmp_path / "graph")
    loud, quiet, early = kg(*build), kg(*build, "--quiet"), kg("-q", *build)
    assert "reading: 60" in loud.stderr
    assert "\r" not in loud.stderr
    assert "\x1b" not in loud.stderr
    assert quiet.stderr == early.stderr == ""
    assert loud.stdout == quiet.stdout == early.stdout != ""


def test_a_json_log_is_json_lines(tmp_path: Path) -> None:
    done = kg("--json-log", *GIVEN, "--out", tmp_path / "graph")
    records = [json.loads(line) for line in done.stderr.splitlines()]
    assert records
    assert all({"time", "level", "message"} <= record.keys() for record in records)
    assert {"stage": "reading", "done": 60} in [{k: r.get(k) for k in ("stage", "done")} for r in records]
    failed = kg("stats", tmp_path / "nothing", "--json-log")
    record = json.loads(failed.stderr)
    assert (record["level"], record["exit"], failed.returncode) == ("error", 2, 2)


def test_an_unexpected_failure_is_one_line_and_can_be_looked_into() -> None:
    code = (
        "import sys, kg.schema_docs\n"
        "def broken(): raise ValueError('two\\nlines \\x1b[31m')\n"
        "kg.schema_docs.markdown = broken\n"
        "from kg.cli import main\n"
        "sys.exit(main(['schema']))\n"
    )
    plain = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert plain.returncode == 1
    assert plain.stderr.startswith("kg: unexpected ValueError: two lines \\x1b[31m (KG_DEBUG=1 shows where")
    assert plain.stderr.count("\n") == 1
    debug = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"KG_DEBUG": "1"}
    )
    assert debug.returncode == 1
    assert "in broken" in debug.stderr


def test_a_folder_of_an_odd_name_is_told_as_a_shell_takes_it(tmp_path: Path) -> None:
    done = kg(*GIVEN, "--out", "o\x1b[31mut", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "kg stats 'o\\x1b[31mut' tells" in done.stdout


def test_the_commands_of_an_export_can_be_copied(given_graph: Path, tmp_path: Path) -> None:
    target = tmp_path / "a b; c"
    done = kg("export", given_graph, "--to", target, "--format", "neo4j-admin")
    assert done.returncode == 0, done.stderr
    _, first, second = done.stdout.splitlines()
    command = shlex.split(first.partition(": ")[2])
    assert command == ["sh", str(target / "import.sh"), "--overwrite-destination"]
    assert shlex.split(second.partition(": ")[2]) == ["cypher-shell", "--file", str(target / "finish.cypher")]
    assert all(Path(file).is_file() for file in (command[1], str(target / "finish.cypher")))
