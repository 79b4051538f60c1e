"""From files to a graph folder: the same bytes whatever the way, and nothing half-done."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kg.building import build
from kg.errors import InputError, KgError, UsageError
from kg.resolution import Decision, Decisions
from kg.tables import Graph

#: Concepts that the sample papers name, with their type and the role that all of them give it.
NAMES = {
    "Zorb": ("METHOD", "USES"),
    "folded grumble": ("METHOD", "PROPOSES"),
    "Quoxy": ("DATASET", "USES"),
    "pebble sorting": ("TASK", "ADDRESSES"),
    "wobbling": ("METRIC", "REPORTS"),
}
SENTENCES = (
    "We use Zorb for pebble sorting.",
    "On Quoxy the wobbling rises by 3.5% (p < 0.01), e.g. for rare words.",
    "A folded grumble is proposed, \U0001f469\u200d\U0001f52c '; DROP \\ \"<b>.",
    "Nothing is named here.",
)


def sample(count: int = 12) -> list[dict[str, Any]]:
    """Return records of papers; the last lists the first one again."""
    papers: list[dict[str, Any]] = [
        {
            "id": f"p{n}",
            "title": f"Paper number {n} on {sorted(NAMES)[n % 5]} and more things",
            "abstract": " ".join(SENTENCES[(n + k) % 4] for k in range(1 + n % 3)),
            "year": 2000 + n % 7,
            "authors": [f"Author {n % 3}", "Ada \u202eL."],
            "venue": f"Venue {n % 2}",
            "references": [f"p{n - 1}"],
        }
        for n in range(count)
    ]
    papers[0]["doi"] = papers[-1]["doi"] = "10.1234/same"
    papers[-1]["title"], papers[-1]["abstract"] = papers[0]["title"], papers[0]["abstract"]
    return papers


def annotated(papers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return extractions of ``papers``, as a person would write them down."""
    return [
        {
            "id": paper["id"],
            "concepts": [
                {"type": type_, "role": role, "name": name, "mentions": [name]}
                for name, (type_, role) in NAMES.items()
                if name in f"{paper['title']} {paper['abstract']}"
            ],
            "results": [{"metric": "wobbling", "value": "3.5%", "kind": "improvement"}]
            if "3.5%" in paper["abstract"]
            else [],
        }
        for paper in papers
    ]


def write_lines(file: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


def files(folder: Path, papers: Sequence[Mapping[str, Any]]) -> list[Path]:
    """Write ``papers`` as three files."""
    return [write_lines(folder / f"part{n}.jsonl", papers[n * 4 : n * 4 + 4]) for n in range(3)]


def fixed_bytes(path: Path) -> dict[str, str]:
    """Return digests of all files of a graph folder that must not differ from run to run."""
    free = {"graph.kgl", "build.log"}
    return {
        file.name: sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.iterdir())
        if file.name not in free
    }


def log_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (path / "build.log").read_text().splitlines()]


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    return files(tmp_path / "in", sample())


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "given.jsonl", annotated(sample()))


def test_a_build_makes_a_whole_folder(tmp_path: Path, inputs: list[Path], given: Path) -> None:
    graph = build(inputs, out=tmp_path / "g", extractions=given, only_extractions=True)
    assert graph.path == (tmp_path / "g").resolve()
    loaded = Graph.load(tmp_path / "g")
    assert loaded.manifest == graph.manifest
    loaded.check()
    counts = loaded.counts()
    assert (counts["Paper"], counts["Concept"], counts["Author"], counts["Venue"]) == (11, 5, 4, 2)
    assert min(counts[name] for name in ("USES", "PROPOSES", "STATES", "IN_METRIC")) > 0
    assert counts["CITES"] == 11
    assert [m["what"] for m in loaded.rows("merges")].count("paper") == 1
    assert loaded.report["counts"]["reading.records"] == 12
    assert loaded.report["made"] == counts
    assert sorted(p.name for p in tmp_path.iterdir()) == ["g", "given.jsonl", "in"]
    asked = graph.cypher("MATCH (p:Paper)-[:USES]->(:Dataset {name: $n}) RETURN count(p) AS n", n="Quoxy")
    rows = [r for r in loaded.rows("paper_concept") if (r["type"], r["to"]) == ("USES", "dataset/quoxy")]
    assert asked == [{"n": len(rows)}]


