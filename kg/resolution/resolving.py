"""From the concepts of each paper to the concepts of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.model import Concept, Extraction, Paper
from kg.report import Report
from kg.resolution.building import build
from kg.resolution.clustering import Pair, cluster
from kg.resolution.decided import decided
from kg.resolution.decisions import NONE, Decisions
from kg.resolution.preparing import prepare
from kg.resolution.records import Linker
from kg.resolution.verdicts import Verdicts


def resolve(
    papers: Sequence[Paper],
    extractions: Mapping[str, Extraction],
    *,
    decisions: Decisions = NONE,
    report: Report | None = None,
    previous: Sequence[Concept] = (),
) -> Linker:
    """Return where each concept of each paper leads.

    A function of the records and decisions alone; their order does not matter. What is dropped is
    counted in ``report``. Concepts that go on from ``previous`` ones keep their ids.
    """
    tally = Report() if report is None else report
    prepared = prepare(papers, extractions, decisions, tally)
    same, different = decided(prepared, decisions, tally)
    scorer = prepared.scorer
    near: dict[Pair, float] = {}
    gated: dict[Pair, str] = {}
    for pair in prepared.candidates:
        score = scorer.score(*pair)
        if score >= Verdicts.SPOKEN_OF:
            near[pair] = score
            reason = scorer.gate(*pair)
            if reason:
                gated[pair] = reason
    groups = cluster(
        prepared.forms,
        {pair: score for pair, score in near.items() if pair not in gated},
        same=same,
        different=different,
        forbidden=lambda a, b: bool(scorer.gate(a, b)),
        score=scorer.score,
        threshold=scorer.threshold,
    )
    verdicts = Verdicts(near, gated, same, different, scorer)
    return build(prepared, groups, verdicts, decisions=decisions, report=tally, previous=previous)
