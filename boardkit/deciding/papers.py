"""Papers: what a board has typed on the progress sheet of its papers, read back and checked cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.based_on import board_digest, progress_digests
from boardkit.deciding.make import AS_RECOMMENDED, Asked, named_value
from boardkit.errors import CallError
from boardkit.problems import letters, show
from boardkit.read.workbook import read_workbook
from boardkit.report.content.progress import (
    BASED_ON,
    DECISION,
    MINUTE,
    NAME,
    OF_NAME,
    REASON,
    RECOMMENDED,
    RUN,
    STUDENT,
)
from boardkit.rules.decided import PROGRESSION, standing

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult

_HEADS = (STUDENT, DECISION, REASON, MINUTE, BASED_ON)
_TELLING = (OF_NAME, RECOMMENDED)
"""What else tells whose row it is; a board may take these columns off its papers."""
_READABLE = ("text", "number", "date", "boolean")
"""The kinds of cell that hold something that was typed."""


@dataclass(frozen=True)
class Typed:
    """What a board has typed on its papers.

    Args:
        asked: the decisions that are not recorded yet, in the order of the sheet.
        recorded: how many are recorded already, word for word.
        as_recommended: how many of those asked are what was recommended.
    """

    asked: tuple[Asked, ...]
    recorded: int
    as_recommended: int


def read_papers(path: Path, board: BoardResult) -> Typed:
    """Read the decisions on progress that were typed on board papers.

    Args:
        path: the board workbook that boardkit wrote and the board filled in.
        board: the board as it stands.

    Returns:
        What is to be recorded; a row with no decision is left open.

    Raises:
        FileError: the file is no workbook that can be read.
        CallError: it has no progress sheet, or what was typed cannot be recorded; a line for every fault, with its
            cell.
    """
    cells = _cells(path)
    heads = _heads(path, cells)
    rows = _rows(cells, heads)
    faults = [(row.at, fault) for row in rows for fault in row.unread] + _twice(rows)
    known = _Beneath.of(board)
    run = cells.filter(pl.col("text").str.starts_with(RUN))["text"].to_list()
    another = not any(known.board in text for text in run)
    asked: list[Asked] = []
    recorded = 0
    for row in rows:
        wrong = known.faults(row, another_run=another)
        faults += [(row.at, fault) for fault in wrong]
        if wrong or row.unread:
            continue
        if known.has(row):
            recorded += 1
        else:
            asked.append(row.asked(known.recommended[row.student]))
    if faults:
        raise CallError("\n".join(fault for _, fault in sorted(faults)))
    same = sum(named_value(one.value) == known.recommended[one.student_id] for one in asked)
    return Typed(tuple(asked), recorded, same)


@dataclass(frozen=True)
class _Row:
    """One student's row with a decision: what stands in it, and where."""

    at: int
    student: str
    values: dict[str, str]
    places: dict[str, str]
    unread: tuple[str, ...]

    def asked(self, recommended: str | None) -> Asked:
        """Give the decision to record; the reason of one that was recommended need not be typed."""
        reason = self.values.get(REASON, "")
        if not reason and named_value(self.values[DECISION]) == recommended:
            reason = AS_RECOMMENDED
        return Asked(
            student_id=self.student,
            decision=PROGRESSION,
            reason=reason,
            value=named_value(self.values[DECISION]),
            minute=self.values.get(MINUTE) or None,
            place=self.places[DECISION],
        )


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

    def has(self, row: _Row) -> bool:
        """Tell whether a row is recorded already."""
        asked = row.asked(self.recommended[row.student])
        typed = (asked.value or "", " ".join(asked.reason.split()), asked.minute or "")
        value, reason, minute = self.recorded.get(row.student, ("", "", ""))
        return typed == (value, " ".join(reason.split()), minute)

    def faults(self, row: _Row, *, another_run: bool) -> list[str]:
        """Say what is wrong with a row, each with its cell."""
        here, value = row.places, named_value(row.values.get(DECISION))
        if row.student not in self.recommended:
            alike = [known for known in self.recommended if known.lstrip("0") == row.student.lstrip("0")]
            hint = f" There is {' and '.join(alike)}." if alike else ""
            return [f'{here[STUDENT]}: there is no student "{show(row.student)}" on this board.{hint}']
        faults = self._moved(row)
        if row.values.get(BASED_ON) != self.based_on[row.student]:
            why = (
                "these papers are of another run, and what is recommended for the student, or why, is not what it was"
                if another_run
                else "it is not what stands beneath this student's recommendation"
            )
            faults.append(f"{here[BASED_ON]}: {why}. Make the papers again, and put it to the board.")
        if value and value not in tables.PROGRESSION:
            faults.append(
                f'{here[DECISION]}: "{show(row.values[DECISION])}" is none of the decisions there are. Choose one from '
                "the list."
            )
        elif (
            value
            and value != self.recommended[row.student]
            and row.values.get(REASON, "").lower()
            in (
                "",
                AS_RECOMMENDED,
            )
        ):
            recommended = self.recommended[row.student] or "nothing"
            faults.append(
                f"{here[REASON]}: the decision is {value}, and {recommended} is recommended. Give the reason."
            )
        return faults

    def _moved(self, row: _Row) -> list[str]:
        """Say where a row tells of another student than its number: a part of the sheet was sorted without the rest."""
        own = {OF_NAME: self.names.get(row.student), RECOMMENDED: self.recommended[row.student]}
        return [
            f"{row.places[head]}: it is not what the tables have for the student in {row.places[STUDENT]}. If part of "
            "the sheet was sorted, sort it whole; else make the papers again."
            for head in _TELLING
            if (stands := _folded(row.values.get(head))) and stands != _folded(own[head])
        ]


