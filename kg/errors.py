"""Everything that goes wrong on purpose.

The tree::

    KgError               (1)  a check failed
    ├── UsageError        (2)  a wrong call: a bad option or name, Cypher syntax, a refused folder
    ├── InputError        (3)  input that cannot be read
    ├── StoreError        (4)  a store that cannot be reached, or refuses
    └── DiskError         (5)  the disk: full, read-only, failing

The number is the exit status of ``kg``. Every message says what went wrong, where, and what to do
next. Text that comes from papers or files is shown through `shown`, never raw.
"""

from __future__ import annotations

from typing import ClassVar


class KgError(Exception):
    """The root. ``str(error)`` is one line for a person."""

    exit_code: ClassVar[int] = 1


class UsageError(KgError):
    """The call itself is wrong; trying again unchanged cannot help."""

    exit_code = 2


class InputError(KgError):
    """The input is not what it should be."""

    exit_code = 3


class StoreError(KgError):
    """A store is out of reach, refuses, or does not hold what it should."""

    exit_code = 4


class DiskError(KgError):
    """Reading or writing the disk failed."""

    exit_code = 5


def shown(text: str, most: int = 80) -> str:
    """Return foreign text fit for one line of a terminal: quoted, escaped and shortened."""
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    escaped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return f"“{escaped}”"
