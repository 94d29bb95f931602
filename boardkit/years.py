"""Years: academic years are told apart by the year that they begin in, however they are written."""

from __future__ import annotations

import re

import polars as pl

_YEAR = r"([0-9]{4})"


def year_begun(year: pl.Expr) -> pl.Expr:
    """Give the year that an academic year begins in, or its text where it names none.

    Examples:
        >>> years = pl.DataFrame({"year": ["2022/23", "AY 2022-2023", "last year", None]})
        >>> years.select(year_begun(pl.col("year")))["year"].to_list()
        ['2022', '2022', 'last year', None]
    """
    return pl.coalesce(year.str.extract(_YEAR, 1), year)


def academic_year(year: pl.Expr) -> pl.Expr:
    """Write an academic year in one way, by the year that it begins in; a text that names none stays.

    Examples:
        >>> years = pl.DataFrame({"year": ["2022/23", "AY 2022-2023", "2022", "1999", "last year", None]})
        >>> years.select(academic_year(pl.col("year")))["year"].to_list()
        ['2022/23', '2022/23', '2022/23', '1999/00', 'last year', None]
    """
    begins = year.str.extract(_YEAR, 1)
    ends = (begins.cast(pl.Int32) + 1).cast(pl.String).str.zfill(2).str.slice(-2)
    return pl.coalesce(pl.concat_str(begins, pl.lit("/"), ends), year)


def begun(year: str | None) -> str | None:
    """Give the year that one academic year begins in; `year_begun` does the same for columns.

    Examples:
        >>> begun("2022/23"), begun("AY 2022-2023"), begun(None)
        ('2022', '2022', None)
    """
    found = re.search(_YEAR, year) if year else None
    return found.group() if found else year
