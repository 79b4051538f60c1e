"""``kg view``: a graph as one HTML page, or as a picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from kg.cli.console import Console
from kg.cli.files import answer_to
from kg.cli.verb import Verb, pass_console
from kg.errors import UsageError
from kg.viewing import MAX_NODES

_FORMATS = ("html", "svg", "png")


@click.command(
    cls=Verb,
    short_help="One page, or a picture, to look at a graph.",
    examples=[
        "kg view graph --out graph.html",
        "kg view graph --focus 'contrastive learning' --hops 2 --out contrastive.svg",
    ],
)
@click.argument("where", metavar="DIR")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write.  [default: standard output]",
)
@click.option("--title", metavar="T", help="What stands above it.  [default: the number of papers]")
@click.option(
    "--focus", metavar="NAME", help="Only what is near this concept or paper; names are those of kg explain."
)
@click.option(
    "--hops",
    type=click.IntRange(1, 3),
    default=1,
    show_default=True,
    metavar="N",
    help="How near: at most N relations away, 1 to 3.",
)
@click.option(
    "--max-nodes",
    type=click.IntRange(min=1),
    default=MAX_NODES,
    show_default=True,
    metavar="N",
    help="A page holds at most N nodes, the strongest, and says what is left out.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="A page that opens in any browser, or a picture.  [default: what FILE ends in, else html]",
)
@pass_console
def view(  # noqa: PLR0913 - one parameter an option of the verb
    console: Console,
    *,
    where: str,
    out: Path | None,
    title: str | None,
    focus: str | None,
    hops: int,
    max_nodes: int,
    form: str | None,
) -> None:
    """Make a page of the graph in DIR that opens in any browser and loads nothing from anywhere.

    The page leads from a map of the strongest concepts to every sentence that a relation was read from.
    As SVG or PNG it is a picture of the same map, for papers and slides.
    """
    target = None if out is None or str(out) == "-" else out
    chosen = form or _format_of(target)
    if target is None and sys.stdout.isatty():
        raise UsageError(f"name a file with --out FILE.{chosen}: a {chosen} is nothing for a terminal")

    from kg.tables import Graph
    from kg.viewing import page, picture

    graph = Graph.load(where)
    options: dict[str, Any] = {"title": title, "focus": focus, "hops": hops}
    if chosen == "html":
        data = page(graph, **options, max_nodes=max_nodes).encode()
    else:
        data = picture(graph, "png" if chosen == "png" else "svg", **options)
    with answer_to(target) as stream:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    if target is not None:
        console.note(f"{target}: {len(data) / 1e6:.1f} MB", file=str(target), bytes=len(data))


def _format_of(path: Path | None) -> str:
    """Return the format that a file's name ends in, html where it ends in none of ours."""
    ending = "" if path is None else path.suffix.lower().removeprefix(".")
    return ending if ending in _FORMATS else "html"
