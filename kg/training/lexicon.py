"""Count words and names: ``python -m kg.training.lexicon GOLD MODEL_DIR``.

Writes ``lexicon.json`` (see `kg.extraction.lexicon`) from the papers that the network is trained on;
the fold that training leaves out is left out here too, so that what is fitted on it meets names as
new as a reader will. Words seen fewer than three times and names seen once are dropped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.extraction.labels import TYPES
from kg.extraction.lexicon import FILE, NAME_COUNTS, WORD_COUNTS, Lexicon
from kg.extraction.occurrences import places
from kg.extraction.wordpieces import word_bounds
from kg.training.arguments import parser, write_counts
from kg.training.examples import held_out, load

LONGEST = 10
LEAST_WORD, LEAST_NAME = 3, 2


@dataclass
class _Counts:
    words: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    names: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


@dataclass(frozen=True)
class _Text:
    words: list[str]
    marked: dict[tuple[int, int], str]  # first word and the one after the last, to a type


def main() -> None:
    """Parse the command line and count."""
    args = parser(__doc__).parse_args()
    papers = [pair for name in args.sets for pair in load(args.gold / name) if not held_out(pair[1]["id"])]
    counts = _count(papers)
    data = {
        "words": _rows(counts.words, WORD_COUNTS, lambda c: c["anywhere"] >= LEAST_WORD),
        "names": _rows(counts.names, NAME_COUNTS, lambda c: sum(c[t] for t in TYPES) >= LEAST_NAME),
    }
    write_counts(args.model / FILE, data)
    print(f"{len(data['words'])} words and {len(data['names'])} names of {len(papers)} papers")


def _count(papers: Iterable[tuple[dict[str, Any], dict[str, Any]]]) -> _Counts:
    counts, texts = _Counts(), []
    for document, annotation in papers:
        for text in _texts(document, annotation):
            texts.append(text)
            _count_text(text, counts)
        for concept in annotation["concepts"]:
            for name in {Lexicon.key(mention) for mention in concept["mentions"]}:
                counts.names[name][concept["role"]] += 1
    known = frozenset(counts.names)
    for text in texts:
        _count_unmarked(text, known, counts)
    return counts


def _texts(document: dict[str, Any], annotation: dict[str, Any]) -> Iterator[_Text]:
    types = {m: c["type"] for c in annotation["concepts"] for m in c["mentions"]}
    for name in ("title", "abstract"):
        text = document[name]
        bounds = word_bounds(text)
        starts = {start: i for i, (start, _) in enumerate(bounds)}
        ends = {end: i + 1 for i, (_, end) in enumerate(bounds)}
        marked = {
            (starts[start], ends[end]): types[mention]
            for start, end, mention in places(text, types)
            if start in starts and end in ends
        }
        yield _Text([text[start:end].lower() for start, end in bounds], marked)


def _count_text(text: _Text, counts: _Counts) -> None:
    for word in text.words:
        counts.words[word]["anywhere"] += 1
    for (start, end), type_ in text.marked.items():
        inside = text.words[start:end]
        for word in inside:
            counts.words[word]["inside"] += 1
        counts.words[inside[0]]["first"] += 1
        counts.words[inside[-1]]["last"] += 1
        if start:
            counts.words[text.words[start - 1]]["before"] += 1
        if end < len(text.words):
            counts.words[text.words[end]]["after"] += 1
        counts.names[_key(inside)][type_] += 1


def _count_unmarked(text: _Text, known: frozenset[str], counts: _Counts) -> None:
    covered = bytearray(len(text.words))
    for start, end in text.marked:
        covered[start:end] = b"\1" * (end - start)
    for start in range(len(text.words)):
        for end in range(start + 1, min(start + LONGEST, len(text.words)) + 1):
            if (start, end) in text.marked:
                continue
            name = _key(text.words[start:end])
            if name in known:
                counts.names[name]["inside" if any(covered[start:end]) else "unmarked"] += 1


def _key(words: Sequence[str]) -> str:
    return " ".join(words)


def _rows(counts: dict[str, Counter[str]], columns: Sequence[str], keep: Any) -> dict[str, list[int]]:
    rows = {}
    for key, counter in counts.items():
        if keep(counter):
            row = [counter[column] for column in columns]
            while row and not row[-1]:
                row.pop()
            rows[key] = row
    return rows


if __name__ == "__main__":
    main()
