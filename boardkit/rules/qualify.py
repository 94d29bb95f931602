"""Qualify: a student's credit against the award aimed at and every lower one (8.1, 17.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.queries import work_out
from boardkit.rules.credit import held_columns, short_by
from boardkit.segments import add_up

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations

QUALIFIED = {
    "s": pl.UInt32(),
    "place": pl.Int8(),
    "award": pl.String(),
    "held": pl.Int64(),
    "prior_credits": pl.Int64(),
    "short": pl.Int64(),
    "levels": pl.List(pl.Int64()),
}
"""Credits in hundredths. ``place`` is 0 for the award aimed at; ``levels`` is held for each of its minima."""


def qualify(students: pl.DataFrame, results: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Hold every student's credit against the award aimed at and those below it, the highest first.

    Args:
        students: ``s``, ``award``, ``prior_credits``.
        results: module results, sorted by ``s``: ``level``, ``credits_awarded``.
        pack: the regulations.

    Returns:
        A row for every student and award, in the shape of ``QUALIFIED``.
    """
    rules = dict(pack.awards.each())
    aims = [
        aimed for aimed in students["award"].unique(maintain_order=True).cast(pl.String) if aimed in rules
    ]
    listed = {aimed: [aimed, *(lower.value if (lower := rules[aimed].lower) else [])] for aimed in aims}
    pairs = pl.DataFrame(
        [(aimed, place, award) for aimed, below in listed.items() for place, award in enumerate(below)],
        schema={"aimed": pl.String, "place": pl.Int8, "award": pl.String},
        orient="row",
    )
    wanted = [award for award in pairs["award"].unique(maintain_order=True) if award in rules]
    every = ((award, column) for award in wanted for column in held_columns(rules[award]))
    sums = add_up(
        results, "s", [column.alias(f"{award} {column.meta.output_name()}") for award, column in every]
    ).lazy()
    tried = (
        students.lazy()
        .select("s", "prior_credits", aimed=pl.col("award").cast(pl.String))
        .join(pairs.lazy(), on="aimed")
    )
    parts = [pl.LazyFrame(schema=QUALIFIED)]
    for award in wanted:
        rule = rules[award]
        minima = [f"held_{at}" for at in range(len(rule.credits.minima))]
        held = sums.select("s", *(pl.col(f"{award} {name}").alias(name) for name in ("held", *minima)))
        mine = (
            tried.filter(pl.col("award") == award)
            .join(held, on="s", how="left")
            .with_columns(pl.col("held", "prior_credits", *minima).fill_null(0))
            .with_columns(
                short=short_by(rule),
                levels=pl.concat_list(minima) if minima else pl.lit(None, dtype=pl.List(pl.Int64)),
            )
        )
        parts.append(mine.select(pl.col(name).cast(dtype) for name, dtype in QUALIFIED.items()))
    return pl.concat(parts).sort("s", "place").pipe(work_out)


def best_lower(qualified: pl.DataFrame) -> pl.DataFrame:
    """Give the best lower award that each student qualifies for who does not for the one aimed at: ``s``, ``lower``."""
    short = qualified.filter((pl.col("place") == 0) & (pl.col("short") > 0)).select("s")
    enough = qualified.filter((pl.col("place") > 0) & (pl.col("short") == 0)).join(short, on="s", how="semi")
    return enough.sort("s", "place").group_by("s", maintain_order=True).agg(lower=pl.col("award").first())
