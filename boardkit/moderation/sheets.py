"""Sheets: plain tables as a workbook, the same bytes for the same tables, with nobody's name in what it says of itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from boardkit.report.workbook import CREATED, OPTIONS
from boardkit.report.workbook.formats import Formats
from boardkit.report.workbook.page import ROW, set_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.worksheet import Worksheet

_LEAST, _MOST = 9, 58
"""How narrow and how wide a column may be, in digits."""


def workbook(title: str, about: Sequence[str], tables: Mapping[str, pl.DataFrame]) -> bytes:
    """Write tables as a workbook, a sheet each, with a sheet in front that says what they are.

    Args:
        title: of the workbook.
        about: the lines of the sheet in front.
        tables: the tables by the name of their sheet.

    Returns:
        The workbook's bytes.

    Examples:
        >>> import polars as pl
        >>> workbook("A pack", ["What it is."], {"Sample": pl.DataFrame({"a": [1]})})[:2]
        b'PK'
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"title": title, "created": CREATED})
    formats = Formats(book)
    front = book.add_worksheet("Contents")
    set_width(front, 0, 0, 110)
    front.write_string(0, 0, title, formats.title)
    for row, line in enumerate(about, start=2):
        front.write_string(row, 0, line)
    _print(front)
    for name, table in tables.items():
        _table(book.add_worksheet(name), formats, table)
    book.close()
    return buffer.getvalue()


def _table(sheet: Worksheet, formats: Formats, table: pl.DataFrame) -> None:
    """Write one table: its heads stay in sight and on every page."""
    widths = {name: width_of(table[name]) for name in table.columns}
    for row, lines in enumerate(lines_of(table, widths), start=1):
        if lines > 1:
            sheet.set_row(row, lines * ROW)
    for at, name in enumerate(table.columns):
        column = table[name]
        set_width(sheet, at, at, widths[name])
        sheet.write_string(0, at, name, formats.head_number if column.dtype.is_numeric() else formats.head)
        marks = column.dtype.is_decimal()
        for row, value in enumerate(column.to_list(), start=1):
            if value is None:
                continue
            if isinstance(value, str):
                sheet.write_string(row, at, value)
            else:
                sheet.write_number(
                    row, at, float(value), formats.exact(2) if marks else formats.of("credits")
                )
    sheet.freeze_panes(1, 0)
    if table.height:
        sheet.autofilter(0, 0, table.height, table.width - 1)
    else:
        sheet.write_string(1, 0, "None.", formats.note)
    sheet.repeat_rows(0)
    _print(sheet)


def width_of(column: pl.Series, least: int = _LEAST, most: int = _MOST) -> int:
    """Give the width that a column's longest text asks for, in digits, its head's at least.

    Examples:
        >>> import polars as pl
        >>> width_of(pl.Series("component", ["Essay"])), width_of(pl.Series("a", ["long" * 9]), most=20)
        (11, 20)
    """
    longest = column.cast(pl.String).str.len_chars().max() or 0
    return max(least, len(column.name) + 2, min(most, int(str(longest)) + 2))


def lines_of(table: pl.DataFrame, widths: Mapping[str, int]) -> list[int]:
    """Give how many lines each row takes where its texts are wrapped, rather one too many than one too few.

    Examples:
        >>> import polars as pl
        >>> lines_of(pl.DataFrame({"a": ["short", "as long as two lines"]}), {"a": 15})
        [1, 2]
    """
    if table.is_empty():
        return []
    needed = [
        pl.col(name).cast(pl.String).str.len_chars().fill_null(1).clip(1).cast(pl.Int64).sub(1) // (width - 2)
        for name, width in widths.items()
    ]
    return table.select(pl.max_horizontal(needed).cast(pl.Int64) + 1).to_series().to_list()


def _print(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
