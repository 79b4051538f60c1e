"""The shell and Python blocks of ``README.md``: run in order, and their answers written anew.

``python tests/cli/readme_blocks.py [CACHE]`` rewrites the answers (``make readme``). A ``sh`` block is
run; in a ``console`` block each line after ``$`` is run, and what stands below it is its answer; a
``python`` block is run with ``import kg`` possible. All run in one folder that looks like a fresh clone.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
#: What the test command itself, or somebody before it, has done.
ALREADY_DONE = {"make test", "make help"}

_BLOCK = re.compile(r"^```(sh|console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """A command with its answer, as a block of the page has them; ``compared`` where an answer is shown."""

    command: str
    answer: str
    compared: bool


def clone(place: Path, cache: Path | None = None) -> Path:
    """Make ``place`` look like a fresh clone with this environment in it; ``cache`` is of extractions."""
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name not in {"demo", "build", "dist"}:
            (place / path.name).symlink_to(path)
    environment = place / ".venv"
    environment.mkdir()
    for path in Path(sys.prefix).iterdir():
        (environment / path.name).symlink_to(path)
    for stamp in (".runs", ".tests"):  # what the Makefile would install is here
        (environment / stamp).unlink(missing_ok=True)
        (environment / stamp).touch()
    (place / "demo").mkdir()
    if cache is not None:
        (place / "demo" / "graph.cache").symlink_to(cache, target_is_directory=True)
    return place


def run(command: str, place: Path) -> str:
    """Run ``command`` in ``place`` and return what it answers; CalledProcessError where it fails."""
    environment = {**os.environ, "PATH": f"{place / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("MAKEFLAGS", None)  # those of the make that runs the tests
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def steps(page: str) -> Iterator[Step]:
    """Yield what the blocks of ``page`` say to do, in order."""
    for language, body in _BLOCK.findall(page):
        if language == "console":
            yield from _console(body)
        elif language == "python":
            yield Step(f"python - <<'END'\n{body}END", "", compared=False)
        else:
            lines = [
                line for line in body.splitlines() if line.partition(" #")[0].strip() not in ALREADY_DONE
            ]
            if any(lines):
                yield Step("\n".join(lines), "", compared=False)


def _console(body: str) -> Iterator[Step]:
    command, answer = "", ""
    for line in body.splitlines(keepends=True):
        if line.startswith("$ "):
            if command:
                yield Step(command, answer, compared=True)
            command, answer = line[2:].rstrip("\n"), ""
        elif command and not answer and _is_open(command):
            command += "\n" + line.rstrip("\n")
        else:
            answer += line
    if command:
        yield Step(command, answer, compared=True)


def _is_open(command: str) -> bool:
    """Tell whether ``command`` goes on in the next line: a quotation is open, or its end is escaped."""
    try:
        shlex.split(command)
    except ValueError:
        return True
    return False


def rewritten(page: str, place: Path) -> str:
    """Return ``page`` with the answers that its commands give in ``place``."""

    def block(match: re.Match[str]) -> str:
        language, body = match[1], match[2]
        if language == "console":
            body = "".join(f"$ {step.command}\n{run(step.command, place)}" for step in _console(body))
        else:
            for step in steps(match[0]):
                run(step.command, place)
        return f"```{language}\n{body}```"

    return _BLOCK.sub(block, page)


def likeness(one: str, other: str) -> float:
    """Return how much of the words of two answers is the same, in any order: 0 to 1."""
    a, b = Counter(one.split()), Counter(other.split())
    return 2 * (a & b).total() / max(a.total() + b.total(), 1) if a or b else 1.0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        known = Path(sys.argv[1]).resolve() if sys.argv[1:] else None
        page = rewritten(README.read_text("utf-8"), clone(Path(folder), known))
    README.write_text(page, "utf-8")
