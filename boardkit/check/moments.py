"""Moments and days from text: ISO, or UK day first; local wall time, no offsets."""

from __future__ import annotations

import polars as pl

_TIME = r"(?:[T ]([0-9]{1,2}):([0-9]{2})(?::([0-5][0-9])(?:\.([0-9]{1,6}))?)?)?"
_ISO = r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _TIME + "$"
_UK = r"^([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})" + _TIME.replace("[T ]", r",? ") + "$"
_PLAIN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-5][0-9]$"
_OFFSET = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$"


def moments(text: pl.Series) -> pl.DataFrame:
    """Read moments.

    Args:
        text: ``2022-11-04``, ``2022-11-04 16:00``, ``2022-11-04T16:00:01``, ``04/11/2022 16:00``.

    Returns:
        Columns ``moment`` (null where it is none), ``day_first`` and ``offset``.

    Examples:
        >>> moments(pl.Series(["2022-11-04 16:00", "4/11/2022", "2022-02-30"]))["moment"].to_list()
        [datetime.datetime(2022, 11, 4, 16, 0), datetime.datetime(2022, 11, 4, 0, 0), None]
    """
    t = pl.col("t")
    if text.str.contains(_PLAIN).all():
        plain = t.str.replace("T", " ", literal=True).str.to_datetime(
            "%Y-%m-%d %H:%M:%S", time_unit="us", strict=False
        )
        return text.to_frame("t").select(
            moment=_of_the_calendar(plain), day_first=pl.lit(value=False), offset=pl.lit(value=False)
        )
    read = pl.coalesce(_moment(_ISO, day=3, year=1), _moment(_UK, day=1, year=3))
    return text.to_frame("t").select(
        moment=_of_the_calendar(read),
        day_first=t.str.contains(_UK),
        offset=t.str.contains(r"[0-9]:[0-9]{2}.*" + _OFFSET),
    )


def _of_the_calendar(moment: pl.Expr) -> pl.Expr:
    """Leave out the year 0, which the calendar does not have."""
    return pl.when(moment.dt.year() > 0).then(moment)


def _moment(pattern: str, *, day: int, year: int) -> pl.Expr:
    def group(number: int, size: int) -> pl.Expr:
        return pl.col("t").str.extract(pattern, number).fill_null("0").str.zfill(size)

    joined = pl.concat_str(
        group(year, 4),
        pl.lit("-"),
        group(2, 2),
        pl.lit("-"),
        group(day, 2),
        pl.lit(" "),
        group(4, 2),
        pl.lit(":"),
        group(5, 2),
        pl.lit(":"),
        group(6, 2),
        pl.lit("."),
        group(7, 1).str.pad_end(6, "0"),
    )
    return (
        pl.when(pl.col("t").str.contains(pattern))
        .then(joined.str.to_datetime("%Y-%m-%d %H:%M:%S%.6f", time_unit="us", strict=False))
        .otherwise(None)
    )
