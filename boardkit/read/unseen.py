"""What was read and cannot be seen on the sheet, or was not read, or lost before: hidden, merged, comments, cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import found, found_at, letters, show
from boardkit.read.a1 import MAX_ROW, a1_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.read.workbook import Sheet


_NAMED = 5
"""How many cells with comments are named."""

LAST_ROWS = (65_536, MAX_ROW)
"""The last row of a sheet in the old format, .xls, and in the new ones: what lay beyond was cut off in silence."""


def full(sheet: Sheet, source: int) -> list[pl.DataFrame]:
    """Tell of a sheet that is filled to the last row there can be.

    Args:
        sheet: the sheet.
        source: the number of the source.
    """
    if sheet.rows not in LAST_ROWS:
        return []
    sentence = f'The sheet "{show(sheet.name)}" is filled to row {sheet.rows:,}, the last of its format.'
    return [found_at("sheet-full", source, sheet.rows, sentence)]


def comments(sheet: Sheet, source: int) -> list[pl.DataFrame]:
    """Tell of comments, which are not read.

    Args:
        sheet: the sheet.
        source: the number of the source.
    """
    if sheet.comments == ():
        return []
    places = sheet.comments or ()
    more = len(places) - _NAMED
    named = places[:_NAMED] if more <= 0 else (*places[:_NAMED], f"{more:,} more")
    match named:
        case ():
            sentence = "The sheet has comments, which were not read."
        case (place,):
            sentence = f"Cell {place} has a comment, which was not read."
        case (*first, last):
            sentence = f"Cells {', '.join(first)} and {last} have comments, which were not read."
    return [found_at("comments-not-read", source, None, sentence)]


def merged(body: pl.DataFrame, places: Mapping[int, str], source: int) -> list[pl.DataFrame]:
    """Tell of values that stand behind merged cells.

    Args:
        body: the cells under the header.
        places: the name of the column at each position.
        source: the number of the source.
    """
    if body["merged_into"].null_count() == body.height:
        return []
    behind = body.filter(pl.col("merged_into").is_not_null()).with_columns(
        _src=pl.lit(source, dtype=pl.UInt16), _row="row", _cell=a1_text()
    )
    problems = []
    for (col,), cells in behind.group_by("col", maintain_order=True):
        sentence = pl.concat_str(
            "_cell",
            pl.lit(" holds a value behind the merged cell "),
            "merged_into",
            pl.lit("; it was read where it stands."),
        )
        column = places.get(int(str(col)))
        problems.append(found("merged-cells", cells, column=column, value=pl.col("text"), message=sentence))
    return problems


def hidden(
    cells: pl.DataFrame, top: int, places: Mapping[int, str], source: int, sheet: Sheet
) -> list[pl.DataFrame]:
    """Tell of what was read and is hidden.

    Args:
        cells: the cells, header included.
        top: the row of the header, the last one where there are several.
        places: the name of the column at each position.
        source: the number of the source.
        sheet: the sheet.
    """
    if sheet.hidden:
        sentence = f'The sheet "{show(sheet.name)}" is hidden; it was read.'
        return [found_at("hidden-cells", source, None, sentence)]
    if not cells["hidden"].any():
        return []
    columns = cells.group_by("col").agg(pl.col("hidden").all()).filter("hidden")["col"].sort()
    if len(columns) == cells["col"].n_unique():
        # All there is is hidden: by its rows.
        columns = columns.clear()
    problems = [
        found_at(
            "hidden-cells",
            source,
            top,
            f"Column {letters(at)} is hidden; it was read.",
            column=places.get(at),
        )
        for at in columns.to_list()
    ]
    seen = cells.filter((pl.col("row") > top) & ~pl.col("col").is_in(columns.implode()))
    rows = seen.group_by("row").agg(pl.col("hidden").all()).filter("hidden").select("row").sort("row")
    rows = rows.with_columns(_src=pl.lit(source, dtype=pl.UInt16), _row="row")
    told = pl.concat_str(pl.lit("Row "), "row", pl.lit(" is hidden; it was read."))
    return [*problems, found("hidden-cells", rows, message=told)]
