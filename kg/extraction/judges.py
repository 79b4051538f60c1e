"""Boosted trees that judge rows of features, run by ONNX Runtime.

``kg.training.judges`` fits those that go by the network's scores on papers that it was not trained on, since
only there its scores are as unsure as they are on a new paper; ``kg.training.pairs`` fits the judge of pairs,
which sees no scores, on the others.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction.encoder import MODEL, session
from kg.extraction.probabilities import softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The judge of candidate mentions, of pairs of concepts that may be one, and of a concept's role.
MENTIONS, PAIRS, ROLES = "mentions.onnx", "pairs.onnx", "roles.onnx"


class Judge:
    """A sum of trees for each answer; ``network`` is the content of an ONNX file."""

    def __init__(self, network: bytes) -> None:
        self._session: Any = session(network)
        self._answers: int = self._session.get_outputs()[0].shape[1]

    @classmethod
    def load(cls, name: str, folder: Path | None = None) -> Judge:
        """Return the judge ``name`` of the model in ``folder``, else of the shipped one."""
        return cls(((folder or MODEL) / name).read_bytes())

    def odds(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the sums of the trees. *Shape:* (rows, features) to (rows, answers)."""
        if not len(table):
            return np.zeros((0, self._answers))
        (sums,) = self._session.run(None, {"rows": table})
        wide: NDArray[np.float64] = sums.astype(np.float64)
        return wide

    def yes(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of the one answer. *Shape:* (rows, features) to (rows,)."""
        odds = self.odds(table)[:, 0]
        probability: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return probability

    def shares(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probabilities of the answers, which exclude each other."""
        return softmax(self.odds(table))
