"""How good the relations are, and what they cost: ``python tests/benchmarks/relate.py WHAT …``.

citations GRAPH CITATIONS      BUILDS_ON against reference lists: the later paper was not learned from
unseen GRAPH CITATIONS         the same where neither paper was learned from
deals GRAPH CITATIONS N        `unseen` in brief for papers dealt in N ways: mean and spread of the recall
figure GRAPH CITATIONS SVG     the curves of both as a picture, with and without years
missed GRAPH CITATIONS N       N of its claims that no reference list confirms, to be read
kinds GRAPH HYPONYMS           SUBCLASS_OF against narrower–broader pairs (JSON lines)
sample GRAPH RELATION N        N relations with their sentences, half of support 1, half of more, to be read
tuples GRAPH PAPERS            hand-made (task, dataset, metric, score) tuples found among the results
cost GRAPH PAPERS…             seconds and memory of `relate`, a line for each number of papers
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.asking.tracing import trace
from kg.relations import relate
from kg.relations.building_on import DIGITS, load
from kg.relations.fitting import Candidates, curve, dealt, gather, judged, read_citations, undated
from kg.report import Report
from kg.resolution.normal import key
from kg.tables import Graph, Row, relation_id
from kg.text import digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Concepts that more papers speak of are the same in every copy of a graph that is grown.
COMMON = 3
#: Recall and precision of the rule that a name before a title's colon, found in a later text, is cited.
BASELINE = (0.0137, 0.651)
#: How the two tables of candidates are told of.
KINDS = ("dated", "without years")
PRECISIONS = (0.9, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5, 0.4, 0.3, 0.2)


def citations(graph: Path, file: Path) -> None:
    _judge(graph, file, earlier_seen=True)


def unseen(graph: Path, file: Path) -> None:
    _judge(graph, file, earlier_seen=False)


def _judge(graph: Path, file: Path, *, earlier_seen: bool) -> None:
    _, least = load()
    found = _gathered(graph, file)
    for label, one, sure in zip(KINDS, found, _sure(found, earlier_seen=earlier_seen), strict=True):
        print(f"{label}: {len(sure)} candidates, {one.total} citations")
        print("precision  pairs  recall  from confidence")
        for precision, count, recall, score in curve(sure, one.cited, one.total, PRECISIONS):
            print(f"     {precision:.2f}  {count:5d}  {recall:.4f}  {score:.4f}")
        count, precision, recall = _claimed(one, sure, least)
        print(f"from {least:.4f}: {count} pairs, precision {precision:.3f}, recall {recall:.4f}")
        for low in np.arange(0.1, 1.0, 0.1):
            inside = (sure >= low) & (sure < low + 0.1)
            if inside.any():
                share = one.cited[inside].mean()
                span = f"{low:.1f} to {low + 0.1:.1f}"
                print(f"confidence {span}: {int(inside.sum())} pairs, {share:.3f} confirmed")


#: Deals from this one on had no part in how the curves were made.
FIRST_DEAL = 101


def deals(graph: Path, file: Path, count: int) -> None:
    _, least = load()
    found = _gathered(graph, file)
    wanted = (0.7, 0.65, 0.6, 0.5)
    told: list[list[float]] = []
    for deal in range(FIRST_DEAL, FIRST_DEAL + count):
        one = [dealt(table, deal) for table in found]
        sure, _ = _sure(one)
        recalls = [recall for _, _, recall, _ in curve(sure, one[0].cited, one[0].total, wanted)]
        pairs, precision, recall = _claimed(one[0], sure, least)
        told.append([*recalls, float(pairs), precision, recall])
        print(deal, *(f"{value:.4f}" for value in told[-1]), flush=True)
    columns = [f"recall at {precision}" for precision in wanted]
    for name, values in zip([*columns, "pairs", "precision", "recall"], zip(*told, strict=True), strict=True):
        print(
            f"{name}: mean {np.mean(values):.4f}, standard deviation {np.std(values):.4f}, "
            f"{min(values):.4f} to {max(values):.4f}"
        )


def _sure(found: Sequence[Candidates], *, earlier_seen: bool = False) -> list[NDArray[np.float64]]:
    """Return how sure the program is of pairs whose papers it did not learn from."""
    curves, _ = load()
    return [np.round(curves.chance.of(score), DIGITS) for score in judged(found, earlier_seen=earlier_seen)]


def _gathered(graph: Path, file: Path) -> tuple[Candidates, Candidates]:
    """Return the candidates with years and without."""
    tables = Graph.load(graph).tables
    pairs = read_citations(file)
    return gather(tables, pairs), gather(undated(tables), pairs)


def _claimed(found: Candidates, sure: NDArray[np.float64], least: float) -> tuple[int, float, float]:
    """Return how many pairs are claimed from ``least`` on, their precision, and their recall."""
    claimed = sure >= least
    right, count = int(found.cited[claimed].sum()), int(claimed.sum())
    return count, right / max(count, 1), right / max(found.total, 1)


def figure(graph: Path, file: Path, out: Path) -> None:
    _, least = load()
    found = _gathered(graph, file)
    dated, blank = _sure(found)
    cited_seen, _ = _sure(found, earlier_seen=True)
    side, margin, most = 320.0, 48.0, 0.25  # a recall of `most` is the right end
    legend: list[tuple[str, str]] = []
    parts = [f'<path d="M{margin} {margin}V{margin + side}H{margin + side}" fill="none" stroke="#444"/>']

    def place(recall: float, precision: float) -> str:
        return f"{margin + side * recall / most:.1f} {margin + side * (1 - precision):.1f}"

    for n in range(6):
        x, y = margin + side * n / 5, margin + side * (1 - n / 5)
        parts.append(
            f'<text x="{x:.0f}" y="{margin + side + 16:.0f}" text-anchor="middle">{most * n / 5:.2f}</text>'
        )
        parts.append(f'<text x="{margin - 6:.0f}" y="{y + 4:.0f}" text-anchor="end">{n / 5:.1f}</text>')
    for label, colour, one, sure in (
        ("neither paper seen", "#0072b2", found[0], dated),
        ("cited paper seen", "#009e73", found[0], cited_seen),
        ("neither seen, no years", "#d55e00", found[1], blank),
    ):
        order = np.argsort(-sure, kind="stable")
        hits = np.cumsum(one.cited[order])
        ends = np.flatnonzero(np.append(np.diff(sure[order]) != 0, True))
        ends = ends[np.unique(np.linspace(20, len(ends) - 1, 80).astype(np.int64))]  # fewer tell nothing
        line = "L".join(place(hits[at] / one.total, hits[at] / (at + 1)) for at in ends.tolist())
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        _, precision, recall = _claimed(one, sure, least)
        x, y = map(float, place(recall, precision).split())
        told = f"<title>{label}, as surely as what is stored</title>"
        parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}">{told}</circle>')
        legend.append((label, colour))
    x, y = map(float, place(*BASELINE).split())
    parts.append(f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="#444"/>')
    for n, (label, colour) in enumerate((*legend, ("name before the colon", "#444"))):
        y = margin + side * 0.7 + 20 * n  # the lower left is empty, but for the steep line at its edge
        parts.append(f'<rect x="108" y="{y:.0f}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="124" y="{y + 9:.0f}">{label}</text>')
    middle, bottom = margin + side / 2, margin + side + 34
    parts.append(f'<text x="{middle}" y="{bottom}" text-anchor="middle">recall of citations</text>')
    parts.append(
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">precision</text>'
    )
    size = margin + side
    out.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 32:.0f} {size + 48:.0f}" '
        'font-family="sans-serif" font-size="12" fill="#222" role="img" '
        'aria-label="Precision and recall of implied citations">'
        '<rect width="100%" height="100%" fill="#fff"/>' + "".join(parts) + "</svg>\n",
        "utf-8",
    )


def missed(graph: Path, file: Path, count: int) -> None:
    whole = Graph.load(graph)
    main = {id_: row["id"] for row in whole.rows("papers") for id_ in row["ids"]}
    pairs = read_citations(file)
    known = {(main[a], main[b]) for a, b in pairs if a in main and b in main}
    found = _gathered(graph, file)
    _, least = load()
    sure = _sure(found)[0].tolist()
    claimed = {pair for pair, chance in zip(found[0].pairs, sure, strict=True) if chance >= least}
    titles = {row["id"]: row["title"] for row in whole.rows("papers")}
    names = {row["id"]: row["name"] for row in whole.rows("concepts")}
    wrong = [
        row
        for row in whole.rows("paper_paper")
        if row["type"] == "BUILDS_ON" and (row["from"], row["to"]) in claimed - known
    ]
    for n, row in enumerate(_some(wrong, count), start=1):
        print(f"{n}. {titles[row['from']]}\n   -> {titles[row['to']]}")
        print(f"   via {', '.join(names[c] for c in row['via'])} ({row['confidence']}): {row['quote']}")


def kinds(graph: Path, file: Path) -> None:
    whole = Graph.load(graph)
    up: dict[str, set[str]] = {}
    for row in whole.rows("concept_concept"):
        if row["type"] == "SUBCLASS_OF":
            up.setdefault(row["from"], set()).add(row["to"])
    named: dict[str, set[str]] = {}
    for row in whole.rows("concepts"):
        for name in (row["name"], *row["aliases"]):
            named.setdefault(key(name), set()).add(row["id"])
    wanted = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    stored = reached = absent = merged = 0
    for pair in wanted:
        low, high = named.get(key(pair["narrower"]), set()), named.get(key(pair["broader"]), set())
        if not low or not high:
            absent += 1
            continue
        merged += bool(low & high)
        stored += any(up.get(one, set()) & high for one in low)
        reached += any((_above(up, one) & high) - {one} for one in low)
    print(f"{sum(map(len, up.values()))} relations; reference {len(wanted)} pairs, {absent} not in the graph")
    there = max(len(wanted) - absent, 1)
    print(f"stored {stored}, reached {reached}: recall {reached / len(wanted):.3f}")
    print(f"recall of pairs with both names in the graph {reached / there:.3f}")
    print(f"narrower and broader are one concept in the graph: {merged}")
    cycles = sum(one in _above(up, one) for one in up)
    print(f"concepts above themselves: {cycles}")


def _above(up: dict[str, set[str]], one: str) -> set[str]:
    seen: set[str] = set()
    waiting = [one]
    while waiting:
        for other in up.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def sample(graph: Path, relation: str, count: int) -> None:
    whole = Graph.load(graph)
    names = {row["id"]: row["name"] for row in whole.rows("concepts")}
    names |= {row["id"]: row["title"] for row in whole.rows("papers")}
    table = "paper_paper" if relation in {"BUILDS_ON", "RELATED_TO", "CITES"} else "concept_concept"
    rows = [row for row in whole.rows(table) if row["type"] == relation]
    once = [row for row in rows if (row.get("support") or 1) == 1]
    more = [row for row in rows if (row.get("support") or 1) > 1]
    chosen = [*_some(once, count if not more else count // 2), *_some(more, count // 2)]
    for n, row in enumerate(chosen, start=1):
        measures = ("support", "confidence", "npmi", "weight", "why")
        told = ", ".join(f"{name} {row[name]}" for name in measures if row.get(name) is not None)
        print(f"{n}. {names[row['from']]} -> {names[row['to']]}  {told}")
        said: dict[str, dict[str, None]] = {}
        for source in trace(whole, row["id"]):
            said.setdefault(source.title, {})[source.quote] = None
        for title, quotes in list(said.items())[:2]:
            print(f"   [{title[:90]}]")
            for quote in quotes:
                if quote != title:
                    print(f"      {' '.join(quote.split())[:260]}")


def _some(rows: Iterable[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return ``count`` of ``rows``, the same each time: those whose ids have the smallest digests."""
    return sorted(rows, key=lambda row: digest("sample", row["id"]))[:count]


