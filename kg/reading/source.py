"""Opening an input: its bytes, compression and encoding, and the lines in it.

Whatever the file, a reader sees one stream of UTF-8 (or of an old one-byte encoding where a line is none,
and the first that is not ASCII told so), one line at a time, no line longer than `RECORD_LIMIT`, without
byte order marks: files put one behind the other have them inside.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import hashlib
import io
import re
import sys
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.errors import DiskError, InputError, KgError, shown
from kg.text import replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.report import Report

#: The longest record that is read, in bytes; longer ones are skipped, so that memory stays bounded.
RECORD_LIMIT = 20_000_000
#: How much of a file is looked at to tell its format, in bytes.
HEAD = 1 << 18
#: The name that standard input goes by in sources and messages.
STDIN = "stdin"

TOO_LONG = f"record longer than {RECORD_LIMIT // 1_000_000} MB"
DAMAGED = "damaged UTF-8"

# Windows-1252 where it is defined, Latin-1 in its five gaps: every byte reads as something.
_CP1252 = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))
_WHOLE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_PARTIAL = re.compile(rb"[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2}")
_CUT_OFF = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z")
_FOREIGN = re.compile(rb"[\x80-\xff]")


_DISK = frozenset(
    {errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ESTALE, errno.ENODEV, errno.ENXIO}
)


class RefusedError(InputError):
    """A file that is not read at all; ``reason`` is the same words for every such file."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its line end. ``number`` counts from 1; ``problem`` says why it cannot be read.

    The text of a line with a problem is a likeness only: damaged bytes as U+FFFD, or nothing.
    """

    number: int
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One opened input.

    ``name`` is its file name without folders, fit for output. ``head`` is the text of its first
    `HEAD` bytes, ``whole`` whether that is all of it. The stream can be read once.
    """

    name: str
    head: str
    whole: bool
    report: Report
    stream: io.BufferedReader

    def lines(self, *, old_encodings: bool = True) -> Iterator[Line]:
        """Yield the lines, ended by line feeds, not by the rarer marks that Unicode also calls line ends.

        In a file that is not UTF-8 the lines that are none are taken for Windows-1252 where
        ``old_encodings`` allows it and no sign speaks for UTF-8; else they carry a problem.
        """
        number = 0
        settled, old = not old_encodings, False
        while data := self.stream.readline(RECORD_LIMIT + 1):
            number += 1
            if len(data) > RECORD_LIMIT:
                while not data.endswith(b"\n") and (data := self.stream.readline(HEAD)):
                    pass
                yield Line(number, "", TOO_LONG)
                continue
            if not settled and not data.isascii():
                settled, old = True, _is_old(data + self.stream.peek(HEAD))
                if old:
                    self.report.count("reading.files_windows_1252")
            text, problem = decoded(data.removeprefix(codecs.BOM_UTF8), old=old)
            yield Line(number, text, problem)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, in pieces of at most `HEAD`."""
        while data := self.stream.read1(HEAD):
            yield data

    def place(self, line: int) -> str:
        """Return how the report names ``line``."""
        return f"{self.name}:{line}"

    def drop(self, reason: str, line: int) -> None:
        """Count a record that is skipped, and name its place."""
        self.report.drop("reading", reason, self.place(line))


def decoded(data: bytes, *, old: bool = False) -> tuple[str, str]:
    """Return ``data`` as text and what is wrong with it; a lone surrogate is not wrong, only rare.

    What is no UTF-8 is Windows-1252, and not wrong either, where ``old`` says so.
    """
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        try:
            return data.decode("utf-8", "surrogatepass"), ""
        except UnicodeDecodeError:
            if old:
                return codecs.charmap_decode(data, "strict", _CP1252)[0], ""
            return data.decode("utf-8", "replace"), DAMAGED


def _is_old(data: bytes) -> bool:
    """Tell Windows-1252 from damaged UTF-8, in a file whose first bytes outside ASCII begin ``data``."""
    rest, whole = _WHOLE.subn(b" ", data)
    rest, partial = _PARTIAL.subn(b" ", _CUT_OFF.sub(b"", rest))
    return len(_FOREIGN.findall(rest)) > whole + partial


class _Tap(io.RawIOBase):
    """Passes bytes on, counting and hashing them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0
        self.sha256 = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub says Buffer
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self.size += len(data)
        self.sha256.update(data)
        return len(data)


