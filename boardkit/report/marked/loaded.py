"""Loaded: a workbook as openpyxl has it, with every value as boardkit's own reader reads it."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.cell_text import write_text, written
from boardkit.read.cells import of_each_sheet
from boardkit.read.limits import Guard
from boardkit.read.package import Package
from boardkit.read.workbook import from_package
from boardkit.report.marked.areas import refuse_large
from boardkit.report.marked.which import refusal
from boardkit.report.workbook import CREATED

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook as Copy
    from openpyxl.worksheet.worksheet import Worksheet

    from boardkit.read.limits import Limits
    from boardkit.read.workbook import Sheet, Workbook

_CORE = "docProps/core.xml"
_NOWHERE = pl.DataFrame(schema={"sheet": pl.UInt16, "row": pl.UInt32, "col": pl.UInt16})
"""Places, of which there are none."""


@dataclass(frozen=True)
class Loaded:
    """A workbook of which a copy is made.

    Args:
        copy: it as openpyxl has it.
        read: it as boardkit reads it, with what its copy holds no more left out.
        lost: what that is, as ends of a sentence.
    """

    copy: Copy
    read: Workbook
    lost: tuple[str, ...]


def load(path: Path, content: bytes, limits: Limits) -> Loaded:
    """Load a workbook that boardkit's own reader accepts, with every value as that one read it.

    Args:
        path: the workbook, for messages.
        content: its bytes.
        limits: what it may ask for.

    Raises:
        BoardkitError: one of the two cannot use it.
    """
    guard = Guard(path, limits)
    package = Package(content, guard)
    read = from_package(package, guard)
    Package(content, Guard(path, limits)).check_for_others()  # by itself: what was read is not counted twice
    refuse_large(path, content, limits)
    copy = _opened(path, content)
    if [leaf.title for leaf in copy.worksheets] != [sheet.name for sheet in read.sheets]:
        raise refusal(path, "openpyxl, which makes the copy, does not find the same sheets in it")
    copy.template = False
    copy.iso_dates = True  # all but what the file writes as dates are put back as numbers
    _work_out_anew(copy)
    _keep_dates(copy, package.read(_CORE) if _CORE in package else b"")
    cells = zip(copy.worksheets, of_each_sheet(read.cells, len(read.sheets)), strict=True)
    put = [_as_read(leaf, of_sheet) for leaf, of_sheet in cells]
    results = pl.concat([_NOWHERE, *(of_sheet for of_sheet, _ in put)])
    sheets = tuple(
        _without_lost(sheet, leaf) for leaf, sheet in zip(copy.worksheets, read.sheets, strict=True)
    )
    lost = []
    if results.height:
        lost.append("formulas that lie under merged cells or are not written out, whose results stay")
    if any(plain for _, plain in put):
        lost.append("how parts of some texts look")
    if sheets != read.sheets or any(sheet.comments is None for sheet in sheets):
        lost.append("some comments, such as those under merged cells")
    left = replace(read, sheets=sheets, cells=_as_results(read.cells, results))
    return Loaded(copy, left, tuple(lost))


def _opened(path: Path, content: bytes) -> Copy:
    """Open a workbook with openpyxl."""
    import openpyxl  # noqa: PLC0415 - needed for workbooks that are written again alone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is lost is told of by the copy itself
        try:
            return openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
        except Exception as error:  # of every kind on odd files, and they show what is in them
            raise refusal(path, "openpyxl, which makes the copy, cannot open it") from error


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


def _without_lost(sheet: Sheet, leaf: Worksheet) -> Sheet:
    """Leave out the comments of a sheet that openpyxl dropped: those on cells under a merged area but its first."""
    kept = {
        cell.coordinate
        for cell in leaf._cells.values()  # noqa: SLF001 - asking for a cell makes one
        if cell.comment is not None
    }
    return (
        sheet
        if sheet.comments is None
        else replace(sheet, comments=tuple(at for at in sheet.comments if at in kept))
    )


def _as_results(cells: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Take formulas for the values that are written in their place."""
    there = cells.join(
        results.with_columns(result=True), on=results.columns, how="left", maintain_order="left"
    )
    return there.with_columns(pl.col("formula") & pl.col("result").is_null()).drop("result")


