"""Dates: when feedback is due, when an extension has to be told, when appeals close (4.17, 22.4, Appeals 3).

A sibling of the way: it reads a finished board, and is made when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.dates.appeals import appeal_closes
from boardkit.dates.feedback import feedback
from boardkit.dates.windows import claims_close, marks_check_closes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.board import BoardResult
    from boardkit.regulations.feedback import Dates

__all__ = ["date_table"]

SCHEMA = {
    "student_id": pl.String,
    "module": pl.String,
    "component": pl.String,
    "attempt": pl.Int64,
    "what": pl.String,
    "date": pl.Date,
    "overdue": pl.String,
    "clause": pl.String,
}


def date_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``dates`` table.

    Args:
        board: the result of an assessment.

    Returns:
        One row a day: for every deadline the day that feedback is due and the last day to tell an extension of
        it, for a student only where a personal deadline moves them; and the day that appeals close. ``overdue``
        is empty without a ``board_date``.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> due = date_table(board).filter(module="PS4090", component="Dissertation", what="feedback-due")
        >>> due.select("student_id", pl.col("date").cast(pl.String)).row(0)
        (None, '2023-05-23')
    """
    rules = board.pack.rules.dates
    if rules is None:
        return pl.DataFrame(schema=SCHEMA)
    made = pl.concat(
        [
            pl.DataFrame(schema={**SCHEMA, "open": pl.Boolean}),
            *_made(board, rules),
        ]
    )
    return made.with_columns(overdue=_overdue(board)).select(*SCHEMA).sort(tables.OUTPUT_KEYS["dates"])


def _made(board: BoardResult, rules: Dates) -> Iterator[pl.DataFrame]:
    """Make the days of every kind that the regulations set."""
    if rules.feedback is not None:
        yield feedback(board, rules.feedback, rules)
    if rules.appeals is not None:
        yield appeal_closes(board, rules.appeals)
    if rules.claims is not None:
        yield claims_close(board, rules.claims, rules)
    if rules.marks_check is not None:
        yield marks_check_closes(board, rules.marks_check, rules)


def _overdue(board: BoardResult) -> pl.Expr:
    """Whether a day has gone by, as at the board's date, with what it asks for still open."""
    day = board.cohort.facts.board_date
    if day is None:
        return pl.lit(None, dtype=pl.String)
    gone = (pl.col("date") < pl.lit(day)) & pl.col("open")
    return pl.when(gone).then(pl.lit("Y")).otherwise(pl.lit("N"))
