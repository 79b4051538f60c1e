"""Extractions kept from one run to the next: one small file for each text and pipeline.

An entry's name is a digest of the pipeline's fingerprint, title and abstract. It is written beside
its place and moved there in one step, so a killed process leaves no half entry, and two processes
that write the same entry write the same bytes. An entry holds its own name and a checksum; one that
does not agree with them is a miss, and is written again. The folder may be deleted at any time.
"""

from __future__ import annotations

import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from kg.errors import UsageError
from kg.extraction import records
from kg.files import disk, disk_error
from kg.model import Paper
from kg.text import digest, replace_surrogates

#: Tells backup programs that nothing here is worth keeping (https://bford.info/cachedir/).
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# What kg read out of papers; it may be deleted.\n"
_UNFINISHED = ".part"
#: Age in seconds after which an unfinished entry must be a killed process's.
_ABANDONED = 3600.0


class Cache:
    """The cache in ``folder``, which is made at the first entry.

    UsageError where ``folder`` is something else; DiskError where it cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is no folder, so it cannot be the cache; name another place")
        with disk(_problem(folder)):
            self._sweep()

    def get(self, fingerprint: str, paper: Paper) -> records.Answer | None:
        """Return what the pipeline called ``fingerprint`` read out of this text, None if unknown."""
        name = _name(fingerprint, paper)
        try:
            data = self._place(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise disk_error(_problem(self.folder), error) from error
        header, _, body = data.partition(b"\n")
        if header != _header(name, body):
            return None
        try:
            return records.load(body, paper)
        except (KeyError, TypeError, ValueError):
            return None  # written by hand, checksum and all

    def put(self, fingerprint: str, paper: Paper, body: bytes) -> None:
        """Keep ``body``, made by `kg.extraction.records.dump`, for this text and pipeline."""
        name = _name(fingerprint, paper)
        place = self._place(name)
        with disk(_problem(self.folder)):
            # Asked, not tried: a Ctrl-C in the handler of an error would be told as two errors.
            if not place.parent.is_dir():
                place.parent.mkdir(parents=True, exist_ok=True)
                (self.folder / "CACHEDIR.TAG").write_text(_TAG, encoding="ascii")
            self._write(place, name, body)

    def _write(self, place: Path, name: str, body: bytes) -> None:
        part = place.with_name(f"{place.stem}.{token_hex(4)}{_UNFINISHED}")
        try:
            part.write_bytes(_header(name, body) + b"\n" + body)
            part.replace(place)
        except BaseException:  # Ctrl-C as well: nothing half-written stays
            with suppress(OSError):
                part.unlink()
            raise

    def _place(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name[2:]}.json"

    def _sweep(self) -> None:
        """Remove what killed processes left."""
        for part in self.folder.glob(f"??/*{_UNFINISHED}"):
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > _ABANDONED:
                    part.unlink()


def _name(fingerprint: str, paper: Paper) -> str:
    title, abstract = replace_surrogates(paper.title)[0], replace_surrogates(paper.abstract)[0]
    return digest(fingerprint, title, abstract, length=40)


def _header(name: str, body: bytes) -> bytes:
    return f"{name} {sha256(body).hexdigest()}".encode("ascii")


def _problem(folder: Path) -> str:
    return f"the cache {folder} cannot be used"
