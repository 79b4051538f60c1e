"""Judge resolution against a reference: ``python -m kg.resolution.judge RESOLUTION ANNOTATION``.

RESOLUTION holds names, clusters, negatives, near, hyponyms, judged and homographs as JSON Lines;
ANNOTATION the annotated papers that the names come from (``*.docs.jsonl`` and ``*.jsonl``). The
concepts are resolved from that annotation, so that resolution alone is judged. ``--out FILE`` writes
the predictions as the reference's own scorer reads them, ``--errors N`` shows what is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from kg.model import Extraction, Mention, Paper, PaperConcept
from kg.report import Report
from kg.resolution import Linker, resolve
from kg.resolution.clustering import Pair, ordered
from kg.resolution.normal import key, words

CLASSES = ("trivial", "variant", "abbreviation", "world-knowledge")


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the JSON lines of ``path``."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def annotated(folder: Path) -> tuple[list[Paper], dict[str, Extraction]]:
    """Return the papers of an annotated collection, and what it says of each."""
    papers = []
    extractions = {}
    for docs in sorted(folder.glob("*.docs.jsonl")):
        papers += [Paper(id=d["id"], title=d["title"], abstract=d["abstract"]) for d in rows(docs)]
        for entry in rows(docs.with_name(docs.name.replace(".docs.", "."))):
            concepts = tuple(_concept(n, concept) for n, concept in enumerate(entry["concepts"]))
            extractions[entry["id"]] = Extraction(paper_id=entry["id"], extractor="given", concepts=concepts)
    return papers, extractions


def _concept(number: int, given: Mapping[str, Any]) -> PaperConcept:
    # Places play no part in resolution.
    mentions = tuple(Mention(field="abstract", start=0, end=0, text=text) for text in given["mentions"])
    return PaperConcept(
        key=f"c{number}",
        type=given["type"],
        role=given["role"],
        name=given["name"],
        confidence=1.0,
        mentions=mentions,
    )


class Reference:
    """What a reference says about names: which are one concept, and which pairs do not count."""

    def __init__(self, folder: Path) -> None:
        names = rows(folder / "names.jsonl")
        self.main = {row["name"]: row["type"] for row in names}
        self.types = {row["name"]: set(row["types"]) for row in names}
        self.judged = {row["name"] for row in rows(folder / "judged.jsonl")}
        self.near = {ordered(row["a"], row["b"]) for row in rows(folder / "near.jsonl")}
        self.negatives = [(row["a"], row["b"]) for row in rows(folder / "negatives.jsonl")]
        narrower = [(row["narrower"], row["broader"]) for row in rows(folder / "hyponyms.jsonl")]
        self.hyponyms = [pair for pair in narrower if ordered(*pair) not in self.near]
        self.homographs = rows(folder / "homographs.jsonl")
        self.cluster: dict[str, str] = {}
        self._class: dict[str, str] = {}
        self.borderline: set[str] = set()
        for row in rows(folder / "clusters.jsonl"):
            for member in row["members"]:
                self.cluster[member["name"]] = row["canonical"]
                self._class[member["name"]] = member["class"]
                if member["borderline"]:
                    self.borderline.add(member["name"])

    def label(self, a: str, b: str) -> int | None:
        """Return 1 for one concept, 0 for two, None where the pair does not count."""
        if (a not in self.judged and b not in self.judged) or not self.types[a] & self.types[b]:
            return None
        first, second = self.cluster.get(a, a), self.cluster.get(b, b)
        if first == second:
            return None if {a, b} & self.borderline else 1
        return None if ordered(first, second) in self.near else 0

    def true_pairs(self) -> Iterator[Pair]:
        """Yield the pairs of names that are one concept."""
        members: dict[str, list[str]] = {}
        for name, canonical in self.cluster.items():
            members.setdefault(canonical, []).append(name)
        for names in members.values():
            # A pair of a cluster counts even where nobody judged its names.
            for a, b in combinations(names, 2):
                if not {a, b} & self.borderline and self.types[a] & self.types[b]:
                    yield ordered(a, b)

    def class_of(self, a: str, b: str) -> str:
        """Return how hard a true pair is: the harder class of the two, trivial where one normal form."""
        if _plain(a) == _plain(b):
            return "trivial"
        classes = [self._class[name] for name in (a, b) if self._class[name] != "canonical"]
        return max(classes, key=CLASSES.index)


def _plain(name: str) -> str:
    return "".join("".join(c for c in word if c.isascii() and c.isalnum()) for word in words(name)) or name


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts behind the figures; ``wrong`` are pairs of names merged in error, ``missed`` the others."""

    predicted: int
    correct: int
    reference: int
    found: Mapping[str, tuple[int, int]]
    negatives: tuple[int, int]
    hyponyms: tuple[int, int]
    homographs: tuple[int, int, int]
    wrong: tuple[Pair, ...]
    missed: tuple[Pair, ...]

    @property
    def precision(self) -> float:
        """Of the merged pairs that count, the share that is right."""
        return self.correct / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Of the reference's pairs, the share that is merged."""
        return self.correct / self.reference if self.reference else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def judge(
    reference: Reference, ids: Mapping[str, str], homographs: tuple[int, int, int] = (0, 0, 0)
) -> Figures:
    """Return the figures of a resolution that gives each name of the reference an id."""
    groups: dict[str, list[str]] = {}
    for name in reference.main:
        groups.setdefault(ids[name], []).append(name)
    true = set(reference.true_pairs())
    hit: set[Pair] = set()
    wrong: list[Pair] = []
    for group in groups.values():
        for a, b in combinations(group, 2):
            label = reference.label(a, b)
            if label is not None:
                pair = ordered(a, b)
                if label and pair in true:
                    hit.add(pair)
                else:
                    wrong.append(pair)
    found = {}
    for kind in CLASSES:
        of_kind = {pair for pair in true if reference.class_of(*pair) == kind}
        found[kind] = (len(of_kind & hit), len(of_kind))
    return Figures(
        predicted=len(hit) + len(wrong),
        correct=len(hit),
        reference=len(true),
        found=found,
        negatives=(sum(ids[a] == ids[b] for a, b in reference.negatives), len(reference.negatives)),
        hyponyms=(sum(ids[a] == ids[b] for a, b in reference.hyponyms), len(reference.hyponyms)),
        homographs=homographs,
        wrong=tuple(sorted(wrong)),
        missed=tuple(sorted(true - hit)),
    )


