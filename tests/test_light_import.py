"""Importing ``kg`` and asking for help costs next to nothing: no model, driver or table library is loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kg.cli.app import app

HEAVY = {
    "duckdb", "kglite", "neo4j", "networkx", "numpy", "onnxruntime", "pandas", "PIL", "polars", "pyarrow",
    "pyvis", "ruamel", "spacy", "thinc", "tokenizers", "torch",
}  # fmt: skip

VERBS = ("build", "extract", "query", "view", "stats", "explain", "schema", "evaluate")
HELP = "import kg.cli; kg.cli.main({})"


def loaded(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after ``code``."""
    script = (
        f"import sys, json; {code}; print(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import kg",
        "import kg; kg.Paper; kg.KgError; kg.__version__",
        HELP.format(["--help"]),
        HELP.format(["--version"]),
        *(HELP.format([verb, "--help"]) for verb in app.commands),
        HELP.format(["schema"]),
    ],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    assert not loaded(code) & HEAVY


def test_import_kg_loads_no_command_line_either() -> None:
    assert "click" not in loaded("import kg; kg.Paper")
