r"""A spaCy tokenizer whose tokens are the words that the reader marks.

spaCy's own English rules keep ``MCL)framework`` and ``\alpha$-divergence`` as one token; then
`Doc.char_span` has no answer for a concept inside. Here every bound of `kg.extraction.wordpieces.WORD`
is a token bound. White space is kept: one blank after a word belongs to it, all else is a token.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from kg.extraction.wordpieces import WORD

NAME = "kg.words.v1"

_PIECE = re.compile(rf"{WORD.pattern}|\s+")


class WordTokenizer:
    """Splits a text at every word bound; ``tokenizer(text).text == text``."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the tokens of ``text``."""
        words: list[str] = []
        spaces: list[bool] = []
        for piece in _PIECE.findall(text):
            if piece[0] == " " and words and not words[-1].isspace() and not spaces[-1]:
                spaces[-1] = True
                piece = piece[1:]  # noqa: PLW2901 - what is left after the blank
                if not piece:
                    continue
            words.append(piece)
            spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    # spaCy saves and loads a pipeline's tokenizer; this one has nothing to save.
    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return no bytes: there is no state."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "WordTokenizer":
        """Return this tokenizer: there is no state."""
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write nothing: there is no state."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "WordTokenizer":
        """Return this tokenizer: there is no state."""
        return self


@registry.tokenizers(NAME)  # type: ignore[untyped-decorator]  # catalogue's decorators have no types
def create_tokenizer() -> Callable[[Language], WordTokenizer]:
    """Return what spaCy makes the tokenizer with, under the name ``kg.words.v1``."""

    def create(nlp: Language) -> WordTokenizer:
        return WordTokenizer(nlp.vocab)

    return create
