"""An answer that goes to a file: whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from kg.errors import UsageError
from kg.files import disk, replacing


@contextmanager
def answer_to(path: Path | None) -> Iterator[TextIO]:
    """Yield a stream for the answer: standard output where ``path`` is None, else what becomes ``path``.

    The file appears under its name when all is written; on any exception nothing is left, and what was
    there before stays. UsageError where ``path`` is a folder, DiskError where it cannot be written,
    BrokenPipeError with its name where it is a pipe that nobody reads any more.
    """
    if path is None:
        yield sys.stdout
    elif path.is_dir():
        raise UsageError(f"{path} is a folder; name a file to write")
    elif path.exists() and not path.is_file():
        # A device or a pipe stays what it is.
        try:
            with disk(f"{path} cannot be written"), path.open("w", encoding="utf-8") as stream:
                yield stream
        except BrokenPipeError as error:
            error.filename = str(path)
            raise
    else:
        with replacing(path) as stream:
            yield stream
