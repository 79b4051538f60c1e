"""How `builds_on.json` was made: ``python -m kg.relations.fitting GRAPH CITATIONS [--out FILE]``.

GRAPH is a graph folder of papers whose citations among each other are known, CITATIONS a table with a
citing and a cited id a line. The forest learns from all of them. What it is worth is told by others that
are learned in the same way from a part of the papers, and judged on papers that they did not see: so is
the confidence chosen below which nothing is claimed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.relations.boosting import Forest, Shape, fit
from kg.relations.building_on import DIGITS, FEATURES, Known, candidates
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
#: What is claimed of papers that were not seen has to be right this often.
_PRECISION = 0.65
#: How the forest grows. More leaves fit what was seen, and tell nothing more of papers that were not.
SHAPE = Shape(trees=80, leaves=4, step=0.1, penalty=20.0, least=60)


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


def part(paper_id: str) -> int:
    """Return the part of a paper, from 0 on: by its id alone, whatever else is in the graph."""
    return int(digest("part", paper_id, length=8), 16) % _PARTS


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
    tables: Sequence[Candidates], *, earlier_seen: bool = False, shape: Shape = SHAPE
) -> list[NDArray[np.float64]]:
    """Return the chances of the pairs of each of ``tables``, by forests that did not learn from their papers.

    Each pair is judged once, by a forest that saw neither paper in any pair, of any of the tables. With
    ``earlier_seen`` it did not see the later one as the later of a pair: what others cite, it knows.
    """
    found = [np.zeros(len(one.pairs)) for one in tables]
    for turn in _turns(tables, earlier_seen=earlier_seen):
        rows = [learned for learned, _ in turn]
        if not any(some.any() for some in rows):
            continue
        forest = _fitted(tables, rows, shape)
        for sure, one, (_, left) in zip(found, tables, turn, strict=True):
            sure[left] = np.round(forest.probability(one.table[left]), DIGITS)
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


def _fitted(tables: Sequence[Candidates], rows: Sequence[NDArray[np.bool_]], shape: Shape) -> Forest:
    return fit(
        np.concatenate([one.table[some] for one, some in zip(tables, rows, strict=True)]),
        np.concatenate([one.cited[some] for one, some in zip(tables, rows, strict=True)]),
        FEATURES,
        shape,
    )


def learn(dated: Candidates, without_years: Candidates, shape: Shape = SHAPE) -> tuple[Forest, float]:
    """Return the forest, and the confidence from which claims on papers never seen are right enough."""
    tables = (dated, without_years)
    sure, _ = judged(tables, shape=shape)
    ((_, count, recall, least),) = curve(sure, dated.cited, dated.total, (_PRECISION,))
    print(f"papers not seen: {count} pairs, precision {_PRECISION}, recall {recall:.4f}, from {least:.4f}")
    return _fitted(tables, [np.ones(len(one.pairs), dtype=np.bool_) for one in tables], shape), least


def main() -> None:
    """Read the command line, learn, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("citations", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("builds_on.json"))
    options = parser.parse_args()
    tables = Graph.load(options.graph).tables
    citations = read_citations(options.citations)
    forest, least = learn(gather(tables, citations), gather(undated(tables), citations))
    data = {"least": round(least, DIGITS), "forest": forest.to_json()}
    options.out.write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
