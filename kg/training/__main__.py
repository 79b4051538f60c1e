"""Make the shipped model anew: ``python -m kg.training GOLD WORK --base BASE_DIR --abstracts FILE …``.

Trains, exports to 8 bits, counts names, fits the judges and the confidences, and prints their figures
out of fold. With ``--abstracts``, where their texts are, the papers of the further annotation
(`kg.training.further`) are learned from too. Each step can be run alone: see `kg.training.train`,
`kg.training.export`, `kg.training.lexicon`, `kg.training.pairs` and `kg.training.judges`. A run that was
cut off goes on from its last checkpoint in ``WORK``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

#: Small batches and many steps did more than anything else that was tried on the same papers.
SCHEDULE = ["--batch", "8", "--rate", "2e-4", "--average", "0.995", "--swap", "0.4", "--bf16"]


def main() -> None:
    """Run the steps one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="folder with train.* and extra.* (or use --sets train)")
    parser.add_argument("work", type=Path, help="folder for checkpoints and the finished model")
    parser.add_argument("--base", type=Path, required=True, help="folder of the encoder to start from")
    parser.add_argument("--sets", nargs="+", default=["train", "extra"])
    parser.add_argument("--epochs", default="6")
    parser.add_argument(
        "--abstracts", nargs="+", default=[], help="files with the texts of the further annotation"
    )
    args = parser.parse_args()
    model, gold, base = str(args.work / "model"), str(args.gold), str(args.base)
    learned, taught = ["--sets", *args.sets], []
    if args.abstracts:
        further = str((args.work / "further").resolve())
        _step("further", further, *args.abstracts)
        learned.append(further)
        taught = ["--further", further]
    # The sample papers are few, and what most readers of a graph have: each is shown twice.
    shares = ["--shares", *("2" if name == "train" else "1" for name in learned[1:])]
    _step(
        "train", gold, str(args.work), "--base", base, *learned, *shares, *SCHEDULE, "--epochs", args.epochs
    )
    _step("export", str(args.work / "network.pt"), model, "--base", base)
    _step("lexicon", gold, model, *learned)
    _step("pairs", gold, model, *learned)
    figure = ["--figure", str(args.work / "reliability.svg")]
    _step("judges", gold, model, "--sets", *args.sets, *taught, *figure)
    print(f"the model is in {model}: compare it with `kg evaluate` before you ship it")


def _step(name: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", f"kg.training.{name}", *arguments], check=True)  # noqa: S603 - own modules


if __name__ == "__main__":
    main()
