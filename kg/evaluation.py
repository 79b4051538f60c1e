"""How well extractions agree with a reference annotation.

*Strings*: mentions count wherever the text has them as whole words, the longest at each place, as
the reference annotation means them. *Offsets*: mentions count only where they were marked. Under
both, a **span** is right with its exact bounds and type; a **concept** where the type agrees and
the two have a name or mention (offsets: a place) in common; an **edge** is a concept with the right
role; a **result value** is right by its digits (offsets: by its place).

Intervals come from resampling papers: the figures of one paper hang together.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kg.errors import DiskError, InputError, shown
from kg.extraction.given import load_json
from kg.extraction.occurrences import places, whole_words
from kg.model import CONCEPT_TYPES, FIELDS, ROLES, ConceptType, Extraction, Paper, Role

if TYPE_CHECKING:
    from numpy.typing import NDArray

Basis = Literal["strings", "offsets"]
#: Field, first code point, code point after the last.
Span = tuple[str, int, int]

#: Right, predicted, true: of each figure's name and part.
_Counts = Counter[tuple[Basis, str, str, Literal["right", "predicted", "true"]]]

SAMPLES = 1000
_SEED = 20
_NONE = "—"


@dataclass(frozen=True, slots=True)
class Marked:
    """A concept of an annotation. ``places`` are where it was marked, else where its mentions stand."""

    type: ConceptType
    role: Role
    name: str
    mentions: tuple[str, ...]
    places: frozenset[Span]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Annotation:
    """What an annotator, or a program, says of one paper; ``values`` are those of its results."""

    concepts: tuple[Marked, ...] = ()
    values: tuple[str, ...] = ()
    value_places: tuple[Span, ...] = ()

    @classmethod
    def of(cls, extraction: Extraction) -> Annotation:
        """Return ``extraction`` as an annotation."""
        concepts = tuple(
            Marked(
                c.type,
                c.role,
                c.name,
                tuple(dict.fromkeys(m.text for m in c.mentions)),
                frozenset((m.field, m.start, m.end) for m in c.mentions),
                c.confidence,
            )
            for c in extraction.concepts
        )
        results = extraction.results
        return cls(
            concepts, tuple(r.value for r in results), tuple((r.field, r.start, r.end) for r in results)
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of figures. ``low`` and ``high`` bound ``f1`` in 95 of 100 resamplings of the papers."""

    basis: Basis
    name: str
    part: str
    precision: float
    recall: float
    f1: float
    low: float
    high: float
    right: int
    predicted: int
    true: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one evaluation, in the order in which they are shown.

    ``confusion`` counts pairs of true and predicted "TYPE ROLE"; "—" stands for no concept at all.
    """

    papers: int
    rows: tuple[Figure, ...]
    confusion: Mapping[tuple[str, str], int]

    def row(self, name: str, part: str = "ALL", basis: Basis = "strings") -> Figure:
        """Return one line; KeyError where there is none."""
        return {(r.name, r.part, r.basis): r for r in self.rows}[name, part, basis]


def load_annotations(path: Path, papers: Iterable[Paper]) -> dict[str, Annotation]:
    """Return the annotations in a JSON Lines file about ``papers``, by id; of equal ids the last.

    Read are the form of the reference annotation and the full form that `kg extract` writes; lines
    about other papers are passed over. InputError, naming the line, where one is ill-formed: a
    figure over half a file would mislead.
    """
    by_id = {paper.id: paper for paper in papers}
    found: dict[str, Annotation] = {}
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        data = load_json(line.removeprefix(b"\xef\xbb\xbf"))
                        if data["id"] in by_id:
                            found[data["id"]] = _annotation(by_id[data["id"]], data)
                    except (KeyError, TypeError, ValueError, AttributeError) as error:
                        raise InputError(
                            f"{path} line {number} is no annotation ({type(error).__name__}: "
                            f"{shown(str(error))}); see the form that `kg extract --format gold` writes"
                        ) from error
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError(f"{path} is no file; give an annotation as JSON Lines") from error
    except OSError as error:
        raise DiskError(f"{path} cannot be read: {error.strerror}") from error
    return found


def evaluate(
    papers: Iterable[Paper],
    gold: Mapping[str, Annotation],
    predicted: Mapping[str, Annotation],
    *,
    samples: int = SAMPLES,
) -> Figures:
    """Return the figures of ``predicted`` against ``gold``, over the papers that ``gold`` has.

    A paper without prediction counts as one where nothing was found. Neither the order of the papers
    nor the interpreter's hash seed changes a figure.
    """
    judged = sorted((paper for paper in papers if paper.id in gold), key=lambda paper: paper.id)
    order = list(_order())
    counts: list[list[tuple[int, int, int]]] = []  # by paper and figure
    confusion: Counter[tuple[str, str]] = Counter()
    for paper in judged:
        true, found = gold[paper.id], predicted.get(paper.id, Annotation())
        counted = _count(paper, true, found)
        counts.append([(counted[*k, "right"], counted[*k, "predicted"], counted[*k, "true"]) for k in order])
        confusion.update(_confused(true.concepts, found.concepts))
    return Figures(len(judged), tuple(_rows(order, counts, samples)), dict(sorted(confusion.items())))


def matches(true: Sequence[Marked], found: Sequence[Marked], basis: Basis) -> list[tuple[Marked, Marked]]:
    """Return pairs of a true and a predicted concept of one type that have something in common.

    Each is in one pair at most; true concepts choose in their order, the first that fits.
    """
    pairs = []
    left = list(range(len(found)))
    marks = [_marks(concept, basis) for concept in found]
    for concept in true:
        own = _marks(concept, basis)
        for index in left:
            if found[index].type == concept.type and not own.isdisjoint(marks[index]):
                pairs.append((concept, found[index]))
                left.remove(index)
                break
    return pairs


def spans(paper: Paper, annotation: Annotation) -> dict[Span, ConceptType]:
    """Return where ``paper`` has the mentions of ``annotation`` as strings, with their types."""
    types: dict[str, ConceptType] = {}
    for concept in annotation.concepts:
        for mention in concept.mentions:
            types.setdefault(mention, concept.type)
    return {
        (field, start, end): types[string]
        for field in FIELDS
        for start, end, string in places(paper.text(field), types)
    }


def name_words(name: str) -> str:
    """Return ``name`` as names are compared here: ASCII words in lower case, without plural s."""
    words = re.findall(r"[a-z0-9+]+", name.lower())
    return " ".join(w[:-1] if len(w) > 3 and w[-1] == "s" and w[-2] != "s" else w for w in words)


def _marks(concept: Marked, basis: Basis) -> frozenset[Any]:
    if basis == "offsets":
        return concept.places
    return frozenset(name_words(name) for name in (concept.name, *concept.mentions))


def _count(paper: Paper, true: Annotation, found: Annotation) -> _Counts:
    counts: _Counts = Counter()

    def add(basis: Basis, name: str, part: str, right: int, predicted: int, real: int) -> None:
        counts[basis, name, part, "right"] += right
        counts[basis, name, part, "predicted"] += predicted
        counts[basis, name, part, "true"] += real

    marked: dict[Basis, tuple[set[tuple[Span, str]], ...]] = {
        "strings": tuple(set(spans(paper, a).items()) for a in (true, found)),
        "offsets": tuple({(place, c.type) for c in a.concepts for place in c.places} for a in (true, found)),
    }
    for basis, (real, predicted) in marked.items():
        for part in (*CONCEPT_TYPES, "ALL"):
            a, b = ({s for s in group if part in {s[1], "ALL"}} for group in (real, predicted))
            add(basis, "span", part, len(a & b), len(b), len(a))
        a_bare, b_bare = {s for s, _ in real}, {s for s, _ in predicted}
        add(basis, "span", "UNTYPED", len(a_bare & b_bare), len(b_bare), len(a_bare))
        pairs = matches(true.concepts, found.concepts, basis)
        right = [(a, b) for a, b in pairs if a.role == b.role]

        for part in ("ALL", *CONCEPT_TYPES, *ROLES):
            predicted_n = sum(part in _parts(c) for c in found.concepts)
            real_n = sum(part in _parts(c) for c in true.concepts)
            for name, agreed in (("concept", pairs), ("edge", right)):
                add(basis, name, part, sum(part in _parts(a) for a, _ in agreed), predicted_n, real_n)
    digits = [Counter(re.sub(r"[^\d.]", "", value) for value in a.values) for a in (true, found)]
    add(
        "strings",
        "result value",
        "ALL",
        (digits[0] & digits[1]).total(),
        digits[1].total(),
        digits[0].total(),
    )
    where = [Counter(a.value_places) for a in (true, found)]
    add("offsets", "result value", "ALL", (where[0] & where[1]).total(), where[1].total(), where[0].total())
    return counts


def _parts(concept: Marked) -> tuple[str, ...]:
    return "ALL", concept.type, concept.role


def _order() -> Iterator[tuple[Basis, str, str]]:
    bases: tuple[Basis, ...] = ("strings", "offsets")
    for basis in bases:
        for name in ("span", "concept"):
            for part in (*CONCEPT_TYPES, "ALL"):
                yield basis, name, part
        for part in ("ALL", *ROLES, *CONCEPT_TYPES):
            yield basis, "edge", part
        yield basis, "span", "UNTYPED"
        yield basis, "result value", "ALL"


def _rows(
    order: Sequence[tuple[Basis, str, str]],
    counts: Sequence[Sequence[tuple[int, int, int]]],
    samples: int,
) -> Iterator[Figure]:
    import numpy as np

    table = np.array(counts, dtype=np.int64).reshape(len(counts), len(order), 3)
    low, high = _interval(table, samples)
    for j, (basis, name, part) in enumerate(order):
        right, predicted, true = (int(n) for n in table[:, j].sum(axis=0))
        precision, recall = _share(right, predicted), _share(right, true)
        f1 = _share(2 * precision * recall, precision + recall)
        yield Figure(basis, name, part, precision, recall, f1, low[j], high[j], right, predicted, true)


def _interval(table: NDArray[Any], samples: int) -> tuple[list[float], list[float]]:
    """Return the 2.5th and 97.5th percentile of each figure's F1 over resamplings of the papers."""
    import numpy as np

    papers, figures, _ = table.shape
    if not papers or not samples:
        return [0.0] * figures, [0.0] * figures
    generator = np.random.Generator(np.random.PCG64(_SEED))
    scores = np.zeros((samples, figures))
    flat = table.reshape(papers, -1).astype(np.float64)
    for sample in range(samples):
        drawn = np.bincount(generator.integers(papers, size=papers), minlength=papers)
        right, predicted, true = (drawn @ flat).reshape(figures, 3).T
        scores[sample] = 2 * right / np.maximum(predicted + true, 1)
    low, high = np.percentile(scores, (2.5, 97.5), axis=0)
    return low.tolist(), high.tolist()


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _confused(true: Sequence[Marked], found: Sequence[Marked]) -> Iterator[tuple[str, str]]:
    """Yield the labels of concepts that name the same thing, whatever type and role they have."""
    left = list(found)
    by_likeness: tuple[Callable[[Marked, Marked], bool], ...] = (
        lambda a, b: (a.type, a.role) == (b.type, b.role),
        lambda a, b: a.type == b.type,
        lambda _a, _b: True,
    )
    open_ = list(true)
    for alike in by_likeness:
        for concept in list(open_):
            own = _marks(concept, "strings")
            other = next((f for f in left if alike(concept, f) and own & _marks(f, "strings")), None)
            if other is not None:
                left.remove(other)
                open_.remove(concept)
                yield f"{concept.type} {concept.role}", f"{other.type} {other.role}"
    yield from ((f"{c.type} {c.role}", _NONE) for c in open_)
    yield from ((_NONE, f"{c.type} {c.role}") for c in left)


