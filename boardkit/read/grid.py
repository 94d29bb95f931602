"""A sheet's cells put into columns: what holds anything, what each cell is, what stands in which row."""

from __future__ import annotations

import polars as pl

from boardkit.read.dates import shows_percent, shows_times
from boardkit.read.raw import CELL_KINDS

DIGITS = 15
"""So many digits every program writes as they were typed."""


def holds_something() -> pl.Expr:
    """Tell which cells hold more than blanks."""
    written = pl.col("text").is_not_null() & (pl.col("text").str.strip_chars() != "")
    return written | (pl.col("kind") == "formula-without-value")


def as_found(cells: pl.DataFrame) -> pl.DataFrame:
    """Give cells in the kinds and texts that tables as found have.

    Args:
        cells: cells of a workbook.

    Returns:
        The cells, numbers in a percent format as ``percent``, in one of times as ``time``, truth values in
        small letters, numbers that were typed as they were typed.
    """
    cells = _as_typed(cells)
    number = pl.col("kind") == "number"
    formats = cells["format"].unique().drop_nulls().to_list()
    percent = pl.col("format").is_in([code for code in formats if shows_percent(code)])
    time = pl.col("format").is_in([code for code in formats if shows_times(code)])
    return cells.with_columns(
        kind=pl.when(number & percent)
        .then(pl.lit("percent"))
        .when(number & time)
        .then(pl.lit("time"))
        .otherwise(pl.col("kind").cast(pl.String))
        .cast(CELL_KINDS),
        text=pl.when(pl.col("kind") == "boolean").then(pl.col("text").str.to_lowercase()).otherwise("text"),
    )


def _as_typed(cells: pl.DataFrame) -> pl.DataFrame:
    """Write numbers by the shortest decimal that names each one: Excel writes a typed 69.945 as 69.944999999999993.

    What was worked out, such as 69.49999999999999, is its own shortest name and stays what it is.
    """
    long = (pl.col("kind") == "number") & (pl.col("text").str.len_bytes() > DIGITS)
    if not cells.select(long.any()).item():
        return cells
    fraction = pl.col("text").str.contains(r"^-?[0-9]*\.[0-9]+(?:[eE]-?[0-9]+)?$")
    typed = pl.col("text").cast(pl.Float64, strict=False).cast(pl.String)
    return cells.with_columns(text=pl.when(long & fraction).then(typed).otherwise("text"))


def in_columns(cells: pl.DataFrame, columns: dict[str, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put cells, sorted by row, into columns: their texts, and their kinds.

    Args:
        cells: cells as found.
        columns: the position of each column by the name it is to have; two names may share one.

    Returns:
        A frame with ``_row`` and the texts, and one with the kinds; a row for each row that has a cell.
    """
    rows = cells["row"].unique(maintain_order=True)
    wanted = sorted(set(columns.values()))
    # Row by row of the columns wanted, which cell stands there.
    at = pl.col("row").rle_id() * len(wanted) + pl.col("col").replace_strict(
        wanted, range(len(wanted)), default=None, return_dtype=pl.UInt32
    )
    here = cells.select(at=at).with_row_index("cell").drop_nulls()
    grid = pl.repeat(None, len(rows) * len(wanted), dtype=pl.UInt32, eager=True)
    grid = grid.scatter(here["at"], here["cell"])
    every = pl.col("cell").gather_every
    places = grid.to_frame("cell").select(
        every(len(wanted), number).alias(str(col)) for number, col in enumerate(wanted)
    )
    texts = cells.select(pl.col("text").gather(places[str(col)]).alias(name) for name, col in columns.items())
    kinds = cells.select(pl.col("kind").gather(places[str(col)]).alias(name) for name, col in columns.items())
    return texts.insert_column(0, rows.alias("_row")), kinds


def zeros_as_shown(cells: pl.DataFrame, columns: list[int]) -> pl.DataFrame:
    """Give numbers the zeros at their front that a format such as ``00000000`` shows.

    Args:
        cells: cells of a workbook.
        columns: the positions of the columns with identifiers.

    Returns:
        The cells; what a person sees in these columns is what is read.
    """
    if not columns or cells["format"].null_count() == cells.height:
        return cells
    shows = pl.col("format").str.contains(r"^0{2,}$").fill_null(value=False)
    whole = pl.col("text").str.contains(r"^[0-9]+$").fill_null(value=False)
    here = pl.col("col").is_in(columns) & (pl.col("kind") == "number") & shows & whole
    padded = pl.col("text").str.pad_start(pl.col("format").str.len_chars(), "0")
    return cells.with_columns(text=pl.when(here).then(padded).otherwise("text"))
