"""Reading several papers at once: processes of their own, each with the pipeline loaded once.

A worker is given one paper at a time over a pipe, as JSON, and ends when the pipe does; so it ends
with its parent, however that ends. It never sees Ctrl-C: the parent does, and ends it.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from kg.errors import KgError, shown
from kg.extraction import records
from kg.extraction.options import Options

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from kg.model import Paper

#: Seconds that a worker gets to go by itself.
_PATIENCE = 5.0


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    answered: int = 0


class Crew:
    """Up to ``jobs`` workers, started as papers come in. Use it as a context manager."""

    def __init__(self, jobs: int, options: Options) -> None:
        self._jobs = jobs
        self._options = options
        self._queue: deque[tuple[int, Paper]] = deque()
        self._workers: list[_Worker] = []
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, int, Paper]] = {}

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.pipe.close()
            worker.process.terminate()  # it has nothing to finish: it holds no file and no lock
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.process.close()
        self._workers.clear()
        self._idle.clear()
        self._busy.clear()

    def submit(self, ticket: int, paper: Paper) -> None:
        """Have ``paper`` read; its answer will carry ``ticket``."""
        self._queue.append((ticket, paper))
        self._hand_out()

    def answers(self) -> list[tuple[int, bytes]]:
        """Wait for answers, and return them: tickets, with bytes that `records.load` understands.

        KgError, naming the paper, where a worker failed or was killed.
        """
        spoke = wait(list(self._busy))
        found = []
        for pipe, (worker, ticket, paper) in list(self._busy.items()):
            if pipe not in spoke:
                continue
            try:
                kind, _, body = pipe.recv_bytes().partition(b"\n")
            except (EOFError, OSError):
                raise _lost(worker, paper) from None
            if kind != b"read":
                raise KgError(f"reading paper {shown(paper.id)} failed: {shown(body.decode(), 300)}")
            worker.answered += 1
            del self._busy[pipe]
            self._idle.append(worker)
            found.append((ticket, body))
        self._hand_out()
        return found

    def _hand_out(self) -> None:
        while self._queue and (self._idle or len(self._workers) < self._jobs):
            if self._idle:
                worker = self._idle.pop()
            else:
                worker = _start(self._options)
                self._workers.append(worker)
            ticket, paper = self._queue.popleft()
            self._busy[worker.pipe] = worker, ticket, paper
            with suppress(OSError):  # it is gone; `answers` finds its pipe at an end, and says so
                worker.pipe.send_bytes(json.dumps([paper.title, paper.abstract]).encode("ascii"))


def _start(options: Options) -> _Worker:
    ours, theirs = multiprocessing.Pipe()
    # Spawned, not forked: a fork would copy threads' locks and whatever the caller has open.
    process = multiprocessing.get_context("spawn").Process(
        target=_work, args=(theirs, asdict(options)), daemon=True, name="kg-extract"
    )
    with _deaf_to_ctrl_c():
        process.start()
    theirs.close()  # so that our end knows when the worker is gone
    return _Worker(process, ours)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Block SIGINT in this thread, so that a process started here inherits that."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows; there `_work` does what it can
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _lost(worker: _Worker, paper: Paper) -> KgError:
    worker.process.join(_PATIENCE)
    code = worker.process.exitcode
    how = "without a word" if code is None else f"with status {code}"
    if code is not None and code < 0:
        with suppress(ValueError):
            how = f"by {signal.Signals(-code).name}"
    if worker.answered or (code or 0) < 0:
        advice = "if it ran out of memory, use fewer jobs, or leave that paper out"
    else:
        advice = "use one job, or call from under `if __name__ == '__main__':`"
    return KgError(f"the process that was reading paper {shown(paper.id)} ended {how}; {advice}")


def _work(pipe: Connection, options: dict[str, Any]) -> None:
    """Read papers from ``pipe`` until it ends. This runs in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from kg.extraction.spacy_pipeline import Reader

    reader: Reader | None = None
    while True:
        try:
            title, abstract = json.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            return
        try:
            reader = reader or Reader(Options(**options))
            answer = b"read\n" + records.dump(reader.read(title, abstract))
        except Exception as error:  # whatever it is, the parent names the paper with it
            answer = b"failed\n" + f"{type(error).__name__}: {error}".encode(errors="replace")
        try:
            pipe.send_bytes(answer)
        except OSError:
            return