def tuples(graph: Path, file: Path) -> None:
    whole = Graph.load(graph)
    names = {
        row["id"]: {key(name) for name in (row["name"], *row["aliases"])} for row in whole.rows("concepts")
    }
    main = {id_: row["id"] for row in whole.rows("papers") for id_ in row["ids"]}
    links: dict[str, dict[str, str]] = {}
    for row in whole.rows("result_concept"):
        links.setdefault(row["from"], {})[row["type"]] = row["to"]
    stated: dict[str, list[str]] = {}
    for row in whole.rows("paper_result"):
        stated.setdefault(row["from"], []).append(row["to"])
    results = {row["id"]: row for row in whole.rows("results")}
    total = scores = 0
    right = {"FOR_TASK": 0, "ON_DATASET": 0, "IN_METRIC": 0, "dataset and metric": 0, "complete": 0}
    for line in file.read_text("utf-8").splitlines():
        paper = json.loads(line)
        seen: set[tuple[str, str, str, str]] = set()
        for task, dataset, metric, score in (tuple(map(str, one[:4])) for one in paper.get("tdms") or ()):
            number = _number(score)
            if (
                number is None
                or (task, dataset, metric, score) in seen
                or not _stands_in(score, paper["abstract"])
            ):
                continue
            seen.add((task, dataset, metric, score))
            total += 1
            own = [
                r for r in stated.get(main.get(paper["id"], ""), ()) if _same(results[r]["number"], number)
            ]
            scores += bool(own)
            found = dict.fromkeys(right, False)
            for result in own:
                fits = {
                    link: _names_agree(wanted, names.get(links.get(result, {}).get(link, ""), set()))
                    for link, wanted in (("FOR_TASK", task), ("ON_DATASET", dataset), ("IN_METRIC", metric))
                }
                fits["dataset and metric"] = fits["ON_DATASET"] and fits["IN_METRIC"]
                fits["complete"] = fits["dataset and metric"] and fits["FOR_TASK"]
                found = {name: found[name] or fits[name] for name in right}
            for name, there in found.items():
                right[name] += there
    print(f"{total} tuples whose score stands in the abstract; the number is a result: {scores}")
    for name, count in right.items():
        print(f"{name}: {count} ({count / max(total, 1):.3f})")


