"""``kg stats``, ``kg explain`` and ``kg schema``: what a graph holds, why, and what it can hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from kg.cli import output
from kg.cli.console import Console
from kg.cli.options import form_option, told_option
from kg.cli.verb import Verb, pass_console

if TYPE_CHECKING:
    from kg.asking.counting import Statistics
    from kg.asking.explaining import Comparison, ConceptStory, Evidence, PaperStory
    from kg.asking.finding import Match
    from kg.asking.tracing import RelationStory
    from kg.model import Merge
    from kg.tables import Graph

#: Features of a comparison that people are told; programs get all.
_WEIGHTIEST = 5


@click.command(
    cls=Verb, short_help="How much a graph holds, and what was left out.", examples=["kg stats graph"]
)
@click.argument("where", metavar="DIR")
@told_option
def stats(where: str, form: str) -> None:
    """Tell how much the graph in DIR holds, what it was made from, and what was left out and why."""
    from kg.asking.counting import statistics
    from kg.tables import Graph

    found = statistics(Graph.load(where))
    output.tell(found, _statistics_lines(found), form=form)


def _statistics_lines(found: Statistics) -> Iterator[str]:
    yield f"{found.listings:,} listings, {found.papers:,} papers"
    yield f"{found.names:,} names became {found.concepts:,} concepts"
    yield from _block("Nodes", found.labels)
    yield from _block("Relations", found.relations)
    left_out = {f"{drop.stage}: {drop.reason}": drop.count for drop in found.drops}
    yield from _block("Left out", left_out)
    # The counts of nodes and relations are above already.
    on_the_way = {name: n for name, n in found.counts.items() if not name.startswith("graph.")}
    yield from _block("On the way", on_the_way)
    yield from _block("Relations read by", found.extractors)
    yield from _block("Made with", found.versions)


def _block(title: str, values: Mapping[str, Any]) -> Iterator[str]:
    if not values:
        return
    heads = [output.visible(str(name)) for name in values]
    cells = [
        f"{value:,}" if isinstance(value, int) and not name.endswith("year") else output.cell(value)
        for name, value in values.items()
    ]
    yield ""
    yield title
    left, right = max(map(output.width, heads)), max(map(output.width, cells))
    for head, cell in zip(heads, cells, strict=True):
        yield f"  {head}{' ' * (left - output.width(head))}  {' ' * (right - output.width(cell))}{cell}"


@click.command(
    cls=Verb,
    short_help="Why a graph says what it says of a concept, paper or relation.",
    examples=["kg explain graph 'contrastive learning'"],
)
@click.argument("where", metavar="DIR")
@click.argument("name", metavar="NAME")
@told_option
@pass_console
def explain(console: Console, where: str, name: str, form: str) -> None:
    """Tell why the graph in DIR says what it says of NAME.

    NAME is any name or the id of a concept, the title, id, DOI or arXiv identifier of a paper, or the id
    of a relation (r.id in Cypher). Where it means several, they are listed; a concept and a paper of one
    id are both told.
    """
    from kg.asking.finding import find
    from kg.asking.tracing import explain_relation, is_relation
    from kg.tables import Graph

    graph = Graph.load(where)
    if is_relation(graph, name):
        relation = explain_relation(graph, name)
        output.tell(relation, _relation_lines(relation), form=form)
        return
    matches = find(graph, name)
    if len({match.id for match in matches}) > 1:
        console.note(f"{len(matches)} things have this name; explain one by its id:")
        _write_matches(matches, form)
        return
    stories = [_story(graph, match) for match in matches]
    if len(stories) == 1:
        output.tell(*stories[0], form=form)
        return
    # A list would lead nowhere: there is no other id to name the one or the other by.
    console.note("a concept and a paper have this id; both are told:")
    if form == "json":
        output.put(output.to_json([asdict(story) for story, _ in stories]) + "\n")
        return
    for number, (story, lines) in enumerate(stories):
        output.put("\n\n" if number else "")
        output.tell(story, lines, form=form)


def _story(graph: Graph, match: Match) -> tuple[ConceptStory | PaperStory, Iterator[str]]:
    """Return what there is to tell of ``match``: as a record, and in lines."""
    from kg.asking.explaining import explain_concept, explain_paper

    if match.kind == "concept":
        concept = explain_concept(graph, match.id)
        return concept, _concept_lines(concept)
    paper = explain_paper(graph, match.id)
    return paper, _paper_lines(paper)


def _write_matches(matches: tuple[Match, ...], form: str) -> None:
    rows = [(m.id, m.type or "PAPER", m.name, m.papers) for m in matches]
    output.write(("id", "type", "name", "papers"), rows, form="json" if form == "json" else "table")


def _concept_lines(story: ConceptStory) -> Iterator[str]:
    since = f", first in {story.first_year}" if story.first_year is not None else ""
    yield output.visible(story.name)
    yield output.visible(f"{story.type}  {story.id}  {output.papers(story.paper_count)}{since}")
    yield ""
    yield "Written as"
    for alias in story.aliases:
        other = f"  (read as {alias.type})" if alias.type != story.type else ""
        yield f"  {alias.papers:>5,}  {output.visible(alias.name)}{other}"
    yield from _comparison_lines("Merged names", story.joined)
    yield from _comparison_lines("Near, but not merged", story.apart)
    yield from _role_lines(story.papers, story.type)


def _paper_lines(story: PaperStory) -> Iterator[str]:
    year = f"  {story.year}" if story.year is not None else ""
    yield output.visible(story.title)
    yield output.visible(f"{story.id}{year}")
    yield ""
    yield "Listed in"
    for listing in story.listings:
        yield f"  {output.visible(listing)}"
    yield from _merge_lines("Merged papers", story.merges)
    yield from _role_lines(story.concepts, "")
    if story.results:
        yield ""
        yield "STATES"
    for statement in story.results:
        of = " ".join(f"{relation} {concept}" for relation, concept in statement.of)
        yield output.visible(f"  {statement.value}  ({statement.kind}{'; ' if of else ''}{of})")
        yield f"        “{output.visible(statement.quote)}”"


def _relation_lines(story: RelationStory) -> Iterator[str]:
    yield output.visible(f"{story.from_name}  {story.type}  {story.to_name}")
    yield output.visible(f"{story.from_id}  →  {story.to_id}")
    yield story.meaning
    # What the sentences below tell anyway is left to --format json.
    values = {name: value for name, value in story.properties.items() if not isinstance(value, list)}
    told = {source.quote for source in story.sources}
    yield from _block("", {name: v for name, v in values.items() if v is not None and v not in told})
    if not story.sources:
        yield ""
        yield "The input says so; there is no sentence."
    for paper_id, group in groupby(story.sources, key=lambda one: one.paper_id):
        found = list(group)
        yield ""
        yield output.visible(f"{found[0].title}  ({paper_id})")
        for one in found:
            yield output.visible(f"  {one.role} {one.concept_id}".rstrip())
            yield f"        “{output.visible(one.quote)}”"


def _merge_lines(title: str, merges: tuple[Merge, ...]) -> Iterator[str]:
    if merges:
        yield ""
        yield title
    for merge in merges:
        yield output.visible(f"  {merge.score:.2f}  {merge.merged}  ({merge.reason})")


def _comparison_lines(title: str, comparisons: tuple[Comparison, ...]) -> Iterator[str]:
    if comparisons:
        yield ""
        yield title
    for one in comparisons:
        leads = f"  ({one.other_id})" if title.startswith("Near") and one.other_id else ""
        yield output.visible(f"  {one.score:.2f}  {one.name} – {one.other}{leads}")
        yield output.visible(f"        {one.reason}")
        if one.features:
            yield output.visible(f"        weighed: {'; '.join(one.features[:_WEIGHTIEST])}")


def _role_lines(evidence: tuple[Evidence, ...], type_: str) -> Iterator[str]:
    for role, group in groupby(evidence, key=lambda one: one.role):
        found = list(group)
        yield ""
        yield f"{role} ({len(found):,})"
        for one in found:
            other = f"  read as {one.read_as}" if one.read_as != type_ else ""
            yield output.visible(f"  {one.confidence:.2f}  {one.name}  ({one.id}){other}")
            yield f"        “{output.visible(one.quote)}”"


@click.command(cls=Verb, short_help="What every graph can hold.", examples=["kg schema --format mermaid"])
@form_option(
    ("markdown", "mermaid", "json", "grass"), "A page, a picture, data, or a style sheet for Neo4j's Browser."
)
def schema(form: str) -> None:
    """Tell the labels, relations and properties that every graph has."""
    from kg import schema_docs

    if form == "json":
        output.put(output.to_json(schema_docs.as_json()) + "\n")
    elif form == "grass":
        from kg.stores.grass import grass

        output.put(grass())
    else:
        output.put(schema_docs.markdown() if form == "markdown" else schema_docs.mermaid())
