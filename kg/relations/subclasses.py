"""Which concept is a kind of which other: what names and sentences say, made to hold together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.model import ConceptType
from kg.relations import kinds, patterns
from kg.relations.hierarchy import acyclic, reduced
from kg.relations.view import CHUNK, View
from kg.report import Report
from kg.resolution.normal import is_short, words

#: A name counts as one of a concept's where it has at least this share of its papers.
_SHARE = 0.1
DIGITS = 4
MOST_CERTAIN = 0.99

_WHY = {
    "head": "its name ends in the other's",
    "before": "its name is the other's, narrowed by what follows",
    "setting": "its name is the other's, with words between",
    "version": "its name is the other's with a version or size",
    "such as": "a text names it as an example (such as)",
    "and other": "a text names it among others (and other)",
    "kind of": "a text calls it one (a kind of)",
}
#: Types between which a name of several words may make a kind: the line between the two is thin.
_NEAR: tuple[ConceptType, ...] = ("METHOD", "TASK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subclass:
    """That ``narrower`` is a kind of ``broader`` (positions in the view), why, and by which papers."""

    narrower: int
    broader: int
    confidence: float
    why: str
    papers: tuple[int, ...]


@dataclass(slots=True)
class Sayings:
    """What sentences of all papers say of kinds."""

    _found: dict[tuple[int, int], dict[int, tuple[float, str]]] = field(default_factory=dict)

    def add(self, paper: int, said: Iterable[patterns.Said]) -> None:
        """Add what ``paper`` (position in the view) says; of two ways to say one thing the surer counts."""
        for one in said:
            confidence = patterns.SURENESS[one.how] * one.narrower.confidence * one.broader.confidence
            papers = self._found.setdefault((one.narrower.concept, one.broader.concept), {})
            papers[paper] = max(papers.get(paper, (0.0, "")), (confidence, one.how))

    def __iter__(self) -> Iterator[tuple[int, int, int, float, str]]:
        """Yield narrower, broader, paper, confidence and pattern, sorted."""
        for low, high in sorted(self._found):
            for paper, (confidence, how) in sorted(self._found[low, high].items()):
                yield low, high, paper, confidence, how


@dataclass(slots=True)
class _Case:
    """What speaks for one claim."""

    wrong: float = 1.0
    ways: set[str] = field(default_factory=set)
    papers: set[int] = field(default_factory=set)


def subclasses(view: View, sayings: Sayings, report: Report) -> list[Subclass]:
    """Return the kinds of ``view``, sorted: without cycles, and without what follows from others."""
    cases: dict[tuple[int, int], _Case] = defaultdict(_Case)
    for low, high, how in _names(view):
        case = cases[low, high]
        case.wrong *= 1 - kinds.SURENESS[how]
        case.ways.add(how)
    by_name = set(cases)
    for low, high, paper, confidence, how in sayings:
        case = cases[low, high]
        case.wrong *= 1 - confidence
        case.ways.add(how)
        case.papers.add(paper)
    sure = {pair: round(min(1 - case.wrong, MOST_CERTAIN), DIGITS) for pair, case in cases.items()}
    kept, closing = acyclic(sorted(cases, key=lambda pair: (-sure[pair], pair)))
    fewest = reduced(kept)
    for reason, count in (
        ("SUBCLASS_OF that closes a cycle", len(closing)),
        ("SUBCLASS_OF that follows from others", len(kept) - len(fewest)),
    ):
        if count:
            report.drops["relations", reason] += count
    return [
        Subclass(
            narrower=low,
            broader=high,
            confidence=sure[low, high],
            why="; ".join(why for way, why in _WHY.items() if way in cases[low, high].ways),
            # Where a name speaks for itself, the papers that write it are the evidence.
            papers=tuple(
                sorted(
                    cases[low, high].papers.union(
                        view.papers_of(low).tolist() if (low, high) in by_name else ()
                    )
                )
            ),
        )
        for low, high in sorted(fewest)
    ]


def _names(view: View) -> Iterator[tuple[int, int, str]]:
    """Yield narrower, broader and how the name says so; each of the three together once."""
    named = _named(view)
    owners = _owners(view, named)
    seen = set()
    for concept, names in enumerate(named):
        for name, _ in names:
            for claim in _claims(view, concept, name):
                for type_ in _types(view.types[concept], claim):
                    broader, other = owners.get((type_, "".join(claim.broader)), (concept, ""))
                    found = (concept, broader, claim.how)
                    if broader != concept and found not in seen and _written_so(claim, other):
                        seen.add(found)
                        yield found


def _claims(view: View, concept: int, name: str) -> Iterator[kinds.Claim]:
    yield from kinds.claims(name, view.types[concept])
    if view.types[concept] != "DATASET":  # "CIFAR-10" is no kind of CIFAR, unless a person says so
        for base in kinds.versions(name):
            yield kinds.Claim(words(base), "version", base)


def _types(type_: ConceptType, claim: kinds.Claim) -> tuple[ConceptType, ...]:
    """Return the types that what ``claim`` speaks of may have."""
    if type_ in _NEAR and len(claim.broader) > 1:
        return _NEAR
    return (type_,)


def _written_so(claim: kinds.Claim, name: str) -> bool:
    """Tell whether ``claim`` can mean ``name``: capitals are part of a short form, and no gap is a GAP."""
    capitals = _capitals(name)
    return len(capitals) < 2 or capitals == _capitals(claim.written)


def _capitals(name: str) -> str:
    return "".join(c for c in name if c.isupper()) if is_short(name) else ""


def _named(view: View) -> list[list[tuple[str, int]]]:
    """Return the names that speak for each concept, and in how many papers: its own, and common others.

    What only one paper writes may be its shorthand: "classification" in a paper on car classification.
    """
    table = view.tables["concepts"].select(["name", "type", "aliases", "alias_counts", "alias_types"])
    found = []
    for batch in table.to_batches(max_chunksize=CHUNK):
        for row in batch.to_pylist():
            aliases = zip(row["aliases"], row["alias_counts"], row["alias_types"], strict=True)
            most = max(row["alias_counts"], default=0)
            names = {a: n for a, n, type_ in aliases if n >= max(2, _SHARE * most) and type_ == row["type"]}
            names[row["name"]] = names.get(row["name"], 1)
            found.append(sorted(names.items()))
    return found


def _owners(
    view: View, named: Sequence[Sequence[tuple[str, int]]]
) -> dict[tuple[ConceptType, str], tuple[int, str]]:
    """Return, by type and normal form, the concept that goes by a name, and the name as it is written.

    Where several write it, it belongs to one that is called so, then to the one that most papers call so.
    """
    best: dict[tuple[ConceptType, str], tuple[bool, int, int, str]] = {}
    for concept, names in enumerate(named):
        for name, papers in names:
            place = (view.types[concept], "".join(words(name)))
            rank = (name != view.concept_names[concept], -papers, concept, name)
            if place not in best or rank < best[place]:
                best[place] = rank
    return {place: (concept, name) for place, (_, _, concept, name) in best.items()}
