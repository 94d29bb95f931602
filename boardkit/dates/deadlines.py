"""Deadlines: each component's and attempt's, students' own where they differ, and whether marks are still out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.rules.marks import INCOMPLETE

if TYPE_CHECKING:
    from boardkit.board import BoardResult

KEY = ["k", "attempt"]
THEIRS = [*KEY, "s"]


def deadlines(board: BoardResult) -> pl.DataFrame:
    """List every deadline.

    Args:
        board: the result of an assessment.

    Returns:
        ``k``, ``attempt``, ``s`` (null but for a personal deadline on another day), ``day`` and ``open``:
        whether some work under it has neither a mark nor a reason for having none.
    """
    general, personal = _general(board), _personal(board)
    own = personal.join(general.rename({"day": "usual"}), on=KEY, how="left", maintain_order="left").filter(
        pl.col("day").ne_missing(pl.col("usual"))
    )
    unmarked = _unmarked(board)
    waiting = unmarked.join(personal, on=THEIRS, how="anti").select(KEY).unique()
    return pl.concat(
        [
            _with_open(general.with_columns(s=pl.lit(None, dtype=pl.UInt32)), waiting, KEY),
            _with_open(own, unmarked, THEIRS),
        ]
    )


def _with_open(rows: pl.DataFrame, unmarked: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    there = unmarked.with_columns(open=pl.lit(value=True))
    return rows.join(there, on=on, how="left", maintain_order="left").select(
        *THEIRS, "day", pl.col("open").fill_null(value=False)
    )


def _general(board: BoardResult) -> pl.DataFrame:
    """Deadlines of everyone: the attempt's, and for attempt 1 the component's where none is listed (P3)."""
    components = board.ground.components
    listed = board.cohort.typed["deadlines"].join(
        components.select("module", "component", "k"), on=["module", "component"], maintain_order="left"
    )
    first = components.select("k", pl.lit(1, dtype=pl.Int64).alias("attempt"), "due_at")
    return (
        pl.concat([listed.select("k", pl.col("attempt").cast(pl.Int64), "due_at"), first])
        .drop_nulls("due_at")
        .unique(KEY, keep="first", maintain_order=True)
        .select(*KEY, day=pl.col("due_at").dt.date())
    )


def _personal(board: BoardResult) -> pl.DataFrame:
    """Deadlines agreed with single students (P5)."""
    marks = board.cohort.typed["marks"].select(pl.col("attempt").cast(pl.Int64), "due_at")
    named = pl.concat([board.cohort.numbers.marks.select("k", "s"), marks], how="horizontal")
    own = named.drop_nulls(["due_at", "attempt"])
    return own.select(*THEIRS, day=pl.col("due_at").dt.date())


def _unmarked(board: BoardResult) -> pl.DataFrame:
    """Work of students who have not left the module that has neither a mark nor a reason."""
    ground, judged = board.ground, board.concluded.judged
    left = pl.col("withdrawn") | pl.col("withdrawn_late") | pl.col("prior_learning")
    here = ground.enrolments.filter(~left).select("e", "s", "m")
    nothing = board.concluded.results.filter(pl.col("basis") == "nothing").select("e").drop_nulls()
    parts = ground.components.select("m", "k")
    rows = board.penalised.details.filter(pl.col("status") == INCOMPLETE).select("e", *KEY)
    found = [
        rows,
        judged.missing.select("e", *KEY),
        nothing.join(here, on="e").join(parts, on="m").select("e", "k", attempt=pl.lit(1)),
    ]
    typed = [
        part.select("e", pl.col("k").cast(pl.UInt32), pl.col("attempt").cast(pl.Int64)) for part in found
    ]
    return pl.concat(typed).join(here, on="e").select(THEIRS).unique()
