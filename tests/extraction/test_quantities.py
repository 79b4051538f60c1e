import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.extraction.quantities import read_quantity

SEPARATORS = [",", " ", "\u00a0", "\u2009", "\u202f", "\\,", "{,}"]


def reads(written: str, number: float, unit: str) -> None:
    found, found_unit = read_quantity(written)
    assert found == pytest.approx(number)
    assert found_unit == unit


def grouped(number: int, separator: str) -> str:
    return f"{number:,}".replace(",", separator)


@pytest.mark.parametrize(
    ("written", "number", "unit"),
    [
        ("61.2%", 61.2, "%"),
        ("96.2\\%", 96.2, "%"),
        ("$11\\%$", 11.0, "%"),
        ("15.4 per cent", 15.4, "%"),
        ("17 percent", 17.0, "%"),
        (".125", 0.125, ""),
        ("65,25%", 65.25, "%"),
        ("+14.43%", 14.43, "%"),
        ("-3.5", -3.5, ""),
        ("by -3.5%", -3.5, "%"),
        ("180ms", 180.0, "ms"),
        ("11.2GB", 11.2, "GB"),
        ("6k+", 6000.0, ""),
        ("~10 million", 1e7, ""),
        ("83% faster than ResNet-50", 83.0, "%"),
        ("88+ hour", 88.0, "h"),
        ("32 GPU hours", 32.0, "h"),
        ("8-bit", 8.0, "bits"),
        ("13.01 $\\mu$g/m$^3$", 13.01, ""),
    ],
)
def test_number_and_unit(written: str, number: float, unit: str) -> None:
    reads(written, number, unit)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3x", 3.0),
        ("$23.5\\times$", 23.5),
        ("17 times", 17.0),
        ("5.46times", 5.46),
        ("1,000 times", 1000.0),
        ("over 10 000 times faster", 10_000.0),
        ("up to 10,000-fold", 10_000.0),
        ("threefold", 3.0),
        ("two- to twelve-fold", 12.0),
        ("up to seventeen times", 17.0),
        ("twenty-five times", 25.0),
        ("hundred times more data", 100.0),
        ("two hundred times", 200.0),
        ("2 and a half times", 2.5),
        ("one and a half times", 1.5),
        ("twice", 2.0),
        ("halving", 0.5),
        ("doubling or even tripling", 3.0),
    ],
)
def test_multiples(written: str, number: float) -> None:
    reads(written, number, "x")


def test_a_size_is_no_multiple() -> None:
    assert read_quantity("32x32") == (32.0, "")
    assert read_quantity("triplet") == (None, "")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("an order of magnitude", 10.0),
        ("orders of magnitude less", 10.0),
        ("more than an order of magnitude on 3 tasks", 10.0),
        ("two orders of magnitude", 100.0),
        ("up to two order of magnitude", 100.0),
        ("up to 3 orders of magnitude faster", 1000.0),
        ("2-3 orders of magnitude", 1000.0),
        ("two to three orders-of-magnitude", 1000.0),
    ],
)
def test_orders_of_magnitude(written: str, number: float) -> None:
    reads(written, number, "x")


def test_too_many_orders_of_magnitude_are_not_read() -> None:
    assert read_quantity("2017 orders of magnitude") == (None, "")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("10^{-3}", 0.001),
        ("$10^5$", 1e5),
        ("$3.2 \\times 10^{-4}$", 3.2e-4),
        ("2x10^3", 2000.0),
        ("3e-4", 3e-4),
    ],
)
def test_powers_of_ten(written: str, number: float) -> None:
    reads(written, number, "")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("ranked 2nd", 2.0),
        ("2 nd place", 2.0),
        ("$3^{rd}$", 3.0),
        ("ranks first", 1.0),
        ("ranked second", 2.0),
        ("a second place", 2.0),
        ("a third place", 3.0),
        ("twenty-third", 23.0),
        ("runner-up", 2.0),
        ("ranked first in 10 languages", 1.0),
        ("2nd and 3rd places", 2.0),
    ],
)
def test_places(written: str, number: float) -> None:
    reads(written, number, "rank")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("half", 0.5),
        ("one third", 1 / 3),
        ("a third of the parameters", 1 / 3),
        ("up to two thirds", 2 / 3),
        ("at least four-fifths of performance", 0.8),
        ("a quarter", 0.25),
        ("a tenth or less", 0.1),
        ("less than one hundredth", 0.01),
        ("less than 1/40", 0.025),
    ],
)
def test_fractions_are_no_places(written: str, number: float) -> None:
    reads(written, number, "x")


@pytest.mark.parametrize(
    ("written", "number", "unit"),
    [
        ("1 second", 1.0, "s"),
        ("one second", 1.0, "s"),
        ("0.15 seconds", 0.15, "s"),
        ("30 frames per second", 30.0, "FPS"),
        ("6000 frames / sec", 6000.0, "FPS"),
        ("50K tokens per second", 50_000.0, ""),
    ],
)
def test_a_second_of_time_is_no_place(written: str, number: float, unit: str) -> None:
    reads(written, number, unit)


