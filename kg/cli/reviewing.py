"""``kg review``: a person goes through what resolution was least sure of, and overrules it for good."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import output
from kg.cli.files import answer_to
from kg.cli.verb import Verb
from kg.errors import DiskError, InputError, UsageError, shown
from kg.files import real_path

if TYPE_CHECKING:
    from kg.asking.reviewing import Question, Side
    from kg.resolution import Decision, Decisions
    from kg.tables import Graph

_KEYS = "[s]ame  [d]ifferent  s[k]ip  [u]ndo  [q]uit"
_WORDS = {"u": "undo", "q": "quit", "undo": "undo", "quit": "quit"}


@click.command(
    cls=Verb,
    short_help="Put right the names that a graph was least sure of.",
    examples=[
        "kg review graph --export pairs.csv",
        "kg review graph --decisions decisions.yaml --import pairs.csv",
    ],
)
@click.argument("where", metavar="DIR")
@click.option(
    "--decisions",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What was decided already, and where the answers go; made if it is not there.",
)
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Ask about the first N pairs only.")
@click.option(
    "--export",
    "exported",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Write the pairs as a table for a spreadsheet instead of asking.",
)
@click.option(
    "--import",
    "imported",
    metavar="CSV",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the answers from such a table: same or different in the first column.",
)
def review(
    *,
    where: str,
    decisions: Path | None,
    limit: int | None,
    exported: Path | None,
    imported: Path | None,
) -> None:
    """Go through the pairs of names in DIR that were hardest to tell, those in most papers first.

    Each is shown with the sentences of both sides. An answer is a letter, and after it a reason if you
    like: “s the same under another name”. It is in FILE at once, and holds from the next
    kg build --decisions FILE on; to undo it later, delete its line.
    """
    if exported is not None and imported is not None:
        raise UsageError("--export and --import are two steps: give one of them")
    if decisions is None and exported is None:
        raise UsageError("--decisions FILE is needed: the answers go there")
    from kg.asking.reviewing import COLUMNS, questions, table_row
    from kg.tables import Graph

    graph = Graph.load(where)
    decided = _load(decisions, Path(where))
    if imported is not None and decisions is not None:
        _import(graph, decisions, decided, imported)
        return
    asked = questions(graph, decided)[:limit]
    if exported is not None:
        with answer_to(exported) as stream:
            output.write(COLUMNS, map(table_row, asked), form="csv", out=stream)
        told = f"{len(asked):,} pairs are in {output.visible(str(exported))}"
        output.put(f"{told}; write same or different in the first column, then --import it\n")
    elif decisions is not None:
        if sys.stdin is None:
            raise InputError("standard input is closed, so nothing can be answered; give --export FILE")
        _Walk(decisions).through(asked)


def _load(file: Path | None, graph: Path) -> Decisions:
    from kg.resolution import NONE

    if file is None:
        return NONE
    if real_path(file).is_relative_to(real_path(graph)):
        raise UsageError(
            f"{file} would lie in the graph, which the next build replaces: name a place outside it"
        )
    return _stored(file)


def _stored(file: Path) -> Decisions:
    from kg.resolution import NONE, Decisions

    return Decisions.load(file) if file.exists() else NONE


def _import(graph: Graph, file: Path, decided: Decisions, table: Path) -> None:
    from kg.asking.reviewing import answered, pairs

    try:
        new = answered(_rows(table), pairs(graph))
        both = decided.adding(new)
    except UsageError as error:
        raise UsageError(f"{table}: {error}") from error
    if len(both.entries) > len(decided.entries):
        both.dump(file)
    known = len(new) - (len(both.entries) - len(decided.entries))
    verbs = Counter(entry.verb for entry in both.entries[len(decided.entries) :])
    output.put(
        f"{verbs['same']:,} same, {verbs['different']:,} different, {known:,} known before; {_next(file)}\n"
    )


def _next(file: Path) -> str:
    return f"they hold from the next kg build --decisions {output.visible(str(file))} on"


def _rows(table: Path) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    """Yield the rows of a table with their lines; spreadsheets save with commas, semicolons or tabs."""
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{table} is not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    except OSError as error:
        raise DiskError(f"{table} cannot be read: {error.strerror or error}") from error
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    missing = [name for name in ("answer", "pair") if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"{table} has no column {missing[0]}; take the table that --export wrote")
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(f"{table}, line {reader.line_num}: not CSV ({error})") from error


class _Walk:
    """One sitting: each answer is in the file before the next question.

    The file is read anew for each answer, since people edit it meanwhile, by hand or in another sitting.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._given: list[tuple[int, Decision]] = []  # the questions answered, in order

    def through(self, asked: tuple[Question, ...]) -> None:
        """Ask, until the end, `quit`, or the end of the input."""
        n = 0
        while n < len(asked):
            for line in _question_lines(asked[n], n + 1, len(asked)):
                output.put(line + "\n")
            answer = self._ask()
            if answer is None or answer[0] == "quit":
                break
            if answer[0] == "undo":
                n = self._undo(n)
            elif answer[0] == "skip" or self._take(asked[n], n, *answer):
                n += 1
        new = Counter(entry.verb for _, entry in self._given)
        told = f"{new['same']:,} same, {new['different']:,} different, {len(asked) - n:,} not seen"
        output.put(f"{told}{'; ' + _next(self._file) if self._given else ''}\n")

    def _ask(self) -> tuple[str, str] | None:
        from kg.asking.reviewing import ANSWERS

        while True:
            try:
                given = click.prompt(_KEYS, default="", show_default=False, err=True)
            except click.Abort as error:
                if isinstance(error.__context__, KeyboardInterrupt):  # click makes one of both
                    raise KeyboardInterrupt from error
                return None  # the end of the input; all answers are in the file
            word, _, reason = str(given).strip().partition(" ")
            word = word.casefold()
            if word in _WORDS:
                return _WORDS[word], ""
            if word in ANSWERS:
                return ANSWERS[word] or "skip", reason
            click.echo(f"{shown(word)} is no answer", err=True)

    def _take(self, question: Question, n: int, verb: str, reason: str) -> bool:
        entry = question.decision(verb, reason)
        try:
            before = _stored(self._file)
            both = before.adding([entry])
        except (InputError, UsageError) as error:
            click.echo(str(error), err=True)
            return False
        if len(both.entries) > len(before.entries):
            both.dump(self._file)
            self._given.append((n, entry))
        return True

    def _undo(self, n: int) -> int:
        if not self._given:
            click.echo("nothing to undo", err=True)
            return n
        question, undone = self._given[-1]
        try:
            _stored(self._file).without(undone).dump(self._file)
        except (InputError, UsageError) as error:
            click.echo(str(error), err=True)
            return n
        self._given.pop()
        return question


def _question_lines(question: Question, number: int, total: int) -> Iterator[str]:
    state = "one concept now" if question.joined else "two concepts now"
    yield ""
    yield f"{number:,} of {total:,}: {state}, score {question.score:.2f}, {question.papers:,} papers"
    yield output.visible(f"  {question.reason}")
    for side in (question.one, question.other):
        yield from _side_lines(side)


def _side_lines(side: Side) -> Iterator[str]:
    yield output.visible(f"  {side.name}  ({side.concept_id or 'dropped'}, {side.papers:,} papers)")
    for quote in side.quotes:
        yield output.visible(f"      “{quote}”")