class _Chained(io.RawIOBase):
    """Bytes that were read ahead, then those of a stream."""

    def __init__(self, head: bytes, rest: io.BufferedIOBase) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub says Buffer
        data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        data = data or self._more(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _more(self, size: int) -> bytes:
        return self._rest.read1(size)


class _FromUtf16(_Chained):
    """UTF-16 as UTF-8. A byte that is left over at the end becomes the beginning of a character cut off."""

    def __init__(self, encoding: str, stream: io.BufferedReader) -> None:
        super().__init__(b"", stream)
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")

    def _more(self, size: int) -> bytes:
        while data := self._rest.read1(size):
            if text := self._decoder.decode(data):
                self._head = text.encode("utf-8", "surrogatepass")
                break
        else:
            left, _ = self._decoder.getstate()
            self._decoder.reset()
            # Two bytes left over are half a pair, a lone surrogate; one is half a code unit.
            whole = self._decoder.decode(left[: len(left) // 2 * 2], final=True)
            self._head = whole.encode("utf-8", "surrogatepass") + b"\xc2" * (len(left) % 2)
            self._decoder.reset()
        data, self._head = self._head[:size], self._head[size:]
        return data


class _FromOldMac(_Chained):
    """Lines ended by a carriage return alone, as lines."""

    def _more(self, size: int) -> bytes:
        return self._rest.read1(size).replace(b"\r", b"\n")


def _buffered(raw: io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(raw, HEAD)


@dataclass(slots=True)
class Opened:
    """What is known of a file's bytes; complete once they have been read to the end."""

    source: Source
    _tap: _Tap
    _raw: io.BufferedReader

    def finish(self) -> tuple[int, str]:
        """Read what is left, and return the size in bytes and the SHA-256 of the content."""
        while self._raw.read(HEAD):
            pass
        return self._tap.size, self._tap.sha256.hexdigest()


@contextmanager
def opened(path: Path | None, report: Report) -> Iterator[Opened]:
    """Open ``path``, or standard input where it is None.

    Raises InputError where it cannot be opened or is damaged, RefusedError where it is empty, DiskError
    where the disk fails.
    """
    name = STDIN if path is None else file_name(path)
    if path is None and sys.stdin is None:
        raise InputError("there is no standard input to read; give a file or a folder")
    file: IO[bytes] | None = None
    try:
        file = sys.stdin.buffer if path is None else path.open("rb")
        tap = _Tap(file)
        raw = _buffered(tap)
        source = _source(name, raw, report)
        yield Opened(source, tap, raw)
    except OSError as error:
        raise file_error(error, STDIN if path is None else str(path)) from error
    except (EOFError, zlib.error) as error:
        raise InputError(
            f"{shown(name)} is a gzip file that is cut off or damaged; fetch or pack it again"
        ) from error
    finally:
        if file is not None and path is not None:
            file.close()


def file_name(path: Path) -> str:
    """Return the last part of ``path`` as text that every store can hold."""
    return replace_surrogates(path.name)[0]


def file_error(error: OSError, where: str) -> KgError:
    """Return the error to raise for ``error``, which came up at ``where``."""
    if isinstance(error, gzip.BadGzipFile):
        return InputError(f"{shown(where)} is a gzip file that is damaged; fetch or pack it again")
    if isinstance(error, FileNotFoundError):
        return InputError(f"{shown(where)} does not exist; give a file, a folder, or - for standard input")
    if isinstance(error, PermissionError):
        return InputError(f"{shown(where)} may not be read; check its permissions")
    if error.errno in _DISK:
        return DiskError(f"reading {shown(where)} failed: {error.strerror}; check the disk and try again")
    return InputError(f"{shown(where)} cannot be opened: {error.strerror or error}; check the name")


def _source(name: str, raw: io.BufferedReader, report: Report) -> Source:
    stream = raw
    if raw.peek(2).startswith(b"\x1f\x8b"):
        stream = _buffered(_Chained(b"", gzip.GzipFile(fileobj=raw)))
    head = stream.read(HEAD)
    if not head:
        raise RefusedError(f"{shown(name)} is empty; nothing can be read from it", "empty file")
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise RefusedError(f"{shown(name)} is UTF-32; convert it to UTF-8", "UTF-32")
    if encoding := _utf16(head):
        stream = _buffered(_FromUtf16(encoding, _buffered(_Chained(head, stream))))
        head = stream.read(HEAD)
    whole = len(head) < HEAD
    head = head.removeprefix(codecs.BOM_UTF8)
    if b"\r" in head and b"\n" not in head:
        stream = _buffered(_FromOldMac(b"", _buffered(_Chained(head, stream))))
        head = stream.read(HEAD)
    text, problem = decoded(head)
    if problem and _is_old(head):
        text = "\n".join(decoded(line, old=True)[0] for line in head.split(b"\n"))
    return Source(name, text, whole, report, _buffered(_Chained(head, stream)))


def _utf16(head: bytes) -> str:
    """Return the encoding where ``head`` is UTF-16, by its mark or by where its zero bytes lie."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if half and odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if half and even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""