def _number(text: str) -> float | None:
    try:
        return float(text.strip().rstrip("%").replace(",", ""))
    except ValueError:
        return None


def _stands_in(score: str, text: str) -> bool:
    digits = score.strip().rstrip("%")
    at = text.find(digits)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(digits) : at + len(digits) + 2]
        inside = (
            before.isdigit()
            or before == "."
            or after[:1].isdigit()
            or (after[:1] == "." and after[1:].isdigit())
        )
        if not inside:
            return True
        at = text.find(digits, at + 1)
    return False


def _same(one: float | None, other: float) -> bool:
    return one is not None and abs(one - other) < 1e-9


def _names_agree(wanted: str, names: set[str]) -> bool:
    """Tell whether one of ``names`` is ``wanted``, or a part of it: "Test Accuracy" is told as "accuracy"."""
    form = key(wanted)
    return any(name and (name in form or form in name) for name in names)


def cost(path: Path, *sizes: int) -> None:
    for size in sizes:
        graph = grown(Graph.load(path), size)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.process_time()
        made = relate(graph, report=Report())
        seconds = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        edges = graph.tables["paper_concept"].num_rows
        rows = made.tables["concept_concept"].num_rows + made.tables["paper_paper"].num_rows
        print(
            f"{graph.tables['papers'].num_rows} papers, {edges} edges: {seconds:.1f} s, "
            f"{1e6 * seconds / max(edges, 1):.0f} µs an edge, {rows} relations, "
            f"peak {before:.0f} MiB before and {peak:.0f} MiB after",
            flush=True,
        )


