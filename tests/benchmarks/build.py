"""Time of a build, and of the same build again: ``python tests/benchmarks/build.py [INPUT …] [--jobs N]``.

Prints the seconds of each stage of a first build, with nothing in the cache, and of a second one
without change, in processes of their own; their ratio; and the most memory that either held.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "seeds"
_BUILD = """
import resource, sys, kg
kg.build(sys.argv[3:], out=sys.argv[1], jobs=int(sys.argv[2]))
own, others = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(max(own, others) / 1024)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="*", default=[str(SEEDS)])
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    seconds = []
    with tempfile.TemporaryDirectory() as place:
        out = Path(place, "graph")
        for word in ("first", "again"):
            began = time.perf_counter()
            command = [sys.executable, "-c", _BUILD, str(out), str(args.jobs), *args.inputs]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds.append(time.perf_counter() - began)
            print(f"{word}  {seconds[-1]:8.2f} s, {float(done.stdout):.0f} MB")
            head, *stages = map(json.loads, (out / "build.log").read_text().splitlines())
            for stage in stages:
                print(f"  {stage['stage']:10} {stage['seconds']:8.2f} s  {stage['done']:>8,} done")
            print(f"  cache misses {head['counts'].get('run.extraction.cache_misses', 0):,}")
    print(f"again to first {seconds[1] / seconds[0]:.2f}")


if __name__ == "__main__":
    main()
