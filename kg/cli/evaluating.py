"""``kg evaluate``: how near the reading of papers comes to a reference annotation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import output
from kg.cli.console import Console
from kg.cli.files import answer_to
from kg.cli.options import form_option, jobs_option
from kg.cli.verb import Verb, pass_console
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.evaluation import Annotation, Figure, Figures
    from kg.evaluation_changes import Change
    from kg.model import Paper

_path = click.Path(path_type=Path)


@click.command(
    cls=Verb,
    short_help="How near the reading comes to a reference annotation.",
    examples=[
        "kg evaluate docs.jsonl gold.jsonl",
        "kg extract docs.jsonl --format gold --out pred.jsonl",
        "kg evaluate docs.jsonl gold.jsonl --pred pred.jsonl --against pred.jsonl",
    ],
)
@click.argument("docs", metavar="DOCS", type=_path)
@click.argument("gold", metavar="GOLD", type=_path)
@click.option("--pred", metavar="FILE", type=_path, help="Judge what FILE says, as kg extract writes it.")
@click.option(
    "--against", metavar="FROZEN", type=_path, help="Tell case by case what differs from this earlier run."
)
@click.option(
    "--page", "page_file", metavar="FILE", type=_path, help="Write the worst papers as an HTML page."
)
@form_option(("table", "json"), "For people or for programs.")
@jobs_option
@pass_console
def evaluate(  # noqa: PLR0913 - one parameter an option of the verb
    console: Console,
    *,
    docs: Path,
    gold: Path,
    pred: Path | None,
    against: Path | None,
    page_file: Path | None,
    form: str,
    jobs: int,
) -> None:
    """Compare what is read out of the papers in DOCS with the annotation GOLD.

    Precision, recall and F1 with mentions as strings, wherever the text has them, and beside them with
    mentions only where they were marked. The interval holds F1 in 95 of 100 resamplings of the papers.
    """
    from kg.evaluation import evaluate as judge
    from kg.evaluation import load_annotations
    from kg.evaluation_changes import changes
    from kg.reading import read

    papers = list(read([docs]))
    true = load_annotations(gold, papers)
    if not true:
        raise InputError(f"{gold} annotates none of the {len(papers)} papers in {docs}: compare their ids")
    found = _extracted(papers, jobs, console) if pred is None else load_annotations(pred, papers)
    figures = judge(papers, true, found)
    differences = None
    if against is not None:
        differences = changes(papers, true, load_annotations(against, papers), found)
    if form == "json":
        output.put(output.to_json({**asdict(figures), **_confusion(figures)} | _changes(differences)) + "\n")
    else:
        _write_figures(figures)
        for line in _change_lines(differences):
            output.put(f"{line}\n")
    if page_file is not None:
        from kg.evaluation_page import page

        with answer_to(page_file) as stream:
            output.put(page(papers, true, found), stream)
        console.note(f"the worst papers are in {page_file}")


def _extracted(papers: list[Paper], jobs: int, console: Console) -> dict[str, Annotation]:
    from kg.evaluation import Annotation
    from kg.extraction import extract

    found = {}
    for done, (paper, extraction) in enumerate(zip(papers, extract(papers, jobs=jobs), strict=True), start=1):
        found[paper.id] = Annotation.of(extraction)
        console.progress("extracting", done, len(papers))
    console.end_stage()
    return found


def _write_figures(figures: Figures) -> None:
    marked = {(row.name, row.part): row for row in figures.rows if row.basis == "offsets"}
    columns = ("figure", "part", "P", "R", "F1", "95%", "true", "P marked", "R marked", "F1 marked")
    output.put(f"{figures.papers:,} papers\n")
    output.write(columns, [_row(row, marked) for row in figures.rows if row.basis == "strings"])


def _row(row: Figure, marked: dict[tuple[str, str], Figure]) -> list[str | int]:
    beside = marked[row.name, row.part]
    return [
        row.name,
        row.part,
        *(f"{value:.3f}" for value in (row.precision, row.recall, row.f1)),
        f"{row.low:.3f}–{row.high:.3f}",
        row.true,
        *(f"{value:.3f}" for value in (beside.precision, beside.recall, beside.f1)),
    ]


def _confusion(figures: Figures) -> dict[str, object]:
    pairs = sorted(figures.confusion.items(), key=lambda item: (-item[1], item[0]))
    return {"confusion": [{"true": true, "predicted": found, "count": n} for (true, found), n in pairs]}


def _changes(differences: list[Change] | None) -> dict[str, object]:
    return {} if differences is None else {"changes": [asdict(change) for change in differences]}


def _change_lines(differences: Iterable[Change] | None) -> Iterator[str]:
    if differences is None:
        return
    totals = dict.fromkeys(("fixed", "broken", "new", "gone"), 0)
    lines = []
    for change in differences:
        lines.append(output.visible(change.paper_id))
        for kind in totals:
            items = getattr(change, kind)
            totals[kind] += len(items)
            lines += [f"  {kind:6}  {output.visible(item)}" for item in items]
    yield ""
    told = {kind: f"{n:,} {kind}" for kind, n in totals.items()}
    yield f"Right edges: {told['fixed']}, {told['broken']}; wrong ones: {told['new']}, {told['gone']}"
    yield from lines
