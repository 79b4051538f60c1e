"""Small collections of papers, as extraction would hand them to resolution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from kg.model import ConceptType, Extraction, Mention, Paper, PaperConcept, Role
from kg.resolution import Decision, Decisions, Linker, resolve

#: A concept of a paper: its name, other surfaces, type and role.
Said = tuple[str, tuple[str, ...], ConceptType, Role]


def said(
    name: str, *surfaces: str, kind: ConceptType = "METHOD", role: Role = "USES", text: str = ""
) -> dict[str, Any]:
    """Return what one paper says of a concept; ``text`` adds to its abstract."""
    return {"name": name, "surfaces": surfaces, "type": kind, "role": role, "text": text}


def papers_of(*contents: Sequence[Mapping[str, Any]]) -> tuple[list[Paper], dict[str, Extraction]]:
    """Return papers p0, p1 … that each speak of the concepts in ``contents``, and their extractions."""
    papers, extractions = [], {}
    for n, concepts in enumerate(contents):
        words = [w for c in concepts for w in (c["name"], *c["surfaces"], c.get("text", ""))]
        papers.append(Paper(id=f"p{n}", title=f"Paper {n}", abstract=". ".join(words), year=2000 + n % 20))
        extractions[f"p{n}"] = Extraction(
            paper_id=f"p{n}",
            concepts=tuple(
                PaperConcept(
                    key=f"c{k}",
                    type=c["type"],
                    role=c["role"],
                    name=c["name"],
                    confidence=1.0,
                    mentions=tuple(
                        _mention(papers[n].abstract, text) for text in (c["name"], *c["surfaces"])
                    ),
                )
                for k, c in enumerate(concepts)
            ),
            extractor="given",
        )
    return papers, extractions


def _mention(abstract: str, text: str) -> Mention:
    start = abstract.index(text)
    return Mention(field="abstract", start=start, end=start + len(text), text=text)


def link(contents: Iterable[Sequence[Mapping[str, Any]]], *decisions: Decision, **more: Any) -> Linker:
    """Resolve papers with these contents."""
    return resolve(*papers_of(*contents), decisions=Decisions.of(decisions), **more)


def same(*names: str, line: int = 0) -> Decision:
    """Return the decision that ``names`` are one concept."""
    return Decision(verb="same", names=names, line=line)


def different(*names: str, line: int = 0) -> Decision:
    """Return the decision that no two of ``names`` are one concept."""
    return Decision(verb="different", names=names, line=line)


# Names that are near each other in every way that the scorer knows, and a few that are not.
_NAMES = (
    st.sampled_from(
        """
    PCA|principal component analysis|Principal Components Analysis|PCA method|kernel PCA
    SSL|self-supervised learning|semi-supervised learning|Self-supervised learning|SSL framework
    CIFAR-10|CIFAR-100|CIFAR10|CIFAR-10 dataset|GPT-2|GPT-3|GPT
    contrastive learning|contrastive representation learning|supervised contrastive learning
    text classification|classification of texts|document classification|text categorization
    neural machine translation|NMT|machine translation|MT|translation model
    drop|DROP|graph neural network|GNNs|GNN|graph networks
    C|C++|C#|ρ-net|表現学習|🙂|–|a\x00b|=1+1
    """.replace("\n", "|").split("|")
    )
    .map(str.strip)
    .filter(bool)
)
_TYPES: st.SearchStrategy[ConceptType] = st.sampled_from(("METHOD", "DATASET", "TASK", "METRIC"))
_ROLES: st.SearchStrategy[Role] = st.sampled_from(("PROPOSES", "USES", "MENTIONS"))

names = _NAMES
concepts = st.fixed_dictionaries(
    {
        "name": _NAMES,
        "surfaces": st.lists(_NAMES, max_size=2).map(tuple),
        "type": _TYPES,
        "role": _ROLES,
    }
)
contents = st.lists(st.lists(concepts, min_size=1, max_size=4), min_size=1, max_size=7)
