"""Fit the judge of pairs: ``python -m kg.training.pairs GOLD MODEL_DIR``.

It learns from the annotated papers, but for the fold that training leaves out, which pairs of names of
one paper and type, left apart by the rules of `kg.extraction.merging`, are one concept. The network has
no part in it: the mentions are those of the annotation, though a paper as it is read has some more. The
counts of differing words (`kg.extraction.differences`) are of the same papers; what the judge learns of a
paper goes by the counts of other papers, as whatever it reads later will.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction.abbreviations import definitions
from kg.extraction.differences import FILE, KINDS, Counts, Differences, keys
from kg.extraction.judges import PAIRS
from kg.extraction.merging import Group, Place, merge
from kg.extraction.occurrences import places
from kg.extraction.options import Options
from kg.extraction.pairs import Pairs
from kg.model import FIELDS, Field
from kg.text import digest
from kg.training.arguments import parser, write_counts
from kg.training.examples import held_out, load

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: From where the table of figures is printed.
_PROBABILITIES = (0.8, 0.7, 0.6, 0.5, 0.4)
#: How many parts the papers are in, for counts of other papers; what is in fewer pairs is left out.
_PARTS, _LEAST_PAIRS = 8, 3


@dataclass(frozen=True)
class PaperPairs:
    """The pairs of one paper, and whether each is one concept."""

    part: int
    pairs: Pairs
    one: list[bool]  # by pair, in their order
    unseen: int  # pairs that are one concept, and have no row


def main() -> None:
    """Parse the command line, fit, write the judge, and print how it does on the fold that is left out."""
    args = parser(__doc__).parse_args()
    papers = [pair for name in args.sets for pair in load(args.gold / name)]
    known = [paper_pairs(*pair) for pair in papers if not held_out(pair[1]["id"])]
    counts = _counts(known, range(_PARTS))
    # Apart from the rest, since it needs what only training needs.
    from kg.training import trees

    judge = trees.fit(*crossed(known), trees=400, leaves=31, least=30)
    write_counts(args.model / FILE, counts)
    trees.write(judge, args.model / PAIRS)
    _report([paper_pairs(*pair) for pair in papers if held_out(pair[1]["id"])], judge, Differences(counts))


def _report(papers: Sequence[PaperPairs], judge: Any, differences: Differences) -> None:
    if not papers:
        print("no paper of the fold that is left out")
        return
    table, one = _examples(papers, differences)
    likely = judge.predict_proba(table)[:, 1]
    all_ = one.sum() + sum(paper.unseen for paper in papers)
    print(f"{len(one)} pairs of papers that are not learned from, {all_} of them one concept")
    for least in _PROBABILITIES:
        right = one[likely >= least]
        print(f"from {least}: P {right.sum() / max(len(right), 1):.3f} R {right.sum() / max(all_, 1):.3f}")


def crossed(papers: Sequence[PaperPairs]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return rows and answers of all papers, each with the counts of the parts that it is not in."""
    parts = [
        _examples(
            [paper for paper in papers if paper.part == part],
            Differences(_counts(papers, set(range(_PARTS)) - {part})),
        )
        for part in sorted({paper.part for paper in papers})
    ]
    tables, answers = zip(*parts, strict=True)
    return np.concatenate(tables), np.concatenate(answers)


def _examples(
    papers: Sequence[PaperPairs], differences: Differences
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    tables = [paper.pairs.table(differences) for paper in papers]
    return np.concatenate(tables), np.array([one for paper in papers for one in paper.one], dtype=np.int64)


def _counts(papers: Sequence[PaperPairs], parts: Collection[int]) -> Counts:
    """Return how many pairs of the papers in ``parts`` a word is in, and how many of these are one."""
    all_: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    ones: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for paper in papers:
        if paper.part in parts:
            for (first, second), one in zip(paper.pairs.nearest.values(), paper.one, strict=True):
                for kind, key in keys(first.known - second.known, second.known - first.known):
                    all_[kind][key] += 1
                    ones[kind][key] += one
    return {
        kind: {key: (n, ones[kind][key]) for key, n in all_[kind].items() if n >= _LEAST_PAIRS}
        for kind in KINDS
    }


def paper_pairs(document: Any, annotation: Any) -> PaperPairs:
    """Return the pairs of a paper, with what its annotation says of each."""
    texts: dict[Field, str] = {field: document[field] for field in FIELDS}
    groups, concepts = _groups(texts, annotation)
    pairs = Pairs(texts, groups)
    one = [concepts[a] == concepts[b] for a, b in pairs.nearest]
    together = sum(n * (n - 1) // 2 for n in Counter(concepts).values())
    part = int(digest(annotation["id"]), 16) % _PARTS
    return PaperPairs(part, pairs, one, together - sum(one))


def _groups(texts: dict[Field, str], annotation: Any) -> tuple[list[Group], list[int]]:
    """Return the concepts that the rules make of the annotated mentions, and which annotated one each is."""
    owner = {mention: n for n, c in enumerate(annotation["concepts"]) for mention in c["mentions"]}
    whose = {
        (field, start, end): owner[mention]
        for field in FIELDS
        for start, end, mention in places(texts[field], owner)
    }
    marked = [Place(*place, annotation["concepts"][n]["type"], 1.0) for place, n in whose.items()]
    defined = {field: definitions(text) for field, text in texts.items()}
    kept, concepts = [], []
    for group in merge(texts, marked, defined, Options()):
        counts = Counter(_owners(group, whose))
        if counts:
            kept.append(group)
            concepts.append(counts.most_common(1)[0][0])
    return kept, concepts


def _owners(group: Group, whose: dict[tuple[Field, int, int], int]) -> Iterator[int]:
    for place in group.places:
        if (at := (place.field, place.start, place.end)) in whose:
            yield whose[at]


if __name__ == "__main__":
    main()
