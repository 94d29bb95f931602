"""Misconduct in the trace: what penalties made of marks and modules, and what they keep students from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.results import with_kind
from boardkit.rules.holds import ASSESSMENT, AWARD, CLASS, MODULE, hold_sentences
from boardkit.rules.marks import MARKED
from boardkit.trace.rows import row, two
from boardkit.trace.sources import module_numbers

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.misconduct import Misconduct

RETAKE = "a retake of work that was set to zero: at most the pass mark"


def trace_offences(board: BoardResult) -> list[pl.LazyFrame]:
    """Trace every mark and module that a penalty lowers, awards that it holds back, and ways on."""
    rules = board.pack.rules.misconduct
    if rules is None or board.offences.rows.is_empty():
        return []
    parts = [_marks(board, rules), _modules(board, rules)]
    told = hold_sentences(board.offences.holds, rules)
    citations = _citations(rules)
    for stage, kinds, order in (
        ("award", (AWARD, CLASS), 10),
        ("progression", (ASSESSMENT, MODULE), 12),
    ):
        mine = told.filter(pl.col("kind").is_in(kinds)).unique(
            ["s", "kind", "penalty", "said"], maintain_order=True
        )
        parts.append(
            row(
                mine.lazy().select("s", "penalty", "said"),
                stage,
                pl.col("penalty"),
                pl.col("penalty").replace_strict(citations, default=None, return_dtype=pl.String),
                note=pl.col("said"),
                order=order,
            )
        )
    return parts


def _citations(rules: Misconduct) -> dict[str, str]:
    return {one.id: one.citation for one in rules.penalties}


def _marks(board: BoardResult, rules: Misconduct) -> pl.LazyFrame:
    """The marks that penalties alone would lower: before, and what each leaves."""
    numbers = module_numbers(board)
    details = with_kind(board.penalised.details, board.concluded.judged.attempts)
    hits = board.offences.hits.select("at", "penalty", "most", "retake").join(
        details.select("at", "s", "m", "k", "attempt", "scaled", "status"), on="at", maintain_order="left"
    )
    hits = hits.filter((pl.col("status") == MARKED) & (pl.col("most") < pl.col("scaled"))).unique(
        ["at", "penalty", "most"], maintain_order=True
    )
    says = {one.id: one.says for one in rules.penalties}
    penalty = pl.col("penalty")
    return row(
        hits.lazy().with_columns(pl.lit(numbers).gather("m").alias("n")),
        "component",
        penalty,
        penalty.replace_strict(_citations(rules), default=None, return_dtype=pl.String),
        before=two(pl.col("scaled")),
        after=two(pl.col("most")),
        note=pl.when("retake")
        .then(pl.lit(RETAKE))
        .otherwise(penalty.replace_strict(says, default=None, return_dtype=pl.String)),
        order=4,
    )


def _modules(board: BoardResult, rules: Misconduct) -> pl.LazyFrame:
    """The modules of which a penalty leaves so much at most."""
    numbers = module_numbers(board)
    says = {one.id: one.says for one in rules.penalties}
    penalty = pl.col("penalty")
    module = pl.lit(board.ground.enrolments["m"]).gather("e")
    return row(
        board.offences.ceilings.lazy().with_columns(n=pl.lit(numbers).gather(module)),
        "module",
        penalty,
        penalty.replace_strict(_citations(rules), default=None, return_dtype=pl.String),
        after=two(pl.col("most")),
        note=penalty.replace_strict(says, default=None, return_dtype=pl.String),
        order=3,
    )
