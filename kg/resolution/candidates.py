"""Which pairs of forms are compared at all: by shared keys, never all with all.

Each form is filed under the sorted stems of its words. It is looked up under its own key, under the keys
that one word less or a known swap gives, and by what papers, abbreviations and knowledge unite. Keys
that too many forms share are passed over, so that the work grows with the number of names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.resolution.clustering import Pair, ordered
from kg.resolution.edits import FUNCTION_WORDS, tokens
from kg.stems import stem

#: Most forms under the key of all stems, and under a key that leaves some out or puts another in. How many
#: share such a key grows with the collection, and tells the less the more there are.
BUCKET, NEIGHBOURS = 40, 12
#: Longest name, in words, that is looked up with a word less.
LONGEST = 8


def stems(name: str) -> tuple[str, ...]:
    """Return the sorted stems of the content words of ``name``."""
    return tuple(sorted({stem(word) for word in tokens(name) if word not in FUNCTION_WORDS} or {name}))


@dataclass(frozen=True, slots=True)
class _Files:
    """Where forms are found: by all stems, by those that weigh, and by these written as one."""

    stems: Mapping[str, tuple[str, ...]]
    cores: Mapping[str, tuple[str, ...]]
    by_stems: Mapping[tuple[str, ...], Sequence[str]]
    by_core: Mapping[tuple[str, ...], Sequence[str]]
    by_joined: Mapping[tuple[str, ...], Sequence[str]]


def _filed(names: Mapping[str, str], light: frozenset[str]) -> _Files:
    own = {form: stems(name) for form, name in sorted(names.items())}
    cores = {form: tuple(s for s in found if s not in light) or found for form, found in own.items()}
    by_stems: dict[tuple[str, ...], list[str]] = {}
    by_core: dict[tuple[str, ...], list[str]] = {}
    by_joined: dict[tuple[str, ...], list[str]] = {}
    for form, found in own.items():
        by_stems.setdefault(found, []).append(form)
        by_core.setdefault(cores[form], []).append(form)
        by_joined.setdefault(("".join(cores[form]),), []).append(form)
    return _Files(own, cores, by_stems, by_core, by_joined)


def _near(form: str, files: _Files, swaps: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the forms with a word less, or with a word that is known to stand for one."""
    own, core = files.stems[form], files.cores[form]
    for at, word in enumerate(own):
        if len(own) > 1:
            yield from _few(files.by_stems, own[:at] + own[at + 1 :])
        for swap in swaps.get(word, ()):
            yield from _few(files.by_stems, tuple(sorted({swap, *(s for s in own if s != word)})))
            if word in core:
                swapped = {swap, *(s for s in core if s != word)}
                mine = set(own).difference(core)
                for other in _few(files.by_core, tuple(sorted(swapped))):
                    theirs = set(files.stems[other]) - swapped
                    # Each with a light word of its own besides another word: too far.
                    if mine <= theirs or theirs <= mine:
                        yield other
        if word in core and len(core) > 1:
            # What says more besides is too far, and how many do so grows faster than the names.
            for other in _few(files.by_core, tuple(s for s in core if s != word)):
                if all(s in own for s in files.stems[other]):
                    yield other


def _few(table: Mapping[tuple[str, ...], Sequence[str]], at: tuple[str, ...]) -> Sequence[str]:
    found = table.get(at, ())
    return found if len(found) <= NEIGHBOURS else ()


def candidates(
    names: Mapping[str, str],
    *,
    light: frozenset[str],
    swaps: Mapping[str, tuple[str, ...]],
    known: Iterable[Pair] = (),
    further: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Pair]:
    """Yield pairs of form ids, each once, for forms with their display ``names`` by id.

    ``light`` are stems that come and go without much of a change, ``swaps`` stems that stand for each
    other; ``known`` pairs are candidates anyway. ``further`` are other spellings of a form.
    """
    files = _filed(names, light)
    seen: set[Pair] = set()

    def new(pairs: Iterable[Pair]) -> Iterator[Pair]:
        for a, b in pairs:
            pair = ordered(a, b)
            if a != b and pair not in seen:
                seen.add(pair)
                yield pair

    yield from new((a, b) for a, b in known if a in names and b in names)
    for table, most in ((files.by_stems, BUCKET), (files.by_core, NEIGHBOURS), (files.by_joined, BUCKET)):
        for bucket in table.values():
            if len(bucket) <= most:
                yield from new(combinations(bucket, 2))
    for form, spellings in sorted((further or {}).items()):
        for spelling in spellings:
            yield from new((form, other) for other in files.by_stems.get(stems(spelling), ())[:BUCKET])
    for form, own in files.stems.items():
        if len(own) <= LONGEST:
            yield from new((form, other) for other in _near(form, files, swaps))
