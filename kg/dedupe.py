"""The same paper listed twice: one `Paper`, with all its listings.

Two records are one paper where they share a DOI or an arXiv identifier, or where their normalised
titles are equal and abstracts, years or authors speak for it (see `kg.agreement`). Two identifiers of
one kind that differ forbid a merge by title; a preprint may have another DOI than the paper. Being
one paper is transitive.

Records are put in order first, and every choice is the first in that order, so that the answer does
not depend on the order of the input. Only records with a key in common are compared, and of many with
one title only neighbours, after Hernández and Stolfo (1995, doi:10.1145/223784.223807): the cost is
that of sorting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kg.agreement import Facts, agreement, title_key
from kg.model import Merge, Paper
from kg.reading import identifiers
from kg.text import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.report import Report

#: Of no more different records with one title, every two are compared.
_ALL_PAIRS = 64
#: Of more, each with so many that follow it, in three orders.
_WINDOW = 8

_PREPRINT = re.compile(
    r"10\.(?:48550/arxiv|1101/(?:\d{6}|20\d\d\.)|64898/|21203/rs|2139/ssrn|31219/|31234/|26434/chemrxiv|"
    r"20944/preprints|36227/techrxiv|22541/)"
)


class _Link(NamedTuple):
    """Two places of a list hold one paper; of several reasons the lowest ``rank`` is told."""

    a: int
    b: int
    rank: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Node:
    """A paper under way.

    ``records`` are the places of the records merged so far, ``kept`` that of the one whose text it has.
    """

    paper: Paper
    records: tuple[int, ...]
    kept: int


def dedupe(papers: Iterable[Paper], *, report: Report) -> tuple[list[Paper], list[Merge]]:
    """Return each paper once, sorted by id, and every merge with its reason.

    A merged paper has the longest abstract (of equally long ones that with the lowest digest) with the
    title and source it was listed with, the earliest year, the first identifiers, address, venue and
    authors known, and all references, ids and listings. Two papers with one id become ``id`` and
    ``id~digest``. Counted: ``dedupe.records``, ``dedupe.papers``, ``dedupe.ids_shared``,
    ``dedupe.identifiers_in_conflict``.
    """
    records = sorted(papers, key=_order)
    nodes = [_Node(_alone(paper), (place,), place) for place, paper in enumerate(records)]
    reasons: dict[int, tuple[int, str]] = {}
    while True:  # what a merged paper has may agree with more; at the end nothing does
        links, conflicts = _links([node.paper for node in nodes])
        if not links:
            break
        for link in links:
            for place in link[:2]:
                told = link.rank, link.reason
                reasons[nodes[place].kept] = min(told, reasons.get(nodes[place].kept, told))
        nodes = [
            _united([nodes[place] for place in group], records) for group in components(len(nodes), links)
        ]
    result = _with_distinct_ids([node.paper for node in nodes], report)
    merges = [
        Merge(
            what="paper",
            merged=records[place].id,
            into=paper.id,
            reason=f"{reasons[place][1]}; listed as {records[place].source}",
        )
        for node, paper in zip(nodes, result, strict=True)
        for place in node.records
        if place != node.kept
    ]
    report.count("dedupe.records", len(records))
    report.count("dedupe.papers", len(result))
    if conflicts:
        report.count("dedupe.identifiers_in_conflict", conflicts)
    merges.sort(key=lambda merge: (merge.into, merge.merged, merge.reason))
    return sorted(result, key=lambda paper: paper.id), merges


def components(size: int, links: Iterable[tuple[int, int] | _Link]) -> list[list[int]]:
    """Return the numbers below ``size``, grouped by what ``links`` connect; all sorted (union–find)."""
    parent = list(range(size))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for link in links:
        a, b = sorted((root(link[0]), root(link[1])))
        parent[b] = a
    groups: dict[int, list[int]] = {}
    for place in range(size):
        groups.setdefault(root(place), []).append(place)
    return list(groups.values())


def _links(papers: Sequence[Paper]) -> tuple[list[_Link], int]:
    """Return what connects ``papers``, and how many groups have identifiers in conflict.

    In such a group no title connects a record that has identifiers: it would be anyone's guess which.
    """
    links = list(_by_identifier(papers))
    known = components(len(papers), links)
    group_of = {place: number for number, group in enumerate(known) for place in group}
    by_title = [link for link in _by_title(papers) if group_of[link.a] != group_of[link.b]]
    published = [any(_is_published(papers[place].doi) for place in group) for group in known]
    posted = [any(papers[place].arxiv for place in group) for group in known]
    named = [any(papers[place].doi or papers[place].arxiv for place in group) for group in known]
    in_conflict: set[int] = set()
    conflicts = 0
    for joined in components(len(known), [(group_of[link.a], group_of[link.b]) for link in by_title]):
        if sum(published[group] for group in joined) > 1 or sum(posted[group] for group in joined) > 1:
            conflicts += 1
            in_conflict.update(group for group in joined if named[group])
    links += [
        link
        for link in by_title
        if group_of[link.a] not in in_conflict and group_of[link.b] not in in_conflict
    ]
    return links, conflicts


def _by_identifier(papers: Sequence[Paper]) -> Iterator[_Link]:
    """Yield links between papers that share an identifier.

    One that a record has only as its own id connects it only to records of the same title: two texts
    under one own id stay two papers.
    """
    blocks: dict[tuple[str, ...], list[int]] = {}
    for place, paper in enumerate(papers):
        for kind, value, own in (
            ("DOI", paper.doi, identifiers.doi_of_id),
            ("arXiv identifier", paper.arxiv, identifiers.arxiv),
        ):
            if not value:
                continue
            blocks.setdefault((kind, value, title_key(paper.title)), []).append(place)
            if not (paper.own_id and any(own(name) == value for name in paper.ids)):
                blocks.setdefault((kind, value), []).append(place)
    for (kind, value, *_), places in blocks.items():
        for place in places[1:]:
            yield _Link(places[0], place, 0, f"same {kind} {value}")


def _by_title(papers: Sequence[Paper]) -> Iterator[_Link]:
    blocks: dict[str, list[int]] = {}
    for place, paper in enumerate(papers):
        blocks.setdefault(title_key(paper.title), []).append(place)
    for places in blocks.values():
        if len(places) == 1:
            continue
        facts = {place: Facts(papers[place]) for place in places}
        alike: dict[tuple[object, ...], list[int]] = {}
        for place in places:
            alike.setdefault(facts[place].profile, []).append(place)
        pairs = [(same[0], other) for same in alike.values() for other in same[1:]]
        pairs += _neighbours([same[0] for same in alike.values()], facts)
        for a, b in pairs:
            if reason := agreement(facts[a], facts[b]):
                yield _Link(a, b, 1, reason)


def _neighbours(places: list[int], facts: dict[int, Facts]) -> list[tuple[int, int]]:
    if len(places) <= _ALL_PAIRS:
        return list(combinations(places, 2))
    orders = (
        sorted(places, key=lambda place: facts[place].abstract),
        sorted(places, key=lambda place: sorted(facts[place].authors)),
        sorted(places, key=lambda place: facts[place].paper.year or 0),
    )
    return [
        (place, other)
        for order in orders
        for at, place in enumerate(order)
        for other in order[at + 1 : at + 1 + _WINDOW]
    ]


def _is_published(doi: str) -> bool:
    return bool(doi) and not _PREPRINT.match(doi)


def _order(paper: Paper) -> tuple[object, ...]:
    """Return a sort key that only equal papers share."""
    values = (getattr(paper, field.name) for field in fields(Paper))
    return tuple(-1 if value is None else value for value in values)


def _alone(paper: Paper) -> Paper:
    """Return ``paper`` with its own id and source among ``ids`` and ``listings``."""
    return replace(
        paper,
        ids=tuple(sorted({*paper.ids, paper.id})),
        listings=tuple(sorted({*paper.listings, *filter(None, [paper.source])})),
    )


def _united(nodes: list[_Node], records: Sequence[Paper]) -> _Node:
    if len(nodes) == 1:
        return nodes[0]

    def rank(node: _Node) -> tuple[int, str, str, int]:
        kept = records[node.kept]
        return -len(kept.abstract), digest(kept.abstract), digest(kept.title), node.kept

    nodes = sorted(nodes, key=rank)
    papers = [node.paper for node in nodes]
    dois = [paper.doi for paper in papers if paper.doi]
    doi = next(filter(_is_published, dois), dois[0] if dois else "")
    arxiv = next((paper.arxiv for paper in papers if paper.arxiv), "")
    own = sorted(paper.id for paper in papers if paper.own_id)
    name = own[0] if own else f"doi:{doi}" if doi else f"arxiv:{arxiv}" if arxiv else papers[0].id
    paper = replace(
        papers[0],
        id=name,
        year=min((paper.year for paper in papers if paper.year is not None), default=None),
        url=next((paper.url for paper in papers if paper.url), ""),
        doi=doi,
        arxiv=arxiv,
        authors=next((paper.authors for paper in papers if paper.authors), ()),
        venue=next((paper.venue for paper in papers if paper.venue), ""),
        references=tuple(dict.fromkeys(named for paper in papers for named in paper.references)),
        ids=tuple(sorted({name, *(given for paper in papers for given in paper.ids)})),
        listings=tuple(sorted({listing for paper in papers for listing in paper.listings})),
        own_id=bool(own),
    )
    return _Node(paper, tuple(place for node in nodes for place in node.records), nodes[0].kept)


def _with_distinct_ids(papers: list[Paper], report: Report) -> list[Paper]:
    """Return ``papers`` in their order; of those with one id all but one get a digest behind it."""
    result = list(papers)
    sharing: dict[str, list[int]] = {}
    for place, paper in enumerate(papers):
        sharing.setdefault(paper.id, []).append(place)
    taken = set(sharing)
    for name, places in sorted(sharing.items()):
        places.sort(
            key=lambda place: (not papers[place].own_id, _text_digest(papers[place]), _order(papers[place]))
        )
        for place in places[1:]:
            paper = papers[place]
            new = f"{name}~{_text_digest(paper)}"
            again = 0
            while new in taken:  # the same text, told apart by where it is listed, or by nothing at all
                again += 1
                new = f"{name}~{digest(paper.title, paper.abstract, *paper.listings, str(again))}"
            taken.add(new)
            result[place] = replace(paper, id=new, ids=tuple(sorted({*paper.ids, new})))
            report.count("dedupe.ids_shared")
    return result


def _text_digest(paper: Paper) -> str:
    return digest(paper.title, paper.abstract)
