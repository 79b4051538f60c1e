"""Graphs to look at, made by hand."""

from __future__ import annotations

from typing import Any

from kg import schema
from kg.tables import Graph, Row, columns, relation_id
from kg.text import sentences

#: What would act if a page took text for markup, code or an address.
SCRIPT = "<script>window.hacked = 1</script></script><!--<script>"
ATTRIBUTE = '" onmouseover="window.hacked = 1" style="position:fixed" x=\''
IMAGE = "<img src=x onerror='window.hacked = 1'><svg onload=window.hacked=1>"
ADDRESS = "javascript:window.hacked=1"
ODD = "a\u2028b\u2029c\x00d\u202egnirts\u202c {{data}} ${x} `tick` \\u003c &amp; \U0001f600 ünï 中文 עברית"


def row(table: str, **values: Any) -> Row:
    """Return a row of ``table``: what is not given is empty, or null where that is allowed."""
    empty = {"string": "", "integer": 0, "float": 1.0, "strings": [], "integers": []}
    return [values.get(c.name, empty[c.type] if c.required else None) for c in columns(table)]


def paper(id_: str, title: str, abstract: str = "", **values: Any) -> Row:
    """Return a row of ``papers``."""
    return row(
        "papers", id=id_, ids=[id_], title=title, abstract=abstract, listings=[f"{id_}.txt#1"], **values
    )


def alike() -> Graph:
    """Return three papers: two came as ``twice``, one has the id of the concept that it proposes."""
    ids = ["twice", "twice~1f"]
    rows = [
        paper("twice", "The first text"),
        row("papers", id=ids[1], ids=ids, title="Another text", listings=["a.txt#1"]),
        paper("method/alphanet", "A paper of an odd id", "We propose Alphanet."),
    ]
    return Graph.from_rows(
        {
            "papers": rows,
            "concepts": [concept("method/alphanet", "Alphanet", 1)],
            "paper_concept": [says("PROPOSES", rows[2], "method/alphanet", "Alphanet")],
        }
    )


def concept(id_: str, name: str, papers: int, *aliases: str) -> Row:
    """Return a row of ``concepts``; the id begins with the type."""
    type_ = id_.partition("/")[0].upper()
    names = [name, *aliases]
    return row(
        "concepts",
        id=id_, type=type_, name=name, aliases=names, alias_counts=[1] * len(names),
        alias_types=[type_] * len(names), paper_count=papers,
    )  # fmt: skip


def says(role: str, paper_row: Row, id_: str, surface: str, confidence: float = 0.9) -> Row:
    """Return a relation of ``paper_concept``: the paper names the concept ``surface``."""
    given = dict(zip((c.name for c in columns("papers")), paper_row, strict=True))
    field = "abstract" if surface in given["abstract"] else "title"
    text = given[field]
    start = text.index(surface)
    end = start + len(surface)
    first, last = next((s, e) for s, e in sentences(text) if s <= start < e)
    last = max(last, end)
    return [
        role, given["id"], id_, relation_id(role, given["id"], id_), confidence, field, start, end,
        text[first:last], first, last, [surface], text.count(surface), id_.partition("/")[0].upper(), "given",
    ]  # fmt: skip


def hostile() -> Graph:
    """Return a graph whose every text would do harm, or break the page, if it were more than text."""
    abstract = f"\U0001f600\U0001f600 We say {SCRIPT} of {IMAGE}. Then {ATTRIBUTE} follows {ODD}. It ends."
    papers = [
        paper("p1", f"{SCRIPT} {IMAGE}", abstract, url=ADDRESS, year=2020),
        paper(ADDRESS, ATTRIBUTE, f"{ODD}. {SCRIPT}", url='https://example.org/a"b<c>', doi=f"10.1/{SCRIPT}"),
        paper(
            "#/?&%41'\"", ODD, f"=cmd() {ATTRIBUTE}", url="data:text/html,<script>window.hacked=1</script>"
        ),
        paper("p4", '=HYPERLINK("x")', "+1 -1 @x", year=2024),
    ]
    concepts = [
        concept("method/script", SCRIPT, 2, IMAGE),
        concept("dataset/image", IMAGE, 1),
        concept("task/attribute", ATTRIBUTE, 2, ODD),
        concept("metric/" + ODD.replace("\x00", ""), ODD, 2),
    ]
    odd = concepts[3][0]
    relations = [
        says("PROPOSES", papers[0], "method/script", SCRIPT, 0.99),
        says("USES", papers[0], "dataset/image", IMAGE, 0.5),
        says("ADDRESSES", papers[0], "task/attribute", ATTRIBUTE, 0.7),
        says("REPORTS", papers[0], odd, ODD, 0.8),
        says("USES", papers[1], "method/script", SCRIPT),
        says("MENTIONS", papers[2], "task/attribute", ATTRIBUTE, 0.3),
        says("REPORTS", papers[2], odd, ODD),
    ]
    results = [row("results", id=SCRIPT, value=IMAGE, kind="absolute")]
    links = [["IN_METRIC", SCRIPT, odd, relation_id("IN_METRIC", SCRIPT, odd)]]
    stated = [
        [
            "STATES",
            "p1",
            SCRIPT,
            relation_id("STATES", "p1", SCRIPT),
            *says("USES", papers[0], "dataset/image", IMAGE)[5:11],
        ]
    ]
    return Graph.from_rows(
        {
            "papers": papers, "concepts": concepts, "results": results, "paper_concept": relations,
            "paper_result": stated, "result_concept": links,
        }
    )  # fmt: skip


def chain(papers: int = 6) -> Graph:
    """Return papers in a row: number n uses method n and method n + 1."""
    rows = [paper(f"p{n:03}", f"Paper {n}", f"It uses method {n} and method {n + 1}.") for n in range(papers)]
    concepts = [
        concept(f"method/{n}", f"method {n}", 1 if n in {0, papers} else 2) for n in range(papers + 1)
    ]
    relations = [
        says("USES", rows[n], f"method/{m}", f"method {m}") for n in range(papers) for m in (n, n + 1)
    ]
    return Graph.from_rows({"papers": rows, "concepts": concepts, "paper_concept": relations})


def many(papers: int, *, seed: int = 0, concepts_each: int = 8) -> Graph:
    """Return as many papers as a venue has in years: a few concepts are in thousands, most in one."""
    import numpy as np

    chance = np.random.default_rng(seed)
    types = ("method", "dataset", "task", "metric")
    rows, relations = [], []
    counts: dict[str, int] = {}
    drawn = chance.zipf(1.35, size=(papers, concepts_each)) % (papers * 3)
    roles = [kind.name for kind in schema.RELATIONS if kind.table == "paper_concept"]
    for n in range(papers):
        ids = sorted({f"{types[int(c) % 4]}/concept-{c}" for c in drawn[n]})
        names = [id_.partition("/")[2].replace("-", " ") for id_ in ids]
        body = " ".join(f"We look at {name}, which is a thing of {len(name)} letters." for name in names)
        one = paper(f"p{n:06}", f"A paper of number {n} about {names[0]}", body * 2, year=2000 + n % 25)
        rows.append(one)
        for id_, name in zip(ids, names, strict=True):
            counts[id_] = counts.get(id_, 0) + 1
            relations.append(says(roles[(n + len(name)) % len(roles)], one, id_, name, 0.5 + (n % 50) / 100))
    concepts = [concept(id_, id_.partition("/")[2].replace("-", " "), count) for id_, count in counts.items()]
    return Graph.from_rows({"papers": rows, "concepts": concepts, "paper_concept": relations})
