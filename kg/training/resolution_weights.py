"""Fit the weights of `kg.resolution.scoring` to judged pairs, and judge them on names not learned from.

A few dozen weights of features, none of which knows a name, are no dictionary of the pairs; still, what is
printed for a pair comes from weights that were fitted without every pair of its names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import combinations, combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np

from kg.resolution.clustering import components, ordered
from kg.resolution.judge import Reference, annotated
from kg.resolution.normal import key
from kg.resolution.preparing import Prepared, prepare
from kg.text import digest
from kg.training.resolution import DATA

PENALTY = 20.0
RARE = 0.25
FOLDS = 5
#: The score from which groups are joined; docs/decisions.md says what a lower one would do.
THRESHOLD = 0.4
_SHOWN = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7)

#: Form, form, label: 1 for one concept, 0 for two.
Labelled = tuple[str, str, int]


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


def fit(values: Any, labels: Any) -> Any:
    """Return the coefficients, the intercept last, of a ridge-penalised logistic regression."""
    found = np.zeros(values.shape[1])
    ridge = np.diag(np.r_[np.full(values.shape[1] - 1, PENALTY), 1e-6])
    for _ in range(60):
        odds = 1 / (1 + np.exp(-np.clip(values @ found, -30, 30)))
        gradient = values.T @ (odds - labels) + ridge @ found
        step = np.linalg.solve((values * (odds * (1 - odds))[:, None]).T @ values + ridge, gradient)
        found = found - step
        if np.abs(step).max() < 1e-6:
            break
    return found


def folds_of(pairs: list[Labelled]) -> Any:
    """Return the folds of both names of each pair; names that a positive pair links share theirs."""
    groups = components({n for a, b, _ in pairs for n in (a, b)}, ((a, b) for a, b, y in pairs if y))
    fold = {name: int(digest(group[0]), 16) % FOLDS for group in groups for name in group}
    return np.array([(fold[a], fold[b]) for a, b, _ in pairs])


def unseen_odds(values: Any, labels: Any, folds: Any) -> Any:
    """Return the score of each pair by weights that were fitted without any pair of either fold's names."""
    odds = np.zeros(len(values))
    for one, other in combinations_with_replacement(range(FOLDS), 2):
        chosen = (folds.min(1) == one) & (folds.max(1) == other)
        seen = ~np.isin(folds, (one, other)).any(1)
        odds[chosen] = 1 / (1 + np.exp(-values[chosen] @ fit(values[seen], labels[seen])))
    return odds


def show(prepared: Prepared, reference: Reference, pairs: list[Labelled], odds: Any) -> None:
    """Print how right the reference's pairs of names are from some scores on, but for what clusters do."""
    names = names_of(prepared, reference)
    alike = [reference.label(x, y) for group in names.values() for x, y in combinations(group, 2)]
    total = sum(1 for _ in reference.true_pairs())
    for least in _SHOWN:
        told = [label for label in alike if label is not None]
        for (a, b, _), score in zip(pairs, odds, strict=True):
            if score >= least:
                labels = (reference.label(x, y) for x in names[a] for y in names[b])
                told += [label for label in labels if label is not None]
        precision, recall = sum(told) / len(told), sum(told) / total
        f1 = 2 * precision * recall / (precision + recall)
        print(f"  score >= {least}: {len(told)} pairs, P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")


def fit_weights(reference: Path, annotation: Path, pairs: Path) -> None:
    """Write ``weights.json``; print figures on the reference by weights that never saw the names judged."""
    prepared = prepare(*annotated(annotation))
    judge = Reference(reference)
    read_alone = list(to_learn_from(prepared, read_pairs(pairs, judge)))
    learned = [*read_alone, *to_judge_by(prepared, judge)]
    features = [prepared.scorer.features(a, b, without=True) for a, b, _ in learned]
    names = sorted({name for found in features for name in found})
    raw = np.array([[found.get(name, 0.0) for name in names] for found in features])
    labels = np.array([label for *_, label in learned], float)
    # A feature that is rarely there gets no weight for a few pairs that have it.
    scale = np.maximum(raw.std(0), RARE)
    values = np.c_[raw / scale, np.ones(len(raw))]
    at = len(read_alone)
    print(f"{len(labels)} pairs, {int(labels.sum())} of one concept; without those of the names judged:")
    show(prepared, judge, learned[at:], unseen_odds(values, labels, folds_of(learned))[at:])
    print("from the pairs alone of which the reference judges no name:")
    alone = fit(values[:at], labels[:at])
    show(prepared, judge, learned[at:], 1 / (1 + np.exp(-values[at:] @ alone)))
    found = fit(values, labels)
    stored = {name: round(float(w / s), 4) for name, w, s in zip(names, found[:-1], scale, strict=True)}
    result = {"intercept": round(float(found[-1]), 4), "threshold": THRESHOLD, "weights": stored}
    (DATA / "weights.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
