"""Numbers from text, exactly: whole units of a decimal place, no float between."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import polars as pl

SCHEMA = pl.Struct({"units": pl.Int64, "longer": pl.Boolean})
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
    odd = text.filter(read["units"].is_null() & text.is_not_null()).unique()
    if odd.is_empty():
        return read
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
            longer=pl.when(pl.col("units").is_null()).then("longer_").otherwise("longer"),
        )
    )


def _slowly(text: str, places: int) -> tuple[int | None, bool]:
    """Read one number in an unusual spelling: signed, scientific or very long."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None, False
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12 or "_" in text or not text.isascii():
        return None, False
    scaled = value.scaleb(places)
    whole = scaled.to_integral_value(rounding=ROUND_HALF_UP)
    return int(whole), whole != scaled


def float_units(values: pl.Series, *, places: int) -> pl.DataFrame:
    """Read floats by the shortest decimal that names each one, exactly.

    69.35 as a float is not 69.35; its shortest name is, and a spreadsheet's user typed that.

    Examples:
        >>> float_units(pl.Series([69.35, 69.345, None]), places=2)["units"].to_list()
        [6935, 6935, None]
    """
    scale = 10**places
    near = (values * scale).round()
    exact = (near / scale == values) & (near.abs() < 2**52)
    fast = near.cast(pl.Int64, strict=False)
    if bool(exact.fill_null(True).all()):
        return pl.DataFrame(
            {"units": fast, "longer": pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)}
        )
    return units(values.cast(pl.String), places=places)
