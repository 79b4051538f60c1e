"""A file that is written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TextIO

from kg.errors import DiskError


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Yield a stream for what becomes the file at ``path`` when all is written.

    A link stays a link, and the file that it leads to is replaced; the file keeps its mode. On any
    exception nothing is left, and what was there before stays. DiskError where it cannot be written.
    """
    with disk(path):
        real = path.resolve()
        beside = real.with_name(f".{real.name}.{token_hex(4)}.new")
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as stream:
                with suppress(FileNotFoundError):  # a new file gets the mode of any new file
                    os.fchmod(stream.fileno(), stat.S_IMODE(real.stat().st_mode))
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(real)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()


@contextmanager
def disk(path: Path) -> Iterator[None]:
    """Turn the disk's errors within, on the way to ``path``, into DiskError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise DiskError(f"{path} cannot be written: {reason}; make room, or name another file") from error
