"""Boosted regression trees for yes-or-no questions: small, exact to repeat, and stored as JSON.

The algorithm of J. Friedman, "Greedy function approximation: a gradient boosting machine" (2001), with
logistic loss, Newton steps, and thresholds taken from quantiles. No chance is involved: the same table
gives the same trees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes by position, the root first: at or below ``threshold`` of ``feature`` left, else right.

    A leaf has ``feature`` -1 and its ``value`` in log odds.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]

    def predict(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the leaf value of each row. *Shape:* (rows, features) to (rows,)."""
        at = np.zeros(len(table), dtype=np.int64)
        rows = np.arange(len(table))
        while (inner := self.feature[at] >= 0).any():
            low = table[rows, np.maximum(self.feature[at], 0)] <= self.threshold[at]
            at = np.where(inner, np.where(low, self.left[at], self.right[at]), at)
        values: NDArray[np.float64] = self.value[at]
        return values


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose values add up, from ``start``, to log odds over the named ``features``."""

    features: tuple[str, ...]
    start: float
    trees: tuple[Tree, ...]

    def probability(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of yes for each row. *Shape:* (rows, features) to (rows,)."""
        odds = np.full(len(table), self.start)
        for tree in self.trees:
            odds += tree.predict(table)
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return probabilities

    def to_json(self) -> dict[str, Any]:
        """Return plain data from which `from_json` makes the same forest."""
        return {
            "features": list(self.features),
            "start": self.start,
            "trees": [
                [
                    [int(f), float(t), int(low), int(high), float(v)]
                    for f, t, low, high, v in zip(
                        tree.feature, tree.threshold, tree.left, tree.right, tree.value, strict=True
                    )
                ]
                for tree in self.trees
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Forest:
        """Return the forest that `to_json` described."""
        trees = []
        for nodes in data["trees"]:
            feature, threshold, left, right, value = zip(*nodes, strict=True)
            trees.append(
                Tree(
                    np.array(feature, dtype=np.int64),
                    np.array(threshold, dtype=np.float64),
                    np.array(left, dtype=np.int64),
                    np.array(right, dtype=np.int64),
                    np.array(value, dtype=np.float64),
                )
            )
        return cls(tuple(data["features"]), float(data["start"]), tuple(trees))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a forest grows. ``least`` is the fewest rows of a leaf, ``bins`` how many thresholds are tried."""

    trees: int = 120
    leaves: int = 8
    step: float = 0.06
    penalty: float = 5.0
    least: int = 20
    bins: int = 48


def fit(
    table: NDArray[np.float64], answers: NDArray[np.bool_], features: Sequence[str], shape: Shape
) -> Forest:
    """Return the forest that tells the rows with answer yes from the others."""
    share = min(max(float(answers.mean()), 1e-6), 1 - 1e-6)
    start = round(float(np.log(share / (1 - share))), _DIGITS)
    edges = [_thresholds(table[:, f], shape.bins) for f in range(table.shape[1])]
    binned = np.stack([np.searchsorted(e, table[:, f]) for f, e in enumerate(edges)], axis=1)
    odds = np.full(len(table), start)
    target = answers.astype(np.float64)
    trees = []
    for _ in range(shape.trees):
        chance = 1 / (1 + np.exp(-odds))
        tree = _grow(binned, edges, chance - target, chance * (1 - chance), shape)
        trees.append(tree)
        odds += tree.predict(table)
    return Forest(tuple(features), start, tuple(trees))


def _thresholds(values: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    cuts = np.unique(np.round(np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1]), _DIGITS))
    kept: NDArray[np.float64] = cuts[cuts < values.max()]
    return kept


@dataclass(slots=True)
class _Leaf:
    node: int
    rows: NDArray[np.int64]
    gain: float = 0.0
    feature: int = -1
    bin: int = 0


def _grow(
    binned: NDArray[np.int64],
    edges: Sequence[NDArray[np.float64]],
    slope: NDArray[np.float64],
    curve: NDArray[np.float64],
    shape: Shape,
) -> Tree:
    """Return one tree: the leaf whose split helps most is split, until there are enough leaves."""
    nodes: list[list[float]] = [[-1, 0.0, 0, 0, 0.0]]
    leaves = [_best_split(_Leaf(0, np.arange(len(binned))), binned, edges, slope, curve, shape)]
    while len(leaves) < shape.leaves:
        leaf = max(leaves, key=lambda one: (one.gain, -one.node))
        if leaf.gain <= 0:
            break
        leaves.remove(leaf)
        low = binned[leaf.rows, leaf.feature] <= leaf.bin
        children = [_Leaf(len(nodes), leaf.rows[low]), _Leaf(len(nodes) + 1, leaf.rows[~low])]
        nodes[leaf.node] = [
            leaf.feature,
            float(edges[leaf.feature][leaf.bin]),
            len(nodes),
            len(nodes) + 1,
            0.0,
        ]
        nodes += [[-1, 0.0, 0, 0, 0.0], [-1, 0.0, 0, 0, 0.0]]
        leaves += [_best_split(child, binned, edges, slope, curve, shape) for child in children]
    for leaf in leaves:
        step = -slope[leaf.rows].sum() / (curve[leaf.rows].sum() + shape.penalty)
        nodes[leaf.node][4] = round(float(shape.step * step), _DIGITS)
    feature, threshold, left, right, value = zip(*nodes, strict=True)
    return Tree(
        np.array(feature, dtype=np.int64),
        np.array(threshold, dtype=np.float64),
        np.array(left, dtype=np.int64),
        np.array(right, dtype=np.int64),
        np.array(value, dtype=np.float64),
    )


def _best_split(
    leaf: _Leaf,
    binned: NDArray[np.int64],
    edges: Sequence[NDArray[np.float64]],
    slope: NDArray[np.float64],
    curve: NDArray[np.float64],
    shape: Shape,
) -> _Leaf:
    rows = leaf.rows
    total_slope, total_curve = slope[rows].sum(), curve[rows].sum()
    whole = total_slope**2 / (total_curve + shape.penalty)
    for feature, cuts in enumerate(edges):
        if not len(cuts):
            continue
        at = binned[rows, feature]
        bins = len(cuts) + 1
        count = np.cumsum(np.bincount(at, minlength=bins))[:-1]
        low_slope = np.cumsum(np.bincount(at, weights=slope[rows], minlength=bins))[:-1]
        low_curve = np.cumsum(np.bincount(at, weights=curve[rows], minlength=bins))[:-1]
        gain = (
            low_slope**2 / (low_curve + shape.penalty)
            + (total_slope - low_slope) ** 2 / (total_curve - low_curve + shape.penalty)
            - whole
        )
        gain[(count < shape.least) | (len(rows) - count < shape.least)] = 0.0
        best = int(gain.argmax())
        if gain[best] > leaf.gain + 1e-9:
            leaf.gain, leaf.feature, leaf.bin = float(gain[best]), feature, best
    return leaf
