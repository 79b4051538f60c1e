"""How `builds_on.json` was made: ``python -m kg.relations.fitting GRAPH CITATIONS [--out FILE]``.

GRAPH is a graph folder of papers whose citations among each other are known, CITATIONS a table with a
citing and a cited id a line. The curves learn from all of them. What it is worth is told by others that
are learned in the same way from a part of the papers, and judged on papers that they did not see: so is
the confidence chosen below which nothing is claimed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.relations.building_on import DIGITS, FEATURES, Known, candidates
from kg.relations.curves import Chance, Curves, fit
from kg.relations.marks import Marks
from kg.relations.patterns import said
from kg.relations.subclasses import Sayings, subclasses
from kg.relations.view import View
from kg.report import Report
from kg.tables import Graph
from kg.text import digest

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

#: Into so many parts papers are dealt: some to learn from, one or two to judge on.
_PARTS = 5
_SCORE_DIGITS = 6
#: How often papers are dealt anew, for more to go by than one deal's luck.
_DEALS = 5
#: What is claimed of papers that were not seen has to be right this often.
_PRECISION = 0.65
#: What weights cost. With less, curves fit what was seen, and tell nothing more of papers that were not.
PENALTY = 1500.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs (later, earlier) of paper ids with their features, and whether one cites the other.

    ``part`` has the parts of both papers; ``total`` counts all citations, also where no candidate covers one.
    *Shape:* ``table`` (pairs, features), ``cited`` (pairs,), ``part`` (pairs, 2).
    """

    pairs: list[tuple[str, str]]
    table: NDArray[np.float64]
    cited: NDArray[np.bool_]
    part: NDArray[np.int64]
    total: int


def part(paper_id: str, deal: int = 0) -> int:
    """Return the part of a paper, from 0 on: by its id and ``deal`` alone, whatever else is in the graph."""
    return int(digest("part", *([str(deal)] if deal else []), paper_id, length=8), 16) % _PARTS


def dealt(found: Candidates, deal: int) -> Candidates:
    """Return ``found`` with its papers dealt in another way."""
    parts = {paper: part(paper, deal) for paper in dict.fromkeys(one for pair in found.pairs for one in pair)}
    both = [[parts[later], parts[earlier]] for later, earlier in found.pairs]
    return replace(found, part=np.array(both, dtype=np.int64).reshape(-1, 2))


def read_citations(file: Path) -> set[tuple[str, str]]:
    """Return the pairs (citing, cited) of a tab-separated table."""
    pairs = (line.split("\t")[:2] for line in file.read_text("utf-8").splitlines() if "\t" in line)
    return {(citing, cited) for citing, cited in pairs}


def gather(tables: Mapping[str, pa.Table], citations: Iterable[tuple[str, str]]) -> Candidates:
    """Return the candidates of a graph's ``tables``; citations of papers that it lacks are left out."""
    view = View.of(tables)
    marks, sayings = Marks.of(view), Sayings()
    for paper in view.papers():
        marks.add(paper)
        sayings.add(paper.index, said(paper))
    known_kinds = subclasses(view, sayings, Report())
    main = {
        id_: row["id"] for row in tables["papers"].select(["id", "ids"]).to_pylist() for id_ in row["ids"]
    }
    known = {(main[a], main[b]) for a, b in citations if a in main and b in main}
    pairs: list[tuple[str, str]] = []
    blocks = []
    for claims, block in candidates(Known(view, marks, known_kinds)):
        pairs += [(view.paper_ids[later], view.paper_ids[earlier]) for later, earlier, _ in claims]
        blocks.append(block)
    return Candidates(
        pairs=pairs,
        table=np.concatenate(blocks) if blocks else np.empty((0, len(FEATURES))),
        cited=np.array([pair in known for pair in pairs], dtype=np.bool_),
        part=np.array([[part(one) for one in pair] for pair in pairs], dtype=np.int64).reshape(-1, 2),
        total=len(known),
    )


