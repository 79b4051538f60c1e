"""Options that several verbs take."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import click

#: More workers than this wait for the disk and for each other.
_MOST_JOBS = 8

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def form_option(forms: Sequence[str], text: str) -> Decorator:
    """Return ``--format``, passed on as ``form``: one of ``forms``, the first where it is not given."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help=text,
    )


def input_format_option(*others: str) -> Decorator:
    """Return ``--input-format``, passed on as ``input_format``; ``others`` are further names of it."""
    return click.option(
        "--input-format",
        *others,
        "input_format",
        metavar="F",
        help="The inputs' format, where it must not be guessed: jsonl (JSON arrays too), csv (any delimiter) "
        "or listing.",
    )


#: An answer in lines to be read, or in JSON.
told_option = form_option(("text", "json"), "For people or for programs.")


def parameters_option(text: str) -> Decorator:
    """Return ``--param``, passed on as ``parameters``: each as it is written, NAME=VALUE."""
    return click.option("--param", "parameters", metavar="NAME=VALUE", multiple=True, help=text)


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


#: How many papers are read at the same time; for each verb that reads.
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: min(usable_processors(), _MOST_JOBS),
    show_default=f"the processors, at most {_MOST_JOBS}",
    metavar="N",
    help="Papers that are read at the same time. Never changes the answer.",
)
