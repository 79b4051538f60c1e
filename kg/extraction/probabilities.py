"""From scores to probabilities, along the last axis and in double precision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def softmax(scores: NDArray[Any]) -> NDArray[np.float64]:
    """Return probabilities that sum to 1."""
    wide = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    normal: NDArray[np.float64] = wide / wide.sum(axis=-1, keepdims=True)
    return normal


def log_softmax(scores: NDArray[Any]) -> NDArray[np.float64]:
    """Return the logarithms of probabilities that sum to 1."""
    wide: NDArray[np.float64] = scores.astype(np.float64)
    wide = wide - wide.max(axis=-1, keepdims=True)
    normal: NDArray[np.float64] = wide - np.log(np.exp(wide).sum(axis=-1, keepdims=True))
    return normal
