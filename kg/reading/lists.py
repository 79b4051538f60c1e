"""Authors and references: from lists, and from the strings that tables hold in their place. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.reading import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_QUOTED = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)")\s*(?:,|$)""")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,4}")
_AND = re.compile(r"\s(?:and|&)\s", re.IGNORECASE)
_NAME_KEYS = ("name", "display_name", "displayName", "full_name", "fullName", "literal", "raw_author_name")
_GIVEN_KEYS = ("given", "given_name", "givenName", "first", "first_name", "firstName", "forename")
_FAMILY_KEYS = ("family", "family_name", "familyName", "last", "last_name", "lastName", "surname")
# Before all others what means the same paper in every list: an id may be but a number in this one.
_REFERENCE_MARKS = (("doi", identifiers.doi), ("DOI", identifiers.doi), ("arxiv", identifiers.arxiv))
_REFERENCE_KEYS = ("id", "paperId", "url", "title", "unstructured", "doi", "DOI", "arxiv")


def authors(value: object) -> tuple[str, ...]:
    """Return the names in ``value``: a string that lists them, a list of strings or of objects."""
    return _distinct(_author_names(value))


def references(value: object) -> tuple[str, ...]:
    """Return the papers that ``value`` refers to, each as written: an id, a DOI, an address, a title."""
    return _distinct(_reference_names(value))


def name(value: object) -> str:
    """Return the name of what ``value`` describes: a string, an object with a name, a list of either."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return _first(value, (*_NAME_KEYS, "title"))
    if isinstance(value, list):
        return next(filter(None, map(name, value)), "")
    return ""


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (" ".join(n.split()) for n in names))))


def _author_names(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return _split_authors(value)
    if isinstance(value, dict):
        return [_person(value)]
    if isinstance(value, list):
        # A string in a list is one author, however many commas it has.
        return [_person(v) if isinstance(v, dict) else v for v in value if isinstance(v, dict | str)]
    return []


def _person(value: dict[str, object]) -> str:
    nested = value.get("author")
    if isinstance(nested, dict):
        return _person(nested)
    whole = _first(value, _NAME_KEYS)
    return whole or " ".join(filter(None, (_first(value, _GIVEN_KEYS), _first(value, _FAMILY_KEYS))))


def _first(value: Mapping[str, object], keys: Iterable[str]) -> str:
    for key in keys:
        found = value.get(key)
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def _split_plainly(text: str) -> list[str] | None:
    """Return the parts of ``text`` where it leaves no doubt: a Python list, or a mark that no part holds."""
    if (listed := _python_list(text)) is not None:
        return listed
    return next((text.split(mark) for mark in (";", "|", "\n") if mark in text), None)


def _split_authors(text: str) -> list[str]:
    text = text.strip()
    if (plain := _split_plainly(text)) is not None:
        return plain
    pieces = _AND.split(text)
    if len(pieces) > 1 and all("," in piece and _one_author(piece) for piece in pieces):
        return pieces  # "Last, First and Last, First"
    return [name for piece in pieces for name in _split_at_commas(piece)]


def _one_author(piece: str) -> bool:
    """Tell "Last, First" from "First Last, First Last"."""
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    return len(parts) < 2 or (len(parts) == 2 and not all(" " in part for part in parts))


def _split_at_commas(piece: str) -> list[str]:
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(given) for given in parts[1::2]):
        return [f"{last}, {given}" for last, given in zip(parts[::2], parts[1::2], strict=True)]
    return [", ".join(parts)] if _one_author(piece) else parts


def _python_list(text: str) -> list[str] | None:
    """Return the strings of a list as Python or JSON prints it; None where ``text`` is none."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    inner, found, position = text[1:-1].strip(), [], 0
    while position < len(inner):
        match = _QUOTED.match(inner, position)
        if match is None:
            return None
        found.append(re.sub(r"\\(.)", r"\1", match[1] if match[1] is not None else match[2]))
        position = match.end()
    return found


def _reference_names(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return _split_references(value)
    if isinstance(value, dict):
        return [_reference(value)]
    if isinstance(value, list):
        return [_reference(v) if isinstance(v, dict) else str(v) for v in value if _says(v)]
    return []


def _reference(value: dict[str, object]) -> str:
    plain = {
        key: str(found) if _says(found) else "" for key, found in value.items() if not isinstance(found, dict)
    }
    marked = (key for key, mark in _REFERENCE_MARKS if mark(plain.get(key, "")))
    return _first(plain, (*marked, *_REFERENCE_KEYS))


def _says(value: object) -> bool:
    return isinstance(value, dict | str) or (isinstance(value, int) and not isinstance(value, bool))


def _split_references(text: str) -> list[str]:
    text = text.strip()
    if (plain := _split_plainly(text)) is not None:
        return plain
    for parts in (text.split(","), text.split()):
        # Titles hold commas and spaces too: these part only what is all identifiers.
        if all(identifiers.doi(part) or identifiers.arxiv(part) or _is_key(part) for part in parts):
            return parts
    return [text]


def _is_key(text: str) -> bool:
    """Tell a bare key (W2741809807, 12345, smith2019) from a word: it has a digit and no space."""
    key = text.strip()
    return any(c.isdigit() for c in key) and not any(c.isspace() for c in key)
