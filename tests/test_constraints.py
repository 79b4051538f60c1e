"""``constraints.txt`` names one version of everything that the two make targets install.

``python tests/test_constraints.py > constraints.txt`` writes it anew from the environment it runs in.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
HEAD = """\
# One version of each package that `make demo` and `make test` install, so that both do the same tomorrow.
# Written by `python tests/test_constraints.py`; the ranges that kg works with are in pyproject.toml.
"""


def direct() -> list[Requirement]:
    """What ``pip install -e .[dev]`` asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = map(Requirement, (*project["dependencies"], *extras["dev"], *extras["notebooks"]))
    return [requirement for requirement in wanted if requirement.name != "kg"]  # dev names the other extra


def installed() -> dict[str, str]:
    """The version here of each package that these need, and those need, and so on."""
    found: dict[str, str] = {}
    done: set[tuple[str, str]] = set()
    left = direct()
    while left:
        wanted = left.pop()
        try:
            package = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # for another system or another Python
        found[package.metadata["Name"]] = package.version
        for extra in {"", *wanted.extras} - {e for name, e in done if name == wanted.name}:
            done.add((wanted.name, extra))
            for text in package.requires or ():
                needed = Requirement(text)
                if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                    left.append(needed)
    return found


def constraints() -> dict[str, Version]:
    """What the file says, by canonical name."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line) for line in entries)
    return {canonicalize_name(line.partition("==")[0]): Version(line.partition("==")[2]) for line in entries}


def test_everything_installed_has_one_version() -> None:
    missing = {canonicalize_name(name) for name in installed()} - constraints().keys()
    assert not missing, "run python tests/test_constraints.py > constraints.txt"


def test_the_versions_are_in_the_ranges_of_the_project() -> None:
    named = constraints()
    for wanted in direct():
        assert wanted.specifier.contains(named[canonicalize_name(wanted.name)], prereleases=True), wanted


if __name__ == "__main__":
    rows = sorted(installed().items(), key=lambda item: item[0].casefold())
    print(HEAD + "".join(f"{name}=={version}\n" for name, version in rows), end="")
