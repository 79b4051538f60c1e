"""From reference annotation to what the network is trained on."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extraction.labels import CONCEPT_TAGS, ROLES, VALUE_TAGS
from kg.extraction.occurrences import places
from kg.extraction.wordpieces import Window, WordPieces, word_bounds

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: One paper in this many is kept out of training, to calibrate and to judge out of fold.
FOLDS = 12


@dataclass(frozen=True, slots=True)
class Example:
    """A window with the probability of each concept tag and value tag at each position.

    *Shape:* ``tags`` (positions, tags) and ``values`` (positions, value tags); a position that stands
    for no word has a row of zeros. ``concepts`` holds the probability of each role and the positions of
    all the concept's mentions. Of annotated papers each probability is 0 or 1. ``silver`` says that the
    annotation is of one quick reading.
    """

    id: str
    window: Window
    tags: NDArray[np.float32]
    values: NDArray[np.float32]
    concepts: list[tuple[NDArray[np.float32], list[int]]]
    silver: bool = False


def load(stem: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield (document, annotation) of ``STEM.docs.jsonl`` and ``STEM.jsonl``."""
    return load_pair(stem.with_suffix(".docs.jsonl"), stem.with_suffix(".jsonl"))


def load_pair(docs: Path, gold: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each annotation of ``gold`` with its document, in the order of ``gold``."""
    documents = {d["id"]: d for d in json_lines(docs)}
    for annotation in json_lines(gold):
        yield documents[annotation["id"]], annotation


def json_lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the object of each line of a file, which may be gzipped."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf8") as lines:
        yield from map(json.loads, lines)


def held_out(identifier: str) -> bool:
    """Say whether the paper belongs to the fold that is never trained on."""
    return zlib.crc32(identifier.encode()) % FOLDS == 0


def examples(document: dict[str, Any], annotation: dict[str, Any], pieces: WordPieces) -> Iterator[Example]:
    """Yield one example a window of the paper.

    An annotation without ``results`` is silver, and nothing is known of the paper's values.
    """
    texts = (document["title"], document["abstract"])
    bounds = [word_bounds(text) for text in texts]
    n_words = sum(map(len, bounds))
    tags, values = [0] * n_words, [0] * n_words
    owner = {mention: i for i, c in enumerate(annotation["concepts"]) for mention in c["mentions"]}
    results = annotation.get("results", ())
    kinds = {r["value"]: r["kind"] for r in results if any(map(str.isalnum, r["value"]))}
    members: dict[int, list[int]] = {}
    offset = 0
    for text, words in zip(texts, bounds, strict=True):
        for start, end, mention in places(text, owner):
            inside = _inside(words, start, end, offset)
            kind = annotation["concepts"][owner[mention]]["type"]
            _mark(tags, inside, CONCEPT_TAGS, kind)
            members.setdefault(owner[mention], []).extend(inside)
        for start, end, value in places(text, kinds):
            _mark(values, _inside(words, start, end, offset), VALUE_TAGS, kinds[value])
        offset += len(words)
    title, abstract = ([t[s:e] for s, e in b] for t, b in zip(texts, bounds, strict=True))
    roles = {
        i: _one_hot([ROLES.index(c["role"])], len(ROLES))[0] for i, c in enumerate(annotation["concepts"])
    }
    silver = "results" not in annotation
    known = _one_hot(values, len(VALUE_TAGS)) * (not silver)
    yield from windowed(
        annotation["id"],
        pieces.windows(title, abstract),
        _one_hot(tags, len(CONCEPT_TAGS)),
        known,
        [(roles[i], words) for i, words in members.items()],
        silver=silver,
    )


def windowed(
    identifier: str,
    windows: Iterable[Window],
    tags: NDArray[np.float32],
    values: NDArray[np.float32],
    concepts: Sequence[tuple[NDArray[np.float32], list[int]]],
    *,
    silver: bool = False,
) -> Iterator[Example]:
    """Yield one example a window, from what is known of each word and of each concept's words."""
    for window in windows:
        at = {word: position for position, word in enumerate(window.words) if word >= 0}
        words, positions = list(at), list(at.values())
        of_window = [
            np.zeros((len(window.words), table.shape[1]), dtype=np.float32) for table in (tags, values)
        ]
        for rows, table in zip(of_window, (tags, values), strict=True):
            rows[positions] = table[words]
        inside = [(role, [at[word] for word in members if word in at]) for role, members in concepts]
        kept = [(role, positions) for role, positions in inside if positions]
        yield Example(identifier, window, *of_window, kept, silver)


def _one_hot(indices: Sequence[int], width: int) -> NDArray[np.float32]:
    return np.eye(width, dtype=np.float32)[indices]


def _inside(words: list[tuple[int, int]], start: int, end: int, offset: int) -> list[int]:
    return [offset + i for i, (s, e) in enumerate(words) if s >= start and e <= end]


def _mark(tags: list[int], inside: list[int], names: tuple[str, ...], kind: str) -> None:
    for i, word in enumerate(inside):
        tags[word] = names.index(f"{'I' if i else 'B'}-{kind}")
