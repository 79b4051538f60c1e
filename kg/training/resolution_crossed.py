"""How good resolution is on names that its weights have not learned from.

The names are dealt into folds, names that are one concept into the same. Each pair of names is scored by
weights fitted without any pair of either name's fold; then gates and groups do what they do in a build, and
the reference judges what comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from kg.resolution.clustering import cluster, components, ordered
from kg.resolution.judge import Figures, Reference, judge
from kg.resolution.preparing import Prepared
from kg.resolution.scoring import chance
from kg.text import digest

#: So many that each pair is judged by weights fitted to nearly all others, as new names are.
FOLDS = 20
PENALTY = 20.0
#: Pairs below are never joined; they need no score of their own.
_LEAST = 0.25

#: Form, form, label: 1 for one concept, 0 for two.
Labelled = tuple[str, str, int]


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


class Crossed:
    """Scores pairs of forms by weights that have seen neither."""

    def __init__(
        self, prepared: Prepared, learned: Sequence[Labelled], values: Any, names: Sequence[str], scale: Any
    ) -> None:
        self._prepared = prepared
        self._names, self._scale = names, scale
        nodes = {form for a, b, _ in learned for form in (a, b)}
        groups = components(nodes, ((a, b) for a, b, label in learned if label))
        self._fold = {form: int(digest(group[0]), 16) % FOLDS for group in groups for form in group}
        labels = np.array([label for *_, label in learned], float)
        folds = np.array([(self._fold[a], self._fold[b]) for a, b, _ in learned])
        self._weights: dict[tuple[int, int], Any] = {}
        for one, other in combinations_with_replacement(range(FOLDS), 2):
            seen = ~np.isin(folds, (one, other)).any(1)
            self._weights[one, other] = fit(values[seen], labels[seen])

    def score(self, a: str, b: str) -> float:
        """Return how likely two forms are one concept, 0 to 1."""
        found = self._prepared.scorer.features(a, b)
        row = np.array([found.get(name, 0.0) for name in self._names]) / self._scale
        one, other = sorted((self._fold_of(a), self._fold_of(b)))
        return chance(float(np.r_[row, 1.0] @ self._weights[one, other]))

    def _fold_of(self, form: str) -> int:
        return self._fold[form] if form in self._fold else int(digest(form), 16) % FOLDS


def resolve_crossed(
    prepared: Prepared, reference: Reference, crossed: Crossed, thresholds: Sequence[float]
) -> Mapping[float, Figures]:
    """Return, by threshold, the figures of the concepts that the crossed scores make."""
    gate = prepared.scorer.gate
    near = {}
    for pair in prepared.candidates:
        score = crossed.score(*pair)
        if score >= _LEAST and not gate(*pair):
            near[ordered(*pair)] = score
    form_of = {name: (prepared.forms_of(name) or [f"none: {name}"])[0] for name in reference.main}
    figures = {}
    for threshold in thresholds:
        groups = cluster(
            prepared.forms,
            near,
            forbidden=lambda a, b: bool(gate(a, b)),
            score=crossed.score,
            threshold=threshold,
        )
        group_of = {form: group[0] for group in groups for form in group}
        figures[threshold] = judge(
            reference, {name: group_of.get(form, form) for name, form in form_of.items()}
        )
    return figures
