"""Make what `kg.resolution` ships: ``python -m kg.training.resolution knowledge|weights …``.

    knowledge --abstracts FILE.jsonl.gz… --catalogue DATASET.jsonl --annotation DIR
    weights --reference DIR --annotation DIR --pairs PAIRS.tsv

``knowledge`` reads titles and abstracts (id, title, abstract a line) for abbreviations, compounds and
word vectors, a catalogue of datasets (name, source, aliases a line) for aliases, and an annotated
collection for how often which edit of a name keeps its meaning. ``weights`` fits the scorer to the
judged PAIRS (label, name, name a line) and the pairs of a reference, and prints figures over folds: each pair
is judged by weights fitted without any pair of its names. The same inputs give the same files.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from kg.plurals import singular
from kg.resolution.abbreviations import initials_match
from kg.resolution.edits import compounded, edits, known_compounds, tokens
from kg.resolution.judge import annotated, rows
from kg.resolution.knowledge import compounds as knowledge_compounds
from kg.resolution.names import occurrences
from kg.resolution.normal import is_short, key, squeeze
from kg.stems import american

DATA = Path(__file__).parent.parent / "resolution" / "data"

VOCABULARY, CONTEXTS, DIMENSIONS = 12_000, 3_000, 64


def write_lines(name: str, lines: list[str]) -> None:
    """Write ``lines``, compressed, without a time stamp: equal lines give an equal file."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as out:
        out.write("".join(f"{line}\n" for line in lines).encode())
    (DATA / name).write_bytes(buffer.getvalue())


def read_texts(files: list[Path]) -> list[str]:
    """Return title and abstract of every paper."""
    texts = []
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                doc = json.loads(line)
                texts.append(f"{doc['title']} . {doc['abstract'] or ''}")
    return texts


def make_compounds(texts: list[str]) -> None:
    """Find pairs of words that are written with a hyphen and as one."""
    glued: Counter[str] = Counter()
    hyphened: Counter[str] = Counter()
    for text in texts:
        for word in set(re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower())):
            (hyphened if "-" in word else glued)[word] += 1
    found = []
    for word, count in hyphened.items():
        parts = word.split("-")
        one = glued["".join(parts)]
        # Both ways usual enough; far apart, the one is a slip or the other an accident.
        usual = min(count, one) >= 5 and one >= 0.05 * count and count >= 0.002 * one
        if len(parts) == 2 and usual and len("".join(parts)) >= 6 and re.search("[aeiouy]", parts[0]):
            found.append(" ".join(parts))
    (DATA / "compounds.txt").write_text("".join(f"{line}\n" for line in sorted(found)), encoding="utf-8")


def make_abbreviations(texts: list[str]) -> None:
    """Find long forms before a bracketed short form; at least two papers must agree."""
    bracket = re.compile(r"\(\s*([A-Za-z][\w\-+/*.]{1,11}s?)\s*[);,]")
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for text in texts:
        for match in bracket.finditer(text):
            short = match.group(1)
            if not is_short(short):
                continue
            before = text[max(0, match.start() - 120) : match.start()].rstrip()
            places = list(re.finditer(r"[^\s(),.;:]+", before))
            best, score = "", 0.0
            for n in range(1, min(len(places), len(short) + 4) + 1):
                candidate = before[places[-n].start() :]
                if re.search(r"[.;:(),]\s", candidate):
                    break
                found = initials_match(candidate, short)
                if found > score:
                    best, score = candidate, found
            if score >= 0.5:
                counts[key(short)][key(best)][squeeze(best)] += 1
    lines = []
    for short, longs in sorted(counts.items()):
        for _, spellings in sorted(longs.items()):
            total = sum(spellings.values())
            if total >= 2:
                name = min(spellings, key=lambda s: (-spellings[s], s))
                lines.append(f"{short}\t{name}\t{total}")
    write_lines("abbreviations.tsv.gz", lines)


