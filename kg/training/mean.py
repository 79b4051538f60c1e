"""The mean of networks: ``python -m kg.training.mean OUT.pt NETWORK.pt=SHARE NETWORK.pt=SHARE …``.

The weights of runs that go on from one another lie in one basin, and their mean reads better than each of
them (M. Wortsman and others, "Model soups", 2022).
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import torch


def main() -> None:
    """Parse the command line and write the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("networks", nargs="+", metavar="NETWORK.pt=SHARE", help="shares that sum to 1")
    args = parser.parse_args()
    parts = [(file, float(share)) for file, _, share in (text.rpartition("=") for text in args.networks)]
    if not math.isclose(sum(share for _, share in parts), 1.0):
        parser.error("the shares have to sum to 1")
    torch.save(mean([(torch.load(file, weights_only=True), share) for file, share in parts]), args.out)


def mean(parts: list[tuple[dict[str, Any], float]]) -> dict[str, Any]:
    """Return the weights by name, each the sum of those of ``parts`` times its share."""
    first, _ = parts[0]
    return {
        name: sum(share * weights[name] for weights, share in parts) if value.is_floating_point() else value
        for name, value in first.items()
    }


if __name__ == "__main__":
    main()
