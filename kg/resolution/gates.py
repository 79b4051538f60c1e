"""What forbids a merge whatever the score: numbers, versions, sizes, languages, negations, opposites, parts.

A gate looks at the edits between two names, so at the words that only one of them has.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from kg.resolution.edits import Edits, edits, tokens
from kg.resolution.normal import words
from kg.resolution.wording import MAKERS, alikeness, left_out

_NUMBER_WORDS = {
    word: digit
    for digit, written in {
        "0": "zero",
        "1": "one first single mono unigram i",
        "2": "two second double bigram ii",
        "3": "three third triple trigram iii",
        "4": "four iv",
        "5": "five",
        "6": "six",
        "7": "seven",
        "8": "eight",
        "9": "nine",
        "10": "ten",
    }.items()
    for word in written.split()
}
_HYPHENED = re.compile(r"([^\W\d_]+)-([^\W\d_]+)")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")

# Endings of what does something, and of the doing.
_AGENT = frozenset({"er", "or"})
_ACTION = frozenset({"al", "ation", "ing", "ion", "ition", "ment"})
# With one of these, a verb becomes another noun: speed, speedup.
_PARTICLES = frozenset("up down out off over back".split())
#: Any two of them are in contrast.
_LANGUAGES = frozenset(
    "english german french chinese spanish russian arabic hindi japanese korean turkish italian dutch "
    "portuguese polish czech finnish hungarian vietnamese indonesian persian hebrew greek swedish danish "
    "norwegian urdu bengali tamil telugu swahili latin sanskrit romanian ukrainian bulgarian thai malay "
    "nepali marathi gujarati punjabi malayalam kannada catalan basque irish welsh icelandic estonian "
    "latvian lithuanian slovak slovenian croatian serbian mandarin cantonese amharic yoruba hausa igbo "
    "tibetan mongolian kazakh uzbek georgian armenian albanian afrikaans zulu".split()
)
#: Words of one line say different things in the same place.
_CONTRASTS = tuple(
    frozenset(line.split())
    for line in """
    supervised unsupervised selfsupervised semisupervised weaklysupervised fullysupervised \
    weakly semi self fully
    fewshot zeroshot oneshot manyshot few zero many
    online offline
    train training test testing validation inference evaluation pretraining posttraining finetuning
    explicit implicit
    local global
    hard soft
    forward backward bidirectional
    static dynamic
    source target
    upper lower
    intra inter
    single multi multiple mono bilingual cross
    monolingual multilingual crosslingual bilingual
    unimodal multimodal crossmodal bimodal
    macro micro average weighted worst mean median min max minimum maximum
    intrinsic extrinsic
    extractive abstractive
    discriminative generative
    parametric nonparametric semiparametric
    linear nonlinear bilinear quadratic cubic polynomial logistic logarithmic exponential
    convex nonconvex concave
    homogeneous heterogeneous
    deterministic stochastic
    discrete continuous
    sparse dense
    symmetric asymmetric
    centralized decentralized distributed federated
    synchronous asynchronous
    autoregressive nonautoregressive
    causal masked
    encoder decoder encoderdecoder
    teacher student
    generator discriminator
    actor critic
    key query value
    user item
    node edge graph
    row column
    horizontal vertical
    spatial temporal
    syntactic semantic lexical morphological phonological pragmatic discourse
    character word subword sentence phrase paragraph document passage token
    image video audio speech music text textual acoustic tabular table point voxel mesh sketch lidar sensor
    visual audio speech music text textual acoustic
    tiny small base large huge big xl xxl mini nano medium
    precision recall accuracy f1
    error loss accuracy
    speed time throughput
    speed latency throughput
    layer mechanism head block
    layer network model
    bias variance
    positive negative neutral
    active passive
    internal external
    top bottom
    left right
    early late
    slow fast
    simple complex
    high low
    closed open
    general specific
    task data domain class instance feature
    data feature model
    generation understanding
    classification regression clustering detection segmentation retrieval generation summarization translation
    captioning compression prediction tagging parsing tracking completion
    recognition synthesis
    energy power
    energy memory time space
    gradient weight activation parameter
    adversarial benign clean
    known unknown novel seen unseen
    human machine
    homophily heterophily
    excess empirical expected population
    estimation approximation optimization generalization
    head layer block token
    method dataset
    model data
    """.strip().splitlines()
)
_NO_LINE: frozenset[int] = frozenset()
_IN_CONTRAST = {
    word: frozenset(n for n, line in enumerate(_CONTRASTS) if word in line)
    for word in frozenset().union(*_CONTRASTS)
}

# A name with one of these says something else than the name without.
_NEGATIONS = frozenset(
    "anti non no not without free un agnostic less inverse reverse negative counter unlearning".split()
)
_NEGATING = re.compile(
    r"(?:non|un|anti|in|im|ir|dis|de|counter|semi|self|cross|inter|intra|multi|bi|tri|sub|super|hyper|meta|pre|post|re"
    r"|co|auto|mono|uni|over|under|neuro|geo|bio|electro|hetero|homo|macro|micro|pseudo|quasi|trans)"
)
_SIZES = frozenset("tiny small large huge big xl xxl mini nano medium base giant lite plus ultra".split())
_SUPERVISION = frozenset(
    "unsupervised selfsupervised semisupervised weakly supervised fewshot zeroshot oneshot "
    "multilingual crosslingual multimodal multitask online offline federated distributed "
    "adversarial nonparametric conditional hierarchical probabilistic variational bayesian quantum "
    "explicit implicit local global sparse dense static dynamic discrete continuous linear "
    "nonlinear convex nonconvex stochastic deterministic hard soft".split()
)
_PREFIXED = re.compile(r"(?:inter(?!p|n|act)|intra|cross|non|semi|self)\w{4,}")
# What a name is about: with it on one side only, one name is the narrower.
_SUBJECTS = frozenset(
    "language speech image video audio vision visual word text textual sentence document character "
    "token object face facial graph node code music scene action domain diffusion dialog entity "
    "aspect topic query user item patient protein molecule clinical medical biomedical legal "
    "financial pretrained finetuned autoregressive generative contextual contextualized recurrent "
    "convolutional transformer recall training inference test validation average relative mean "
    "conversational spoken written scientific semantic lossy causal bi cross dual".split()
)
# Dropped as a head, the rest is the whole of which this is a part, or another kind of thing.
_PARTS = frozenset(
    "block bound component decoder embedder encoder error gap gradient guarantee head index kernel "
    "layer loss neuron norm optimizer penalty product rate ratio regularizer speed space subset "
    "term time token tree unit vector weight".split()
)


@lru_cache(maxsize=1 << 17)
def numbers(name: str) -> tuple[str, ...]:
    """Return the numbers in ``name``, sorted, number words as digits."""
    found = []
    for token in tokens(name):
        found += [d.lstrip("0") or "0" for d in _DIGITS.findall(token)]
    return tuple(sorted(found))


def gate(a: str, b: str) -> str:
    """Return why names ``a`` and ``b`` must not be one concept; empty where no gate forbids it."""
    if numbers(a) != numbers(b) and not _number_words(a, b):
        return "other numbers"
    found = edits(a, b)
    if found is None:
        return _of_one_word(words(a), words(b))
    return _of_edits(found) or _of_half(a, b, found)


def _of_half(a: str, b: str, found: Edits) -> str:
    """Return that one name has but the second half of a hyphened word of the other: primal-dual, dual."""
    dropped = {edit.split(":")[1] for edit in found if edit.startswith("drop:") and edit.endswith(":mod")}
    for match in (*_HYPHENED.finditer(a), *_HYPHENED.finditer(b)) if dropped else ():
        first, second = tokens(match[1]), tokens(match[2])
        said = {word for word in dropped.intersection(first) - MAKERS if not left_out([word])}
        if len(first) == 1 and said and not dropped.intersection(second):
            return f"{match[0]} on one side only"
    return ""


def _of_one_word(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    """Return what forbids a merge of names that differ in one word only, or have no more than that."""
    changed = [(n, x, y) for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    if len(a) != len(b) or len(changed) != 1:
        return ""
    n, x, y = changed[0]
    return _of_swap("/".join(sorted((x, y))), "head" if n == len(a) - 1 else "mod")


def _number_words(a: str, b: str) -> bool:
    def with_words(name: str) -> Counter[str]:
        return Counter(
            [*numbers(name), *(_NUMBER_WORDS[token] for token in tokens(name) if token in _NUMBER_WORDS)]
        )

    return with_words(a) == with_words(b)


@lru_cache(maxsize=1 << 16)
def _of_edits(found: Edits) -> str:
    for edit in found:
        kind, _, rest = edit.partition(":")
        what, _, place = rest.partition(":")
        reason = _SAID[kind](what, place) if kind in _SAID else ""
        if reason:
            return reason
    return "the same words in another order" if "order:free" in found else ""


def _of_swap(what: str, place: str) -> str:
    x, _, y = what.partition("/")
    numbered = {x, y} <= _NUMBER_WORDS.keys() and _NUMBER_WORDS[x] != _NUMBER_WORDS[y]
    about = place == "mod" and (x in _SUBJECTS or y in _SUBJECTS) and not alikeness(what)
    opposed = {x, y} <= _LANGUAGES or _IN_CONTRAST.get(x, _NO_LINE) & _IN_CONTRAST.get(y, _NO_LINE)
    if opposed or numbered or about or _opposite(x, y) or _opposite(y, x) or _with_particle(x, y):
        return f"{x} against {y}"
    return ""


def _of_drop(what: str, place: str) -> str:
    tells = what in _NEGATIONS or what in _SIZES or what in _SUPERVISION or what in _LANGUAGES
    if tells or _PREFIXED.fullmatch(what) or (place == "mod" and what in _SUBJECTS):
        return f"{what} on one side only"
    if place == "head" and (len(what) == 1 or what in _PARTICLES):
        return f"{what} on one side only, at the end"
    return f"{what} is a part or another kind of thing" if place == "head" and what in _PARTS else ""


def _of_form(what: str, place: str) -> str:
    """Return that a thing is no action: feature extractor, feature extraction."""
    x, _, y = what.partition("/")
    apart = (x in _AGENT and y in _ACTION) or (x in _ACTION and y in _AGENT)
    # What was done, and what is so by its nature: continued, continual. Who does it, and what is apt to:
    # generator, generative.
    other = {x, y} in ({"al", "ed"}, {"or", "ive"})
    return f"-{x} against -{y}" if (place == "head" and apart) or other else ""


_SAID = {"swap": _of_swap, "drop": _of_drop, "form": _of_form}


def _opposite(x: str, y: str) -> bool:
    return len(y) > 4 and x.endswith(y) and bool(_NEGATING.fullmatch(x[: -len(y)]))


def _with_particle(x: str, y: str) -> bool:
    return any({x, y} == {word, word + p} for word in (x, y) for p in _PARTICLES)