def test_the_manifest_names_all_that_shapes_the_graph_and_nothing_else(
    tmp_path: Path, inputs: list[Path], given: Path
) -> None:
    graph = build(inputs, out=tmp_path / "g", extractions=given, only_extractions=True)
    text = (tmp_path / "g" / "manifest.json").read_text()
    assert graph.manifest["inputs"] == sorted(sha256(file.read_bytes()).hexdigest() for file in inputs)
    assert {"kg", "spacy", "pyarrow", "unicode"} <= set(graph.manifest["versions"])
    assert set(graph.manifest["fingerprint"]) == {
        "pipeline",
        "options",
        "decisions",
        "ids_from",
        "extractions",
        "resolution",
    }
    assert str(tmp_path) not in text
    assert str(tmp_path) not in (tmp_path / "g" / "report.json").read_text()
    for name, entry in graph.manifest["tables"].items():
        data = (tmp_path / "g" / f"{name}.parquet").read_bytes()
        assert entry == {"rows": graph.tables[name].num_rows, "sha256": sha256(data).hexdigest()}


def test_ids_of_an_older_graph_go_on_and_the_manifest_names_it(
    tmp_path: Path, inputs: list[Path], given: Path
) -> None:
    old = build(inputs, out=tmp_path / "g", extractions=given, only_extractions=True)
    first = old.rows("concepts")[0]
    renamed = Decisions.of([Decision(verb="rename", names=(first["id"],), to="Another Name")])

    def ids(**more: Any) -> set[str]:
        graph = build(
            inputs, out=tmp_path / "h", extractions=given, only_extractions=True, decisions=renamed, **more
        )
        told = graph.manifest["fingerprint"]["ids_from"]
        assert told == (old.manifest["tables"]["concepts"]["sha256"] if more else None)
        assert "Another Name" in {row["name"] for row in graph.rows("concepts")}
        return {row["id"] for row in graph.rows("concepts")}

    assert first["id"] not in ids()
    assert ids(ids_from=tmp_path / "g") == {row["id"] for row in old.rows("concepts")}


def test_order_and_paths_of_files_do_not_show(tmp_path: Path, inputs: list[Path], given: Path) -> None:
    build(inputs, out=tmp_path / "g", extractions=given, only_extractions=True)
    elsewhere = files(tmp_path / "another" / "place", sample())
    copied = tmp_path / "another" / given.name
    copied.write_bytes(given.read_bytes())
    build(elsewhere[::-1], out=tmp_path / "deep" / "h", extractions=copied, only_extractions=True)
    build(str(tmp_path / "in"), out=tmp_path / "i", extractions=given, only_extractions=True, jobs=2)
    assert fixed_bytes(tmp_path / "g") == fixed_bytes(tmp_path / "deep" / "h") == fixed_bytes(tmp_path / "i")


def test_a_file_is_read_where_its_content_changed_only(
    tmp_path: Path, inputs: list[Path], given: Path
) -> None:
    one = build(inputs, out=tmp_path / "g", extractions=given, only_extractions=True)
    write_lines(inputs[1], sample()[4:7])
    other = build(inputs, out=tmp_path / "g", extractions=given, only_extractions=True)
    assert one.manifest["inputs"] != other.manifest["inputs"]
    gone = "p7"
    for table in ("papers", "paper_concept", "paper_result"):
        key = "id" if table == "papers" else "from"
        assert [r for r in one.rows(table) if r[key] != gone] == other.rows(table), table
    assert {r["id"] for r in other.rows("concepts")} <= {r["id"] for r in one.rows("concepts")}


def test_what_the_file_lacks_is_extracted_unless_told_otherwise(tmp_path: Path, inputs: list[Path]) -> None:
    some = write_lines(tmp_path / "some.jsonl", annotated(sample()[:6]))
    alone = build(inputs, out=tmp_path / "g", extractions=some, only_extractions=True)
    assert {r["extractor"] for r in alone.rows("paper_concept")} == {"given"}
    assert {r["from"] for r in alone.rows("paper_concept")} <= {f"p{n}" for n in (0, 1, 2, 3, 4, 5, 11)}
    assert alone.manifest["fingerprint"]["pipeline"] is None
    assert not (tmp_path / "g.cache").exists()
    both = build(inputs, out=tmp_path / "g", extractions=some)
    pipeline = both.manifest["fingerprint"]["pipeline"]
    assert {r["extractor"] for r in both.rows("paper_concept")} == {"given", pipeline}


