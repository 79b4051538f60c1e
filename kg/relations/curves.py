"""Additive answers to yes-or-no questions: each feature adds what its own curve says, and nothing else.

A generalised additive model (T. Hastie and R. Tibshirani, "Generalized additive models", 1986) of straight
pieces between knots, fitted by least squares with a penalty on every weight (ridge). Where features tell
little, as here, that keeps what is learned of some papers true of others better than trees do: it cannot
learn which papers are which from combinations. A logistic curve makes chances of what adds up. No luck is
involved: the same table gives the same curves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = 5
#: Shares of the values at which knots lie: denser where values are high, as that is where answers are yes.
_LEVELS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 1.0)
#: Ranks from which a curve may rise anew, and from which chances may rise faster or slower with the score.
_RAMPS, _HIGH = (0.9, 0.98), (0.8, 0.95, 0.99)
#: How chances bend with the score is corrected so often; logarithms of odds beyond this say no more.
_ROUNDS, _SURE, _FINE = 15, 9.0, 0.1


@dataclass(frozen=True, slots=True)
class Chance:
    """How scores tell chances: log odds at 0, how they rise, and how much more so above each of ``bends``."""

    odds: tuple[float, ...]
    bends: tuple[float, ...]

    @classmethod
    def of_answers(cls, score: NDArray[np.float64], answers: NDArray[np.bool_]) -> Chance:
        """Return how often the answer is yes at each ``score``: a logistic regression, by Newton's method."""
        bends = np.round(np.quantile(score, _HIGH), _DIGITS) if len(score) else np.zeros(len(_HIGH))
        design = _bent(score, bends)
        weights = np.zeros(design.shape[1])
        for _ in range(_ROUNDS):
            chance = _logistic(design @ weights)
            curve = np.maximum(chance * (1 - chance), 1e-4)
            square = (design * curve[:, None]).T @ design + _FINE * np.eye(design.shape[1])
            weights = weights - np.linalg.solve(square, (chance - answers) @ design + _FINE * weights)
        return cls(tuple(np.round(weights, _DIGITS).tolist()), tuple(bends.tolist()))

    def of(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chance of each ``score``."""
        return _logistic(_bent(score, np.array(self.bends)) @ np.array(self.odds))


@dataclass(frozen=True, slots=True)
class Curves:
    """A curve for each of ``features``: ``values`` at ``knots``, straight between, flat outside.

    The values add up, from ``start``, to a score, of which ``chance`` makes probabilities.
    """

    features: tuple[str, ...]
    start: float
    knots: tuple[NDArray[np.float64], ...]
    values: tuple[NDArray[np.float64], ...]
    chance: Chance

    def score(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the curves add up to for each row. *Shape:* (rows, features) to (rows,)."""
        score = np.full(len(table), self.start)
        for column, knots, values in zip(table.T, self.knots, self.values, strict=True):
            score += np.interp(column, knots, values)
        return score

    def probability(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of yes for each row. *Shape:* (rows, features) to (rows,)."""
        return self.chance.of(self.score(table))

    def to_json(self) -> dict[str, Any]:
        """Return plain data from which `from_json` makes the same curves."""
        curves = zip(self.features, self.knots, self.values, strict=True)
        return {
            "start": self.start,
            "odds": list(self.chance.odds),
            "bends": list(self.chance.bends),
            "curves": [[name, knots.tolist(), values.tolist()] for name, knots, values in curves],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Curves:
        """Return the curves that `to_json` described."""
        return cls(
            tuple(name for name, _, _ in data["curves"]),
            float(data["start"]),
            tuple(np.array(knots, dtype=np.float64) for _, knots, _ in data["curves"]),
            tuple(np.array(values, dtype=np.float64) for _, _, values in data["curves"]),
            Chance(tuple(map(float, data["odds"])), tuple(map(float, data["bends"]))),
        )


def fit(
    table: NDArray[np.float64],
    answers: NDArray[np.bool_],
    features: Sequence[str],
    *,
    penalty: float,
    counting: NDArray[np.float64] | None = None,
) -> Curves:
    """Return the curves that tell rows with answer yes from others; ``penalty`` is on squared weights.

    ``counting`` says how much each row counts, 1 if not given. *Shape:* (rows,).
    """
    bends = [_forms(column) for column in table.T]
    parts = [
        np.stack([np.interp(column, knots, form) for form in forms], axis=1).astype(np.float32)
        for column, (knots, forms) in zip(table.T, bends, strict=True)
    ]
    design = np.concatenate([*parts, np.ones((len(table), 1), dtype=np.float32)], axis=1)
    target = answers.astype(np.float32)
    fines = np.full(design.shape[1], penalty)
    fines[-1] = 1e-3  # where all begins goes free
    counted = design if counting is None else design * counting[:, None].astype(np.float32)
    square = (counted.T @ design).astype(np.float64) + np.diag(fines)
    weights = np.linalg.solve(square, (counted.T @ target).astype(np.float64))
    values, at = [], 0
    for _, forms in bends:
        values.append(np.round(weights[at : at + len(forms)] @ forms, _DIGITS))
        at += len(forms)
    made = Curves(
        tuple(features),
        round(float(weights[-1]), _DIGITS),
        tuple(knots for knots, _ in bends),
        tuple(values),
        Chance((0.0, 1.0), ()),
    )
    return replace(made, chance=Chance.of_answers(made.score(table), answers))


def _forms(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the knots of a feature, and forms of which its curve is made. *Shape:* (k,), (forms, k).

    They are the logarithm of its size, its rank among all, that squared, and two ramps for the highest.
    """
    knots = np.unique(np.round(np.quantile(values, _LEVELS), _DIGITS))
    ordered = np.sort(values)
    low, high = (np.searchsorted(ordered, knots, side=side) for side in ("left", "right"))
    rank = (low + high) / (2 * len(values))
    size = _size(values)
    form = np.clip((_size(knots) - size.mean()) / max(float(size.std()), 1e-6), -4, 4)
    ramps = [np.maximum(rank - start, 0) / (1 - start) for start in _RAMPS]
    return knots, np.stack([form, rank - 0.5, 2 * (rank - 0.5) ** 2, *ramps])


def _size(values: NDArray[np.float64]) -> NDArray[np.float64]:
    size: NDArray[np.float64] = np.sign(values) * np.log1p(5 * np.abs(values))
    return size


def _bent(score: NDArray[np.float64], bends: NDArray[np.float64]) -> NDArray[np.float64]:
    ramps = [np.maximum(score - bend, 0) for bend in bends.tolist()]
    return np.stack([np.ones_like(score), score, *ramps], axis=1)


def _logistic(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(odds, -_SURE, _SURE)))
    return chances
