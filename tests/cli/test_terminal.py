"""On a terminal: bars that go away, tables that fit, and no control code of a paper's text."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest

from kg.cli import output
from kg.cli.console import Console

from .process import COMMAND, GIVEN


def on_a_terminal(*arguments: str | Path, columns: int) -> str:
    """Run ``kg`` with output and error on a terminal of ``columns`` places; return all that it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not data:
                break
            shown += data
    os.close(ours)
    assert process.returncode == 0, shown
    return shown.decode("utf-8").replace("\r\n", "\n")


def test_a_table_fits_the_terminal(given_graph: Path) -> None:
    question = "MATCH (p:Paper) RETURN p.id AS id, p.title AS title, p.abstract AS abstract LIMIT 5"
    lines = on_a_terminal("query", given_graph, question, columns=70).splitlines()
    assert max(map(output.width, lines)) <= 70
    assert sum(line.endswith("…") for line in lines) == 5


def test_control_codes_of_data_are_shown_as_codes(given_graph: Path) -> None:
    question = "RETURN $text AS text, [$text] AS list, {key: $text} AS map"
    hostile = '"\\u001b[2J\\u009b31m\\u202e\\u0007"'
    for form in output.FORMATS:
        shown = on_a_terminal(
            "query", given_graph, question, "--param", f"text={hostile}", "--format", form, columns=200
        )
        assert not set(shown) & set("\x1b\x9b\u202e\x07")


def test_progress_of_a_build_on_a_terminal(tmp_path: Path) -> None:
    shown = on_a_terminal(*GIVEN, "--out", tmp_path / "graph", columns=60)
    assert "reading: 60" in shown
    assert "60 listings, 60 papers" in shown


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and has no file behind it."""

    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_in_one_line_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()
    console = Console(stream)
    for done in range(11):
        console.progress("extracting", done, 10)
        now += 1.0
    drawn = stream.getvalue()
    assert drawn.count("\r\x1b[K") == 10
    assert "\n" not in drawn
    assert "[############............] 5/10 1/s 5 s left" in drawn
    assert all(len(line) < 60 for line in drawn.split("\r\x1b[K"))
    console.note("a note")
    console.end_stage()
    assert stream.getvalue().removeprefix(drawn) == "\r\x1b[Ka note\nextracting: 10 (11.0 s)\n"


def test_without_a_terminal_a_long_stage_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    stream = io.StringIO()
    console = Console(stream)
    for done in range(40):
        console.progress("extracting", done)
        now += 1.0
    console.progress("resolving", 0, 5)
    console.fail("no good")
    lines = stream.getvalue().splitlines()
    assert lines == [
        "extracting: 15… (15.0 s)",
        "extracting: 30… (30.0 s)",
        "extracting: 39 (40.0 s)",
        "kg: no good",
    ]


def test_a_console_that_cannot_write_falls_silent() -> None:
    stream = io.StringIO()
    console = Console(stream)
    stream.close()
    console.note("nobody hears this")
    console.fail("nor this")
    assert console.quiet
