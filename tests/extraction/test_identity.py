"""The fingerprint changes with everything that may change an extraction, and with nothing else."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import kg.extraction
from kg.extraction import Options, fingerprint
from kg.extraction.identity import NEIGHBOURS

MODEL = Path(kg.extraction.__file__).parent / "model"


def test_it_is_the_same_in_every_process_whatever_the_hash_seed() -> None:
    code = "import kg.extraction; print(kg.extraction.fingerprint())"
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        answer = subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
        )
        assert answer.stdout.strip() == fingerprint()


def test_every_option_changes_it() -> None:
    for field in fields(Options):
        other: Any = not field.default if isinstance(field.default, bool) else 0.125
        assert fingerprint(Options(**{field.name: other})) != fingerprint()
    assert fingerprint(Options()) == fingerprint()


def test_every_neighbour_on_which_the_reading_depends_is_in_it() -> None:
    package = Path(kg.extraction.__file__).parent
    taken = {
        node.module.split(".")[1]
        for file in package.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kg.")
    }
    # Errors, files of the cache and counts of what was left out are beside an extraction, not in it.
    assert taken - {"extraction", "errors", "files", "report"} == {
        name.removesuffix(".py") for name in NEIGHBOURS
    }


def test_every_file_of_the_model_changes_it_but_not_its_card(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(MODEL, model)
    assert fingerprint(model=model) == fingerprint()
    (model / "README.md").write_text("Read me.")
    assert fingerprint(model=model) == fingerprint()
    for name in ("calibration.json", "differences.json", "pairs.onnx", "reader.onnx", "tokenizer.json"):
        before = fingerprint(model=model)
        with (model / name).open("ab") as stream:
            stream.write(b" ")
        assert fingerprint(model=model) != before


@pytest.mark.parametrize("library", ["numpy", "onnxruntime", "spacy", "tokenizers"])
def test_every_library_that_shows_in_the_result_changes_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint()
    monkeypatch.setattr(
        "kg.extraction.identity.version", lambda name: "0" if name == library else version(name)
    )
    assert fingerprint() != before


def test_importing_the_room_loads_no_heavy_library() -> None:
    code = (
        "import sys, kg.extraction; kg.extraction.fingerprint(); "
        "print(sorted({'spacy', 'onnxruntime', 'tokenizers', 'numpy'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"
