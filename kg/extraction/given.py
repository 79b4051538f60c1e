"""Reading extractions that people corrected, or that other programs made.

Nothing in such a file is believed: offsets must give the text, and what is ill-formed is left out,
counted, and named with its line.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DiskError, InputError
from kg.extraction.labels import ALLOWED_ROLES
from kg.extraction.occurrences import places, whole_words
from kg.extraction.quantities import read_quantity
from kg.model import (
    CONCEPT_TYPES,
    FIELDS,
    ROLES,
    ConceptType,
    Extraction,
    Field,
    Mention,
    Paper,
    Result,
    ResultKind,
    Role,
)
from kg.model import PaperConcept as Concept
from kg.report import Report
from kg.text import replace_surrogates

STAGE = "extractions"
EXTRACTOR = "given"

#: How `kg extract` calls the concepts of a paper.
_KEY = re.compile(r"c\d+")
_KINDS: tuple[ResultKind, ...] = ("absolute", "improvement")
#: Result links, and the type of concept that each names.
_LINKS: tuple[tuple[str, ConceptType], ...] = (
    ("method", "METHOD"),
    ("task", "TASK"),
    ("dataset", "DATASET"),
    ("metric", "METRIC"),
)


def read_extractions(path: Path, papers: Iterable[Paper], *, report: Report) -> dict[str, Extraction]:
    """Return the extractions in the JSON Lines file ``path``, by `Paper.id`.

    An entry belongs to the paper that has its id among `Paper.ids`; where it holds title or
    abstract, they must be the paper's. Of two entries for one paper the first counts. A confidence
    that is not given is 1.0.

    InputError where there is no such file, or where none of its lines is an entry; DiskError where
    it cannot be read.
    """
    by_id: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        for identifier in dict.fromkeys((paper.id, *paper.ids)):
            by_id[identifier].append(paper)
    found: dict[str, Extraction] = {}
    entries = lines = 0
    for number, line in _lines(path):
        lines += 1
        where = f"{path.name} line {number}"
        try:
            entry = _entry(line)
        except _Refused as refused:
            report.drop(STAGE, refused.reason, where)
            continue
        entries += 1
        try:
            paper = _paper(entry, by_id)
            if paper.id in found:
                raise _Refused("a second entry for the same paper")
        except _Refused as refused:
            report.drop(STAGE, refused.reason, where)
            continue
        found[paper.id] = _Reader(paper, entry, where, report).read()
        report.count("extractions.papers")
    if lines and not entries:
        raise InputError(
            f"{path} holds no extractions: each line has to be a JSON object with id and concepts, "
            "as `kg extract` writes them"
        )
    return found


def load_json(line: bytes) -> Any:
    """Return the value of one line of JSON; ValueError where it is none, or is nested too deeply."""
    try:
        return json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of the lines of ``path`` that are not blank."""
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if bare.strip():
                    yield number, bare
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError(f"{path} is no file; --extractions takes a file that `kg extract` wrote") from error
    except OSError as error:
        raise DiskError(f"{path} cannot be read: {error.strerror}") from error


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _entry(line: bytes) -> dict[str, Any]:
    try:
        entry = load_json(line)
    except UnicodeDecodeError:
        raise _Refused("not UTF-8") from None
    except ValueError:
        raise _Refused("not JSON") from None
    if not isinstance(entry, dict) or not isinstance(entry.get("concepts"), list):
        raise _Refused("no object with id and concepts")
    if _identifier(entry) == "" or not isinstance(entry.get("results", []), list):
        raise _Refused("no object with id and concepts")
    return entry


def _identifier(entry: Mapping[str, Any]) -> str:
    value = entry.get("id")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _paper(entry: Mapping[str, Any], by_id: Mapping[str, list[Paper]]) -> Paper:
    identifier = _identifier(entry)
    candidates = by_id.get(identifier, [])
    if not candidates:
        raise _Refused("no paper has this id")
    given: dict[Field, str] = {}
    for field in FIELDS:
        if field in entry:
            if not isinstance(entry[field], str):
                raise _Refused("no object with id and concepts")
            given[field] = replace_surrogates(entry[field])[0]
    fitting = [p for p in candidates if all(p.text(field) == text for field, text in given.items())]
    if not fitting:
        raise _Refused("the text is not the paper's")
    own = [paper for paper in fitting if paper.id == identifier]
    if not own and len(fitting) > 1:
        raise _Refused("several papers have this id")
    return (own or fitting)[0]


