"""Loaded: a workbook as openpyxl has it, with every value as boardkit's own reader reads it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.cell_text import write_text, written
from boardkit.read.cells import of_each_sheet
from boardkit.read.limits import Guard
from boardkit.read.package import Package
from boardkit.read.workbook import from_package
from boardkit.report.marked.which import refusal
from boardkit.report.workbook import CREATED

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook as Copy
    from openpyxl.worksheet.worksheet import Worksheet

    from boardkit.read.limits import Limits
    from boardkit.read.workbook import Workbook

_MOST = 500_000
"""How many cells may lie under merged areas, links and the like: openpyxl makes each of them, blank ones too."""

_AREAS = re.compile(
    rb"<(?:\w+:)?(?:hyperlink|comment|mergeCell)\b[^>]*?\bref\s*=\s*[\"']\$?([A-Za-z]*)\$?([0-9]*):\$?([A-Za-z]*)\$?([0-9]*)[\"']"
)
_LETTERS = 26
_ROWS, _COLUMNS = 1_048_576, 16_384
_CORE = "docProps/core.xml"


def load(path: Path, content: bytes, limits: Limits) -> tuple[Copy, Workbook]:
    """Load a workbook that boardkit's own reader accepts, with every value as that one read it.

    Args:
        path: the workbook, for messages.
        content: its bytes.
        limits: what it may ask for.

    Returns:
        The workbook as openpyxl has it, and as boardkit reads it.

    Raises:
        BoardkitError: one of the two cannot use it.
    """
    guard = Guard(path, limits)
    package = Package(content, guard)
    read = from_package(package, guard)
    Package(content, Guard(path, limits)).check_for_others()  # by itself: what was read is not counted twice
    if _under_areas(content) > _MOST:
        raise refusal(path, f"its merged areas and links lie over more than {_MOST:,} cells")
    import openpyxl  # noqa: PLC0415 - needed for workbooks that are written again alone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is lost is told of by the copy itself
        try:
            copy = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
        except Exception as error:  # of every kind on odd files, and they show what is in them
            raise refusal(path, "openpyxl, which makes the copy, cannot open it") from error
    if [leaf.title for leaf in copy.worksheets] != [sheet.name for sheet in read.sheets]:
        raise refusal(path, "openpyxl, which makes the copy, does not find the same sheets in it")
    for leaf, cells in zip(copy.worksheets, of_each_sheet(read.cells, len(read.sheets)), strict=True):
        _as_read(leaf, cells)
    copy.template = False
    _work_out_anew(copy)
    _keep_dates(copy, package.read(_CORE) if _CORE in package else b"")
    return copy, read


def _work_out_anew(copy: Copy) -> None:
    """Ask for formulas to be worked out where the copy is opened, since none of their results is saved."""
    from openpyxl.workbook.properties import CalcProperties  # noqa: PLC0415 - as above

    copy.calculation = copy.calculation or CalcProperties()
    copy.calculation.fullCalcOnLoad = True


def _keep_dates(copy: Copy, core: bytes) -> None:
    """State when the workbook was made and changed, and never now: where it does not say it, a fixed day."""
    for name in ("created", "modified"):
        if not re.search(rb"<(?:\w+:)?%s\b" % name.encode(), core):
            setattr(copy.properties, name, CREATED)


def _under_areas(content: bytes) -> int:
    """Count the cells under the areas that openpyxl would fill with cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return sum(
            _size(*found) for name in package.namelist() for found in _AREAS.findall(package.read(name))
        )


def _size(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    """Count the cells of an area; of whole rows and columns where it names no others."""
    columns = _number(right) - _number(left) + 1 if left and right else _COLUMNS
    rows = int(bottom) - int(top) + 1 if top and bottom else _ROWS
    return max(columns, 1) * max(rows, 1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _as_read(leaf: Worksheet, cells: pl.DataFrame) -> None:
    """Put every value back as it was read: numbers to their last digit, what lies under merged cells, odd dates."""
    from openpyxl.cell.cell import Cell  # noqa: PLC0415 - as above
    from openpyxl.cell.rich_text import CellRichText  # noqa: PLC0415

    made: dict[tuple[int, int], Any] = leaf._cells  # noqa: SLF001 - asking for a cell makes one
    values = cells.filter(~pl.col("formula")).select(
        "row", "col", pl.col("kind").cast(pl.String), "text", "raw"
    )
    for row, column, kind, text, raw in values.iter_rows():
        cell = made.get((row, column))
        if not isinstance(cell, Cell):
            cell = _uncovered(leaf, row, column)
        if kind in ("number", "date"):
            number = text if kind == "number" else raw
            if number is not None:
                cell._value, cell.data_type = number, "n"  # noqa: SLF001 - a number keeps its digits as text alone
        elif kind == "text" and not isinstance(cell._value, CellRichText) and cell._value != written(text):  # noqa: SLF001
            write_text(cell, text)
        elif kind == "error":
            cell._value, cell.data_type = text, "e"  # noqa: SLF001
        elif kind == "boolean":
            cell._value, cell.data_type = text == "TRUE", "b"  # noqa: SLF001


def _uncovered(leaf: Worksheet, row: int, column: int) -> Any:
    """Make a cell where openpyxl has none: of those under a merged area it keeps the first alone."""
    from openpyxl.cell.cell import Cell  # noqa: PLC0415 - as above

    covered = leaf._cells.get((row, column))  # noqa: SLF001
    cell = Cell(leaf, row=row, column=column, style_array=None if covered is None else covered._style)  # noqa: SLF001
    leaf._cells[row, column] = cell  # noqa: SLF001
    return cell
