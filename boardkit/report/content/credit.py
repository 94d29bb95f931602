"""Credit on paper: what each student holds, what the award aimed at needs, and the best award below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.report.content.listing import Column, Listing, named
from boardkit.report.names import AWARDS_SHORT

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def credit(board: BoardResult) -> Listing:
    """List each student's credit against the award aimed at, those who are short of it first.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> credit(board).rows["eligible"].to_list()[0]
        'N'
    """
    held = board.table("credit")
    enough = held.filter((pl.col("aimed_at") == "N") & (pl.col("eligible") == "Y")).sort(
        "student_id", "needed", descending=[False, True]
    )
    lower = enough.group_by("student_id", maintain_order=True).agg(lower=pl.col("award").first())
    short = pl.col("eligible") == "N"
    rows = (
        held.filter(pl.col("aimed_at") == "Y")
        .join(lower, on="student_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("award", "lower").replace_strict(AWARDS_SHORT, default=None, return_dtype=pl.String),
            pl.col("credits", "needed", "short").cast(pl.Float64),
        )
        .with_columns(lower=pl.when(short).then("lower"), short=pl.when(short).then("short"))
        .sort("eligible", "student_id")
    )
    return Listing(
        name="Credit",
        columns=(
            Column("student_id", "Student", 11),
            Column("name", "Name", 24),
            Column("award", "Award", 10),
            Column("credits", "Credits", 8, "credits"),
            Column("needed", "Needed", 8, "credits"),
            Column("at_levels", "At the award's levels", 44),
            Column("short", "Short by", 8, "credits"),
            Column("eligible", "Enough", 8),
            Column("lower", "Qualifies for", 13),
        ),
        rows=named(board, rows),
        empty="No student aims at an award whose credit the regulations state.",
    )
