"""The README's blocks run, in order, in a fresh clone, and answer what the page says.

Another processor may round the model's sums otherwise, and so move an edge or two: an answer that
differs a little is a warning, one that differs much a failure. ``make readme`` writes all answers anew.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from .readme_blocks import README, ROOT, clone, likeness, run, steps

#: The part of an answer's words that must be the same.
ALIKE = 0.85


def test_every_block_runs_and_answers_what_the_page_says(tmp_path: Path, extraction_cache: Path) -> None:
    place = clone(tmp_path, extraction_cache)
    todo = list(steps(README.read_text("utf-8")))
    assert any(step.command.startswith("make demo") for step in todo)
    assert sum("kg query" in step.command for step in todo) >= 5
    for step in todo:
        answer = run(step.command, place)
        if step.compared and answer != step.answer:
            like = likeness(answer, step.answer)
            assert like >= ALIKE, f"$ {step.command}\nnow answers\n{answer}\nRun make readme."
            warnings.warn(f"{step.command}: {like:.0%} as in the README; make readme", stacklevel=1)


def test_the_picture_of_the_schema_is_generated() -> None:
    from kg.schema_docs import mermaid

    assert f"```mermaid\n{mermaid()}```" in README.read_text("utf-8")


def test_every_link_to_a_file_leads_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", README.read_text("utf-8"))
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_figures_out_of_fold_are_those_of_the_model_card() -> None:
    card = (ROOT / "docs" / "model-card.md").read_text("utf-8")
    rows = {
        name: cells.split(" | ")
        for name, cells in re.findall(r"^\| (span|concept|edge) \(?.*?\| (.*) \|$", card, re.M)
    }
    of_fold = " ".join(f"{name} {cells[1]}," for name, cells in rows.items()).rstrip(",")
    assert f"out of fold: {of_fold.replace('span', 'span F1')}" in README.read_text("utf-8")


def test_every_verb_is_on_the_page() -> None:
    from kg.cli.app import app

    page = README.read_text("utf-8")
    assert [verb for verb in app.commands if f"`kg {verb}" not in page] == []
