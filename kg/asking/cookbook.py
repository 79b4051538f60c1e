"""The cookbook: questions that researchers ask, in Cypher, with parameters that have defaults.

The questions are data in ``kg/cookbook/``, one file a subject. A question reads only, answers in a fixed
order, and is the same text for every store that speaks Cypher.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from kg.errors import UsageError, shown
from kg.stores import Answer, Store

#: The files, in the order in which a newcomer meets them.
_FILES = ("papers", "concepts", "relations", "results", "citations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question: its ``name``, what it asks in words and in Cypher, and how to read the answer.

    ``parameters`` are all parameters of ``cypher`` with their defaults, text or whole numbers;
    ``subject`` is the title of its file.
    """

    name: str
    subject: str
    question: str
    meaning: str
    cypher: str
    parameters: Mapping[str, str | int]


@cache
def questions() -> tuple[Question, ...]:
    """Return all questions of the cookbook, by subject."""
    found = []
    for name in _FILES:
        data = tomllib.loads(resources.files("kg").joinpath("cookbook", f"{name}.toml").read_text("utf-8"))
        found += [
            Question(
                name=one["name"],
                subject=data["title"],
                question=one["question"],
                meaning=one["meaning"],
                cypher=one["cypher"].strip(),
                parameters=one["parameters"],
            )
            for one in data["question"]
        ]
    return tuple(found)


def question(name: str) -> Question:
    """Return the question called ``name``; UsageError, with near names, where there is none."""
    known = {one.name: one for one in questions()}
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    near = f"did you mean {' or '.join(close)}?" if close else "kg cookbook lists them"
    raise UsageError(f"the cookbook has no question called {shown(name)}; {near}")


def filled(asked: Question, given: Mapping[str, Any]) -> dict[str, str | int]:
    """Return the parameters of ``asked`` with those ``given`` in place of defaults.

    Where the default is text, a number is taken as text. UsageError for a parameter that the question
    does not have, or a value of another kind.
    """
    values = dict(asked.parameters)
    for name, value in given.items():
        if name not in values:
            has = ", ".join(values) or "none"
            raise UsageError(f"{asked.name} has no parameter {shown(name)}; its parameters: {has}")
        if isinstance(values[name], str):
            values[name] = value if isinstance(value, str) else str(value)
        elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            values[name] = value
        else:
            raise UsageError(
                f"{name} of {asked.name} is {shown(str(value))}; give a whole number such as {values[name]}"
            )
    return values


def ask(store: Store, asked: Question, *, timeout: float | None = None, **given: Any) -> Answer:
    """Return what ``store`` answers to ``asked``; ``timeout`` in seconds. Raises as `Store.cypher` does."""
    return store.cypher(asked.cypher, filled(asked, given), timeout=timeout)
