"""A tame graph, and Cypher made from the schema to ask of it in every store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from kg import schema
from kg.stores import NodeRecord
from kg.tables import Graph, columns, relation_id

from .graphs import expected_nodes

WORDS = (
    "contrastive learning",
    "BERT",
    "bert-base",
    "ImageNet",
    "Ünïcode",
    "a \"quoted\" 'name'",
    "\\alpha",
    "",
)


@dataclass(frozen=True)
class Question:
    """A query, its parameters, and whether the order of its rows is laid down."""

    text: str
    parameters: dict[str, Any] = field(default_factory=dict)
    ordered: bool = False


def tame_graph(seed: int = 1, nodes: int = 25, relations: int = 40) -> Graph:
    """Return a graph with values of an everyday size, many of them equal."""
    random = Random(seed)  # noqa: S311 - test data, no secret

    def value(name: str, type_: schema.PropertyType) -> Any:
        match type_:
            case "string":
                return random.choice(WORDS)
            case "integer":
                return random.randint(1990, 2024) if "year" in name else random.randint(0, 9)
            case "float":
                return random.randint(0, 20) / 20
            case "strings":
                return [random.choice(WORDS) for _ in range(random.randint(0, 3))]
            case "integers":
                return [random.randint(0, 9) for _ in range(random.randint(0, 3))]

    def row(table: str, own: tuple[schema.Property, ...]) -> dict[str, Any]:
        required = {p.name: p.required for p in own}
        return {
            c.name: value(c.name, c.type)
            if c.name in required and (required[c.name] or random.random() < 0.7)
            else None
            for c in columns(table)
        }

    rows: dict[str, list[list[Any]]] = {}
    ids: dict[str, list[str]] = {}
    for kind in schema.NODES:
        types = dict(kind.type_labels)
        for number in range(nodes):
            made = row(kind.table, kind.properties)
            made["id"] = f"{kind.label.lower()}/{number}"
            ids.setdefault(kind.label, []).append(made["id"])
            if types:
                made["type"] = random.choice(sorted(types))
                ids.setdefault(types[made["type"]], []).append(made["id"])
            rows.setdefault(kind.table, []).append(list(made.values()))
    for relation in schema.RELATIONS:
        ends = [
            [id_ for label in side for id_ in ids[label]] for side in (relation.sources, relation.targets)
        ]
        pairs = {(random.choice(ends[0]), random.choice(ends[1])) for _ in range(relations)}
        for from_, to in sorted(pairs):
            made = row(relation.table, relation.properties)
            made |= {"type": relation.name, "from": from_, "to": to}
            made["id"] = relation_id(relation.name, from_, to)
            rows.setdefault(relation.table, []).append(list(made.values()))
    return Graph.from_rows(rows)


def questions(graph: Graph) -> Iterator[Question]:
    """Yield queries over every label, relation and property of the schema."""
    by_label: dict[str, NodeRecord] = {}
    for node in expected_nodes(graph):
        for label in node.labels:
            by_label.setdefault(label, node)
    for kind in schema.NODES:
        for label in (kind.label, *dict(kind.type_labels).values()):
            yield from _about_label(kind, label, by_label[label])
    for relation in schema.RELATIONS:
        yield from _about_relation(relation)
    yield from _across()


def _about_label(kind: schema.NodeKind, label: str, sample: NodeRecord) -> Iterator[Question]:
    yield Question(f"MATCH (n:{label}) RETURN count(n) AS n")
    yield Question(f"MATCH (n:{label} {{id: $id}}) RETURN n", {"id": sample.properties["id"]})
    yield Question(f"MATCH (n:{label}) RETURN n ORDER BY n.id SKIP 2 LIMIT 3", ordered=True)
    yield Question(f"MATCH (n:{label})--(m) RETURN n.id, count(DISTINCT m) AS c")
    yield Question(f"MATCH (n:{label}) WHERE NOT (n)--() RETURN n.id")
    yield Question(
        f"MATCH (n:{label}) OPTIONAL MATCH (n)-[r]->(m) RETURN n.id, count(r) AS c, count(m.id) AS d"
    )
    for p in kind.properties:
        yield from _about_property(f"(x:{label})", p, sample.properties.get(p.name))


def _about_relation(kind: schema.RelationKind) -> Iterator[Question]:
    source, target = kind.sources[0], kind.targets[0]
    arrow = f"(a:{source})-[x:{kind.name}]->(b:{target})"
    yield Question(f"MATCH {arrow} RETURN a.id, x, b.id")
    yield Question(f"MATCH {arrow} RETURN b.id AS b, count(*) AS n ORDER BY n DESC, b LIMIT 5", ordered=True)
    yield Question(f"MATCH (b:{target})<-[x:{kind.name}]-(a) RETURN count(DISTINCT a) AS a, count(b) AS b")
    yield Question(f"MATCH (a:{source})-[:{kind.name}]-(b) RETURN count(*) AS n")
    yield Question(f"MATCH (a:{source}) WHERE (a)-[:{kind.name}]->() RETURN count(a) AS n")
    yield Question(f"MATCH (a:{source}) WHERE NOT EXISTS {{ (a)-[:{kind.name}]->() }} RETURN a.id")
    yield Question(f"MATCH (a:{source}) RETURN a.id, COUNT {{ (a)-[:{kind.name}]->() }} AS n")
    yield Question(
        f"MATCH (a:{source})-[:{kind.name}]->(b)<-[:{kind.name}]-(c) RETURN a.id, c.id, count(b) AS n"
    )
    yield Question(
        f"MATCH p = (a:{source})-[:{kind.name}*1..2]-(b) WHERE a.id ENDS WITH '1' RETURN length(p) AS l, b.id"
    )
    yield Question(
        f"MATCH (a:{source})-[:{kind.name}]->(b) WITH a, collect(b.id) AS bs WHERE size(bs) > 1 "
        "RETURN a.id, size(bs) AS n"
    )
    for p in kind.properties:
        yield from _about_property(f"()-[x:{kind.name}]->()", p, None)


def _about_property(pattern: str, p: schema.Property, sample: Any) -> Iterator[Question]:
    x = f"x.{p.name}"
    yield Question(f"MATCH {pattern} RETURN {x} AS v, count(*) AS n")
    yield Question(f"MATCH {pattern} WHERE {x} IS NULL RETURN count(*) AS n")
    yield Question(f"MATCH {pattern} WITH {x} AS v WHERE v IS NOT NULL RETURN count(DISTINCT v) AS n")
    if sample is not None:
        yield Question(f"MATCH {pattern} WHERE {x} = $v RETURN x.id", {"v": sample})
        yield Question(f"MATCH {pattern} WHERE {x} <> $v RETURN x.id", {"v": sample})
        yield Question(f"MATCH {pattern} WHERE {x} IN $v RETURN x.id", {"v": [sample]})
    match p.type:
        case "string":
            yield Question(f"MATCH {pattern} WHERE {x} STARTS WITH 'b' OR {x} CONTAINS 'e' RETURN x.id")
            yield Question(f"MATCH {pattern} WHERE toLower({x}) ENDS WITH 't' RETURN x.id, size({x}) AS n")
            yield Question(f"MATCH {pattern} WHERE {x} =~ '(?i).*BERT.*' RETURN count(*) AS n")
            yield Question(f"MATCH {pattern} RETURN min({x}) AS a, max({x}) AS z")
            yield Question(f"MATCH {pattern} WHERE {x} > 'a' AND {x} <= 'i' RETURN count(*) AS n")
            yield Question(f"MATCH {pattern} RETURN x.id, substring({x}, 1, 3) AS s, split({x}, ' ') AS l")
        case "integer" | "float":
            yield Question(f"MATCH {pattern} WHERE {x} > 3 AND NOT {x} >= 2010 RETURN x.id")
            yield Question(
                f"MATCH {pattern} RETURN min({x}) AS a, max({x}) AS z, sum({x}) AS s, count({x}) AS n"
            )
            yield Question(f"MATCH {pattern} RETURN avg({x}) AS m, stDev({x}) AS d")
            yield Question(
                f"MATCH {pattern} RETURN x.id, {x} * 2 AS a, {x} / 2 AS b, {x} - 0.5 AS c, -{x} AS d"
            )
            yield Question(f"MATCH {pattern} RETURN x.id, {x} AS v ORDER BY v DESC, x.id", ordered=True)
            yield Question(f"MATCH {pattern} RETURN x.id, {x} AS v ORDER BY v, x.id LIMIT 7", ordered=True)
            yield Question(
                f"MATCH {pattern} RETURN x.id, CASE WHEN {x} < 5 THEN 'low' WHEN {x} IS NULL THEN '' END AS c"
            )
            yield Question(
                f"MATCH {pattern} RETURN x.id, coalesce({x}, -1) AS v, toString({x}) AS t, abs({x}) AS a"
            )
        case "strings" | "integers":
            yield Question(f"MATCH {pattern} RETURN x.id, size({x}) AS n, {x}[0] AS first, {x}[-1] AS last")
            yield Question(f"MATCH {pattern} UNWIND {x} AS v RETURN v, count(*) AS n")
            yield Question(f"MATCH {pattern} WHERE any(v IN {x} WHERE v = $v) RETURN x.id", {"v": "BERT"})
            yield Question(f"MATCH {pattern} WHERE all(v IN {x} WHERE v <> 3) RETURN x.id")
            yield Question(f"MATCH {pattern} RETURN x.id, [v IN {x} WHERE v IS NOT NULL | toString(v)] AS l")
            yield Question(f"MATCH {pattern} RETURN x.id, {x}[0..2] AS two, {x}[1..] AS r, head({x}) AS h")


def _across() -> Iterator[Question]:
    """Yield queries of the kinds that people write, over several relations."""
    yield Question("MATCH (n) RETURN count(n) AS n")
    yield Question("MATCH ()-[r]->() RETURN type(r) AS t, count(*) AS n")
    yield Question("MATCH (a)-[r]->(b) RETURN a.id, type(r), b.id, r.id")
    yield Question("MATCH (p:Paper)-[:USES|PROPOSES]->(m:Method) RETURN m.name AS m, count(DISTINCT p) AS n")
    yield Question(
        "MATCH (p:Paper)-[r:USES|COMPARES]->(c) WHERE r.confidence > 0.5 RETURN c.id, avg(r.confidence) AS a"
    )
    yield Question(
        "MATCH (a:Author)-[:WROTE]->(p:Paper)-[:PROPOSES]->(c:Concept) RETURN a.name, collect(c.id) AS c"
    )
    yield Question(
        "MATCH (p:Paper)-[:STATES]->(r:Result)-[:ON_DATASET]->(d:Dataset) "
        "RETURN d.name AS d, max(r.number) AS best, count(DISTINCT p) AS papers"
    )
    yield Question("MATCH (c:Concept) WHERE c:Method OR c:Task RETURN c.id")
    yield Question("MATCH (c:Concept:Dataset) RETURN c.id")
    yield Question("MATCH (a:Paper)-[:CITES*1..3]->(b:Paper) RETURN DISTINCT a.id, b.id")
    yield Question("MATCH p = (a:Paper)-[:CITES*2]->(b) RETURN [n IN nodes(p) | n.id] AS ids, length(p) AS l")
    yield Question(
        "MATCH (a:Paper {id: 'paper/1'}), (b:Paper {id: 'paper/2'}) "
        "MATCH p = shortestPath((a)-[:CITES*]-(b)) RETURN length(p) AS l"
    )
    yield Question(
        "MATCH (p:Paper) WITH p.year AS y, count(*) AS n WHERE n > 1 RETURN y, n ORDER BY y", ordered=True
    )
    yield Question("MATCH (p:Paper) RETURN p.year IS NULL AS none, count(*) AS n")
    yield Question("MATCH (a:Author) RETURN a.id AS id UNION MATCH (v:Venue) RETURN v.id AS id")
    yield Question("MATCH (a:Author) RETURN a.name AS x UNION ALL MATCH (v:Venue) RETURN v.name AS x")
    yield Question(
        "MATCH (p:Paper) CALL (p) { MATCH (p)-[:USES]->(c) RETURN count(c) AS n } "
        "RETURN p.id, n ORDER BY n DESC, p.id",
        ordered=True,
    )
    yield Question("UNWIND [3, 1, null, 2] AS x RETURN x ORDER BY x", ordered=True)
    yield Question("UNWIND [1, 2.5, 'a', true, null] AS x RETURN x")
    yield Question("RETURN 7 / 2 AS a, 7 % 3 AS b, -7 / 2 AS c, 7.0 / 2 AS d, 2 ^ 3 AS e, 1 = 1.0 AS f")
    yield Question("RETURN null = null AS a, null <> 1 AS b, 1 IN [null] AS c, [1, null] = [1, null] AS d")
    yield Question(
        "RETURN toInteger('12') AS a, toFloat('1.5') AS b, toInteger('x') AS c, toBoolean('true') AS d"
    )
    yield Question("RETURN 'a' + 'b' AS a, size('Ünïcode') AS b, toUpper('straße') AS c, trim('  x ') AS d")
    yield Question(
        "RETURN range(1, 5) AS a, range(5, 1, -2) AS b, reduce(s = 0, x IN [1, 2, 3] | s + x) AS c"
    )
    yield Question(
        "RETURN round(2.5) AS a, round(3.14159, 2) AS b, floor(-1.5) AS c, ceil(1.2) AS d, sqrt(16) AS e"
    )
    yield Question("RETURN {a: 1, b: [1, 2], c: {d: null}} AS m, {a: 1}.a AS a, {a: 1}['b'] AS b")
    yield Question(
        "WITH [1, 2, 3] AS l RETURN l[1..] AS a, l[-1] AS b, 2 IN l AS c, single(x IN l WHERE x > 2) AS d"
    )
    yield Question("MATCH (n) RETURN labels(n)[0] IS NOT NULL AS x, count(*) AS n")
    yield Question(
        "MATCH (p:Paper) WHERE p.title IN $t RETURN p.id", {"t": ["BERT", "\\alpha", "a \"quoted\" 'name'"]}
    )
    yield Question("MATCH (a)-[r {count: 3}]->(b) RETURN r.id")
    yield Question(
        "MATCH (p:Paper)-[r]->(x) WHERE type(r) = $t AND x.id STARTS WITH 'con' RETURN r.id", {"t": "USES"}
    )
    yield Question(
        "MATCH (a:Paper)-->(c:Concept)<--(b:Paper) WHERE a.id < b.id "
        "RETURN a.id, b.id, count(DISTINCT c) AS n"
    )
    yield Question("MATCH (m:Method) WITH m, COUNT { (m)<-[:USES]-() } AS used RETURN m.id, used")
    yield Question("MATCH (p:Paper) RETURN p { .id, .year, n: size(p.ids) } AS m")
    yield Question("MATCH (n:Concept) RETURN n.id, [(n)<-[:USES]-(p:Paper) | p.id][0] IS NULL AS unused")
    yield Question("MATCH (n:Paper) RETURN n.nothing AS x, count(*) AS n")


@dataclass(frozen=True)
class Difference:
    """A query that the embedded store answers in another way, and one that both answer alike."""

    query: str
    instead: str


#: Each is in ``docs/cypher.md``.
DIFFERENCES = (
    Difference(
        "MATCH (c:Concept) RETURN labels(c) AS l", "MATCH (c:Concept) RETURN c:Method AS m, c:Task AS t"
    ),
    Difference("MATCH (p:Paper) RETURN keys(p) AS k", "MATCH (p:Paper) RETURN p"),
    Difference("MATCH (p:Paper) RETURN properties(p) AS m", "MATCH (p:Paper) RETURN p"),
    Difference("MATCH ()-[r:USES]->() RETURN properties(r) AS m", "MATCH ()-[r:USES]->() RETURN r"),
    Difference("MATCH (c:Concept) RETURN c.title AS t", "MATCH (c:Concept) RETURN c.name AS t"),
    Difference("MATCH ()-[r]->() RETURN r.type AS t", "MATCH ()-[r]->() RETURN type(r) AS t"),
    Difference("MATCH (p:Paper) RETURN id(p) AS i", "MATCH (p:Paper) RETURN p.id AS i"),
    Difference(
        "MATCH ()-[r:USES]->() RETURN r { .id, .count } AS m",
        "MATCH ()-[r:USES]->() RETURN {id: r.id, count: r.count} AS m",
    ),
    Difference(
        "MATCH (n) WHERE n:Paper|Author RETURN count(n) AS n",
        "MATCH (n) WHERE n:Paper OR n:Author RETURN count(n) AS n",
    ),
    Difference("MATCH (n:!Paper) RETURN count(n) AS n", "MATCH (n) WHERE NOT n:Paper RETURN count(n) AS n"),
    Difference(
        "MATCH (a:Paper)-[:CITES]->{1,2}(b) RETURN count(*) AS n",
        "MATCH (a:Paper)-[:CITES*1..2]->(b) RETURN count(*) AS n",
    ),
    Difference("RETURN isEmpty([]) AS e", "RETURN size([]) = 0 AS e"),
    Difference(
        "RETURN COLLECT { MATCH (p:Paper) RETURN p.id ORDER BY p.id } AS l",
        "CALL () { MATCH (p:Paper) WITH p.id AS i ORDER BY i RETURN collect(i) AS l } RETURN l",
    ),
    Difference(
        "MATCH (p:Paper) RETURN percentileDisc(p.year, 0.5) AS m",
        "MATCH (p:Paper) WHERE p.year IS NOT NULL WITH p.year AS y ORDER BY y WITH collect(y) AS l "
        "RETURN l[(size(l) - 1) / 2] AS m",
    ),
    Difference(
        "MATCH (p:Paper) RETURN p.id, reverse(p.ids) AS l",
        "MATCH (p:Paper) RETURN p.id, [i IN range(size(p.ids) - 1, 0, -1) | p.ids[i]] AS l",
    ),
    Difference("RETURN -(0.0) AS z", "RETURN 0.0 AS z"),
    Difference("CALL db.labels() YIELD label RETURN label", "MATCH (n:Concept) RETURN count(n) > 0 AS there"),
)
