"""Windows: the last working day for a claim of mitigating circumstances, and for a check of one's marks (D3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from boardkit.dates.deadlines import deadlines
from boardkit.dates.feedback import working_days_after

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.feedback import Dates
    from boardkit.regulations.single import DaysRule

PUBLISHED = "published_on"
"""The fact of the board table from which a check of marks is counted."""


def claims_close(board: BoardResult, rule: DaysRule, rules: Dates) -> pl.DataFrame:
    """Give the last day to claim for every deadline; for a student only where a personal deadline moves it.

    Args:
        board: the result of an assessment.
        rule: how many working days after the deadline.
        rules: the working days.

    Returns:
        Rows of the ``dates`` table with ``open``: whether some work under the deadline still has no mark.
    """
    ground = board.ground
    counted = deadlines(board).with_columns(days=pl.lit(rule.value, dtype=pl.Int64))
    return counted.select(
        pl.lit(ground.students["student_id"]).gather("s").alias("student_id"),
        pl.lit(ground.components["module"]).gather("k").alias("module"),
        pl.lit(ground.components["component"]).gather("k").alias("component"),
        pl.col("attempt").cast(pl.Int64),
        pl.lit("claim-closes").alias("what"),
        working_days_after("day", "days", rules, board.cohort.facts.closure_days).alias("date"),
        pl.lit(None, dtype=pl.String).alias("overdue"),
        pl.lit(rule.citation).alias("clause"),
        pl.lit(value=False).alias("open"),
    )


def marks_check_closes(board: BoardResult, rule: DaysRule, rules: Dates) -> pl.DataFrame:
    """Give the last day to ask for a check of one's marks; no row before results are published."""
    stated = board.cohort.facts.values.get(PUBLISHED)
    published = [date.fromisoformat(stated)] if stated else []
    closed = board.cohort.facts.closure_days
    counted = pl.DataFrame({"day": published}, schema={"day": pl.Date}).with_columns(
        days=pl.lit(rule.value, dtype=pl.Int64)
    )
    return counted.select(
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("student_id", "module", "component")),
        pl.lit(None, dtype=pl.Int64).alias("attempt"),
        pl.lit("marks-check-closes").alias("what"),
        working_days_after("day", "days", rules, closed).alias("date"),
        pl.lit(None, dtype=pl.String).alias("overdue"),
        pl.lit(rule.citation).alias("clause"),
        pl.lit(value=False).alias("open"),
    )