def _as_read(leaf: Worksheet, cells: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
    """Put every value back as it was read.

    Gives the places of formulas of which the results were written, and whether a text lost how parts of it look. Put back
    are numbers to their last digit, what lies under merged cells, odd dates; a blank cell with a link is blank.
    """
    from openpyxl.cell.cell import Cell  # noqa: PLC0415 - needed for workbooks that are written again alone

    made: dict[tuple[int, int], Any] = leaf._cells  # noqa: SLF001 - as above
    known = set(cells.select("row", "col").iter_rows())
    for place, cell in made.items():
        if cell._value is not None and place not in known:  # noqa: SLF001 - its setter would guess
            cell._value, cell.data_type = "", "n"  # noqa: SLF001 - a link on a cell with no text at all is not written
    results: list[bool] = []
    plain = False
    values = cells.select("row", "col", pl.col("kind").cast(pl.String), "text", "raw", "formula", "format")
    for row, column, kind, text, raw, formula, form in values.iter_rows():
        cell = made.get((row, column))
        kept = formula and isinstance(cell, Cell) and _is_formula(cell)
        results.append(formula and not kept)
        if kept:
            continue
        if not isinstance(cell, Cell):
            cell = _uncovered(leaf, row, column, form)
        plain |= kind == "text" and _is_rich(cell) and written(text) != text
        _put(cell, kind, text, raw)
    return cells.filter(pl.Series(results, dtype=pl.Boolean)).select(_NOWHERE.columns), plain


def _is_rich(cell: Any) -> bool:
    """Tell whether parts of a cell's text look otherwise than the rest: openpyxl has it as a list of them."""
    return isinstance(cell._value, list)  # noqa: SLF001 - as above


def _is_formula(cell: Any) -> bool:
    """Tell whether openpyxl has a formula at a cell, and not only that there is one."""
    from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula  # noqa: PLC0415 - as above

    if cell.data_type != "f" or isinstance(cell._value, DataTableFormula):  # noqa: SLF001
        return bool(cell.data_type == "f")
    text = cell._value.text if isinstance(cell._value, ArrayFormula) else cell._value  # noqa: SLF001
    return text not in {None, "", "="}


def _put(cell: Any, kind: str, text: str | None, raw: str | None) -> None:
    """Put one value into a cell as it was read, past a setter that would guess what it is.

    A text of which parts look otherwise is kept, unless openpyxl would write it letter by letter where signs are written
    by their number.
    """
    held: Any = cell._value  # noqa: SLF001
    value: Any = None
    letter = "n"
    if kind == "text":
        text = text or ""
        as_read = written(text) == text if _is_rich(cell) else held == written(text)
        if cell.data_type != "s" or not as_read:
            write_text(cell, text)
        return
    if kind == "number" or (kind == "date" and raw is not None):
        value = text if kind == "number" else raw  # a number keeps its digits as text alone
    elif kind == "date":
        value, letter = held if isinstance(held, dt.date) else dt.datetime.fromisoformat(text or ""), "d"
    elif kind == "error":
        value, letter = text, "e"
    elif kind == "boolean":
        value, letter = text == "TRUE", "b"
    cell._value, cell.data_type = value, letter  # noqa: SLF001


def _uncovered(leaf: Worksheet, row: int, column: int, form: str | None) -> Any:
    """Make a cell where openpyxl has none: of those under a merged area it keeps the first alone, with its format."""
    from openpyxl.cell.cell import Cell  # noqa: PLC0415 - as above

    covered = leaf._cells.get((row, column))  # noqa: SLF001
    cell = Cell(leaf, row=row, column=column, style_array=None if covered is None else covered._style)  # noqa: SLF001
    cell.number_format = form or "General"
    leaf._cells[row, column] = cell  # noqa: SLF001
    return cell
