"""What resolution costs: ``python tests/benchmarks/resolution.py WHAT …``.

abstracts FILE.jsonl.gz… [--sizes N…]   seconds and memory on the names of so many abstracts, a line each
papers INPUT… --cache DIR               seconds for the papers of INPUT, whose extractions are in DIR or
                                        are read first; only resolution is timed
stages FILE.jsonl.gz… [--sizes N]       where the time goes

Names of abstracts are the runs of words between stop words and punctuation, those that look most like a
name first: as many a paper as an annotated one has, and with as long a tail. Time is that of the processor,
so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import pstats
import re
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.model import Extraction, Mention, Paper, PaperConcept
from kg.report import Report
from kg.resolution import resolve
from kg.resolution.normal import is_short

#: Concepts of an annotated abstract, about.
CONCEPTS = 6
SIZES = (4_500, 9_000, 18_000, 36_000, 72_000)
_STOP = frozenset(
    "a about after all also an and are as at be been between both but by can could each for from has "
    "have how in into is it its may more most new of on or our over propose proposed show such than "
    "that the their them then there these they this those through to under use used using was we were "
    "when where which while with within".split()
)
_BREAK = re.compile(r"[^\w\s\-+#*.]|\.\s|\s-\s")


def phrases(text: str) -> list[str]:
    """Return the runs of one to four words of ``text`` that may be names, the likeliest first."""
    found: dict[str, int] = {}
    for part in _BREAK.split(text):
        run: list[str] = []
        for word in [*part.split(), "the"]:
            if word.casefold() in _STOP:
                if 0 < len(run) <= 4 and len(" ".join(run)) > 2:
                    phrase = " ".join(run)
                    found[phrase] = found.get(phrase, 0) + 1
                run = []
            else:
                run.append(word)
    return sorted(found, key=lambda p: (not is_short(p), "-" not in p and " " not in p, -found[p], p))


def read(files: Iterable[Path]) -> Iterator[tuple[Paper, Extraction]]:
    """Yield the abstracts in ``files`` with their likeliest names as concepts."""
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                paper = Paper(id=row["id"], title=row["title"], abstract=row["abstract"] or "")
                concepts = tuple(
                    PaperConcept(
                        key=f"c{n}",
                        type="METHOD",
                        role="USES",
                        name=name,
                        confidence=1.0,
                        mentions=(Mention(field="abstract", start=0, end=len(name), text=name),),
                    )
                    for n, name in enumerate(phrases(paper.abstract)[:CONCEPTS])
                )
                yield paper, Extraction(paper_id=paper.id, concepts=concepts, extractor="given")


def timed(papers: list[Paper], extractions: dict[str, Extraction]) -> None:
    """Resolve, and print a line of figures."""
    report = Report()
    before = time.process_time()
    resolve(papers, extractions, report=report)
    spent = time.process_time() - before
    names = report.counts["resolution.names"]
    # The most that the process ever had: sizes that grow show what each needs.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{len(papers):7,d} papers  {names:8,d} names  {report.counts['resolution.concepts']:8,d} concepts  "
        f"{report.counts['resolution.pairs']:9,d} pairs  {spent:7.1f} s  "
        f"{1e6 * spent / max(names, 1):6.0f} µs a name  {memory:6.0f} MB\n"
    )
    sys.stdout.flush()


def abstracts(files: list[Path], sizes: Iterable[int]) -> None:
    """Print a line for each size."""
    found = list(read(files))
    # Every size is a sample of all files.
    found.sort(key=lambda one: one[0].id[::-1])
    for size in sizes:
        taken = found[:size]
        timed([paper for paper, _ in taken], {paper.id: extraction for paper, extraction in taken})


def papers(inputs: list[str], cache: Path) -> None:
    """Print a line for the papers of ``inputs``, as a build resolves them."""
    from kg.dedupe import dedupe
    from kg.extraction import Cache, extract
    from kg.reading import read as read_papers

    known, _ = dedupe(read_papers(inputs), report=Report())
    extractions = {found.paper_id: found for found in extract(known, cache=Cache(cache))}
    # The knowledge that ships is read once a process.
    resolve(known[:1], extractions)
    timed(list(known), extractions)


def stages(files: list[Path], size: int) -> None:
    """Print the functions that take the most time."""
    found = list(read(files))[:size]
    profile = cProfile.Profile()
    profile.enable()
    resolve([paper for paper, _ in found], {paper.id: extraction for paper, extraction in found})
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(20)


def main() -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_subparsers(dest="what", required=True)
    for name in ("abstracts", "stages"):
        one = what.add_parser(name)
        one.add_argument("files", type=Path, nargs="+")
        one.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    one = what.add_parser("papers")
    one.add_argument("inputs", nargs="+")
    one.add_argument("--cache", type=Path, required=True)
    args = parser.parse_args()
    if args.what == "abstracts":
        abstracts(args.files, args.sizes)
    elif args.what == "papers":
        papers(args.inputs, args.cache)
    else:
        stages(args.files, args.sizes[0])


if __name__ == "__main__":
    main()
