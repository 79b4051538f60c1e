"""Make the shipped model anew: ``python -m kg.training GOLD WORK --base BASE_DIR``.

Trains, exports to 8 bits, counts names, fits the judges and the confidences, and prints their figures
out of fold. Each step can be run alone: see `kg.training.train`, `kg.training.export`,
`kg.training.lexicon` and `kg.training.judges`.
A run that was cut off goes on from its last checkpoint in ``WORK``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run the steps one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="folder with train.* and extra.* (or use --sets train)")
    parser.add_argument("work", type=Path, help="folder for checkpoints and the finished model")
    parser.add_argument("--base", type=Path, required=True, help="folder of the encoder to start from")
    parser.add_argument("--sets", nargs="+", default=["train", "extra"])
    parser.add_argument("--epochs", default="3.8")
    args = parser.parse_args()
    base, model, sets = str(args.base), str(args.work / "model"), ["--sets", *args.sets]
    gold, work = str(args.gold), str(args.work)
    _step("train", gold, work, "--base", base, "--epochs", args.epochs, "--bf16", *sets)
    _step("export", str(args.work / "network.pt"), model, "--base", base)
    _step("lexicon", gold, model, *sets)
    _step("judges", gold, model, *sets, "--figure", str(args.work / "reliability.svg"))
    print(f"the model is in {model}: compare it with `kg evaluate` before you ship it")


def _step(name: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", f"kg.training.{name}", *arguments], check=True)  # noqa: S603 - own modules


if __name__ == "__main__":
    main()
