"""Fit what follows the network: ``python -m kg.training.judges GOLD MODEL_DIR [--figure FILE.svg]``.

On the papers of the fold that training leaves out (`kg.training.examples.held_out`), read with the
network in ``MODEL_DIR``: the judge of mentions, the judge of roles, and the calibration of their
probabilities, one upon the other. Whatever is fitted upon a judge's answers is fitted upon its answers
for papers that it has not seen: the fold is parted into three, and each part is judged by what the two
others taught. What is shipped is fitted on all three; the figures printed are those of the parts.

With ``--further``, the same fold of the further annotation teaches the judge of roles too.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction import Options
from kg.extraction.calibration import edge_features, mention_features
from kg.extraction.encoder import Encoder
from kg.extraction.joining import PairJudge
from kg.extraction.judges import MENTIONS, ROLES
from kg.extraction.labels import ROLES as ROLE_NAMES
from kg.extraction.labels import TYPES
from kg.extraction.lexicon import Lexicon
from kg.extraction.merging import Group
from kg.extraction.occurrences import places
from kg.extraction.roles import ANSWERS, role_of
from kg.extraction.surfaces import surface_key
from kg.model import FIELDS
from kg.training import trees
from kg.training.arguments import parser
from kg.training.calibration import Sample, error, figure, fit, judged
from kg.training.examples import held_out, load
from kg.training.reading import Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARTS = 3
_FIT = {
    MENTIONS: partial(trees.fit, trees=160, leaves=12, least=30),
    ROLES: partial(trees.fit, trees=70, leaves=8, least=30),
}


@dataclass(frozen=True)
class _Paper:
    """A paper as read by the network, and as annotated."""

    part: int
    reading: Reading
    marked: frozenset[tuple[str, int, int, str]]
    known: dict[tuple[str, str], int]  # type and surface key to the annotated concept
    roles: list[str]  # of the annotated concepts


@dataclass
class _Rows:
    """A judge's examples over papers: a table a paper, and the right answers to its rows.

    ``further`` ones, of papers that are in no part, are always learned from and never judged.
    """

    parts: list[int]
    tables: list[NDArray[np.float32]]
    answers: list[NDArray[np.int64]]
    further: list[tuple[NDArray[np.float32], NDArray[np.int64]]] = field(default_factory=list)

    def fit(self, name: str, *, without: int | None = None) -> Any:
        """Return the judge that the papers teach, those of one part left out."""
        each = zip(self.parts, self.tables, self.answers, strict=True)
        used = [(table, answers) for part, table, answers in each if part != without] + self.further
        tables, answers = zip(*used, strict=True)
        return _FIT[name](np.concatenate(tables), np.concatenate(answers))

    def crossed(self, name: str) -> list[NDArray[np.float64]]:
        """Return each paper's probabilities, by a judge that has not seen its part."""
        fitted = [self.fit(name, without=part) for part in range(PARTS)]
        return [
            fitted[part].predict_proba(table) if len(table) else np.zeros((0, 2))
            for part, table in zip(self.parts, self.tables, strict=True)
        ]


def main() -> None:
    """Parse the command line, fit, write the files beside the network and print the errors."""
    arguments = parser(__doc__)
    arguments.add_argument(
        "--further",
        nargs="+",
        default=[],
        help="sets that the judge of roles learns from, and no figure is of",
    )
    arguments.add_argument("--figure", type=Path)
    args = arguments.parse_args()
    papers = list(_papers(args.gold, args.sets, args.model))
    mentions = _Rows(
        [paper.part for paper in papers],
        [p.reading.table for p in papers],
        [_right_mentions(p) for p in papers],
    )
    pairs = PairJudge.load(args.model)
    chosen = [
        paper.reading.groups(shares[:, 1], pairs)
        for paper, shares in zip(papers, mentions.crossed(MENTIONS), strict=True)
    ]
    lexicon = Lexicon.load(args.model)
    judge = mentions.fit(MENTIONS)
    roles = _Rows(
        [paper.part for paper in papers],
        [paper.reading.role_table(groups, lexicon) for paper, groups in zip(papers, chosen, strict=True)],
        [_right_roles(paper, groups) for paper, groups in zip(papers, chosen, strict=True)],
        list(_further(_papers(args.gold, args.further, args.model), judge, pairs, lexicon)),
    )
    shares = roles.crossed(ROLES)
    samples = _samples(papers, chosen, shares)
    trees.write(judge, args.model / MENTIONS)
    trees.write(roles.fit(ROLES), args.model / ROLES)
    weights = {name: fit(sample) for name, sample in samples.items()}
    (args.model / "calibration.json").write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", "utf8")
    print(f"{len(papers)} papers that the network was not trained on, each judged by the other parts:")
    _print_figures(papers, chosen, shares, judged(samples["edge"])[0])
    for name, sample in samples.items():
        confidence, right = judged(sample)
        off = error(confidence, right)
        print(f"{name}: {len(right)} judged, {right.mean():.3f} right, calibration error {off:.4f}")
        if name == "edge" and args.figure:
            args.figure.write_text(figure(confidence, right), "utf8")


def _further(
    papers: Iterable[_Paper], judge: Any, pairs: PairJudge, lexicon: Lexicon
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int64]]]:
    """Yield rows and answers for the judge of roles, of papers unseen by ``judge``, that of mentions."""
    for paper in papers:
        table = paper.reading.table
        likely = judge.predict_proba(table)[:, 1] if len(table) else np.zeros(0)
        groups = paper.reading.groups(likely, pairs)
        yield paper.reading.role_table(groups, lexicon), _right_roles(paper, groups)


