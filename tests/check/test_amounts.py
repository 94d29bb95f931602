"""Numbers from text and from floats are exactly what `decimal` makes of them."""

from __future__ import annotations

import math
import re
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boardkit.check.amounts import LARGEST, float_units, integer_units, percentages, units
from boardkit.exact import print_hundredths, print_number

EXACT = Context(prec=500, Emax=MAX_EMAX, Emin=MIN_EMIN)
PLACES = st.sampled_from([0, 2, 4, 6])
DECIMALS = st.decimals(min_value=-LARGEST + 1, max_value=LARGEST - 1, allow_nan=False, allow_infinity=False)
SPELLINGS = (str, "{:f}".format, "{:E}".format, lambda value: f"+{value}" if value >= 0 else str(value))


def rounded(value: Decimal, places: int) -> tuple[int, bool]:
    scaled = value.scaleb(places, EXACT)
    whole = scaled.to_integral_value(rounding=ROUND_HALF_UP, context=EXACT)
    return int(whole), whole != scaled


def texts() -> st.SearchStrategy[str]:
    return st.builds(lambda value, spell: spell(value), DECIMALS, st.sampled_from(SPELLINGS))


@settings(max_examples=60, deadline=None)
@example(["69.345", "69.35", "0.5", "-0.5", "4.9999999999999999999999999999999999E-1"], 2)
@example(["0." + "0" * 40 + "1", "-0.00499999999999999999999999999999999999999", "1E-999999999"], 2)
@example(["00000000069.35", "0E+999999999", "-0", "0.0"], 2)
@given(st.lists(texts(), min_size=1), PLACES)
def test_text_is_read_as_decimal_reads_it(values: list[str], places: int) -> None:
    read = units(pl.Series(values, dtype=pl.String), places=places)
    assert read.rows() == [rounded(Decimal(value), places) for value in values]


@settings(max_examples=40, deadline=None)
@given(st.lists(texts(), min_size=1), PLACES)
def test_often_the_same_text_is_read_as_once(values: list[str], places: int) -> None:
    once = units(pl.Series(values, dtype=pl.String), places=places)
    often = units(pl.Series([*values, None] * 3, dtype=pl.String), places=places)
    assert often["units"].to_list() == [*once["units"].to_list(), None] * 3


@settings(max_examples=100, deadline=None)
@example("1e400")
@example("1e9999999")
@example("NaN")
@example("sNaN")
@example("-Infinity")
@example("1_0")
@example("\u0661\u0662")
@example("\uff15")
@example("69,5")
@example("5\n")
@given(st.text("0123456789.,eE+-_ \n\u0663\uff15\u2212xNaInf", max_size=12))
def test_text_that_is_no_number_is_read_as_none(text: str) -> None:
    ((read, _),) = units(pl.Series([text]), places=2).rows()
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = None
    plain = re.fullmatch(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*", text, re.ASCII)
    if value is None or plain is None or not value.is_finite() or value.copy_abs() >= LARGEST:
        assert read is None
    else:
        assert read == rounded(value, 2)[0]


@settings(max_examples=60, deadline=None)
@example([69.35, 69.345, -0.0, 0.1 + 0.2, 1e22, 33.333333333333336], 2)
@given(st.lists(st.floats(-1e11, 1e11), min_size=1), PLACES)
def test_a_float_is_read_by_its_shortest_name(values: list[float], places: int) -> None:
    read = float_units(pl.Series(values, dtype=pl.Float64), places=places)
    assert read["units"].to_list() == [
        rounded(Decimal(repr(value)), places)[0] if abs(value) < LARGEST else None for value in values
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1), st.sampled_from([pl.Float32, pl.Float64]))
def test_marks_that_went_through_floats_come_back(hundredths: list[int], dtype: pl.DataType) -> None:
    floats = pl.Series([value / 100 for value in hundredths]).cast(dtype)
    assert float_units(floats, places=2)["units"].to_list() == hundredths


def test_infinity_and_its_like_are_no_numbers() -> None:
    read = float_units(pl.Series([float("inf"), float("-inf"), 1e300, 5e-324, 1.0]), places=2)
    assert read["units"].to_list() == [None, None, None, 0, 100]
    assert read["longer"].to_list()[3:] == [True, False]


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt8, pl.Int64, pl.UInt64, pl.Int128])
def test_whole_numbers_of_every_width(dtype: pl.DataType) -> None:
    largest = pl.select(dtype.max()).item()
    read = integer_units(pl.Series([0, 69, largest, None], dtype=dtype), places=2).to_list()
    assert read == [0, 6900, largest * 100 if largest <= LARGEST else None, None]


def test_a_number_that_would_wrap_round_to_a_mark_is_no_number() -> None:
    assert integer_units(pl.Series([184467440737095517], dtype=pl.Int64), places=2).to_list() == [None]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**11), min_size=1))
def test_what_is_printed_is_read_again(values: list[int]) -> None:
    frame = pl.DataFrame({"value": values})
    marks = frame.select(print_hundredths(pl.col("value"), places=2))["value"]
    assert units(marks, places=2)["units"].to_list() == values
    weights = frame.select(print_number(pl.col("value"), units=10**6))["value"]
    assert units(weights, places=6)["units"].to_list() == values


SPELLED = st.one_of(
    st.decimals(0, 10**6, places=3).map(str),
    st.decimals(0, 10**6, places=20).map(str),
    st.floats(0, 10**6, allow_nan=False).map(repr),
    st.sampled_from(
        ["1e1", "2.5E+1", "+7", "-3", "5.", "1" * 30, "1e-30", "0.000", "6O", "", "1_0", "inf", "1e400"]
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(SPELLED, st.one_of(st.none(), st.integers(1, 10**8))), min_size=1, max_size=20))
def test_percentages_are_rounded_half_up_once(cells: list[tuple[str, int | None]]) -> None:
    read = percentages(
        pl.Series([text for text, _ in cells]), pl.Series([most for _, most in cells], dtype=pl.Int64)
    )
    for (text, most), found, longer in zip(cells, read["units"], read["longer"], strict=True):
        if units(pl.Series([text]), places=0)["units"].item() is None:
            assert found is None
            continue
        exact = Fraction(text) * 10**6 / (most or 10_000)
        assert found == math.floor(exact + Fraction(1, 2))
        assert longer == (exact.denominator != 1)
