"""Cell places in the A1 manner: letters for the column, a number for the row."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import polars as pl

from boardkit.problems import letters

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_LETTERS = re.compile(r"[A-Z]{1,3}")
_PLACE = re.compile(rf"({_LETTERS.pattern})([1-9][0-9]{{0,6}})")


@lru_cache(maxsize=MAX_COLUMN)
def column_number(text: str) -> int | None:
    """Give the number of a column by its letters; None when a sheet has no such column.

    Examples:
        >>> column_number("A"), column_number("XFD"), column_number("XFE"), column_number("a")
        (1, 16384, None, None)
    """
    if not _LETTERS.fullmatch(text):
        return None
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number if number <= MAX_COLUMN else None


def column_letter(col: int) -> str:
    """Give the letters of a column.

    Args:
        col: its number, from 1 to 16,384.

    Raises:
        ValueError: a sheet has no such column.

    Examples:
        >>> column_letter(1), column_letter(28), column_letter(16384)
        ('A', 'AB', 'XFD')
    """
    if not 1 <= col <= MAX_COLUMN:
        raise ValueError(f"a sheet has columns 1 to {MAX_COLUMN}, not {col}")
    return letters(col)


def a1(row: int, col: int) -> str:
    """Give a cell's place as A1 text.

    Args:
        row: its row, from 1.
        col: its column, from 1 to 16,384.

    Examples:
        >>> a1(117, 6)
        'F117'
    """
    return f"{column_letter(col)}{row}"


def place(text: str) -> tuple[int, int] | None:
    """Read A1 text as row and column; None when a sheet has no such cell.

    Examples:
        >>> place("XFD1048576"), place("XFE1"), place("A0"), place("a1")
        ((1048576, 16384), None, None, None)
    """
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    row, col = int(found[2]), column_number(found[1])
    return None if col is None or row > MAX_ROW else (row, col)


def a1_text(row: str | pl.Expr = "row", col: str | pl.Expr = "col") -> pl.Expr:
    """Give the A1 text of whole columns of places.

    Args:
        row: the column of row numbers, from 1.
        col: the column of column numbers, from 1 to 16,384.

    Returns:
        An expression named ``a1``, null where either number is null.

    Examples:
        >>> pl.DataFrame({"row": [117, 2], "col": [6, 28]}).select(a1_text())["a1"].to_list()
        ['F117', 'AB2']
    """
    rows = pl.col(row) if isinstance(row, str) else row
    cols = pl.col(col) if isinstance(col, str) else col
    named = pl.lit(_every_column()).gather(cols.cast(pl.Int64) - 1)
    return (named + rows.cast(pl.String)).alias("a1")


@cache
def _every_column() -> pl.Series:
    return pl.Series([letters(col) for col in range(1, MAX_COLUMN + 1)], dtype=pl.String)


def area(text: str) -> tuple[int, int, int, int] | None:
    """Read an area such as ``A1:B2`` as its first row and column and its last; None when no sheet has it.

    Examples:
        >>> area("A1:B2"), area("C3"), area("B2:A1")
        ((1, 1, 2, 2), (3, 3, 3, 3), None)
    """
    first, colon, last = text.partition(":")
    start, end = place(first), place(last if colon else first)
    if start is None or end is None or end[0] < start[0] or end[1] < start[1]:
        return None
    return *start, *end
