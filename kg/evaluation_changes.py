"""What two evaluations of the same papers disagree on, case by case.

An aggregate alone never decides: two runs with one F1 may be right about different papers. The run
to compare with is kept as a file of its predictions, in any form that `kg extract` writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.evaluation import Annotation, Basis, Marked, matches, name_words
from kg.model import Paper

_BASIS: Basis = "strings"


@dataclass(frozen=True, slots=True)
class Change:
    """How one paper differs between two runs; each item is "TYPE ROLE name".

    ``fixed`` and ``broken`` are true edges that only the later, only the earlier run has right;
    ``new`` and ``gone`` are wrong edges that only the later, only the earlier run claims.
    """

    paper_id: str
    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def changes(
    papers: Iterable[Paper],
    gold: Mapping[str, Annotation],
    before: Mapping[str, Annotation],
    after: Mapping[str, Annotation],
) -> list[Change]:
    """Return the papers that ``before`` and ``after`` differ on, by id."""
    found = []
    for identifier in sorted(paper.id for paper in papers if paper.id in gold):
        true = gold[identifier].concepts
        right_before, wrong_before = _judged(true, before.get(identifier, Annotation()).concepts)
        right_after, wrong_after = _judged(true, after.get(identifier, Annotation()).concepts)
        change = Change(
            identifier,
            fixed=tuple(_label(c) for i, c in enumerate(true) if i in right_after - right_before),
            broken=tuple(_label(c) for i, c in enumerate(true) if i in right_before - right_after),
            new=_surplus(wrong_after, wrong_before),
            gone=_surplus(wrong_before, wrong_after),
        )
        if change.fixed or change.broken or change.new or change.gone:
            found.append(change)
    return found


def _judged(true: tuple[Marked, ...], found: tuple[Marked, ...]) -> tuple[set[int], list[Marked]]:
    """Return which true concepts are right, role and all, and which predicted ones are wrong."""
    pairs = [(a, b) for a, b in matches(true, found, _BASIS) if a.role == b.role]
    right, good = {id(a) for a, _ in pairs}, {id(b) for _, b in pairs}
    return {i for i, c in enumerate(true) if id(c) in right}, [c for c in found if id(c) not in good]


def _surplus(these: list[Marked], those: list[Marked]) -> tuple[str, ...]:
    left = Counter(_key(concept) for concept in those)
    surplus = []
    for concept in these:
        if left[_key(concept)]:
            left[_key(concept)] -= 1
        else:
            surplus.append(_label(concept))
    return tuple(sorted(surplus))


def _key(concept: Marked) -> tuple[str, str, str]:
    return concept.type, concept.role, name_words(concept.name)


def _label(concept: Marked) -> str:
    return f"{concept.type} {concept.role} {concept.name}"
