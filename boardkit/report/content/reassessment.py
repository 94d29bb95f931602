"""Reassessment on paper: how many take what again, and who."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.report.content.listing import Column, Listing, named

if TYPE_CHECKING:
    from boardkit.board import BoardResult

_KINDS = {"first-sit": "first sit", "reassessment": "reassessment"}
_BELOW = {"floor": "its floor", "pass-mark": "the pass mark", "deferred": "deferred"}


def reassessment(board: BoardResult) -> Listing:
    """List what each student may be reassessed in, by module and component.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> reassessment(board).rows["kind"].unique().sort().to_list()
        ['first sit', 'reassessment']
    """
    rows = board.table("reassessment").with_columns(
        pl.col("kind").replace_strict(_KINDS),
        pl.col("below").replace_strict(_BELOW, default=None, return_dtype=pl.String),
        pl.col("mark", "cap").cast(pl.Float64),
    )
    counts = (
        rows.group_by("module", maintain_order=True)
        .agg(
            students=pl.col("student_id").n_unique(),
            first=pl.col("student_id").filter(pl.col("kind") == "first sit").n_unique(),
        )
        .sort("module")
        .select(
            pl.format(
                "{}: {} to be reassessed, {} to sit for the first time.",
                "module",
                pl.col("students") - pl.col("first"),
                "first",
            )
        )
    )
    return Listing(
        name="Reassessment",
        columns=(
            Column("module", "Module", 9.5),
            Column("component", "Component", 15),
            Column("student_id", "Student", 11),
            Column("name", "Name", 20),
            Column("attempt", "Attempt", 8, "count"),
            Column("kind", "Kind", 13),
            Column("mark", "Mark", 6.5, "mark"),
            Column("below", "Under", 13),
            Column("cap", "At most", 7, "mark"),
            Column("clause", "Clause", 13),
            Column("note", "Note", 22),
        ),
        rows=named(board, rows).sort("module", "component", "student_id", nulls_last=True),
        notes=tuple(counts.to_series()),
        empty="Nobody is to be reassessed.",
    )
