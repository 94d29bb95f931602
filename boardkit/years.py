"""Years: academic years are told apart by the year that they begin in, however they are written."""

from __future__ import annotations

import polars as pl

_PAIR = r"(?:^|[^0-9/_.+\u2013-])([0-9]{4})[/_\u2013-](?:[0-9]{2}){1,2}(?:[^0-9]|$)"
_ALONE = r"(?:^|[\s(,:])([0-9]{4})(?:$|[\s),:])"
UNCLEAR = '"{}" names no academic year of four digits.'
"""What is told of a text that names none; the text goes where ``{}`` stands."""


def year_named(year: pl.Expr) -> pl.Expr:
    """Give the year that an academic year begins in, four digits alone or with the next year's; null where it names none.

    Four digits behind others and a sign are no beginning: 22/2023 begins in 2022, and a number with a sign is what a
    spreadsheet made of something else.

    Examples:
        >>> years = pl.DataFrame({"year": ["2022/23", "AY 2022-2023", "22/2023", "-2022", "last year", None]})
        >>> years.select(year_named(pl.col("year")))["year"].to_list()
        ['2022', '2022', None, None, None, None]
    """
    return pl.coalesce(year.str.extract(_PAIR, 1), year.str.extract(_ALONE, 1))


def year_begun(year: pl.Expr) -> pl.Expr:
    """Give the year that an academic year begins in, or its text where it names none.

    Examples:
        >>> years = pl.DataFrame({"year": ["2022/23", "AY 2022-2023", "last year", None]})
        >>> years.select(year_begun(pl.col("year")))["year"].to_list()
        ['2022', '2022', 'last year', None]
    """
    return pl.coalesce(year_named(year), year)


def academic_year(year: pl.Expr) -> pl.Expr:
    """Write an academic year in one way, by the year that it begins in; null where a text names none.

    Examples:
        >>> years = pl.DataFrame({"year": ["2022/23", "AY 2022-2023", "2022", "1999", "last year", None]})
        >>> years.select(academic_year(pl.col("year")))["year"].to_list()
        ['2022/23', '2022/23', '2022/23', '1999/00', None, None]
    """
    begins = year_named(year)
    ends = (begins.cast(pl.Int32) + 1).cast(pl.String).str.zfill(2).str.slice(-2)
    return pl.concat_str(begins, pl.lit("/"), ends)


def begun(year: str | None) -> str | None:
    """Give the year that one academic year begins in; `year_begun` does the same for columns.

    Examples:
        >>> begun("2022/23"), begun("AY 2022-2023"), begun(None)
        ('2022', '2022', None)
    """
    return pl.select(year_begun(pl.lit(year, dtype=pl.String))).item()  # type: ignore[no-any-return]
