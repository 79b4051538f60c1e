"""The strongest edges of a weighted graph, at most so many a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def strongest(
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    weight: NDArray[np.float64],
    support: NDArray[np.int64],
    *,
    nodes: int,
    most: int,
) -> NDArray[np.int64]:
    """Return positions of the edges to keep, ascending, so that no node has more than ``most``.

    The strongest edge comes first; one is left out only where one of its ends already has ``most``
    that are stronger. Of edges of equal ``weight``, that with more ``support`` goes first, then that with
    the smaller ends.
    """
    left = np.full(nodes, most, dtype=np.int64)
    kept: list[int] = []
    ends_a, ends_b = a.tolist(), b.tolist()
    for edge in np.lexsort((b, a, -support, -weight)).tolist():
        one, other = ends_a[edge], ends_b[edge]
        if left[one] and left[other]:
            left[one] -= 1
            left[other] -= 1
            kept.append(edge)
    return np.array(sorted(kept), dtype=np.int64)
