"""Names that say what they are a kind of: "few-shot image classification" is image classification."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import ConceptType
from kg.resolution.generic import is_generic
from kg.resolution.normal import squeeze, words

#: Words before a head that turn it into something else, or that make the next word part of themselves.
_TURNING = frozenset(
    """
    non no not anti un de pseudo quasi semi self weakly inverse negative counter fake without beyond except
    near sub pre post vs versus cross auto
    """.split()
)
#: Words that may not stand between: the head then belongs to what follows them.
_JOINING = frozenset(
    """
    a across after against among an and are as at be before between beyond but by during for from in
    into is like of on or over per plus such than that the their through to toward towards under upon using
    via when where while with within without
    """.split()
)
#: Words after a head that narrow it: "classification with noisy labels".
_AFTER = frozenset("with of for over on from in under via by through using across without".split())
#: Settings in which a task is done: they may stand apart from its head.
_SETTINGS = frozenset(
    """
    few-shot zero-shot one-shot low-shot many-shot unsupervised supervised semi-supervised self-supervised
    weakly-supervised online offline incremental class-incremental continual multilingual cross-lingual
    cross-domain open-domain open-set open-vocabulary multi-label multi-class multimodal multi-modal
    fine-grained long-tailed federated distributed interactive low-resource
    """.split()
)
_SIZE = r"(?:\d+(?:\.\d+)?[bmk]?|xxs|xs|xl|xxl|tiny|mini|small|base|medium|large|huge|giant|v\d+(?:\.\d+)*)"
_VERSION = re.compile(rf"(?:(?:[-_ @]{_SIZE})+|[-_ @]?v?\d+(?:\.\d+)*|v\d+(?:\.\d+)*)", re.IGNORECASE)

#: How a name says so, and the share of such claims that were right among those read for tuning.
SURENESS = {"head": 0.93, "before": 0.9, "setting": 0.9, "version": 0.93}


@dataclass(frozen=True, slots=True)
class Claim:
    """That a name is a kind of ``broader``, given in `words`; how it says so, and what it writes there."""

    broader: tuple[str, ...]
    how: str
    written: str


def claims(name: str, type_: ConceptType) -> Iterator[Claim]:
    """Yield what ``name`` says of itself, the nearest first.

    Data sets say nothing so: "Stanford Dogs" are no kind of Dogs.
    """
    name = squeeze(name)
    parts = _parts(name)
    if type_ == "DATASET" or (type_ == "TASK" and len(parts[0]) == 1 and parts[0][0].endswith("ing")):
        return  # "detecting trees" is no kind of tree
    if not all(any(map(str.isalnum, part)) for part in name.split(" ")):
        return  # "speed & accuracy" are two
    for at in range(1, len(parts)):
        head = tuple(word for part in parts[at:] for word in part)
        if not _names_a_kind(head):
            break
        if _joins(parts[:at]) or _joins(parts[at : at + 1]):
            continue
        last = parts[at - 1]
        if len(last) == 1 and (last[0] in _TURNING or (last[0].endswith("ly") and at + 1 < len(parts))):
            continue
        yield Claim(head, "head", name.split(" ", at)[-1])
    if type_ != "METRIC":  # "area under the curve" is no kind of area
        yield from _narrowed_after(name, parts)
    yield from _settings(name, parts)


def versions(name: str) -> Iterator[str]:
    """Yield the names of which ``name`` is a version or a size: "ResNet-50" of "ResNet"."""
    name = squeeze(name)
    for match in re.finditer(r"[-_ @]|(?<=[A-Za-z])(?=[vV]?\d)", name):
        base, rest = name[: match.start()], name[match.start() :]
        if _VERSION.fullmatch(rest) and sum(map(str.isalpha, base)) > 1:
            yield base
            return


def _parts(name: str) -> list[tuple[str, ...]]:
    """Return the words of ``name`` by what blanks part: a hyphenated word is one part."""
    return [words(part) for part in name.split(" ")]


def _names_a_kind(head: tuple[str, ...]) -> bool:
    return len(head) > 1 or not is_generic(head[0])


def _joins(parts: list[tuple[str, ...]]) -> bool:
    """Tell whether one of ``parts`` is a joining word; those inside "text-to-image" do not count."""
    return any(len(part) == 1 and part[0] in _JOINING for part in parts)


def _narrowed_after(name: str, parts: list[tuple[str, ...]]) -> Iterator[Claim]:
    for at in range(len(parts) - 2, 0, -1):
        if len(parts[at]) == 1 and parts[at][0] in _AFTER:
            head = tuple(word for part in parts[:at] for word in part)
            if _names_a_kind(head) and not _joins(parts[:at]):
                yield Claim(head, "before", " ".join(name.split(" ")[:at]))


def _settings(name: str, parts: list[tuple[str, ...]]) -> Iterator[Claim]:
    """Yield the name without what stands between its setting and its head."""
    if name.casefold().partition(" ")[0] not in _SETTINGS or len(parts) < 3:
        return
    for at in range(2, len(parts)):
        head = tuple(word for part in parts[at:] for word in part)
        if not _joins(parts[1:]):
            yield Claim((*parts[0], *head), "setting", name)