@dataclass(slots=True)
class _Draft:
    """A concept whose mentions are being found; ``strings`` are those without a place yet."""

    key: str
    type: ConceptType
    role: Role
    name: str
    confidence: float
    mentions: dict[tuple[int, int, int], Mention]
    strings: list[tuple[str, float]]
    where: str


class _Reader:
    """Reads one entry; what is wrong in it goes to the report."""

    def __init__(self, paper: Paper, entry: Mapping[str, Any], where: str, report: Report) -> None:
        self._paper = paper
        self._entry = entry
        self._where = where
        self._report = report

    def read(self) -> Extraction:
        """Return what holds of the entry: concepts in the order of their first mentions."""
        drafts = []
        for number, given in enumerate(self._entry["concepts"], 1):
            where = f"{self._where}, concept {number}"
            try:
                drafts.append(self._draft(given, where))
            except _Refused as refused:
                self._report.drop(STAGE, refused.reason, where)
        self._place_strings(drafts)
        placed = []
        for draft in drafts:
            if draft.mentions:
                placed.append(draft)
            else:
                self._report.drop(STAGE, "concept without a mention in the text", draft.where)
        placed.sort(key=lambda draft: min(draft.mentions))
        concepts = tuple(
            Concept(
                key=f"c{number}",
                type=draft.type,
                role=draft.role,
                name=draft.name,
                confidence=draft.confidence,
                mentions=tuple(mention for _, mention in sorted(draft.mentions.items())),
            )
            for number, draft in enumerate(placed)
        )
        keys = {draft.key: f"c{number}" for number, draft in reversed(list(enumerate(placed))) if draft.key}
        return Extraction(
            paper_id=self._paper.id,
            extractor=EXTRACTOR,
            concepts=concepts,
            results=tuple(self._results(concepts, keys)),
        )

    def _draft(self, given: Any, where: str) -> _Draft:
        if not isinstance(given, dict) or not isinstance(given.get("mentions"), list):
            raise _Refused("concept ill-formed")
        type_ = next((t for t in CONCEPT_TYPES if t == given.get("type")), None)
        role = next((r for r in ROLES if r == given.get("role")), None)
        name = _string(given.get("name"))
        if type_ is None or role is None or not name.strip():
            raise _Refused("concept ill-formed")
        if role not in ALLOWED_ROLES[type_]:
            raise _Refused("role that its type cannot have")
        confidence = _confidence(given)
        draft = _Draft(_string(given.get("key")), type_, role, name, confidence, {}, [], where)
        for mention in given["mentions"]:
            try:
                self._mention(mention, draft)
            except _Refused as refused:
                self._report.drop(STAGE, refused.reason, where)
        return draft

    def _mention(self, given: Any, draft: _Draft) -> None:
        if isinstance(given, str):
            given = {"text": given}
        if not isinstance(given, dict):
            raise _Refused("mention ill-formed")
        confidence = _confidence(given)
        text = _string(given.get("text"))
        if "start" not in given and "end" not in given:
            if not text:
                raise _Refused("mention ill-formed")
            draft.strings.append((text, confidence))
            return
        field, start, end = self._span(given, "mention ill-formed")
        written = self._paper.text(field)[start:end]
        if "text" in given and text != written:
            raise _Refused("mention whose offsets do not give its text")
        place = FIELDS.index(field), start, end
        if place in draft.mentions:
            raise _Refused("mention given twice")
        draft.mentions[place] = Mention(
            field=field, start=start, end=end, text=written, confidence=confidence
        )

    def _span(self, given: Mapping[str, Any], reason: str) -> tuple[Field, int, int]:
        field = next((f for f in FIELDS if f == given.get("field")), None)
        start, end = given.get("start"), given.get("end")
        # `type`, because True is an int too.
        if field is None or type(start) is not int or type(end) is not int:
            raise _Refused(reason)
        if not 0 <= start < end <= len(self._paper.text(field)):
            raise _Refused("offsets outside the text")
        return field, start, end

    def _place_strings(self, drafts: list[_Draft]) -> None:
        owner: dict[str, tuple[_Draft, float]] = {}
        for draft in drafts:
            for string, confidence in draft.strings:
                if string in owner and owner[string][0] is not draft:
                    self._report.drop(STAGE, "mention of two concepts", draft.where)
                else:
                    owner[string] = draft, confidence
        seen = set()
        for index, field in enumerate(FIELDS):
            taken = [place[1:] for draft in drafts for place in draft.mentions if place[0] == index]
            for start, end, string in places(self._paper.text(field), owner, taken):
                draft, confidence = owner[string]
                seen.add(string)
                draft.mentions[index, start, end] = Mention(
                    field=field, start=start, end=end, text=string, confidence=confidence
                )
        for string, (draft, _) in owner.items():
            if string not in seen:
                self._report.drop(STAGE, "mention not found in the text", draft.where)

    def _results(self, concepts: tuple[Concept, ...], keys: Mapping[str, str]) -> Iterator[Result]:
        used: Counter[str] = Counter()
        for number, given in enumerate(self._entry.get("results", []), 1):
            try:
                yield self._result(given, concepts, keys, used)
            except _Refused as refused:
                self._report.drop(STAGE, refused.reason, f"{self._where}, result {number}")

    def _result(
        self, given: Any, concepts: tuple[Concept, ...], keys: Mapping[str, str], used: Counter[str]
    ) -> Result:
        if not isinstance(given, dict):
            raise _Refused("result ill-formed")
        value = _string(given.get("value"))
        kind = next((k for k in _KINDS if k == given.get("kind", "absolute")), None)
        number, unit = given.get("number"), given.get("unit")
        if not value.strip() or kind is None or not (unit is None or isinstance(unit, str)):
            raise _Refused("result ill-formed")
        if number is not None and type(number) not in {int, float}:
            raise _Refused("result ill-formed")
        if "start" in given or "end" in given:
            field, start, end = self._span(given, "result ill-formed")
            if self._paper.text(field)[start:end] != value:
                raise _Refused("result whose offsets do not give its value")
        else:
            field, start = self._find(value, used)
            end = start + len(value)
        read_number, read_unit = read_quantity(value)
        links = {}
        for link, type_ in _LINKS:
            named = given.get(link)
            if not (named is None or isinstance(named, str)):
                raise _Refused("result ill-formed")
            if (found := _link(_string(named), type_, concepts, keys)) is None:
                self._report.drop(STAGE, "result of a concept that is not there", self._where)
            links[link] = found or ""
        return Result(
            **links,
            value=value,
            number=_finite(number) if "number" in given else read_number,
            unit=_string(unit) if "unit" in given else read_unit,
            kind=kind,
            field=field,
            start=start,
            end=end,
        )

    def _find(self, value: str, used: Counter[str]) -> tuple[Field, int]:
        """Return the next place of ``value``: results that state it again go on to its next place."""
        found: list[tuple[Field, int]] = []
        for field in reversed(FIELDS):  # numbers stand in abstracts; in a title one means something else
            found.extend((field, start) for start in whole_words(self._paper.text(field), value))
        if not found:
            raise _Refused("value not found in the text")
        place = found[min(used[value], len(found) - 1)]
        used[value] += 1
        return place


def _link(
    named: str, type_: ConceptType, concepts: tuple[Concept, ...], keys: Mapping[str, str]
) -> str | None:
    """Return the key of the concept that ``named`` is key or name of, else the plain name.

    None where it looks like the key of a concept that was taken out: another one may have that key now.
    """
    if named in keys:
        return keys[named]
    called = next((c.key for c in concepts if c.type == type_ and c.name == named), None)
    return called or (None if _KEY.fullmatch(named) else named)


def _string(value: Any) -> str:
    return replace_surrogates(value)[0] if isinstance(value, str) else ""


def _confidence(given: Mapping[str, Any]) -> float:
    value = given.get("confidence", 1.0)
    if type(value) not in {int, float} or not 0 <= value <= 1:
        raise _Refused("confidence that is no number from 0 to 1")
    return float(value)


def _finite(number: float | None) -> float | None:
    try:
        value = None if number is None else float(number)
    except OverflowError:
        raise _Refused("result ill-formed") from None
    if value is not None and not math.isfinite(value):
        raise _Refused("result ill-formed")  # JSON can say 1e999
    return value
