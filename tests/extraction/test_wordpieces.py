import json

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extraction.encoder import MODEL, Encoder
from kg.extraction.labels import CONCEPT_SLICE
from kg.extraction.wordpieces import MAX_POSITIONS, WORD, WordPieces, shape, word_bounds

PIECES = WordPieces((MODEL / "tokenizer.json").read_text("utf8"))


@given(st.text(max_size=200))
def test_words_cover_every_visible_character(text: str) -> None:
    covered = {i for start, end in word_bounds(text) for i in range(start, end)}
    assert covered == {i for i, c in enumerate(text) if not c.isspace()}


@given(st.text(min_size=1, max_size=20).filter(lambda t: WORD.fullmatch(t) is not None))
def test_every_word_has_a_shape(word: str) -> None:
    assert 0 < shape(word) < 8


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["graph", "Qwen2", "\\", "ü", "深度", "\x01", "x" * 300, "_" * 90]), max_size=200
    ),
    st.lists(
        st.sampled_from(["contrastive", "ViT", "%", "naïve", "🙂", "a_" * 300, "深" * 600]), max_size=1500
    ),
)
def test_windows_hold_every_word_and_fit_the_encoder(title: list[str], abstract: list[str]) -> None:
    windows = list(PIECES.windows(title, abstract))
    seen = {word for window in windows for word in window.words if word >= 0}
    assert seen == set(range(len(title) + len(abstract)))
    for window in windows:
        lengths = {len(window.pieces), len(window.shapes), len(window.segments), len(window.words)}
        assert len(lengths) == 1
        assert lengths.pop() <= MAX_POSITIONS


def test_a_long_text_is_read_to_its_end() -> None:
    encoder = Encoder.load()
    filler = [(m.group()) for m in WORD.finditer("This sentence says nothing of interest at all. " * 120)]
    tail = WORD.findall("We propose FooNet, a graph neural network for image classification.")
    scores = encoder.scores(["FooNet"], filler + tail)
    assert len(scores) == 1 + len(filler) + len(tail)
    # What stands far behind the first window is still told apart from the filler before it.
    outside = scores[:, CONCEPT_SLICE.start] - scores[:, CONCEPT_SLICE].max(axis=1)
    name = len(scores) - len(tail) + tail.index("FooNet")
    assert outside[name] < 0
    assert outside[1 : len(filler)].mean() > outside[name]


def test_an_empty_paper_has_no_scores() -> None:
    assert Encoder.load().scores([], []).shape[0] == 0


def test_the_tokenizer_neither_cuts_nor_pads() -> None:
    data = json.loads((MODEL / "tokenizer.json").read_text("utf8"))
    assert data["truncation"] is None
    assert data["padding"] is None
