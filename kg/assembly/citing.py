"""Reference lists of the input, matched to the papers of the input."""

from __future__ import annotations

from collections.abc import Iterable

from kg.model import Paper
from kg.reading.identifiers import reference_keys
from kg.report import Report
from kg.text import fold

#: A title of fewer words ("Introduction", "Word embeddings") names no paper by itself.
_TITLE_WORDS = 4


class References:
    """Finds the paper of the input that an entry of a reference list means."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._ids: dict[str, set[str]] = {}
        self._titles: dict[str, set[str]] = {}
        for paper in papers:
            marks = {paper.id, *paper.ids}
            if paper.doi:
                marks.add(f"doi:{paper.doi.lower()}")
            if paper.arxiv:
                marks.add(f"arxiv:{paper.arxiv.lower()}")
            if paper.url:
                marks.add(paper.url)
            for mark in marks:
                self._ids.setdefault(mark.strip(), set()).add(paper.id)
            title = fold(paper.title)
            if len(title.split()) >= _TITLE_WORDS:
                self._titles.setdefault(title, set()).add(paper.id)

    def cited(self, paper: Paper, report: Report) -> list[str]:
        """Return the ids of the papers that ``paper`` cites, sorted; what matches none is counted."""
        found: set[str] = set()
        for reference in sorted({r.strip() for r in paper.references} - {""}):
            matches = self._match(reference)
            if len(matches) == 1:
                found |= matches
            else:
                reason = (
                    "reference that several papers match" if matches else "reference to no paper of the input"
                )
                report.drop("assembly", reason, f"{paper.id} {reference}")
        if paper.id in found:
            report.drop("assembly", "reference of a paper to itself", paper.id)
        return sorted(found - {paper.id})

    def _match(self, reference: str) -> set[str]:
        """Return the papers with the first mark in ``reference`` that one has: an id, else the title."""
        for mark in reference_keys(reference):
            if mark in self._ids:
                return self._ids[mark]
        return self._titles.get(fold(reference), set())
