"""The papers that went worst, as one HTML page: reference and prediction side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from kg.evaluation import Annotation, Marked, Span, matches, spans
from kg.model import FIELDS, Paper

WORST = 20

_COLOURS = {"METHOD": "#cfe3ff", "DATASET": "#d5f0d2", "TASK": "#ffe3b8", "METRIC": "#f3d3ee"}
_STYLE = """
body { font: 15px/1.5 sans-serif; color: #222; background: #fff; max-width: 90rem; margin: 2rem auto }
section { border-top: 1px solid #999; margin-top: 2rem }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem }
.entities { line-height: 2.4 !important; overflow-wrap: anywhere }
td, th { text-align: left; vertical-align: top; padding: .1rem 1rem .1rem 0 }
.wrong { color: #a11 }
""".strip()
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
#: For displaCy, whose own template would show a label twice as large as the text needs.
_TEMPLATE = (
    '<mark class="entity" style="background: {bg}; padding: .2em .3em; border-radius: .3em">'
    "<bdi>{text}</bdi> <small>{label}</small></mark>"
)


def worst_papers(
    papers: Iterable[Paper],
    gold: Mapping[str, Annotation],
    predicted: Mapping[str, Annotation],
    *,
    most: int = WORST,
) -> list[tuple[Paper, int]]:
    """Return papers with the number of edges that are missed or wrong, the most first."""
    rated = []
    for paper in papers:
        if paper.id in gold:
            true, found = gold[paper.id].concepts, predicted.get(paper.id, Annotation()).concepts
            right = len(_right(true, found))
            rated.append((paper, len(true) + len(found) - 2 * right))
    rated.sort(key=lambda pair: (-pair[1], pair[0].id))
    return [pair for pair in rated if pair[1]][:most]


def page(
    papers: Iterable[Paper],
    gold: Mapping[str, Annotation],
    predicted: Mapping[str, Annotation],
    *,
    most: int = WORST,
) -> str:
    """Return a page of the ``most`` worst papers. It loads nothing and runs no script."""
    worst = worst_papers(papers, gold, predicted, most=most)
    body = "".join(
        _section(paper, errors, gold[paper.id], predicted.get(paper.id, Annotation()))
        for paper, errors in worst
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>The worst papers</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>The {len(worst)} worst papers</h1>"
        "<p>By the number of edges that are missed or wrong. Left the reference, right the prediction; "
        "edges in red are not on the other side.</p>"
        f"{body}</main></body></html>\n"
    )


def _section(paper: Paper, errors: int, true: Annotation, found: Annotation) -> str:
    pairs = _right(true.concepts, found.concepts)
    agreed = {id(concept) for pair in pairs for concept in pair}
    sides = "".join(
        f"<div><h3>{title}</h3>{_marked(paper, side)}{_edges(side.concepts, agreed)}</div>"
        for title, side in (("Reference", true), ("Prediction", found))
    )
    return (
        f"<section><h2><bdi>{_visible(paper.id)}</bdi>: {errors} wrong</h2>"
        f'<div class="sides">{sides}</div></section>'
    )


def _right(true: Sequence[Marked], found: Sequence[Marked]) -> list[tuple[Marked, Marked]]:
    return [(a, b) for a, b in matches(true, found, "strings") if a.role == b.role]


def _marked(paper: Paper, annotation: Annotation) -> str:
    from spacy import displacy

    roles = {m: c.role for c in reversed(annotation.concepts) for m in c.mentions}
    types = spans(paper, annotation)
    html = ""
    for field in FIELDS:
        text = paper.text(field)
        entities: list[dict[str, Any]] = [
            _entity((field, start, end), f"{types[field, start, end]} {roles[text[start:end]]}")
            for name, start, end in sorted(types)
            if name == field
        ]
        if text:
            labels = {entity["label"]: _COLOURS[entity["label"].split()[0]] for entity in entities}
            html += displacy.render(
                {"text": _shown(text), "ents": entities},
                style="ent",
                manual=True,
                jupyter=False,
                options={"colors": labels, "template": _TEMPLATE},
            )
    return html


def _entity(span: Span, label: str) -> dict[str, Any]:
    return {"start": span[1], "end": span[2], "label": label}


def _edges(concepts: Sequence[Marked], agreed: set[int]) -> str:
    rows = ""
    for c in concepts:
        wrong = "" if id(c) in agreed else ' class="wrong"'
        mentions = ", ".join(f"<bdi>{_visible(mention)}</bdi>" for mention in c.mentions)
        rows += (
            f"<tr{wrong}><td>{c.type}</td><td>{c.role}</td><td><bdi>{_visible(c.name)}</bdi></td>"
            f"<td>{mentions}</td></tr>"
        )
    return f"<table><tr><th>type</th><th>role</th><th>name</th><th>mentions</th></tr>{rows}</table>"


def _shown(text: str) -> str:
    """Return ``text`` with control characters, which no page may hold, as U+FFFD: offsets stay."""
    return "".join(c if c.isprintable() or c in "\n\t " or ord(c) > 0x9F else "\ufffd" for c in text)


def _visible(text: str) -> str:
    return escape(_shown(text))
