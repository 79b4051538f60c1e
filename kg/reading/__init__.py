"""Reading papers from files, whatever their format; formats are told apart by content.

A format is one module with two functions and one row in `FORMATS`: ``recognise(head, whole)`` says
whether the head of a file is in it, ``read(source)`` yields the papers of an opened source. What a
reader skips it drops with `Source.drop`; it raises `RefusedError` where the file as a whole is no use.
"""

from __future__ import annotations

import bisect
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, UsageError, shown
from kg.reading import delimited, jsonl, listing
from kg.reading.later import is_binary, later
from kg.reading.source import RefusedError, Source, file_error, file_name, opened
from kg.report import Report

if TYPE_CHECKING:
    from kg.model import Paper

__all__ = ["FORMATS", "Format", "formats", "read"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read: its name for ``--format``, what it is, how to tell it and how to read it."""

    name: str
    description: str
    recognise: Callable[[str, bool], bool]
    read: Callable[[Source], Iterator[Paper]]


#: In the order in which they are tried.
FORMATS: tuple[Format, ...] = (
    Format(
        "jsonl",
        "JSON, one object a line or an array of objects, with title, abstract, year, doi and the like",
        jsonl.recognise,
        jsonl.read,
    ),
    Format(
        "csv",
        "a table with column names, parted by commas, semicolons, tabs or anything else",
        delimited.recognise,
        delimited.read,
    ),
    Format(
        "listing",
        "a listing page copied as text: titles and abstracts in turn, with or without blank lines",
        listing.recognise,
        listing.read,
    ),
)


def formats() -> dict[str, str]:
    """Return the names of the formats that are read, with what each is."""
    return {format_.name: format_.description for format_ in FORMATS}


def read(
    inputs: Iterable[str | Path] | str | Path,
    *,
    format: str | None = None,  # noqa: A002  # the public name, as in kg build --format
    report: Report | None = None,
    digests: list[str] | None = None,
) -> Iterator[Paper]:
    """Return the papers of ``inputs`` one by one: files, folders (searched through) and - for standard input.

    Each file's format is told by its content unless ``format`` names one. What is read and what is
    skipped is counted in ``report``: ``reading.files``, ``reading.records`` (papers yielded),
    ``reading.bytes`` and more. Into ``digests`` goes the SHA-256 of each file read, kept sorted, so
    that the list depends on the contents alone; it is complete once all papers have been taken.

    Raises UsageError for an unknown format or no input, InputError for an input that does not exist,
    cannot be read or is in no known format, DiskError where the disk fails; paths are checked before
    the first paper is asked for. In a folder, files of no known format are skipped and counted, and
    only a folder in which nothing can be read is an error.
    """
    chosen = _chosen(format)
    given = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    if not given:
        raise UsageError("nothing to read; give files, folders, or - for standard input")
    found = [(str(name), _files(str(name))) for name in given]
    return _papers(found, chosen, Report() if report is None else report, [] if digests is None else digests)


def _chosen(name: str | None) -> Format | None:
    if name is None:
        return None
    for format_ in FORMATS:
        if format_.name == name:
            return format_
    raise UsageError(f"no format is called {shown(name)}; choose one of {', '.join(formats())}")


def _files(given: str) -> list[Path] | None:
    """Return the files in folder ``given``, sorted; None where it is no folder."""
    if given == "-":
        return None
    path = Path(given)
    try:
        if not path.is_dir():
            path.stat()
            return None
        files = sorted(_walk(path), key=lambda file: file.relative_to(path).parts)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        if not isinstance(error, OSError):
            raise file_error(FileNotFoundError(), given) from error
        raise file_error(error, str(error.filename or given)) from error  # it may be a folder deep inside
    if not files:
        raise InputError(f"{shown(given)} is a folder without files; put the papers there, or name others")
    return files


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the regular files under ``folder``; hidden ones and folders are left out, loops are cut."""
    seen: set[str] = set()

    def fail(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=fail, followlinks=True):
        seen.add(os.path.realpath(place))
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and os.path.realpath(Path(place, name)) not in seen
        ]
        yield from (
            file for name in names if not name.startswith(".") and (file := Path(place, name)).is_file()
        )


def _papers(
    found: list[tuple[str, list[Path] | None]], chosen: Format | None, report: Report, digests: list[str]
) -> Iterator[Paper]:
    done: set[str] = set()
    for given, folder in found:
        refusals: list[RefusedError] = []
        files: list[Path | None] = [None if given == "-" else Path(given)] if folder is None else [*folder]
        for file in files:
            key = "-" if file is None else os.path.realpath(file)
            if key in done:
                report.count("reading.files_named_twice")
                continue
            done.add(key)
            try:
                yield from _file(file, chosen, report, digests)
            except RefusedError as refusal:
                if folder is None:
                    raise
                report.drop(
                    "reading", f"file skipped: {refusal.reason}", "" if file is None else file_name(file)
                )
                refusals.append(refusal)
        if refusals and len(refusals) == len(files):
            raise InputError(
                f"in the folder {shown(given)} nothing can be read: {refusals[0]}"
                + (f" (and {len(refusals) - 1} more like it)" if len(refusals) > 1 else "")
            )


def _file(path: Path | None, chosen: Format | None, report: Report, digests: list[str]) -> Iterator[Paper]:
    with opened(path, report) as file:
        reader = chosen or _recognised(file.source)
        for paper in reader.read(file.source):
            report.count("reading.records")
            yield paper
        size, digest = file.finish()
    report.count("reading.files")
    report.count("reading.bytes", size)
    bisect.insort(digests, digest)


def _recognised(source: Source) -> Format:
    """Return the format of ``source``; RefusedError where it is none that is read."""
    name, head = shown(source.name), source.head
    if source.whole and not head.strip("\ufeff \t\r\n\f\v"):
        raise RefusedError(f"{name} holds nothing but white space", "empty file")
    if refused := later(head):
        raise RefusedError(
            f"{name} is {refused.name}, which is not read yet; {refused.advice}",
            f"{refused.name} not read yet",
        )
    for format_ in FORMATS:
        if format_.recognise(head, source.whole):
            return format_
    if is_binary(head):
        raise RefusedError(f"{name} is no text; give a text file", "binary file")
    raise RefusedError(
        f"{name} is in no format that is known; tried {', '.join(formats())}; "
        "convert it to one of them, or name the one it is with --input-format",
        "no known format",
    )
