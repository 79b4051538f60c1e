"""From the network's own probabilities to confidences that mean what they say.

A confidence is a logistic function of a few named features; its weights are fitted on papers that
the network was not trained on (``kg.training.calibrate``) and lie beside the model. Of the edges
with confidence 0.8, about eight in ten are right: role, type and one surface.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.extraction.labels import ROLES, TYPES

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights by feature name, for the confidence of a mention and of an edge."""

    mention: Mapping[str, float]
    edge: Mapping[str, float]

    @classmethod
    def load(cls, folder: Path | None = None) -> Calibration:
        """Return the calibration in ``folder``, else the shipped one."""
        from kg.extraction.encoder import MODEL

        data = json.loads(((folder or MODEL) / "calibration.json").read_text("utf8"))
        return cls(mention=data["mention"], edge=data["edge"])

    def of_mention(self, type_: str, raw: float) -> float:
        """Return the probability that bounds and type of a mention are right."""
        return _logistic(self.mention, mention_features(type_, raw))

    def of_edge(
        self, type_: str, role: str, mentions: Sequence[float], role_probability: float, in_title: bool
    ) -> float:
        """Return the probability that a concept and its role are right.

        ``mentions`` are the raw confidences of its mentions, at least one.
        """
        return _logistic(self.edge, edge_features(type_, role, mentions, role_probability, in_title))


def mention_features(type_: str, raw: float) -> dict[str, float]:
    """Return the features of a mention's confidence by name."""
    odds = _log_odds(raw)
    return {"one": 1.0, "odds": odds, **{f"type {t}": float(t == type_) for t in TYPES}}


def edge_features(
    type_: str, role: str, mentions: Sequence[float], role_probability: float, in_title: bool
) -> dict[str, float]:
    """Return the features of an edge's confidence by name."""
    best, mean = max(mentions), sum(mentions) / len(mentions)
    return {
        "one": 1.0,
        "best mention": _log_odds(best),
        "mean mention": _log_odds(mean),
        "log mentions": math.log(len(mentions)),
        "role": _log_odds(role_probability),
        "in title": float(in_title),
        **{f"type {t}": float(t == type_) for t in TYPES},
        **{f"role {r}": float(r == role) for r in ROLES},
    }


def _log_odds(probability: float) -> float:
    p = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def _logistic(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = sum(weights.get(name, 0.0) * value for name, value in sorted(features.items()))
    return round(1 / (1 + math.exp(-max(-40.0, min(40.0, total)))), DIGITS)
