"""The sheet Problems of a marked copy: every problem with a link to its cell, headed by what the copy is."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.cell_text import write_text
from boardkit.guard import formula
from boardkit.problems import letters
from boardkit.report.content.listing import Column
from boardkit.report.marked.places import COLOURS, opaque
from boardkit.report.summary import problem_line
from boardkit.report.workbook import page
from boardkit.report.workbook.formats import FONT, HEAD, LINK, RULE, SIZE
from boardkit.report.workbook.heights import LINE as LINE_HEIGHT
from boardkit.report.workbook.heights import LINES, MORE, broken, fitting
from boardkit.report.workbook.listing import ROWS
from boardkit.report.workbook.page import A4, LINE, MARGIN, MARGIN_BOTTOM, MARGIN_TOP, TITLE, shorten
from boardkit.tables import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

NAME = "Problems"
LINKS = 65_530
"""How many links Excel opens on one sheet."""
_ABOVE = 20
"""Rows kept for what stands above the list."""

# Widths are in digits of the user's own type, since a workbook has one for all its sheets; lines are counted as if a digit had
# the 7 pixels of Excel's own. Where its type is smaller a message may take a line more than its row has: it is whole in the cell.
_COLUMNS = (
    Column("severity", "Severity", 9.5),
    Column("file", "File", 19),
    Column("shown", "Sheet", 14),
    Column("cell", "Cell", 9),
    Column("code", "Code", 22),
    Column("value", "Value", 12),
    Column("message", "What is wrong, and what to do", 68),
)


@dataclass(frozen=True)
class Told:
    """What the head of the sheet tells.

    Args:
        file: the name of the workbook that was copied.
        assessed: whether what regulations find wrong is among the problems.
        cells: how many cells are marked.
        left_out: whether there are more than could be marked.
        lost: what the copy does not hold.
    """

    file: str
    assessed: bool
    cells: int
    left_out: bool
    lost: Sequence[str]


def free_name(taken: Sequence[str]) -> str:
    """Name the sheet, as no other of the workbook is named.

    Examples:
        >>> free_name(["Marks"]), free_name(["problems", "Problems 2"])
        ('Problems', 'Problems 3')
    """
    known, number, name = {one.casefold() for one in taken}, 1, NAME
    while name.casefold() in known:
        number += 1
        name = f"{NAME} {number}"
    return name


def add_sheet(book: Workbook, problems: pl.DataFrame, told: Told, most: int = ROWS) -> str:
    """Add the list of problems as the first sheet, and open the workbook there.

    Args:
        book: the workbook as openpyxl has it, its cells marked.
        problems: the problems with ``at``, in the order of a run's file.
        told: what stands above them.
        most: how many rows a sheet can have.

    Returns:
        The name of the sheet.
    """
    hidden = [leaf.title for leaf in book.worksheets if leaf.sheet_state != "visible"]
    name = free_name(book.sheetnames)
    leaf = book.create_sheet(name, 0)
    _open_at(book, leaf)
    unseen = pl.col("sheet").is_in(hidden)
    rows = problems.head(most - _ABOVE).with_columns(
        pl.when(unseen).then(pl.col("sheet") + " (hidden)").otherwise("sheet").alias("shown"),
        pl.when(~unseen).then("at").alias("at"),
    )
    elsewhere = (rows["file"].fill_null(told.file) != told.file).any()
    columns = [column for column in _COLUMNS if column.name != "file" or elsewhere]
    head = _write_above(leaf, told, _notes(problems, rows.height, told))
    _write_head(leaf, columns, head)
    _write_rows(leaf, columns, rows, head + 1)
    _print(leaf, head, len(columns), head + max(rows.height, 1), told.file)
    return name


def _notes(problems: pl.DataFrame, listed: int, told: Told) -> list[str]:
    """Say what this is, what it does not hold, and what was left out."""
    counted = dict(problems.group_by("severity").len().iter_rows())
    found = problem_line({name: counted.get(name, 0) for name in SEVERITIES})
    notes = [
        f"{found[:1].upper()}{found[1:]}. This is a copy to look at: correct {told.file} itself, and check it again."
        + ("" if told.assessed else " What regulations find wrong was not looked for.")
    ]
    if told.lost:
        notes.append(f"{told.file} holds what this copy does not: {'; '.join(told.lost)}.")
    if problems.height > listed:
        notes.append(
            f"The first {listed:,} of {problems.height:,} problems are listed; a sheet can hold no more."
        )
    if told.left_out:
        notes.append(f"The first {told.cells:,} cells are marked; the others stand in the list alone.")
    if problems["at"].count() > LINKS:
        notes.append(f"The first {LINKS:,} cells in the list are links.")
    return notes


def _open_at(book: Workbook, leaf: Worksheet) -> None:
    """Open the workbook at one sheet, with no other chosen beside it: what is typed would go into all of them."""
    for other in (*book.worksheets, *book.chartsheets):
        views = other.views.sheetView if hasattr(other, "views") else other.sheetViews.sheetView
        for view in views:
            view.tabSelected = other is leaf
    book.active = 0


def _write_above(leaf: Worksheet, told: Told, notes: Sequence[str]) -> int:
    """Write the title and the notes, and give the row of the head."""
    from openpyxl.styles import Font  # noqa: PLC0415 - needed for marked copies alone

    write_text(leaf.cell(1, 1), f"Problems of {told.file}")
    leaf.cell(1, 1).font = Font(FONT, 14, bold=True)
    leaf.row_dimensions[1].height = TITLE
    row = 1
    for line in (line for note in notes for line in broken(note, LINE)):
        row += 1
        write_text(leaf.cell(row, 1), line)
        leaf.cell(row, 1).font = Font(FONT, SIZE, italic=True)
    return row + 1


def _write_head(leaf: Worksheet, columns: Sequence[Column], row: int) -> None:
    """Write the heads of columns, and make the columns as wide as they are to be."""
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    for place, column in enumerate(columns, 1):
        cell = leaf.cell(row, place)
        write_text(cell, column.head)
        cell.font, cell.fill = Font(FONT, SIZE, bold=True), PatternFill("solid", fgColor=opaque(HEAD))
        cell.alignment, cell.border = Alignment(vertical="top", wrap_text=True), _ruled()
        leaf.column_dimensions[letters(place)].width = column.width


def _write_rows(leaf: Worksheet, columns: Sequence[Column], rows: pl.DataFrame, first: int) -> None:
    """Write the problems; a place is a link to its cell."""
    from openpyxl.worksheet.hyperlink import Hyperlink  # noqa: PLC0415

    cells, needed = fitting(columns, rows)
    texts = [pl.col(column.name) for column in columns]
    like = rows.select(formula(text).fill_null(value=False) for text in texts)
    styles = _styles(leaf, first)
    for place, column in enumerate(columns, 1):
        for at, (text, risky) in enumerate(zip(cells[column.name], like[column.name], strict=True), first):
            cell = leaf.cell(at, place)
            cell._style = copy(styles[text if column.name == "severity" else ""])  # noqa: SLF001 - one format, many cells
            if text is not None:
                write_text(cell, text, like_formula=risky)
    links = (
        rows.select("sheet", "at").with_row_index("row", first).filter(pl.col("at").is_not_null()).head(LINKS)
    )
    place = [column.name for column in columns].index("cell") + 1
    for row, sheet, at in links.iter_rows():
        cell, quoted = leaf.cell(row, place), sheet.replace("'", "''")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{at}")
        cell._style = copy(styles["link"])  # noqa: SLF001
    for row, lines in enumerate(needed, first):
        leaf.row_dimensions[row].height = min(lines, LINES) * LINE_HEIGHT + MORE


def _styles(leaf: Worksheet, row: int) -> dict[str, Any]:
    """Make the formats of the list: plain, of a link, and of each severity."""
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    made: dict[str, Any] = {}
    for name in ("", "link", *COLOURS):
        cell = leaf.cell(row, 1)
        look = {"underline": "single", "color": opaque(LINK)} if name == "link" else {"bold": name in COLOURS}
        cell.font = Font(FONT, SIZE, **look)
        cell.alignment, cell.border = Alignment(vertical="top", wrap_text=True), _ruled()
        cell.fill = PatternFill("solid", fgColor=COLOURS[name]) if name in COLOURS else PatternFill()
        made[name] = copy(cell._style)  # noqa: SLF001
    return made


def _ruled() -> Any:
    """Give the lines around a cell."""
    from openpyxl.styles import Border, Side  # noqa: PLC0415

    side = Side("thin", color=opaque(RULE))
    return Border(left=side, right=side, top=side, bottom=side)


def _print(leaf: Worksheet, head: int, columns: int, last: int, file: str) -> None:
    """Freeze the head and put a filter on it; A4 on its side, the head on every page, numbered."""
    area = f"A{head}:{letters(columns)}{last}"
    leaf.freeze_panes = f"B{head + 1}"
    leaf.auto_filter.ref = area
    leaf.print_title_rows = f"{head}:{head}"
    leaf.print_area = f"A1:{letters(columns)}{last}"
    setup, margins = leaf.page_setup, leaf.page_margins
    setup.orientation, setup.paperSize = "landscape", A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    leaf.sheet_properties.pageSetUpPr = _fitted()
    margins.left = margins.right = margins.header = margins.footer = MARGIN
    margins.top, margins.bottom = MARGIN_TOP, MARGIN_BOTTOM
    title = shorten(file, page._MOST).replace("&", "&&")  # noqa: SLF001 - as in the headers of other papers
    leaf.oddHeader.left.text, leaf.oddHeader.left.size = f"Problems of {title}", SIZE
    leaf.oddHeader.right.text, leaf.oddHeader.right.size = "a copy to look at", SIZE
    leaf.oddFooter.left.text, leaf.oddFooter.left.size = "boardkit", SIZE
    leaf.oddFooter.right.text, leaf.oddFooter.right.size = "Page &P of &N", SIZE


def _fitted() -> Any:
    """Give the setting that a page is as wide as the list."""
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    return PageSetupProperties(fitToPage=True)
