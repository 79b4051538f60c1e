"""Pairs of concepts that one paper puts together: which method for which task, data and measure.

A table says which roles can make which relation; never do all pairs of a paper. A pair counts where one
of its ends is what the paper is about (in the title, the only one of its kind, or the one named most),
or where one sentence names both and neither has a nearer partner. What is left is sorted by how it was
found, because that decides how often it is right: `SURENESS` has the shares of right pairs among those
read for tuning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.model import ConceptType, Role
from kg.relations.view import PaperView, Place, Spoken

#: How a pair was found: in the title; main concept and one sentence; main concept; one sentence.
How = Literal["title", "both", "main", "sentence"]

#: Titles can name many things; the paper is about these many of them at most.
_MAINS = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """Roles that make a relation: a concept of ``source`` type in one of ``source_roles``, and a target.

    ``main_is`` is the end that the paper has to be about. ``tested`` is the end that is data: outside
    the title it counts only where a sentence that names it tells of results.
    """

    relation: str
    source: ConceptType
    source_roles: tuple[Role, ...]
    target: ConceptType
    target_roles: tuple[Role, ...]
    main_is: Literal["source", "target"]
    tested: Literal["", "source", "target"] = ""


_TASKS: tuple[Role, ...] = ("ADDRESSES", "PROPOSES")

RULES: tuple[Rule, ...] = (
    Rule("USED_FOR", "METHOD", ("PROPOSES", "USES", "COMPARES"), "TASK", _TASKS, "target"),
    Rule("EVALUATED_ON", "METHOD", ("PROPOSES",), "DATASET", ("USES", "PROPOSES"), "source", "target"),
    Rule(
        "BENCHMARK_FOR",
        "DATASET",
        ("USES", "PROPOSES"),
        "TASK",
        _TASKS,
        "target",
        "source",
    ),
    Rule("MEASURED_BY", "TASK", _TASKS, "METRIC", ("REPORTS", "PROPOSES"), "source"),
    Rule("COMPARED_WITH", "METHOD", ("PROPOSES",), "METHOD", ("COMPARES",), "source"),
)
#: Methods that are not the paper's own count as evaluated only where a sentence says so.
_TESTED = Rule("EVALUATED_ON", "METHOD", ("USES", "COMPARES"), "DATASET", ("USES", "PROPOSES"), "source")

#: Share of right pairs by relation and by how they were found.
SURENESS: Mapping[str, Mapping[How, float]] = {
    "USED_FOR": {"title": 0.94, "both": 0.9, "main": 0.87, "sentence": 0.82},
    "EVALUATED_ON": {"title": 0.85, "both": 0.9, "main": 0.87, "sentence": 0.83},
    "BENCHMARK_FOR": {"title": 0.94, "both": 0.93, "main": 0.85, "sentence": 0.86},
    "MEASURED_BY": {"title": 0.8, "both": 0.88, "main": 0.87, "sentence": 0.86},
    "COMPARED_WITH": {"title": 0.81, "both": 0.95, "main": 0.93, "sentence": 0.87},
}

_TEST_WORDS = re.compile(
    r"\b(?:evaluat|experiment|test|achiev|outperform|result|accura|benchmark|improv|state-of-the-art|perform"
    r"|compar|obtain|reach|score|better|best|show|assess)",
    re.IGNORECASE,
)
_TRAINING_WORDS = re.compile(
    r"\b(?:pre-?train\w*|fine-?tun\w*|train(?:ed|ing)?|learn(?:ed|ing)?|collect\w*|curat\w*|construct\w*|annotat\w*"
    r"|build|built|creat\w*|generat\w*|deriv\w*|extract\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two concepts that a paper puts together, as its edges, and how."""

    relation: str
    source: Spoken
    target: Spoken
    how: How

    @property
    def confidence(self) -> float:
        """The chance that the pair is right: how it was found, and that both ends were read right."""
        return SURENESS[self.relation][self.how] * self.source.confidence * self.target.confidence


