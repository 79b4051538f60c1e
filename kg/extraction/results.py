"""From value spans to results: which method, task, dataset and metric a number belongs to.

Links go by place: within the sentence first (lists of values and lists of datasets or metrics of
the same length pair up in order, "83.1% and 77.4% on A and B, respectively"), else to what the
paper as a whole is about. A link that nothing supports is left empty.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.extraction.quantities import read_quantity
from kg.model import ConceptType, Field, PaperConcept, Result, ResultKind
from kg.text import sentences


@dataclass(frozen=True, slots=True)
class Value:
    """A stated value: code points ``start`` to ``end`` (exclusive) of ``field``."""

    field: Field
    start: int
    end: int
    kind: ResultKind


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    concept: PaperConcept


def read_results(
    title: str, abstract: str, concepts: Sequence[PaperConcept], values: Sequence[Value]
) -> tuple[Result, ...]:
    """Return the results that ``values`` state, in text order, linked to keys of ``concepts``."""
    results: list[Result] = []
    for field, text in (("title", title), ("abstract", abstract)):
        bounds = sentences(text)
        starts = [start for start, _ in bounds]
        groups: dict[int, list[Value]] = {}
        for value in _whole(text, [v for v in values if v.field == field]):
            groups.setdefault(max(0, bisect_right(starts, value.start) - 1), []).append(value)
        places = _places(concepts, field) if groups else []
        at = [place.start for place in places]
        for index, group in sorted(groups.items()):
            start, end = bounds[index] if bounds else (0, len(text))
            inside = places[bisect_left(at, start) : bisect_left(at, max(end, group[-1].end))]
            results.extend(_sentence(text, group, inside, concepts))
    return tuple(results)


def _whole(text: str, values: Sequence[Value]) -> list[Value]:
    """Return ``values`` in order, one that states no number ("almost") joined with what it stands before."""
    whole: list[Value] = []
    for value in sorted(values, key=lambda v: (v.start, v.end)):
        before = whole[-1] if whole else None
        if (
            before
            and before.kind == value.kind
            and not text[before.end : value.start].strip()
            and read_quantity(text[before.start : before.end])[0] is None
        ):
            whole[-1] = replace(before, end=value.end)
        else:
            whole.append(value)
    return whole


def _places(concepts: Sequence[PaperConcept], field: str) -> list[_Place]:
    found = [_Place(m.start, m.end, c) for c in concepts for m in c.mentions if m.field == field]
    return sorted(found, key=lambda p: (p.start, p.end))


def _sentence(
    text: str, group: list[Value], places: list[_Place], concepts: Sequence[PaperConcept]
) -> list[Result]:
    datasets = _links(text, group, [p for p in places if p.concept.type == "DATASET"])
    metrics = _links(text, group, [p for p in places if p.concept.type == "METRIC"])
    tasks = _links(text, group, [p for p in places if p.concept.type == "TASK"])
    results = []
    for i, value in enumerate(group):
        written = text[value.start : value.end]
        number, unit = read_quantity(written)
        results.append(
            Result(
                method=_method(value, places, concepts),
                task=tasks[i] or _main(concepts, "TASK", ("ADDRESSES", "PROPOSES")),
                dataset=datasets[i] or _only(concepts, "DATASET"),
                metric=metrics[i] or ("rank" if unit == "rank" else ""),
                value=written,
                number=number,
                unit=unit,
                kind=value.kind,
                field=value.field,
                start=value.start,
                end=value.end,
            )
        )
    return results


def _links(text: str, group: list[Value], places: list[_Place]) -> list[str]:
    """Return for each value the key of the place it belongs to, or an empty string."""
    keys = list(dict.fromkeys(p.concept.key for p in places))
    if not keys:
        return [""] * len(group)
    if len(keys) == 1:
        return keys * len(group)
    if len(keys) == len(group) and _in_two_lists(group, places):
        return keys
    return [_nearest(text, value, places) for value in group]


def _in_two_lists(group: list[Value], places: list[_Place]) -> bool:
    """Say whether all values stand on one side of all places: two lists, read side by side."""
    return group[-1].end <= places[0].start or places[-1].end <= group[0].start


def _nearest(text: str, value: Value, places: list[_Place]) -> str:
    """Return the key of the nearest place; a clause border counts as far as forty characters."""

    def distance(place: _Place) -> tuple[int, int]:
        after = place.start >= value.end
        gap = text[value.end : place.start] if after else text[place.end : value.start]
        borders = sum(gap.count(c) for c in ",;:") + gap.count(" and ")
        return len(gap) + 40 * borders, int(after)

    return min(places, key=distance).concept.key


def _method(value: Value, places: list[_Place], concepts: Sequence[PaperConcept]) -> str:
    """Return the method that reached the value: one proposed here, in the sentence if it is there."""
    own = [p for p in places if p.concept.type == "METHOD" and p.concept.role == "PROPOSES"]
    before = [p for p in own if p.end <= value.start]
    if before or own:
        return (before or own)[-1 if before else 0].concept.key
    main = _main(concepts, "METHOD", ("PROPOSES",))
    if main:
        return main
    # A paper that proposes no method studies one: the last named before the number.
    used = [p for p in places if p.concept.type == "METHOD" and p.concept.role == "USES"]
    before = [p for p in used if p.end <= value.start]
    return before[-1].concept.key if before else ""


def _main(concepts: Sequence[PaperConcept], type_: ConceptType, roles: tuple[str, ...]) -> str:
    """Return the concept of ``type_`` that the paper is most about: in the title, often, early."""

    def weight(concept: PaperConcept) -> tuple[bool, int, int]:
        first = min((m.field == "abstract", m.start) for m in concept.mentions)
        return (not first[0], len(concept.mentions), -first[1])

    fitting = [c for c in concepts if c.type == type_ and c.role in roles and c.mentions]
    return max(fitting, key=weight).key if fitting else ""


def _only(concepts: Sequence[PaperConcept], type_: ConceptType) -> str:
    fitting = [c for c in concepts if c.type == type_ and c.role != "MENTIONS"]
    return fitting[0].key if len(fitting) == 1 else ""
