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
        .with_columns(again=pl.col("students") - pl.col("first"))
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
            Column("clause", "Clause", 17),
            Column("note", "Note", 18),
        ),
        rows=named(board, rows).sort("module", "component", "student_id", nulls_last=True),
        notes=(
            *_counted("To be reassessed", counts.select("module", "again")),
            *_counted("To sit for the first time", counts.select("module", "first")),
        ),
        empty="Nobody is to be reassessed.",
    )


def _counted(what: str, counts: pl.DataFrame) -> list[str]:
    """Say how many students there are in each module; nothing where there are none."""
    told = [f"{module} {number}" for module, number in counts.iter_rows() if number]
    return [f"{what}, students by module: {', '.join(told)}."] if told else []
