"""The network: a small BERT with a word-shape embedding and three heads on every word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import BertConfig, BertModel

from kg.extraction.labels import WIDTH
from kg.extraction.wordpieces import SHAPES


class SharedDropout(nn.Module):
    """Dropout that hides the same features at all positions of a text.

    Source: Y. Gal and Z. Ghahramani, "A theoretically grounded application of dropout in recurrent neural
    networks", 2016. Here it is for speed: random numbers for every position take a third of a step's time.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, states: Any) -> Any:
        """Return ``states`` (batch, positions, features); in training, with features hidden."""
        if not self.training or not self.p:
            return states
        kept = torch.rand(states.shape[0], 1, states.shape[2]) >= self.p
        return states * (kept / (1 - self.p)).to(states.dtype)


class Reader(nn.Module):
    """Scores for concept tags, value tags and roles at every position.

    *Shape:* three integer tensors (batch, positions) and a mask in, (batch, positions, `WIDTH`) out.
    The shape embedding starts at zero, so that training starts from the encoder as it was. ``silver``
    (batch,), 1 or 0, tells in training which texts were annotated by a quick reading, whose habits the
    network need not take for those of the reference: what is read with the shipped model never is.
    """

    def __init__(self, encoder: BertModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        for module in list(encoder.modules()):
            for name, child in list(module.named_children()):
                if isinstance(child, nn.Dropout) and child.p:
                    setattr(module, name, SharedDropout(dropout))
        width = encoder.config.hidden_size
        self.shapes = nn.Embedding(len(SHAPES), width)
        nn.init.zeros_(self.shapes.weight)
        self.silver = nn.Parameter(torch.zeros(width))
        self.dropout = SharedDropout(dropout)
        self.hidden = nn.Linear(width, width)
        self.heads = nn.Linear(width, WIDTH)

    def forward(self, pieces: Any, shapes: Any, segments: Any, mask: Any = None, silver: Any = None) -> Any:
        """Return the scores, as the class describes."""
        vectors = self.encoder.embeddings.word_embeddings(pieces) + self.shapes(shapes)
        if silver is not None:
            vectors = vectors + silver[:, None, None] * self.silver
        state = self.encoder(inputs_embeds=vectors, token_type_ids=segments, attention_mask=mask)
        hidden = self.dropout(state.last_hidden_state)
        hidden = hidden + nn.functional.gelu(self.hidden(hidden))
        return self.heads(self.dropout(hidden))


def reader(base: Path, weights: Path | None = None) -> Reader:
    """Return the network upon the encoder in the folder ``base``, or with the ``weights`` of a run."""
    config = BertConfig.from_pretrained(base)
    # As many random numbers as attentions would take longer than the attentions.
    config.attention_probs_dropout_prob = 0.0
    network = Reader(BertModel.from_pretrained(base, config=config, add_pooling_layer=False))
    if weights:
        network.load_state_dict(torch.load(weights, weights_only=True))
    return network
