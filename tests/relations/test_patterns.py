"""Sentences that say kinds, of any shape: the patterns end soon whatever stands between two names."""

from __future__ import annotations

import pytest

from .test_kinds import stored
from .worlds import Spoken, Told, world


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0", "  \n "])
def test_any_white_space_parts_words(blank: str) -> None:
    sentence = blank.join("We study optimisers such as Zorb and Quox.".split())
    names: dict[str, Spoken] = dict.fromkeys(("optimisers", "Zorb", "Quox"), ("METHOD", "USES"))
    graph = world([Told("p", "A title", sentence, names)])
    assert stored(graph) == {("Zorb", "optimisers"), ("Quox", "optimisers")}


@pytest.mark.parametrize(
    "between", [" " * 20_000, "\n" * 20_000, " ( ( " * 4_000, ", " * 9_000, "(" + " " * 20_000]
)
def test_a_long_run_between_two_names_is_no_sentence_and_costs_nothing(between: str) -> None:
    """By trying all ways to part the blanks this would take hours."""
    names: dict[str, Spoken] = dict.fromkeys(("Zorb", "Quox"), ("METHOD", "USES"))
    graph = world([Told("p", "A title", f"We study Zorb{between}Quox.", names)])
    assert stored(graph) == set()
