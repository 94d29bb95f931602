"""Credit held: every student's credit against the award aimed at and those below it, as a table (8.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import CREDIT_UNITS, print_number
from boardkit.reasons import levels_said
from boardkit.results import credit_column
from boardkit.rules.credit import units
from boardkit.rules.qualify import qualify

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.awards import AwardRules


def credit_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``credit`` table: a row for every student and award, sorted by both."""
    people = board.ground.students if "students" in board.cohort.given else board.ground.students.clear()
    qualified = qualify(people, board.concluded.results, board.pack.rules)
    rules = dict(board.pack.rules.awards.each())
    needed = {name: units(rule.credits.total) for name, rule in rules.items()}
    full = qualified.with_columns(
        credits=pl.col("held") + pl.col("prior_credits"),
        needed=pl.col("award").replace_strict(needed, default=None, return_dtype=pl.Int64),
        at_levels=_at_levels(rules),
    )
    students = board.ground.students["student_id"]
    full = full.sort("s", "award")
    return full.select(
        students.gather(full["s"]).alias("student_id"),
        "award",
        pl.when(pl.col("place") == 0).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("aimed_at"),
        *(credit_column(full[name]).alias(name) for name in ("credits", "needed", "short")),
        "at_levels",
        pl.when(pl.col("short") == 0).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("eligible"),
    ).select(tables.OUTPUT["credit"])


def _at_levels(rules: dict[str, AwardRules]) -> pl.Expr:
    """Say how much is held of what each award needs at its levels."""
    said = pl.lit(None, dtype=pl.String)
    for name, rule in rules.items():
        parts = [
            pl.concat_str(
                pl.lit(f"SCQF {levels_said(minimum.levels)}: "),
                print_number(pl.col("levels").list.get(at, null_on_oob=True), units=CREDIT_UNITS),
                pl.lit(f" of {minimum.credits}"),
            )
            for at, minimum in enumerate(rule.credits.minima)
        ]
        if parts:
            told = pl.concat_str(parts, separator="; ")
            said = pl.when(pl.col("award") == name).then(told).otherwise(said)
    return said
