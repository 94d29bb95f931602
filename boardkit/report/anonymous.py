"""Anonymous: a board with no name and no e-mail in it; the identifiers stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.masking import MASK, Masks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from boardkit.board import BoardResult

_TOLD = ("name", "email")
_OF_DECISIONS = ("value", "reason", "minute", "decided_said", "decided_minute", "decided_by")
_OF_OFFENCES = ("academic_year", "department", "penalty", "reason", "refusal", "doubt")


def without_names(board: BoardResult) -> BoardResult:
    """Give a board as it is, without the names and e-mails of its students.

    They are taken out of the students table, and out of every text that somebody wrote: reasons, bases, and what
    was found in cells. A part of a name is taken out where it stands alone or beside another part of that name: it may
    be a word, or the name of staff.
    """
    cohort = board.cohort
    masks = Masks.of(cohort, identifiers=False)
    students = cohort.typed["students"]
    typed = {
        name: _unnamed(frame, masks, (column.name for column in _texts(name)))
        for name, frame in cohort.typed.items()
    }
    typed["students"] = students.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in _TOLD)
    about = pl.col("column").is_in(_TOLD)
    found = cohort.found.with_columns(pl.when(~about.fill_null(value=False)).then("value").alias("value"))
    ground = board.ground
    return replace(
        board,
        cohort=replace(cohort, typed=typed, found=_unnamed(found, masks, ("value", "message"))),
        ground=replace(ground, decisions=_unnamed(_unread(ground.decisions), masks, _OF_DECISIONS)),
        decisions=_unnamed(_unread(board.decisions), masks, _OF_DECISIONS),
        classified=_unnamed(board.classified, masks, _OF_DECISIONS),
        offences=replace(board.offences, rows=_unnamed(board.offences.rows, masks, _OF_OFFENCES)),
        progressed=replace(
            board.progressed, students=_unnamed(board.progressed.students, masks, _OF_DECISIONS)
        ),
        _made={},
    )


def _unread(decisions: pl.DataFrame) -> pl.DataFrame:
    """Leave out what stands where a class, a mark or a way on was expected and is none: it may be a name."""
    return decisions.with_columns(
        value=pl.when(pl.col("why").is_null()).then("value").otherwise(pl.lit(MASK, dtype=pl.String))
    )


def _unnamed(frame: pl.DataFrame, masks: Masks, columns: Iterable[str]) -> pl.DataFrame:
    """Take names out of what was written, in those of the columns that the frame has."""
    return masks.frame(frame, [name for name in columns if name in frame.columns], parts=False)


def _texts(table: str) -> list[tables.Column]:
    """Give the columns that people write in as they like."""
    if table == "students":
        return []
    return [column for column in tables.INPUT[table].columns if column.kind == "text"]
