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
    told = pl.concat([students.select(_spaced(pl.col(name)).alias("name")) for name in _TOLD])["name"]
    held = told.drop_nulls().unique(maintain_order=True)
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
    """Take names out of a text: those of several words, and e-mails, wherever they stand in it.

    Case and spacing do not matter. A text that holds none stays as it is.
    """
    long = names.filter(names.str.contains(r"[\s@]"))
    each = pl.concat([long, long.str.to_uppercase(), long.str.to_lowercase()]).unique(maintain_order=True)
    text = pl.col(column)
    spaced = _spaced(text)
    alone = spaced.str.to_lowercase().is_in(names.str.to_lowercase().implode())
    inside = spaced.str.replace_many(
        each.to_list(), [MASK] * len(each), leftmost=True, ascii_case_insensitive=True
    )
    holds = pl.when(inside != spaced).then(inside).otherwise(text) if len(each) else text
    return pl.when(alone).then(pl.lit(MASK)).otherwise(holds).alias(column)


def _spaced(text: pl.Expr) -> pl.Expr:
    """Put one space where there is any, and none at the ends."""
    return text.str.replace_all(r"\s+", " ").str.strip_chars()
