"""Bytes, compression, encodings and damage, whatever the format."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import tracemalloc
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.reading import read
from kg.reading.source import RECORD_LIMIT
from kg.report import Report

TABLE = "Title,Abstract,Year\nÜber naïve Köder,“Ça va” – déjà vu… 100 €,2019\nPlain,text,2020\n"
WANTED = [("Über naïve Köder", "“Ça va” – déjà vu… 100 €", 2019), ("Plain", "text", 2020)]


def found(path: Path, data: bytes, report: Report | None = None) -> list[tuple[str, str, int | None]]:
    path.write_bytes(data)
    return [(paper.title, paper.abstract, paper.year) for paper in read([path], report=report)]


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        TABLE.encode("cp1252"),
        TABLE.replace("\n", "\r\n").encode("cp1252"),
        TABLE.replace("\n", "\r").encode(),
        gzip.compress(TABLE.encode()),
        gzip.compress(codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le")),
    ],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be", "le-bare", "be-bare", "1252", "dos", "mac", "gz", "gz-16"],
)
def test_every_encoding_reads_alike(tmp_path: Path, data: bytes) -> None:
    assert found(tmp_path / "table", data) == WANTED


def test_latin_1_beyond_the_head_is_seen_when_it_comes(tmp_path: Path) -> None:
    rows = "".join(f"Study {n},plain text without anything foreign,2001\n" for n in range(8_000))
    report = Report()
    papers = found(tmp_path / "t.csv", f"title,abstract,year\n{rows}Köder,é,2002\n".encode("latin-1"), report)
    assert papers[-1] == ("Köder", "é", 2002)
    assert report.counts["reading.files_windows_1252"] == 1


@pytest.mark.parametrize("rows", [0, 9_000])
@pytest.mark.parametrize("header", ["utf-8", "latin-1"])
def test_each_line_of_a_file_of_two_encodings_is_read_in_its_own(
    tmp_path: Path, header: str, rows: int
) -> None:
    plain = "".join(f"Study {n},plain text without anything foreign,2001\n" for n in range(rows))
    data = "título,resumo,año\n".encode(header)
    data += "Café,naïve déjà vu à côté,2001\n".encode("latin-1") + plain.encode()
    data += "Köder,ça va – 100 €,2002\n".encode() + "Ende,é,2003\n".encode("latin-1")
    papers = found(tmp_path / "t.csv", data)
    assert papers[0] == ("Café", "naïve déjà vu à côté", 2001)
    assert papers[-2:] == [("Köder", "ça va – 100 €", 2002), ("Ende", "é", 2003)]


def test_utf_8_cut_off_at_the_end_costs_the_last_record(tmp_path: Path) -> None:
    report = Report()
    data = "title,abstract\nKöder,é\nZweiter,ü".encode()[:-1]
    assert found(tmp_path / "t.csv", data, report) == [("Köder", "é", None)]
    assert report.places["reading", "damaged UTF-8"] == ["t.csv:3"]
    lines = b'{"title": "A", "abstract": "x"}\n{"title": "B", "abstract": "caf\xc3'
    report = Report()
    assert found(tmp_path / "t.jsonl", lines, report) == [("A", "x", None)]
    assert report.places["reading", "damaged UTF-8"] == ["t.jsonl:2"]


def test_damage_inside_costs_one_record(tmp_path: Path) -> None:
    report = Report()
    data = "title,abstract\nKöder,é\nX,Y\nLetzter,ß\n".encode().replace(b"Y", b"\xe2\x80")
    assert [title for title, *_ in found(tmp_path / "t.csv", data, report)] == ["Köder", "Letzter"]
    assert report.places["reading", "damaged UTF-8"] == ["t.csv:3"]


def test_utf_16_cut_off_within_a_unit_costs_the_last_record(tmp_path: Path) -> None:
    report = Report()
    data = codecs.BOM_UTF16_LE + "title,abstract\nA,b\nC,dd".encode("utf-16-le")[:-1]
    assert found(tmp_path / "t.csv", data, report) == [("A", "b", None)]
    assert report.places["reading", "damaged UTF-8"] == ["t.csv:3"]


@pytest.mark.parametrize(
    "data",
    [
        b'{"title": "a \\ud800 b", "abstract": "\\udfff\\udc00"}\n',
        '{"title": "a \ud800 b", "abstract": "\udfff\udc00"}\n'.encode("utf-8", "surrogatepass"),
        codecs.BOM_UTF16_LE
        + '{"title": "a \ud800 b", "abstract": "\udfff\udc00"}\n'.encode("utf-16-le", "surrogatepass"),
        'title,abstract\na \ud800 b,"\udfff\udc00"\n'.encode("utf-8", "surrogatepass"),
    ],
    ids=["escaped", "utf-8", "utf-16", "table"],
)
def test_lone_surrogates_become_replacement_characters(tmp_path: Path, data: bytes) -> None:
    report = Report()
    assert found(tmp_path / "t", data, report) == [("a \ufffd b", "\ufffd\ufffd", None)]
    assert report.counts["reading.surrogates_replaced"] == 3


def test_a_pair_of_surrogate_escapes_is_a_character(tmp_path: Path) -> None:
    report = Report()
    assert found(tmp_path / "t", b'{"title": "a \\ud83d\\ude00"}', report)[0][0] == "a 😀"
    assert not report.counts["reading.surrogates_replaced"]


@pytest.mark.parametrize(
    "text", ["a\0b", "\u202eabc\u202c שלום", "'; DROP (n)--", "<script>", "a\u2028b\x85c\x0b", " x "]
)
def test_text_is_kept_code_point_for_code_point(tmp_path: Path, text: str) -> None:
    lines = "".join(
        json.dumps({"id": text, "title": text, "abstract": text * 2}, ensure_ascii=ascii_) + "\n"
        for ascii_ in (True, False)
    )
    path = tmp_path / "t.jsonl"
    path.write_bytes(lines.encode())
    assert [(p.id, p.title, p.abstract) for p in read([path])] == [(text, text, text * 2)] * 2
    path.write_bytes(f'id\ttitle\tabstract\n{text}\t{text}\t"{text}{text}"\n'.encode())
    assert [(p.id, p.title, p.abstract) for p in read([path])] == [(text, text, text * 2)]


def test_nul_inside_a_string_of_json_is_text(tmp_path: Path) -> None:
    assert found(tmp_path / "t.jsonl", b'{"title": "a\0b"}\n') == [("a\0b", "", None)]


@pytest.mark.parametrize("form", ["lines", "array", "table", "listing"])
def test_a_line_of_50_mb_is_skipped_in_little_memory(tmp_path: Path, form: str) -> None:
    long = b"x" * 50_000_000
    good = b"We measure pebbles. They are round, and we prove it with care in three rivers of the north. " * 3
    data = {
        "lines": b'{"title": "A"}\n{"title": "%b"}\n{"title": "B"}\n' % long,
        "array": b'[{"title": "A"},\n{"title": "%b"},\n{"title": "B"}]' % long,
        "table": b"title,abstract\nA,\n%b,\nB,\n" % long,
        "listing": b"Get trending papers in your email inbox!\nA\n%b\nC\n%b\nB\n%b\n" % (good, long, good),
    }[form]
    path = tmp_path / "big"
    path.write_bytes(data)
    del data, long
    report = Report()
    tracemalloc.start()
    papers = list(read([path], report=report))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [paper.title for paper in papers] == ["A", "B"]
    line = {"listing": 5, "table": 3, "lines": 2, "array": 2}[form]
    assert report.places["reading", "record longer than 20 MB"] == [f"big:{line}"]
    assert peak < 5 * RECORD_LIMIT


def test_a_long_title_is_only_long(tmp_path: Path) -> None:
    title = "word " * 2000
    assert found(tmp_path / "t.jsonl", json.dumps({"title": title}).encode())[0][0] == title


def test_damaged_gzip_is_said_to_be(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f'{{"title": "Study {n}"}}\n' for n in range(2_000)).encode())
    path = tmp_path / "t.jsonl.gz"
    path.write_bytes(packed[:-200])
    with pytest.raises(InputError, match="gzip file that is cut off or damaged"):
        list(read([path]))
    path.write_bytes(b"\x1f\x8b" + b"nonsense" * 10)
    with pytest.raises(InputError, match="gzip file that is"):
        list(read([path]))


class Standard:
    """Standard input with given bytes behind it, handed out as a pipe hands them out."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BufferedReader(Trickle(data), 7)


class Trickle(io.RawIOBase):
    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub says Buffer
        data = self._data.read(min(5, len(buffer)))
        buffer[: len(data)] = data
        return len(data)


@pytest.mark.parametrize(
    "data",
    [TABLE.encode(), TABLE.encode("cp1252"), gzip.compress(TABLE.encode()), TABLE.encode("utf-16")],
    ids=["utf-8", "1252", "gz", "utf-16"],
)
def test_standard_input_reads_like_a_file(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", Standard(data))
    papers = list(read(["-"]))
    assert [(paper.title, paper.abstract, paper.year) for paper in papers] == WANTED
    assert [paper.source for paper in papers] == ["stdin#1", "stdin#2"]
