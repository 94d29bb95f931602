"""Papers: what a board has typed on the progress sheet of its papers, read back and checked cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.based_on import board_digest, progress_digests, recorded_digest
from boardkit.deciding.filled import Row, read_sheet
from boardkit.deciding.make import Asked, is_as_recommended, named_value
from boardkit.errors import CallError
from boardkit.report.content.progress import (
    BASED_ON,
    DECISION,
    OF_NAME,
    REASON,
    RECOMMENDED,
    STUDENT,
)
from boardkit.rules.decided import PROGRESSION, standing

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult
    from boardkit.read.limits import Limits


@dataclass(frozen=True)
class Typed:
    """What a board has typed on its papers.

    Args:
        asked: the decisions that are not recorded yet, in the order of the sheet.
        recorded: how many are recorded already, word for word.
        as_recommended: how many of those asked are what was recommended.
        gone: the cells of decisions that were printed, that nobody touched and that no longer stand.
    """

    asked: tuple[Asked, ...]
    recorded: int
    as_recommended: int
    gone: tuple[str, ...] = ()


def read_papers(path: Path, board: BoardResult, limits: Limits | None = None) -> Typed:
    """Read the decisions on progress that were typed on board papers.

    Args:
        path: the board workbook that boardkit wrote and the board filled in.
        board: the board as it stands.
        limits: how much the workbook may ask for; the defaults where not given.

    Returns:
        What is to be recorded; a row with no decision is left open, and one that is as it was printed adds nothing.

    Raises:
        FileError: the file is no workbook that can be read.
        CallError: it has no progress sheet, or what was typed cannot be recorded; a line for every fault, with its
            cell.
    """
    sheet = read_sheet(path, limits)
    faults = list(sheet.faults)
    known = _Beneath.of(board)
    another = not any(known.board in text for text in sheet.run)
    asked: list[Asked] = []
    gone: list[str] = []
    recorded = 0
    for row in sheet.rows:
        wrong = [] if row.untouched else known.faults(row, another_run=another)
        faults += [(row.at, fault) for fault in wrong]
        if wrong or row.unread:
            continue
        if known.has(row):
            recorded += 1
        elif not row.untouched:
            asked.append(row.asked(known.recommended[row.student]))
        elif not row.masked:
            gone.append(row.places[DECISION])
    if faults:
        raise CallError("\n".join(fault for _, fault in sorted(faults)))
    same = sum(named_value(one.value) == known.recommended[one.student_id] for one in asked)
    return Typed(tuple(asked), recorded, same, tuple(gone))


@dataclass(frozen=True)
class _Beneath:
    """What a board recommends, what it rests on, and what is recorded already."""

    board: str
    recommended: dict[str, str | None]
    names: dict[str, str | None]
    based_on: dict[str, str | None]
    recorded: dict[str, tuple[str, str, str]]

    @classmethod
    def of(cls, board: BoardResult) -> _Beneath:
        """Look it up once for all rows."""
        students = board.ground.students["student_id"]
        made = board.progressed.students
        recommended = zip(students.gather(made["s"]), made["recommended"].cast(pl.String), strict=True)
        names = board.cohort.typed["students"].select("student_id", "name")
        digests = progress_digests(board)
        there = standing(board.decisions, PROGRESSION).select(
            "student_id", pl.col("value", "reason", "minute").fill_null("")
        )
        return cls(
            board_digest(digests),
            dict(recommended),
            dict(names.iter_rows()),
            dict(digests.iter_rows()),
            {student: (value, reason, minute) for student, value, reason, minute in there.iter_rows()},
        )

    def has(self, row: Row) -> bool:
        """Tell whether a row is recorded already."""
        if row.student not in self.recommended or row.unread or not row.values.get(DECISION):
            return False
        asked = row.asked(self.recommended[row.student])
        typed = (asked.value or "", " ".join(asked.reason.split()), asked.minute or "")
        value, reason, minute = self.recorded.get(row.student, ("", "", ""))
        return typed == (value, " ".join(reason.split()), minute)

    def faults(self, row: Row, *, another_run: bool) -> list[str]:
        """Say what is wrong with a row, each with its cell."""
        here = row.places
        if row.student not in self.recommended:
            alike = [known for known in self.recommended if known.lstrip("0") == row.student.lstrip("0")]
            hint = f" There is {' and '.join(alike)}." if alike else ""
            return [f"{here[STUDENT]}: there is no such student on this board.{hint}"]
        if faults := self._moved(row):
            return faults
        if row.masked:
            why = "a name was taken out of the reason, as in anonymous papers"
            return [f"{row.places[REASON]}: {why}. Type the reason again, or use the papers with names."]
        if self.has(row):
            return []
        return [*self._changed(row, another_run=another_run), *self._unlike(row)]

    def _changed(self, row: Row, *, another_run: bool) -> list[str]:
        """Say what is not as it was when the papers were made."""
        here, faults = row.places, []
        if row.based_on != self.based_on[row.student]:
            why = (
                "these papers are of another run, and what is recommended for the student, or why, is not what it was"
                if another_run
                else "it is not what stands beneath this student's recommendation"
            )
            faults.append(f"{here[BASED_ON]}: {why}. Make the papers again, and put it to the board.")
        there = self.recorded.get(row.student)
        if row.printed != (recorded_digest(*there) if there else ""):
            back = "Put back what was printed" if row.printed else "Clear the row"
            faults.append(
                f"{here[DECISION]}: another decision about the student was recorded after these papers were made, and "
                f"it would be replaced. {back}, or make the papers again."
            )
        elif row.printed and not row.values.get(DECISION):
            faults.append(
                f"{here[DECISION]}: the recorded decision was taken out here, and it still stands. Put it back. "
                "boardkit decide replaces a decision, or takes it back with --value N."
            )
        return faults

    def _unlike(self, row: Row) -> list[str]:
        """Say what the board's decision cannot be, or is without saying why."""
        here, value = row.places, named_value(row.values.get(DECISION))
        if value and value not in tables.PROGRESSION:
            return [f"{here[DECISION]}: it is none of the decisions there are. Choose one from the list."]
        reason = row.values.get(REASON, "")
        if value and value != self.recommended[row.student] and (not reason or is_as_recommended(reason)):
            recommended = self.recommended[row.student] or "nothing"
            return [
                f"{here[REASON]}: the decision is {value}, and {recommended} is recommended. Give the reason."
            ]
        return []

    def _moved(self, row: Row) -> list[str]:
        """Say where a row tells of another student than its number: a part of the sheet was sorted without the rest."""
        own = {OF_NAME: self.names.get(row.student)}
        if row.based_on == self.based_on[row.student]:  # else it may be another for that, and that is told of
            own[RECOMMENDED] = self.recommended[row.student]
        return [
            f"{row.places[head]}: it is not what the tables have for the student in {row.places[STUDENT]}. If part of "
            "the sheet was sorted, sort it whole; else make the papers again."
            for head, told in own.items()
            if (stands := _folded(row.values.get(head))) and stands != _folded(told)
        ]


def _folded(text: str | None) -> str:
    """Fold what a cell may change in a text by itself."""
    return " ".join((text or "").split()).casefold()
