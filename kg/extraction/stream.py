"""Papers in, extractions out: lazily, in order, one answer a paper.

The answers do not depend on how many processes read, on what is cached, or on the papers around.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import UsageError, shown
from kg.extraction import records
from kg.extraction.cache import Cache
from kg.extraction.identity import fingerprint
from kg.extraction.options import Options
from kg.extraction.records import Answer
from kg.report import Report

if TYPE_CHECKING:
    from kg.extraction.spacy_pipeline import Reader
    from kg.model import Extraction, Paper

#: Papers taken from the input ahead of the one that is answered next, for each process.
LOOK_AHEAD = 16


def extract(
    papers: Iterable[Paper],
    *,
    jobs: int = 1,
    cache: Cache | None = None,
    report: Report | None = None,
    options: Options | None = None,
) -> Iterator[Extraction]:
    """Yield what is read out of each of ``papers``, in their order.

    With one job the papers are read here, one for each answer that is asked for; with more, by so
    many processes, a bounded number of papers ahead. Closing the iterator ends the processes.
    Counts go to ``report``; those that depend on the cache begin with ``run.``.

    UsageError where ``jobs`` is below one; KgError, naming the paper, where reading one fails.
    """
    if jobs < 1:
        raise UsageError(f"jobs must be at least 1, not {jobs}")
    kept = _Kept(fingerprint(options), cache, report if report is not None else Report())
    chosen = options or Options()
    return _here(papers, kept, chosen) if jobs == 1 else _side_by_side(papers, kept, chosen, jobs)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is known already, and what is counted."""

    fingerprint: str
    cache: Cache | None
    report: Report

    def get(self, paper: Paper) -> Answer | None:
        if self.cache is None:
            return None
        known = self.cache.get(self.fingerprint, paper)
        self.report.count(f"run.extraction.cache_{'misses' if known is None else 'hits'}")
        return known

    def put(self, paper: Paper, body: bytes) -> None:
        if self.cache is not None:
            self.cache.put(self.fingerprint, paper, body)

    def yielded(self, paper: Paper, answer: Answer) -> Extraction:
        """Return the record of ``answer``, and count it: once a paper, in their order."""
        self.report.count("extraction.papers")
        if not (paper.title or paper.abstract).strip():
            self.report.count("extraction.papers_without_text")
        self.report.count("extraction.concepts", len(answer.concepts))
        self.report.count("extraction.mentions", sum(len(c.mentions) for c in answer.concepts))
        self.report.count("extraction.results", len(answer.results))
        for _ in range(answer.unsure):
            self.report.drop("extraction", "concept that is too unsure", paper.id)
        return answer.of(paper, self.fingerprint)


def _here(papers: Iterable[Paper], kept: _Kept, options: Options) -> Iterator[Extraction]:
    reader: Reader | None = None
    for paper in papers:
        answer = kept.get(paper)
        if answer is None:
            from kg.extraction.spacy_pipeline import Reader

            try:
                reader = reader or Reader(options)
                answer = reader.read(paper.title, paper.abstract)
            except Exception as error:
                error.add_note(f"while reading paper {shown(paper.id)}")
                raise
            kept.put(paper, records.dump(answer))
        yield kept.yielded(paper, answer)


def _side_by_side(papers: Iterable[Paper], kept: _Kept, options: Options, jobs: int) -> Iterator[Extraction]:
    from kg.extraction.workers import Crew

    source = enumerate(papers)
    waiting: dict[int, Paper] = {}  # by ticket, in order, not yet answered
    done: dict[int, Answer] = {}
    with Crew(jobs, options) as crew:
        while True:
            while len(waiting) < LOOK_AHEAD * jobs and (taken := next(source, None)) is not None:
                ticket, paper = taken
                waiting[ticket] = paper
                known = kept.get(paper)
                if known is None:
                    crew.submit(ticket, paper)
                else:
                    done[ticket] = known
            if not waiting:
                return
            first = next(iter(waiting))
            while first not in done:
                for ticket, body in crew.answers():
                    kept.put(waiting[ticket], body)
                    done[ticket] = records.load(body, waiting[ticket])
            yield kept.yielded(waiting.pop(first), done.pop(first))
