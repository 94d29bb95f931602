"""The front sheet: facts, then what is to be settled, section by section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.report.content.front import READINGS
from boardkit.report.workbook.heights import LINES, lines_in, set_height
from boardkit.report.workbook.page import TITLE, set_width, shorten, start

if TYPE_CHECKING:
    from boardkit.report.content.front import Line
    from boardkit.report.workbook.page import Book, Leaf

NAME = "Board"
WIDTHS = (29, 9, 92, 14)
_GAP = 3
"""The height of the row that keeps a section's first line off the rule above it, in points."""


def add_front(book: Book) -> None:
    """Add the front sheet."""
    leaf, row = start(book, NAME)
    sheet, formats, front = leaf.sheet, book.formats, book.papers.front
    sheet.freeze_panes(row, 0)
    sheet.repeat_rows(0, row - 1)
    for place, width in enumerate(WIDTHS):
        set_width(sheet, place, place, width)
    for what, value in front.facts:
        sheet.write_string(row, 0, what, formats.bold)
        _write_told(leaf, value, row)
        row += 1
    for section in front.sections:
        if section.title == READINGS:
            sheet.set_h_pagebreaks([row])
        sheet.set_row(row, TITLE)
        led = any(line.sheet for line in section.lines)
        for place, head in enumerate((section.title, "", "", "See sheet" if led else "")):
            sheet.write_string(row, place, head, formats.section)
        row += 1
        sheet.set_row(row, _GAP)
        for line in section.lines:
            row += 1
            _write_line(leaf, line, row)
        row += 1
    sheet.print_area(0, 0, row, len(WIDTHS) - 1)
    sheet.fit_to_pages(1, 0)


def _write_line(leaf: Leaf, line: Line, row: int) -> None:
    sheet, formats = leaf.sheet, leaf.formats
    sheet.write_string(row, 0, shorten(line.what, int(WIDTHS[0])))
    if line.number is not None:
        sheet.write_number(row, 1, line.number, formats.number)
    _write_told(leaf, line.told, row)
    if line.sheet:
        sheet.write_url(row, 3, f"internal:'{line.sheet}'!A1", formats.link, line.sheet)


def _write_told(leaf: Leaf, text: str, row: int) -> None:
    told = shorten(text, LINES * WIDTHS[2])
    set_height(leaf.sheet, row, lines_in(told, WIDTHS[2]))
    leaf.sheet.write_string(row, 2, told)
