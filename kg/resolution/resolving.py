"""From the concepts of each paper to the concepts of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.model import Concept, Extraction, Paper
from kg.report import Report
from kg.resolution.building import build
from kg.resolution.clustering import Pair, cluster
from kg.resolution.decided import decided
from kg.resolution.decisions import NONE, Decisions
from kg.resolution.ids import Meant, of_concepts, of_forms
from kg.resolution.preparing import Prepared, prepare
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

    An id in the decisions means the concept that has it without them; where there is none, the one that has
    it by the decisions that are understood so far; else the name that would have it if it joined no other.
    """
    tally = Report() if report is None else report
    ids = decisions.ids
    there: Mapping[str, Meant] = {}
    if ids:
        undecided = _Weighed(prepare(papers, extractions))
        there = of_concepts(ids, undecided.prepared, undecided.linker(NONE, Report(), previous))
        del undecided
    weighed = _Weighed(prepare(papers, extractions, decisions, tally, there))
    while missing := ids - weighed.prepared.ids.keys():
        linker = weighed.linker(decisions, Report(), previous)
        more = of_concepts(missing, weighed.prepared, linker) or of_forms(missing, weighed.prepared)
        if not more:
            break
        weighed.prepared = weighed.prepared.knowing(more)
    return weighed.linker(decisions, tally, previous)


class _Weighed:
    """Forms with the scores of their pairs, which decisions do not change."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self._near: dict[Pair, float] = {}
        self._gated: dict[Pair, str] = {}
        for pair in prepared.candidates:
            score = prepared.scorer.score(*pair)
            if score >= Verdicts.SPOKEN_OF:
                self._near[pair] = score
                reason = prepared.scorer.gate(*pair)
                if reason:
                    self._gated[pair] = reason

    def linker(self, decisions: Decisions, tally: Report, previous: Sequence[Concept]) -> Linker:
        """Return the concepts that the forms make with these decisions."""
        scorer = self.prepared.scorer
        same, different = decided(self.prepared, decisions, tally)
        groups = cluster(
            self.prepared.forms,
            {pair: score for pair, score in self._near.items() if pair not in self._gated},
            same=same,
            different=different,
            forbidden=lambda a, b: bool(scorer.gate(a, b)),
            score=scorer.score,
            threshold=scorer.threshold,
        )
        verdicts = Verdicts(self._near, self._gated, same, different, scorer)
        return build(self.prepared, groups, verdicts, decisions=decisions, report=tally, previous=previous)
