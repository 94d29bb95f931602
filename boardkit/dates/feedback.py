"""Feedback: the working day it is due, and the day by which a longer wait has to be told (4.17, 22.4, D1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.dates.deadlines import deadlines
from boardkit.regulations.feedback import WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from boardkit.board import BoardResult
    from boardkit.regulations.feedback import Dates, Feedback, FeedbackPeriod


def feedback(board: BoardResult, rules: Feedback, week: Dates) -> pl.DataFrame:
    """Give the day that feedback is due, and that of the notice, for every deadline that has a period.

    Args:
        board: the result of an assessment.
        rules: the periods.
        week: the working days.

    Returns:
        Rows of the ``dates`` table with ``open``: whether some work under the deadline still has no mark.
    """
    ground = board.ground
    due = (
        with_period(deadlines(board), board, rules)
        .filter(pl.col("days").is_not_null())
        .with_columns(date=working_days_after("day", "days", week, board.cohort.facts.closure_days))
    )
    told = due.with_columns(
        pl.col("date").dt.offset_by(f"-{rules.notice.value}d"),
        what=pl.lit("extension-notice"),
        clause=pl.lit(rules.notice.citation),
    )
    both = pl.concat([due.with_columns(what=pl.lit("feedback-due")), told.select(*due.columns, "what")])
    return both.select(
        pl.lit(ground.students["student_id"]).gather("s").alias("student_id"),
        pl.lit(ground.components["module"]).gather("k").alias("module"),
        pl.lit(ground.components["component"]).gather("k").alias("component"),
        pl.col("attempt").cast(pl.Int64),
        "what",
        "date",
        pl.lit(None, dtype=pl.String).alias("overdue"),
        "clause",
        "open",
    )


def working_days_after(start: str, days: str, rules: Dates, closed: Sequence[date]) -> pl.Expr:
    """Count working days after a day: the weekdays of the regulations, less the days that the board lists.

    Args:
        start: the column with the day that is not counted itself.
        days: the column with how many.
        rules: the weekdays on which the university works.
        closed: the closure days.

    Examples:
        >>> import datetime as dt
        >>> from boardkit.regulations import load
        >>> rules = load("qmu-2022").rules.dates
        >>> friday = pl.DataFrame({"day": [dt.date(2022, 11, 4)], "days": [15]})
        >>> friday.select(working_days_after("day", "days", rules, [dt.date(2022, 11, 7)]))["day"].item()
        datetime.date(2022, 11, 28)
    """
    week = tuple(day in rules.working_days.value for day in WEEK)
    return pl.col(start).dt.add_business_days(
        pl.col(days), week_mask=week, holidays=list(closed), roll="backward"
    )


def with_period(rows: pl.DataFrame, board: BoardResult, rules: Feedback) -> pl.DataFrame:
    """Add the ``days`` of the first period that fits each component ``k``, and its ``clause``; null where none does."""
    modules, of = board.ground.modules, board.ground.components["m"]
    framed = rows.with_columns(
        pl.lit(modules[name].cast(pl.String if name != "level" else pl.Int64).gather(of))
        .gather("k")
        .alias(name)
        for name in ("kind", "study", "level")
    )
    days, clause = pl.lit(None, dtype=pl.Int64), pl.lit(None, dtype=pl.String)
    for period in reversed(rules.periods):
        fits = _fits(period)
        days = pl.when(fits).then(pl.lit(period.days, dtype=pl.Int64)).otherwise(days)
        clause = pl.when(fits).then(pl.lit(period.citation)).otherwise(clause)
    return framed.with_columns(days=days, clause=clause)


def _fits(period: FeedbackPeriod) -> pl.Expr:
    asked = [pl.lit(value=True)]
    if period.kinds is not None:
        asked.append(pl.col("kind").is_in(period.kinds))
    if period.study is not None:
        asked.append(pl.col("study") == period.study)
    if period.levels is not None:
        asked.append(pl.col("level").is_in(period.levels))
    return pl.all_horizontal(asked).fill_null(value=False)
