"""Appeals: the last day for one, counted from the publication or the transcript, the later (Appeals 3, D2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.feedback import Appeals

BEGINS = ("published_on", "transcript_received_on")
"""The facts of the board table from the later of which the days are counted."""


def appeal_closes(board: BoardResult, rules: Appeals) -> pl.DataFrame:
    """Give the day that appeals close; no row before the decision is published or a transcript received."""
    stated = [board.cohort.facts.values[name] for name in BEGINS if name in board.cohort.facts.values]
    last = [max(map(date.fromisoformat, stated)) + timedelta(days=rules.within.value)] if stated else []
    return pl.DataFrame({"date": last}, schema={"date": pl.Date}).select(
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("student_id", "module", "component")),
        pl.lit(None, dtype=pl.Int64).alias("attempt"),
        pl.lit("appeal-closes").alias("what"),
        "date",
        pl.lit(None, dtype=pl.String).alias("overdue"),
        pl.lit(rules.within.citation).alias("clause"),
        pl.lit(value=True).alias("open"),
    )
