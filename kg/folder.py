"""The graph folder: what makes it ours, the lock, and the swap that puts a new one in place.

Beside a graph folder ``DIR`` stand, while it is built, the folders ``.DIR.kg-new`` and ``.DIR.kg-old``
and the file ``.DIR.kg-lock``: "new", "old" and "lock" below. Nobody gives such a name to a graph of
their own, so that a copy called ``DIR.old`` is safe.

A graph is built in the new folder. When it is whole, ``DIR`` moves to the old one, the new one to
``DIR``, and the old one goes; all of it under the lock. A process killed at any moment leaves a state
that `settle` can tell: it finishes the swap where the new folder is whole and ``DIR`` is gone, and undoes
it otherwise. A folder is whole, and ours, when it has our manifest, which is written last and deleted
last.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import schema
from kg.errors import DiskError, StoreError, UsageError, shown
from kg.files import disk, real_path

MANIFEST = "manifest.json"
REPORT = "report.json"
LOG = "build.log"
CYPHER_STORE = "graph.kgl"
#: In every manifest, and only in ours.
MARK: Mapping[str, Any] = {"format": "kg graph", "format_version": schema.FORMAT_VERSION}
#: In the new folder from its first moment, so that it is known as ours while it has no manifest.
_BEGUN = ".kg-building"
#: How long a reader waits for a swap that another process is in the middle of, in seconds.
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """The folder ``path`` that a graph is for, and ``new``, where it is built."""

    path: Path
    new: Path


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest of the graph folder ``path``.

    UsageError where there is none of ours or it is a newer version's; StoreError where it is an older
    one's, which must be built again.
    """
    with _disk(path):
        manifest = _our_manifest(path)
    if manifest is None:
        raise UsageError(f"{path} is no graph folder; `kg build INPUT… --out {path}` makes one")
    version = manifest["format_version"]
    if version > schema.FORMAT_VERSION:
        raise UsageError(
            f"{path} has format version {version}, this kg knows up to {schema.FORMAT_VERSION}: update kg"
        )
    if version < schema.FORMAT_VERSION:
        raise StoreError(f"{path} has the older format version {version}: build the graph again")
    return manifest


def settle(directory: str | Path) -> Path:
    """Finish or undo a swap that was cut off; return the graph folder's real path.

    Every opener of a graph folder calls this first. Where nothing was cut off it only looks.
    """
    path = _real(directory)
    deadline = time.monotonic() + _PATIENCE
    while _ours(_beside(path, "old")):
        try:
            with _lock(path), _disk(path):
                _settle_locked(path)
            break
        except (UsageError, DiskError):
            # Another process is at it, or may write here and we may not. What is there can be read.
            if path.exists():
                break
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)
    return path


@contextlib.contextmanager
def replacing(directory: str | Path) -> Iterator[Place]:
    """Yield a `Place` to write a graph into; on the way out, put it in place of the old one.

    On any exception ``directory`` stays as it was, and what was written goes. UsageError where it holds
    something else or another process is building it; DiskError where the disk fails.
    """
    path = _real(directory)
    new, old = _beside(path, "new"), _beside(path, "old")
    with _lock(path):
        with _disk(path):
            _settle_locked(path)
            _refuse_foreign(path)
        try:
            with _disk(path):
                new.mkdir()
                (new / _BEGUN).touch()
            yield Place(path, new)
            with _disk(path):
                _put_in_place(path, new, old)
        finally:
            with _disk(path):
                _settle_locked(path)


def _put_in_place(path: Path, new: Path, old: Path) -> None:
    if _our_manifest(new) is None:
        raise StoreError(f"{new} was left without a manifest")
    (new / _BEGUN).unlink()
    _sync(new)
    if path.exists():
        path.rename(old)
    new.rename(path)
    _sync(path.parent)


def _disk(path: Path) -> contextlib.AbstractContextManager[None]:
    return disk(f"{path} cannot be used")


