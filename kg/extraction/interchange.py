"""Extractions as JSON for people and other programs: written here, read back by `read_extractions`.

Two forms, one object a line. The full form has the text, offsets and confidences; the form of the
reference annotation lists mentions as strings, which stand wherever the text has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.extraction.given import read_extractions

if TYPE_CHECKING:
    from kg.model import Extraction, Paper

__all__ = ["read_extractions", "to_gold", "to_json"]


def to_json(paper: Paper, extraction: Extraction) -> dict[str, Any]:
    """Return the full form of ``extraction``."""
    return {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "concepts": [
            {
                "key": concept.key,
                "type": concept.type,
                "role": concept.role,
                "name": concept.name,
                "confidence": concept.confidence,
                "mentions": [
                    {
                        "field": mention.field,
                        "start": mention.start,
                        "end": mention.end,
                        "text": mention.text,
                        "confidence": mention.confidence,
                    }
                    for mention in concept.mentions
                ],
            }
            for concept in extraction.concepts
        ],
        "results": [
            {
                "method": result.method,
                "task": result.task,
                "dataset": result.dataset,
                "metric": result.metric,
                "value": result.value,
                "number": result.number,
                "unit": result.unit,
                "kind": result.kind,
                "field": result.field,
                "start": result.start,
                "end": result.end,
            }
            for result in extraction.results
        ],
    }


def to_gold(paper: Paper, extraction: Extraction) -> dict[str, Any]:
    """Return the form of the reference annotation: distinct mentions as written, links as names."""
    names = {concept.key: concept.name for concept in extraction.concepts}
    return {
        "id": paper.id,
        "concepts": [
            {
                "type": concept.type,
                "role": concept.role,
                "name": concept.name,
                "mentions": list(dict.fromkeys(mention.text for mention in concept.mentions)),
            }
            for concept in extraction.concepts
        ],
        "results": [
            {
                "method": names.get(result.method, result.method),
                "task": names.get(result.task, result.task),
                "dataset": names.get(result.dataset, result.dataset),
                "metric": names.get(result.metric, result.metric),
                "value": result.value,
                "kind": result.kind,
            }
            for result in extraction.results
        ],
    }
