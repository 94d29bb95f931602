"""Workbooks read whole: every cell of every sheet with its kind, its text as written and its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boardkit.read import content
from boardkit.read.a1 import a1
from boardkit.read.book import read_book
from boardkit.read.cells import Shared, cells_of
from boardkit.read.comments import commented
from boardkit.read.limits import Guard, Limits
from boardkit.read.package import Package
from boardkit.read.quick_sheet import quick_sheet
from boardkit.read.quick_strings import quick_strings
from boardkit.read.sheet import Content, read_sheet
from boardkit.read.strings import read_strings
from boardkit.read.styles import Styles, read_styles

if TYPE_CHECKING:
    from collections.abc import Sequence

_SMALL = 1 << 16
"""A part of so many bytes, some 1,500 cells, is read one by one as fast as in bulk."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook.

    Args:
        name: its name; two sheets may have the same.
        index: its place among the sheets read, from 0; the ``sheet`` column of the cells.
        hidden: whether the whole sheet is hidden.
        rows: the last row with a cell in it; 0 for an empty sheet.
        columns: the last column with a cell in it; 0 for an empty sheet.
        hidden_rows: how many rows are hidden.
        filtered: whether a filter is set on the sheet; a table's own filter shows in the hidden rows alone.
        merges: the merged areas, as A1 text.
        comments: the cells with a comment, as A1 text; none where there are comments and it is not known where.
    """

    name: str
    index: int
    hidden: bool
    rows: int = 0
    columns: int = 0
    hidden_rows: int = 0
    filtered: bool = False
    merges: tuple[str, ...] = ()
    comments: tuple[str, ...] | None = ()


@dataclass(frozen=True)
class Workbook:
    """A workbook as it was found.

    Args:
        path: the file.
        sheets: its sheets with cells, in its own order.
        cells: one row for each cell that holds anything, sorted by sheet, row and column:

            - ``sheet``: the index of its sheet;
            - ``row``, ``col``: its place, both from 1;
            - ``kind``: ``number``, ``text``, ``error``, ``boolean``, ``date`` or ``formula-without-value``;
            - ``text``: its value, numbers exactly as the file writes them, dates as ``2022-11-01T16:00:00``,
              truth values as ``TRUE`` and ``FALSE``, errors as ``#N/A``; null without a value. An empty text
              is a text;
            - ``raw``: the number behind a date, as the file writes it; else null;
            - ``format``: the number format; null for General;
            - ``hidden``: whether its row, column or sheet is hidden or its row filtered out;
            - ``merged_into``: the place of the cell that shows instead, where a merged area covers it;
            - ``formula``: whether it holds a formula.
        notes: what was left out or could not be checked.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    cells: pl.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()


def read_workbook(path: Path | str, limits: Limits | None = None) -> Workbook:
    """Read a workbook, losing nothing and guessing nothing.

    .xlsx and .xlsm are read here. .xls, .xlsb and .ods are read through a library, in a process of its
    own with limited time and memory; the notes say what that cannot see.

    Args:
        path: the file.
        limits: how much it may ask for; the defaults when not given.

    Raises:
        FileError: the file cannot be used. Its code is one of `boardkit.read.refusals.REFUSALS`.

    Examples:
        >>> import tempfile, xlsxwriter
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     book = xlsxwriter.Workbook(f"{folder}/marks.xlsx")
        ...     sheet = book.add_worksheet("Marks")
        ...     _ = sheet.write_row("A1", ["40012345", 69.49999999999999])
        ...     _ = book.close()
        ...     read = read_workbook(f"{folder}/marks.xlsx")
        >>> read.sheets[0].name, read.cells["kind"].to_list(), read.cells["text"].to_list()
        ('Marks', ['text', 'number'], ['40012345', '69.49999999999999'])
    """
    path = Path(path)
    guard = Guard(path, limits or Limits())
    data = content.read_bytes(guard)
    package = Package(data, guard) if content.container(data, guard) == "zip" else None
    kind = "xls" if package is None else content.package_kind(package, guard)
    content.check_ending(kind, guard)
    if package is not None and kind == "xlsx":
        return from_package(package, guard)
    if package is not None:
        package.check_for_others()
    from boardkit.read.foreign import read_foreign  # noqa: PLC0415 - most workbooks need none of it

    found = read_foreign(kind, guard)
    contents = [Content(merges=merges) for _, _, merges in found.sheets]
    sheets = _sheets([(name, hidden) for name, hidden, _ in found.sheets], contents, found.cells)
    return Workbook(path, sheets, found.cells, found.notes)


def from_package(package: Package, guard: Guard) -> Workbook:
    """Read a workbook of the .xlsx kind out of its package.

    Args:
        package: the package, which may never have been a file.
        guard: holds it to its limits, and names the file in messages.

    Raises:
        FileError: it cannot be used.
    """
    book = read_book(package, package.main() or "", guard)
    styles = read_styles(package.read(book.styles), book.styles, guard) if book.styles else Styles()
    strings = pl.Series(dtype=pl.String)
    # A workbook without texts may name a part for them that it does not have.
    if book.strings and book.strings in package:
        data = package.read(book.strings)
        quick = quick_strings(data, book.strings, guard)
        strings = read_strings(data, book.strings, guard) if quick is None else quick
    contents = [_content(package.read(listed.part), listed.part, guard) for listed in book.sheets]
    hidden = [listed.hidden for listed in book.sheets]
    cells = cells_of(contents, Shared(strings, styles, book.from_1904), guard, hidden=hidden)
    sheets = _sheets([(listed.name, listed.hidden) for listed in book.sheets], contents, cells)
    sheets = tuple(
        replace(sheet, comments=commented(package, listed.part, guard))
        for sheet, listed in zip(sheets, book.sheets, strict=True)
    )
    return Workbook(guard.path, sheets, cells, book.notes)


def _content(data: bytes, part: str, guard: Guard) -> Content:
    in_bulk = quick_sheet(data, part, guard) if len(data) > _SMALL else None
    return in_bulk or read_sheet(data, part, guard)


def _sheets(
    named: Sequence[tuple[str, bool]], contents: Sequence[Content], cells: pl.DataFrame
) -> tuple[Sheet, ...]:
    """Give the sheets, of which names and whether they are hidden are known, with what they hold."""
    sizes = cells.group_by("sheet").agg(pl.col("row").max(), pl.col("col").max())
    lasts = {sheet: (row, col) for sheet, row, col in sizes.iter_rows()}
    return tuple(
        Sheet(
            name=name,
            index=index,
            hidden=hidden,
            rows=lasts.get(index, (0, 0))[0],
            columns=lasts.get(index, (0, 0))[1],
            hidden_rows=len(set(held.hidden_rows)),
            filtered=held.filtered,
            merges=tuple(f"{a1(top, left)}:{a1(bottom, right)}" for top, left, bottom, right in held.merges),
        )
        for index, ((name, hidden), held) in enumerate(zip(named, contents, strict=True))
    )
