"""Places: problems put at their cells, each cell with a colour and one comment that says all of them."""

from __future__ import annotations

import re
from copy import copy
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.cell_text import IMPOSSIBLE
from boardkit.read.a1 import a1
from boardkit.read.limits import Limits
from boardkit.report.workbook.formats import BLUE, RED, YELLOW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def opaque(colour: str) -> str:
    """Write a colour as openpyxl has it.

    Examples:
        >>> opaque("#1F4E99")
        'FF1F4E99'
    """
    return f"FF{colour.removeprefix('#')}"


COLOURS = {"error": opaque(RED), "warning": opaque(YELLOW), "note": opaque(BLUE)}
"""What each severity is filled with; a word always stands beside it, in the comment or in the list."""

MOST = 20_000
"""How many cells are marked: a spreadsheet opens more comments slowly, or not at all."""

AUTHOR = "boardkit"
_TOLD, _LONG = 6, 400
"""How many problems one comment tells, and how many characters of each."""

_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]*")
_WIDTH, _ACROSS, _LINE, _EDGES, _HIGHEST = 320, 48, 17, 14, 620
"""Pixels of a comment: its width, how many characters stand in that, the height of a line, of its edges, and at most."""

_DARK, _TEXT = "FF000000", 1
"""The colour that type is made, and the number of a theme's colour of text, which is dark by itself."""

Style = tuple[Any, ...]


def located(problems: pl.DataFrame, file: str, sheets: Iterable[str]) -> pl.DataFrame:
    """Tell which problems stand at a cell of a workbook.

    Args:
        problems: the problems as a run writes them.
        file: the workbook's name.
        sheets: the names of its sheets.

    Returns:
        The problems with ``at``: the cell of the workbook that each is about; null where it is about none.
    """
    here = (pl.col("file") == file) & pl.col("sheet").is_in(list(sheets))
    is_cell = pl.col("cell").str.contains(f"^{_CELL.pattern}$")
    return problems.with_columns(pl.when(here & is_cell).then("cell").alias("at"))


def mark(book: Workbook, problems: pl.DataFrame) -> tuple[int, bool]:
    """Put problems at their cells.

    Args:
        book: the workbook as openpyxl has it.
        problems: the problems, with ``at``, the gravest first.

    Returns:
        How many cells were marked, and whether others were left out.
    """
    left_out = False
    marked: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    shown: dict[str, dict[str, str]] = {}
    placed = problems.filter(pl.col("at").is_not_null()).select("sheet", "at", "severity", "code", "message")
    for sheet, at, severity, code, message in placed.iter_rows():
        if sheet not in shown:
            shown[sheet] = _covered(book[sheet])
        key = (sheet, shown[sheet].get(at, at))
        if key in marked or len(marked) < MOST:
            marked.setdefault(key, []).append((severity, code, message))
        else:
            left_out = True
    styles: dict[tuple[str, Style], Any] = {}
    for (sheet, at), told in marked.items():
        cell = book[sheet][at]
        _fill(cell, told[0][0], styles)
        _comment(cell, told)
    for leaf in book.worksheets:
        _fit_comments(leaf)
    return len(marked), left_out


def _covered(leaf: Worksheet) -> dict[str, str]:
    """Name the first cell of its merged area by each other cell under it."""
    return {
        a1(row, column): a1(area.min_row, area.min_col)
        for area in leaf.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


def _fill(cell: Any, severity: str, styles: dict[tuple[str, Style], Any]) -> None:
    """Fill a cell, with dark type that can be read on the colour; all else of its format stays."""
    from openpyxl.styles import PatternFill  # noqa: PLC0415 - needed for marked copies alone

    key = (severity, tuple(cell._style or ()))  # noqa: SLF001 - each format is made once, and not for every cell
    if key not in styles:
        cell.fill = PatternFill("solid", fgColor=COLOURS[severity])
        colour = cell.font.color
        if colour is not None and not (colour.type == "theme" and colour.theme == _TEXT):
            dark = copy(cell.font)
            dark.color = _DARK
            cell.font = dark
        styles[key] = cell._style  # noqa: SLF001
    cell._style = copy(styles[key])  # noqa: SLF001


def _comment(cell: Any, told: list[tuple[str, str, str]]) -> None:
    """Say at a cell what is wrong with it, below what its owner has noted there."""
    from openpyxl.comments import Comment  # noqa: PLC0415 - as above

    ours = [f"{severity.capitalize()} ({code}): {_cut(message)}" for severity, code, message in told[:_TOLD]]
    if len(told) > _TOLD:
        ours.append(f"And {len(told) - _TOLD:,} more, in the list of problems.")
    text = IMPOSSIBLE.sub("\ufffd", "\n\n".join(ours))
    theirs = cell.comment
    if theirs is None:
        cell.comment = Comment(text, AUTHOR)
    else:
        room = Limits.text - len(text) - 2
        cell.comment = Comment(f"{theirs.text[:room].rstrip()}\n\n{text}", theirs.author)


def _cut(message: str) -> str:
    return message if len(message) <= _LONG else f"{message[: _LONG - 3]}..."


def _fit_comments(leaf: Worksheet) -> None:
    """Make every comment as high as what stands in it."""
    for cell in leaf._cells.values():  # noqa: SLF001 - asking for all cells would make blank ones
        comment = getattr(cell, "comment", None)
        if comment is not None:
            lines = sum(max(1, ceil(len(line) / _ACROSS)) for line in comment.text.split("\n"))
            comment.width, comment.height = _WIDTH, min(lines * _LINE + _EDGES, _HIGHEST)
