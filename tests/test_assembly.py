"""From records to rows: one edge a pair, its evidence, results, and what the input says itself."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.assembly import assemble
from kg.assembly.evidence import Quotes, best_mention, rounded
from kg.model import (
    CONCEPT_TYPES,
    ROLES,
    ConceptType,
    Extraction,
    Field,
    Mention,
    Merge,
    Paper,
    PaperConcept,
    Result,
    Role,
)
from kg.report import Report
from kg.resolution import Decision, Decisions, quote_digest, resolve
from kg.tables import Graph

TITLE = "Zorb, 👩‍🔬 again: masked pre-training"
ABSTRACT = (
    "We propose Foo-Net (FN), e.g. a net. On Quoxy 2.0 FN beats Zorb by 3.5% in Krak. "
    "עברית '; DROP \\ \" <b> Zorb is trained.The end"
)


def paper(id_: str = "p1", title: str = TITLE, abstract: str = ABSTRACT, **more: Any) -> Paper:
    source = f"{id_}.csv#1"
    return Paper(
        id=id_, title=title, abstract=abstract, ids=(id_,), source=source, listings=(source,), **more
    )


def mentions(of: Paper, text: str, confidence: float = 1.0) -> tuple[Mention, ...]:
    """Return every place where ``of`` writes ``text``."""
    fields: tuple[Field, ...] = ("title", "abstract")
    return tuple(
        Mention(field=f, start=m.start(), end=m.end(), text=text, confidence=confidence)
        for f in fields
        for m in re.finditer(re.escape(text), of.text(f))
    )


def concept(
    of: Paper,
    name: str,
    *,
    key: str = "c0",
    type_: ConceptType = "METHOD",
    role: Role = "USES",
    confidence: float = 1.0,
) -> PaperConcept:
    return PaperConcept(
        key=key, type=type_, role=role, name=name, confidence=confidence, mentions=mentions(of, name)
    )


def build(
    papers: Sequence[Paper],
    extractions: Sequence[Extraction] = (),
    *,
    decisions: Decisions | None = None,
    report: Report | None = None,
    merges: Sequence[Merge] = (),
) -> Graph:
    by_id = {e.paper_id: e for e in extractions}
    decided = decisions or Decisions()
    tally = report or Report()
    linker = resolve(papers, by_id, decisions=decided, report=tally)
    graph = assemble(papers, by_id, linker, merges, decisions=decided, report=tally)
    graph.check()
    return graph


def extracted(of: Paper, *concepts: PaperConcept, results: Sequence[Result] = ()) -> Extraction:
    return Extraction(paper_id=of.id, extractor="given", concepts=concepts, results=tuple(results))


def dropped(report: Report) -> dict[str, int]:
    return {reason: n for (stage, reason), n in report.drops.items() if stage in {"assembly", "decisions"}}


# --- edges --------------------------------------------------------------------------------------


def test_an_edge_says_what_the_paper_says() -> None:
    p = paper()
    (edge,) = build([p], [extracted(p, concept(p, "Zorb", confidence=0.87654))]).rows("paper_concept")
    assert edge == {
        "type": "USES",
        "from": "p1",
        "to": "method/zorb",
        "id": edge["id"],
        "confidence": 0.8765,
        "field": "title",
        "start": 0,
        "end": 4,
        "quote": TITLE,
        "quote_start": 0,
        "quote_end": len(TITLE),
        "surfaces": ["Zorb"],
        "count": 3,
        "read_as": "METHOD",
        "extractor": "given",
    }


def test_the_first_role_wins_and_the_others_are_counted() -> None:
    p = paper()
    report = Report()
    readings = (
        concept(p, "Zorb", role="MENTIONS", confidence=0.99),
        concept(p, "zorb", key="c1", role="COMPARES", confidence=0.4, type_="TASK"),
    )
    readings = (readings[0], replace(readings[1], mentions=mentions(p, "Zorb")[:1]))
    (edge,) = build([p], [extracted(p, *readings)], report=report).rows("paper_concept")
    assert (edge["type"], edge["confidence"], edge["read_as"]) == ("COMPARES", 0.4, "TASK")
    assert (edge["surfaces"], edge["count"]) == (["Zorb"], 3)
    assert dropped(report) == {"weaker role of the same pair": 1}


@pytest.mark.parametrize(
    ("places", "best"),
    [
        ((("abstract", 9, 0.9), ("title", 0, 0.8)), ("abstract", 9)),
        ((("abstract", 0, 0.9), ("title", 9, 0.9)), ("title", 9)),
        ((("abstract", 9, 0.9), ("abstract", 3, 0.9)), ("abstract", 3)),
        # What is the same when stored is the same when compared.
        ((("abstract", 9, 0.90001), ("title", 3, 0.90002)), ("title", 3)),
    ],
)
def test_the_best_mention_is_the_surest_then_in_the_title_then_leftmost(
    places: Sequence[tuple[Field, int, float]], best: tuple[str, int]
) -> None:
    found = [Mention(field=f, start=s, end=s + 1, text="x", confidence=c) for f, s, c in places]
    for order in (found, found[::-1]):
        shown = best_mention(order)
        assert (shown.field, shown.start) == best


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("Quoxy 2.0", "On Quoxy 2.0 FN beats Zorb by 3.5% in Krak."),
        ("trained", "עברית '; DROP \\ \" <b> Zorb is trained."),
        ("The end", "The end"),
        ("in Krak. עברית", ABSTRACT[ABSTRACT.index("On Qu") : ABSTRACT.index("The end")]),
        (" On ", ABSTRACT[ABSTRACT.index(" On ") : ABSTRACT.index(" עברית")]),
    ],
)
def test_a_quote_is_the_sentences_that_hold_the_mention(words: str, quote: str) -> None:
    p = paper()
    at = ABSTRACT.index(words)
    evidence = Quotes(p).evidence("abstract", at, at + len(words))
    assert evidence.quote == quote
    assert ABSTRACT[evidence.quote_start : evidence.quote_end] == quote


def test_what_is_not_in_the_text_makes_no_edge() -> None:
    p = paper()
    shifted = Mention(field="title", start=1, end=5, text="Zorb")
    beyond = Mention(field="abstract", start=0, end=9999, text=ABSTRACT)
    blank = Mention(field="title", start=5, end=6, text=" ")
    report = Report()
    bad = replace(concept(p, "Zorb"), mentions=(shifted, beyond, blank))
    half = replace(concept(p, "Quoxy", key="c1"), mentions=(*mentions(p, "Quoxy"), beyond))
    graph = build([p], [extracted(p, bad, half)], report=report)
    assert [edge["to"] for edge in graph.rows("paper_concept")] == ["method/quoxy"]
    assert dropped(report) == {
        "mention not in the text": 4,
        "concept without a mention": 1,
        "concept that no paper speaks of": 1,
    }


# --- results ------------------------------------------------------------------------------------


def result(of: Paper, value: str, **more: Any) -> Result:
    at = of.abstract.index(value)
    return Result(value=value, field="abstract", start=at, end=at + len(value), **more)


def test_results_link_by_key_by_name_or_not_at_all() -> None:
    p, other = paper(), paper("p2", "Another paper on Plim", "Plim and wobbling.")
    report = Report()
    extractions = [
        extracted(
            p,
            concept(p, "Foo-Net", role="PROPOSES"),
            concept(p, "Krak", key="c1", type_="METRIC", role="REPORTS"),
            results=[
                result(
                    p, "3.5%", method="c0", metric="krak", task="chess", dataset="Plim", number=3.5, unit="%"
                ),
            ],
        ),
        extracted(other, concept(other, "Plim", type_="DATASET"), concept(other, "wobbling", key="c1")),
    ]
    graph = build([p, other], extractions, report=report)
    (stated,) = graph.rows("paper_result")
    assert (stated["from"], stated["quote"]) == ("p1", "On Quoxy 2.0 FN beats Zorb by 3.5% in Krak.")
    assert ABSTRACT[stated["start"] : stated["end"]] == "3.5%"
    links = {row["type"]: row["to"] for row in graph.rows("result_concept")}
    assert links == {"OF_METHOD": "method/foo-net", "IN_METRIC": "metric/krak", "ON_DATASET": "dataset/plim"}
    assert dropped(report) == {"unlinked task of a result": 1}
    (made,) = graph.rows("results")
    assert made == {"id": stated["to"], "value": "3.5%", "number": 3.5, "unit": "%", "kind": "absolute"}


def test_a_name_of_another_type_that_only_other_papers_speak_of_is_no_link() -> None:
    p, other = paper(), paper("p2", "Another paper", "wobbling helps.")
    extractions = [
        extracted(p, results=[result(p, "3.5%", dataset="wobbling")]),
        extracted(other, concept(other, "wobbling", type_="METRIC")),
    ]
    assert build([p, other], extractions).rows("result_concept") == []


def test_one_number_of_two_datasets_is_two_results_and_twice_the_same_is_one() -> None:
    p = paper()
    report = Report()
    concepts = [concept(p, "Quoxy", type_="DATASET"), concept(p, "Zorb", key="c1")]
    results = [
        result(p, "3.5%", dataset="c0", number=3.5),
        result(p, "3.5%", method="c1", number=3.5),
        result(p, "3.5%", dataset="c0", number=3.5),
        result(p, "2.0", number=float("nan")),
        Result(value="9%", field="abstract", start=0, end=2),
    ]
    graph = build([p], [extracted(p, *concepts, results=results)], report=report)
    assert sorted((r["value"], r["number"]) for r in graph.rows("results") if r["number"]) == [
        ("3.5%", 3.5),
        ("3.5%", 3.5),
    ]
    assert [r["value"] for r in graph.rows("results") if r["number"] is None] == ["2.0"]
    assert dropped(report) == {"same result twice": 1, "result not in the text": 1}
    again = build([p], [extracted(p, *concepts, results=results[::-1])])
    assert again.tables["results"].equals(graph.tables["results"])
    assert again.tables["result_concept"].equals(graph.tables["result_concept"])


# --- what the input says ------------------------------------------------------------------------


def test_authors_and_venues_are_one_node_a_name() -> None:
    graph = build(
        [
            paper("p1", authors=("Ada L.", "Bo", "Ada L.", " "), venue="ACL"),
            paper("p2", authors=("Ada L.",), venue="ACL"),
            paper("p3", authors=("ada l.",), venue=""),
        ]
    )
    names = {row["id"]: row["name"] for row in (*graph.rows("authors"), *graph.rows("venues"))}
    assert sorted(names.values()) == ["ACL", "Ada L.", "Bo", "ada l."]
    assert sorted((names[r["from"]], r["to"]) for r in graph.rows("author_paper")) == [
        ("Ada L.", "p1"),
        ("Ada L.", "p2"),
        ("Bo", "p1"),
        ("ada l.", "p3"),
    ]
    assert [(r["from"], names[r["to"]]) for r in graph.rows("paper_venue")] == [("p1", "ACL"), ("p2", "ACL")]


def test_references_are_matched_by_id_identifier_or_title() -> None:
    report = Report()
    cited = [
        paper("a", "First title of some length", doi="10.1/abc"),
        replace(paper("b", "Second title of some length"), ids=("b", "b2")),
        paper("c", "Third title of some length", arxiv="2101.00001"),
        paper("d", "Introduction"),
        paper("e", "One title that two papers have"),
        paper("f", "One title that two papers have"),
        paper(" spaced ", "Of a table with blanks after its commas"),
    ]
    citing = paper(
        "z",
        "The citing paper, of all titles",
        references=(
            "https://doi.org/10.1/ABC",
            "a",
            "b2",
            " spaced",
            "arXiv:2101.00001v3",
            "Second Title of Some Length!",
            "Introduction",
            "One title that two papers have",
            "Somebody (1999), elsewhere",
            "z",
            "",
        ),
    )
    graph = build([*cited, citing], report=report)
    assert [(r["from"], r["to"]) for r in graph.rows("paper_paper")] == [
        ("z", " spaced "), ("z", "a"), ("z", "b"), ("z", "c"),
    ]  # fmt: skip
    assert dropped(report) == {
        "reference of a paper to itself": 1,
        "reference that several papers match": 1,
        "reference to no paper of the input": 2,
    }


def test_merges_of_papers_and_names_are_kept_once() -> None:
    p = paper(abstract="Florp and Florps, the Florp.")
    merge = Merge(what="paper", merged="x", into="p1", reason="same doi")
    names = concept(p, "Florp"), replace(concept(p, "Florps", key="c1"))
    graph = build([p], [extracted(p, *names)], merges=[merge, merge])
    rows = graph.rows("merges")
    assert [r for r in rows if r["what"] == "paper"] == [
        {"what": "paper", "merged": "x", "into": "p1", "reason": "same doi", "score": 1.0}
    ]
    assert {r["into"] for r in rows if r["what"] == "name"} <= {r["id"] for r in graph.rows("concepts")}


# --- decisions ----------------------------------------------------------------------------------


def decision(concept_name: str, role: str = "", *, paper_id: str = "p1", quote: str = "") -> Decision:
    return Decision(verb="edge", names=(concept_name,), to=role, paper_id=paper_id, quote=quote)


def two_papers() -> tuple[list[Paper], list[Extraction]]:
    papers = [paper("p1", year=2001), paper("p2", "Quoxy is back", "We use Quoxy and Zorbs.", year=2000)]
    return papers, [
        extracted(papers[0], concept(papers[0], "Zorb"), concept(papers[0], "Quoxy", key="c1")),
        extracted(papers[1], concept(papers[1], "Zorbs"), concept(papers[1], "Quoxy", key="c1")),
    ]


def test_an_edge_is_dropped_with_all_that_only_it_supported() -> None:
    papers, extractions = two_papers()
    report = Report()
    decisions = Decisions.of([decision("Zorb", paper_id="p2"), decision("quoxy", paper_id="p2")])
    graph = build(papers, extractions, decisions=decisions, report=report)
    without = build(papers, extractions[:1])
    assert graph.tables["paper_concept"].equals(without.tables["paper_concept"])
    assert [(c["id"], c["paper_count"], c["first_year"]) for c in graph.rows("concepts")] == [
        ("method/quoxy", 1, 2001),
        ("method/zorb", 1, 2001),
    ]
    assert "Zorbs" not in graph.rows("concepts")[1]["aliases"]
    assert dropped(report) == {"dropped by a decision": 2}


def test_a_concept_goes_when_its_last_edge_does() -> None:
    papers, extractions = two_papers()
    graph = build(papers[:1], extractions[:1], decisions=Decisions.of([decision("Zorb")]))
    assert [c["id"] for c in graph.rows("concepts")] == ["method/quoxy"]


def test_a_decided_role_is_certain_and_the_quote_must_fit() -> None:
    papers, extractions = two_papers()
    report = Report()
    decisions = Decisions.of(
        [
            decision("Quoxy", "PROPOSES", quote=quote_digest("On Quoxy 2.0 FN beats Zorb by 3.5% in Krak.")),
            decision("Zorb", "PROPOSES", quote=quote_digest("Another sentence.")),
            decision("GPT", "PROPOSES"),
            decision("Zorb", "PROPOSES", paper_id="p9"),
        ]
    )
    graph = build(papers, extractions, decisions=decisions, report=report)
    found = {(r["from"], r["to"]): (r["type"], r["confidence"]) for r in graph.rows("paper_concept")}
    assert found["p1", "method/quoxy"] == ("PROPOSES", 1.0)
    assert found["p1", "method/zorb"][0] == "USES"
    assert found["p2", "method/quoxy"][0] == "USES"
    assert dropped(report) == {"names no edge here": 3}


# --- properties ---------------------------------------------------------------------------------

NAMES = {
    name: CONCEPT_TYPES[n % 4] for n, name in enumerate(("Alpha", "Beta-7", "Gamma tree", "δelta", "Ω🙂"))
}
FILLER = st.sampled_from(["we use", "it is. We", "et al. (2017)", "\0", "3.5%", "\u202e", "so.Then", '’"\\'])


@st.composite
def records(draw: st.DrawFn, id_: str) -> tuple[Paper, Extraction]:
    """A paper of names and filler, with an extraction of some of what it holds."""
    words = st.lists(st.one_of(FILLER, st.sampled_from(sorted(NAMES))), max_size=12).map(" ".join)
    year = draw(st.one_of(st.none(), st.integers(1990, 1992)))
    made = paper(id_, draw(words), draw(words), year=year, authors=tuple(draw(st.lists(FILLER, max_size=2))))
    concepts: list[PaperConcept] = []
    for name in draw(st.lists(st.sampled_from(sorted(NAMES)), max_size=6)):
        found = mentions(made, name, draw(st.sampled_from([0.25, 0.5, 1.0])))
        if found:
            concepts.append(
                PaperConcept(
                    key=f"c{len(concepts)}",
                    type=NAMES[name],
                    role=draw(st.sampled_from(ROLES)),
                    name=name,
                    confidence=draw(st.floats(0, 1)),
                    mentions=tuple(draw(st.lists(st.sampled_from(found), min_size=1, unique=True))),
                )
            )
    links = st.sampled_from(["", "nothing", *(c.key for c in concepts), *NAMES])
    results = [
        Result(
            value="3.5%", field="abstract", start=m.start, end=m.end, method=draw(links), metric=draw(links)
        )
        for m in mentions(made, "3.5%")
        if m.field == "abstract"
    ]
    return made, extracted(made, *concepts, results=results)


corpora = st.integers(0, 5).flatmap(lambda n: st.tuples(*(records(f"p{i}") for i in range(n))))


@settings(max_examples=60, deadline=None)
@given(corpus=corpora, seed=st.integers(0, 99))
def test_the_graph_keeps_its_rules_and_no_order_matters(
    corpus: tuple[tuple[Paper, Extraction], ...], seed: int
) -> None:
    graph = build([p for p, _ in corpus], [e for _, e in corpus])
    shuffled = list(corpus)
    rng = random.Random(seed)  # noqa: S311 - an order, no secret
    rng.shuffle(shuffled)
    again = build(
        [p for p, _ in shuffled],
        [
            replace(
                e,
                concepts=tuple(rng.sample(e.concepts, len(e.concepts))),
                results=tuple(rng.sample(e.results, len(e.results))),
            )
            for _, e in shuffled
        ],
    )
    for name, table in graph.tables.items():
        assert table.equals(again.tables[name]), name
    assert graph.report == again.report


@settings(max_examples=60, deadline=None)
@given(corpus=corpora)
def test_edges_agree_with_the_records(corpus: tuple[tuple[Paper, Extraction], ...]) -> None:
    graph = build([p for p, _ in corpus], [e for _, e in corpus])
    named = {row["id"]: row["name"] for row in graph.rows("concepts")}
    found: Mapping[tuple[str, str], tuple[Any, ...]] = {
        (row["from"], named[row["to"]]): (row["type"], row["confidence"], row["surfaces"], row["count"])
        for row in graph.rows("paper_concept")
    }
    expected = {}
    for of, extraction in corpus:
        for name in NAMES:
            its = [c for c in extraction.concepts if c.name == name]
            if its:
                role = next(r for r in ROLES if r in {c.role for c in its})
                sure = max(rounded(c.confidence) for c in its if c.role == role)
                places = {(m.field, m.start) for c in its for m in c.mentions}
                expected[of.id, name] = (role, sure, [name], len(places))
    assert found == expected
    spoken = {name: [of for (_, n) in expected for of in [n] if n == name] for name in NAMES}
    assert {row["name"]: row["paper_count"] for row in graph.rows("concepts")} == {
        name: len(of) for name, of in spoken.items() if of
    }


@settings(max_examples=60, deadline=None)
@given(corpus=corpora.filter(bool))
def test_removing_a_paper_removes_exactly_what_only_it_supported(
    corpus: tuple[tuple[Paper, Extraction], ...],
) -> None:
    whole = build([p for p, _ in corpus], [e for _, e in corpus])
    left = build([p for p, _ in corpus[1:]], [e for _, e in corpus[1:]])
    gone = corpus[0][0].id
    results = {r["to"] for r in whole.rows("paper_result") if r["from"] == gone}
    spoken = {r["to"] for r in whole.rows("paper_concept") if r["from"] != gone}
    written = {r["from"] for r in whole.rows("author_paper") if r["to"] != gone}
    for table in ("paper_concept", "paper_result"):
        assert [r for r in whole.rows(table) if r["from"] != gone] == left.rows(table)
    assert [r for r in whole.rows("papers") if r["id"] != gone] == left.rows("papers")
    assert [r for r in whole.rows("results") if r["id"] not in results] == left.rows("results")
    assert [r for r in whole.rows("authors") if r["id"] in written] == left.rows("authors")
    assert {r["id"] for r in whole.rows("concepts")} & spoken == {r["id"] for r in left.rows("concepts")}
    # A name of another paper's result may have led to a concept that only the removed one speaks of.
    links = [r for r in whole.rows("result_concept") if r["from"] not in results and r["to"] in spoken]
    assert links == left.rows("result_concept")


def test_hostile_text_goes_through_unchanged() -> None:
    name = "x'); DROP <b>\0👩‍🔬\u202e\\\""
    p = paper("'; MATCH", f"On {name}", "", authors=(name,), venue=name)
    graph = build([p], [extracted(p, concept(p, name))])
    assert graph.rows("papers")[0]["title"] == f"On {name}"
    assert graph.rows("authors")[0]["name"] == name
    assert graph.rows("paper_concept")[0]["surfaces"] == [name]
