"""Page: how every sheet is headed and printed - A4 on its side, its head on every page, numbered."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from boardkit.report.content import Papers
    from boardkit.report.workbook.formats import Formats


@dataclass(frozen=True)
class Book:
    """The workbook as it is written: the file, its formats, and what the papers say."""

    file: Workbook
    formats: Formats
    papers: Papers


@dataclass(frozen=True)
class Leaf:
    """One sheet as it is written, and the formats of its workbook."""

    sheet: Worksheet
    formats: Formats


A4 = 9
MARGIN, MARGIN_TOP, MARGIN_BOTTOM = 0.3, 0.7, 0.6
"""Inches."""

TITLE, ROW = 21, 12.75
"""The heights of a title and of a row of one line, in points."""

PAGE = 150
"""How many digits of the workbook's type stand side by side on A4 between the margins."""

_MOST = 110
"""How much of a title is shown: a page's header holds 255 characters together with its codes."""


def start(book: Book, name: str) -> tuple[Leaf, int]:
    """Add a sheet with its title, whether it is confirmed, and what is wrong.

    Args:
        book: the workbook.
        name: the name of the sheet.

    Returns:
        The sheet, and the number of the next free row.
    """
    papers, formats = book.papers, book.formats
    sheet = book.file.add_worksheet(name)
    sheet.set_default_row(ROW)
    sheet.set_row(0, TITLE)
    sheet.write_string(0, 0, f"{shorten(papers.title, _MOST)}: {name}", formats.title)
    sheet.write_string(1, 0, papers.status, formats.status)
    row = 2
    if papers.banner:
        sheet.write_string(row, 0, f"! {papers.banner}", formats.status)
        row += 1
    _print_set_up(sheet, papers, name)
    return Leaf(sheet, formats), row


def shorten(text: str, most: int) -> str:
    r"""Put a text on one line and cut it where it is long.

    Examples:
        >>> shorten("two\nlines", 20), shorten("a" * 9, 8)
        ('two lines', 'aaaaa...')
    """
    plain = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return plain if len(plain) <= most else f"{plain[: most - 3]}..."


def _print_set_up(sheet: Worksheet, papers: Papers, name: str) -> None:
    title = shorten(papers.title, _MOST).replace("&", "&&")
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN_TOP, bottom=MARGIN_BOTTOM)
    status = papers.status.split(":")[0].rstrip(".")
    sheet.set_header(f"&L&9{title}&R&9{status}   {name}", {"margin": MARGIN})
    sheet.set_footer("&L&9boardkit&R&9Page &P of &N", {"margin": MARGIN})
