"""The real ``kg`` process, and what the tests give it to read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Annotated papers that come with the package: ``dev.docs.jsonl`` and ``dev.jsonl`` are sixty.
ANNOTATED = ROOT / "kg" / "training" / "data"
#: Build from the annotation alone: no model is loaded.
GIVEN = (
    "build", ANNOTATED / "dev.docs.jsonl", "--extractions", ANNOTATED / "dev.jsonl", "--only-extractions",
)  # fmt: skip
COMMAND = (sys.executable, "-m", "kg")


def kg(
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: str | bytes = "",
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``kg`` and return its status and what it wrote, read as UTF-8."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **(env or {})},
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )
