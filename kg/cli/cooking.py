"""``kg cookbook``: ready questions in Cypher, listed, shown, or asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli import output
from kg.cli.console import Console
from kg.cli.options import form_option, parameters_option
from kg.cli.querying import parameters_of
from kg.cli.verb import Verb, pass_console
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.asking.cookbook import Question

#: Seconds to try to reach a server, and to wait for an answer.
_REACH, _PATIENCE = 10.0, 60.0


@click.command(
    cls=Verb,
    short_help="Ready questions that researchers ask.",
    examples=[
        "kg cookbook",
        "kg cookbook methods-for-a-task",
        "kg cookbook methods-for-a-task graph --param task='image classification'",
    ],
)
@click.argument("name", metavar="[NAME", required=False)
@click.argument("where", metavar="[DIR|URL]]", required=False)
@parameters_option("A parameter of the question in place of its default. May be given again.")
@form_option(output.FORMATS, "The form of the answer.")
@click.option("--page", metavar="DIR|URL", help="All questions with their answers, as a page in Markdown.")
@pass_console
def cookbook(
    console: Console,
    *,
    name: str | None,
    where: str | None,
    parameters: tuple[str, ...],
    form: str,
    page: str | None,
) -> None:
    """List the questions of the cookbook; show the Cypher of the one called NAME; or ask it.

    A question is asked of the graph at DIR or the server at URL. It has defaults for all its parameters.
    """
    from kg import stores
    from kg.asking import cookbook as book

    if (name is not None and page is not None) or (parameters and where is None):
        raise UsageError("--page goes without a NAME, and --param with a NAME and a DIR or URL")
    place = page or where
    if place is None:
        if name is None:
            rows = [(one.subject, one.name, one.question) for one in book.questions()]
            output.write(("about", "name", "question"), rows, form=form)
        else:
            output.put(_shown(book.question(name)))
        return
    asked = None if name is None else book.question(name)
    defaults = {} if asked is None else asked.parameters
    values = parameters_of(parameters, [name for name, value in defaults.items() if isinstance(value, str)])
    if asked is not None:
        values = dict(book.filled(asked, values))  # before a store is opened for nothing
    with stores.open(place, stores.Options(timeout=_REACH)) as store:
        if asked is None:
            from kg.cli.cookbook_page import page as written

            output.put(written(store))
            return
        answer = store.cypher(asked.cypher, values, timeout=_PATIENCE)
    output.write(answer.columns, answer.rows, form=form)
    for note in answer.notes:
        console.note(note)
    if form == "table":
        rows_found = len(answer.rows)
        console.note(f"{rows_found:,} row{'' if rows_found == 1 else 's'}", rows=rows_found)


def _shown(asked: Question) -> str:
    lines = [asked.question, asked.meaning, "", asked.cypher]
    if asked.parameters:
        lines += ["", "Parameters"]
        lines += [f"  {name} = {output.to_json(value)}" for name, value in asked.parameters.items()]
    return "".join(f"{line}\n" for line in lines)
