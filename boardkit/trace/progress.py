"""Progress in the trace: which failed modules the board may condone, and every recommendation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.reasons import together
from boardkit.trace.rows import row

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.progress import Progression


def trace_progress(board: BoardResult) -> list[pl.LazyFrame]:
    """Trace what may be condoned, and what is recommended for every student."""
    pack = board.pack.rules
    parts = []
    if pack.condonement is not None:
        open_ = board.progressed.standing.filter(pl.col("condonable")).select(
            "s", "attempt", n=pl.col("module").to_physical().cast(pl.UInt32)
        )
        rules = pack.condonement
        parts.append(
            row(
                open_.lazy(),
                "module",
                "condonable",
                together(rules.levels.citation, rules.mark.citation),
                after=pl.lit("Y"),
                note="the board may condone it; a recorded decision does",
                order=6,
            )
        )
    if pack.progression is not None:
        made = board.progress_reasons
        parts.append(
            row(
                made.lazy(),
                "progression",
                "recommendation",
                _source(pack.progression, pack.practice.blank.citation),
                after=pl.coalesce(pl.col("recommended").cast(pl.String), pl.lit("none")),
                note=pl.col("reason"),
                order=10,
            )
        )
    return parts


def _source(rules: Progression, blank: str) -> pl.Expr:
    """Cite the step that was taken, and the rule of entry where it changed the recommendation."""
    steps = {at: step.citation for at, step in enumerate(rules.steps)}
    entered = {at: together(rules.entry.citation, step.citation) for at, step in enumerate(rules.steps)}
    step = pl.col("step")
    return (
        pl.when(pl.col("entry").is_in(["refused", "short"]))
        .then(step.replace_strict(entered, default=None, return_dtype=pl.String))
        .otherwise(step.replace_strict(steps, default=blank, return_dtype=pl.String))
    )