def _annotation(paper: Paper, data: Mapping[str, Any]) -> Annotation:
    """Return one parsed line; KeyError, TypeError, ValueError or AttributeError where it is none."""
    concepts = [_concept(paper, given) for given in data["concepts"]]
    owner = {string: i for i, concept in reversed(list(enumerate(concepts))) for string in concept.mentions}
    standing: dict[int, set[Span]] = defaultdict(set)
    for field in FIELDS:
        for start, end, string in places(paper.text(field), owner):
            standing[owner[string]].add((field, start, end))
    placed = tuple(
        c if c.places else Marked(c.type, c.role, c.name, c.mentions, frozenset(standing[i]), c.confidence)
        for i, c in enumerate(concepts)
    )
    results = data.get("results", [])
    values = tuple(str(result["value"]) for result in results)
    return Annotation(placed, values, tuple(_value_places(paper, results)))


def _concept(paper: Paper, given: Mapping[str, Any]) -> Marked:
    if given["type"] not in CONCEPT_TYPES or given["role"] not in ROLES or not isinstance(given["name"], str):
        raise ValueError("unknown type or role, or no name")
    strings: dict[str, None] = {}
    marked: set[Span] = set()
    for mention in given["mentions"]:
        text = mention if isinstance(mention, str) else mention["text"]
        if not isinstance(text, str) or not text:
            raise ValueError("a mention without text")
        strings[text] = None
        if not isinstance(mention, str):
            field, start, end = mention["field"], mention["start"], mention["end"]
            if field not in FIELDS or paper.text(field)[start:end] != text:
                raise ValueError("offsets that do not give the mention")
            marked.add((field, start, end))
    confidence = float(given.get("confidence", 1.0))
    return Marked(given["type"], given["role"], given["name"], tuple(strings), frozenset(marked), confidence)


def _value_places(paper: Paper, results: Iterable[Mapping[str, Any]]) -> Iterator[Span]:
    """Yield where values stand: where they were marked, else their next place, abstract first."""
    used: Counter[str] = Counter()
    for result in results:
        value = str(result["value"])
        if "start" in result:
            yield result["field"], int(result["start"]), int(result["end"])
            continue
        found: list[Span] = [
            (field, at, at + len(value))
            for field in reversed(FIELDS)
            for at in whole_words(paper.text(field), value)
        ]
        if found:
            yield found[min(used[value], len(found) - 1)]
            used[value] += 1
