"""Looks: everything in the schema has one, and people who see fewer colours can tell them apart."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from kg import schema
from kg.viewing.kinds import node_styles, relation_styles

Colour = npt.NDArray[np.float64]

# What is left of a colour (linear RGB) without one kind of cone: Machado, Oliveira and Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.0.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
GROUNDS = {"light": "#f7f8fa", "dark": "#10141a"}


def linear(colour: str) -> Colour:
    values = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(seen: Colour) -> Colour:
    """CIE L*a*b* of a linear RGB colour, under daylight."""
    xyz = (
        np.array(
            [
                [0.4124564, 0.3575761, 0.1804375],
                [0.2126729, 0.7151522, 0.0721750],
                [0.0193339, 0.1191920, 0.9503041],
            ]
        )
        @ np.clip(seen, 0, 1)
        / np.array([0.95047, 1.0, 1.08883])
    )
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_every_label_and_relation_of_the_schema_has_a_look() -> None:
    styles = node_styles()
    assert [style.kind.label for style in styles if style.kind.label == style.label or style.kind.type_labels]
    assert {style.label for style in styles} == {
        label
        for kind in schema.NODES
        for label in ([special for _, special in kind.type_labels] or [kind.label])
    }
    assert [style.name for style in relation_styles()] == [kind.name for kind in schema.RELATIONS]


def test_shapes_alone_tell_labels_apart() -> None:
    shapes = [style.shape for style in node_styles()]
    assert len(shapes) == len(set(shapes))


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_colour_stands_out_from_the_ground(ground: str) -> None:
    for style in node_styles():
        assert contrast(getattr(style, ground), GROUNDS[ground]) >= 3


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_four_types_of_concepts_differ_in_colour_for_every_eye(ground: str, blindness: str) -> None:
    types = [style for style in node_styles() if style.kind.type_labels]
    seen = {s.label: lab(BLINDNESS[blindness] @ linear(getattr(s, ground))) for s in types}
    distances = {
        (one, other): float(np.linalg.norm(seen[one] - seen[other]))
        for one, other in itertools.combinations(seen, 2)
    }
    # A difference of about 2 is just visible side by side; 10 is told apart at a glance.
    assert min(distances.values()) >= 10, distances
