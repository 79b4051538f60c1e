"""The spaCy pipeline around the network: offsets, plain texts, foreign pipelines, long texts."""

from __future__ import annotations

import warnings
from functools import cache

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.tokens import Doc

import kg
from kg.errors import UsageError
from kg.extraction.documents import COMPONENTS, SEPARATOR, Parts, extraction_of, paper_doc
from kg.extraction.options import Options
from kg.extraction.spacy_pipeline import Reader
from kg.model import Extraction, Paper

from .helpers import reader_by_capitals

TITLE = "MCL: Mitigating Feature Suppression in Contrastive Learning"
ABSTRACT = (
    "We propose Multistage Contrastive Learning (MCL), a framework. It reaches 61.2% accuracy on ImageNet, "
    "et al. and outperforms CLIP."
)
TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=50) | st.lists(
    st.sampled_from(["Foo", "(FB)", "Foo Bar", "bar", "3.5%", "et al.", "\n", "😀", "\u202e", "<b>", "x.Y"]),
    max_size=12,
).map(" ".join)


@cache
def shipped() -> Reader:
    return Reader(Options())


@cache
def capitals() -> Reader:
    return reader_by_capitals()


def read(reader: Reader, title: str, abstract: str) -> Extraction:
    paper = Paper(id="p", title=title, abstract=abstract)
    return reader.read(title, abstract).of(paper, "x")


@settings(deadline=None)
@given(title=TEXTS, abstract=TEXTS)
def test_every_mention_and_value_is_where_it_says(title: str, abstract: str) -> None:
    paper = Paper(id="p", title=title, abstract=abstract)
    found = capitals().read(title, abstract).of(paper, "x")
    assert [c.key for c in found.concepts] == [f"c{n}" for n in range(len(found.concepts))]
    for concept in found.concepts:
        assert concept.name
        assert 0 <= concept.confidence <= 1
        assert concept.mentions
        for mention in concept.mentions:
            assert paper.text(mention.field)[mention.start : mention.end] == mention.text
            assert 0 <= mention.confidence <= 1
    keys = {c.key for c in found.concepts} | {""}
    for result in found.results:
        assert paper.text(result.field)[result.start : result.end] == result.value
        assert {result.method, result.task, result.dataset, result.metric} <= keys


@settings(deadline=None, max_examples=30)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5), again=st.integers(0, 4))
def test_no_paper_changes_what_is_read_out_of_another(texts: list[str], again: int) -> None:
    text = texts[again % len(texts)]
    alone = reader_by_capitals().read("", text)
    for other in texts:
        capitals().read(other, other)
    assert capitals().read("", text) == alone


def test_the_shipped_model_reads_a_paper() -> None:
    found = read(shipped(), TITLE, ABSTRACT)
    names = {c.name: c for c in found.concepts}
    assert names["Multistage Contrastive Learning"].role == "PROPOSES"
    assert {m.text for m in names["Multistage Contrastive Learning"].mentions} >= {"MCL"}
    assert names["ImageNet"].type == "DATASET"
    assert [r.value for r in found.results] == ["61.2%"]


def test_a_concept_below_the_least_confidence_is_left_out_and_counted() -> None:
    everything = reader_by_capitals(Options(least_confidence=0.0)).read("", ABSTRACT)
    nothing = reader_by_capitals(Options(least_confidence=1.0)).read("", ABSTRACT)
    assert everything.unsure == 0
    assert nothing.concepts == ()
    assert nothing.unsure == len(everything.concepts) > 0


def test_a_plain_text_is_read_as_an_abstract() -> None:
    nlp = kg.pipeline()
    alone = nlp(ABSTRACT)
    assert Parts.of(alone).texts == ("", ABSTRACT)
    assert extraction_of(alone).concepts == read(shipped(), "", ABSTRACT).concepts


def test_sentences_end_with_the_title_and_not_at_abbreviations() -> None:
    nlp = kg.pipeline()
    doc = nlp(paper_doc(nlp, "A title without a stop", ABSTRACT))
    found = [sentence.text.strip() for sentence in doc.sents]
    assert found[0] == "A title without a stop"
    assert len(found) == 3


def test_spans_can_be_shown_and_the_text_is_escaped() -> None:
    nlp = kg.pipeline()
    doc = nlp("We compare <script>alert(1)</script> BERT with GPT-4 on ImageNet & GLUE.")
    assert {span.text for span in doc.spans["concepts"]} >= {"BERT", "ImageNet"}
    assert all(span.id_.startswith("c") for span in doc.spans["concepts"])
    html = displacy.render(doc, style="span", options={"spans_key": "concepts"}, jupyter=False)
    assert "<script>" not in html


def test_what_components_say_survives_bytes() -> None:
    nlp = kg.pipeline()
    doc = nlp(paper_doc(nlp, TITLE, ABSTRACT))
    copy = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert extraction_of(copy) == extraction_of(doc)
    assert [s.label_ for s in copy.spans["concepts"]] == [s.label_ for s in doc.spans["concepts"]]


def test_components_work_in_a_pipeline_of_somebody_else() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    # spaCy's own tokenizer keeps this as one token; the offsets are exact all the same.
    doc = nlp("We propose Multistage Contrastive Learning (MCL)framework for ImageNet.")
    own = read(shipped(), "", doc.text)
    assert extraction_of(doc).concepts == own.concepts
    assert "MCL" in {m.text for c in own.concepts for m in c.mentions}
    assert any("MCL" in span.text for span in doc.spans["concepts"])


def test_a_pipeline_can_be_saved_and_loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("pipeline")
    nlp = kg.pipeline()
    nlp.to_disk(folder)
    loaded = spacy.load(folder)
    assert extraction_of(loaded(ABSTRACT)) == extraction_of(nlp(ABSTRACT))


def test_a_missing_component_is_named() -> None:
    nlp = spacy.blank("en")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # spaCy warns of what is about to be tested
        nlp.add_pipe("kg_concepts")
    with pytest.raises(UsageError, match="lacks kg_tagger"):
        nlp("Any text.")


def test_a_text_longer_than_spacy_allows_is_read() -> None:
    reader = reader_by_capitals()
    text = "We use Foo and more. " * 55_000
    assert len(text) > 1_000_000
    doc = reader.nlp(text)
    assert len(extraction_of(doc).concepts) == 2
    assert len(extraction_of(doc).concepts[1].mentions) == 55_000


def test_the_vocabulary_does_not_grow() -> None:
    reader = reader_by_capitals()
    sizes = []
    for n in range(1, 400):
        reader.read(f"Word{n}a", " ".join(f"word{n}x{m}" for m in range(40)))
        sizes.append(len(reader.nlp.vocab.strings))
    assert max(sizes[200:]) <= max(sizes[:200])


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "😀‍😀", "\ud800 lone", "…" * 700, SEPARATOR])
def test_text_that_is_no_abstract_is_read_without_a_crash(text: str) -> None:
    reader = shipped()
    for title, abstract in ((text, ""), ("", text), (text, text)):
        assert reader.read(title, abstract).results == ()


def test_a_lone_surrogate_moves_no_offset() -> None:
    paper = Paper(id="p", title="", abstract="Bar \ud83d broken Foo.")
    found = capitals().read(paper.title, paper.abstract).of(paper, "x")
    assert [paper.abstract[m.start : m.end] for c in found.concepts for m in c.mentions] == ["Bar", "Foo"]
