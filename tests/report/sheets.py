"""Reading a written workbook back as another program sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl

from boardkit.report.content import papers
from boardkit.report.workbook import write_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from boardkit.board import BoardResult
    from boardkit.report.changes import Changes


def opened(board: BoardResult, folder: Path, changes: Changes | None = None) -> Workbook:
    path = folder / "board.xlsx"
    write_workbook(papers(board, changes), path)
    return openpyxl.load_workbook(path)


def listed(sheet: Worksheet, first: str) -> list[dict[str, Any]]:
    """The rows beneath a head, by the head's words."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    at = next(place for place, row in enumerate(rows) if row[0] == first)
    heads = [head for head in rows[at] if head is not None]
    return [dict(zip(heads, row, strict=False)) for row in rows[at + 1 :]]


def lines(sheet: Worksheet) -> dict[str, tuple[Any, Any]]:
    """The front sheet's lines: how many, and what is told."""
    found: dict[str, tuple[Any, Any]] = {}
    for what, number, told, *_ in sheet.iter_rows(values_only=True):
        if what:
            found.setdefault(what, (number, told))
    return found
