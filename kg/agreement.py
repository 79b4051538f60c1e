"""Whether two records of one title are one paper: normalised titles, and what speaks for or against.

Pure; `kg.dedupe` asks it about pairs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from kg.text import fold, normalize

if TYPE_CHECKING:
    from kg.model import Paper

#: Words that an abstract needs to prove something about a title that proves nothing.
_LONG = 20
#: The part of the runs of three words that two versions of one abstract have in common, at least. Of
#: 20,000 pairs of abstracts of different papers none had more than 0.033.
_SIMILAR = 0.3
#: The part of them that the abstracts of two papers have in common, at most.
_DIFFERENT = 0.05
#: Years that may lie between a preprint and the paper's last version.
_YEARS = 3
#: Words that say something, from which on a title is hardly given twice.
_TELLING = 4

_NO_ABSTRACT = re.compile(
    r"(?:this (?:paper|article) has )?(?:no|missing) abstract(?: (?:is )?(?:available|provided|found))?|"
    r"(?:the )?abstract (?:is )?(?:not |un)(?:available|provided|found)|(?:not |un)available|"
    r"n ?a|none|null|nan|abstract"
)
_STOP = frozenset(
    "a about all an and are as at be by can do does for from have how in into is it its new no not of on or "
    "our should that the their they this to towards using via was we what when where which who why will with "
    "within without you your".split()
)
#: Words that titles without a subject are made of.
_GENERIC = frozenset(
    "abstract abstracts acknowledgement acknowledgements acknowledgment acknowledgments addendum "
    "afterword announcement annual answer appendix article author authors board book call chair chairs "
    "chapter comment commentary comments committee conclusion conclusions conference contents "
    "contributors correction corrections corrigendum cover discussion editor editorial editors epilogue "
    "errata erratum foreword front guest index interview introduction issue issues journal keynote "
    "letter letters matter memoriam message news note notes number obituary opening organization "
    "organizers overview page papers part perspective perspectives postscript preface preliminary "
    "proceedings program prologue publication reader reply report response retraction review reviewers "
    "reviews section special summary supplement supplementary symposium table title tutorial tutorials "
    "untitled update viewpoint volume welcome workshop workshops".split()
)
#: How titles begin whose subject is another text.
_OPENING = re.compile(
    r"(?:an? |the )?(?:authors? |guest |book )?(?:response|reply|rejoinder|answer|comments?|commentary|"
    r"corrections?|errat(?:um|a)|corrigend(?:um|a)|addendum|retraction|editorial|preface|foreword|"
    r"introduction|discussion|letters?|message|review|proceedings|index|table of contents|in memoriam|"
    r"obituary)(?: (?:to|on|of|from|for|by|about|the)\b| \d|\Z)"
)
_NUMBER = re.compile(r"\d+|x{0,3}(?:ix|iv|v?i{0,3})")
_ASCII_WORD = re.compile(r"[a-z0-9]+[+#*]*")

TitleKind = Literal["generic", "short", "telling"]


def title_key(title: str) -> str:
    """Return what equal titles have in common: letters, digits and ``+ # *``, without case and accents.

    Spaces count between digits only, so that "pre-training" and "pretraining" agree, while "1 23" and
    "12 3" do not. A title without letters and digits is its own key.
    """
    words = _ASCII_WORD.findall(title.lower()) if title.isascii() else _words(title)
    key = "".join(
        f" {word}" if place and word[0].isdigit() and words[place - 1][-1].isdigit() else word
        for place, word in enumerate(words)
    )
    return key or title.strip()


def _words(title: str) -> list[str]:
    words: list[str] = []
    within = False
    base = ""
    for c in normalize("NFKD", normalize("NFKD", title).casefold()):
        kind = unicodedata.category(c)[0]
        if kind == "M" and base < "\u0530":
            continue  # accents on Latin, Greek, Cyrillic; elsewhere marks are vowels and more
        if kind in "LN":
            base = c
        if kind in "LN" or (within and (kind == "M" or c in "+#*")):
            words[-1:] = [words[-1] + c] if within else [*words[-1:], c]
            within = True
        elif c not in "\u200b\u200c\u200d\u00ad":
            within = False
    return words


def title_kind(title: str) -> TitleKind:
    """Return how much a title tells: nothing ("Preface", "Response to …"), little, or enough."""
    folded = fold(title)
    telling = [word for word in folded.split() if word not in _STOP and not _NUMBER.fullmatch(word)]
    if _OPENING.match(folded) or all(word in _GENERIC or len(word) < 2 for word in telling):
        return "generic"
    return "telling" if len(telling) >= _TELLING else "short"


class Facts:
    """What `agreement` compares of a paper, worked out when it is asked for."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    @cached_property
    def kind(self) -> TitleKind:
        """How much the title tells."""
        return title_kind(self.paper.title)

    @cached_property
    def abstract(self) -> str:
        """The folded abstract, empty where it only says that there is none."""
        folded = fold(self.paper.abstract)
        return "" if len(folded) < 80 and _NO_ABSTRACT.fullmatch(folded) else folded

    @cached_property
    def length(self) -> int:
        """The number of words of the abstract."""
        return self.abstract.count(" ") + 1 if self.abstract else 0

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Every three words in a row of the abstract."""
        words = self.abstract.split()
        return frozenset(zip(words, words[1:], words[2:], strict=False))

    @cached_property
    def authors(self) -> frozenset[str]:
        """The words of the authors' names, without initials: free of the order of names."""
        return frozenset(w for name in self.paper.authors for w in fold(name).split() if len(w) > 1)

    @cached_property
    def profile(self) -> tuple[object, ...]:
        """All that `agreement` looks at, and the identifiers: one of many with equal ones stands for all."""
        paper = self.paper
        own = paper.id if paper.own_id else ""
        authors = tuple(sorted(self.authors))
        return self.kind, self.abstract, authors, paper.year or 0, own, paper.doi, paper.arxiv


