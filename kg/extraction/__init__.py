"""Reading concepts, roles and results out of papers.

spaCy and the runtime are loaded at first use; their objects stay inside, but for `pipeline`, which
is there for those who want them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extraction.cache import Cache
from kg.extraction.identity import fingerprint
from kg.extraction.interchange import read_extractions, to_gold, to_json
from kg.extraction.options import Options
from kg.extraction.stream import extract

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.language import Language

__all__ = [
    "Cache",
    "Options",
    "extract",
    "fingerprint",
    "pipeline",
    "read_extractions",
    "to_gold",
    "to_json",
]


def pipeline(*, options: Options | None = None, model: Path | None = None) -> Language:
    """Return the spaCy pipeline; ``doc.spans["concepts"]`` of what it reads can be shown by displaCy.

    ``model`` is a folder with another model, None the shipped one. A text is read as an abstract;
    `kg.extraction.documents.paper_doc` makes a `Doc` of title and abstract.
    """
    from kg.extraction.spacy_pipeline import make_pipeline

    return make_pipeline(options or Options(), model)
