"""The command ``kg``: its verbs, and what becomes of everything that can go wrong.

Exit status: 0 done (an empty answer too), 1 a check failed, 2 a wrong call, 3 bad input, 4 a store out
of reach, 5 the disk, 130 Ctrl-C.
"""

from __future__ import annotations

import errno
import logging
import os
import select
import signal
import sys
import traceback
from collections.abc import Sequence

import click

from kg.cli.asking import gaps, leaderboard, timeline
from kg.cli.building import build, extract
from kg.cli.console import Console, LogHandler
from kg.cli.cooking import cookbook
from kg.cli.evaluating import evaluate
from kg.cli.loading import export, load
from kg.cli.querying import query
from kg.cli.reviewing import review
from kg.cli.telling import explain, schema, stats
from kg.cli.verb import console_options
from kg.cli.view import view
from kg.errors import DiskError, KgError

#: Set to anything, this shows the traceback of every failure.
DEBUG = "KG_DEBUG"
_INTERRUPTED = 130


def _tell_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        import kg

        click.echo(f"kg {kg.__version__}")
        context.exit()


class _InOrder(click.Group):
    """Lists its verbs in the order in which a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs."""
        return list(self.commands)


@click.group(
    cls=_InOrder,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 a check failed, 2 a wrong call, 3 bad input, 4 a store out of reach, "
    "5 the disk, 130 Ctrl-C. Each verb has its own --help, which ends in an example.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Tell the version and stop.",
)
def app() -> None:
    """Build a knowledge graph of papers from titles and abstracts, and ask it in Cypher."""


app.params.extend(console_options())
for _verb in (
    build,
    extract,
    query,
    view,
    stats,
    explain,
    review,
    cookbook,
    leaderboard,
    timeline,
    gaps,
    schema,
    evaluate,
    load,
    export,
):
    app.add_command(_verb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``kg`` with ``arguments`` (default: those of the process) and return its exit status."""
    _open_closed_streams()
    console = Console()
    logging.captureWarnings(True)
    handler = LogHandler(console)
    logging.getLogger().addHandler(handler)
    try:
        _prepare_output()
        with app.make_context("kg", list(sys.argv[1:] if arguments is None else arguments), obj=console) as c:
            app.invoke(c)
        sys.stdout.flush()
        status = 0
    # The last place that can tell it: whatever it is becomes one line and a status.
    except BaseException as error:
        status = _fail(error, console)
    finally:
        console.end_stage()
        logging.getLogger().removeHandler(handler)
        logging.captureWarnings(False)
    return status


def _open_closed_streams() -> None:
    """Give a process that was started without standard output or error a place that takes everything."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for the process


def _prepare_output() -> None:
    """Answer in UTF-8; a terminal of another encoding gets the codes of letters that it lacks."""
    if hasattr(sys.stdout, "reconfigure"):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def _fail(error: BaseException, console: Console) -> int:
    """Say on the console what ``error`` means, and return the exit status."""
    if isinstance(error, click.exceptions.Exit):
        return _flush(error.exit_code, console)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return error.exit_code
    if isinstance(error, BrokenPipeError) and _reader_is_gone():
        # Whoever read the answer has seen enough of it.
        _discard_output()
        return 0
    if os.environ.get(DEBUG):
        traceback.print_exception(error, file=sys.stderr)
    message, status = _meaning(error)
    console.fail(message, exit=status)
    if isinstance(error, OSError | DiskError | KeyboardInterrupt):
        # What is still in the buffer would fail again when Python closes it.
        _discard_output()
    return status


def _meaning(error: BaseException) -> tuple[str, int]:
    """Return the line for a person and the exit status."""
    match error:
        case KeyboardInterrupt():
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second Ctrl-C ends the clearing up as well
            return "interrupted", _INTERRUPTED
        case KgError():
            return str(error), error.exit_code
        case click.UsageError():
            return f"{error.format_message().rstrip('.')} (see kg {_verb_name(error)}--help)", error.exit_code
        case click.ClickException():
            return error.format_message(), error.exit_code
        case OSError():
            place = f": {error.filename}" if error.filename else ""
            hint = "; make room and try again" if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
            return f"{error.strerror or error}{place}{hint}", DiskError.exit_code
        case MemoryError():
            return "out of memory: try fewer --jobs, or a smaller input", KgError.exit_code
        case _:
            text = f"unexpected {type(error).__name__}: {error}"
            return f"{text} ({DEBUG}=1 shows where; please report it)", KgError.exit_code


def _verb_name(error: click.UsageError) -> str:
    context = error.ctx
    return f"{context.info_name} " if context is not None and context.parent is not None else ""


def _flush(status: int, console: Console) -> int:
    try:
        sys.stdout.flush()
    except OSError as error:
        return _fail(error, console)
    return status


def _reader_is_gone() -> bool:
    """Tell whether standard output is a pipe that nobody reads any more."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return bool(poll.poll(0))
    except (AttributeError, OSError, ValueError):  # no poll on this system, or no real standard output
        return True


def _discard_output() -> None:
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):  # no real standard output: nothing is left to fail
        pass
