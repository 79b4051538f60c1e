"""Reading a stated value: the number in it, and its unit.

``61.2%`` is 61.2 in ``%``; ``threefold`` and ``3x`` are 3 in ``x``; ``two orders of magnitude`` is
100 in ``x``; ``ranked 2nd`` is 2 in ``rank``. Of a range the number is its upper end, and of a
change (``from 61.2 to 67.8``) where it ends.
"""

from __future__ import annotations

import re

_SMALL = {
    word: n
    for n, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_SMALL |= {
    "a": 1,
    "an": 1,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "eighty": 80,
    "hundred": 100,
}
_ORDINALS = {
    word: n + 1
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
    )
}
_ORDINALS |= {"winner": 1, "winning": 1, "won": 1, "runner-up": 2}
_ONCE = {"twice": 2.0, "thrice": 3.0, "doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5, "half": 0.5}
_SCALE = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9}

_NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_MAGNITUDE = re.compile(
    r"\b(?P<n>\d+(?:\.\d+)?|[a-z]+)?(?:\s*(?:-|–|to)\s*\d+)?[\s-]*orders?[\s-]+of[\s-]+magnitude",
    re.IGNORECASE,
)
_FOLD = re.compile(r"\b(?P<n>\d+(?:\.\d+)?|[a-z]+?)[\s-]*(?:fold|times)\b", re.IGNORECASE)
_RANK = re.compile(rf"\b(?P<n>\d+)(?:st|nd|rd|th)\b|\b(?P<word>{'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_UNITS = (
    ("%", r"\\?%|(?<![A-Za-z])per\s?cent\b|(?<![A-Za-z])percent\w*"),
    ("x", r"(?<=\d)\s*(?:x|X|×|\$?\\times\$?|times)(?![A-Za-z])"),
    ("points", r"(?<![A-Za-z])points?\b|(?<![A-Za-z])pp\b|(?<![A-Za-z])pts?\b"),
    ("dB", r"(?<![A-Za-z])dB\b"),
    ("ms", r"(?<![A-Za-z])ms\b|(?<![A-Za-z])milliseconds?\b"),
    ("s", r"(?<=\d)\s*s\b|(?<![A-Za-z])sec\b|(?<![A-Za-z])seconds?\b"),
    ("min", r"(?<![A-Za-z])min\b|(?<![A-Za-z])minutes?\b"),
    ("h", r"(?<![A-Za-z])hours?\b|(?<=\d)\s*h\b"),
    ("days", r"(?<![A-Za-z])days?\b"),
    ("FPS", r"(?<![A-Za-z])fps\b|(?<![A-Za-z])frames?\s+per\s+second\b|(?<![A-Za-z])Hz\b"),
    ("mm", r"(?<![A-Za-z])mm\b"),
    ("cm", r"(?<![A-Za-z])cm\b"),
    ("m", r"(?<=\d)\s*m\b"),
    ("GB", r"(?<![A-Za-z])GB\b|(?<![A-Za-z])GiB\b"),
    ("MB", r"(?<![A-Za-z])MB\b|(?<![A-Za-z])MiB\b"),
    ("bits", r"(?<![A-Za-z])bits?\b"),
)


def read_quantity(value: str) -> tuple[float | None, str]:
    """Return number and unit of ``value`` as written; (None, "") where it states none."""
    text = value.replace("−", "-").replace("\\,", "").replace("\\%", "%")
    for reader in (_magnitude, _rank, _fold, _digits):
        found = reader(text)
        if found is not None:
            return found
    return None, ""


def _word(text: str | None) -> float | None:
    if not text:
        return 1.0
    lowered = text.lower()
    if lowered in _SMALL:
        return float(_SMALL[lowered])
    try:
        return float(text)
    except ValueError:
        return None


def _magnitude(text: str) -> tuple[float, str] | None:
    match = _MAGNITUDE.search(text)
    if match is None:
        return None
    power = _word(match["n"])
    if power is None:
        power = 1.0
    return (float(10.0**power), "x") if power <= 12 else None  # larger ones are misread, not real


def _rank(text: str) -> tuple[float, str] | None:
    match = _RANK.search(text)
    if match is None:
        return None
    if match["n"]:
        return float(match["n"]), "rank"
    return float(_ORDINALS[match["word"].lower()]), "rank"


def _fold(text: str) -> tuple[float, str] | None:
    for match in _FOLD.finditer(text):
        number = _word(match["n"])
        if number is not None:
            return number, "x"
    for stem, factor in _ONCE.items():
        if re.search(rf"\b{stem}", text, re.IGNORECASE) and not re.search(r"\d", text):
            return factor, "x"
    return None


def _digits(text: str) -> tuple[float, str] | None:
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        words = [_SMALL[w] for w in re.findall(r"[a-z]+", text.lower()) if w in _SMALL and len(w) > 2]
        return (float(words[-1]), _unit(text)) if words else None
    percents = [n for n in numbers if text[n.end() :].lstrip().startswith("%")]
    last = (percents or numbers)[-1]
    # "34 out of 40 tasks" states 34; "83% faster than ResNet-50" states 83.
    if re.search(r"\b(?:out\s+of|of|than|over|for|for the)\b", text[numbers[0].end() :]):
        last = (percents or numbers)[0]
    # "+27%" and "10-20%": a hyphen between two numbers is a range, not a sign.
    written = last.group().replace(",", "")
    if written.startswith("-") and last.start() > 0 and text[: last.start()].rstrip()[-1:].isalnum():
        written = written[1:]
    number = float(written)
    scale = re.match(r"\s?(k|K|M|B|thousand|million|billion)\b", text[last.end() :])
    if scale:
        number *= _SCALE[scale.group(1)]
    return number, _unit(text)


def _unit(text: str) -> str:
    for unit, pattern in _UNITS:
        if re.search(pattern, text, re.IGNORECASE if len(unit) > 1 else 0):
            return unit
    return ""