def _papers(gold: Path, sets: Sequence[str], model: Path) -> Iterator[_Paper]:
    encoder, lexicon = Encoder.load(model), Lexicon.load(model)
    for name in sets:
        for document, annotation in load(gold / name):
            if held_out(annotation["id"]):
                yield _paper(document, annotation, encoder, lexicon)


def _paper(document: Any, annotation: Any, encoder: Encoder, lexicon: Lexicon) -> _Paper:
    types = {m: c["type"] for c in annotation["concepts"] for m in c["mentions"]}
    return _Paper(
        part=zlib.crc32(annotation["id"].encode()) // 64 % PARTS,
        reading=Reading.of(document, encoder, lexicon),
        marked=frozenset(
            (f, start, end, types[string])
            for f in FIELDS
            for start, end, string in places(document[f], types)
        ),
        known={
            (c["type"], surface_key(surface)): i
            for i, c in enumerate(annotation["concepts"])
            for surface in (c.get("name", ""), *c["mentions"])
        },
        roles=[c["role"] for c in annotation["concepts"]],
    )


def _right_mentions(paper: _Paper) -> NDArray[np.int64]:
    found, words = paper.reading.found, paper.reading.words
    rows = zip(found.start.tolist(), found.end.tolist(), found.type.tolist(), strict=True)
    return np.array(
        [(*words.place(start, end), TYPES[kind]) in paper.marked for start, end, kind in rows],
        dtype=np.int64,
    )


def _annotated(paper: _Paper, group: Group) -> int | None:
    """Return the annotated concept that a concept is: the first of its type that shares a surface."""
    words = paper.reading.words
    texts = {"title": words.title, "abstract": words.abstract}
    surfaces = [group.name, *(texts[p.field][p.start : p.end] for p in group.places)]
    found = (paper.known.get((group.type, surface_key(surface))) for surface in surfaces)
    return next((concept for concept in found if concept is not None), None)


def _role(paper: _Paper, group: Group) -> str:
    """Return what the annotation says of the concept: its role, or that it is none."""
    concept = _annotated(paper, group)
    return "none" if concept is None else paper.roles[concept]


def _right_roles(paper: _Paper, groups: Sequence[Group]) -> NDArray[np.int64]:
    return np.array([ANSWERS.index(_role(paper, group)) for group in groups], dtype=np.int64)


def _print_figures(
    papers: Sequence[_Paper],
    chosen: Sequence[Sequence[Group]],
    shares: Sequence[NDArray[np.float64]],
    confidence: NDArray[np.float64],
) -> None:
    """Print precision, recall and F1 of what would be kept, each paper judged by the other parts."""
    counts: Counter[tuple[str, str]] = Counter()
    sure = iter(confidence.tolist())
    for paper, groups, of_paper in zip(papers, chosen, shares, strict=True):
        kept = [
            (group, role_of(row, group.type)[0])
            for group, row in zip(groups, of_paper, strict=True)
            if next(sure) >= Options().least_confidence
        ]
        spans = {(p.field, p.start, p.end, group.type) for group, _ in kept for p in group.places}
        # Each that is none is wrong by itself: they are told apart by a number below 0.
        concepts = [_annotated(paper, group) for group, _ in kept]
        ids = [~i if concept is None else concept for i, concept in enumerate(concepts)]
        found = {(concept, role) for concept, (_, role) in zip(ids, kept, strict=True)}
        true = set(enumerate(paper.roles))
        for part, given, right in (
            ("span", spans, paper.marked),
            ("edge", found, true),
            *((f"edge {role}", _of_role(found, role), _of_role(true, role)) for role in ROLE_NAMES),
        ):
            counts[part, "right"] += len(given & right)
            counts[part, "given"] += len(given)
            counts[part, "true"] += len(right)
        counts["concept", "right"] += len({concept for concept in ids if concept >= 0})
        counts["concept", "given"] += len(kept)
        counts["concept", "true"] += len(paper.roles)
    for part in dict.fromkeys(part for part, _ in counts):
        right, given, true_ = (counts[part, name] for name in ("right", "given", "true"))
        precision, recall = right / max(given, 1), right / max(true_, 1)
        print(f"{part:16} P {precision:.3f} R {recall:.3f} F1 {2 * right / max(given + true_, 1):.3f}")


def _of_role(pairs: set[Any], role: str) -> set[Any]:
    return {pair for pair in pairs if pair[1] == role}


def _samples(
    papers: Sequence[_Paper], chosen: Sequence[Sequence[Group]], shares: Sequence[NDArray[np.float64]]
) -> dict[str, Sample]:
    mentions, edges = Sample(), Sample()
    for paper, groups, of_paper in zip(papers, chosen, shares, strict=True):
        for group, row in zip(groups, of_paper, strict=True):
            role, probability = role_of(row, group.type)
            raw = [place.confidence for place in group.places]
            in_title = any(place.field == "title" for place in group.places)
            edges.add(
                edge_features(group.type, role, raw, probability, in_title),
                _role(paper, group) == role,
                paper.part,
            )
            for place in group.places:
                right = (place.field, place.start, place.end, group.type) in paper.marked
                mentions.add(mention_features(group.type, place.confidence), right, paper.part)
    return {"mention": mentions, "edge": edges}


if __name__ == "__main__":
    main()
