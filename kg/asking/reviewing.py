"""What a person should look at first: the pairs of names that resolution was least sure of.

The answers are `kg.resolution.Decision` records; this module asks, and reads what a table says.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from kg.errors import UsageError, shown
from kg.resolution import NONE, Decision, Decisions
from kg.resolution.consistency import name_key
from kg.resolution.knowledge import weights
from kg.resolution.normal import key
from kg.resolution.readings import LEAST
from kg.tables import COMPARISONS, Graph
from kg.text import digest, replace_surrogates

#: A pair whose log odds are further from the threshold's than this is sure enough.
DOUBT = 1.5
#: A short form that is read as its long form with this score or more is sure enough.
SURE_READING = 0.8
#: Sentences that show how papers use a name.
QUOTES = 2

#: What people write for an answer, in a table or at the prompt, and the decision's verb; None: no answer.
ANSWERS: Mapping[str, str | None] = {
    "same": "same",
    "s": "same",
    "different": "different",
    "d": "different",
    "skip": None,
    "k": None,
    "": None,
}
#: The columns of a table of questions; `answer` and `reason` are to be filled in.
COLUMNS = tuple("answer reason name other papers merged score why name_quotes other_quotes pair".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two names: the concept it leads to, papers that write it, and sentences that do."""

    name: str
    concept_id: str
    papers: int
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Are these two names one concept? ``score`` lies in 0 to 1; they are ``joined`` now, or not."""

    one: Side
    other: Side
    score: float
    joined: bool
    reason: str

    @property
    def papers(self) -> int:
        """How many papers write one of the names: what the answer is worth."""
        return self.one.papers + self.other.papers

    @property
    def pair(self) -> str:
        """Names the two, also where a spreadsheet has changed how they are written."""
        return pair_mark(self.one.name, self.other.name)

    def decision(self, verb: str, reason: str = "") -> Decision:
        """Return the decision that the names are ``same`` or ``different``."""
        return made_decision(verb, (self.one.name, self.other.name), reason)


def pair_mark(name: str, other: str) -> str:
    """Return the mark of two names, in either order; never a number or a date to a spreadsheet."""
    return f"pair-{digest(*sorted((name, other)), length=12)}"


def made_decision(verb: str, names: tuple[str, ...], reason: str) -> Decision:
    """Return a decision about names; ``verb`` is ``same`` or ``different``."""
    told, _ = replace_surrogates(" ".join(reason.split()))
    return Decision(verb="same" if verb == "same" else "different", names=names, reason=told)


def questions(graph: Graph, decisions: Decisions = NONE) -> tuple[Question, ...]:
    """Return the pairs of names that ``graph`` was least sure of, the most papers first.

    Left out are those that ``decisions``, the new ones or those of the graph, speak of already.
    """
    decided = {
        frozenset((name_key(a), name_key(b)))
        for entry in decisions.entries
        if entry.verb in {"same", "different"}
        for a, b in combinations(entry.names, 2)
    }
    doubtful = [
        row
        for row in graph.rows(COMPARISONS)
        if _doubtful(row) and frozenset((key(row["name"]), key(row["other"]))) not in decided
    ]
    evidence = _Evidence(graph, {row[end] for row in doubtful for end in ("name_id", "other_id")} - {""})
    found: dict[str, tuple[float, Question]] = {}
    for row in doubtful:
        question = Question(
            one=evidence.side(row["name"], row["name_id"]),
            other=evidence.side(row["other"], row["other_id"]),
            score=row["score"],
            joined=row["name_id"] == row["other_id"],
            reason=row["reason"],
        )
        found.setdefault(question.pair, (_distance(row), question))
    ranked = sorted(
        found.values(), key=lambda one: (-one[1].papers, one[0], one[1].one.name, one[1].other.name)
    )
    return tuple(question for _, question in ranked)


def pairs(graph: Graph) -> dict[str, tuple[str, str]]:
    """Return the names of every pair that ``graph`` weighed, by `pair_mark`."""
    rows = graph.rows(COMPARISONS)
    return {pair_mark(row["name"], row["other"]): (row["name"], row["other"]) for row in rows}


def table_row(question: Question) -> tuple[Any, ...]:
    """Return a question as a row under `COLUMNS`, its answer still empty."""
    return (
        "",
        "",
        question.one.name,
        question.other.name,
        question.papers,
        "yes" if question.joined else "no",
        question.score,
        question.reason,
        "\n".join(question.one.quotes),
        "\n".join(question.other.quotes),
        question.pair,
    )


def answered(
    rows: Iterable[tuple[int, Mapping[str, str | None]]], known: Mapping[str, tuple[str, str]]
) -> tuple[Decision, ...]:
    """Return the decisions in a filled-in table: rows by column, each with its line.

    ``known`` are the names by `pair_mark`. UsageError, which names the line, where an answer means nothing
    or the pair is unknown.
    """
    found: list[Decision] = []
    for line, row in rows:
        answer = (row.get("answer") or "").strip()
        if answer.casefold() not in ANSWERS:
            raise UsageError(f"line {line}: {shown(answer)} is no answer; write same, different or nothing")
        verb = ANSWERS[answer.casefold()]
        if verb is None:
            continue
        mark = (row.get("pair") or "").strip()
        if mark not in known:
            raise UsageError(
                f"line {line}: pair {shown(mark)} is none of this graph's; keep the column as it was "
                "exported, and import into the graph it came from"
            )
        found.append(made_decision(verb, known[mark], row.get("reason") or ""))
    return tuple(found)


def _doubtful(row: Mapping[str, Any]) -> bool:
    if row["reason"].startswith(("decided:", "forbidden:")) or " decided: " in row["reason"]:
        return False
    if not row["features"]:
        # A reading, or a rule; those of a paper's own words are sure.
        return bool(row["score"] < SURE_READING)
    return _distance(row) <= DOUBT


def _distance(row: Mapping[str, Any]) -> float:
    """Return how far the score is from where it would have fallen the other way, in log odds."""
    turn = float(weights()["threshold"]) if row["features"] else LEAST
    return abs(_odds(row["score"]) - _odds(turn))


def _odds(score: float) -> float:
    bounded = min(max(score, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))


class _Evidence:
    """What the papers of some concepts say, by the key of the name that they write."""

    def __init__(self, graph: Graph, concept_ids: set[str]) -> None:
        self._papers: Counter[tuple[str, str]] = Counter()
        self._quotes: dict[tuple[str, str], list[tuple[float, str]]] = {}
        for row in graph.rows("paper_concept"):
            if row["to"] in concept_ids:
                for alias in sorted({key(surface) for surface in row["surfaces"]}):
                    self._papers[row["to"], alias] += 1
                    told = self._quotes.setdefault((row["to"], alias), [])
                    told.append((-row["confidence"], row["quote"]))

    def side(self, name: str, concept_id: str) -> Side:
        at = (concept_id, key(name))
        quotes = dict.fromkeys(quote for _, quote in sorted(self._quotes.get(at, ())))
        return Side(
            name=name,
            concept_id=concept_id,
            papers=self._papers[at],
            quotes=tuple(quotes)[:QUOTES],
        )
