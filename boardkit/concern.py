"""Cause for concern: students of whom a tutor is to be told, by signs that the tables hold (Fitness to Study 2.2).

Counts alone stand here: no reason of an absence, and nothing of what a claim was about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.results import with_kind
from boardkit.rules.marks import MARKED
from boardkit.rules.penalties import FIRST_SIT, REASSESSMENT

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.record import Concern

SIGNS = {
    "fails": ("module failed", "modules failed"),
    "not_submitted": ("piece of work not submitted", "pieces of work not submitted"),
    "late": ("piece of work late", "pieces of work late"),
    "claims": ("claim of circumstances", "claims of circumstances"),
}
"""The signs, in the columns of the table; one of it, and several."""

_SCHEMA = {
    "tutor": pl.String,
    "student_id": pl.String,
    **dict.fromkeys(SIGNS, pl.Int64),
    "reason": pl.String,
}


def concern_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``concern`` table.

    Args:
        board: the result of an assessment.

    Returns:
        One row a student who shows some sign as often as the pack says, or several signs together, by tutor:
        modules failed this year, work not submitted or assessments missed, work handed in late, claims of
        circumstances, and which of them is a cause. Students with no tutor come first.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> concern_table(board).columns[:3]
        ['tutor', 'student_id', 'fails']
    """
    rules = board.pack.rules.concern
    if rules is None:
        return pl.DataFrame(schema=_SCHEMA)
    students = board.ground.students.select("s", "student_id")
    tutors = board.cohort.typed["students"].select("student_id", "tutor")
    made = students.join(tutors, on="student_id", how="left", maintain_order="left")
    for name, counted in _counts(board).items():
        made = made.join(counted.rename({"n": name}), on="s", how="left", maintain_order="left")
    made = made.with_columns(pl.col(*SIGNS).fill_null(0).cast(pl.Int64))
    made = made.with_columns(reason=_reason(rules)).filter(pl.col("reason").is_not_null())
    return made.select(tables.OUTPUT["concern"]).sort(tables.OUTPUT_KEYS["concern"])


def _counts(board: BoardResult) -> dict[str, pl.DataFrame]:
    """How often each student shows each sign."""
    standing, details = board.progressed.standing, board.penalised.details
    missed = (details["why"].is_in(["not-submitted", "absent"])) & (details["status"] == MARKED)
    kind = with_kind(details, board.concluded.judged.attempts)
    late = pl.when("first_sit").then(FIRST_SIT.step).otherwise(REASSESSMENT.step).is_not_null()
    claims = board.cohort.typed["circumstances"].join(
        board.ground.students.select("student_id", "s"), on="student_id"
    )
    found = {
        "fails": standing.filter(pl.col("failed") & pl.col("this_year")),
        "not_submitted": details.filter(missed.fill_null(value=False)),
        "late": kind.filter(late),
        "claims": claims,
    }
    return {name: rows.group_by("s").agg(n=pl.len()) for name, rows in found.items()}


def _reason(rules: Concern) -> pl.Expr:
    """Say which signs are a cause: each that comes often enough, else several together; null for no cause."""
    often = [
        pl.when(pl.col(name) >= getattr(rules, name).value).then(_said(name, words))
        for name, words in SIGNS.items()
    ]
    each = pl.concat_str(often, separator="; ", ignore_nulls=True)
    together = pl.sum_horizontal(*(pl.col(name) > 0 for name in SIGNS))
    shown = pl.concat_str(
        [pl.when(pl.col(name) > 0).then(_said(name, words)) for name, words in SIGNS.items()],
        separator="; ",
        ignore_nulls=True,
    )
    several = pl.concat_str(pl.lit("together: "), shown)
    return pl.when(each != "").then(each).when(together >= rules.combined.value).then(several)


def _said(name: str, words: tuple[str, str]) -> pl.Expr:
    one, more = words
    unit = pl.when(pl.col(name) == 1).then(pl.lit(f" {one}")).otherwise(pl.lit(f" {more}"))
    return pl.concat_str(pl.col(name).cast(pl.String), unit)
