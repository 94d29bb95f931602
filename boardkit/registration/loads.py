"""Loads: the credit that a student is registered on this year, and whose agreement that needs (Registration 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, hundredths, print_number
from boardkit.registration.periods import SCHEMA
from boardkit.rules.ground import left_early

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.registration import Load, Loads

BEYOND, UNLISTED = "over", "not-listed"
"""More credit than any footing allows; an amount that none names."""


def loads(board: BoardResult, rules: Loads) -> pl.DataFrame:
    """Tell on what footing each student's credit of this year stands.

    Args:
        board: the result of an assessment.
        rules: the footings, and whom they are for.

    Returns:
        One row a student of that study and mode with enrolments this year, all of whose credit is known;
        none where the board holds no enrolments table. A module left while it did not yet count as taken,
        and prior learning, are no part of it (Registration 6.2).
    """
    if "enrolments" not in board.cohort.given:
        return pl.DataFrame(schema=SCHEMA)
    students = board.ground.students.filter(
        (pl.col("study") == rules.study) & (pl.col("mode").cast(pl.String) == rules.mode)
    ).select("s")
    taken = (
        _registered(board)
        .join(students, on="s")
        .group_by("s", maintain_order=True)
        .agg(
            pl.col("credits").sum(),
            unknown=pl.col("credits").is_null().any(),
            here=pl.col("e").is_not_null().any(),
        )
    )
    known = taken.filter(~pl.col("unknown") & pl.col("here"))
    state, clause = _footing(rules)
    text = print_number(pl.col("credits").cast(pl.Int64), units=CREDIT_UNITS)
    return known.sort("s").select(
        pl.col("s").cast(pl.UInt32),
        pl.lit("credit-load").alias("what"),
        pl.lit(None, dtype=pl.Date).alias("until"),
        state.alias("state"),
        clause.alias("clause"),
        pl.concat_str(text, pl.lit(" credits this year")).alias("note"),
    )


def _registered(board: BoardResult) -> pl.DataFrame:
    """The modules of this year that a student is registered on."""
    never = left_early(board.pack.rules, pl.col("left_at"))
    left = board.cohort.typed["enrolments"]["withdrawn_at"]
    results = board.concluded.results["prior_learning"]
    return (
        board.progressed.standing.select("s", "e", "credits", "this_year")
        .with_columns(prior=results, left_at=pl.lit(left).gather("e"))
        .filter(pl.col("this_year") & ~pl.col("prior").fill_null(value=False) & ~never.fill_null(value=False))
    )


def _footing(rules: Loads) -> tuple[pl.Expr, pl.Expr]:
    """The first footing that an amount fits, and where it is written."""
    most = max(hundredths(load.at_most) for _, load in rules.each() if load.at_most is not None)
    taken = pl.col("credits")
    state = pl.when(taken > most).then(pl.lit(BEYOND)).otherwise(pl.lit(UNLISTED))
    clause = pl.lit(rules.expected.citation)
    for name, load in reversed(rules.each()):
        fits = _fits(load, taken)
        state = pl.when(fits).then(pl.lit(name)).otherwise(state)
        clause = pl.when(fits).then(pl.lit(load.citation)).otherwise(clause)
    return state, clause


def _fits(load: Load, taken: pl.Expr) -> pl.Expr:
    if load.credits is not None:
        return taken.is_in([hundredths(amount) for amount in load.credits])
    upto = taken <= hundredths(load.at_most or 0)
    return upto if load.above is None else upto & (taken > hundredths(load.above))