def make_vectors(texts: list[str]) -> None:
    """Factor the positive pointwise mutual information of words and their neighbours."""

    def normal(text: str) -> tuple[str, ...]:
        return compounded(tuple(american(singular(word)) for word in re.findall(r"[a-z]+", text.lower())))

    documents = [normal(text) for text in texts]
    counts = Counter(word for document in documents for word in document)
    ranked = sorted((w for w, n in counts.items() if n >= 40 and len(w) > 1), key=lambda w: (-counts[w], w))
    vocabulary = ranked[:VOCABULARY]
    place = {word: n for n, word in enumerate(vocabulary)}
    # The commonest words are in everybody's company.
    context = {word: n for n, word in enumerate(vocabulary[40 : CONTEXTS + 40])}
    table = np.zeros((len(vocabulary), 3 * CONTEXTS), np.float32)
    for document in documents:
        at = [place.get(word, -1) for word in document]
        near = [context.get(word, -1) for word in document]
        for n, row in enumerate(at):
            if row < 0:
                continue
            for offset, block in ((1, 0), (-1, 1), (2, 2), (3, 2), (-2, 2), (-3, 2)):
                if 0 <= n + offset < len(near) and near[n + offset] >= 0:
                    table[row, block * CONTEXTS + near[n + offset]] += 1
    totals = table.sum(0) ** 0.75
    expected = table.sum(1, keepdims=True) * (totals / totals.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        table = np.where(table > 0, np.maximum(np.log(table / expected), 0), 0).astype(np.float32)
    generator = np.random.default_rng(0)
    basis, _ = np.linalg.qr(
        table.T @ (table @ generator.standard_normal((table.shape[1], 80)).astype(np.float32))
    )
    for _ in range(2):
        basis, _ = np.linalg.qr(table.T @ (table @ basis))
    left, values, _ = np.linalg.svd(table @ basis, full_matrices=False)
    vectors = left[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    whole = np.clip(np.round(vectors * 254), -127, 127).astype(np.int8)
    np.savez_compressed(DATA / "words.npz", vectors=whole, words=np.array(" ".join(vocabulary)))


def make_aliases(catalogue: Path) -> None:
    """Take full names and short names of datasets from a catalogue."""
    pairs = set()
    for row in rows(catalogue):
        for alias in row["aliases"]:
            a, b = sorted((key(row["name"]), key(alias)))
            if row["source"].startswith("hf_datasets") and a != b and min(len(a), len(b)) >= 3:
                pairs.add(f"{a}\t{b}")
    write_lines("aliases.tsv.gz", sorted(pairs))


def make_edits(annotation: Path) -> None:
    """Count, by edit, pairs of surfaces that papers unite and pairs of names that none unites."""
    found = occurrences(*annotated(annotation))
    shown: dict[str, str] = {}
    united: set[tuple[str, str]] = set()
    for occurrence in found:
        for surface in occurrence.surfaces:
            shown.setdefault(key(surface), surface)
        united.update(combinations(sorted({key(surface) for surface in occurrence.surfaces}), 2))
    named = {key(occurrence.name) for occurrence in found}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def single(a: str, b: str) -> str:
        parts = [edit for edit in edits(shown[a], shown[b]) or () if edit != "small"]
        return parts[0] if len(parts) == 1 else ""

    for a, b in sorted(united):
        edit = "" if is_short(shown[a]) or is_short(shown[b]) else single(a, b)
        if edit:
            counts[edit][0] += 1
            counts[edit][1] += a in named and b in named
    for a, b in sorted(one_word_apart({name: tokens(shown[name]) for name in sorted(named)}) - united):
        edit = single(a, b)
        if edit:
            counts[edit][2] += 1
    write_lines(
        "edits.tsv.gz",
        [f"{e}\t{u}\t{n}\t{d}" for e, (u, n, d) in sorted(counts.items()) if u or d >= 4],
    )


def one_word_apart(names: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    """Return pairs of names of two to six words that differ by one word more, or another."""
    by_tokens: dict[tuple[str, ...], list[str]] = defaultdict(list)
    gaps: dict[tuple[str, ...], list[str]] = defaultdict(list)
    less: list[tuple[str, tuple[str, ...]]] = []
    for name, words in names.items():
        by_tokens[words].append(name)
        for n in range(len(words)) if 2 <= len(words) <= 6 else ():
            gaps[(*words[:n], "*", *words[n + 1 :])].append(name)
            less.append((name, words[:n] + words[n + 1 :]))
    pairs = {(min(name, o), max(name, o)) for name, rest in less for o in by_tokens.get(rest, ())}
    generator = np.random.default_rng(0)
    for gap in sorted(gaps):
        members = gaps[gap]
        if len(members) > 60:
            members = [members[n] for n in sorted(generator.choice(len(members), 60, replace=False))]
        pairs.update((min(a, b), max(a, b)) for a, b in combinations(members, 2))
    return pairs


def make_knowledge(args: argparse.Namespace) -> None:
    """Make every file but the weights, each after what it is made with."""
    texts = read_texts(args.abstracts)
    make_compounds(texts)
    knowledge_compounds.cache_clear()
    known_compounds.cache_clear()
    make_abbreviations(texts)
    make_aliases(args.catalogue)
    make_vectors(texts)
    make_edits(args.annotation)


def main() -> None:
    """Run one of the two steps."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = parser.add_subparsers(dest="step", required=True)
    step = steps.add_parser("knowledge")
    step.add_argument("--abstracts", type=Path, nargs="+", required=True)
    step.add_argument("--catalogue", type=Path, required=True)
    step.add_argument("--annotation", type=Path, required=True)
    step = steps.add_parser("weights")
    step.add_argument("--reference", type=Path, required=True)
    step.add_argument("--annotation", type=Path, required=True)
    step.add_argument("--pairs", type=Path, required=True)
    args: Any = parser.parse_args()
    if args.step == "knowledge":
        make_knowledge(args)
    else:
        from kg.training.resolution_weights import fit_weights

        fit_weights(args.reference, args.annotation, args.pairs)


if __name__ == "__main__":
    main()
