"""How scholarly names are worded: words that say little, and words that say the same in most names.

Written from general usage. What follows from a match is weighed with everything else, see
`kg.resolution.scoring`.
"""

from __future__ import annotations

from itertools import combinations

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
approach method technique algorithm strategy scheme methodology procedure
system model tool
learning training
embedding representation
embedding vector
loss objective
optimization tuning search
finetuning tuning
minimization optimization
time latency runtime
runtime runningtime executiontime computationtime
usage consumption footprint requirement demand overhead cost
estimation estimator
generation synthesis
classification categorization
detection identification
identification recognition
prediction forecasting
prediction estimation
condensation distillation
retrieval search
annotation labeling
dataset corpus benchmark
task problem setting scenario challenge
score metric measure index
evaluation assessment
scoring grading
completion imputation
dialog conversation
judgment rating
sentiment opinion polarity
loss risk
scenario setting
image visual picture
vision visual
textual text
spoken speech voice
conversational dialog
certified provable provably verified
normal gaussian
bi dual two
automatic automated
multitask multiple
biomedical medical clinical
legal law
code program
product item
article document
tweet twitter
abusive offensive toxic hateful
misinformation disinformation
""".strip().splitlines()

#: Pairs of words, as "a/b", that say the same in most names.
EQUAL = frozenset("/".join(sorted(pair)) for line in _EQUALS for pair in combinations(line.split(), 2))
