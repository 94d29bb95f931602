"""Heights: how many lines a text needs in a column, since not every program makes its row as high by itself."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from boardkit.report.content.listing import Column

LINES = 24
"""How many lines of text a cell may take: a row can be no higher than that on a page."""

LINE, MORE = 12, 3
"""The height of a line of text, and what a row has besides, in points."""

TEXTS = ("text", "either")
"""The kinds of columns that hold text."""

_NEEDED = "lines needed"
_CHARACTERS, _EDGES = 1.2, 0.5
"""How many characters stand where one digit of the workbook's own, larger type does; less what a cell's edges take."""

_WORD = 2.5
"""How many characters of a line stay free, on the average, because a word goes to the next."""


def lines_in(text: str, width: float) -> int:
    r"""Count the lines that a text needs in a column, rather one too many than one too few.

    Examples:
        >>> lines_in("Average", 8), lines_in("Credits at or above", 8), lines_in("PS4021\nL10 20", 8)
        (1, 3, 2)
    """
    return sum(_wrapped(len(line), width) for line in text.split("\n"))


def _wrapped(length: int, width: float) -> int:
    room = _room(width)
    return 1 if length <= room else ceil(length / _kept(room))


def _room(width: float) -> float:
    """Say how many characters fit beside each other in a column."""
    return width * _CHARACTERS - _EDGES


def _kept(room: float) -> float:
    """Say how many of them a line of words has, on the average."""
    return max(room - _WORD, room / 2)


def set_height(sheet: Worksheet, row: int, lines: int) -> None:
    """Make a row as high as so many lines; one line is as high as rows are."""
    if lines > 1:
        sheet.set_row(row, min(lines, LINES) * LINE + MORE)


def set_heights(sheet: Worksheet, lines: pl.Series, row: int) -> None:
    """Make rows as high as the lines that each needs.

    Args:
        sheet: the sheet.
        lines: how many lines each row needs, from ``fitting``.
        row: where the first of the rows stands.
    """
    for at, needed in enumerate(lines, row):
        if needed is not None:
            set_height(sheet, at, needed)


def _lines_of(column: Column) -> pl.Expr:
    """Count the lines of every text of a column; a break in a text counts as one more."""
    room = _room(column.width)
    text = pl.col(column.name).cast(pl.String)
    long = text.str.len_chars()
    wrapped = pl.when(long <= room).then(1).otherwise((long / _kept(room)).ceil())
    return wrapped.cast(pl.Int64) + text.str.count_matches("\n", literal=True).cast(pl.Int64)


def fitting(columns: Sequence[Column], rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Give texts as their cells can show them: cut, with three dots, where they would not fit on a page.

    Args:
        columns: the columns that are shown.
        rows: what is in them.

    Returns:
        The rows with such texts, and how many lines each row needs.

    Examples:
        >>> from boardkit.report.content.listing import Column
        >>> texts = pl.DataFrame({"note": ["short", "long " * 100]})
        >>> rows, lines = fitting([Column("note", "Note", 2.0)], texts)
        >>> rows["note"].str.len_chars().to_list(), lines[1] > LINES
        ([5, 22], True)
    """
    texts = [column for column in columns if column.kind in TEXTS]
    over = rows.select(_over_a_line(column) for column in texts).row(0)
    long = [column for column, is_over in zip(texts, over, strict=True) if is_over]
    if not long:
        return rows, pl.repeat(1, rows.height, dtype=pl.Int64, eager=True)
    needed = pl.max_horizontal(_lines_of(column) for column in long).alias(_NEEDED)
    laid = rows.with_columns(*(_fitting(column) for column in long), needed)
    return laid.drop(_NEEDED), laid[_NEEDED]


def _over_a_line(column: Column) -> pl.Expr:
    """Tell whether any text of a column may need more than a line; most columns hold codes, and none does."""
    text = pl.col(column.name).cast(pl.String)
    longer = text.str.len_bytes() > _room(column.width)  # never fewer than there are characters
    return (longer | text.str.contains("\n", literal=True)).any().alias(column.name)


def _fitting(column: Column) -> pl.Expr:
    most = int(_kept(_room(column.width)) * LINES)
    text = pl.col(column.name).cast(pl.String)
    cut = text.str.slice(0, most - 3) + "..."
    return pl.when(text.str.len_chars() > most).then(cut).otherwise(text).alias(column.name)


def broken(text: str, width: float) -> list[str]:
    """Break a note into lines as wide as the sheet, each a cell of its own that nothing cuts.

    Examples:
        >>> broken("what is in n and what is not", 12)
        ['what is in n', 'and what is', 'not']
    """
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) + 1 > _room(width):
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines
