"""Formats that are known by sight but not read: each is refused by name, with what to convert it to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Later:
    """A format that is recognised and refused; ``advice`` says how to get something that is read."""

    name: str
    recognise: Callable[[str], bool]
    advice: str


def _matches(
    pattern: str, flags: re.RegexFlag = re.NOFLAG, *, within: int = 1 << 18
) -> Callable[[str], bool]:
    compiled = re.compile(pattern, flags)
    return lambda head: compiled.search(head[:within]) is not None


def _begins(*starts: str) -> Callable[[str], bool]:
    return lambda head: head.lstrip("\ufeff \t\r\n").startswith(starts)


def _json(pattern: str) -> Callable[[str], bool]:
    begins, matches = _begins("{", "["), _matches(pattern)
    return lambda head: begins(head) and matches(head)


_has_openalex = _json(r'"abstract_inverted_index"|"id"\s*:\s*"https?://openalex\.org/W\d')
_has_abstract = _json(r'"abstract"\s*:\s*"')


def is_binary(head: str) -> bool:
    """Return whether control characters are too many for text; a NUL here and there is still text."""
    controls = sum(c < " " and c not in "\t\n\r\f\v\x1b" for c in head)
    return controls > 0.01 * len(head) or head.count("\ufffd") > 0.1 * len(head)


_EXPORT = "export it as CSV with its abstracts, from the database or a reference manager such as Zotero"

#: The first that fits names the file.
LATER: tuple[Later, ...] = (
    Later("OpenAlex JSON", lambda head: _has_openalex(head) and not _has_abstract(head),
          "write one JSON object a line with id, title, abstract, year and doi, the abstract as plain text"),
    Later("Semantic Scholar JSON",
          _json(r'"paperId"\s*:\s*"[0-9a-f]{40}"|"corpus[iI]d"\s*:\s*\d|"external[iI]ds"\s*:\s*\{'),
          "write one JSON object a line with id, title, abstract, year and doi"),
    Later("Crossref JSON", _json(r'"message-type"\s*:\s*"work'),
          "write one JSON object a line with id, title, abstract, year and doi"),
    Later("HTML", _matches(r"\A\ufeff?\s*<(?:!doctype html|html|head|body|div|table|p)\b", re.IGNORECASE),
          "copy the page's text into a file, or export its records as CSV"),
    Later("XML", _matches(r"\A\ufeff?\s*<(?:\?xml|!--|!DOCTYPE|[A-Za-z_][\w.:-]*[\s/>])"), _EXPORT),
    Later("RIS", _matches(r"^\ufeff?TY {1,2}-(?: |\r?$)", re.MULTILINE, within=5000), _EXPORT),
    Later("PubMed (MEDLINE) tagged text",
          _matches(r"^\ufeff?PMID ?- ?\d", re.MULTILINE, within=5000), _EXPORT),
    Later("EndNote tagged text", _matches(r"\A\ufeff?\s*%0 \w"), _EXPORT),
    Later("Web of Science tagged text", _matches(r"\A\ufeff?\s*(?:FN [^\n]*\r?\n(?:VR |PT )|PT [A-Z]\r?\n)"),
          "export it as a tab-delimited file"),
    Later(
        "BibTeX",
        _matches(r"^[ \t]*@(?:[a-z]*article|in(?:proceedings|collection|book)|(?:mv)?book(?:let|inbook)?|"
                 r"conference|manual|misc|(?:phd|masters)?thesis|(?:mv)?proceedings|techreport|report|"
                 r"unpublished|online|electronic|dataset|software|string|preamble|comment|patent)\s*[{(]",
                 re.MULTILINE | re.IGNORECASE),
        _EXPORT,
    ),
    Later("PDF", _begins("%PDF"), "give a list of titles and abstracts instead"),
    Later("a ZIP archive, or a spreadsheet or document packed as one", _begins("PK\x03\x04"),
          "unpack it, or save the sheet as CSV"),
    Later("Parquet", _begins("PAR1"), "write it as CSV or JSON lines"),
    Later("an SQLite database", _begins("SQLite format 3"), "export its table as CSV"),
    Later("compressed with bzip2, xz or zstd", _matches(r"\A(?:BZh\d1AY|.?7zXZ|\(.{1,2}/.)", within=8),
          "unpack it, or compress it with gzip"),
)  # fmt: skip  # one format a row reads better than one argument a line


def later(head: str) -> Later | None:
    """Return the format that ``head`` is known for, None where it is none of these."""
    return next((format_ for format_ in LATER if format_.recognise(head)), None)
