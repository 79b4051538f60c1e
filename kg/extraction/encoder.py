"""The shipped network, run by ONNX Runtime on the processor: one paper a call, one thread.

Neighbours in a batch would change a result: padding in its last bits, and dynamic quantisation by
its scale, which is taken over the whole batch. So there are no batches; papers run side by side in
processes instead (`kg.extraction.stream`).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction.labels import WIDTH
from kg.extraction.wordpieces import Window, WordPieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL = Path(__file__).parent / "model"


def session(network: bytes) -> Any:
    """Return an ONNX Runtime session on the processor, with one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


class Encoder:
    """Scores every word of a paper for concept tags, value tags and roles (`kg.extraction.labels`)."""

    def __init__(self, network: bytes, tokenizer_json: str) -> None:
        self._session = session(network)
        self._pieces = WordPieces(tokenizer_json)
        #: Digest of all that decides the scores, but for the versions of the libraries.
        self.fingerprint: str = sha256(network + tokenizer_json.encode()).hexdigest()[:16]

    @classmethod
    def load(cls, folder: Path | None = None) -> Encoder:
        """Return the encoder in ``folder`` (``reader.onnx``, ``tokenizer.json``), else the shipped one."""
        folder = folder or MODEL
        return cls((folder / "reader.onnx").read_bytes(), (folder / "tokenizer.json").read_text("utf8"))

    def scores(self, title_words: Sequence[str], abstract_words: Sequence[str]) -> NDArray[np.float32]:
        """Return logits of shape (words, `WIDTH`), title words first.

        Of a paper with several windows, each word keeps the scores of the window in which it has
        most context, that is where it lies farthest from an edge.
        """
        n_words = len(title_words) + len(abstract_words)
        best = np.full(n_words, -1, dtype=np.int64)
        scores = np.zeros((n_words, WIDTH), dtype=np.float32)
        for window in self._pieces.windows(title_words, abstract_words):
            rows = self._run(window)
            positions = np.array(window.words)
            at = np.flatnonzero(positions >= 0)
            words = positions[at]
            context = np.minimum(at, len(positions) - 1 - at)
            better = context > best[words]
            best[words[better]] = context[better]
            scores[words[better]] = rows[at[better]]
        return scores

    def _run(self, window: Window) -> NDArray[np.float32]:
        feed = {
            "pieces": np.array([window.pieces], dtype=np.int64),
            "shapes": np.array([window.shapes], dtype=np.int64),
            "segments": np.array([window.segments], dtype=np.int64),
        }
        (scores,) = self._session.run(None, feed)
        rows: NDArray[np.float32] = scores[0]
        return rows
