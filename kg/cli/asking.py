"""``kg leaderboard``, ``kg timeline`` and ``kg gaps``: questions that need more than one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from kg.cli import output
from kg.cli.console import Console
from kg.cli.options import form_option, told_option
from kg.cli.verb import Verb, pass_console

if TYPE_CHECKING:
    from kg.asking.timelines import Appearance, Timeline

#: What people see; programs get every column.
_BOARD = ("dataset", "metric", "rank", "method", "value", "kind", "paper", "year", "sentence")
_GAPS = ("method", "other", "method_papers", "other_papers", "expected", "score", "why")

_form = form_option(output.FORMATS, "The form of the answer; a table leaves out the ids.")


def _write(records: Sequence[Any], kind: type, shown: Sequence[str], form: str) -> None:
    names = tuple(shown) if form == "table" else tuple(one.name for one in fields(kind))
    output.write(names, ([getattr(record, name) for name in names] for record in records), form=form)


@click.command(
    cls=Verb,
    short_help="Numbers that papers state for a task, ranked where they can be.",
    examples=[
        "kg leaderboard graph --task 'continual learning'",
        "kg leaderboard graph --task 'continual learning' --dataset CIFAR-100 --format csv",
    ],
)
@click.argument("where", metavar="DIR")
@click.option("--task", required=True, metavar="T", help="Any name or the id of a task.")
@click.option("--dataset", metavar="D", help="Only numbers on this data.")
@click.option("--metric", metavar="M", help="Only numbers in this measure.")
@_form
@pass_console
def leaderboard(
    console: Console, *, where: str, task: str, dataset: str | None, metric: str | None, form: str
) -> None:
    """List what papers of the graph in DIR state for a task: method, value, paper, year, sentence.

    Ranked are absolute numbers with equal data, measure and unit; improvements, and numbers whose data
    or measure the paper does not name, follow without a rank.
    """
    from kg.asking.leaderboards import Entry, entries
    from kg.tables import Graph

    found = entries(Graph.load(where), task=task, dataset=dataset, metric=metric)
    _write(found, Entry, _BOARD, form)
    if form == "table":
        boards = len({(one.dataset, one.metric, one.unit) for one in found if one.rank is not None})
        numbers = f"{len(found):,} number{'' if len(found) == 1 else 's'}"
        console.note(f"{numbers}; {boards:,} board{'' if boards == 1 else 's'} of what can be compared")


@click.command(
    cls=Verb,
    short_help="What nobody has combined yet, though it lies near.",
    examples=["kg gaps graph --limit 5", "kg gaps graph --across dataset --least 3 --format jsonl"],
)
@click.argument("where", metavar="DIR")
@click.option(
    "--across",
    type=click.Choice(["task", "dataset"]),
    default="task",
    show_default=True,
    help="Methods with tasks, or methods with datasets.",
)
@click.option(
    "--least",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="Papers that must speak of each of the two.",
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most N gaps."
)
@_form
def gaps(where: str, across: str, least: int, limit: int, form: str) -> None:
    """List methods and tasks of the graph in DIR that are frequent alone and never together.

    A gap counts only where near ones were combined: the method with a task near to this one, or a method
    near to it with the task. `expected` is in how many papers chance would bring the two together.
    """
    from kg.asking.gaps import Gap, find_gaps
    from kg.tables import Graph

    way = cast('Literal["task", "dataset"]', across)
    _write(find_gaps(Graph.load(where), across=way, least=least, limit=limit), Gap, _GAPS, form)


@click.command(
    cls=Verb,
    short_help="A concept over the years: papers, first use, who proposed it.",
    examples=["kg timeline graph 'contrastive learning'"],
)
@click.argument("where", metavar="DIR")
@click.argument("name", metavar="NAME")
@told_option
def timeline(where: str, name: str, form: str) -> None:
    """Tell of the concept NAME in the graph in DIR: papers a year, first use, who proposed it.

    Where the input knows no years, it says so, and tells who proposed it all the same.
    """
    from kg.asking.timelines import timeline as told
    from kg.tables import Graph

    found = told(Graph.load(where), name)
    output.tell(found, _timeline_lines(found), form=form)


def _timeline_lines(found: Timeline) -> Iterator[str]:
    yield output.visible(found.name)
    yield output.visible(f"{found.type}  {found.concept_id}  {output.papers(found.papers)}")
    yield ""
    if not found.years:
        yield "None of these papers has a year: the input knows none. When and by whom first cannot be told."
    elif found.undated:
        yield f"{output.papers(found.undated)} without a year left out of the years."
    if found.years:
        most = max(sum(counts) for _, counts in found.years)
        for year, counts in found.years:
            papers = sum(counts)
            # A bar of at most 40 places, at least one where there is a paper.
            yield f"  {year}  {papers:>5,}  {'#' * -(-40 * papers // most)}"
    yield from _appearances("First in", found.first)
    yield from _appearances("Proposed by", found.proposed_by)


def _appearances(head: str, papers: Iterable[Appearance]) -> Iterator[str]:
    for n, one in enumerate(papers):
        if not n:
            yield ""
            yield head
        year = "" if one.year is None else f"{one.year}  "
        yield output.visible(f"  {year}{one.title}  ({one.paper_id}, {one.role}, {one.confidence:.2f})")
        yield f"        “{output.visible(one.quote)}”"
