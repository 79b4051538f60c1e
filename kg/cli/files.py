"""An answer that goes to a file: whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TextIO

from kg.errors import DiskError, UsageError


@contextmanager
def answer_to(path: Path | None) -> Iterator[TextIO]:
    """Yield a stream for the answer: standard output where ``path`` is None, else what becomes ``path``.

    The file appears under its name when all is written; on any exception nothing is left, and what was
    there before stays. UsageError where ``path`` is a folder, DiskError where it cannot be written.
    """
    if path is None:
        yield sys.stdout
    elif path.is_dir():
        raise UsageError(f"{path} is a folder; name a file to write")
    elif path.exists() and not path.is_file():
        with _disk(path), path.open("w", encoding="utf-8") as stream:  # a device or a pipe stays what it is
            yield stream
    else:
        with _disk(path), _beside(path.resolve()) as stream:
            yield stream


@contextmanager
def _beside(path: Path) -> Iterator[TextIO]:
    temporary = path.with_name(f".{path.name}.{token_hex(4)}.new")
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise DiskError(f"{path} cannot be written: {reason}; make room, or name another file") from error
