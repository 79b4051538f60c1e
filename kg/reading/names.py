"""What the fields of a paper are called: by this project, by databases, by reference managers.

A name is compared folded, without spaces, so that "Publication Year", ``publication_year`` and
"PUBLICATION-YEAR" are one. For each field the first synonym that a record fills is taken. Two-letter
names are the tags of Web of Science, MEDLINE and RIS tables.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": (
            # "ID" beside "UT" holds keywords in tables of Web of Science: the surer names come first.
            *("ut", "utuniquewosid", "uniquewosid", "id", "paperid", "recordid", "documentid", "articleid"),
            *("identifier", "uid", "uuid", "eid", "corpusid", "aclid", "lensid", "publicationid", "pubid"),
            *("pmid", "pubmedid", "pubmed", "accessionnumber", "accession", "key", "citationkey", "citekey"),
            *("bibtexkey", "bibkey", "refid", "referenceid", "itemid", "zoterokey"),
        ),
        "title": (
            *("title", "papertitle", "articletitle", "documenttitle", "primarytitle", "titleprimary"),
            *("itemtitle", "worktitle", "displayname", "ti", "t1", "titel", "titre", "titulo", "titolo"),
            *("originaltitle", "titleoriginal"),
        ),
        "abstract": (
            *("abstract", "abstracttext", "abstractnote", "paperabstract", "articleabstract", "ab", "n2"),
            *("notesabstract", "summary", "resume", "resumen", "zusammenfassung", "riassunto", "resumo"),
            *("originalabstract", "description"),
        ),
        "year": (
            *("year", "publicationyear", "pubyear", "publishedyear", "yearpublished", "yearofpublication"),
            *("py", "annee", "jahr", "ano", "anno", "y1", "date", "publicationdate", "pubdate"),
            *("datepublished", "publisheddate", "publishedon", "dateofpublication", "published", "dp"),
            *("issued", "coverdate", "onlinedate"),
        ),
        "doi": (
            "doi",
            "di",
            "do",
            "paperdoi",
            "articledoi",
            "doinumber",
            "digitalobjectidentifier",
            "doilink",
        ),
        "arxiv": ("arxiv", "arxivid", "arxivnumber", "arxividentifier", "eprint", "eprintid", "arxivurl"),
        "url": (
            *(
                "url",
                "link",
                "paperurl",
                "articleurl",
                "documenturl",
                "publicationurl",
                "dimensionsurl",
                "ur",
            ),
            *("pageurl", "htmlurl", "externalurl", "sourceurl", "sourceurls", "landingpage", "uri"),
            *("openurllink", "pdfurl", "pdflink", "fulltexturl", "href"),
        ),
        "authors": (
            *("authors", "author", "authorfullnames", "authornames", "authorname", "authorlist", "au", "af"),
            *("firstauthors", "a1", "auteurs", "autoren", "autores", "autori", "creator", "creators"),
        ),
        "venue": (
            *("venue", "journal", "sourcetitle", "journaltitle", "publicationtitle", "containertitle"),
            *(
                "journalname",
                "journalbook",
                "sourcetitleanthologytitle",
                "booktitle",
                "journalref",
                "so",
                "jf",
            ),
            *("t2", "jo", "conference", "conferencename", "conferencetitle", "publicationvenue"),
        ),
        "references": (
            *("references", "citedreferences", "cr", "referencelist", "reflist", "bibliography"),
            *("referencedworks", "outcitations"),
        ),
    }
)

_FIELD_OF = {name: (field, rank) for field, names in SYNONYMS.items() for rank, name in enumerate(names)}
_EXPLAINED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


def field_of(name: str) -> tuple[str, int] | None:
    """Return the field that ``name`` stands for, and how far down its synonyms it is; None if none."""
    return _known(name) if len(name) <= 80 else None


@lru_cache(maxsize=4096)
def _known(name: str) -> tuple[str, int] | None:
    # "Author(s)", "Title [en]", "UT (Unique WOS ID)": what is in brackets at the end explains.
    bare = _EXPLAINED.sub("", name)
    return _FIELD_OF.get(fold(name).replace(" ", "")) or _FIELD_OF.get(fold(bare).replace(" ", ""))


def columns(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return for each known field the positions in ``names`` that may fill it, the best first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for position, name in enumerate(names):
        if known := field_of(name):
            field, rank = known
            found.setdefault(field, []).append((rank, position))
    return {field: tuple(position for _, position in sorted(places)) for field, places in found.items()}
