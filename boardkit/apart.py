"""Apart: a finished board taken apart between students, for what is made of each student's rows alone."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit.parts import starts
from boardkit.rules.offences import Offences
from boardkit.rules.progression import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.board import BoardResult


REASONS = ("award_reasons", "progress_reasons")
"""What is worked out once for a whole board, and belongs to its parts as it is."""


def apart(board: BoardResult, firsts: Sequence[int]) -> list[BoardResult]:
    """Take a board apart between students.

    Args:
        board: the assessed board.
        firsts: the number of each part's first student, and behind them the one at which the last part ends.

    Returns:
        Boards that have what the trace and the tables of modules, awards and progression look at. The ground, and
        with it every number, is the whole board's.
    """
    penalised, concluded = board.penalised, board.concluded
    held = {
        "details": penalised.details,
        "results": concluded.results,
        "classified": board.classified,
        "standing": board.progressed.standing,
        "progressed": board.progressed.students,
        "overturned": concluded.overturned,
        "enrolments": board.ground.enrolments,
    }
    at = {name: starts(frame["s"], firsts) for name, frame in held.items()}
    reasons = {name: board._made[name] for name in REASONS if name in board._made}  # noqa: SLF001 - a board's own
    at |= {name: starts(frame["s"], firsts) for name, frame in reasons.items()}
    parts = []
    for number in range(len(firsts) - 1):
        mine = {name: frame[at[name][number] : at[name][number + 1]] for name, frame in held.items()}
        enrolled = pl.col("e").is_between(at["enrolments"][number], at["enrolments"][number + 1] - 1)
        judged = replace(concluded.judged, attempts=concluded.judged.attempts.filter(enrolled))
        parts.append(
            replace(
                board,
                penalised=replace(penalised, details=mine["details"]),
                concluded=replace(
                    concluded, results=mine["results"], judged=judged, overturned=mine["overturned"]
                ),
                classified=mine["classified"],
                progressed=Progress(mine["standing"], mine["progressed"]),
                offences=_of_students(board.offences, firsts[number], firsts[number + 1]),
                _made={
                    name: frame[at[name][number] : at[name][number + 1]] for name, frame in reasons.items()
                },
            )
        )
    return parts


def _of_students(offences: Offences, first: int, end: int) -> Offences:
    """Take the offences of some students, who follow each other."""
    mine = (pl.col("s") >= first) & (pl.col("s") < end)
    frames = (getattr(offences, field.name) for field in fields(offences))
    return Offences(*(frame.filter(mine) for frame in frames))
