"""Heights: how many lines a text needs in a column, since not every program makes its row as high by itself."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from boardkit.report.content.listing import Column

LINES = 24
"""How many lines of text a cell may take: a row can be no higher than that on a page."""

LINE, MORE = 12, 3
"""The height of a line of text, and what a row has besides, in points."""

Cells = dict[str, list[Any]]

TEXTS = ("text", "either")
"""The kinds of columns that hold text."""

_CHARACTERS, _EDGES = 1.2, 0.5
"""How many characters of the workbook's type stand in one digit of a width, less what a cell's edges take."""

_WORD = 2.5
"""How many characters of a line stay free, on the average, because a word goes to the next."""


def lines_in(text: str, width: float) -> int:
    r"""Count the lines that a text needs in a column, rather one too many than one too few.

    Examples:
        >>> lines_in("Average", 8), lines_in("Credits at or above", 8), lines_in("PS4021\nL10 20", 8)
        (1, 3, 2)
    """
    return sum(_wrapped(len(line), width) for line in text.split("\n"))


def _wrapped(length: int, width: float) -> int:
    room = _room(width)
    return 1 if length <= room else ceil(length / _kept(room))


def _room(width: float) -> float:
    """Say how many characters fit beside each other in a column."""
    return width * _CHARACTERS - _EDGES


def _kept(room: float) -> float:
    """Say how many of them a line of words has, on the average."""
    return max(room - _WORD, room / 2)


def set_height(sheet: Worksheet, row: int, lines: int) -> None:
    """Make a row as high as so many lines; one line is as high as rows are."""
    if lines > 1:
        sheet.set_row(row, min(lines, LINES) * LINE + MORE)


def set_heights(sheet: Worksheet, lines: list[int], row: int) -> None:
    """Make rows as high as the lines that each needs.

    Args:
        sheet: the sheet.
        lines: how many lines each row needs, from ``fitting``.
        row: where the first of the rows stands.
    """
    for at, needed in enumerate(lines, row):
        set_height(sheet, at, needed)


def fitting(columns: Sequence[Column], rows: pl.DataFrame) -> tuple[Cells, list[int]]:
    """Give what stands in cells as they can show it: texts cut, with three dots, where they would not fit on a page.

    Args:
        columns: the columns that are shown.
        rows: what is in them.

    Returns:
        The cells of each column, and how many lines each row needs.

    Examples:
        >>> from boardkit.report.content.listing import Column
        >>> texts = pl.DataFrame({"note": ["short", "long " * 100]})
        >>> cells, lines = fitting([Column("note", "Note", 2.0)], texts)
        >>> [len(text) for text in cells["note"]], lines[1] > LINES
        ([5, 22], True)
    """
    cells = {column.name: _cells(column, rows[column.name]) for column in columns}
    needed = [1] * rows.height
    for column in columns:
        room = _room(column.width)
        if column.kind not in TEXTS or not _over_a_line(cells[column.name], room):
            continue  # most columns hold codes
        lines = [_lines(text, room) for text in cells[column.name]]
        needed = [max(both) for both in zip(needed, lines, strict=True)]
        most = int(_kept(room) * LINES)
        cells[column.name] = [
            f"{text[: most - 3]}..." if text and len(text) > most else text for text in cells[column.name]
        ]
    return cells, needed


def _cells(column: Column, values: pl.Series) -> list[Any]:
    return (values.cast(pl.String) if column.kind in TEXTS else values).to_list()


def _over_a_line(texts: list[str | None], room: float) -> bool:
    """Tell whether any of the texts needs more than a line."""
    return any(text is not None and (len(text) > room or "\n" in text) for text in texts)


def _lines(text: str | None, room: float) -> int:
    """Count the lines of a text; a break in it counts as one more."""
    if text is None:
        return 1
    return (1 if len(text) <= room else ceil(len(text) / _kept(room))) + text.count("\n")


def broken(text: str, width: float) -> list[str]:
    """Break a note into lines as wide as the sheet, each a cell of its own that nothing cuts.

    Examples:
        >>> broken("what is in n and what is not", 12)
        ['what is in n', 'and what is', 'not']
    """
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) + 1 > _room(width):
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines
