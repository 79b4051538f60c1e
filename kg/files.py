"""Files that are written whole or not at all, and what to tell of a disk that refuses."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TextIO

from kg.errors import DiskError, shown

_ROOM = "free some space, or choose a place on another disk"
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EROFS: "choose a place that can be written",
    errno.EACCES: "choose a place that you may write",
}


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Yield a stream for what becomes the file at ``path`` when all is written.

    A link stays a link, and the file that it leads to is replaced; the file keeps its mode. On any
    exception nothing is left, and what was there before stays. DiskError where it cannot be written.
    """
    with disk(f"{path} cannot be written"):
        real = real_path(path)
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


def real_path(path: Path) -> Path:
    """Return ``path`` in full and without links; DiskError where links lead in a circle."""
    with disk(f"{path} cannot be used"):
        real = Path(os.path.realpath(path))
        # Whether `Path.resolve` raises, and what, depends on the version of Python.
        if real.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        return real


@contextmanager
def disk(problem: str) -> Iterator[None]:
    """Turn the disk's errors within into `disk_error` of ``problem``.

    A BrokenPipeError passes: it is about who reads a pipe, and no disk.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise disk_error(problem, error) from error


def disk_error(problem: str, error: OSError) -> DiskError:
    """Return what to raise for ``error``: ``problem``, such as "FILE cannot be written", why, and advice."""
    reason = error.strerror or shown(str(error))
    if isinstance(error.filename, str) and error.filename not in problem:
        reason = f"{reason} ({error.filename})"
    advice = _ADVICE.get(error.errno or 0, "see that the place can be read and written, or name another")
    return DiskError(f"{problem}: {reason}; {advice}")
