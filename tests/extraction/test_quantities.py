import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.quantities import read_quantity


@pytest.mark.parametrize(
    ("written", "number", "unit"),
    [
        ("61.2%", 61.2, "%"),
        ("96.2\\%", 96.2, "%"),
        (".125", 0.125, ""),
        ("1,234", 1234.0, ""),
        ("+14.43%", 14.43, "%"),
        ("-3.5", -3.5, ""),
        ("180ms", 180.0, "ms"),
        ("11.2GB", 11.2, "GB"),
        ("threefold", 3.0, "x"),
        ("5.46times", 5.46, "x"),
        ("3x", 3.0, "x"),
        ("twice", 2.0, "x"),
        ("halving", 0.5, "x"),
        ("two orders of magnitude", 100.0, "x"),
        ("an order of magnitude", 10.0, "x"),
        ("ranked 2nd", 2.0, "rank"),
        ("ranks first", 1.0, "rank"),
        ("34 out of 40 tasks", 34.0, ""),
        ("83% faster than ResNet-50", 83.0, "%"),
    ],
)
def test_number_and_unit(written: str, number: float, unit: str) -> None:
    found, found_unit = read_quantity(written)
    assert found == pytest.approx(number)
    assert found_unit == unit


@pytest.mark.parametrize(
    ("written", "number"),
    [("10-20%", 20.0), ("1.9-3.3x", 3.3), ("from 61.2 to 67.8", 67.8), ("0.13→0.43", 0.43)],
)
def test_of_a_range_the_upper_end_and_of_a_change_its_end(written: str, number: float) -> None:
    assert read_quantity(written)[0] == pytest.approx(number)


def test_what_states_no_number_has_none() -> None:
    assert read_quantity("top result") == (None, "")
    assert read_quantity("")[0] is None


@given(st.integers(0, 10**6), st.integers(0, 99))
def test_a_plain_decimal_reads_as_itself(whole: int, cents: int) -> None:
    found, unit = read_quantity(f"up to {whole}.{cents:02d} points")
    assert found == pytest.approx(whole + cents / 100)
    assert unit == "points"


@given(st.text(max_size=60))
def test_no_text_crashes_it(text: str) -> None:
    number, unit = read_quantity(text)
    assert isinstance(unit, str)
    assert number is None or isinstance(number, float)