def _folded(text: str | None) -> str:
    """Fold what a cell may change in a text by itself."""
    return " ".join((text or "").split()).casefold()


def _cells(path: Path) -> pl.DataFrame:
    """Read the cells of the progress sheet."""
    book = read_workbook(path)
    index = next((sheet.index for sheet in book.sheets if sheet.name == NAME), None)
    if index is None:
        raise CallError(
            f"cannot use {path.name}: it has no sheet {NAME}. Give the board workbook that boardkit run has written."
        )
    return book.cells.filter(pl.col("sheet") == index)


def _heads(path: Path, cells: pl.DataFrame) -> tuple[int, dict[str, int]]:
    """Find the row of the heads, and the column of each."""
    for (row,), line in cells.group_by("row", maintain_order=True):
        told = line.select("text", "col").iter_rows()
        found = {text: at for text, at in told if text in (*_HEADS, *_TELLING)}
        if found.keys() >= set(_HEADS):
            return int(str(row)), found
    raise CallError(
        f"cannot use {path.name}: its sheet {NAME} has not the columns {', '.join(_HEADS)}. Put their names back."
    )


def _rows(cells: pl.DataFrame, heads: tuple[int, dict[str, int]]) -> list[_Row]:
    """Take the rows in which something was typed for the board."""
    top, places = heads
    by_place = {at: head for head, at in places.items()}
    body = cells.filter((pl.col("row") > top) & pl.col("col").is_in(list(by_place)))
    found = []
    for (number,), line in body.group_by("row", maintain_order=True):
        values, unread = {}, []
        at = {head: f"{NAME}!{letters(column)}{number}" for head, column in places.items()}
        for column, kind, text in line.select("col", "kind", "text").iter_rows():
            if kind not in _READABLE:
                unread.append(f"{at[by_place[column]]}: the cell holds no text. Type it again.")
            values[by_place[column]] = str(text or "").strip()
        typed = [head for head in (DECISION, REASON, MINUTE) if values.get(head)]
        if not typed and not unread:
            continue
        if not values.get(DECISION) and not unread:
            unread.append(
                f"{at[DECISION]}: there is no decision beside what was typed. Choose it from the list."
            )
        found.append(_Row(int(str(number)), values.get(STUDENT, ""), values, at, tuple(unread)))
    return found


def _twice(rows: list[_Row]) -> list[tuple[int, str]]:
    """Tell of students whom two rows decide about, each with its row."""
    first: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    for row in rows:
        if row.student in first:
            faults.append(
                (row.at, f"{row.places[STUDENT]}: the student stands in {first[row.student]} too. Keep one.")
            )
        first.setdefault(row.student, row.places[STUDENT])
    return faults
