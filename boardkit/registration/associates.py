"""Associates: how long, and on how many modules, a student studies who aims at no award (Registration 9.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.registration.periods import ASSOCIATE, MONTHS, standing
from boardkit.rules.ground import left_early

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.registration import Associates, Registration


def associates(board: BoardResult, rules: Registration, limits: Associates) -> pl.DataFrame:
    """Tell of each student who aims at no award until when they may study, and on how many modules they are.

    Args:
        board: the result of an assessment.
        rules: when a registration is near its end.
        limits: the two limits.

    Returns:
        Rows of the ``registration`` table: ``associate-period`` where their beginning is known, and
        ``associate-modules``.
    """
    theirs = board.ground.students.filter(pl.col("award").cast(pl.String) == ASSOCIATE)
    most = limits.years
    said = f"associate student, {most.value} year{'' if most.value == 1 else 's'} at most"
    timed = theirs.drop_nulls("registered_from").select(
        "s",
        "registered_from",
        months=pl.lit(most.value * MONTHS, dtype=pl.Int64),
        clause=pl.lit(most.citation),
        said=pl.lit(said),
    )
    return pl.concat([standing(timed, board, rules, "associate-period"), _modules(board, limits, theirs)])


def _modules(board: BoardResult, limits: Associates, theirs: pl.DataFrame) -> pl.DataFrame:
    """Count the modules, those that were left while they did not yet count as taken aside."""
    most = limits.modules
    left = pl.lit(board.cohort.typed["enrolments"]["withdrawn_at"]).gather("e")
    taken = (
        board.concluded.results.select("s", "e")
        .filter((~left_early(board.pack.rules, left)).fill_null(value=True))
        .group_by("s")
        .agg(number=pl.len().cast(pl.Int64))
    )
    count = pl.col("number")
    words = pl.when(count == 1).then(pl.lit(" module, ")).otherwise(pl.lit(" modules, "))
    return (
        theirs.select("s")
        .join(taken, on="s", how="left", maintain_order="left")
        .with_columns(count.fill_null(0))
        .select(
            pl.col("s").cast(pl.UInt32),
            pl.lit("associate-modules").alias("what"),
            pl.lit(None, dtype=pl.Date).alias("until"),
            pl.when(count > most.value).then(pl.lit("over")).otherwise(pl.lit("within")).alias("state"),
            pl.lit(most.citation).alias("clause"),
            pl.concat_str(count.cast(pl.String), words, pl.lit(f"{most.value} at most")).alias("note"),
        )
    )
