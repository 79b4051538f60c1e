"""``kg load`` and ``kg export``: a graph into a Neo4j server, or into files that its importer takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import output
from kg.cli.console import Console
from kg.cli.verb import Seconds, Verb, pass_console
from kg.errors import UsageError, shown

if TYPE_CHECKING:
    from kg.stores.neo4j_changes import Change, Loaded

_FORMATS = ("neo4j-admin",)
#: The schemes of a server's address.
_SERVER = "neo4j"


@click.command(
    cls=Verb,
    short_help="A graph folder into a Neo4j server.",
    examples=[
        "kg load graph --to bolt://localhost:7687",
        "kg load graph --to bolt://localhost:7687 --dry-run",
    ],
)
@click.argument("where", metavar="DIR")
@click.option("--to", "url", required=True, metavar="URL", help="The server, as bolt://localhost:7687.")
@click.option(
    "--database", metavar="D", help="The database there.  [default: NEO4J_DATABASE, else the server's]"
)
@click.option("--user", metavar="U", help="The user there.  [default: NEO4J_USERNAME, else neo4j]")
@click.option(
    "--password",
    metavar="P",
    help="The password; anybody on this machine can see it in a call, so rather set NEO4J_PASSWORD.",
)
@click.option(
    "--namespace",
    metavar="N",
    help="The graph's name there: graphs of several names lie side by side.  [default: default]",
)
@click.option("--replace", is_flag=True, help="Remove what is there under that name first.")
@click.option("--dry-run", is_flag=True, help="Write nothing; only say what would be done.")
@click.option(
    "--timeout",
    type=Seconds(zero=False),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to try to reach the server.",
)
@pass_console
def load(  # noqa: PLR0913 - one parameter an option of the verb
    console: Console,
    *,
    where: str,
    url: str,
    database: str | None,
    user: str | None,
    password: str | None,
    namespace: str | None,
    replace: bool,
    dry_run: bool,
    timeout: float,
) -> None:
    """Make the server at URL hold exactly the graph in DIR.

    Only the difference is written: a second load changes nothing, one that was cut off is finished by
    the next. What others keep in the database is never touched, under the same labels either.
    """
    from kg import stores
    from kg.tables import Graph

    if stores.engine(url)[0].name != _SERVER:
        shown_url = url.rpartition("@")[2]  # what stands before it may be a password
        raise UsageError(
            f"--to {shown(shown_url)} is no server's address; write for example bolt://localhost:7687"
        )
    options = stores.Options(
        user=user, password=password, database=database, namespace=namespace, timeout=timeout
    )
    graph = Graph.load(where)

    from kg.stores.neo4j_load import load as load_into

    loaded = load_into(graph, url, options, replace=replace, dry_run=dry_run, progress=console.progress)
    console.end_stage()
    output.put("".join(f"{line}\n" for line in _told(loaded, url)))
    for note in loaded.notes:
        console.warn(note)


def _told(loaded: Loaded, url: str) -> Iterator[str]:
    total = loaded.total
    if loaded.changed:
        verbs = ("would be " if loaded.dry_run else "") + "{}"
        rows = [*_rows(loaded.nodes), *_rows(loaded.relations)]
        widths = max(len(name) for name, _ in rows)
        for name, change in rows:
            parts = [
                f"{count:,} {verbs.format(what)}"
                for what, count in (
                    ("added", change.added),
                    ("updated", change.updated),
                    ("removed", change.removed),
                )
                if count
            ]
            yield f"{name:{widths}}  {', '.join(parts)}"
    if loaded.given_up:
        yield (
            f"{loaded.given_up:,} nodes that are no longer in the graph stay, without our mark: relations of "
            "others hold them"
        )
    said = (
        f"{total.added:,} added, {total.updated:,} updated, {total.removed:,} removed, "
        f"{total.unchanged:,} unchanged"
        if loaded.changed
        else f"nothing to change: all {total.unchanged:,} nodes and relations are there"
    )
    done = "would be" if loaded.dry_run and loaded.changed else "is"
    yield f"the graph {done} in namespace {loaded.namespace} at {output.visible(url)}: {said}"


def _rows(changes: Mapping[str, Change]) -> list[tuple[str, Change]]:
    return [
        (name, change) for name, change in changes.items() if change.added or change.updated or change.removed
    ]


@click.command(
    cls=Verb,
    short_help="A graph folder as files for other programs.",
    examples=["kg export graph --to neo4j-csv --format neo4j-admin"],
)
@click.argument("where", metavar="DIR")
@click.option(
    "--to",
    "target",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder to write, which must be new or empty.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    required=True,
    help="neo4j-admin: CSV for `neo4j-admin database import full`, the fastest way into an empty database.",
)
@click.option(
    "--database", default="neo4j", show_default=True, metavar="D", help="The database to import into."
)
@click.option("--namespace", metavar="N", help="The graph's name there, as for kg load.  [default: default]")
@pass_console
def export(
    console: Console, *, where: str, target: Path, form: str, database: str, namespace: str | None
) -> None:
    """Write the graph in DIR as files of another format."""
    from kg.stores import neo4j_admin
    from kg.stores.neo4j_schema import DEFAULT_NAMESPACE
    from kg.tables import Graph

    del form  # there is one
    done = neo4j_admin.export(
        Graph.load(where), target, namespace=namespace or DEFAULT_NAMESPACE, database=database
    )
    begin, finish = (
        output.word(str(done.folder / name)) for name in (neo4j_admin.IMPORT, neo4j_admin.FINISH)
    )
    output.put(
        f"the files are in {output.visible(str(done.folder))}\n"
        f"1. with the server stopped: sh {begin} --overwrite-destination\n"
        f"2. with it running again: cypher-shell --file {finish}\n"
    )
    for note in done.notes:
        console.warn(note)
