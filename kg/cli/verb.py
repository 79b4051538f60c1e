"""What all verbs share: the options of the console, and an example at the end of ``--help``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import click

from kg.cli.console import Console
from kg.errors import shown

#: Seconds, about eleven days.
_LONGEST = 1_000_000


def _set(name: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def callback(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            setattr(context.ensure_object(Console), name, True)

    return callback


def console_options() -> list[click.Parameter]:
    """Return the options that every verb takes, before or after its name."""
    return [
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            expose_value=False,
            callback=_set("quiet"),
            help="Say nothing but the answer and what went wrong.",
        ),
        click.Option(
            ["--json-log"],
            is_flag=True,
            expose_value=False,
            callback=_set("json_log"),
            help="Progress and errors as JSON Lines on standard error.",
        ),
    ]


class Seconds(click.types.FloatParamType):
    """A limit of time; ``zero`` says whether there may be none."""

    name = "seconds"

    def __init__(self, *, zero: bool) -> None:
        self._zero = zero

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return ``value`` as a number that every clock here can count to; what is none is a wrong call."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = math.nan
        if not (0 < seconds <= _LONGEST or (self._zero and seconds == 0)):  # NaN is neither
            lowest = "0" if self._zero else "more than 0"
            self.fail(f"{shown(str(value))} is not a number of seconds, {lowest} to {_LONGEST:,}", param, ctx)
        return seconds


class Verb(click.Command):
    """A command with the console's options, whose help ends in ``examples`` that can be run."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        self.examples = tuple(examples)
        # "\b" keeps click from re-wrapping the lines.
        kwargs["epilog"] = "\n".join(("\b", "Example:", *(f"  {line}" for line in self.examples)))
        super().__init__(*args, **kwargs)
        self.params.extend(console_options())


#: Hands a verb the console that the options speak to.
pass_console = click.make_pass_decorator(Console, ensure=True)
