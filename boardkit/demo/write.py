"""Invented tables as files: a folder of tables, or a workbook with a sheet per table."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

from boardkit.errors import CallError
from boardkit.private import FOLDER, private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_LAST_ROW = 1_048_575  # under the header, in an Excel sheet
_WIDEST = 36
_DAY = "yyyy-mm-dd"
_MOMENT = "yyyy-mm-dd hh:mm"
_MARK = "0.00"
_TYPED = {"mark"}  # text where somebody typed a letter into it
_NUMBER = re.compile(r"\d+(\.\d+)?")
_CREATED = dt.datetime(2023, 6, 1, 9, 0)  # noqa: DTZ001 - a workbook's moments have no zone


def write_folder(tables: Mapping[str, pl.DataFrame], out: Path, *, parquet: bool = False) -> None:
    """Write one file per table.

    Args:
        tables: the tables by name.
        out: the folder; made if it is not there, and files of the same names in it are replaced.
        parquet: write ``.parquet`` rather than ``.csv``.

    Raises:
        CallError: ``out`` is a file.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     write_folder({"board": pl.DataFrame({"key": ["diet"], "value": ["main"]})}, Path(folder))
        ...     print((Path(folder) / "board.csv").read_text())
        key,value
        diet,main
        <BLANKLINE>
    """
    if out.exists() and not out.is_dir():
        raise CallError(f"{out.name} is a file. Name a folder for the tables.")
    out.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    for name, table in tables.items():
        if parquet:
            table.write_parquet(private(out / f"{name}.parquet"))
        else:
            table.write_csv(private(out / f"{name}.csv"), datetime_format="%Y-%m-%d %H:%M:%S")


def write_workbook(tables: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Write one workbook with a sheet per table, the same bytes each time.

    Numbers are numbers, days and moments are Excel dates, everything else is text, identifiers above
    all.

    Args:
        tables: the tables by name.
        path: the ``.xlsx`` file; replaced if it is there.

    Raises:
        CallError: a table has more rows than a sheet holds.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> table = pl.DataFrame({"student_id": ["00123456"]})
        >>> from openpyxl import load_workbook
        >>> with TemporaryDirectory() as folder:
        ...     write_workbook({"students": table}, Path(folder) / "board.xlsx")
        ...     load_workbook(Path(folder) / "board.xlsx")["Students"]["A2"].value
        '00123456'
    """
    for name, table in tables.items():
        if table.height > _LAST_ROW:
            raise CallError(
                f'table "{name}" has {table.height:,} rows and a sheet holds {_LAST_ROW:,}. Write a folder.'
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(private(path)) as workbook:
        workbook.set_properties({"created": _CREATED})
        heading = workbook.add_format({"bold": True})
        formats = {kind: workbook.add_format({"num_format": kind}) for kind in (_DAY, _MOMENT, _MARK)}
        for name, table in tables.items():
            sheet = workbook.add_worksheet(name.capitalize())
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                sheet.set_column(place, place, _width(table[column]))
            sheet.write_row(0, 0, table.columns, heading)
            writers = [_writer(sheet, table[column], formats) for column in table.columns]
            for row, values in enumerate(table.iter_rows(), start=1):
                for place, value in enumerate(values):
                    if value is not None:
                        writers[place](row, place, value)


def _writer(
    sheet: xlsxwriter.worksheet.Worksheet, column: pl.Series, formats: Mapping[str, object]
) -> Callable[[int, int, Any], object]:
    """Choose how the cells of a column are written."""
    kind = column.dtype
    if kind.is_decimal():
        return lambda row, place, value: sheet.write_number(row, place, value, formats[_MARK])
    if kind.is_numeric():
        return sheet.write_number  # type: ignore[no-any-return]
    if kind.is_temporal():
        shown = formats[_DAY if kind == pl.Date else _MOMENT]
        return lambda row, place, value: sheet.write_datetime(row, place, value, shown)
    if column.name in _TYPED:
        return lambda row, place, value: (
            sheet.write_number(row, place, Decimal(value), formats[_MARK])
            if _NUMBER.fullmatch(value)
            else sheet.write_string(row, place, value)
        )
    return sheet.write_string  # type: ignore[no-any-return]


def _width(column: pl.Series) -> int:
    """Give a column room for its name and what it holds."""
    held = column.cast(pl.String).str.len_chars().max()
    return min(_WIDEST, max(len(column.name), held if isinstance(held, int) else 0) + 2)
