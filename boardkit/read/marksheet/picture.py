"""The picture of a marksheet in the terminal: which rows and columns were taken for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from rich.table import Table
from rich.text import Text

from boardkit.problems import letters, show
from boardkit.read.grid import holds_something

if TYPE_CHECKING:
    from boardkit.read.marksheet.propose import Layout
    from boardkit.read.workbook import Workbook

_STYLES = {"id": "bold cyan", "mark": "green", "part": "blue", "total": "yellow", "": "dim"}
_USES = {"id": "identifier", "part": "part", "total": "total, not read", "": "not read"}
_FIRST, _LAST = 3, 2
_WIDEST = 16
_UNREAD = "."


def picture(book: Workbook, layout: Layout) -> Table:
    """Draw a sheet: its letters, what each column was taken for, its headers, and a few rows.

    Cells of columns that are not read, where names may stand, are drawn as a point.

    Args:
        book: the workbook.
        layout: what the sheet looks like, or what board.toml says of it.
    """
    cells = book.cells.filter((pl.col("sheet") == layout.index) & holds_something())
    table = Table(title=f"{book.path.name}, {show(layout.sheet)}", title_justify="left", show_lines=False)
    table.add_column("", justify="right", style="dim")
    for column in layout.columns:
        table.add_column(letters(column.at), style=_STYLES[column.use], max_width=_WIDEST)
    table.add_row("is", *(Text(_used(column.use, column.component)) for column in layout.columns))
    if any(column.out_of is not None for column in layout.columns):
        table.add_row(
            "of", *("" if column.out_of is None else str(column.out_of) for column in layout.columns)
        )
    table.add_section()
    last = layout.header[-1] if layout.header else 0
    cells = cells if layout.again is None else cells.filter(pl.col("row") < layout.again)
    under = cells.filter(pl.col("row") > last)["row"].unique().sort().to_list()
    students = [row for row in under if row not in layout.totals]
    shown = students if len(students) <= _FIRST + _LAST else [*students[:_FIRST], 0, *students[-_LAST:]]
    held = {
        (row, col): text
        for row, col, text in cells.filter(pl.col("row").is_in([*layout.header, *shown, *layout.totals]))
        .select("row", "col", "text")
        .iter_rows()
    }
    for row in layout.header:
        table.add_row(
            str(row), *(Text(_cut(held.get((row, one.at)))) for one in layout.columns), style="bold"
        )
    table.add_section()
    for row in shown:
        if not row:
            table.add_row("...", *("" for _ in layout.columns))
            continue
        table.add_row(
            str(row),
            *(
                Text(_cut(held.get((row, one.at))) if one.use else _UNREAD if (row, one.at) in held else "")
                for one in layout.columns
            ),
        )
    table.add_section()
    for row, _ in sorted(layout.totals.items()):
        table.add_row(
            str(row), *(Text(_cut(held.get((row, one.at)))) for one in layout.columns), style="yellow"
        )
    return table


def _used(use: str, component: str) -> str:
    return component if use == "mark" else _USES[use]


def _cut(text: str | None) -> str:
    return "" if text is None else " ".join(show(text).split())
