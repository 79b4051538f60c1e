"""A small invented world with years, results, authors and references, built as anybody's papers are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.building import build
from kg.tables import Graph

METHODS = {"Zorb": 2001, "Grumble": 2003, "Foldnet": 2004}
NAMES = {
    "Zorb": "METHOD", "Grumble": "METHOD", "Foldnet": "METHOD", "Quox": "DATASET", "Quoxel": "DATASET",
    "pebble sorting": "TASK", "rock lifting": "TASK", "careful rock lifting": "TASK",
    "wobbling": "METRIC", "grain error": "METRIC",
}  # fmt: skip


def paper(
    id_: str,
    title: str,
    abstract: str,
    roles: Mapping[str, str],
    year: int | None = None,
    results: Sequence[Mapping[str, str]] = (),
    **more: Any,
) -> dict[str, Any]:
    """Return a record with its annotation under ``given``."""
    concepts = [
        {"type": NAMES[name], "role": role, "name": name, "mentions": [name]} for name, role in roles.items()
    ]
    given = {"id": id_, "concepts": concepts, "results": [dict(result) for result in results]}
    return {"id": id_, "title": title, "abstract": abstract, "year": year, "given": given, **more}


def number(method: str, value: str, kind: str = "absolute", **of: str) -> dict[str, str]:
    """Return a result for pebble sorting on Quox in wobbling, unless ``of`` says otherwise."""
    known = {"task": "pebble sorting", "dataset": "Quox", "metric": "wobbling", **of}
    return {"method": method, "value": value, "kind": kind, **known}


SORTED = {"pebble sorting": "ADDRESSES", "Quox": "USES", "wobbling": "REPORTS"}

PAPERS = (
    paper(
        "zorb",
        "Zorb: sorting by folds",
        "We propose Zorb for pebble sorting. On Quox, Zorb reaches a wobbling of 61.5%.",
        {"Zorb": "PROPOSES", **SORTED},
        2001,
        [number("Zorb", "61.5%")],
        authors=["Ada L."],
    ),
    paper(
        "user",
        "Folds put to use in pebble sorting",
        "We use Zorb for pebble sorting. On Quox the wobbling rises by 3.5%, and reaches 65.0%.",
        {"Zorb": "USES", **SORTED},
        2002,
        [number("Zorb", "3.5%", "improvement"), number("Zorb", "65.0%")],
        references=["zorb"],
        authors=["Bo M."],
    ),
    paper(
        "grumble",
        "Grumble: a rival for pebble sorting",
        "We propose Grumble for pebble sorting. On Quox it reaches a wobbling of 65.0%, better than Zorb.",
        {"Grumble": "PROPOSES", "Zorb": "COMPARES", **SORTED},
        2003,
        [number("Grumble", "65.0%")],
        references=["zorb", "user"],
    ),
    paper(
        "error",
        "Errors of Grumble",
        "Grumble sorts pebbles: pebble sorting on Quox has a grain error of 4.0, on Quoxel of 7.",
        {"Grumble": "USES", "pebble sorting": "ADDRESSES", "Quox": "USES", "Quoxel": "USES",
         "grain error": "REPORTS"},
        2003,
        [
            number("Grumble", "4.0", metric="grain error"),
            number("Grumble", "7", dataset="Quoxel", metric="grain error"),
        ],
    ),
    paper(
        "lift",
        "Foldnet lifts: a net for rock lifting",
        "We propose Foldnet for rock lifting, with a grain error of 2.5 on Quox for pebble sorting.",
        {"Foldnet": "PROPOSES", "rock lifting": "ADDRESSES", "grain error": "REPORTS", "Quox": "USES",
         "pebble sorting": "ADDRESSES"},
        2004,
        [number("Foldnet", "2.5", metric="grain error"), number("Foldnet", "2.5", dataset="", metric="")],
    ),
    paper("late", "Zorb in rock lifting", "Many speak of Zorb.", {"Zorb": "MENTIONS"}, 2006),
    paper("undated", "Zorb again", "We use Zorb once more.", {"Zorb": "USES"}),
)  # fmt: skip


def built(place: Path, papers: Sequence[Mapping[str, Any]] = PAPERS) -> Graph:
    """Return the graph of ``papers``, built in ``place``."""
    place.mkdir(parents=True, exist_ok=True)
    docs, given = place / "papers.jsonl", place / "given.jsonl"
    for file, records in (
        (docs, [{k: v for k, v in one.items() if k != "given" and v is not None} for one in papers]),
        (given, [one["given"] for one in papers]),
    ):
        file.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return build(docs, out=place / "graph", extractions=given, only_extractions=True)