def read_json(file: Path) -> dict[str, Any]:
    """Return the JSON object in ``file``; StoreError where it holds something else."""
    try:
        data = json.loads(file.read_bytes())
    except ValueError as error:
        raise StoreError(f"{file} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise StoreError(f"{file} holds no JSON object")
    return data


def write_json(file: Path, data: Mapping[str, Any]) -> None:
    """Write ``data`` to ``file``, keys sorted: equal data, equal bytes."""
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
    # A lone surrogate, as file names can hold, becomes its JSON escape.
    write_bytes(file, f"{text}\n".encode(errors="backslashreplace"))


def write_bytes(file: Path, data: bytes) -> None:
    """Write ``data`` to the new file ``file`` and see it to the disk."""
    with _disk(file), file.open("xb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _real(directory: str | Path) -> Path:
    path = real_path(Path(directory))
    if not path.name:
        raise UsageError(f"{path} cannot be a graph folder; name one below it")
    try:
        str(path).encode()
    except UnicodeEncodeError as error:  # the Cypher store and the page take no other names
        raise UsageError(f"{shown(str(path))} is not UTF-8; name another folder") from error
    return path


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f".{path.name}.kg-{what}")


def _our_manifest(path: Path) -> dict[str, Any] | None:
    try:
        manifest = read_json(path / MANIFEST)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, StoreError):
        return None
    ours = manifest.get("format") == MARK["format"] and isinstance(manifest.get("format_version"), int)
    return manifest if ours else None


def _refuse_foreign(path: Path) -> None:
    """Raise UsageError where ``path`` holds anything that a swap must not take away."""
    if not path.exists():
        return
    if not path.is_dir():
        raise UsageError(f"{path} is a file; name a folder to build in")
    names = sorted(entry.name for entry in path.iterdir())
    if not names:
        return
    manifest = _our_manifest(path)
    if manifest is None:
        raise UsageError(f"{path} is not a graph folder and not empty; name another folder, or empty it")
    if manifest["format_version"] > schema.FORMAT_VERSION:
        raise UsageError(f"{path} was built by a newer kg; name another folder, or update kg")
    tables = manifest.get("tables")
    # A damaged manifest may not name them: then every table is one.
    known = {f"{table}.parquet" for table in tables} if isinstance(tables, dict) else None
    for name in names:
        is_table = name.endswith(".parquet") if known is None else name in known
        if name not in {MANIFEST, REPORT, LOG, CYPHER_STORE} and not is_table:
            raise UsageError(f"{path} holds {shown(name)}, which is no part of a graph; move it elsewhere")


def _settle_locked(path: Path) -> None:
    """Bring ``path`` and what stands beside it into a state without leftovers. The lock must be held."""
    new, old = _beside(path, "new"), _beside(path, "old")
    if _ours(old) and not path.exists():
        (new if _whole(new) else old).rename(path)
    for leftover in (new, old):
        if leftover.exists():
            _remove(leftover)


def _ours(path: Path) -> bool:
    """Tell whether ``path`` is a folder that a build made, or an empty one."""
    if not path.is_dir():
        return False
    return _our_manifest(path) is not None or (path / _BEGUN).exists() or not any(path.iterdir())


def _whole(new: Path) -> bool:
    return _our_manifest(new) is not None and not (new / _BEGUN).exists()


def _remove(leftover: Path) -> None:
    """Delete a folder of ours, what marks it as ours last, so that a kill midway leaves it known."""
    if not _ours(leftover):
        raise UsageError(f"{leftover} is in the way and is not of our making; move it elsewhere")
    names = {entry.name for entry in leftover.iterdir()}
    marks = [name for name in (_BEGUN, MANIFEST) if name in names]
    for name in [*sorted(names - set(marks)), *marks]:
        entry = leftover / name
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    leftover.rmdir()


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold the lock on ``path``; UsageError where another process has it. It goes with its process."""
    file = _beside(path, "lock")
    with _disk(file):
        handle = _locked(path, file)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            file.unlink()
        os.close(handle)


def _locked(path: Path, file: Path) -> int:
    import fcntl

    file.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise UsageError(
                f"another process is building {path}; wait for it, or name another folder"
            ) from None
        except BaseException:
            os.close(handle)
            raise
        # The holder deletes the file when it is done: a lock on a deleted file locks nobody out.
        if _same_file(handle, file):
            return handle
        os.close(handle)


def _same_file(handle: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    """See the entries of ``folder`` to the disk, so that a power cut keeps their order."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