@pytest.mark.parametrize(
    "written",
    [
        "5.8 percentage points",
        "5.8 percentage-point",
        "5.8% points",
        "5.8%-points",
        "5.8%p",
        "5.8pp",
        "5.8 F1 points",
        "5.8 absolute percentage points",
    ],
)
def test_points(written: str) -> None:
    reads(written, 5.8, "points")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("10-20%", 20.0),
        ("11%-24%", 24.0),
        ("11%--24%", 24.0),
        ("between 35% -50%", 50.0),
        ("11% - 14%", 14.0),
        ("9×-18× faster", 18.0),
        ("1.9-3.3x", 3.3),
        ("from 61.2 to 67.8", 67.8),
        ("from 60% to over 90%", 90.0),
        ("from -3 to -5", -5.0),
        ("0.13→0.43", 0.43),
    ],
)
def test_of_a_range_the_upper_end_and_of_a_change_its_end(written: str, number: float) -> None:
    assert read_quantity(written)[0] == pytest.approx(number)


def test_both_ends_of_a_range_share_a_unit() -> None:
    assert read_quantity("from 46% to 68") == (68.0, "%")
    assert read_quantity("46 to 68%") == (68.0, "%")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("34 out of 40 tasks", 34.0),
        ("six out of seven benchmarks", 6.0),
        ("five out of six", 5.0),
        ("five of the 6 datasets", 5.0),
        ("16/20", 16.0),
        ("24.45:1", 24.45),
        ("92.3 on CIFAR-10", 92.3),
        ("67.8 from 61.2", 67.8),
        ("0.53±0.28", 0.53),
        ("0.86$\\pm$0.04", 0.86),
        ("0.82+/-0.22", 0.82),
        ("0.72($\\pm$0.11)", 0.72),
        ("0.73 (12th)", 0.73),
    ],
)
def test_what_follows_for_comparison_is_not_the_number(written: str, number: float) -> None:
    reads(written, number, "")


@pytest.mark.parametrize("written", ["61.2±0.3%", "61.2% +/- 0.3%", "61.2 (±0.3)%"])
def test_a_spread_hides_no_unit(written: str) -> None:
    reads(written, 61.2, "%")


def test_a_tolerance_alone_is_the_number() -> None:
    assert read_quantity("within ±3%") == (3.0, "%")


@pytest.mark.parametrize(
    "written",
    ["top result", "less than a second", "sub-second", "hundreds of times faster", "several thousand", ""],
)
def test_what_states_no_number_has_none(written: str) -> None:
    assert read_quantity(written) == (None, "")


@given(st.integers(0, 10**6), st.integers(0, 99))
def test_a_plain_decimal_reads_as_itself(whole: int, cents: int) -> None:
    found, unit = read_quantity(f"up to {whole}.{cents:02d} points")
    assert found == pytest.approx(whole + cents / 100)
    assert unit == "points"


@given(
    st.integers(0, 10**12),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["", "over {}", "{}%", "{} times", "{}-fold", "{}x", "{} points", "{}.5 ms"]),
)
def test_thousands_separators_change_nothing(number: int, separator: str, sentence: str) -> None:
    sentence = sentence or "{}"
    plain = read_quantity(sentence.format(number))
    assert plain[0] == number + 0.5 * (".5" in sentence)
    assert read_quantity(sentence.format(grouped(number, separator))) == plain


@given(
    st.integers(1, 999),
    st.integers(1, 999),
    st.sampled_from(["%", "x", "×", " ms", " points", "-fold", " orders of magnitude"]),
    st.sampled_from(["-", "--", "–", " - ", " -", " to ", " and ", "→", "~"]),
)
def test_a_range_reads_as_its_end(low: int, high: int, unit: str, between: str) -> None:
    end = read_quantity(f"{high}{unit}")
    assert read_quantity(f"{low}{unit}{between}{high}{unit}") == end


@given(st.text(max_size=60))
@example("a \u017fixth of thr\u0130ce 5 thou\u017fand")  # letters that match s and i in any case
def test_no_text_crashes_it(text: str) -> None:
    number, unit = read_quantity(text)
    assert isinstance(unit, str)
    assert number is None or isinstance(number, float)


WORDS = st.sampled_from(
    "1 2,000 .5 -3 1e999 10^ 10^999 % x - to of out two a third second per times fold half million "
    "orders magnitude / ( ± \\".split()
)


@given(st.lists(WORDS, max_size=12), st.sampled_from(["", " "]))
def test_no_mix_of_numbers_and_words_crashes_it(words: list[str], between: str) -> None:
    number, _ = read_quantity(between.join(words))
    assert number is None or math.isfinite(number)


@pytest.mark.parametrize(
    "part",
    ["1", "1,", "111,", "1 ", " ", "-", "1.", "1-", "$", "\\", "a ", "one-", "twenty ", "10^", "order of "],
)
def test_long_texts_are_read_in_linear_time(part: str) -> None:
    read_quantity(part * 20_000)
    read_quantity(part * 20_000 + "?")