def grown(graph: Graph, papers: int) -> Graph:
    """Return ``graph`` with so many papers: the first of its own, then copies under new ids.

    A copy shares the concepts that more than `COMMON` papers speak of, and has the others anew, as larger
    collections bring more of both: papers on what is known, and names that nobody else uses.
    """
    rows = {name: graph.rows(name) for name in ("papers", "concepts", "paper_concept")}
    common = {row["id"] for row in rows["concepts"] if row["paper_count"] > COMMON}
    own = len(rows["papers"])
    edges: dict[str, list[dict[str, Any]]] = {}
    for row in rows["paper_concept"]:
        edges.setdefault(row["from"], []).append(row)
    made: dict[str, list[Row]] = {name: [] for name in rows}
    used: dict[str, None] = {}
    for n in range(papers):
        paper = rows["papers"][n % own]
        mark = f"~{n // own}" if n >= own else ""
        made["papers"].append(list({**paper, "id": paper["id"] + mark}.values()))
        for edge in edges.get(paper["id"], ()):
            concept = edge["to"] if edge["to"] in common else edge["to"] + mark
            used[concept] = None
            ends = {"from": paper["id"] + mark, "to": concept}
            id_ = relation_id(edge["type"], ends["from"], concept)
            made["paper_concept"].append(list({**edge, **ends, "id": id_}.values()))
    for concept in rows["concepts"]:
        for n in range(-(-papers // own)):
            id_ = concept["id"] + (f"~{n}" if n else "")
            if id_ in used:
                made["concepts"].append(list({**concept, "id": id_}.values()))
    return Graph.from_rows(made)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands: dict[str, tuple[Callable[..., None], tuple[Callable[[str], Any], ...]]] = {
        "citations": (citations, (Path, Path)),
        "unseen": (unseen, (Path, Path)),
        "deals": (deals, (Path, Path, int)),
        "figure": (figure, (Path, Path, Path)),
        "missed": (missed, (Path, Path, int)),
        "kinds": (kinds, (Path, Path)),
        "sample": (sample, (Path, str, int)),
        "tuples": (tuples, (Path, Path)),
        "cost": (cost, (Path, int)),
    }
    parser.add_argument("what", choices=commands)
    parser.add_argument("rest", nargs="+")
    options = parser.parse_args(arguments)
    command, types = commands[options.what]
    if options.what == "cost":
        cost(Path(options.rest[0]), *map(int, options.rest[1:]))
    elif len(options.rest) != len(types):
        parser.error(f"{options.what} takes {len(types)} arguments")
    else:
        command(*(type_(text) for type_, text in zip(types, options.rest, strict=True)))


if __name__ == "__main__":
    main(sys.argv[1:])
