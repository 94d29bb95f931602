"""Numbers from text, exactly: whole units of a decimal place, no float between."""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction

import polars as pl

LARGEST = 10**12
"""No amount is larger; what is, is read as no number."""

_FEW = 1 << 12
"""So many texts are read as fast as they are told apart."""

_PLAIN = r"^\+?([0-9]{1,9})(?:\.([0-9]*))?$"


def units(text: pl.Series, *, places: int) -> pl.DataFrame:
    """Read decimal text as whole units of a number of places, longer decimals rounded half up.

    Args:
        text: text such as ``69.35``; signs and scientific notation are understood, commas are not.
        places: the decimal places of one unit.

    Returns:
        Columns ``units`` (null where the text is no number) and ``longer`` (more places were written).

    Examples:
        >>> units(pl.Series(["69.35", "69.349", "6.5E1", "-3", "6O", None]), places=2)["units"].to_list()
        [6935, 6935, 6500, -300, None, None]
    """
    if len(text) < _FEW:
        return _read(text, places)
    distinct = text.unique()
    if 2 * len(distinct) > len(text):
        return _read(text, places)
    read = _read(distinct, places).with_columns(distinct.alias("t"))
    return (
        text.to_frame("t")
        .join(read, on="t", how="left", maintain_order="left", nulls_equal=True)
        .select("units", "longer")
    )


def _read(text: pl.Series, places: int) -> pl.DataFrame:
    parts = text.to_frame("t").select(
        whole=pl.col("t").str.extract(_PLAIN, 1),
        part=pl.col("t").str.extract(_PLAIN, 2).fill_null(""),
    )
    whole = pl.col("whole").cast(pl.Int64) * 10**places
    padded = pl.col("part").str.slice(0, places).str.pad_end(places, "0")
    fraction = (
        pl.when(padded == "").then(0).otherwise(padded.cast(pl.Int64, strict=False)) if places else pl.lit(0)
    )
    up = (pl.col("part").str.slice(places, 1) >= "5").cast(pl.Int64)
    longer = pl.col("part").str.slice(places).str.strip_chars("0") != ""
    read = parts.select(units=whole + fraction + up, longer=longer)
    if read["units"].null_count() == text.null_count():
        return read
    odd = text.filter(read["units"].is_null() & text.is_not_null()).unique()
    slow = pl.DataFrame(
        [(value, *_slowly(value, places)) for value in odd.to_list()],
        schema={"t": pl.String, "units_": pl.Int64, "longer_": pl.Boolean},
        orient="row",
    )
    return (
        pl.concat([text.to_frame("t"), read], how="horizontal")
        .join(slow, on="t", how="left", maintain_order="left")
        .select(
            units=pl.coalesce("units", "units_"),
            longer=pl.when(pl.col("units").is_null())
            .then("longer_")
            .otherwise("longer")
            .fill_null(value=False),
        )
    )


def _slowly(text: str, places: int) -> tuple[int | None, bool]:
    """Read one number in an unusual spelling: signed, scientific or very long."""
    if "_" in text or not text.isascii():
        return None, False
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None, False
    if not value.is_finite() or value.copy_abs() >= LARGEST:
        return None, False
    if value.is_zero() or value.adjusted() < -places - 1:
        return 0, not value.is_zero()
    scaled = value.scaleb(places, _EXACT)
    whole = scaled.to_integral_value(rounding=ROUND_HALF_UP)
    return int(whole), whole != scaled


_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)


def integer_units(values: pl.Series, *, places: int) -> pl.Series:
    """Read whole numbers as units; null where one is larger than any amount.

    Examples:
        >>> integer_units(pl.Series([69, -3, 10**18, None]), places=2).to_list()
        [6900, -300, None, None]
    """
    whole = pl.col("whole")
    small = pl.when(whole.is_between(-LARGEST, LARGEST)).then(whole * 10**places)
    return values.cast(pl.Int64, strict=False).to_frame("whole").select(small).to_series()


