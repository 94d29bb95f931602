"""Decided: what a board's decision says beside what was worked out or recommended, in one sentence with its clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations


def decided_sentence(
    source: pl.Expr, worked_out: pl.Expr, beside: str, *, value: pl.Expr | None = None
) -> pl.Expr:
    """Say what the board has decided, with clause, minute and reason, and what stood before.

    Args:
        source: the clause.
        worked_out: what was worked out or recommended, as text; null where there is nothing.
        beside: how that is called, such as ``Recommended``.
        value: what was decided, as text; else the column ``decided``.

    Returns:
        A sentence of rows with ``decided_said`` and ``decided_minute``; null where ``value`` is.
    """
    made = words(pl.col("decided").cast(pl.String) if value is None else value)
    before = words(worked_out).fill_null("nothing")
    reason = pl.col("decided_said").str.strip_chars().str.strip_chars_end(".")
    minute = pl.when(pl.col("decided_minute").is_not_null()).then(
        pl.concat_str(pl.lit("; minute "), pl.col("decided_minute"))
    )
    return pl.concat_str(
        pl.lit("Decided by the board: "),
        made,
        pl.lit(" ("),
        source,
        minute.fill_null(""),
        pl.lit("): "),
        reason,
        pl.lit(f". {beside}: "),
        pl.when(made.eq_missing(before)).then(pl.lit("the same")).otherwise(before),
        pl.lit("."),
    )


def words(name: pl.Expr) -> pl.Expr:
    """Write the name of a decision or a class as words."""
    return name.str.replace_all("-", " ", literal=True)


def class_source(pack: Regulations) -> pl.Expr:
    """Cite what lets a board decide a class; besides, where there is no average, what lets it award without."""
    rules = pack.decisions
    without = pl.lit(f"{rules.classification.source}, {rules.no_average.source}")
    return pl.when(pl.col("average").is_null()).then(without).otherwise(pl.lit(rules.classification.source))
