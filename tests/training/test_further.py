"""The further annotation: well-formed, and joined with texts that come by path."""

from __future__ import annotations

import gzip
import json
from itertools import chain
from pathlib import Path

from kg.extraction.labels import ALLOWED_ROLES
from kg.training.examples import load
from kg.training.further import DATA, write


def test_every_annotation_is_well_formed() -> None:
    with gzip.open(DATA, "rt", encoding="utf8") as lines:
        annotated = [json.loads(line) for line in lines]
    assert [a["id"] for a in annotated] == sorted({a["id"] for a in annotated})
    for annotation in annotated:
        concepts = annotation["concepts"]
        assert concepts
        assert all(c["role"] in ALLOWED_ROLES[c["type"]] for c in concepts)
        mentions = [*chain.from_iterable(c["mentions"] for c in concepts)]
        assert all(c["mentions"] for c in concepts)
        assert len(set(mentions)) == len(mentions)
        assert all(mention == mention.strip() != "" for mention in mentions)


def test_texts_are_found_in_files_of_abstracts(tmp_path: Path) -> None:
    with gzip.open(DATA, "rt", encoding="utf8") as lines:
        first = json.loads(next(lines))
    there = {"id": first["id"], "title": "A\n title", "abstract": " Two  lines\nof text", "year": 2001}
    other = {"id": "nobody annotated this", "title": "B", "abstract": "C"}
    plain, packed = tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"
    plain.write_text(json.dumps(other) + "\n")
    packed.write_bytes(gzip.compress(json.dumps(there).encode()))
    found, missing = write(tmp_path / "deep" / "further", [plain, packed])
    assert (found, missing > 1000) == (1, True)
    ((document, annotation),) = load(tmp_path / "deep" / "further")
    assert document == {"id": first["id"], "title": "A title", "abstract": "Two lines of text"}
    assert annotation == first
