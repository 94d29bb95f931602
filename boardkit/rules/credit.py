"""Credit: what a student holds, in all and at the levels that an award asks for (8.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS

if TYPE_CHECKING:
    from decimal import Decimal

    from boardkit.regulations.awards import AwardRules


def units(value: Decimal) -> int:
    """Give credits in hundredths."""
    return int(value * CREDIT_UNITS)


def held_columns(rules: AwardRules) -> list[pl.Expr]:
    """Give what to add up over a student's modules: credit awarded, in all and at the award's levels.

    Args:
        rules: the award.

    Returns:
        ``held``, and ``held_0`` and on for each of the award's minima.
    """
    awarded, level = pl.col("credits_awarded"), pl.col("level")
    least = rules.credits.counts_from_level
    counted = awarded if least is None else pl.when(level >= least).then(awarded)
    return [
        counted.fill_null(0).alias("held"),
        *(
            pl.when(level.is_in(minimum.levels)).then(awarded).fill_null(0).alias(f"held_{at}")
            for at, minimum in enumerate(rules.credits.minima)
        ),
    ]


def short_by(rules: AwardRules) -> pl.Expr:
    """Give the credit that is missing for an award: in all, or at its levels, whichever is more; 0 for none.

    Needs what ``held_columns`` adds up, and ``prior_credits``.
    """
    total = units(rules.credits.total) - pl.col("held") - pl.col("prior_credits")
    at_levels = [
        units(minimum.credits) - pl.col(f"held_{at}") for at, minimum in enumerate(rules.credits.minima)
    ]
    return pl.max_horizontal(total, *at_levels, pl.lit(0, dtype=pl.Int64)).cast(pl.Int64)
