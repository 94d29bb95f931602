"""Decisions in the trace: what the board decided, over what was worked out or recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.decided import class_source, decided_sentence
from boardkit.exact import print_hundredths
from boardkit.regulations.part import citation_of, source_of
from boardkit.rules.decided import MODULE_MARK, standing
from boardkit.trace.rows import row

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.part import Cited

DECIDED = "decided"


def trace_decided(board: BoardResult) -> list[pl.LazyFrame]:
    """Trace the marks, classes and ways on that the board has decided."""
    parts = []
    if board.concluded.overturned.height:
        parts.append(_marks(board))
    if board.classified["decided"].null_count() < board.classified.height:
        parts.append(_classes(board))
    rules = board.pack.rules.progression
    if board.progressed.students["decided"].null_count() < board.progressed.students.height:
        parts.append(_progress(board, None if rules is None else rules.decisions))
    return parts


def _marks(board: BoardResult) -> pl.LazyFrame:
    """The programme board's marks, and what each stands over (17.3)."""
    made = with_marks(board)
    source = pl.lit(board.pack.rules.decisions.module_mark.source)
    rows = made.with_columns(n=pl.col("module").to_physical().cast(pl.UInt32)).lazy()
    return row(
        rows,
        "module",
        DECIDED,
        board.pack.rules.decisions.module_mark.citation,
        before=pl.col("before"),
        after=pl.col("after"),
        note=decided_sentence(source, pl.col("before"), "Before", value=pl.col("after")),
        order=7,
    )


def with_marks(board: BoardResult) -> pl.DataFrame:
    """Give the modules with a decided mark: ``s``, ``module``, ``attempt``, ``before`` and ``after`` as texts."""
    mark = print_hundredths(pl.col("mark"), places=board.pack.rules.rounding.module.shown)
    said = pl.concat_str(
        [mark, pl.col("grade").cast(pl.String), pl.col("outcome").cast(pl.String)],
        separator=" ",
        ignore_nulls=True,
    )
    over, results = board.concluded.overturned, board.concluded.results
    names = results["module"].dtype
    about = standing(board.decisions, MODULE_MARK).select(
        "s",
        pl.col("module").cast(names),
        decided_said="reason",
        decided_minute="minute",
    )
    return (
        over.select("s", "module", "attempt", before=said)
        .join(results.select("s", "module", after=said), on=["s", "module"], maintain_order="left")
        .join(about, on=["s", "module"], maintain_order="left")
    )


def _classes(board: BoardResult) -> pl.LazyFrame:
    made = board.classified.filter(pl.col("decided").is_not_null())
    source = class_source(board.pack.rules)
    return row(
        made.lazy(),
        "award",
        DECIDED,
        source,
        before=pl.coalesce("computed", pl.lit("none")),
        after=pl.col("decided"),
        note=decided_sentence(source, pl.col("computed"), "Worked out"),
        order=8,
    )


def _progress(board: BoardResult, rule: Cited | None) -> pl.LazyFrame:
    made = board.progressed.students.filter(pl.col("decided").is_not_null())
    recommended = pl.col("recommended").cast(pl.String)
    return row(
        made.lazy(),
        "progression",
        DECIDED,
        citation_of(rule),
        before=pl.coalesce(recommended, pl.lit("none")),
        after=pl.col("decided").cast(pl.String),
        note=decided_sentence(pl.lit(source_of(rule)), recommended, "Recommended"),
        order=11,
    )
