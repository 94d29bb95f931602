"""The progress sheet: recommendations, and cells in which a board's decisions are chosen from a list and typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.report.content.progress import DECISION, MINUTE, REASON
from boardkit.report.workbook.listing import add_listing

if TYPE_CHECKING:
    from boardkit.report.workbook.page import Book


def add_progress(book: Book) -> None:
    """Add the sheet on which the board decides about progress."""
    progress = book.papers.progress
    rows = progress.listing.rows
    placed = add_listing(book, progress.listing)
    if rows.is_empty():
        return
    last = placed.first + rows.height - 1
    heads = [column.head for column in progress.listing.columns]
    filled = book.formats.to_fill
    for head, name in ((DECISION, "decided"), (REASON, "decided_said"), (MINUTE, "decided_minute")):
        at = heads.index(head)
        for row, value in enumerate(rows[name].to_list(), placed.first):
            if value is None:
                placed.sheet.write_blank(row, at, None, filled)
            else:
                placed.sheet.write_string(row, at, value, filled)
    at = heads.index(DECISION)
    placed.sheet.data_validation(
        placed.first,
        at,
        last,
        at,
        {
            "validate": "list",
            "source": list(progress.choices),
            "error_title": "Not a decision",
            "error_message": "Choose one of the decisions in the list.",
        },
    )
