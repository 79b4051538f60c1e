"""What is given to read: files, folders, standard input, and what is refused."""

from __future__ import annotations

import gzip
import hashlib
import itertools
from pathlib import Path

import pytest

from kg.errors import InputError, UsageError
from kg.reading import FORMATS, formats, read
from kg.report import Report

TABLE = "title,abstract\nStones,Round.\n"
LINES = '{"title": "Sand", "abstract": "Fine."}\n'


def titles(*inputs: str | Path, report: Report | None = None) -> list[str]:
    return [paper.title for paper in read(inputs, report=report)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    (place / "b" / ".git").mkdir(parents=True)
    (place / "a.csv").write_text(TABLE)
    (place / "b" / "c.jsonl").write_text(LINES)
    (place / "b" / "a.csv.gz").write_bytes(gzip.compress(TABLE.replace("Stones", "Clay").encode()))
    (place / ".hidden.csv").write_text(TABLE)
    (place / "b" / ".git" / "d.csv").write_text(TABLE)
    return place


def test_folders_are_searched_in_order_without_hidden_files(folder: Path) -> None:
    report = Report()
    assert titles(folder, report=report) == ["Stones", "Clay", "Sand"]
    assert report.counts["reading.files"] == report.counts["reading.records"] == 3


def test_loops_of_links_end_and_files_are_read_once(folder: Path) -> None:
    (folder / "b" / "loop").symlink_to(folder)
    (folder / "twin.csv").symlink_to(folder / "a.csv")
    report = Report()
    assert sorted(titles(folder, folder / "a.csv", report=report)) == ["Clay", "Sand", "Stones"]
    assert report.counts["reading.files_named_twice"] == 2


def test_in_a_folder_what_cannot_be_read_is_named_and_skipped(folder: Path) -> None:
    (folder / "notes.md").write_text("# Notes\n")
    (folder / "refs.bib").write_text("@article{a, title={Stones}}\n")
    (folder / "empty.csv").write_text("")
    report = Report()
    assert len(titles(folder, report=report)) == 3
    assert {reason: places for (_, reason), places in report.places.items()} == {
        "file skipped: no known format": ["notes.md"],
        "file skipped: BibTeX not read yet": ["refs.bib"],
        "file skipped: empty file": ["empty.csv"],
    }


def test_a_folder_in_which_nothing_can_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder without files"):
        read([tmp_path])
    (tmp_path / "a.bin").write_bytes(bytes(range(256)))
    (tmp_path / "b.bin").write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match=r"nothing can be read.*no text.*1 more like it"):
        titles(tmp_path)


def test_a_path_that_does_not_exist_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere.csv” does not exist"):
        read([tmp_path / "nowhere.csv"])
    with pytest.raises(InputError, match="does not exist"):
        read(["a\0b"])


def test_the_call_itself_may_be_wrong(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no format is called “ris”; choose one of jsonl, csv, listing"):
        read([tmp_path], format="ris")
    with pytest.raises(UsageError, match="nothing to read"):
        read([])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\n\t\n", "nothing but white space"),
        (bytes(range(256)) * 4, "no text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "no text"),
        (b"PK\x03\x04" + bytes(100), "ZIP archive"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PAR1" + bytes(20), "Parquet"),
        (b"%% refs\n\n@inproceedings{a,\n title = {Stones},\n}\n", "BibTeX"),
        (b"1.\r\nTY  - JOUR\r\nTI  - Stones\r\nER  - \r\n", "RIS"),
        (b"\xef\xbb\xbfTY  -\nER  -\n", "RIS"),
        (b'<?xml version="1.0"?>\n<collection/>', "XML"),
        (b"<collection><volume/></collection>", "XML"),
        (b"<!DOCTYPE html>\n<html></html>", "HTML"),
        (b"\nPMID- 123\nTI  - Stones\n", "PubMed"),
        (b"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI Stones\n", "Web of Science"),
        (b"%0 Journal Article\n%T Stones\n", "EndNote"),
        (b'{"meta": {}, "results": [{"id": "https://openalex.org/W1", "title": "Stones"}]}', "OpenAlex JSON"),
        (
            b'{"id":"https://openalex.org/W1","title":"S","abstract_inverted_index":{"a":[0]}}\n',
            "OpenAlex JSON",
        ),
        (b'{"total":1,"data":[{"paperId":"%b","title":"S"}]}' % (b"0a" * 20), "Semantic Scholar JSON"),
        (b'[{"corpusId": 12, "externalIds": {"DOI": "10.1/x"}, "title": "S"}]', "Semantic Scholar JSON"),
        (b'{"status":"ok","message-type":"work-list","message":{"items":[]}}', "Crossref JSON"),
        (b"Just a line of prose.\n", "no format that is known; tried jsonl, csv, listing"),
    ],
)
def test_files_that_are_not_read_are_named(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said):
        titles(path)


def test_ids_of_openalex_with_plain_abstracts_are_welcome(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"id": "https://openalex.org/W1", "title": "Stones", "abstract": "Round."}\n')
    assert [paper.id for paper in read([path])] == ["https://openalex.org/W1"]


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read([tmp_path / ("x" * 5000)])


def test_files_that_may_not_be_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.symlink_to(path)
    with pytest.raises(InputError, match=r"t.csv” cannot be opened"):
        titles(path)


def test_a_format_that_is_named_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("Stones\n\nThey are round.\n")
    with pytest.raises(InputError):
        titles(path)
    (paper,) = read([path], format="listing")
    assert (paper.title, paper.abstract) == ("Stones", "They are round.")


def test_one_path_needs_no_list(folder: Path) -> None:
    assert len(list(read(str(folder)))) == len(list(read(folder))) == 3


def test_papers_come_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("".join(f'{{"title": "Stone {n}"}}\n' for n in range(2000)))
    report = Report()
    assert [paper.title for paper in itertools.islice(read([path], report=report), 3)] == [
        "Stone 0",
        "Stone 1",
        "Stone 2",
    ]
    assert report.counts["reading.records"] == 3


def test_digests_depend_on_the_contents_alone(tmp_path: Path, folder: Path) -> None:
    one: list[str] = []
    list(read([folder], digests=one))
    assert one == sorted(hashlib.sha256(f.read_bytes()).hexdigest() for f in _shown(folder))
    other: list[str] = []
    moved = tmp_path / "moved"
    moved.mkdir()
    for number, file in enumerate(reversed(_shown(folder))):
        (moved / str(number)).write_bytes(file.read_bytes())
    list(read(sorted(moved.iterdir(), reverse=True), digests=other))
    assert one == other


def _shown(folder: Path) -> list[Path]:
    return [folder / "a.csv", folder / "b" / "c.jsonl", folder / "b" / "a.csv.gz"]


def test_names_of_files_are_fit_for_output(tmp_path: Path) -> None:
    path = tmp_path / "a\udcff.csv"
    path.write_text(TABLE)
    assert [paper.source for paper in read([path])] == ["a\ufffd.csv#1"]


def test_every_format_is_described() -> None:
    assert list(formats()) == ["jsonl", "csv", "listing"] == [format_.name for format_ in FORMATS]
    assert all(formats().values())