def decimal_units(values: pl.Series, *, places: int) -> pl.DataFrame:
    """Read exact decimals.

    Examples:
        >>> from decimal import Decimal
        >>> marks = pl.Series([Decimal("69.5"), None], dtype=pl.Decimal(5, 1))
        >>> decimal_units(marks, places=2)["units"].to_list()
        [6950, None]
    """
    scale = getattr(values.dtype, "scale", 0)
    if scale > places:
        return units(values.cast(pl.String), places=places)
    whole = pl.col("whole")
    small = pl.when(whole.abs() <= LARGEST * 10**scale).then(whole * 10 ** (places - scale))
    given = values.cast(pl.Decimal(None, scale)).reinterpret(dtype=pl.Int128).to_frame("whole")
    return given.select(units=small.cast(pl.Int64), longer=pl.lit(value=False))


def float_units(values: pl.Series, *, places: int) -> pl.DataFrame:
    """Read floats by the shortest decimal that names each one, exactly.

    69.35 as a float is not 69.35; its shortest name is, and a spreadsheet's user typed that.

    Examples:
        >>> float_units(pl.Series([69.35, 69.345, None]), places=2)["units"].to_list()
        [6935, 6935, None]
    """
    if values.dtype != pl.Float64:
        return units(values.cast(pl.String), places=places)
    scale = 10**places
    near = (values * scale).round()
    exact = (near / scale == values) & (near.abs() < 2**52)
    fast = near.cast(pl.Int64, strict=False)
    if bool(exact.fill_null(True).all()):
        return pl.DataFrame(
            {"units": fast, "longer": pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)}
        )
    return units(values.cast(pl.String), places=places)


_PART = r"^\+?([0-9]{1,9})(?:\.([0-9]{0,18}))?$"
_PART_PLACES = 18


def percentages(text: pl.Series, out_of: pl.Series) -> pl.DataFrame:
    """Read points as percentages of what there was to reach, in hundredths, rounded half up once.

    Args:
        text: points such as ``33.5``.
        out_of: the points to be reached, in hundredths of a point, over 0; null for 100.

    Returns:
        Columns ``units`` (null where the text is no number) and ``longer`` (the exact percentage has more
        than two places).

    Examples:
        >>> percentages(pl.Series(["33.5", "2", "1e1"]), pl.Series([4000, 300, None]))["units"].to_list()
        [8375, 6667, 1000]
    """
    parts = pl.DataFrame({"t": text, "o": out_of.fill_null(10_000).cast(pl.Int128)}).with_columns(
        whole=pl.col("t").str.extract(_PART, 1).cast(pl.Int128),
        part=pl.col("t").str.extract(_PART, 2).fill_null("").str.pad_end(_PART_PLACES, "0").cast(pl.Int128),
    )
    one = pl.lit(10**_PART_PLACES).cast(pl.Int128)
    above = (pl.col("whole") * one + pl.col("part")) * pl.lit(10**6).cast(pl.Int128)
    below = one * pl.col("o")
    two = pl.lit(2).cast(pl.Int128)
    read = parts.with_columns(
        units=((above * two + below) // (below * two)).cast(pl.Int64),
        longer=(above % below != 0).fill_null(value=False),
    )
    odd = read.filter(pl.col("units").is_null() & pl.col("t").is_not_null()).select("t", "o").unique()
    if odd.is_empty():
        return read.select("units", "longer")
    slow = pl.DataFrame(
        [(value, points, *_slow_percentage(value, int(points))) for value, points in odd.iter_rows()],
        schema={"t": pl.String, "o": pl.Int128, "units_": pl.Int64, "longer_": pl.Boolean},
        orient="row",
    )
    return read.join(slow, on=["t", "o"], how="left", maintain_order="left").select(
        units=pl.coalesce("units", "units_"),
        longer=pl.when(pl.col("units").is_null()).then("longer_").otherwise("longer").fill_null(value=False),
    )


def _slow_percentage(text: str, out_of: int) -> tuple[int | None, bool]:
    """Read one number of points in an unusual spelling: signed, scientific or very long."""
    whole, longer = _slowly(text, 0)
    if whole is None or (whole == 0 and not longer):
        return whole, longer
    value = Decimal(text)
    if value.adjusted() < -_PART_PLACES - 1:
        return 0, True
    exact = Fraction(value) * 10**6 / out_of
    units_of = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return units_of, exact.denominator != 1