def agreement(a: Facts, b: Facts) -> str:
    """Return what besides their equal titles speaks for ``a`` and ``b`` being one paper; "" if too little.

    Symmetric. Identifiers are not looked at.
    """
    if a.paper.own_id and b.paper.own_id and a.paper.id == b.paper.id and a.abstract == b.abstract:
        return "same id, title and abstract"
    abstracts, authors, gap = _abstracts(a, b), _authors(a, b), _gap(a, b)
    near = gap is None or gap <= _YEARS
    if abstracts == "same" and min(a.length, b.length) >= _LONG:
        # Prefaces are copied from year to year.
        certain = "generic" not in (a.kind, b.kind) or (authors != "other" and not gap)
        return "same title and abstract" if certain else ""
    if "generic" in (a.kind, b.kind) or authors == "other":
        return ""
    if abstracts in ("same", "similar") and near:
        return f"same title, {abstracts} abstract"
    if "short" in (a.kind, b.kind):
        enough = authors == "same" and gap == 0 and abstracts != "other"
        return "same title, authors and year" if enough else ""
    return _of_telling_title(a, b)


def _of_telling_title(a: Facts, b: Facts) -> str:
    """Return the same for titles that are hardly given twice, where abstracts do not decide."""
    abstracts, authors, gap = _abstracts(a, b), _authors(a, b), _gap(a, b)
    if authors == "same" and (gap is None or gap <= _YEARS):
        return "same title and authors"
    if gap == 0 and abstracts != "other":
        return "same title and year"
    if not (a.abstract or b.abstract or a.authors or b.authors) and gap is None:
        return "same title, and neither has an abstract or authors, or another year"
    return ""


def _abstracts(a: Facts, b: Facts) -> Literal["same", "similar", "other", ""]:
    if not a.abstract or not b.abstract:
        return ""
    if a.abstract == b.abstract:
        return "same"
    shorter, longer = sorted((a, b), key=lambda facts: len(facts.abstract))
    if shorter.length < _LONG:
        return ""
    if longer.abstract.startswith(shorter.abstract):
        return "similar"  # cut off
    share = len(a.runs & b.runs) / len(a.runs | b.runs)
    return "similar" if share >= _SIMILAR else "other" if share <= _DIFFERENT else ""


def _authors(a: Facts, b: Facts) -> Literal["same", "other", ""]:
    if not a.authors or not b.authors:
        return ""
    common = len(a.authors & b.authors)
    return "other" if not common else "same" if 2 * common >= min(len(a.authors), len(b.authors)) else ""


def _gap(a: Facts, b: Facts) -> int | None:
    return None if a.paper.year is None or b.paper.year is None else abs(a.paper.year - b.paper.year)
