"""``kg query``: a question in Cypher, to a graph folder or a server."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable
from typing import Any, NoReturn

import click

from kg.cli import output
from kg.cli.console import Console
from kg.cli.options import form_option, parameters_option
from kg.cli.verb import Seconds, Verb, pass_console
from kg.errors import InputError, UsageError, shown

#: Seconds to try to reach a server.
_REACH = 10.0


def parameter(text: str, plain: Collection[str] = ()) -> tuple[str, Any]:
    """Return name and value of ``name=value``: JSON where the value is JSON, else text.

    The parameters named in ``plain`` are text, whatever it says. UsageError where there is no name.
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(
            f"--param {shown(text)} is not NAME=VALUE; write for example --param name=BERT or --param n=3"
        )
    if name.strip() in plain:
        return name.strip(), value
    try:
        return name.strip(), json.loads(value, parse_constant=_refuse_constant)
    except ValueError:
        return name.strip(), value
    except RecursionError as error:
        raise UsageError(f"--param {shown(name.strip())} is nested too deeply") from error


def parameters_of(texts: Iterable[str], plain: Collection[str] = ()) -> dict[str, Any]:
    """Return the parameters in ``texts``, each as `parameter` reads it; UsageError for one given twice."""
    values: dict[str, Any] = {}
    for text in texts:
        name, value = parameter(text, plain)
        if name in values:
            raise UsageError(f"--param {shown(name)} is given twice; give each parameter once")
        values[name] = value
    return values


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _standard_input() -> str:
    if sys.stdin is None:
        raise InputError("there is no standard input to read; give the query itself, or pipe it in")
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"the query on standard input is not UTF-8: {error.reason} at byte {error.start}"
        ) from error


@click.command(
    cls=Verb,
    short_help="Ask a graph in Cypher.",
    examples=[
        "kg query graph 'MATCH (:Paper)-[e:PROPOSES]->(d:Dataset) RETURN d.name, e.quote LIMIT 5'",
        "kg query graph 'MATCH (c {name: $name}) RETURN c.aliases' --param name=ImageNet --format json",
    ],
)
@click.argument("where", metavar="DIR|URL")
@click.argument("cypher", metavar="CYPHER")
@parameters_option(
    "A parameter of the query ($NAME): JSON where VALUE is JSON, else text. May be given again."
)
@form_option(output.FORMATS, "The form of the answer.")
@click.option("--write", is_flag=True, help="Let the query change the store, where the store can be changed.")
@click.option(
    "--timeout",
    type=Seconds(zero=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Give up after this long; 0 waits for ever.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Answer at most N rows.")
@pass_console
def query(  # noqa: PLR0913 - one parameter an option of the verb
    console: Console,
    *,
    where: str,
    cypher: str,
    parameters: tuple[str, ...],
    form: str,
    write: bool,
    timeout: float,
    limit: int | None,
) -> None:
    """Ask the graph at DIR (or the server at URL) the question CYPHER, or - to read it from standard input.

    A folder is read only; so is a server, unless --write is given. For a server, set NEO4J_PASSWORD, and
    NEO4J_USERNAME and NEO4J_DATABASE where they are not the usual ones.
    """
    values = parameters_of(parameters)
    if cypher == "-":
        cypher = _standard_input()
    if not cypher.strip():
        raise UsageError('the query is empty; write for example "MATCH (p:Paper) RETURN count(*)"')

    from kg import stores

    # A server that cannot be reached must not take longer to say so than the answer may.
    options = stores.Options(timeout=min(timeout, _REACH) if timeout else _REACH)
    store = stores.open(where, options)
    try:
        answer = store.cypher(cypher, values, write=write, timeout=timeout or None, limit=limit)
    finally:
        store.close()
    output.write(answer.columns, answer.rows, form=form)
    for note in answer.notes:
        console.note(note)
    if form == "table":
        rows = len(answer.rows)
        console.note(f"{rows:,} row{'' if rows == 1 else 's'}", rows=rows)
