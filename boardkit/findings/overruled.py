"""Overruled: decisions of the board that a penalty for misconduct is against; they stand, and are put to it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import found, shown
from boardkit.rules.holds import ASSESSMENT, AWARD, hold_sentences
from boardkit.rules.progression import TO_AWARD, WITHOUT_ASSESSMENT
from boardkit.rules.tariff import PLACE

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.misconduct import Misconduct

_CODE = "misconduct-overruled"


def find_overruled(board: BoardResult, rules: Misconduct) -> list[pl.DataFrame]:
    """Find ways on, marks and condoned fails that the board has decided and a penalty is against.

    Args:
        board: the assessed board.
        rules: the pack's section of misconduct.

    Returns:
        The problems, not yet located.
    """
    return [*_ways(board, rules), *_marks(board, rules), *_condoned(board, rules)]


def _ways(board: BoardResult, rules: Misconduct) -> list[pl.DataFrame]:
    """Ways on that the board has decided and a penalty keeps the student from."""
    made = board.progressed.students
    if made.is_empty() or board.offences.holds.is_empty():
        return []
    decided = made.filter(pl.col("decided").is_not_null()).select("s", pl.col("decided").cast(pl.String))
    students = board.ground.students.select("s", "student_id")
    kind, on = pl.col("kind"), pl.col("decided")
    against = ((kind == AWARD) & (on == TO_AWARD)) | ((kind == ASSESSMENT) & ~on.is_in(WITHOUT_ASSESSMENT))
    rows = (
        hold_sentences(board.offences.holds, rules)
        .join(decided, on="s", maintain_order="left")
        .filter(against)
        .join(students, on="s", maintain_order="left")
    )
    text = pl.concat_str(
        shown(pl.col("student_id")),
        pl.lit(": the board has decided "),
        on.str.replace_all("-", " ", literal=True),
        pl.lit(", and a penalty says: "),
        "said",
    )
    return [found("misconduct-overruled", rows, column="penalty", value=pl.col("penalty"), message=text)]


def _named(rows: pl.DataFrame, board: BoardResult, message: pl.Expr) -> list[pl.DataFrame]:
    """Tell of decisions by the offences' rows; ``message`` goes on behind the student."""
    told = rows.join(board.ground.students.select("s", "student_id"), on="s", maintain_order="left").unique(
        ["module", *PLACE], maintain_order=True
    )
    text = pl.concat_str(shown(pl.col("student_id")), pl.lit(": the board has "), message)
    return [found(_CODE, told, column="penalty", value=pl.col("penalty"), message=text)]


def _lowered(board: BoardResult, rules: Misconduct, results: pl.DataFrame) -> pl.DataFrame:
    """Join module results with the penalties that lower them: at their own attempt, or at work that a first sit keeps."""
    offences = board.offences
    told = board.penalised.details.select("at", "offences")
    alone = pl.col("offences").list.contains(pl.col("penalty")).fill_null(value=False)
    hits = offences.hits.join(told, on="at", maintain_order="left").filter(alone)
    columns = ["e", "attempt", "penalty", *PLACE]
    every = pl.concat([hits.select(columns), offences.ceilings.select(columns)])
    sources = {one.id: one.source for one in rules.penalties}
    own = pl.col("attempt") == pl.col("recorded")
    kept = pl.col("first_sit") & (pl.col("attempt") < pl.col("recorded"))
    return (
        every.join(results.rename({"attempt": "recorded"}), on="e", maintain_order="left")
        .filter((own | kept).fill_null(value=False))
        .with_columns(source=pl.col("penalty").replace_strict(sources, default=None, return_dtype=pl.String))
    )


def _marks(board: BoardResult, rules: Misconduct) -> list[pl.DataFrame]:
    """Marks of modules that the board has decided, over what a penalty leaves."""
    before = board.concluded.overturned
    if before.is_empty():
        return []
    module = pl.col("module").cast(pl.String)
    now = board.concluded.results.filter(pl.col("basis") == "decided").select("s", module, given="mark")
    rows = before.select("e", "s", module, "attempt", "first_sit", "mark").join(
        now, on=["s", "module"], maintain_order="left"
    )
    over = rows.filter((pl.col("given") > pl.col("mark")).fill_null(value=True))
    message = pl.concat_str(
        pl.lit("decided a mark for "),
        shown(pl.col("module")),
        pl.lit(" over what "),
        "penalty",
        pl.lit(" leaves ("),
        "source",
        pl.lit(")."),
    )
    return _named(_lowered(board, rules, over), board, message)


def _condoned(board: BoardResult, rules: Misconduct) -> list[pl.DataFrame]:
    """Condoned fails that a penalty has made, and those of students who are excluded from assessment."""
    condoned = board.concluded.results.filter(pl.col("outcome") == "condoned").select(
        "e", "s", pl.col("module").cast(pl.String), "attempt", "first_sit"
    )
    if condoned.is_empty():
        return []
    excluded = board.offences.holds.filter((pl.col("kind") == ASSESSMENT) & pl.col("until").is_null())
    kept = hold_sentences(excluded, rules).drop("module").join(condoned, on="s", maintain_order="left")
    of = pl.concat_str(pl.lit("condoned "), shown(pl.col("module")))
    lowers = pl.concat_str(of, pl.lit(", which "), "penalty", pl.lit(" lowers ("), "source", pl.lit(")."))
    says = pl.concat_str(of, pl.lit(", and a penalty says: "), "said")
    return [
        *_named(_lowered(board, rules, condoned), board, lowers),
        *_named(kept, board, says),
    ]
