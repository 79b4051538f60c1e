"""Reading a stated value: the number in it, and its unit.

``61.2%`` is 61.2 in ``%``; ``threefold`` and ``3x`` are 3 in ``x``, ``a third`` a third of it, and
``two orders of magnitude`` 100; ``ranked 2nd`` is 2 in ``rank``. Of a range the number is its upper
end, of a change (``from 61.2 to 67.8``) where it ends, and of a comparison (``34 out of 40``,
``0.53±0.28``) what is compared.

A value is read in three steps: it is written plainly, cut where a comparison begins, and every
number in the rest is read with the unit that follows it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

_ONES = {word: n for n, word in enumerate("zero one two three four five six seven eight nine".split())}
_TEENS = {
    word: n + 10
    for n, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * (n + 2)
    for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_ORDINALS = {
    word: n + 1
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
    )
}
_PLACES = _ORDINALS | {"winner": 1, "winning": 1, "won": 1, "runner": 2}
_PARTS = {word: n for word, n in _ORDINALS.items() if n > 2} | {
    "quarter": 4,
    "hundredth": 100,
    "thousandth": 1000,
}
_MULTIPLES = {
    "twice": 2.0,
    "thrice": 3.0,
    "doubl": 2.0,
    "tripl": 3.0,
    "quadrupl": 4.0,
    "half": 0.5,
    "halv": 0.5,
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_LETTERS = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9}
_WORDS = _ONES | _TEENS | _TENS | _PLACES


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


_CARDINAL = rf"(?:{_any(*_TENS)}[ -]{_any(*_ONES)}|{_any(*_ONES, *_TEENS, *_TENS)})(?=fold|\b)"
_SCALE = _any(*_SCALES)
_TIMES = r"(?:times|fold)\b"
#: Not before a word that makes an ordinal a place: then it is no part (``third``) and no time (``second``).
_STANDING = r"(?![ -]" + _any("place", "position", "rank", "prize", "best", "runner", "winner") + ")"

#: Digits, with commas or spaces between thousands, and a point or comma before decimals.
_FIGURES = (
    r"(?:(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)|[1-9]\d{0,2}(?: \d{3})+(?!\d)|\d+)(?:\.\d+|,\d{1,2}(?!\d))?|\.\d+)"
    r"(?:e[-+]?\d+)?"
)

_SYMBOLS = str.maketrans("−‐‑\u00a0\u2009\u202f", "---   ", "${}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_COMMANDS = {"times": "×", "cdot": "×", "pm": "±", "sim": "~", "to": "→", "rightarrow": "→"}
#: How a value is written plainly: units of several words become one, so that no ``of`` or ``per`` in
#: them reads as a comparison, and the ``second`` that is a time gets its plural.
_PLAIN = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\\[,;:!]", ""),
        (r"\\(?=[%#&])", ""),
        (r"\s+", " "),
        (r"\^ ?(?=(?:st|nd|rd|th)\b)", ""),
        (r"\+/?-", "±"),
        (rf"(?<=[\d%]) ?\(?± ?{_FIGURES}", ""),
        (r"(?<![a-z])per ?cent(?:age)?s?(?=points?|\b)", "%"),
        (r"orders?[ -]of[ -]magnitudes?", "ordersofmagnitude"),
        (r"frames? ?(?:per|/) ?s(?:ec|econd)?\b", "FPS"),
        (rf"((?:\d|\b(?:an?|half|per|sub|{_CARDINAL}))[ -]?)second\b{_STANDING}", r"\1seconds"),
        (r"\b(to|and|or) (?:more than|less than|over|under)\b", r"\1"),
    )
)

_NUMERAL = re.compile(
    rf"(?<![\w.^])(?P<place_figures>\d+) ?(?:st|nd|rd|th)\b"
    rf"|\b(?P<place>(?:{_any(*_TENS)}[ -])?{_any(*_PLACES)})\b"
    rf"|\b(?P<count>an?|{_CARDINAL})[ -](?P<part>{_any(*_PARTS)})s?\b{_STANDING}"
    rf"|(?<![\w.^])1/(?P<part_figures>[1-9]\d*)\b"
    rf"|\b(?P<multiple>{_any(*_MULTIPLES)})(?:e[ds]?|ing)?\b"
    rf"|(?:\b(?P<words>(?:{_CARDINAL}|an?(?=[ -]{_SCALE}))(?:[ -]{_SCALE}\b)*|{_SCALE}(?=[ -]?{_TIMES}))"
    rf"|(?<![\w.^])(?P<sign>[-+]?)"
    rf"(?:(?:(?P<mantissa>{_FIGURES}) ?[x×*] ?)?10\^(?P<power>[-+]?\d+)|(?P<figures>{_FIGURES}))"
    rf"(?: ?(?P<scale>(?-i:[kKMB])|{_SCALE})\b)?)(?P<half> and a half\b)?",
    re.ASCII | re.IGNORECASE,
)
#: Where a comparison begins: what follows is not the number that is stated.
_ASIDE = re.compile(
    r"[(±]|(?<=\d) ?/ ?(?=\d)|: ?1\b"
    r"|\b(?:of|than|over|for|on|from|among|across|per|versus|vs|compared|in(?= \d))\b",
    re.IGNORECASE,
)
_JOIN = re.compile(r" ?(?:[-–—~∼→]|to\b|and\b|or\b)* ?", re.IGNORECASE)
_UNITS = (
    ("points", r"%[ -]?(?:points?|p)\b|(?<![a-z])(?:points?|pts?|pp)\b"),
    ("%", r"%"),
    ("magnitudes", r"ordersofmagnitude"),
    ("x", rf"\A[ -]?[x×](?!\w)|(?<![a-z]){_TIMES}"),
    ("dB", r"(?<![a-z])dB\b"),
    ("ms", r"(?<![a-z])(?:ms|milliseconds?)\b"),
    ("s", r"\A ?s\b|(?<![a-z])(?:secs?|seconds?)\b"),
    ("min", r"(?<![a-z])(?:min|minutes?)\b"),
    ("h", r"\A ?h\b|(?<![a-z])hours?\b"),
    ("days", r"(?<![a-z])days?\b"),
    ("FPS", r"(?<![a-z])(?:fps|Hz)\b"),
    ("mm", r"(?<![a-z])mm\b"),
    ("cm", r"(?<![a-z])cm\b"),
    ("m", r"\A ?m\b"),
    ("GB", r"(?<![a-z])(?:GB|GiB)\b"),
    ("MB", r"(?<![a-z])(?:MB|MiB)\b"),
    ("bits", r"(?<![a-z])bits?\b"),
)
_UNIT = re.compile("|".join(f"({pattern})" for _, pattern in _UNITS), re.IGNORECASE)
#: More orders of magnitude than these are misread, not real.
_MOST_MAGNITUDES = 12


@dataclass(frozen=True, slots=True)
class _Numeral:
    number: float
    unit: str
    in_figures: bool


def read_quantity(value: str) -> tuple[float | None, str]:
    """Return number and unit of ``value`` as written; (None, "") where it states none."""
    text = _stated(_plain(value))
    numerals = list(_numerals(text))
    if "ordersofmagnitude" in text:
        # Without a number, "orders of magnitude" are at least one.
        power = next((n.number for n in reversed(numerals) if n.unit == "magnitudes"), 1.0)
        return (10.0**power, "x") if power <= _MOST_MAGNITUDES else (None, "")
    best = [n for n in numerals if n.unit] or [n for n in numerals if n.in_figures] or numerals
    if not best:
        return None, ""
    unit = best[-1].unit
    # Of several places the first named counts.
    chosen = next(n for n in best if n.unit == unit) if unit == "rank" else best[-1]
    return chosen.number, unit


def _plain(value: str) -> str:
    text = _COMMAND.sub(lambda match: _COMMANDS.get(match[1], " "), value.translate(_SYMBOLS))
    for pattern, plain in _PLAIN:
        text = pattern.sub(plain, text)
    return text


def _stated(text: str) -> str:
    """Return ``text`` up to the comparison that follows its first number."""
    first = _NUMERAL.search(text)
    aside = first and _ASIDE.search(text, first.end())
    return text[: aside.start()] if aside else text


def _numerals(text: str) -> Iterator[_Numeral]:
    """Yield every number of ``text`` with the unit that stands between it and the next."""
    matches = list(_NUMERAL.finditer(text))
    reached, unit = 0, ""
    for match, following in zip_longest(matches, matches[1:]):
        gap = text[reached : match.start()]
        number, form = _number(match)
        if reached and not gap.strip(" -"):
            number = abs(number)  # a hyphen between two numbers is a range, not a sign
        reached = match.end()
        if not form and (found := _UNIT.search(text[reached : following.start() if following else None])):
            form = next(unit for (unit, _), group in zip(_UNITS, found.groups(), strict=True) if group)
            reached += found.end()
        # Both ends of a range are in the same unit, which often only one of them names.
        unit = form or (unit if _JOIN.fullmatch(gap) else "")
        if math.isfinite(number):
            yield _Numeral(number, unit, bool(match["figures"] or match["power"]))


def _number(match: re.Match[str]) -> tuple[float, str]:
    """Return the number of a numeral, and the unit that its form tells: a place, or a part or multiple."""
    if place := match["place_figures"]:
        return float(place), "rank"
    if place := match["place"]:
        return _spelled(place), "rank"
    if part := match["part"]:
        return (_spelled(match["count"]) or 1.0) / _PARTS[part.lower()], "x"
    if part := match["part_figures"]:
        return 1.0 / float(part), "x"
    if multiple := match["multiple"]:
        return _MULTIPLES[multiple.lower()], "x"
    if words := match["words"]:
        number = _spelled(words)
    elif power := match["power"]:
        number = _decimal(match["mantissa"] or "1") * float(f"1e{power}")
    else:
        number = _decimal(match["figures"])
    if scale := match["scale"]:
        number *= _LETTERS.get(scale) or _SCALES[scale.lower()]
    if match["half"]:
        number += 0.5
    return (-number if match["sign"] == "-" else number), ""


def _spelled(words: str) -> float:
    """Return the number that ``words`` spell; an article alone counts nothing."""
    number = 0.0
    for word in re.split("[ -]", words.lower()):
        number = (number or 1.0) * _SCALES[word] if word in _SCALES else number + _WORDS.get(word, 0)
    return number


def _decimal(figures: str) -> float:
    """Return the number of ``figures``, whose comma or space groups thousands if three digits follow."""
    return float(re.sub(r"[ ,](?=\d{3})", "", figures).replace(",", "."))
