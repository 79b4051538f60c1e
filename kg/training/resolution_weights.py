"""Fit the weights of `kg.resolution.scoring` to judged pairs, and judge them on names not learned from.

A few dozen weights of features, none of which knows a name, are no dictionary of the pairs; still, what is
printed for a pair comes from weights that were fitted without every pair of its names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from kg.resolution.clustering import ordered
from kg.resolution.judge import Reference, annotated, show
from kg.resolution.normal import key
from kg.resolution.preparing import Prepared, prepare
from kg.training.resolution import DATA
from kg.training.resolution_crossed import Crossed, Labelled, fit, resolve_crossed

RARE = 0.25
#: The score from which groups are joined; docs/decisions.md says what a lower one does.
THRESHOLD = 0.5
_SHOWN = (0.4, 0.45, 0.5, 0.55, 0.6)


def read_pairs(file: Path, reference: Reference) -> list[tuple[str, str, int]]:
    """Return name, name and label of every judged pair in ``file``: label, name, name a line.

    ValueError where the reference judges one of the names: what it says of them is read there.
    """
    judged = {key(name) for name in reference.judged}
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            label, a, b = line.split("\t")
            if {key(a), key(b)} & judged:
                raise ValueError(f"{file}, line {number}: the reference judges one of the names")
            found.append((a, b, int(label)))
    return found


def to_learn_from(prepared: Prepared, pairs: Iterable[tuple[str, str, int]]) -> Iterator[Labelled]:
    """Yield form, form and label of every pair that no gate forbids and whose names are at hand."""
    for a, b, label in pairs:
        forms = [prepared.forms_of(name)[:1] for name in (a, b)]
        if all(forms) and forms[0] != forms[1] and not prepared.scorer.gate(forms[0][0], forms[1][0]):
            yield *ordered(forms[0][0], forms[1][0]), label


def names_of(prepared: Prepared, reference: Reference) -> dict[str, list[str]]:
    """Return by form the names of the reference that lead to it."""
    names: dict[str, list[str]] = {}
    for name in sorted(reference.types):
        for form in prepared.forms_of(name)[:1]:
            names.setdefault(form, []).append(name)
    return names


def to_judge_by(prepared: Prepared, reference: Reference) -> Iterator[Labelled]:
    """Yield form, form and label of every candidate that the reference judges and no gate forbids."""
    names = names_of(prepared, reference)
    for a, b in sorted(prepared.candidates):
        labels = {reference.label(x, y) for x in names.get(a, ()) for y in names.get(b, ())} - {None}
        if len(labels) == 1 and not prepared.scorer.gate(a, b):
            yield a, b, int(labels.pop() or 0)


def fit_weights(reference: Path, annotation: Path, pairs: Path) -> None:
    """Write ``weights.json``; print figures on the reference by weights that never saw the names judged."""
    prepared = prepare(*annotated(annotation))
    judge = Reference(reference)
    learned = [*to_learn_from(prepared, read_pairs(pairs, judge)), *to_judge_by(prepared, judge)]
    features = [prepared.scorer.features(a, b, without=True) for a, b, _ in learned]
    names = sorted({name for found in features for name in found})
    raw = np.array([[found.get(name, 0.0) for name in names] for found in features])
    labels = np.array([label for *_, label in learned], float)
    # A feature that is rarely there gets no weight for a few pairs that have it.
    scale = np.maximum(raw.std(0), RARE)
    values = np.c_[raw / scale, np.ones(len(raw))]
    print(f"{len(labels)} pairs, {int(labels.sum())} of one concept; without those of the names judged:")
    crossed = Crossed(prepared, learned, values, names, scale)
    for threshold, figures in resolve_crossed(prepared, judge, crossed, _SHOWN).items():
        print(f"threshold {threshold}")
        print(show(figures))
    found = fit(values, labels)
    stored = {name: round(float(w / s), 4) for name, w, s in zip(names, found[:-1], scale, strict=True)}
    result = {"intercept": round(float(found[-1]), 4), "threshold": THRESHOLD, "weights": stored}
    (DATA / "weights.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
