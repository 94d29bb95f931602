"""A listing as a sheet: notes, a head that stays, a filter, text as text and numbers as numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boardkit.report.workbook.formats import PLACES
from boardkit.report.workbook.heights import broken, fitting, lines_in, set_height, set_heights
from boardkit.report.workbook.page import LINE, last_column, set_width, start

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from boardkit.report.content.listing import Column, Listing
    from boardkit.report.workbook.page import Book, Leaf, Lists

ROWS = 1_048_576
"""How many rows a sheet can have."""

_EXACT = re.compile(rf"(?:0|[1-9][0-9]*)(?:\.([0-9]{{1,{PLACES}}}))?")


@dataclass(frozen=True)
class Placed:
    """Where a listing stands: its sheet, and the rows of its head and of its first row."""

    sheet: Worksheet
    head: int
    first: int


def add_listing(book: Book | Lists, listing: Listing, *, rest: str = "", most: int = ROWS) -> Placed:
    """Add a listing as a sheet.

    Args:
        book: the workbook.
        listing: what is listed.
        rest: the file that holds all the rows, where a sheet might not.
        most: how many rows a sheet can have.

    Returns:
        Where it stands.
    """
    leaf, row = start(book, listing.name)
    sheet, formats = leaf.sheet, book.formats
    row = write_notes(leaf, listing.notes, row)
    rows = listing.rows
    if rows.height > most - row - 1:
        kept = most - row - 2
        told = f"The first {kept:,} of {rows.height:,} rows. All of them are in {rest}; the rest begins at its row {kept + 2:,}."
        sheet.write_string(row, 0, told, formats.status)
        row, rows = row + 1, rows.head(kept)
    cells, needed = fitting(listing.columns, rows)
    write_head(leaf, listing.columns, row)
    for place, column in enumerate(listing.columns):
        write_column(leaf, column, cells[column.name], row + 1, place)
    set_heights(sheet, needed, row + 1)
    if not rows.height and listing.empty:
        sheet.write_string(row + 1, 0, listing.empty, formats.note)
    finish(leaf, row, rows.height, [column.width for column in listing.columns])
    sheet.fit_to_pages(1, 0)
    return Placed(sheet, row, row + 1)


def write_notes(leaf: Leaf, notes: Iterable[str], row: int) -> int:
    """Write notes, each line in a cell of its own that nothing cuts, and give the next free row."""
    for line in (line for note in notes for line in broken(note, LINE)):
        leaf.sheet.write_string(row, 0, line, leaf.formats.note)
        row += 1
    return row


def write_head(leaf: Leaf, columns: Sequence[Column], row: int, start_at: int = 0) -> None:
    """Write the heads of columns, and make the columns as wide as they are to be."""
    set_height(leaf.sheet, row, max((lines_in(column.head, column.width) for column in columns), default=1))
    for place, column in enumerate(columns, start_at):
        set_width(leaf.sheet, place, place, column.width)
        leaf.sheet.write_string(row, place, column.head, leaf.formats.head_of(column.kind))


def finish(leaf: Leaf, head: int, height: int, widths: Sequence[float], *, frozen: int = 1) -> None:
    """Freeze the head, repeat it on every page, put a filter on it, and draw lines between the cells.

    Args:
        leaf: the sheet.
        head: the row of the head.
        height: how many rows stand beneath it.
        widths: the widths of its columns.
        frozen: how many columns on the left stay.
    """
    sheet, last = leaf.sheet, head + max(height, 1)
    sheet.freeze_panes(head + 1, frozen)
    sheet.repeat_rows(0, head)
    sheet.autofilter(head, 0, last, len(widths) - 1)
    sheet.print_area(0, 0, last, last_column(widths))
    if height:  # what an empty list says runs over its columns: no lines are drawn through it
        lines = {"type": "no_errors", "format": leaf.formats.lines}
        sheet.conditional_format(head + 1, 0, last, len(widths) - 1, lines)


def write_column(leaf: Leaf, column: Column, values: list[Any], row: int, place: int) -> None:
    """Write one column; nothing is written where there is nothing."""
    if column.kind == "text":
        write_texts(leaf.sheet, values, row, place)
    elif column.kind == "either":
        _write_either(leaf, values, row, place)
    else:
        write, shown = leaf.sheet.write_number, leaf.formats.of(column.kind)
        for at, value in enumerate(values, row):
            if value is not None:
                write(at, place, value, shown)


def write_texts(sheet: Worksheet, texts: list[str | None], row: int, place: int) -> None:
    """Write texts, as texts."""
    write = sheet.write_string
    for at, text in enumerate(texts, row):
        if text is not None:
            write(at, place, text)


def _write_either(leaf: Leaf, values: list[str | None], row: int, place: int) -> None:
    """Write what is a number as the number, with the places that it has, and the rest as text."""
    text, number, formats = leaf.sheet.write_string, leaf.sheet.write_number, leaf.formats
    for at, value in enumerate(values, row):
        if value is None:
            continue
        found = _EXACT.fullmatch(value)
        if found:
            number(at, place, float(value), formats.exact(len(found[1] or "")))
        else:
            text(at, place, value)