def undated(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return ``tables`` as if the input had known no years."""
    import pyarrow as pa

    papers = tables["papers"]
    at = papers.schema.get_field_index("year")
    blank = papers.set_column(at, papers.schema.field(at), pa.nulls(papers.num_rows, pa.int64()))
    return {**tables, "papers": blank}


def curve(
    sure: NDArray[np.float64], right: NDArray[np.bool_], total: int, precisions: Sequence[float]
) -> list[tuple[float, int, float, float]]:
    """Return, for each of ``precisions``: itself, how many pairs reach it, their recall, and the least score.

    The pairs are the longest run of the surest that is right at least that often.
    """
    order = np.lexsort((right, -sure))
    hits = np.cumsum(right[order])
    share = hits / np.arange(1, len(order) + 1)
    # Pairs of equal score stand or fall together.
    ends = np.append(np.diff(sure[order]) != 0, True) if len(order) else np.empty(0, dtype=np.bool_)
    rows = []
    for precision in precisions:
        fine = np.flatnonzero(ends & (share >= precision))
        if len(fine):
            last = int(fine[-1])
            rows.append((precision, last + 1, float(hits[last]) / max(total, 1), float(sure[order][last])))
        else:
            rows.append((precision, 0, 0.0, 1.0))
    return rows


def judged(
    tables: Sequence[Candidates], *, earlier_seen: bool = False, penalty: float = PENALTY
) -> list[NDArray[np.float64]]:
    """Return the scores of the pairs of each of ``tables``, by curves that did not learn from their papers.

    Each pair is judged once, by curves that saw neither paper in any pair, of any of the tables. With
    ``earlier_seen`` it did not see the later one as the later of a pair: what others cite, it knows.
    """
    found = [np.zeros(len(one.pairs)) for one in tables]
    for turn in _turns(tables, earlier_seen=earlier_seen):
        rows = [learned for learned, _ in turn]
        if not any(some.any() for some in rows):
            continue
        curves = _fitted(tables, rows, penalty)
        for sure, one, (_, left) in zip(found, tables, turn, strict=True):
            sure[left] = np.round(curves.score(one.table[left]), _SCORE_DIGITS)
    return found


def _turns(
    tables: Sequence[Candidates], *, earlier_seen: bool
) -> Iterator[list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]]:
    """Yield, time and again, the pairs to learn from and the pairs to judge, of each of ``tables``."""
    if earlier_seen:
        for n in range(_PARTS):
            yield [(one.part[:, 0] != n, one.part[:, 0] == n) for one in tables]
        return
    for n, other in combinations_with_replacement(range(_PARTS), 2):
        turn = []
        for one in tables:
            later, earlier = one.part[:, 0], one.part[:, 1]
            seen = (later != n) & (later != other) & (earlier != n) & (earlier != other)
            low, high = np.minimum(later, earlier), np.maximum(later, earlier)
            turn.append((seen, (low == n) & (high == other)))
        yield turn


def _fitted(tables: Sequence[Candidates], rows: Sequence[NDArray[np.bool_]], penalty: float) -> Curves:
    """Return the curves of the chosen ``rows``; pairs of an earlier paper that has many count less each.

    So what is peculiar to a few papers that everybody cites is not taken for what makes a citation.
    """
    earlier = [
        one.pairs[at][1]
        for one, some in zip(tables, rows, strict=True)
        for at in np.flatnonzero(some).tolist()
    ]
    times = Counter(earlier)
    counting = np.array([times[paper] ** -0.5 for paper in earlier])
    return fit(
        np.concatenate([one.table[some] for one, some in zip(tables, rows, strict=True)]),
        np.concatenate([one.cited[some] for one, some in zip(tables, rows, strict=True)]),
        FEATURES,
        penalty=penalty,
        counting=counting / counting.mean(),
    )


def learn(dated: Candidates, without_years: Candidates, penalty: float = PENALTY) -> tuple[Curves, float]:
    """Return the curves, and the confidence from which claims on papers never seen are right enough.

    How sure to be is told by papers that were not seen, dealt in several ways: of those that were, the curves
    are too sure.
    """
    tables = (dated, without_years)
    everything = [np.ones(len(one.pairs), dtype=np.bool_) for one in tables]
    curves = _fitted(tables, everything, penalty)
    deals = [judged([dealt(one, deal) for one in tables], penalty=penalty) for deal in range(_DEALS)]
    cited = np.concatenate([one.cited for one in tables])
    rule = Chance.of_answers(
        np.concatenate([np.concatenate(scores) for scores in deals]), np.tile(cited, _DEALS)
    )
    sure = [np.round(rule.of(scores[0]), DIGITS) for scores in deals]
    ((_, _, _, least),) = curve(
        np.concatenate(sure), np.tile(dated.cited, _DEALS), dated.total * _DEALS, (_PRECISION,)
    )
    for deal, one in enumerate(sure):
        claimed = one >= least
        right, count = int(dated.cited[claimed].sum()), int(claimed.sum())
        print(
            f"papers not seen, deal {deal}, from {least:.4f}: {count} pairs, "
            f"precision {right / max(count, 1):.3f}, recall {right / max(dated.total, 1):.4f}",
            flush=True,
        )
    return replace(curves, chance=rule), least


def main() -> None:
    """Read the command line, learn, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("citations", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("builds_on.json"))
    options = parser.parse_args()
    tables = Graph.load(options.graph).tables
    citations = read_citations(options.citations)
    curves, least = learn(gather(tables, citations), gather(undated(tables), citations))
    data = {"least": round(least, DIGITS), **curves.to_json()}
    options.out.write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
