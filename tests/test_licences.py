"""``LICENSES.md`` speaks of every library that is needed, and of every file that others had a hand in."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "LICENSES.md").read_text("utf-8")
#: What this project writes itself, besides Python.
OWN = {".css", ".html", ".js", ".toml", ".typed"}


def test_every_dependency_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[<>=~!;\[ ]", text)[0] for text in project["dependencies"]}
    listed = set(re.findall(r"^\| ([a-z0-9._-]+) \| [^|]+ \|$", PAGE, re.MULTILINE)) - {"library", "---"}
    assert listed == names


def test_every_file_from_elsewhere_is_spoken_of() -> None:
    named = re.findall(r"^\| `([^`]+)`", PAGE, re.MULTILINE)
    assert all((ROOT / place).exists() for place in named)
    data = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "kg").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", *OWN} and "__pycache__" not in path.parts
    ]
    assert data
    covered = [place for place in data if any(place.startswith(name) for name in named) or "LICENSE" in place]
    assert covered == data


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
