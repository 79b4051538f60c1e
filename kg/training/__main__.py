"""Make the shipped model anew: ``python -m kg.training GOLD WORK --base BASE_DIR --unlabelled FILE …``.

Trains, exports to 8 bits, counts names, fits the judges and the confidences, and prints their figures
out of fold. With ``--unlabelled``, the reader made so then annotates papers that nobody did, and a second
leg of training on both kinds, with the same steps after it, makes the model (`kg.training.pseudo`).
Each step can be run alone: see `kg.training.train`, `kg.training.export`, `kg.training.lexicon` and
`kg.training.judges`. A run that was cut off goes on from its last checkpoint in ``WORK``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

#: The second leg: one pass over the sample papers twice, three quarters of the other annotated ones, and
#: 4,000 papers of each unlabelled file.
SHARES = ["2", "0.75", "1"]
SECOND_LEG = ["--epochs", "1", "--rate", "2e-4", "--drawn", "4000", "--seed", "7"]


def main() -> None:
    """Run the steps one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="folder with train.* and extra.* (or use --sets train)")
    parser.add_argument("work", type=Path, help="folder for checkpoints and the finished model")
    parser.add_argument("--base", type=Path, required=True, help="folder of the encoder to start from")
    parser.add_argument("--sets", nargs="+", default=["train", "extra"])
    parser.add_argument("--epochs", default="3.8")
    parser.add_argument("--unlabelled", nargs="+", default=[], help="papers without annotation, JSON Lines")
    args = parser.parse_args()
    first = args.work / "first" if args.unlabelled else args.work
    leg = ["--epochs", args.epochs]
    model = _leg(args, first, leg)
    if args.unlabelled:
        leg = ["--start", str(first / "network.pt"), *SECOND_LEG, "--teacher", str(model)]
        shares = SHARES if len(args.sets) == len(SHARES) - 1 else ["1"] * (len(args.sets) + 1)
        model = _leg(args, args.work, [*leg, "--shares", *shares, "--unlabelled", *args.unlabelled])
    print(f"the model is in {model}: compare it with `kg evaluate` before you ship it")


def _leg(args: argparse.Namespace, work: Path, how: list[str]) -> Path:
    """Train in ``work`` and fit what follows the network; return the model's folder."""
    base, model, sets = str(args.base), work / "model", ["--sets", *args.sets]
    gold = str(args.gold)
    _step("train", gold, str(work), "--base", base, "--bf16", *sets, *how)
    _step("export", str(work / "network.pt"), str(model), "--base", base)
    _step("lexicon", gold, str(model), *sets)
    _step("judges", gold, str(model), *sets, "--figure", str(work / "reliability.svg"))
    return model


def _step(name: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", f"kg.training.{name}", *arguments], check=True)  # noqa: S603 - own modules


if __name__ == "__main__":
    main()
