"""What people decided: a YAML file that beats every score, now and at each later build.

The file is a list. Each entry is one decision, on one line as `kg review` writes them::

    - {same: [PCA, principal component analysis], reason: initials}
    - {different: [CIFAR-10, CIFAR-100]}
    - {rename: pca, to: principal component analysis}
    - {type: BLEU, to: METRIC}
    - {drop: training}
    - {edge: {paper: p1, concept: BERT, quote: 3f2a…}, role: USES, reason: it is the backbone}
    - {edge: {paper: p1, concept: BERT, quote: 3f2a…}, drop: true}

A concept goes by any of its names (case, hyphens and plural do not matter, unless two names in the
decisions differ by them alone) or by its id, which means that one concept. ``quote`` is `quote_digest` of
the edge's quote; without it the decision holds for the pair of paper and concept. To undo a decision,
delete its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kg.model import ROLES, Role
from kg.resolution.normal import squeeze
from kg.text import digest

if TYPE_CHECKING:
    from pathlib import Path

Verb = Literal["same", "different", "rename", "type", "drop", "edge"]
VERBS: tuple[Verb, ...] = ("same", "different", "rename", "type", "drop", "edge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One entry. ``names`` are those it speaks of; ``line`` counts from 1, 0 where it is in no file.

    ``to`` is the new name or type, or the edge's role; empty with verb ``edge``: drop the edge.
    """

    verb: Verb
    names: tuple[str, ...]
    to: str = ""
    paper_id: str = ""
    quote: str = ""
    reason: str = ""
    line: int = 0

    @property
    def identity(self) -> tuple[str | tuple[str, ...], ...]:
        """What is decided, whatever its reason, line and order of equals."""
        names = tuple(sorted(self.names)) if self.verb in {"same", "different"} else self.names
        return (self.verb, names, self.to, self.paper_id, self.quote)

    @property
    def where(self) -> str:
        """The place, for messages."""
        return f"line {self.line}" if self.line else "a decision without a line"


@dataclass(frozen=True, slots=True)
class EdgeDecision:
    """What holds for one paper–concept edge: its ``role``, or None to drop it."""

    role: Role | None
    reason: str = ""


def quote_digest(quote: str) -> str:
    """Return the digest by which a decision names an edge's quote; white space does not matter."""
    return digest(squeeze(quote), length=12)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions in the order of their file. Read-only; made by `load` or `Decisions.of`."""

    entries: tuple[Decision, ...] = ()
    _edges: Mapping[tuple[str, str], tuple[Decision, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, entries: Iterable[Decision]) -> Decisions:
        """Return decisions over ``entries``; UsageError where two contradict each other."""
        from kg.resolution.consistency import check

        kept = tuple(entries)
        check(kept)
        edges: dict[tuple[str, str], tuple[Decision, ...]] = {}
        for entry in kept:
            if entry.verb == "edge":
                pair = entry.paper_id, entry.quote
                edges[pair] = (*edges.get(pair, ()), entry)
        return cls(kept, edges)

    @classmethod
    def load(cls, path: Path) -> Decisions:
        """Return the decisions in the file at ``path``.

        UsageError where an entry is none, or two contradict each other (both lines are named);
        InputError where there is no such file, or it is no YAML; DiskError where it cannot be read.
        """
        from kg.resolution.decision_file import parse

        return cls.of(parse(path)[1])

    def dump(self, path: Path) -> None:
        """Make the file at ``path`` hold these decisions, in one step.

        What it holds already stays as it is written, in its order and with its comments; entries that
        are no longer here go, new ones follow at the end. Errors as `load`, and DiskError.
        """
        from kg.resolution.decision_file import rewrite

        rewrite(path, self.entries)

    def adding(self, entries: Iterable[Decision]) -> Decisions:
        """Return these decisions and, after them, ``entries`` that are new; UsageError as `of`."""
        known = {entry.identity for entry in self.entries}
        return Decisions.of([*self.entries, *(e for e in entries if e.identity not in known)])

    def without(self, entry: Decision) -> Decisions:
        """Return these decisions but for ``entry``, whatever its reason."""
        return Decisions.of(e for e in self.entries if e.identity != entry.identity)

    @property
    def digest(self) -> str:
        """Names what is decided, for the manifest: neither order, reasons, comments nor lines matter."""
        marks = []
        for entry in self.entries:
            names = sorted(entry.names) if entry.verb in {"same", "different"} else entry.names
            marks.append(digest(entry.verb, str(len(names)), *names, entry.to, entry.paper_id, entry.quote))
        return digest(*sorted(set(marks)))

    def of_verb(self, verb: Verb) -> tuple[Decision, ...]:
        """Return the entries of one kind, in order."""
        return tuple(entry for entry in self.entries if entry.verb == verb)

    @property
    def ids(self) -> frozenset[str]:
        """The ids among the names; not those of edges, which go by the ids of the graph as it is made."""
        from kg.resolution.consistency import is_id

        return frozenset(n for e in self.entries if e.verb != "edge" for n in e.names if is_id(n))

    def edge(self, paper_ids: Iterable[str], names: Iterable[str], quote: str = "") -> EdgeDecision | None:
        """Return what was decided for the edge of a paper (any of its ids) and a concept.

        ``names`` are the concept's id and names; an entry with the quote's digest beats one without.
        """
        if not self._edges:
            return None
        from kg.resolution.consistency import reference

        known = {reference(name) for name in names}
        marks = (quote_digest(quote), "") if quote else ("",)
        for mark in marks:
            for paper_id in sorted(set(paper_ids)):
                for entry in self._edges.get((paper_id, mark), ()):
                    if reference(entry.names[0]) in known:
                        role = next((r for r in ROLES if r == entry.to), None)
                        return EdgeDecision(role, entry.reason)
        return None


#: No decision at all.
NONE = Decisions()
