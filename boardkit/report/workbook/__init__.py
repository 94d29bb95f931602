"""The board workbook: the papers as sheets that are read on a screen and printed on A4 or A3."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from boardkit.report.workbook.charts import add_charts
from boardkit.report.workbook.formats import OWN, Formats
from boardkit.report.workbook.front import add_front
from boardkit.report.workbook.listing import add_listing
from boardkit.report.workbook.page import COLUMN, Book, Lists
from boardkit.report.workbook.profiles import add_profiles
from boardkit.report.workbook.progress import add_progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from boardkit.report.content import Papers
    from boardkit.report.content.listing import Listing
    from boardkit.report.workbook.page import Headed

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
    "default_format_properties": OWN,
    "default_column_width": COLUMN,
}
"""Text stays text, whatever it begins with; no mark lies in a temporary file, not even for a while."""

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - written as it is: the same bytes at every hour and place


def write_workbook(papers: Papers, path: Path) -> None:
    """Write the board papers as a workbook, the same bytes for the same papers.

    Args:
        papers: what they say.
        path: the file; one that is there is written over and keeps its permissions.

    Raises:
        OSError: it cannot be written.

    Examples:
        >>> import boardkit as bk, tempfile
        >>> from pathlib import Path
        >>> from boardkit.report.content import papers
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> with tempfile.TemporaryDirectory() as place:
        ...     write_workbook(papers(board), Path(place) / "board.xlsx")
        ...     (Path(place) / "board.xlsx").read_bytes()[:2]
        b'PK'
    """
    with _collecting_nothing():
        _write(papers, path)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Let cells be kept without a look after each few hundred whether one is garbage; none is before the end."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def write_listings(head: Headed, listings: Sequence[Listing], path: Path) -> None:
    """Write listings alone as a workbook, a sheet each, the same bytes for the same listings.

    Args:
        head: what stands above every sheet.
        listings: the listings.
        path: the file; one that is there is written over and keeps its permissions.

    Raises:
        OSError: it cannot be written.
    """
    file = _begun(head, path)
    book = Lists(file, Formats(file), head)
    for listing in listings:
        add_listing(book, listing)
    _close(file)


def _begun(head: Headed, path: Path) -> xlsxwriter.Workbook:
    file = xlsxwriter.Workbook(str(path), OPTIONS)
    file.set_properties({"title": head.title, "comments": head.status, "created": CREATED})
    return file


def _close(file: xlsxwriter.Workbook) -> None:
    try:
        file.close()
    except FileCreateError as error:
        raise error.args[0] from None


def _write(papers: Papers, path: Path) -> None:
    file = _begun(papers, path)
    book = Book(file, Formats(file), papers)
    add_front(book)
    add_listing(book, papers.settle)
    add_profiles(book)
    add_listing(book, papers.borderlines)
    add_progress(book)
    add_listing(book, papers.decisions)
    add_listing(book, papers.reassessment)
    add_listing(book, papers.credit)
    add_listing(book, papers.modules)
    add_charts(book, add_listing(book, papers.distribution.listing))
    for listing in papers.duties:
        add_listing(book, listing, rest=f"{listing.name.lower()}.csv")
    if papers.changes is not None:
        add_listing(book, papers.changes, rest="changes.csv")
    add_listing(book, papers.problems, rest="problems.csv")
    add_listing(book, papers.trace, rest="trace.csv")
    add_listing(book, papers.sources)
    _close(file)
