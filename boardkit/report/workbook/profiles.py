"""Profiles as a sheet: marks that are numbers, each with the sign and the colour of its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.report.workbook.heights import fitting, lines_in, set_height, set_heights
from boardkit.report.workbook.listing import finish, write_column, write_head, write_notes
from boardkit.report.workbook.page import PAGE, across, set_footer, set_width, start

if TYPE_CHECKING:
    from boardkit.report.content.profiles import Profiles
    from boardkit.report.workbook.page import Book, Leaf

NAME = "Profiles"
MODULE = 5.6
"""How wide a module's column is, in digits."""

SMALLEST = 0.8
"""Type is printed no smaller than this share of its size; a wider sheet runs on over further pages."""


def add_profiles(book: Book) -> None:
    """Add the sheet of students by modules."""
    laid = book.papers.profiles
    leaf, row = start(book, NAME)
    sheet, formats = leaf.sheet, book.formats
    row = write_notes(leaf, laid.notes, row)
    around = (*laid.before, *laid.after)
    cells, needed = fitting(around, laid.rows)
    heads = [f"{code}\n{beneath}" for code, beneath in laid.modules]
    left, right = len(laid.before), len(laid.before) + len(laid.modules)
    write_head(leaf, laid.before, row)
    write_head(leaf, laid.after, row, right)
    for place, head in enumerate(heads, left):
        set_width(sheet, place, place, MODULE)
        sheet.write_string(row, place, head, formats.head)
    set_height(sheet, row, max((lines_in(head, MODULE) for head in heads), default=1))
    for place, column in (*enumerate(laid.before), *enumerate(laid.after, right)):
        if column.name == "near":
            _write_near(leaf, cells["near"], row + 1, place)
        else:
            write_column(leaf, column, cells[column.name], row + 1, place)
    for place, (code, _) in enumerate(laid.modules, left):
        _write_module(leaf, laid, code, row + 1, place)
    if not laid.rows.height:
        sheet.write_string(row + 1, 0, laid.empty, formats.note)
    set_heights(sheet, needed, row + 1)
    widths = [
        *(column.width for column in laid.before),
        *[MODULE] * len(heads),
        *(column.width for column in laid.after),
    ]
    finish(leaf, row, laid.rows.height, widths, frozen=left)
    if across(widths) * SMALLEST <= PAGE:
        sheet.fit_to_pages(1, 0)
    else:
        _run_on(leaf, laid, row, left, len(widths))


def _run_on(leaf: Leaf, laid: Profiles, head: int, left: int, width: int) -> None:
    """Print a wide sheet over pages side by side, the students on each; what the signs mean is the footer.

    The lines above the head are not printed: beside repeated columns they would be cut.
    """
    sheet = leaf.sheet
    sheet.repeat_rows(head)
    sheet.repeat_columns(0, left - 1)
    sheet.print_area(head, 0, head + max(laid.rows.height, 1), width - 1)
    sheet.print_across()
    set_footer(sheet, laid.notes[0])


def _write_module(leaf: Leaf, laid: Profiles, code: str, row: int, place: int) -> None:
    """Write one module's marks; the sign alone where there is no mark."""
    number, text, shown = leaf.sheet.write_number, leaf.sheet.write_string, leaf.formats.outcome
    cells = zip(laid.marks[code], laid.outcomes[code], laid.signs[code], strict=True)
    for at, (mark, outcome, sign) in enumerate(cells, row):
        if mark is not None:
            number(at, place, mark, shown(outcome, sign))
        elif outcome is not None:
            text(at, place, sign, shown(outcome, sign))


def _write_near(leaf: Leaf, signs: list[str | None], row: int, place: int) -> None:
    for at, sign in enumerate(signs, row):
        if sign is not None:
            leaf.sheet.write_string(at, place, sign, leaf.formats.near(sign))
