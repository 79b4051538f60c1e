"""``kg build`` and ``kg extract``: from files to a graph, or only to what is read out of each paper."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import output
from kg.cli.console import Console
from kg.cli.files import answer_to
from kg.cli.options import form_option, input_format_option, jobs_option
from kg.cli.verb import Verb, pass_console
from kg.errors import InputError, UsageError, shown

_inputs = click.argument("inputs", metavar="INPUT…", nargs=-1, required=True)


@click.command(cls=Verb, short_help="Files to a graph folder.", examples=["kg build seeds/ --out graph"])
@_inputs
@jobs_option
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The graph folder to make."
)
@input_format_option("--format")
@click.option(
    "--decisions", metavar="FILE", type=click.Path(path_type=Path), help="What people decided about names."
)
@click.option(
    "--extractions",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Take what FILE says of its papers, as `kg extract` writes it, instead of reading them.",
)
@click.option("--only-extractions", is_flag=True, help="Read nothing out of papers that FILE does not have.")
@click.option(
    "--ids-from",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Concepts that go on from one of the graph in DIR keep its id.",
)
@click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to keep what was read out of each paper.  [default: DIR.cache]",
)
@pass_console
def build(  # noqa: PLR0913 - one parameter an option of the verb
    console: Console,
    *,
    inputs: tuple[str, ...],
    out: Path,
    input_format: str | None,
    decisions: Path | None,
    extractions: Path | None,
    only_extractions: bool,
    ids_from: Path | None,
    jobs: int,
    cache: Path | None,
) -> None:
    """Build the graph of the papers in the files and folders INPUT… (- is standard input).

    The same input gives the same graph, to the byte. A graph that is in DIR already is replaced when
    the new one is whole; a folder that holds anything else is refused.
    """
    if only_extractions and extractions is None:
        raise UsageError("--only-extractions needs --extractions FILE, which says what to take")

    from kg.building import build as build_graph

    graph = build_graph(
        inputs,
        out=out,
        format=input_format,
        decisions=decisions,
        extractions=extractions,
        only_extractions=only_extractions,
        ids_from=ids_from,
        jobs=jobs,
        cache=cache,
        progress=console.progress,
    )
    console.end_stage()

    from kg.asking.counting import statistics

    made = statistics(graph)
    left_out = sum(drop.count for drop in made.drops)
    output.put(
        f"{made.listings:,} listings, {made.papers:,} papers, {made.names:,} names, "
        f"{made.concepts:,} concepts, {sum(made.relations.values()):,} relations\n"
        f"{left_out:,} things left out; kg stats {output.word(str(out))} tells which and why\n"
        f"the graph is in {output.visible(str(out))}\n"
    )


@click.command(
    cls=Verb,
    short_help="Files to concepts, roles and results as JSON.",
    examples=[
        "kg extract seeds/000_df59932cb201bd2b.txt --out extractions.jsonl",
        "kg build seeds/ --out graph --extractions extractions.jsonl",
    ],
)
@_inputs
@jobs_option
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write.  [default: standard output]",
)
@input_format_option()
@form_option(("jsonl", "gold"), "With text, offsets and confidences; or as the reference annotation has it.")
@click.option(
    "--cache",
    "cache_folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to keep what was read out of each paper, for the next time.",
)
@pass_console
def extract(  # noqa: PLR0913 - one parameter an option of the verb
    console: Console,
    *,
    inputs: tuple[str, ...],
    out: Path | None,
    input_format: str | None,
    form: str,
    jobs: int,
    cache_folder: Path | None,
) -> None:
    """Read concepts, roles and results out of the papers in INPUT… (- is standard input).

    One JSON object a line for each record of the input, in its order. Corrected, they go back into a
    graph with kg build --extractions.
    """
    from itertools import tee

    from kg.extraction import Cache, to_gold, to_json
    from kg.extraction import extract as extract_from
    from kg.reading import read
    from kg.report import Report

    report = Report()
    convert = to_gold if form == "gold" else to_json
    cache = None if cache_folder is None else Cache(cache_folder)
    papers, sources = tee(read(inputs, format=input_format, report=report))
    done = 0
    with answer_to(out) as stream:
        extractions = extract_from(sources, jobs=jobs, cache=cache, report=report)
        for done, (paper, extraction) in enumerate(zip(papers, extractions, strict=True), start=1):
            output.put(output.to_json(convert(paper, extraction)) + "\n", stream)
            console.progress("extracting", done)
        if not done:
            names = ", ".join(shown(name) for name in inputs)
            raise InputError(f"no paper could be read from {names}{report.reasons()}")
    console.end_stage()
    for (stage, reason), count in sorted(report.drops.items()):
        console.note(f"{stage}: {count:,} × {reason}", stage=stage, reason=reason, count=count)
