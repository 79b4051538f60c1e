"""The stream of papers: lazy, in order, the same however many read, and clean when it is cut off."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import KgError, UsageError
from kg.extraction import Cache, Options, extract
from kg.extraction.stream import LOOK_AHEAD
from kg.model import Extraction, Paper
from kg.report import Report


def papers(count: int) -> list[Paper]:
    """Short papers, some alike, some empty, one long."""
    made = []
    for n in range(count):
        text = f"We propose Method{n % 5} for image classification. It reaches {n}.5% accuracy on ImageNet. "
        abstract = "" if n % 7 == 3 else text * (30 if n == 1 else 1)
        made.append(
            Paper(id=f"p{n}", title="" if n % 7 == 3 else f"Method{n % 5}: A title", abstract=abstract)
        )
    return made


def noted(papers: Iterable[Paper], taken: list[str]) -> Iterator[Paper]:
    """Yield ``papers``, and note which were asked for."""
    for paper in papers:
        taken.append(paper.id)
        yield paper


def close(stream: Iterator[Extraction]) -> None:
    stream.close()  # type: ignore[attr-defined]  # what is returned is a generator


@pytest.fixture(scope="module")
def alone() -> list[Extraction]:
    return list(extract(papers(12)))


def test_answers_come_in_the_order_of_the_papers(alone: list[Extraction]) -> None:
    assert [found.paper_id for found in alone] == [paper.id for paper in papers(12)]
    assert sum(len(found.concepts) for found in alone) > 12


def test_two_processes_read_what_one_reads(alone: list[Extraction]) -> None:
    report = Report()
    assert list(extract(papers(12), jobs=2, report=report)) == alone
    assert report.counts["extraction.papers"] == 12
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_cached_is_not_read_again(alone: list[Extraction], tmp_path: Path, jobs: int) -> None:
    cold, warm = Report(), Report()
    assert list(extract(papers(12), jobs=jobs, cache=Cache(tmp_path), report=cold)) == alone
    assert list(extract(papers(12), jobs=jobs, cache=Cache(tmp_path), report=warm)) == alone
    assert warm.counts["run.extraction.cache_hits"] == 12
    assert warm.counts["run.extraction.cache_misses"] == 0
    # But for how the run went, a report says the same with and without a cache.
    for report in (cold, warm):
        for name in [name for name in report.counts if name.startswith("run.")]:
            del report.counts[name]
    assert cold.to_json() == warm.to_json()


def test_a_paper_more_is_one_miss_more(tmp_path: Path) -> None:
    list(extract(papers(4), cache=Cache(tmp_path)))
    report = Report()
    list(extract([*papers(4), Paper(id="new", title="A new one")], cache=Cache(tmp_path), report=report))
    assert report.counts["run.extraction.cache_misses"] == 1


def test_one_job_takes_one_paper_for_each_answer() -> None:
    taken: list[str] = []
    stream = extract(noted(papers(5), taken))
    assert taken == []
    next(stream)
    assert taken == ["p0"]
    close(stream)


def test_more_jobs_take_a_bounded_number_of_papers_ahead(tmp_path: Path) -> None:
    endless = (Paper(id=str(n), title="The same title") for n in itertools.count())
    taken: list[str] = []
    # With one text in the cache, an endless input is answered at once; how far ahead is it taken?
    list(extract([Paper(id="x", title="The same title")], cache=Cache(tmp_path)))
    stream = extract(noted(endless, taken), jobs=2, cache=Cache(tmp_path))
    for _ in range(3):
        next(stream)
    assert len(taken) <= 3 + 2 * LOOK_AHEAD
    close(stream)


def test_no_job_is_no_answer() -> None:
    with pytest.raises(UsageError, match="at least 1"):
        extract([], jobs=0)


def test_an_input_that_fails_ends_the_workers() -> None:
    def failing() -> Iterator[Paper]:
        yield from papers(3)
        raise ValueError("the input broke")

    with pytest.raises(ValueError, match="the input broke"):
        list(extract(failing(), jobs=2))
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_paper_that_cannot_be_read_is_named(jobs: int) -> None:
    wrong: Any = "not a number"
    with pytest.raises(Exception, match=r".") as caught:
        list(extract(papers(3), jobs=jobs, options=Options(least_confidence=wrong)))
    told = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", ())])
    assert "paper “p" in told
    assert "least_confidence" in told
    assert not multiprocessing.active_children()


def test_a_killed_worker_is_an_error_that_names_its_paper() -> None:
    stream = extract(papers(200), jobs=2)
    next(stream)
    os.kill(next(child.pid for child in multiprocessing.active_children() if child.pid), signal.SIGKILL)
    with pytest.raises(KgError, match=r"paper “p\d+” ended by SIGKILL"):
        list(stream)
    assert not multiprocessing.active_children()


def test_closing_early_ends_the_workers() -> None:
    stream = extract(papers(50), jobs=2)
    next(stream)
    assert multiprocessing.active_children()
    close(stream)
    assert not multiprocessing.active_children()


SCRIPT = """
import multiprocessing, sys
from kg.extraction import Cache, extract
from kg.model import Paper
from pathlib import Path
if __name__ == "__main__":
    papers = (Paper(id=str(n), title=f"Paper {n}", abstract="We propose Foo. " * 200) for n in range(10**6))
    for n, _ in enumerate(extract(papers, jobs=2, cache=Cache(Path(sys.argv[1])))):
        if n == 2:
            print(*(child.pid for child in multiprocessing.active_children()), flush=True)
"""


def cut_off(folder: Path, end: Callable[[int], None]) -> tuple[int, str, list[int]]:
    """Run the script in a process group of its own, ``end`` it; return status, errors and workers."""
    script = folder / "script.py"
    script.write_text(SCRIPT)
    with subprocess.Popen(
        [sys.executable, str(script), str(folder / "cache")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        workers = [int(pid) for pid in process.stdout.readline().split()]
        end(process.pid)
        _, errors = process.communicate()
    return process.returncode, errors, workers


def assert_gone(pids: list[int]) -> None:
    assert pids
    deadline = time.monotonic() + 30
    while alive := [pid for pid in pids if _alive(pid)]:
        assert time.monotonic() < deadline, f"still there: {alive}"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        # A process that is gone but not yet buried by its new parent is as good as gone.
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_ctrl_c_ends_parent_and_workers_with_one_traceback(tmp_path: Path) -> None:
    status, errors, workers = cut_off(tmp_path, lambda pid: os.killpg(pid, signal.SIGINT))
    assert status in {-signal.SIGINT, 130}
    # Where it cuts off the handling of another error, Python tells of both in one.
    chained = errors.count("During handling of the above exception")
    assert errors.count("Traceback") - chained == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert_gone(workers)


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    status, _, workers = cut_off(tmp_path, lambda pid: os.kill(pid, signal.SIGKILL))
    assert status == -signal.SIGKILL
    assert_gone(workers)
    # What was kept up to then is whole.
    report = Report()
    again = (Paper(id=str(n), title=f"Paper {n}", abstract="We propose Foo. " * 200) for n in range(3))
    list(extract(again, cache=Cache(tmp_path / "cache"), report=report))
    assert report.counts["run.extraction.cache_hits"] == 3


def test_a_script_without_a_main_guard_is_told_what_to_do(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace('if __name__ == "__main__":', "if True:"))
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "cache")], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "if __name__ == '__main__'" in done.stderr.splitlines()[-1]