def test_jobs_cache_and_a_second_run_do_not_show_and_the_second_reads_nothing(
    tmp_path: Path, inputs: list[Path]
) -> None:
    def misses(path: Path) -> tuple[int, int]:
        counts = log_of(path)[0]["counts"]
        return counts.get("run.extraction.cache_misses", 0), counts.get("run.extraction.cache_hits", 0)

    build(inputs, out=tmp_path / "g")
    first = fixed_bytes(tmp_path / "g")
    assert misses(tmp_path / "g") == (11, 0)
    build(inputs, out=tmp_path / "g")
    assert misses(tmp_path / "g") == (0, 11)
    assert fixed_bytes(tmp_path / "g") == first
    build(inputs[::-1], out=tmp_path / "h", jobs=2, cache=tmp_path / "elsewhere")
    assert misses(tmp_path / "h") == (11, 0)
    assert fixed_bytes(tmp_path / "h") == first
    assert (tmp_path / "elsewhere").is_dir()
    assert not (tmp_path / "h.cache").exists()


def test_decisions_shape_the_graph_and_its_fingerprint(
    tmp_path: Path, inputs: list[Path], given: Path
) -> None:
    file = tmp_path / "decisions.yaml"
    file.write_text(
        "- {edge: {paper: p1, concept: Quoxy}, drop: true}\n- {rename: Zorb, to: the Zorb model}\n"
    )
    one = build(inputs, out=tmp_path / "g", extractions=given, only_extractions=True)
    other = build(inputs, out=tmp_path / "h", extractions=given, only_extractions=True, decisions=file)
    assert one.manifest["fingerprint"]["decisions"] != other.manifest["fingerprint"]["decisions"]
    assert "the Zorb model" in {row["name"] for row in other.rows("concepts")}
    lost = {(r["from"], r["to"]) for r in one.rows("paper_concept")}
    lost -= {(r["from"], r["to"]) for r in other.rows("paper_concept")}
    assert ("p1", "dataset/quoxy") in lost