def pairs(paper: PaperView) -> Iterator[Pair]:
    """Yield the pairs of ``paper``, each relation and pair of concepts once."""
    spoken = [one for one in paper.concepts if one.places]
    for rule in RULES:
        sources = _in_roles(spoken, rule.source, rule.source_roles)
        targets = _in_roles(spoken, rule.target, rule.target_roles)
        if not sources or not targets:
            continue
        mains = _mains(sources if rule.main_is == "source" else targets)
        near = _nearest(sources, targets)
        data = sources if rule.tested == "source" else targets if rule.tested == "target" else []
        untested = {one.concept for one in data if not one.in_title and not _has_results(paper, one)}
        for source in sources:
            for target in targets:
                main = (source if rule.main_is == "source" else target).concept in mains
                together = _share_sentence(source, target)
                how = _how(source, target, main, together, (source.concept, target.concept) in near)
                if how == "main" and not untested.isdisjoint((source.concept, target.concept)):
                    continue
                if how is not None and source.concept != target.concept:
                    yield Pair(rule.relation, source, target, how)
    yield from _tested(paper, spoken)


def _tested(paper: PaperView, spoken: Sequence[Spoken]) -> Iterator[Pair]:
    methods = _in_roles(spoken, _TESTED.source, _TESTED.source_roles)
    data = _in_roles(spoken, _TESTED.target, _TESTED.target_roles)
    near = _nearest(methods, data)
    for method in methods:
        for one in data:
            if (method.concept, one.concept) in near and _says_tested(paper, method, one):
                yield Pair("EVALUATED_ON", method, one, "sentence")


def _says_tested(paper: PaperView, method: Spoken, data: Spoken) -> bool:
    """Say whether a sentence with both tells of results, and not of making or learning from the data."""
    for sentence in sorted(_sentences(method) & _sentences(data)):
        field, start, end = paper.sentences[sentence]
        text = paper.text(field)[start:end]
        if _TEST_WORDS.search(text) and not _TRAINING_WORDS.search(text):
            return True
    return False


def _has_results(paper: PaperView, data: Spoken) -> bool:
    for sentence in _sentences(data):
        field, start, end = paper.sentences[sentence]
        if _TEST_WORDS.search(paper.text(field), start, end):
            return True
    return False


def _in_roles(spoken: Sequence[Spoken], type_: ConceptType, roles: tuple[Role, ...]) -> list[Spoken]:
    return [one for one in spoken if one.type == type_ and one.role in roles]


def _mains(ends: Sequence[Spoken]) -> set[int]:
    """Return the concepts of ``ends`` that the paper is about: in the title, else one of a kind."""
    titled = [one for one in ends if one.in_title]
    if titled:
        titled.sort(key=lambda one: (-one.count, one.places[0].start, one.concept))
        return {one.concept for one in titled[:_MAINS]}
    most = max(one.count for one in ends)
    often = [one for one in ends if one.count == most]
    return {often[0].concept} if len(often) == 1 else set()


def _how(source: Spoken, target: Spoken, main: bool, together: bool, near: bool) -> How | None:
    if source.in_title and target.in_title and main:
        return "title"
    if main:
        return "both" if together else "main"
    return "sentence" if near else None


def _nearest(sources: Sequence[Spoken], targets: Sequence[Spoken]) -> set[tuple[int, int]]:
    """Return the pairs in one sentence of which at least one end has no nearer partner."""
    of_source: dict[int, tuple[int, int]] = {}
    of_target: dict[int, tuple[int, int]] = {}
    for source in sources:
        for target in targets:
            gap = _gap(source, target)
            if gap is not None:
                one, other = source.concept, target.concept
                of_source[one] = min(of_source.get(one, (gap, other)), (gap, other))
                of_target[other] = min(of_target.get(other, (gap, one)), (gap, one))
    return {(one, other) for one, (_, other) in of_source.items()} | {
        (one, other) for other, (_, one) in of_target.items()
    }


def _gap(a: Spoken, b: Spoken) -> int | None:
    """Return the fewest characters between ``a`` and ``b`` in one sentence; None where they share none."""
    beside: dict[int, list[Place]] = {}
    for y in b.places:
        beside.setdefault(y.sentence, []).append(y)
    gaps = (max(x.start - y.end, y.start - x.end, 0) for x in a.places for y in beside.get(x.sentence, ()))
    return min(gaps, default=None)


def _share_sentence(a: Spoken, b: Spoken) -> bool:
    return not _sentences(a).isdisjoint(_sentences(b))


def _sentences(spoken: Spoken) -> set[int]:
    return {place.sentence for place in spoken.places}
