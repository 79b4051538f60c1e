"""Confidences that mean what they say: logistic weights, their error, and the figure that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 10


@dataclass
class Sample:
    """What was claimed, by its features; whether it is right; and the part of the papers it is from."""

    features: list[Mapping[str, float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    part: list[int] = field(default_factory=list)

    def add(self, features: Mapping[str, float], right: bool, part: int) -> None:
        """Add one claim."""
        self.features.append(features)
        self.right.append(right)
        self.part.append(part)


def fit(sample: Sample) -> dict[str, float]:
    """Return a weight for each feature, fitted on the whole sample."""
    names, matrix = _matrix(sample.features)
    weights = _logistic(matrix, np.array(sample.right)).coef_[0]
    return {name: round(float(weight), 6) for name, weight in zip(names, weights, strict=True)}


def judged(sample: Sample) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return confidence and truth of each claim, each part judged with weights from the others."""
    _, matrix = _matrix(sample.features)
    right, part = np.array(sample.right), np.array(sample.part)
    confidence = np.zeros(len(right))
    for one in np.unique(part):
        fitted = _logistic(matrix[part != one], right[part != one])
        confidence[part == one] = fitted.predict_proba(matrix[part == one])[:, 1]
    return confidence, right


def error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten bins of equal mass."""
    return sum(n * abs(c - r) for c, r, n in _bins(confidence, right)) / len(right)


def figure(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> str:
    """Return the reliability diagram as SVG: confidence to the right, share right upwards."""
    bins, off, n = _bins(confidence, right), error(confidence, right), len(right)
    dots = "".join(f'<circle cx="{40 + c * 320:.1f}" cy="{360 - r * 320:.1f}" r="5"/>' for c, r, _ in bins)
    ticks = "".join(
        f'<text x="{40 + t * 320:.0f}" y="378" text-anchor="middle">{t:g}</text>'
        f'<text x="32" y="{364 - t * 320:.0f}" text-anchor="end">{t:g}</text>'
        for t in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 420" '
        'font-family="sans-serif" font-size="12">'
        '<rect width="400" height="420" fill="#fff"/>'
        '<path d="M40 40V360H360" fill="none" stroke="#444"/>'
        '<path d="M40 360L360 40" stroke="#bbb" stroke-dasharray="4 4"/>'
        f'<g fill="#0072b2">{dots}</g><g fill="#222">{ticks}'
        '<text x="200" y="398" text-anchor="middle">confidence of an edge</text>'
        '<text x="14" y="200" text-anchor="middle" transform="rotate(-90 14 200)">'
        "share that is right</text>"
        f'<text x="200" y="24" text-anchor="middle">{n} edges out of fold, error {off:.3f}</text>'
        "</g></svg>\n"
    )


def _matrix(features: Sequence[Mapping[str, float]]) -> tuple[list[str], NDArray[np.float64]]:
    names = sorted(features[0])
    return names, np.array([[row[name] for name in names] for row in features])


def _logistic(matrix: NDArray[np.float64], right: NDArray[np.bool_]) -> Any:
    return LogisticRegression(C=10.0, fit_intercept=False, max_iter=2000).fit(matrix, right)


def _bins(confidence: Any, right: Any) -> list[tuple[float, float, int]]:
    """Return mean confidence, share right and size of ten bins of equal mass."""
    order = np.argsort(confidence, kind="stable")
    return [
        (float(confidence[part].mean()), float(right[part].mean()), len(part))
        for part in np.array_split(order, BINS)
    ]
