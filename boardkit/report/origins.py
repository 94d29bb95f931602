"""Origins: where a mark was read, as a person finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.codes import CODES
from boardkit.problems import letters

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
        """Give what was found wrong in a row, without the name of the work in front or the advice behind."""
        grave = self._grave(source, row)["message"].drop_nulls()
        return [_fact(message) for message in grave.unique(maintain_order=True)]

    def faults_in_cells(self, source: int, row: int) -> list[str]:
        """Give what was found wrong in a row, with the cell of each fault."""
        grave = self._grave(source, row).unique("message", maintain_order=True).drop_nulls("message")
        return [
            f"{_fact(message)}, read from {self.place(source, row, column)}"
            for column, message in grave.select("column", "message").rows()
        ]

    def _grave(self, source: int, row: int) -> pl.DataFrame:
        here = self.cohort.found.filter((pl.col("_src") == source) & (pl.col("_row") == row))
        return here.filter(pl.col("code").is_in(_ERRORS))

    def first_sit(self, student_id: str, module: str, attempt: int) -> str | None:
        """Name the cell of the accepted circumstances that make an attempt a first sit."""
        rows = self.cohort.typed["circumstances"].filter(
            (pl.col("student_id") == student_id)
            & (pl.col("module") == module)
            & (pl.col("attempt") == attempt)
            & (pl.col("effect") == "first-sit")
            & pl.col("accepted")
        )
        if rows.is_empty():
            return None
        source, row = rows.sort("_src", "_row").select("_src", "_row").row(0)
        return self.place(source, row, "effect")

    def result(self, student_id: str, module: str) -> dict[str, Any] | None:
        """Find the row of an earlier board's latest result of a module."""
        rows = self.cohort.typed["results"].filter(
            (pl.col("student_id") == student_id) & (pl.col("module") == module)
        )
        return rows.sort("attempt").row(-1, named=True) if rows.height else None


def _fact(message: str) -> str:
    """Give what is wrong: without the work it is about, and without the last sentence, which says what to do."""
    told = message.split(": ", 1)[-1]
    return (told.rpartition(". ")[0] or told).rstrip(".")
