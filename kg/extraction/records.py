"""Extractions as bytes and back: what workers send and the cache keeps.

Only offsets are kept; mentions, values and the paper's id come from the paper itself, so that the
bytes hold for every paper with the same text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from kg.model import Extraction, Mention, Paper, PaperConcept, Result


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read out of one text; ``unsure`` counts the concepts left out as too unsure."""

    concepts: tuple[PaperConcept, ...]
    results: tuple[Result, ...]
    unsure: int

    def of(self, paper: Paper, extractor: str) -> Extraction:
        """Return it as what ``extractor`` read out of ``paper``."""
        return Extraction(
            paper_id=paper.id, extractor=extractor, concepts=self.concepts, results=self.results
        )


def dump(answer: Answer) -> bytes:
    """Return ``answer`` as one line of JSON, in ASCII."""
    data = {
        "concepts": [
            [
                *(c.key, c.type, c.role, c.name, c.confidence),
                [[m.field, m.start, m.end, m.confidence] for m in c.mentions],
            ]
            for c in answer.concepts
        ],
        "results": [
            [r.method, r.task, r.dataset, r.metric, r.number, r.unit, r.kind, r.field, r.start, r.end]
            for r in answer.results
        ],
        "unsure": answer.unsure,
    }
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def load(data: bytes, paper: Paper) -> Answer:
    """Return what `dump` wrote about a paper with the text of ``paper``.

    KeyError, TypeError or ValueError where the bytes are none of `dump`'s.
    """
    body = json.loads(data)
    concepts = tuple(
        PaperConcept(
            key=key,
            type=type_,
            role=role,
            name=name,
            confidence=confidence,
            mentions=tuple(
                Mention(field=f, start=s, end=e, text=paper.text(f)[s:e], confidence=c)
                for f, s, e, c in mentions
            ),
        )
        for key, type_, role, name, confidence, mentions in body["concepts"]
    )
    results = tuple(
        Result(
            method=method,
            task=task,
            dataset=dataset,
            metric=metric,
            value=paper.text(field)[start:end],
            number=number,
            unit=unit,
            kind=kind,
            field=field,
            start=start,
            end=end,
        )
        for method, task, dataset, metric, number, unit, kind, field, start, end in body["results"]
    )
    return Answer(concepts, results, body["unsure"])
