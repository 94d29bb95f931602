"""A header that stands a second time on a marksheet: what is below it may be another module's, and is not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from boardkit.codes import CODES
from boardkit.problems import found, found_at
from boardkit.read.marksheet.totals import folded
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from boardkit.read.marksheet.headers import Headers

_FEWEST = 2
"""So many headers of other columns than the identifiers' make a row a header."""


def header_again(
    cells: pl.DataFrame, header: Sequence[int], heads: Headers, student: int, marks: Iterable[int]
) -> int | None:
    """Find the first row under the header that is a header itself.

    It is one where the identifiers' header stands under itself, or beside the header of a mark, or where two
    headers of marks stand: columns of a second block may have changed places.

    Args:
        cells: every cell of the sheet.
        header: the rows of the header.
        heads: the sheet's headers.
        student: the column of the identifiers.
        marks: the columns of marks.

    Returns:
        The row, or None.
    """
    body = cells.filter((pl.col("row") > header[-1]) & (pl.col("kind") == "text")).with_columns(
        _text=folded("text")
    )
    own = cells.filter(pl.col("row").is_in(list(header)) & (pl.col("col") == student))["text"]
    ids = _said([*own.drop_nulls(), heads.texts.get(student, "")])
    works = _said(heads.texts.get(at, "") for at in marks) - ids
    is_id, is_work = pl.col("_text").is_in(list(ids)), pl.col("_text").is_in(list(works))
    rows = body.group_by("row").agg(
        under=(is_id & (pl.col("col") == student)).any(),
        beside=is_id.any() & is_work.any(),
        works=pl.col("_text").filter(is_work).n_unique(),
    )
    again = rows.filter(pl.col("under") | pl.col("beside") | (pl.col("works") >= _FEWEST))["row"].min()
    return again if isinstance(again, int) else None


def _said(texts: Iterable[str]) -> set[str]:
    return {match(text).rstrip(":") for text in texts if re.search(r"[^\W\d_]", text)}


def told_again(cells: pl.DataFrame, again: int | None, source: int, column: str) -> list[pl.DataFrame]:
    """Tell of a header that stands again, and of every row below it.

    Args:
        cells: every cell of the sheet.
        again: its row.
        source: the number of the sheet's source.
        column: the name of the column of the identifiers.
    """
    if again is None:
        return []
    below = cells.filter(pl.col("row") > again).select(_row="row").unique().sort("_row")
    rows = f"{below.height:,} row{'' if below.height == 1 else 's'} below"
    sentence = f"Row {again} is the header again; it was not read, and neither were the {rows}."
    number = pl.col("_row").cast(pl.String)
    left_out = pl.concat_str(pl.lit("Row "), number, pl.lit(" is below a second header; it was not read."))
    placed = below.with_columns(_src=pl.lit(source, dtype=pl.UInt16))
    return [
        found_at("header-again", source, again, sentence, column=column),
        found("row-left-out", placed, message=left_out),
    ]


def look_again(again: int | None) -> tuple[str, ...]:
    """Say what a person should look at, where a header stands again."""
    if again is None:
        return ()
    action = CODES["header-again"].action
    return (f"Row {again} is the header again, and nothing from there on is read. {action}",)
