"""Page: how every sheet is headed and printed - A4 on its side, its head on every page, numbered."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


class Headed(Protocol):
    """What stands at the head of every sheet."""

    @property
    def title(self) -> str:
        """What the sheets are about."""

    @property
    def status(self) -> str:
        """How far they may be trusted."""

    @property
    def banner(self) -> str:
        """What is wrong with them; empty where nothing is."""


@dataclass(frozen=True)
class Lists:
    """A workbook of listings alone, as it is written."""

    file: Workbook
    formats: Formats
    papers: Headed


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

PAGE = 1064
"""How many pixels of a sheet stand side by side on A4 between the margins, at full size."""

LINE = 140
"""How wide a line across such a page is, in digits."""

COLUMN = 56
"""The pixels of a column whose width is not set: what programs give it with the workbook's own type."""

_DIGIT, _PADDING = 7, 5
"""Pixels: what a digit of a width takes, and what a column has besides."""

_MOST = 78
"""How much of a title is shown: a page's header holds 255 characters together with its codes."""


def start(book: Book | Lists, name: str) -> tuple[Leaf, int]:
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


def across(widths: Iterable[float]) -> int:
    """Give the width of columns in pixels.

    Examples:
        >>> across([8.5, 6])
        111
    """
    return sum(_pixels(width) for width in widths)


def set_width(sheet: Worksheet, first: int, last: int, width: float) -> None:
    """Make columns so many digits wide, whatever the workbook's own type is."""
    sheet.set_column_pixels(first, last, _pixels(width))


def _pixels(width: float) -> int:
    return int(width * _DIGIT) + _PADDING


def last_column(widths: Sequence[float]) -> int:
    """Give the last column that is printed: a narrow table leaves room for the lines above it."""
    return len(widths) - 1 + max(0, PAGE - across(widths)) // COLUMN


def shorten(text: str, most: int) -> str:
    r"""Put a text on one line and cut it where it is long.

    Examples:
        >>> shorten("two\nlines", 20), shorten("a" * 9, 8)
        ('two lines', 'aaaaa...')
    """
    plain = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return plain if len(plain) <= most else f"{plain[: most - 3]}..."


def _print_set_up(sheet: Worksheet, papers: Headed, name: str) -> None:
    title = shorten(papers.title, _MOST).replace("&", "&&")
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN_TOP, bottom=MARGIN_BOTTOM)
    status = papers.status.split(":")[0].rstrip(".")
    errors = f"&C&9! {papers.banner.split(':')[0]}" if papers.banner else ""
    sheet.set_header(f"&L&9{title}{errors}&R&9{status}   {name}", {"margin": MARGIN})
    set_footer(sheet, "boardkit")


def set_footer(sheet: Worksheet, text: str) -> None:
    """Number the pages, with a text beside the number."""
    sheet.set_footer(f"&L&9{text.replace('&', '&&')}&R&9Page &P of &N", {"margin": MARGIN})