def judge_homographs(
    reference: Reference, linker: Linker, extractions: Mapping[str, Extraction]
) -> tuple[int, int, int]:
    """Return short forms led to their sense, those that the extraction has, and all of the reference.

    Right is a concept that goes by the sense's name; where no paper uses that name, a concept that no
    other sense of the short form leads to.
    """
    right = present = total = 0
    for row in reference.homographs:
        senses = {sense["name"]: sense["papers"] for sense in row["expansions"]}
        led = {
            name: {p: _meant(linker, extractions, p, row["short"]) for p in papers}
            for name, papers in senses.items()
        }
        for name, by_paper in led.items():
            own = set(linker.find(name))
            other = {i for sense, found in led.items() if sense != name for i in found.values()}
            other |= {i for sense in senses if sense != name for i in linker.find(sense)}
            for concept_id in by_paper.values():
                total += 1
                present += concept_id is not None
                right += concept_id is not None and (concept_id in own if own else concept_id not in other)
    return right, present, total


def _meant(linker: Linker, extractions: Mapping[str, Extraction], paper_id: str, short: str) -> str | None:
    for concept in extractions[paper_id].concepts if paper_id in extractions else ():
        surfaces = (concept.name, *(mention.text for mention in concept.mentions))
        if any(key(surface) == key(short) for surface in surfaces):
            return linker.concept_of(paper_id, concept.key)
    return None


def predictions(reference: Reference, linker: Linker) -> dict[str, str]:
    """Return an id for each name of the reference: the best that it leads to, else one of its own."""
    return {name: next(iter(linker.find(name)), f"none: {name}") for name in reference.main}


def show(figures: Figures) -> str:
    """Return the figures as lines of text."""

    def share(part: int, whole: int) -> str:
        return f"{part / whole if whole else 0.0:.3f}   ({part} of {whole})"

    lines = [
        f"{'pairs':28s}P {figures.precision:.3f}  R {figures.recall:.3f}  F1 {figures.f1:.3f}   "
        f"({figures.correct} of {figures.predicted} predicted, {figures.reference} in the reference)"
    ]
    lines += [f"  recall, {kind:20s}{share(*figures.found[kind])}" for kind in CLASSES]
    lines.append(f"{'look-alikes merged':30s}{share(*figures.negatives)}")
    lines.append(f"{'narrower merged into broader':30s}{share(*figures.hyponyms)}")
    right, present, total = figures.homographs
    if total:
        lines.append(
            f"{'homographs led right':30s}{share(right, total)}, of those extracted {share(right, present)}"
        )
    return "\n".join(lines)


def main() -> None:
    """Resolve, judge, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("resolution", type=Path)
    parser.add_argument("annotation", type=Path)
    parser.add_argument("--out", type=Path, metavar="FILE")
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    args = parser.parse_args()
    reference = Reference(args.resolution)
    papers, extractions = annotated(args.annotation)
    report = Report()
    started = time.process_time()
    linker = resolve(papers, extractions, report=report)
    spent = time.process_time() - started
    counts = Counter(report.counts)
    sys.stderr.write(
        f"{len(papers)} papers, {counts['resolution.names']} names, "
        f"{counts['resolution.concepts']} concepts, {spent:.1f} s of processor time\n"
    )
    ids = predictions(reference, linker)
    if args.out:
        lines = (
            {"type": kind, "name": name, "concept_id": ids[name]} for name, kind in reference.main.items()
        )
        args.out.write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
        )
    figures = judge(reference, ids, judge_homographs(reference, linker, extractions))
    sys.stdout.write(show(figures) + "\n")
    for what, pairs in (("merged in error", figures.wrong), ("missed", figures.missed)):
        sys.stdout.write("".join(f"{what}: {a}  |  {b}\n" for a, b in pairs[: args.errors]))


if __name__ == "__main__":
    main()
