"""Counting: which modules count in averages (8.2, 8.3, 8.7, reading M6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations


def counts(pack: Regulations, *, withdrawn: pl.Expr, counted: pl.Expr) -> pl.Expr:
    """Tell whether a module counts: not withdrawn, nor exchange, nor prior learning undecided.

    Args:
        pack: the regulations.
        withdrawn: whether the student has withdrawn from it without a fail.
        counted: whether a recorded decision counts its mark as prior learning.

    Returns:
        An expression over rows with ``exchange``, ``prior_learning`` and ``mark``.
    """
    counting = ~withdrawn
    if pack.averages is None:
        return counting
    if not pack.averages.exchange_counts.value:
        counting = counting & ~pl.col("exchange")
    by_decision = pl.lit(value=False)
    if pack.averages.prior_learning_counts_by_decision.value:
        by_decision = counted & pl.col("mark").is_not_null()
    return counting & (~pl.col("prior_learning") | by_decision)
