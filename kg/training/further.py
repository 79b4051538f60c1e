"""The further annotation with its texts: ``python -m kg.training.further OUT ABSTRACTS …``.

``data/further.jsonl.gz`` annotates papers whose texts the package does not carry: ids of arXiv and of the
ACL Anthology, with concepts, types, roles and mentions, but no names and no results. This finds the texts
in files of abstracts and writes ``OUT.docs.jsonl`` and ``OUT.jsonl``, a set that `kg.training.train` takes
(``--sets train extra OUT``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.training.examples import json_lines

DATA = Path(__file__).parent / "data" / "further.jsonl.gz"


def main() -> None:
    """Parse the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the set to write, without .jsonl")
    parser.add_argument(
        "abstracts",
        nargs="+",
        type=Path,
        help="papers with id, title and abstract: JSON Lines, gzipped or not",
    )
    args = parser.parse_args()
    found, missing = write(args.out, args.abstracts)
    print(f"{found} annotated papers in {args.out}, {missing} without a text in the files")


def write(out: Path, abstracts: Iterable[Path]) -> tuple[int, int]:
    """Write the set ``out``; return how many papers it has, and of how many there is no text."""
    annotated = {annotation["id"]: annotation for annotation in json_lines(DATA)}
    texts = {
        paper["id"]: {"id": paper["id"], **{name: _one_line(paper[name]) for name in ("title", "abstract")}}
        for file in abstracts
        for paper in json_lines(file)
        if paper["id"] in annotated
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    _put(out.with_suffix(".docs.jsonl"), (texts[id_] for id_ in annotated if id_ in texts))
    _put(out.with_suffix(".jsonl"), (a for id_, a in annotated.items() if id_ in texts))
    return len(texts), len(annotated) - len(texts)


def _one_line(text: str) -> str:
    """Return the text as it was annotated: without line ends, one space between words."""
    return " ".join(text.split())


def _put(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text(text, "utf8")


if __name__ == "__main__":
    main()
