"""The network: a small BERT with a word-shape embedding and three heads on every word."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from transformers import BertModel

from kg.extraction.labels import WIDTH
from kg.extraction.wordpieces import SHAPES


class Reader(nn.Module):
    """Scores for concept tags, value tags and roles at every position.

    *Shape:* three integer tensors (batch, positions) and a mask in, (batch, positions, `WIDTH`) out.
    The shape embedding starts at zero, so that training starts from the encoder as it was.
    """

    def __init__(self, encoder: BertModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.shapes = nn.Embedding(len(SHAPES), width)
        nn.init.zeros_(self.shapes.weight)
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(width, width)
        self.heads = nn.Linear(width, WIDTH)

    def forward(self, pieces: Any, shapes: Any, segments: Any, mask: Any = None) -> Any:
        """Return the scores, as the class describes."""
        vectors = self.encoder.embeddings.word_embeddings(pieces) + self.shapes(shapes)
        state = self.encoder(inputs_embeds=vectors, token_type_ids=segments, attention_mask=mask)
        hidden = self.dropout(state.last_hidden_state)
        hidden = hidden + torch.nn.functional.gelu(self.hidden(hidden))
        return self.heads(self.dropout(hidden))
