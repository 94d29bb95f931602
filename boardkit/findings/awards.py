"""Findings about awards: classifications that rest on something the board has to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, print_number
from boardkit.findings.label import of_student
from boardkit.problems import found

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find_awards(board: BoardResult) -> list[pl.DataFrame]:
    """Find classifications on the first bucket alone, and core credit over its capacity."""
    places = board.ground.students.select("s", "student_id", "_src", "_row")
    classed = board.classified.filter(pl.col("average").is_not_null()).join(
        places, on="s", maintain_order="left"
    )
    parts = []
    for award, rules in board.pack.rules.awards.each():
        if rules.average is None or len(rules.average.buckets) == 1:
            continue
        mine = classed.filter(pl.col("award") == award)
        first, rest = rules.average.buckets[0], rules.average.buckets[1:]
        here = " and ".join(str(level) for level in first.levels)
        there = " and ".join(str(level) for bucket in rest for level in bucket.levels)
        if rules.average.alone is not None:
            source = rules.average.alone.source
            alone = f"the classification rests on SCQF {here} alone ({source})."
            left = f"there are modules at SCQF {there}, which do not count ({source})."
            parts += [
                found(
                    "first-level-alone", mine.filter("alone"), column="entry_stage", message=of_student(alone)
                ),
                found(
                    "other-levels-left-out",
                    mine.filter("elsewhere"),
                    column="entry_stage",
                    message=of_student(left),
                ),
            ]
        over = mine.filter(pl.col("over_capacity").fill_null(value=False))
        credit = print_number(pl.col("credits_1"), units=CREDIT_UNITS)
        text = of_student(
            f"{first.whole} modules alone are ",
            credit,
            f" credits at SCQF {here}, where {first.capacity} may count; all of them do ({first.source}).",
        )
        parts.append(found("core-over-capacity", over, column="student_id", message=text))
    return parts