def test_progress_counts_up_to_its_total(tmp_path: Path, inputs: list[Path], given: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    build(
        inputs,
        out=tmp_path / "g",
        extractions=given,
        only_extractions=True,
        progress=lambda *args: told.append(args),
    )
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["reading", "extracting", "resolving", "assembling", "relating", "checking", "writing"]
    for stage in stages:
        its = [(done, total) for name, done, total in told if name == stage]
        assert [done for done, _ in its] == sorted(done for done, _ in its)
        assert its[-1][0] == its[-1][1]
    assert [line["stage"] for line in log_of(tmp_path / "g")[1:]] == stages


# --- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["reading", "extracting", "resolving", "assembling", "relating", "writing"])
def test_an_interrupt_leaves_the_folder_as_it_was(
    tmp_path: Path, inputs: list[Path], given: Path, stage: str
) -> None:
    def interrupt(name: str, done: int, total: int | None) -> None:
        del done, total
        if name == stage:
            raise KeyboardInterrupt

    def interrupted() -> None:
        build(inputs, out=tmp_path / "g", extractions=given, only_extractions=True, progress=interrupt)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["given.jsonl", "in"]
    build(inputs[:2], out=tmp_path / "g", extractions=given, only_extractions=True)
    before = fixed_bytes(tmp_path / "g")
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert fixed_bytes(tmp_path / "g") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["g", "given.jsonl", "in"]


def test_places_that_would_be_read_or_deleted_are_refused(tmp_path: Path, inputs: list[Path]) -> None:
    folder = inputs[0].parent
    before = sorted(folder.iterdir())
    for out, cache, inside in (
        (folder / "g", tmp_path / "c", "would lie in"),
        (folder, tmp_path / "c", "would lie in"),
        (tmp_path / "g", folder / "c", "would lie in"),
        (tmp_path / "g", tmp_path / "g" / "c", "would lie in"),
    ):
        with pytest.raises(UsageError, match=inside):
            build([folder], out=out, cache=cache)
    with pytest.raises(UsageError, match="not a graph folder"):
        build(inputs, out=folder)
    assert sorted(folder.iterdir()) == before
    assert not (tmp_path / "g").exists()


def test_wrong_calls_and_bad_input_change_nothing(tmp_path: Path, inputs: list[Path]) -> None:
    out = tmp_path / "g"
    with pytest.raises(UsageError, match="extractions"):
        build(inputs, out=out, only_extractions=True)
    with pytest.raises(UsageError, match="jobs"):
        build(inputs, out=out, jobs=0)
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    binary = tmp_path / "binary"
    binary.write_bytes(bytes(range(256)) * 40)
    bad: list[list[Path]] = [[empty], [binary], [tmp_path / "missing"], [*inputs, binary]]
    for given in bad:
        with pytest.raises(InputError):
            build(given, out=out)
    with pytest.raises(KgError):
        build(inputs, out=out, extractions=tmp_path / "missing")
    assert not out.exists()
    assert not out.with_name(".g.kg-new").exists()


# A file that grows past the limit fails as it would on a full disk.
FULL = """
import resource, sys
from kg.building import build
from kg.errors import KgError
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    build(sys.argv[4:], out=sys.argv[2], extractions=sys.argv[3], only_extractions=True)
except KgError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.parametrize("limit", [0, 600, 3000])
@pytest.mark.parametrize("before", [False, True])
def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    tmp_path: Path, inputs: list[Path], given: Path, limit: int, before: bool
) -> None:
    place = tmp_path / "g"
    if before:
        build(inputs[:2], out=place, extractions=given, only_extractions=True)
    kept = fixed_bytes(place) if before else {}
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(limit), str(place), str(given), *map(str, inputs)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert (fixed_bytes(place) if place.exists() else {}) == kept
    assert not place.with_name(".g.kg-new").exists()


# --- kill -9 ------------------------------------------------------------------------------------

# Builds again and again, each time in a process that dies by SIGKILL before the n-th thing that it
# does to a file, n drawn anew; at last one that lives. Prints how many died, and of what.
KILLED = """
import os, random, signal, sys
from pathlib import Path
root, times, seed, most = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
CHANGES = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir")
if sys.argv[5] == "given":
    import kg.assembly, kg.building, kg.checking, kg.dedupe, kg.extraction, kg.reading, kglite, pandas
    import pyarrow.parquet

def run(n):
    child = os.fork()
    if child == 0:
        left = n
        def hook(event, args):
            nonlocal left
            if event in CHANGES and isinstance(args[0], (str, Path)) and str(args[0]).startswith(str(root)):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
        sys.addaudithook(hook)
        from kg.building import build
        given = sys.argv[5] == "given"
        more = {"extractions": root / "given.jsonl", "only_extractions": True} if given else {}
        build([root / "in"], out=root / "g", jobs=int(sys.argv[6]), **more)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status != 0

moments = random.Random(seed)
print(sum(run(moments.randrange(most)) for _ in range(times)))
assert not run(10**9)
"""


def killed(root: Path, *arguments: str) -> int:
    """Run `KILLED` and return how many of its processes were killed."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_twenty_kills_and_another_run_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("killed", "whole"):
        files(tmp_path / name / "in", sample())
        write_lines(tmp_path / name / "given.jsonl", annotated(sample()))
    build(
        [tmp_path / "whole" / "in"],
        out=tmp_path / "whole" / "g",
        extractions=tmp_path / "whole" / "given.jsonl",
        only_extractions=True,
    )
    assert killed(tmp_path / "killed", "20", "7", "60", "given", "1") >= 10
    assert fixed_bytes(tmp_path / "killed" / "g") == fixed_bytes(tmp_path / "whole" / "g")
    left = sorted(p.name for p in (tmp_path / "killed").iterdir())
    assert left == ["g", "given.jsonl", "in"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_kills_while_papers_are_read_give_the_same_bytes(tmp_path: Path, jobs: str) -> None:
    for name in ("killed", "whole"):
        files(tmp_path / name / "in", sample())
    build([tmp_path / "whole" / "in"], out=tmp_path / "whole" / "g")
    assert killed(tmp_path / "killed", "3", "5", "70", "read", jobs) >= 1
    assert fixed_bytes(tmp_path / "killed" / "g") == fixed_bytes(tmp_path / "whole" / "g")
    assert sorted(p.name for p in (tmp_path / "killed").iterdir()) == ["g", "g.cache", "in"]
