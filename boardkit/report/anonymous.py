"""Anonymous: a board with no name and no e-mail in it; the identifiers stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables

if TYPE_CHECKING:
    from boardkit.board import BoardResult

_TOLD = ("name", "email")
_OF_DECISIONS = ("value", "reason", "minute", "decided_said", "decided_minute", "decided_by")
_OF_OFFENCES = ("academic_year", "department", "penalty", "reason", "refusal", "doubt")
MASK = "[name]"
"""What stands in a text where a name stood."""


def without_names(board: BoardResult) -> BoardResult:
    """Give a board as it is, without the names and e-mails of its students.

    They are taken out of the students table, and out of every text that somebody wrote: reasons, bases, and what
    was found in cells. A name of one word is taken out where it stands alone, since it may be a word of its own.
    """
    cohort = board.cohort
    students = cohort.typed["students"]
    held = pl.concat([students[name] for name in _TOLD]).drop_nulls().str.strip_chars().unique()
    names = held.filter(held.str.len_chars() > 0)
    typed = {
        name: frame.with_columns(
            _masked(column.name, names) for column in _texts(name) if column.name in frame
        )
        for name, frame in cohort.typed.items()
    }
    typed["students"] = students.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in _TOLD)
    about = pl.col("column").is_in(_TOLD)
    found = cohort.found.with_columns(
        pl.when(~about.fill_null(value=False)).then(_masked("value", names)).alias("value"),
        _masked("message", names),
    )
    return replace(
        board,
        cohort=replace(cohort, typed=typed, found=found),
        ground=replace(board.ground, decisions=_unnamed(_unread(board.ground.decisions), names)),
        decisions=_unnamed(_unread(board.decisions), names),
        classified=_unnamed(board.classified, names),
        offences=replace(
            board.offences,
            rows=board.offences.rows.with_columns(_masked(name, names) for name in _OF_OFFENCES),
        ),
        progressed=replace(board.progressed, students=_unnamed(board.progressed.students, names)),
        _made={},
    )


def _unread(decisions: pl.DataFrame) -> pl.DataFrame:
    """Leave out what stands where a class, a mark or a way on was expected and is none: it may be a name."""
    return decisions.with_columns(
        value=pl.when(pl.col("why").is_null()).then("value").otherwise(pl.lit(MASK, dtype=pl.String))
    )


def _unnamed(frame: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Take names out of what was written of decisions, wherever a stage keeps it."""
    return frame.with_columns(_masked(name, names) for name in _OF_DECISIONS if name in frame.columns)


def _texts(table: str) -> list[tables.Column]:
    """Give the columns that people write in as they like."""
    if table == "students":
        return []
    return [column for column in tables.INPUT[table].columns if column.kind == "text"]


def _masked(column: str, names: pl.Series) -> pl.Expr:
    """Take names out of a text: those of several words, and e-mails, wherever they stand in it."""
    long = names.filter(names.str.contains(r"[\s@]")).to_list()
    alone = pl.col(column).str.strip_chars().is_in(names.implode())
    inside = (
        pl.col(column).str.replace_many(long, [MASK] * len(long), leftmost=True) if long else pl.col(column)
    )
    return pl.when(alone).then(pl.lit(MASK)).otherwise(inside).alias(column)
