"""DOIs, arXiv identifiers and years, out of whatever a file puts in their place. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

# Few parts before the slash, so that a long run of numbers and dots takes no long search from each of them.
_DOI = re.compile(r"\b10\.\d{1,9}(?:\.\d{1,9}){0,8}/\S{1,300}", re.IGNORECASE)
_DOI_HOSTS = re.compile(r"^https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}

_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|"
    "cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|"
    "nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
_ARXIV = rf"(?:(?P<new>{_NEW})|(?P<old>{_ARCHIVES})(?:\.[a-z]{{2}})?/(?P<number>\d{{7}}))(?:v\d+)?"
_ARXIV_ALONE = re.compile(rf"{_ARXIV}(?:\s*\[[\w.-]+\])?", re.IGNORECASE)
_ARXIV_NAMED = re.compile(
    rf"\barxiv(?:\.org/(?:abs|pdf|html|format|ps)/|\s?[:./]\s?){_ARXIV}(?!\d)", re.IGNORECASE
)

# Years outside are misprints or other numbers; a fixed range keeps the answer free of the clock.
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_DATE = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")


def doi(text: str) -> str:
    """Return the DOI in ``text``, in lower case and without resolver or prefix; "" if there is none."""
    found = _DOI.search(unquote(text) if "%2f" in text.lower() else text)
    if found is None:
        return ""
    name = found.group().lower()
    while name[-1] in ".,;:'\"" or (
        name[-1] in _PAIRS and name.count(name[-1]) > name.count(_PAIRS[name[-1]])
    ):
        name = name[:-1]
    return name


def doi_of_url(url: str) -> str:
    """Return the DOI that ``url`` resolves, "" where it is another kind of address."""
    return doi(re.split(r"[?#]", url, maxsplit=1)[0]) if _DOI_HOSTS.match(url) else ""


def doi_of_id(name: str) -> str:
    """Return the DOI that an id spells: alone, after "doi:", or as an address; "" if it is no DOI."""
    alone = name.strip()
    if len(alone.split()) == 1 and alone.lower().startswith(("doi:", "10.")):
        return doi(alone)
    return doi_of_url(alone)


def arxiv(text: str) -> str:
    """Return the arXiv identifier in ``text``, without version; "" if there is none.

    It must stand after "arXiv" or in an address there, or be all of the text.
    """
    found = _ARXIV_ALONE.fullmatch(text.strip()) or _ARXIV_NAMED.search(text)
    if found is None:
        return ""
    # The subject class of an old identifier (math.GT/0309136) is no part of its canonical form.
    return found["new"] or f"{found['old'].lower()}/{found['number']}"


def year(text: str) -> int | None:
    """Return the first year from 1500 to 2099 in ``text``, alone or within a date."""
    found = _YEAR.search(text) or _DATE.search(text)
    return int(found.group(1)) if found else None


def reference_keys(reference: str) -> tuple[str, ...]:
    """Return the ids under which a paper that ``reference`` names may be known, the most literal first."""
    text = reference.strip()
    keys = [text]
    if name := doi(text):
        keys.append(f"doi:{name}")
    if number := arxiv(text):
        keys.append(f"arxiv:{number}")
    return tuple(dict.fromkeys(keys))
