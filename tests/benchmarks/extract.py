"""Speed of extraction: ``python tests/benchmarks/extract.py [INPUT …] [--papers N] [--flat N]``.

Prints, all from one run: the load time of the model; the time of the bare network on the windows of
the same papers; that of the whole of `kg.extract` in one process, and their ratio (rounds in turn,
medians); papers a second in one and in two processes; and, with ``--flat N``, the memory in use
while N papers stream through.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

import kg
from kg.extraction.encoder import MODEL, Encoder
from kg.extraction.wordpieces import Window, WordPieces, word_bounds
from kg.model import Paper

SEEDS = Path(__file__).parents[2] / "seeds"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="*", default=[str(SEEDS)])
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--flat", type=int, default=0)
    args = parser.parse_args()
    papers = list(itertools.islice(kg.read(args.inputs), args.papers))
    began = time.perf_counter()
    encoder = Encoder.load()
    print(f"model load             {time.perf_counter() - began:8.2f} s")
    windows = _windows(papers)
    print(f"papers {len(papers)}, {sum(len(w.pieces) for w in windows) / len(papers):.0f} pieces a paper")
    _drain(kg.extract(papers[:5]))  # spaCy and the runtime are loaded once, before the clock runs
    bare, whole = [], []
    for _ in range(args.rounds):
        bare.append(_timed(lambda: [encoder._run(w) for w in windows]))
        whole.append(_timed(lambda: _drain(kg.extract(papers))))
    ratio = statistics.median(w / b for w, b in zip(whole, bare, strict=True))
    print(f"bare network           {len(papers) / statistics.median(bare):8.1f} papers/s")
    print(f"kg.extract, 1 process  {len(papers) / statistics.median(whole):8.1f} papers/s")
    print(f"whole to bare          {ratio:8.2f}")
    many = papers * 4
    two = _timed(lambda: _drain(kg.extract(many, jobs=2)))
    print(f"kg.extract, 2 processes{len(many) / two:8.1f} papers/s, their start included")
    if args.flat:
        _flat(args.inputs, args.flat)


def _windows(papers: Iterable[Paper]) -> list[Window]:
    pieces = WordPieces((MODEL / "tokenizer.json").read_text("utf8"))
    texts = [[[t[s:e] for s, e in word_bounds(t)] for t in (p.title, p.abstract)] for p in papers]
    return [window for title, abstract in texts for window in pieces.windows(title, abstract)]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _drain(things: Iterable[object]) -> None:
    for _ in things:
        pass


def _flat(inputs: list[str], papers: int) -> None:
    page = resource.getpagesize()
    marks = {int(share) for share in np.linspace(papers / 10, papers, 10)}
    for n, _ in enumerate(kg.extract(itertools.islice(kg.read(inputs), papers)), start=1):
        if n in marks:
            resident = int(Path(f"/proc/{os.getpid()}/statm").read_text("ascii").split()[1]) * page
            print(f"after {n:7,} papers     {resident / 2**20:8.0f} MiB resident")


if __name__ == "__main__":
    main()
