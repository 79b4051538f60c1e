"""What simple means reach: ``python -m kg.training.baselines DOCS GOLD``.

Given the true concepts of each paper, two baselines guess the roles: the commonest role of each
type, and a list of cue words around the mention. The trained reader has to beat both.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path
from typing import Any

from kg.extraction.occurrences import places
from kg.text import sentences
from kg.training.examples import load_pair

COMMONEST = {"METHOD": "USES", "DATASET": "USES", "TASK": "ADDRESSES", "METRIC": "REPORTS"}
_PROPOSES = re.compile(
    r"\b(?:propos|introduc|present|novel|new|develop|design|call|dub|name|term)\w*\b", re.IGNORECASE
)
_COMPARES = re.compile(
    r"\b(?:outperform|surpass|compar|baseline|better than|superior|exceed|than|beat)\w*\b", re.IGNORECASE
)
_REACH = 60  # characters before the mention in which a cue counts


def by_type(_document: dict[str, Any], concept: dict[str, Any]) -> str:
    """Return the role that concepts of this type play most often."""
    return COMMONEST[concept["type"]]


def by_keyword(document: dict[str, Any], concept: dict[str, Any]) -> str:
    """Return the role that cue words suggest, looking at every mention."""
    type_, found = concept["type"], set()
    for field in ("title", "abstract"):
        text = document[field]
        for start, end, _ in places(text, concept["mentions"]):
            if field == "title" and text[end : end + 1] == ":" and start == 0:
                found.add("PROPOSES")
            opening = max((s for s, _ in sentences(text) if s <= start), default=0)
            before = text[max(opening, start - _REACH) : start]
            if _PROPOSES.search(before):
                found.add("PROPOSES")
            elif _COMPARES.search(before) and type_ == "METHOD":
                found.add("COMPARES")
    for role in ("PROPOSES", "COMPARES"):
        if role in found:
            return role
    return COMMONEST[type_]


def main() -> None:
    """Print how often each baseline names the role that the annotation has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docs", type=Path)
    parser.add_argument("gold", type=Path)
    args = parser.parse_args()
    pairs = [(d, c) for d, annotation in load_pair(args.docs, args.gold) for c in annotation["concepts"]]
    for name, guess in (("commonest role of the type", by_type), ("cue words", by_keyword)):
        right: Counter[str] = Counter()
        for document, concept in pairs:
            right[concept["role"]] += guess(document, concept) == concept["role"]
        print(f"{name:28s} {sum(right.values()) / len(pairs):.3f} of {len(pairs)} roles right")


if __name__ == "__main__":
    main()
