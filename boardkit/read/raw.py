"""A table as it was found, before anything is made of its cells: the common ground of all readers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

CELL_KINDS = pl.Enum(
    ["number", "text", "error", "boolean", "date", "formula-without-value", "percent", "time"]
)
"""What a spreadsheet says a cell is; ``percent`` and ``time`` are numbers in such a format."""


@dataclass(frozen=True)
class Raw:
    """One table as found.

    Args:
        table: its canonical name.
        source: its number among the sources of the cohort.
        rows: ``_row`` (the row's number in its source) and the columns by canonical name, as text or,
            from frames and Parquet, in their own types. Columns of other names are kept as they are.
            `tables.SOURCE`, `tables.OUT_OF` and `tables.UNSOUND` may stand beside them.
        kinds: for workbooks, the kind of every cell, in columns of the same names.
    """

    table: str
    source: int
    rows: pl.DataFrame
    kinds: pl.DataFrame | None = None
