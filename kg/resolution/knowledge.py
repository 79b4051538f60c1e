"""General knowledge that ships with the package, read when first needed.

``LICENSES.md`` says where it comes from and ``kg.training.resolution`` makes it anew.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kg.text import digest


@dataclass(frozen=True, slots=True)
class EditCount:
    """How often names that differ by one edit were one concept, and how often two.

    ``united``: pairs of surfaces of one concept of a paper; ``named``: those of them that both are names
    elsewhere; ``distinct``: pairs of names that no paper unites.
    """

    united: int
    named: int
    distinct: int


def _read(name: str) -> bytes:
    return (files("kg.resolution") / "data" / name).read_bytes()


def _lines(name: str) -> list[list[str]]:
    text = gzip.decompress(_read(name)).decode("utf-8")
    return [line.split("\t") for line in text.splitlines()]


def _plain(name: str) -> list[str]:
    return _read(name).decode("utf-8").splitlines()


@lru_cache(maxsize=1)
def compounds() -> frozenset[tuple[str, str]]:
    """Return pairs of words that papers write both apart and as one: feed forward, feedforward."""
    return frozenset((first, second) for first, second in map(str.split, _plain("compounds.txt")))


@lru_cache(maxsize=1)
def alike() -> Mapping[str, float]:
    """Return by pair of words, as "a/b", in what share of names they say the same (0-1)."""
    return {f"{a}/{b}": float(share) for a, b, share in map(str.split, _plain("alike.txt"))}


@lru_cache(maxsize=1)
def heads() -> Mapping[str, Mapping[str, float]]:
    """Return by last word of a name in what share of names (0-1) of a type it can be left out.

    Under ``PROPER``: behind a proper name.
    """
    return {
        word: {kind: float(share) for kind, _, share in (mark.partition("=") for mark in marks)}
        for word, *marks in map(str.split, _plain("heads.txt"))
    }


@lru_cache(maxsize=1)
def modifiers() -> Mapping[str, float]:
    """Return by word before others in what share of names (0-1) it can be left out."""
    return {word: float(share) for word, share in map(str.split, _plain("modifiers.txt"))}


@lru_cache(maxsize=1)
def synonyms() -> tuple[tuple[str, ...], ...]:
    """Return lines of names of one concept each, the best known first."""
    return tuple(tuple(line.split(" = ")) for line in _plain("synonyms.txt"))


@lru_cache(maxsize=1)
def edit_counts() -> Mapping[str, EditCount]:
    """Return the counts of each edit by its key, see `kg.resolution.edits.edits`."""
    return {key: EditCount(int(u), int(n), int(d)) for key, u, n, d in _lines("edits.tsv.gz")}


@lru_cache(maxsize=1)
def abbreviations() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Return by key of a short form its long forms, each with the number of papers that define it so."""
    found: dict[str, list[tuple[str, int]]] = {}
    for short, long, count in _lines("abbreviations.tsv.gz"):
        found.setdefault(short, []).append((long, int(count)))
    return {short: tuple(longs) for short, longs in found.items()}


@lru_cache(maxsize=1)
def listed() -> frozenset[tuple[str, str]]:
    """Return pairs of keys, smaller first, that a public catalogue lists as names of one thing."""
    return frozenset((a, b) for a, b in _lines("aliases.tsv.gz"))


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Any]:
    """Return the scorer's weights, see `kg.resolution.scoring`."""
    return json.loads(_read("weights.json"))  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def similarity() -> Callable[[str, str], float]:
    """Return the cosine of two words by the company they keep, -1 to 1; 0 where one is unknown."""
    import io

    import numpy as np

    with np.load(io.BytesIO(_read("words.npz")), allow_pickle=False) as stored:
        vectors, vocabulary = stored["vectors"].astype(np.int32), str(stored["words"]).split()
    place = {word: n for n, word in enumerate(vocabulary)}

    @lru_cache(maxsize=1 << 16)
    def cosine(a: str, b: str) -> float:
        if a not in place or b not in place:
            return 0.0
        x, y = vectors[place[a]], vectors[place[b]]
        # Integers all the way: no rounding depends on the machine.
        return float(int(x @ y) / (int(x @ x) * int(y @ y)) ** 0.5)

    return cosine


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return a digest of all shipped knowledge, for the manifest."""
    names = (
        "alike.txt",
        "synonyms.txt",
        "heads.txt",
        "modifiers.txt",
        "compounds.txt",
        "edits.tsv.gz",
        "abbreviations.tsv.gz",
        "aliases.tsv.gz",
        "weights.json",
        "words.npz",
    )
    return digest(*(f"{name} {_read(name).hex()}" for name in names))
