"""Registration: how long each student may be registered, and on how much credit in a year (Registration 4, 5, 9).

A sibling of the way: it reads a finished board, and is made when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.registration.associates import associates
from boardkit.registration.loads import loads
from boardkit.registration.periods import SCHEMA, periods

if TYPE_CHECKING:
    from boardkit.board import BoardResult

__all__ = ["registration_table"]


def registration_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``registration`` table.

    Args:
        board: the result of an assessment.

    Returns:
        One row a student and thing looked at: the longest period of registration, this year's credit of
        full-time undergraduates, and the limits of those who aim at no award. What cannot be tested has no
        row; without a students table there is none at all.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> registration_table(board).filter(what="period").select("until", "state", "note").row(0)
        (datetime.date(2025, 9, 8), 'within', 'from 2019-09-09, planned for 4 years, 6 years at most')
    """
    rules = board.pack.rules.registration
    if rules is None or "students" not in board.cohort.given:
        return _shown(pl.DataFrame(schema=SCHEMA), board)
    made = [periods(board, rules), loads(board, rules.loads), associates(board, rules, rules.associates)]
    return _shown(pl.concat(made), board)


def _shown(rows: pl.DataFrame, board: BoardResult) -> pl.DataFrame:
    students = board.ground.students["student_id"]
    named = rows.with_columns(pl.lit(students).gather("s").alias("student_id"))
    return named.select(tables.OUTPUT["registration"]).sort(tables.OUTPUT_KEYS["registration"])
