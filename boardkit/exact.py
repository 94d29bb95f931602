"""Exact marks: whole hundredths, integer weights and credits, ratios of integers, one rounding.

A mark of 69.35 is the integer 6935. Weights are millionths, credits hundredths. A ratio is kept as its
numerator and denominator until the one place where a regulation rounds it (reading A1). A binary float
never decides anything here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import polars as pl

MARK_PLACES = 2
MARK_UNITS = 10**MARK_PLACES
CREDIT_UNITS = 100
WEIGHT_PLACES = 6
WEIGHT_UNITS = 10**WEIGHT_PLACES

Mode = Literal["half-up", "half-even", "down"]


def hundredths(value: Decimal | int) -> int:
    """Turn a mark, a credit or another two-place decimal into whole hundredths.

    Args:
        value: a number with at most two decimal places.

    Returns:
        The number of hundredths.

    Raises:
        ValueError: the value has more than two places.

    Examples:
        >>> hundredths(Decimal("69.35"))
        6935
        >>> hundredths(40)
        4000
    """
    scaled = Decimal(value) * MARK_UNITS
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{value} has more than {MARK_PLACES} decimal places")
    return whole


def step(places: int) -> int:
    """Give the size, in hundredths, of one unit at a number of decimal places.

    Examples:
        >>> step(1), step(2), step(0)
        (10, 1, 100)
    """
    return int(10 ** (MARK_PLACES - places))


def round_ratio(numerator: pl.Expr, denominator: pl.Expr, *, places: int, mode: Mode) -> pl.Expr:
    """Round an exact ratio of non-negative integers, in hundredths, to a number of places.

    Args:
        numerator: integers; with the denominator, the value in hundredths.
        denominator: positive integers.
        places: decimal places to keep, 0 to 2.
        mode: ``half-up``, ``half-even`` or ``down``.

    Returns:
        Hundredths, a multiple of the step of those places.

    Examples:
        >>> frame = pl.DataFrame({"n": [3995, 3994, 69350], "d": [1, 1, 10]})
        >>> frame.select(round_ratio(pl.col("n"), pl.col("d"), places=1, mode="half-up"))["n"].to_list()
        [4000, 3990, 6940]
    """
    unit = step(places)
    if mode == "down":
        return numerator // (denominator * unit) * unit
    whole = (numerator * 2 + denominator * unit) // (denominator * (2 * unit))
    if mode == "half-even":
        tie = (numerator * 2 + denominator * unit) % (denominator * (2 * unit)) == 0
        whole = whole - (tie & (whole % 2 == 1)).cast(pl.Int64)
    return whole * unit


def print_hundredths(value: pl.Expr, *, places: int) -> pl.Expr:
    """Write non-negative hundredths as text with a fixed number of places; null stays null.

    The value is a multiple of the step of those places.

    Examples:
        >>> frame = pl.DataFrame({"m": [6935, 4000, None, 5]})
        >>> frame.select(print_hundredths(pl.col("m"), places=2))["m"].to_list()
        ['69.35', '40.00', None, '0.05']
        >>> frame.select(print_hundredths(pl.col("m"), places=1))["m"].to_list()[1]
        '40.0'
    """
    whole: pl.Expr = (value // MARK_UNITS).cast(pl.String)
    if places == 0:
        return whole
    rest = (value % MARK_UNITS) // step(places)
    return pl.concat_str(whole, pl.lit("."), rest.cast(pl.String).str.zfill(places))


def decimal(value: pl.Expr, *, places: int) -> pl.Expr:
    """Turn hundredths that are a multiple of the step of some places into exact decimals of that scale.

    Examples:
        >>> frame = pl.DataFrame({"m": [6935, 4000, None]})
        >>> [str(mark) for mark in frame.select(decimal(pl.col("m"), places=2))["m"]]
        ['69.35', '40.00', 'None']
    """
    return pointed(value if places == MARK_PLACES else value // step(places), places=places)


def pointed(whole: pl.Expr, *, places: int) -> pl.Expr:
    """Put the point into whole numbers of so many places.

    Examples:
        >>> frame = pl.DataFrame({"weight": [12_500_000]})
        >>> str(frame.select(pointed(pl.col("weight"), places=6)).item())
        '12.500000'
    """
    exact: pl.Expr = whole.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, places))
    return exact


def nearest(value: pl.Expr) -> pl.Expr:
    """Turn hundredths into the nearest floats, to be drawn and printed, never to decide.

    A division of columns is not always the nearest: 7210 / 100 gives 72.10000000000001 there.

    Examples:
        >>> pl.DataFrame({"m": [7210, 5, None]}).select(nearest(pl.col("m")))["m"].to_list()
        [72.1, 0.05, None]
    """
    shown: pl.Expr = decimal(value, places=MARK_PLACES).cast(pl.Float64)
    return shown


def print_number(value: pl.Expr, *, units: int) -> pl.Expr:
    """Write non-negative integers of a given unit as the shortest decimal text; null stays null.

    Examples:
        >>> frame = pl.DataFrame({"credits": [2000, 1250, 700]})
        >>> frame.select(print_number(pl.col("credits"), units=100))["credits"].to_list()
        ['20', '12.5', '7']
    """
    places = len(str(units)) - 1
    rest = (value % units).cast(pl.String).str.zfill(places).str.strip_chars_end("0")
    whole = (value // units).cast(pl.String)
    return pl.when(rest == "").then(whole).otherwise(pl.concat_str(whole, pl.lit("."), rest))


def say(value: int, *, places: int = 1) -> str:
    """Write one value in hundredths as text.

    Examples:
        >>> say(6940), say(6935, places=2)
        ('69.4', '69.35')
    """
    whole, rest = divmod(value, MARK_UNITS)
    return f"{whole}.{rest // step(places):0{places}d}" if places else str(whole)


def say_number(value: int, *, units: int = CREDIT_UNITS) -> str:
    """Write one integer of a given unit as the shortest decimal text.

    Examples:
        >>> say_number(2000), say_number(1250)
        ('20', '12.5')
    """
    text = f"{Decimal(value) / units:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
