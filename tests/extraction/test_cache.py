"""What is kept from one run to the next survives kills, rivals and damage."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DiskError, UsageError
from kg.extraction import records
from kg.extraction.cache import Cache
from kg.model import Field, Mention, Paper, PaperConcept, Result

PAPER = Paper(id="p1", title="Foo: a “thing”", abstract="We propose Foo; it reaches 61.2%.")
ANSWER = records.Answer(
    (
        PaperConcept(
            key="c0",
            type="METHOD",
            role="PROPOSES",
            name="Foo",
            confidence=0.9312,
            mentions=(
                Mention(field="title", start=0, end=3, text="Foo", confidence=0.5),
                Mention(field="abstract", start=11, end=14, text="Foo", confidence=0.25),
            ),
        ),
    ),
    (Result(method="c0", value="61.2%", number=61.2, unit="%", field="abstract", start=27, end=32),),
    3,
)
BODY = records.dump(ANSWER)


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("??/*.json"))


@given(title=st.text(max_size=20), abstract=st.text(max_size=20), data=st.data())
def test_records_come_back_as_they_were(title: str, abstract: str, data: st.DataObject) -> None:
    paper = Paper(id="x", title=title, abstract=abstract)
    field: Field = data.draw(st.sampled_from(["title", "abstract"]))
    text = paper.text(field)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    confidence = data.draw(st.floats(0, 1).map(lambda f: round(f, 4)))
    mention = Mention(field=field, start=start, end=end, text=text[start:end], confidence=confidence)
    answer = records.Answer(
        (
            PaperConcept(
                key="c0", type="TASK", role="ADDRESSES", name=text, confidence=confidence, mentions=(mention,)
            ),
        ),
        (Result(task="c0", metric=title, value=text[start:end], field=field, start=start, end=end),),
        data.draw(st.integers(0, 9)),
    )
    assert records.load(records.dump(answer), paper) == answer


def test_an_entry_is_found_by_pipeline_and_text_alone(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.get("f1", PAPER) is None
    cache.put("f1", PAPER, BODY)
    assert cache.get("f1", PAPER) == ANSWER
    same_text = Paper(id="other", title=PAPER.title, abstract=PAPER.abstract)
    assert Cache(tmp_path / "cache").get("f1", same_text) == ANSWER
    assert cache.get("f2", PAPER) is None
    for title, abstract in ((PAPER.title + PAPER.abstract, ""), (PAPER.title, PAPER.abstract + " ")):
        assert cache.get("f1", Paper(id="p1", title=title, abstract=abstract)) is None


def test_reading_makes_no_folder(tmp_path: Path) -> None:
    assert Cache(tmp_path / "cache").get("f1", PAPER) is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "another's", "not JSON", "other JSON"])
def test_a_damaged_entry_is_a_miss_and_is_written_again(tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path)
    cache.put("f1", PAPER, BODY)
    (entry,) = entries(tmp_path)
    whole = entry.read_bytes()
    if damage == "another's":
        cache.put("f2", PAPER, BODY)
        (other,) = set(entries(tmp_path)) - {entry}
        entry.write_bytes(other.read_bytes())
    elif damage in {"not JSON", "other JSON"}:  # with a checksum that fits
        cache.put("f1", PAPER, b"{" if damage == "not JSON" else b'{"concepts": [[1]], "results": 3}')
    else:
        flipped = whole.replace(b"0.9312", b"0.9313")
        entry.write_bytes({"empty": b"", "cut": whole[:-9], "flipped": flipped}[damage])
    assert cache.get("f1", PAPER) is None
    cache.put("f1", PAPER, BODY)
    assert cache.get("f1", PAPER) == ANSWER
    assert entry.read_bytes() == whole


def test_what_a_killed_process_left_goes_when_it_is_old(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("f1", PAPER, BODY)
    (entry,) = entries(tmp_path)
    young, old = entry.with_suffix(".1.part"), entry.with_suffix(".2.part")
    for part in (young, old):
        part.write_bytes(b"half")
    long_ago = time.time() - 1e5
    os.utime(old, (long_ago, long_ago))
    assert Cache(tmp_path).get("f1", PAPER) == ANSWER
    assert young.exists()
    assert not old.exists()


WRITER = """
import sys
from pathlib import Path
from kg.extraction.cache import Cache
from kg.model import Paper
cache = Cache(Path(sys.argv[1]))
paper = Paper(id="p1", title=sys.argv[2], abstract=sys.argv[3])
for n in range(int(sys.argv[4])):
    cache.put(f"f{n % 7}", paper, sys.argv[5].encode())
    print(n, flush=True)
"""


def writer(folder: Path, times: int) -> subprocess.Popen[str]:
    values = (str(folder), PAPER.title, PAPER.abstract, str(times), BODY.decode())
    return subprocess.Popen([sys.executable, "-c", WRITER, *values], stdout=subprocess.PIPE, text=True)


def test_two_processes_may_write_at_once_and_one_may_be_killed(tmp_path: Path) -> None:
    with writer(tmp_path, 10**9) as doomed, writer(tmp_path, 300) as rival:
        assert doomed.stdout is not None
        assert rival.stdout is not None
        assert doomed.stdout.readline()
        cache = Cache(tmp_path)
        for _ in rival.stdout:
            assert cache.get("f3", PAPER) in {None, ANSWER}
        doomed.kill()
    assert rival.returncode == 0
    assert all(cache.get(f"f{n}", PAPER) == ANSWER for n in range(7))


def test_it_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("f1", PAPER, BODY)
    for path in sorted((tmp_path / "cache").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (tmp_path / "cache").rmdir()
    assert cache.get("f1", PAPER) is None
    cache.put("f1", PAPER, BODY)
    assert cache.get("f1", PAPER) == ANSWER


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="no folder"):
        Cache(tmp_path / "file")


def test_a_disk_that_refuses_is_a_disk_error(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "file" / "cache")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DiskError, match="cannot be used"):
        cache.put("f1", PAPER, BODY)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("f1", PAPER, BODY)
    (entry,) = entries(tmp_path)
    entry.unlink()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(BODY) // 2, hard))  # as on a disk that is full
    try:
        with pytest.raises(DiskError, match="cannot be used"):
            cache.put("f1", PAPER, BODY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [path for path in entry.parent.iterdir() if path.is_file()]
