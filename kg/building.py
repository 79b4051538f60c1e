"""`build`: from files to a graph folder, through every room."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import platform
import time
import unicodedata
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

from kg import folder
from kg.assembly import assemble
from kg.errors import DiskError, InputError, UsageError, shown
from kg.files import real_path
from kg.model import Concept, Extraction, Merge, Paper
from kg.relations import relate
from kg.report import Report
from kg.resolution import NONE, Decisions, resolve
from kg.resolution import fingerprint as resolution_fingerprint
from kg.tables import Graph

#: Told the stage, how much of it is done, and of how much; None where that is not known.
Progress: TypeAlias = Callable[[str, int, int | None], None]

#: Counts under this name say how a run went, not what it made: they go to the log, not to the report.
RUN = "run."
#: Libraries whose version can change the tables, and this one.
_LIBRARIES = ("kg", "numpy", "onnxruntime", "pyarrow", "spacy", "tokenizers")

_T = TypeVar("_T")


def build(  # noqa: PLR0913 - one parameter an option of the verb, in the same words
    inputs: Iterable[str | Path] | str | Path,
    *,
    out: str | Path,
    format: str | None = None,  # noqa: A002 - the verb's word
    decisions: Decisions | str | Path | None = None,
    extractions: str | Path | None = None,
    only_extractions: bool = False,
    ids_from: str | Path | None = None,
    jobs: int = 1,
    cache: str | Path | None = None,
    progress: Progress | None = None,
) -> Graph:
    """Build the graph of the papers in ``inputs`` in the folder ``out``, in place of the graph there.

    ``inputs`` are files and folders, ``-`` standard input, in the one ``format`` or told by content.
    ``decisions`` are a file's or given; ``extractions`` names a file whose papers are not read again,
    and with ``only_extractions`` no others are. Concepts that go on from one of the graph folder
    ``ids_from`` keep its id. ``jobs`` is how many papers are read at the same time.
    What is read is kept in ``cache``, by default ``out`` with ``.cache`` behind it.

    Equal content, options and versions give equal tables and manifest, to the byte. On any error or
    interrupt ``out`` stays as it was. Raises UsageError, InputError or DiskError.
    """
    given = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    kept = Path(f"{real_path(Path(out))}.cache") if cache is None else Path(cache)
    _refuse_places(given, Path(out), kept)
    if jobs < 1:
        raise UsageError(f"jobs is {jobs}; give 1 or more")
    if only_extractions and extractions is None:
        raise UsageError("only_extractions needs extractions: a file that says what to take")
    decided = _decisions(decisions)
    previous = _NONE_BEFORE if ids_from is None else _Previous.of(Graph.load(ids_from))
    with folder.replacing(out) as place:
        work = _Work(Report(), _Log(progress))
        papers, merges = work.read(given, format)
        found = work.extract(papers, _Reading(extractions, only_extractions, jobs, kept))
        work.log.tell("resolving", 0, len(papers))
        linker = resolve(papers, found, decisions=decided, report=work.report, previous=previous.concepts)
        work.log.ended("resolving", len(papers))
        graph = assemble(papers, found, linker, merges, decisions=decided, report=work.report)
        work.log.ended("assembling", len(papers))
        graph = relate(graph, report=work.report)
        work.log.ended("relating", len(papers))
        graph.check()
        work.log.ended("checking", len(papers))
        graph = Graph(
            graph.tables,
            {
                "fingerprint": {
                    "pipeline": None if only_extractions else _fingerprint(),
                    "options": {"format": format, "only_extractions": only_extractions},
                    "decisions": decided.digest,
                    "ids_from": previous.digest,
                    "resolution": resolution_fingerprint(),
                    "extractions": None if extractions is None else _file_digest(Path(extractions)),
                },
                "inputs": work.digests,
                "versions": _versions(),
            },
            {**_without_run(work.report.to_json()), "made": graph.counts()},
        ).write(place.new)
        work.log.ended("writing", len(papers))
        counts = {name: n for name, n in sorted(work.report.counts.items()) if name.startswith(RUN)}
        folder.write_bytes(place.new / folder.LOG, work.log.text(jobs=jobs, counts=counts).encode())
    return replace(graph, path=place.path)


@dataclass(frozen=True, slots=True)
class _Previous:
    """The concepts whose ids go on, and the digest of the table that they come from."""

    concepts: tuple[Concept, ...] = ()
    digest: str | None = None

    @classmethod
    def of(cls, graph: Graph) -> _Previous:
        """Return the concepts of ``graph``."""
        names = [field.name for field in fields(Concept)]
        concepts = tuple(
            Concept(**{name: _frozen(row[name]) for name in names}) for row in graph.rows("concepts")
        )
        return cls(concepts, graph.manifest["tables"]["concepts"]["sha256"])


_NONE_BEFORE = _Previous()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class _Reading:
    """Where what papers say is to come from."""

    file: str | Path | None
    only_file: bool
    jobs: int
    cache: Path


@dataclass(slots=True)
class _Work:
    """One build: what it counts and tells on its way."""

    report: Report
    log: _Log
    digests: list[str] = field(default_factory=list)

    def read(self, inputs: Sequence[str | Path], format_: str | None) -> tuple[list[Paper], list[Merge]]:
        """Return the papers of ``inputs``, each once, and what was merged; InputError where there is none."""
        from kg.dedupe import dedupe
        from kg.reading import read

        records = list(
            self.log.each("reading", read(inputs, format=format_, report=self.report, digests=self.digests))
        )
        if not records:
            names = ", ".join(shown(str(name)) for name in inputs)
            raise InputError(f"no paper could be read from {names}{self.report.reasons()}")
        papers, merges = dedupe(records, report=self.report)
        self.log.ended("reading", len(records))
        return papers, merges

    def extract(self, papers: Sequence[Paper], reading: _Reading) -> dict[str, Extraction]:
        """Return what each paper says, by its id: from the file where it has the paper."""
        found: dict[str, Extraction] = {}
        if reading.file is not None:
            from kg.extraction import read_extractions

            found.update(read_extractions(Path(reading.file), papers, report=self.report))
        rest = [] if reading.only_file else [paper for paper in papers if paper.id not in found]
        if rest:
            from kg.extraction import Cache, extract

            stream = extract(rest, jobs=reading.jobs, cache=Cache(reading.cache), report=self.report)
            # Closing it ends the processes that read, whatever happens here.
            with contextlib.closing(cast("Generator[Extraction]", stream)):
                for extraction in self.log.each("extracting", stream, len(rest)):
                    found[extraction.paper_id] = extraction
        self.log.ended("extracting", len(found))
        return found


@dataclass(slots=True)
class _Log:
    """Tells how far the build is, and keeps what differs from run to run: times, and the machine."""

    progress: Progress | None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    lines: list[dict[str, Any]] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def tell(self, stage: str, done: int, total: int | None) -> None:
        if self.progress is not None:
            self.progress(stage, done, total)

    def each(self, stage: str, things: Iterable[_T], total: int | None = None) -> Iterator[_T]:
        """Yield ``things``, telling after each."""
        self.tell(stage, 0, total)
        for done, thing in enumerate(things, start=1):
            yield thing
            self.tell(stage, done, total)

    def ended(self, stage: str, done: int) -> None:
        """Note that ``stage`` came to its end after ``done`` things."""
        self.tell(stage, done, done)
        now = time.monotonic()
        self.lines.append({"stage": stage, "done": done, "seconds": round(now - self.since, 3)})
        self.since = now

    def text(self, **more: Any) -> str:
        """Return the log, one JSON object a line."""
        head = {
            "started": self.started.isoformat(timespec="seconds"),
            "machine": platform.platform(),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            **more,
        }
        return "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in (head, *self.lines))


def _refuse_places(inputs: Iterable[str | Path], out: Path, cache: Path) -> None:
    """Raise UsageError where a second build would read what the first one wrote, or delete it."""
    target, kept = real_path(out), real_path(cache)
    for given in inputs:
        source = Path(given)
        if str(given) == "-" or not source.is_dir():
            continue
        for what, place in (("graph", target), ("cache", kept)):
            if place.is_relative_to(real_path(source)):
                raise UsageError(
                    f"the {what} {place} would lie in {source}, which is read: name a place outside it"
                )
    if kept.is_relative_to(target):
        raise UsageError(f"the cache {cache} would lie in the graph folder {out}: name a place outside it")


def _decisions(given: Decisions | str | Path | None) -> Decisions:
    if given is None:
        return NONE
    if isinstance(given, Decisions):
        return given
    return Decisions.load(Path(given))


def _fingerprint() -> str:
    from kg.extraction import fingerprint

    return fingerprint()


def _file_digest(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise DiskError(f"{file} cannot be read: {error.strerror or error}") from error


def _versions() -> dict[str, str]:
    """Return the version of each library that shapes the tables."""
    versions = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return {**versions, "unicode": unicodedata.unidata_version}


def _without_run(report: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: n for name, n in report["counts"].items() if not name.startswith(RUN)}
    return {**report, "counts": counts}
