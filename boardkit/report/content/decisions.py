"""Decisions on paper: what boards have recorded, over what, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.decided import words
from boardkit.findings.decisions import stale
from boardkit.report.content.listing import Column, Listing, named
from boardkit.rules.decided import CLASSIFICATION, MODULE_MARK, OF_MODULES, PROGRESSION
from boardkit.trace.decided import with_marks

if TYPE_CHECKING:
    from boardkit.board import BoardResult

AGAIN, REFUSED, OVER, STANDS, BACK, REPLACED = STATES = (
    "to look at again",
    "not applied",
    "stands over it",
    "stands",
    "taken back",
    "replaced below",
)
"""What became of a decision, in the order they are listed."""


def decisions(board: BoardResult) -> Listing:
    """List the recorded decisions: those to look at again first, then those that are not applied.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> decisions(board).rows.select("decision", "state").rows()
        [('progression', 'stands over it'), ('extra attempt', 'stands'), ('count prior learning', 'stands')]
    """
    return Listing(
        name="Decisions",
        columns=(
            Column("state", "State", 14),
            Column("student_id", "Student", 10),
            Column("name", "Name", 17),
            Column("module", "Module", 9),
            Column("decision", "Decision", 15),
            Column("value", "Decided", 15),
            Column("before", "Worked out or recommended", 16),
            Column("reason", "Reason", 34),
            Column("minute", "Minute", 9),
            Column("by", "By, on", 14),
        ),
        rows=with_states(board),
        notes=(
            "A decision stands over what was worked out or recommended; the last row about a student, module and kind stands.",
            "To look at again: what it was based on has changed since. Not applied: the reason is in Problems.",
        ),
        empty="No decision is recorded.",
    )


def with_states(board: BoardResult) -> pl.DataFrame:
    """Give every recorded decision with ``state`` and ``before``, in the order they are listed."""
    rows = board.decisions
    again = stale(board, rows).select("_src", "_row", again=pl.lit(value=True))
    yes = ~pl.col("decision").is_in(OF_MODULES) | pl.col("yes").fill_null(value=True)
    over = pl.col("before").is_not_null() & (pl.col("before") != pl.col("after"))
    state = (
        pl.when(pl.col("why").is_not_null())
        .then(pl.lit(REFUSED))
        .when(~pl.col("stands"))
        .then(pl.lit(REPLACED))
        .when("again")
        .then(pl.lit(AGAIN))
        .when(~yes)
        .then(pl.lit(BACK))
        .when(over)
        .then(pl.lit(OVER))
        .otherwise(pl.lit(STANDS))
    )
    placed = (
        rows.join(again, on=["_src", "_row"], how="left", maintain_order="left")
        .join(
            _before(board),
            on=["s", "module", "decision"],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        .with_columns(pl.col("again").fill_null(value=False))
        .with_columns(state=state.cast(pl.Enum(STATES)))
        .sort("state", "student_id", "_src", "_row")
    )
    by = pl.concat_str("decided_by", pl.col("decided_on").cast(pl.String), separator=", ", ignore_nulls=True)
    return named(board, placed).select(
        pl.col("state").cast(pl.String),
        "student_id",
        "name",
        "module",
        words(pl.col("decision").cast(pl.String)).alias("decision"),
        words(pl.coalesce(pl.col("value"), pl.when(yes).then(pl.lit("yes")))).alias("value"),
        words(pl.col("before")).alias("before"),
        "reason",
        "minute",
        by.replace("", None).alias("by"),
    )


def _before(board: BoardResult) -> pl.DataFrame:
    """Give what was worked out or recommended, and what stands, of everything that a decision may stand over."""
    none = pl.lit(None, dtype=pl.String)
    marks = with_marks(board).select(
        "s",
        pl.col("module").cast(pl.String),
        pl.lit(MODULE_MARK).alias("decision"),
        "before",
        "after",
    )
    classes = board.classified.select(
        "s",
        none.alias("module"),
        pl.lit(CLASSIFICATION).alias("decision"),
        pl.coalesce("computed", pl.lit("none")).alias("before"),
        pl.coalesce("classification", pl.lit("none")).alias("after"),
    )
    progress = board.progressed.students.select(
        "s",
        none.alias("module"),
        pl.lit(PROGRESSION).alias("decision"),
        pl.coalesce(pl.col("recommended").cast(pl.String), pl.lit("none")).alias("before"),
        pl.coalesce(pl.col("decision").cast(pl.String), pl.lit("none")).alias("after"),
    )
    kinds = board.decisions.schema["decision"]
    return pl.concat([marks, classes, progress]).with_columns(pl.col("decision").cast(kinds))
