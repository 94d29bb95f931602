"""Evidence: how much is marked at the level of a module that is open, told for the board (11.1, W11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import MARK_UNITS, print_hundredths
from boardkit.rules.evidence import weigh_evidence

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def evidence(board: BoardResult) -> pl.DataFrame:
    """Tell how much of the assessable work is marked where a module is deferred or incomplete.

    The board may make an award in the absence of complete information; this is advice, and decides nothing.

    Args:
        board: the result of an assessment.

    Returns:
        ``student_id``, ``level``, ``enough`` and ``told``; one row for every student and level.
    """
    rule = board.pack.rules.evidence
    if rule is None or "students" not in board.cohort.given:
        return pl.DataFrame(
            schema={"student_id": pl.String, "level": pl.Int64, "enough": pl.Boolean, "told": pl.String}
        )
    weighed = weigh_evidence(board.progressed.standing, board.penalised, board.ground, rule)
    share = (pl.col("marked") * (100 * MARK_UNITS) // pl.col("work")).cast(pl.Int64)
    at = pl.concat_str(pl.lit("the assessable work at SCQF "), "level", pl.lit(" is marked"))
    needed = pl.lit(f"enough, where {rule.parts} of {rule.of} parts are needed ({rule.source}).")
    told = (
        pl.when(pl.col("enough").is_null())
        .then(
            pl.concat_str(
                pl.lit("How much of "), at, pl.lit(f" is not known: a weight is not stated ({rule.source}).")
            )
        )
        .otherwise(
            pl.concat_str(
                print_hundredths(share, places=1),
                pl.lit("% of "),
                at,
                pl.lit(": "),
                pl.when("enough").then(pl.lit("")).otherwise(pl.lit("not ")),
                needed,
            )
        )
    )
    return weighed.select(
        board.ground.students["student_id"].gather(weighed["s"]).alias("student_id"),
        pl.col("level").cast(pl.Int64),
        "enough",
        told.alias("told"),
    )
