"""What a notebook shows."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.tables import Graph
from kg.viewing import page

from .graphs import ADDRESS, ATTRIBUTE, SCRIPT, alike, chain, concept, hostile, paper, says


def test_a_view_is_the_page_in_a_frame_that_cannot_reach_out() -> None:
    shown = chain().view(title=ATTRIBUTE)
    text = shown._repr_html_()
    assert html.unescape(re.findall(r'srcdoc="([^"]*)"', text)[0]) == page(chain(), title=ATTRIBUTE)
    assert re.findall(r'sandbox="([^"]*)"', text) == ["allow-scripts allow-downloads allow-popups"]
    assert text.count("<") == 2
    assert len(repr(shown)) < 500


def test_a_view_is_saved_as_it_is_shown(tmp_path: Path) -> None:
    shown = chain().view(focus="method 2", hops=2)
    shown.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == page(chain(), focus="method 2", hops=2)


def test_a_paper_shows_every_concept_with_its_type_and_role() -> None:
    one = paper("p1", "CLIP, revisited", "We use CLIP & CLIP on ImageNet.")
    graph = Graph.from_rows(
        {
            "papers": [one],
            "concepts": [concept("method/clip", "CLIP", 1), concept("dataset/imagenet", "ImageNet", 1)],
            "paper_concept": [
                says("USES", one, "method/clip", "CLIP"),
                says("USES", one, "dataset/imagenet", "ImageNet"),
            ],
        }
    )
    shown = graph.paper("p1").show()
    text = shown._repr_html_()
    assert text.count("METHOD uses") == 3
    assert text.count("DATASET uses") == 1
    assert "CLIP, revisited" in shown.text
    assert "&amp;" in text


def test_a_hostile_paper_shows_no_markup_of_its_own() -> None:
    for row in hostile().rows("papers"):
        text = hostile().paper(row["id"]).show().html
        assert "<script" not in text
        assert "<img" not in text
        assert not re.search(r"<[^>]*\son\w+=", text)
    assert (
        html.unescape(re.sub(r"<[^>]+>", "", hostile().paper("p1").show().html)).count("window.hacked") >= 4
    )


def test_a_paper_is_found_by_title_and_a_concept_is_none() -> None:
    assert chain().paper("Paper 3").id == "p003"
    assert hostile().paper(ADDRESS).title == ATTRIBUTE
    with pytest.raises(UsageError, match="a concept, no paper"):
        hostile().paper(SCRIPT)
    with pytest.raises(UsageError, match="nothing here is called"):
        chain().paper("no such thing")


def test_tables_as_pandas_keep_nulls_and_lists() -> None:
    frames = hostile().to_pandas()
    assert set(frames) == set(hostile().tables)
    papers = frames["papers"]
    assert papers["year"].isna().sum() == 2
    assert papers["year"].dtype.kind == "i"
    assert list(papers["title"]) == [row["title"] for row in hostile().rows("papers")]


def test_a_paper_is_found_by_its_own_id_though_another_came_under_it_too() -> None:
    assert alike().paper("twice").title == "The first text"
    assert alike().paper("twice~1f").title == "Another text"
    assert alike().paper("method/alphanet").title == "A paper of an odd id"
