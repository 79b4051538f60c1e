"""Names as strings: which ones a paper gives to what is its own, and which papers write them.

Concepts join what is one thing; a name before a title's colon, a proposed one, or a short form in brackets
is also looked for as written, in every text, whether or not the extraction saw it there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, cast

from kg.model import ROLES
from kg.plurals import singular
from kg.relations.marks import before_colon
from kg.relations.view import CHUNK, NO_YEAR, View

#: Ways of giving a name, in the title, as proposed, in brackets, and how sure each is that it is one's own.
TITLE, PROPOSED, BRACKETS = 0, 1, 2
_SURENESS = (1.0, 0.7, 0.5)
_LONGEST = 5
#: From this weight on a name leads to the one who gave it.
_OWN = 0.2
#: Papers that can have given one name; the earliest count.
_MOST = 24

_TOKEN = re.compile(r"[^\W_]+[+#*]*")
_CUE = re.compile(
    r"\b(?:propos|introduc|present|call|nam(?:ed?|ing)\b|dub|term|develop|design|novel\b|new\b|releas|creat"
    r"|collect|refer|denot|buil[dt])",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(\s*([A-Za-z][\w.+-]{1,15}?)s?\s*\)")
_CALLED = re.compile(
    r"\b(?:called|named|dubbed|termed|namely|proposes?|presents?|introduces?|as)\s+"
    r"(?:the\s+|an?\s+)?[\"'`\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}]*"
    r"([A-Za-z][\w.+-]{0,30})"
)
#: Code points before a short form in brackets within which something says that it is new.
_NEAR = 120

Name = tuple[str, ...]


class Said(NamedTuple):
    """How a text writes a name: how often, if in the title, and how it is spelled (`spelling`)."""

    times: int
    in_title: bool
    spelling: int


class Naming(NamedTuple):
    """A name that an earlier paper gave and a later one writes.

    ``given`` is how it was given; ``before`` and ``same_year`` count others who wrote it earlier, or in the
    year of the earlier paper; ``users`` those after it; ``rivals`` others, not later, who gave it; ``known``
    those who wrote it before the later paper. ``weight`` (0-1) says how far it is the earlier one's own.
    """

    given: int
    spelling: int
    words: int
    length: int
    before: int
    same_year: int
    users: int
    rivals: int
    givers: int
    said: Said
    own: Said
    known: int
    weight: float


@dataclass(frozen=True, slots=True)
class Namings:
    """Names by paper that gave them, with how and in which spelling; who wrote each, and who gave it."""

    given: list[dict[Name, tuple[int, int]]]
    givers: dict[Name, list[int]]
    said: dict[Name, dict[int, Said]]
    written: list[list[Name]]
    years: Sequence[int]
    _dated: dict[tuple[Name, int], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, view: View) -> Namings:
        """Return the names of all papers of ``view``."""
        given = [_given(title, abstract, own) for title, abstract, own in _texts(view)]
        years: list[int] = view.year.tolist()
        givers: dict[Name, list[int]] = {}
        for paper, names in enumerate(given):
            for name in names:
                givers.setdefault(name, []).append(paper)
        for papers in givers.values():
            papers.sort(key=lambda paper: (years[paper] or 9999, paper))
            del papers[_MOST:]
        beginnings: dict[str, int] = {}
        for name in givers:
            beginnings[name[0]] = max(beginnings.get(name[0], 0), len(name))
        said: dict[Name, dict[int, Said]] = {name: {} for name in givers}
        for paper, (title, abstract, _) in enumerate(_texts(view)):
            for in_title, text in ((True, title), (False, abstract)):
                tokens: list[str] = _TOKEN.findall(text)
                forms = [_form(token) for token in tokens]
                for at, form in enumerate(forms):
                    for length in range(1, min(beginnings.get(form, 0), len(forms) - at) + 1):
                        own = said.get(tuple(forms[at : at + length]))
                        if own is not None:
                            spelled = max(map(spelling, tokens[at : at + length]))
                            old = own.get(paper, Said(0, False, 0))
                            own[paper] = Said(
                                old.times + 1, old.in_title or in_title, max(old.spelling, spelled)
                            )
        written: list[list[Name]] = [[] for _ in given]
        for name in sorted(said):
            for paper in said[name]:
                written[paper].append(name)
        return cls(given, givers, said, written, years)

    def givers_before(self, later: int) -> list[int]:
        """Return the papers of earlier years whose names ``later`` writes, as far as these are their own."""
        now = self.years[later]
        found: set[int] = set()
        for name in self.written[later]:
            said = self.said[name][later]
            for earlier in self.givers[name]:
                given, spelled = self.given[earlier][name]
                if NO_YEAR < self.years[earlier] < now and _fits(name, spelled, said):
                    one = self._naming(name, given, spelled, later, earlier, said)
                    if one.weight >= _OWN:
                        found.add(earlier)
        return sorted(found)

    def between(self, later: int, earlier: int) -> Naming | None:
        """Return the name of ``earlier`` that ``later`` writes and that is most its own, if there is one."""
        best: Naming | None = None
        for name, (given, spelled) in sorted(self.given[earlier].items()):
            said = self.said[name].get(later)
            if said is None or not _fits(name, spelled, said):
                continue
            one = self._naming(name, given, spelled, later, earlier, said)
            if best is None or one.weight > best.weight:
                best = one
        return best

    def _naming(self, name: Name, given: int, spelled: int, later: int, earlier: int, said: Said) -> Naming:
        years = self._years(name, spelled)
        then, now = self.years[earlier], self.years[later]
        own = self.said[name].get(earlier, Said(0, False, 0))
        other = 1 if _fits(name, spelled, own) and own.times else 0
        before = same = 0
        if then != NO_YEAR:
            before = bisect_left(years, then) - bisect_left(years, NO_YEAR + 1)
            same = bisect_left(years, then + 1) - bisect_left(years, then) - other
        users = len(years) - other - before - same
        known = bisect_left(years, now) - bisect_left(years, NO_YEAR + 1) if now != NO_YEAR else 0
        if now > then != NO_YEAR:
            known -= other
        givers = self.givers[name]
        rivals = sum(self.years[one] <= then for one in givers if one != earlier)
        return Naming(
            given=given,
            spelling=spelled,
            words=len(name),
            length=sum(map(len, name)),
            before=before,
            same_year=max(same, 0),
            users=max(users, 0),
            rivals=rivals,
            givers=len(givers),
            said=said,
            own=own,
            known=max(known, 0),
            weight=_SURENESS[given] / (1 + before + 0.5 * rivals),
        )

    def _years(self, name: Name, spelled: int) -> list[int]:
        """Return the years of those who write ``name`` so, ascending; `NO_YEAR` where unknown."""
        found = self._dated.get((name, spelled))
        if found is None:
            found = sorted(
                self.years[paper] for paper, said in self.said[name].items() if _fits(name, spelled, said)
            )
            self._dated[name, spelled] = found
        return found


def spelling(token: str) -> int:
    """Return 2 where ``token`` has capitals inside or digits, 1 where it begins with a capital, else 0."""
    if any(c.isupper() for c in token[1:]) or any(map(str.isdigit, token)):
        return 2
    return int(token[:1].isupper())


def _fits(name: Name, spelled: int, said: Said) -> bool:
    """Tell whether a text writes the name so that it can be meant: a single word with its capitals."""
    return len(name) > 1 or said.spelling >= spelled


def _texts(view: View) -> Iterator[tuple[str, str, list[str]]]:
    """Yield title, abstract and the proposed names, as written, of each paper."""
    texts = view.tables["papers"].select(["title", "abstract"])
    surfaces = view.tables["paper_concept"].select(["surfaces"])
    proposes = ROLES.index("PROPOSES")
    paper = 0
    for batch in texts.to_batches(max_chunksize=CHUNK):
        rows = batch.to_pylist()
        low, high = int(view.first[paper]), int(view.first[paper + len(rows)])
        told = cast("list[list[str]]", surfaces.take(view.row[low:high])["surfaces"].to_pylist())
        for row in rows:
            own = range(int(view.first[paper]), int(view.first[paper + 1]))
            names = [
                name for edge in own if int(view.role[edge]) == proposes for name in sorted(told[edge - low])
            ]
            yield row["title"], row["abstract"], names
            paper += 1


def _given(title: str, abstract: str, proposed: Sequence[str]) -> dict[Name, tuple[int, int]]:
    """Return the names that a paper gives, each with the surest way and its spelling."""
    found: dict[Name, tuple[int, int]] = {}

    def put(text: str, how: int) -> None:
        tokens: list[str] = _TOKEN.findall(text)
        if not 1 <= len(tokens) <= _LONGEST:
            return
        name = tuple(map(_form, tokens))
        spelled = max(map(spelling, tokens))
        if len(name) == 1 and (len(name[0]) < 2 or (spelled == 0 and how != TITLE)):
            return
        if name not in found or how < found[name][0]:
            found[name] = (how, spelled)

    colon = before_colon(title)
    if len(colon.split()) < _LONGEST:
        put(colon, TITLE)
    for name in proposed:
        put(name, PROPOSED)
    text = f"{title} . {abstract}"
    for match in _BRACKETS.finditer(text):
        near = text[max(0, match.start() - _NEAR) : match.start()]
        if spelling(match[1]) == 2 and _CUE.search(near):
            put(match[1], BRACKETS)
    for match in _CALLED.finditer(text):
        if spelling(match[1]) == 2:
            put(match[1], BRACKETS)
    return found


@lru_cache(maxsize=1 << 18)
def _form(token: str) -> str:
    """Return the form in which a word of a name is compared: lower case, singular unless all capitals."""
    if token.isupper():
        return token.casefold()
    if token.endswith("s") and token[:-1].isupper():
        return token[:-1].casefold()
    return singular(token.casefold())
