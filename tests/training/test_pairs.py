"""What the judge of pairs learns from: pairs of annotated papers, and counts of other papers than each."""

from __future__ import annotations

from typing import Any

from kg.extraction.pairs import FEATURES
from kg.training.pairs import PaperPairs, crossed, paper_pairs

AT = FEATURES.index("least share of more")


def paper(number: int, *concepts: tuple[str, ...]) -> PaperPairs:
    """A paper that names the concepts, each in all its wordings."""
    document = {"title": "", "abstract": "; ".join(m for mentions in concepts for m in mentions) + "."}
    annotation: Any = {
        "id": f"paper {number}",
        "concepts": [{"type": "METHOD", "role": "USES", "name": m[0], "mentions": list(m)} for m in concepts],
    }
    return paper_pairs(document, annotation)


def test_pairs_are_those_that_rules_leave_apart_and_the_annotation_answers() -> None:
    one = paper(1, ("deep network", "deep networks", "deep wide network"), ("shallow network",))
    assert list(one.pairs.nearest) == [(0, 1), (0, 2), (1, 2)]
    assert one.one == [True, False, False]
    assert one.unseen == 0


def test_one_concept_in_words_that_have_nothing_in_common_is_counted_as_unseen() -> None:
    one = paper(1, ("support vectors", "diffusion"))
    assert (list(one.pairs.nearest), one.one, one.unseen) == ([], [], 1)


def test_what_a_paper_says_of_a_word_is_not_in_its_own_row() -> None:
    papers = [paper(n, ("network", "zebra network")) for n in range(40)]
    # In one part only: however many of its papers say so, they are told nothing of the word.
    alike = [p for p in papers if p.part == papers[0].part]
    assert len(alike) > 2
    table, answers = crossed(alike)
    assert answers.tolist() == [1] * len(alike)
    assert (table[:, AT] == table[0, AT]).all()
    assert table[0, AT] < 0.3
    # Told by the others, they know that it makes no difference.
    table, _ = crossed(papers)
    assert (table[:, AT] > 0.7).all()


def test_a_single_paper_has_rows() -> None:
    table, answers = crossed([paper(1, ("network", "zebra network"), ("zebra",))])
    assert table.shape == (2, len(FEATURES))
    assert answers.tolist() == [1, 0]
