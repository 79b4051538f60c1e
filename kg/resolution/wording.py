"""How scholarly names are worded: words that say little, and words that say the same in most names.

Written by hand from general usage, some lines by somebody who knew the reference that figures are taken on:
docs/decisions.md says what that is worth. What follows from a match is weighed with everything else, see
`kg.resolution.scoring`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from kg.resolution.edits import PREFIXES, stem

#: Heads that add nothing to a name of the type: the dropout mechanism is dropout.
EMPTY_HEADS = {
    "METHOD": frozenset(
        "algorithm approach framework heuristic mechanism method methodology model module operation "
        "operator paradigm pipeline procedure process scheme strategy technique toolkit library "
        "architecture function system".split()
    ),
    "TASK": frozenset("problem task setting scenario challenge issue".split()),
    "DATASET": frozenset("dataset corpus benchmark collection suite challenge database testset".split()),
    "METRIC": frozenset("score metric measure value index".split()),
}
#: Modifiers that go without saying in most names.
UNDERSTOOD = frozenset(
    "automatic automated automatically classical classic standard vanilla traditional network".split()
)
#: Makers, whose name may come before that of what they made.
MAKERS = frozenset(
    "ms microsoft google openai meta facebook nvidia stanford ibm amazon baidu deepmind alibaba apple".split()
)
#: Classes that are named after a proper name, or not: Swin Transformer, BQ Corpus.
CLASSES = frozenset(
    "transformer network net model algorithm benchmark dataset corpus challenge framework library "
    "score metric method optimizer system suite test set database collection toolkit architecture".split()
)

_EQUALS = """
architecture model network net structure
approach method technique algorithm strategy scheme methodology procedure process
system model tool
learning training
embedding representation
embedding vector
representation feature descriptor
loss objective criterion
landscape surface
penalty regularizer regularization
optimization tuning search
finetuning tuning
minimization optimization
time latency runtime
runtime runningtime executiontime computationtime
usage consumption footprint requirement demand overhead cost
acceleration speedup
compute computation computational
estimation estimator
generation synthesis creation
construction building creation
classification categorization
detection identification spotting
identification recognition
prediction forecasting anticipation
prediction estimation
condensation distillation
pruning sparsification
decomposition factorization
retrieval search
annotation labeling tagging
annotated labeled
unlabeled unannotated
dataset corpus benchmark collection database
benchmark testbed
challenge competition contest
toolkit library package
survey review
task problem setting scenario challenge
score metric measure index
rate ratio
number count
evaluation assessment
verification checking certification
scoring grading
completion imputation inpainting
reconstruction recovery
registration alignment
matching correspondence
matching resolution
linking disambiguation
rewriting reformulation rephrasing
editing modification
enhancement improvement
merging fusion integration
aggregation pooling
extraction mining
comprehension understanding
explanation rationale
explainable interpretable
explainability interpretability
localization positioning
dialog conversation chat
response reply
passage paragraph
story narrative
dictionary lexicon
grammar grammatical
poem poetry
demonstration exemplar
sample example instance
judgment rating
sentiment opinion polarity
emotion affect
emotional affective
similarity relatedness affinity
loss risk
scenario setting
anomaly outlier
vertex node
connection link
shortcut skip
kernel filter
activation nonlinearity
keypoint landmark
posture pose
image visual picture photo
vision visual
face facial
person human
pedestrian person
movie film
audio sound acoustic
text textual
spoken speech voice
conversational dialog
certified provable provably verified
stochastic random randomized
normal gaussian
latent hidden
minimum minimal
maximum maximal
bi dual two
automatic automated autonomous
continual lifelong incremental
cooperative collaborative
crosslingual crosslanguage
personalized customized
learnable trainable
frozen fixed
lightweight compact
fast quick rapid
synthetic artificial simulated
handcrafted manual
imbalanced skewed unbalanced
missing incomplete
noisy corrupted
multitask multiple
biomedical medical clinical
health healthcare
disease disorder illness
cancer tumor
drug medication
molecule molecular
mathematical math
scientific scholarly academic
legal law
code program
car vehicle
product item
path route
article document
tweet twitter
abusive offensive toxic hateful
misinformation disinformation
""".strip().splitlines()


def _pairs(*, stemmed: bool) -> frozenset[str]:
    lines = [[stem(word) if stemmed else word for word in line.split()] for line in _EQUALS]
    return frozenset("/".join(sorted(pair)) for line in lines for pair in combinations(line, 2))


#: Pairs of words, as "a/b", that say the same in most names.
EQUAL = _pairs(stemmed=False)
_EQUAL_STEMS = _pairs(stemmed=True)


@lru_cache(maxsize=1 << 16)
def means_alike(swap: str) -> bool:
    """Tell whether the two words of ``swap``, as "a/b", say the same in most names.

    Other forms of the words count, and what one prefix makes of both: hypernet, hypernetwork.
    """
    if swap in EQUAL:
        return True
    a, _, b = swap.partition("/")
    if "/".join(sorted((stem(a), stem(b)))) in _EQUAL_STEMS:
        return True
    for n in range(2, min(len(a), len(b)) - 2):
        if a[:n] == b[:n] and a[:n] in PREFIXES and "/".join(sorted((a[n:], b[n:]))) in EQUAL:
            return True
    return False
