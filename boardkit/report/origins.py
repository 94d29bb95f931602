"""Origins: where a mark was read, as a person finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.problems import CODES, letters

if TYPE_CHECKING:
    from boardkit.cohort import Cohort

_ERRORS = [name for name, code in CODES.items() if code.severity == "error"]


class Origins:
    """Names files, sheets and cells, and what was found wrong there.

    Args:
        cohort: the tables with their sources.
    """

    def __init__(self, cohort: Cohort) -> None:
        self.cohort = cohort

    def place(self, source: int, row: int, column: str | None) -> str:
        """Name a cell with its file and sheet; its row where the cell has no letter.

        The result is such as ``psychology.xlsx, Marks!F52``, ``marks.csv, F52`` or ``the marks table, row 52``.
        """
        at = self.cohort.sources[source]
        return f"{at.file or f'the {at.table} table'}, {self.cell(source, row, column)}"

    def lettered(self, source: int, column: str | None) -> bool:
        """Tell whether a column's cells have letters."""
        at = self.cohort.sources[source]
        return at.lettered and column in at.columns

    def cell(self, source: int, row: int, column: str | None) -> str:
        """Name a cell with its sheet."""
        at = self.cohort.sources[source]
        if column is not None and self.lettered(source, column):
            named = f"{letters(at.columns[column])}{row}"
            return f"{at.sheet}!{named}" if at.sheet else named
        return f"{at.sheet} row {row}" if at.sheet else f"row {row}"

    def faults(self, source: int, row: int) -> list[str]:
        """Give what was found wrong in a row, without the name of the work in front."""
        grave = self._grave(source, row)["message"].drop_nulls()
        return [message.split(": ", 1)[-1] for message in grave.unique(maintain_order=True)]

    def faults_in_cells(self, source: int, row: int) -> list[str]:
        """Give what was found wrong in a row, with the cell of each fault."""
        grave = self._grave(source, row).unique("message", maintain_order=True).drop_nulls("message")
        return [
            f"{message.split(': ', 1)[-1].rstrip('.')}, read from {self.place(source, row, column)}"
            for column, message in grave.select("column", "message").rows()
        ]

    def _grave(self, source: int, row: int) -> pl.DataFrame:
        here = self.cohort.found.filter((pl.col("_src") == source) & (pl.col("_row") == row))
        return here.filter(pl.col("code").is_in(_ERRORS))

    def result(self, student_id: str, module: str) -> dict[str, Any] | None:
        """Find the row of an earlier board's latest result of a module."""
        rows = self.cohort.typed["results"].filter(
            (pl.col("student_id") == student_id) & (pl.col("module") == module)
        )
        return rows.sort("attempt").row(-1, named=True) if rows.height else None
