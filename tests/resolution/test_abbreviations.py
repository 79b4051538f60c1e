"""What may abbreviate what, and what a text defines."""

from __future__ import annotations

import pytest

from kg.resolution.abbreviations import definition, expands, initials_match


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("randomized smoothed conformal prediction", "RSCP+"),
        ("deep Q network", "DQN*"),
    ],
)
def test_a_sign_is_part_of_a_short_form(long: str, short: str) -> None:
    assert expands(long, short[:-1])
    assert not expands(long, short)
    assert initials_match(f"{long}{short[-1]}", short) == initials_match(long, short[:-1])


@pytest.mark.parametrize(
    "text",
    [
        "We use graph neural networks (GNN).",
        "We use graph neural networks (  GNN  ).",
        "We use GNN (graph neural networks).",
        "We use graph neural networks (GNN, for short).",
        "Long (" + " " * 50_000 + "x and graph neural networks (GNN)" + "( " * 20_000,
    ],
)
def test_a_definition_is_found_in_its_brackets(text: str) -> None:
    assert definition(text, "GNN") == "graph neural networks"
