"""Which way a measure points: more accuracy is better, more error is not."""

from __future__ import annotations

import re

from kg.text import fold

#: Words and short forms in names of measures of which less is better.
_LESS = re.compile(
    r"\b(?:errors?|losse?s?|perplexity|ppl|fid|kid|wer|cer|ter|per|eer|der|mae|mse|rmse|rmsle|mape|nll|bpc|bpd"
    r"|latency|delay|runtime|time|times|cost|costs|flops|macs|params?|parameters|memory|overhead|footprint"
    r"|carbon|energy|power|consumption|regret|distance|divergence|discrepancy|bits per \w+|toxicity|bias"
    r"|false (?:positives?|negatives?|alarms?|rejections?)(?: rate)?|miss rate|mean rank|minade|minfde"
    r"|ade|fde"
    r"|brier|ece|deviation|epe|endpoint|queries|iterations|steps|samples|complexity|size)\b"
)
#: What turns the meaning of such a word round.
_MORE = re.compile(r"\b(?:reduction|saved|savings?|efficiency|speed ?up|decrease|correlation|accuracy)\b")


def less_is_better(metric: str, unit: str = "") -> bool:
    """Tell whether a smaller value of ``metric`` is the better one; ``rank`` as a unit counts from the top.

    A guess by the name, for want of anything better: unknown measures point upwards.
    """
    name = fold(metric)
    return unit == "rank" or (bool(_LESS.search(name)) and not _MORE.search(name))
