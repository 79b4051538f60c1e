"""``kg view`` as a process."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kg.tables import Graph
from kg.viewing import page, picture

from .graphs import chain

COMMAND = (sys.executable, "-m", "kg", "view")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("verb") / "graph"
    chain().save(place)
    return place


def view(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, check=False)


def test_a_page_goes_to_standard_output_or_to_a_file(folder: Path, tmp_path: Path) -> None:
    expected = page(Graph.load(folder), title="A “title” <b>").encode()
    for arguments in ((), ("--out", "-")):
        done = view(folder, "--title", "A “title” <b>", *arguments)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout == expected
    done = view(folder, "--title", "A “title” <b>", "--out", tmp_path / "page")
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "page").read_bytes() == expected


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_picture_is_asked_for_by_name_or_by_ending(folder: Path, tmp_path: Path, form: str) -> None:
    expected = picture(Graph.load(folder), "png" if form == "png" else "svg", focus="method 3", hops=2)
    options = ("--focus", "method 3", "--hops", "2")
    assert view(folder, *options, "--format", form).stdout == expected
    assert view(folder, *options, "--out", tmp_path / f"a.{form.upper()}").returncode == 0
    assert (tmp_path / f"a.{form.upper()}").read_bytes() == expected


def test_a_page_is_bounded(folder: Path) -> None:
    assert view(folder, "--max-nodes", "5").stdout == page(Graph.load(folder), max_nodes=5).encode()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--focus", "methd 3"], b"did you mean"),
        (["--hops", "4"], b"--hops"),
        (["--max-nodes", "0"], b"--max-nodes"),
        (["--format", "gif"], b"--format"),
        (["--out", "."], b"is a folder"),
    ],
)
def test_a_wrong_call_is_one_line_and_leaves_nothing(folder: Path, arguments: list[str], says: bytes) -> None:
    done = view(folder, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_what_is_no_graph_is_refused(tmp_path: Path) -> None:
    done = view(tmp_path, "--out", tmp_path / "page.html")
    assert done.returncode == 2
    assert not (tmp_path / "page.html").exists()


def test_bytes_that_are_no_text_are_shown_as_such(folder: Path) -> None:
    done = subprocess.run(
        [*map(os.fsencode, COMMAND), os.fsencode(folder), b"--title", b"a\xffb"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "<title>a\N{REPLACEMENT CHARACTER}b</title>".encode() in done.stdout


def test_a_terminal_is_not_flooded(folder: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run([*COMMAND, str(folder)], stdout=theirs, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 2
    assert b"--out FILE.html" in done.stderr


def test_a_reader_of_standard_output_by_name_may_leave_early(folder: Path) -> None:
    """As of ``kg view … --out /dev/stdout | head``: whoever reads has seen enough."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        call = [*COMMAND, str(folder), "--format", "svg", "--out", "/dev/stdout"]
        done = subprocess.run(call, stdout=writer, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_another_pipe_whose_reader_leaves_is_told(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    call = [*COMMAND, str(folder), "--out", str(tmp_path / "pipe")]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.close(os.open(tmp_path / "pipe", os.O_RDONLY))
        _, said = process.communicate(timeout=60)
    assert process.returncode == 5
    assert said == f"kg: Broken pipe: {tmp_path / 'pipe'}\n".encode()
