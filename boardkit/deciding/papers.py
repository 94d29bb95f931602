"""Papers: what a board has typed on the progress sheet of its papers, read back and checked cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.based_on import board_digest, progress_digests, recorded_digest
from boardkit.deciding.make import AS_RECOMMENDED, Asked, is_as_recommended, named_value
from boardkit.errors import CallError
from boardkit.problems import letters
from boardkit.read.a1 import area
from boardkit.read.workbook import read_workbook
from boardkit.report.content.progress import (
    BASED_ON,
    BESIDE,
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
    from boardkit.read.limits import Limits
    from boardkit.read.workbook import Workbook

_HEADS = (STUDENT, DECISION, REASON, MINUTE, BASED_ON)
_TELLING = (OF_NAME, RECOMMENDED)
"""What else tells whose row it is; a board may take these columns off its papers."""
_TO_FILL = (DECISION, REASON, MINUTE)
_READABLE = ("text", "number", "boolean")
"""The kinds of cell that hold something as it was typed; a date may have been anything."""


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
    book = read_workbook(path, limits)
    index, cells = _cells(path, book)
    heads = _heads(path, cells)
    every = _rows(cells, heads)
    rows = [row for row in every if not row.untouched]
    faults = [(row.at, fault) for row in rows for fault in row.unread]
    faults += [*_twice(rows), *_merged(book, index, heads)]
    known = _Beneath.of(board)
    run = cells.filter(pl.col("text").str.starts_with(RUN))["text"].to_list()
    another = not any(known.board in text for text in run)
    asked: list[Asked] = []
    recorded = sum(row.untouched and known.has(row) for row in every)
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

    @property
    def based_on(self) -> str:
        """The digest of what the recommendation rested on when the papers were made."""
        return self.values.get(BASED_ON, "").partition(BESIDE)[0]

    @property
    def printed(self) -> str:
        """The digest of the decision that was recorded when the papers were made; empty where there was none."""
        return self.values.get(BASED_ON, "").partition(BESIDE)[2]

    @property
    def untouched(self) -> bool:
        """Whether the row holds the decision that it was printed with, and nothing else was typed."""
        return (
            bool(self.printed)
            and not self.unread
            and recorded_digest(*map(self.values.get, _TO_FILL)) == self.printed
        )

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
        if row.student not in self.recommended or row.unread or not row.values.get(DECISION):
            return False
        asked = row.asked(self.recommended[row.student])
        typed = (asked.value or "", " ".join(asked.reason.split()), asked.minute or "")
        value, reason, minute = self.recorded.get(row.student, ("", "", ""))
        return typed == (value, " ".join(reason.split()), minute)

    def faults(self, row: _Row, *, another_run: bool) -> list[str]:
        """Say what is wrong with a row, each with its cell."""
        here = row.places
        if row.student not in self.recommended:
            alike = [known for known in self.recommended if known.lstrip("0") == row.student.lstrip("0")]
            hint = f" There is {' and '.join(alike)}." if alike else ""
            return [f"{here[STUDENT]}: there is no such student on this board.{hint}"]
        if faults := self._moved(row):
            return faults
        if self.has(row):
            return []
        return [*self._changed(row, another_run=another_run), *self._unlike(row)]

    def _changed(self, row: _Row, *, another_run: bool) -> list[str]:
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
            faults.append(
                f"{here[DECISION]}: another decision about the student was recorded after these papers were made, and "
                "it would be replaced. Clear the row, or make the papers again."
            )
        if row.printed and not row.values.get(DECISION):
            faults.append(
                f"{here[DECISION]}: the decision that is recorded was taken out here, and still stands. Put it back; "
                "boardkit decide takes it back with --value N, or replaces it."
            )
        return faults

    def _unlike(self, row: _Row) -> list[str]:
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

    def _moved(self, row: _Row) -> list[str]:
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


def _cells(path: Path, book: Workbook) -> tuple[int, pl.DataFrame]:
    """Find the progress sheet, and give its number and its cells."""
    index = next((sheet.index for sheet in book.sheets if sheet.name == NAME), None)
    if index is None:
        raise CallError(
            f"cannot use {path.name}: it has no sheet {NAME}. Give the board workbook that boardkit run has written."
        )
    copies = book.cells.filter((pl.col("sheet") != index) & pl.col("text").str.starts_with(RUN))[
        "sheet"
    ].unique()
    if len(copies):
        named = ", ".join(sheet.name for sheet in book.sheets if sheet.index in copies)
        raise CallError(
            f"cannot use {path.name}: besides {NAME} it has a copy of that sheet: {named}. Keep the one that the board "
            f"filled in, by the name {NAME}."
        )
    return index, book.cells.filter(pl.col("sheet") == index)


def _heads(path: Path, cells: pl.DataFrame) -> tuple[int, dict[str, int]]:
    """Find the row of the heads, and the column of each."""
    for (row,), line in cells.group_by("row", maintain_order=True):
        told = line.filter(pl.col("text").is_in([*_HEADS, *_TELLING]))
        found = dict(told.select("text", "col").iter_rows())
        if found.keys() >= set(_HEADS):
            _refuse_twice(path, int(str(row)), told)
            return int(str(row)), found
    raise CallError(
        f"cannot use {path.name}: its sheet {NAME} has not the columns {', '.join(_HEADS)}. Put their names back."
    )


def _refuse_twice(path: Path, row: int, heads: pl.DataFrame) -> None:
    """Refuse two columns of one name, of which one would be passed over."""
    twice = heads.filter(pl.col("text").is_duplicated())
    if twice.height:
        places = " and ".join(f"{NAME}!{letters(col)}{row}" for col in twice["col"])
        raise CallError(f"cannot use {path.name}: {places} are columns of one name. Keep one.")


def _merged(book: Workbook, index: int, heads: tuple[int, dict[str, int]]) -> list[tuple[int, str]]:
    """Tell of merged areas over cells to fill in, each with its row: of what is typed there one row alone would know."""
    top, places = heads
    areas = ((text, area(text)) for text in book.sheets[index].merges)
    return [
        (found[0], f"{NAME}!{text} is merged. Take it apart, and type what was decided in each row.")
        for text, found in areas
        if found and found[2] > top and any(found[1] <= places[head] <= found[3] for head in _TO_FILL)
    ]


def _rows(cells: pl.DataFrame, heads: tuple[int, dict[str, int]]) -> list[_Row]:
    """Take the rows in which something was typed for the board, or was printed."""
    top, places = heads
    by_place = {at: head for head, at in places.items()}
    body = cells.filter((pl.col("row") > top) & pl.col("col").is_in(list(by_place)))
    found = []
    for (number,), line in body.group_by("row", maintain_order=True):
        values, unread = {}, []
        at = {head: f"{NAME}!{letters(column)}{number}" for head, column in places.items()}
        for column, kind, text in line.select("col", "kind", "text").iter_rows():
            if kind not in _READABLE:
                what = "a date, which may not be what was typed" if kind == "date" else "no text"
                unread.append(f"{at[by_place[column]]}: the cell holds {what}. Type it again, as text.")
            values[by_place[column]] = str(text or "").strip()
        row = _Row(int(str(number)), values.get(STUDENT, ""), values, at, tuple(unread))
        typed = any(values.get(head) for head in _TO_FILL)
        if not typed and not unread and not row.printed:
            continue
        if not values.get(DECISION) and not unread and not row.printed:
            row = replace(
                row,
                unread=(
                    f"{at[DECISION]}: there is no decision beside what was typed. Choose it from the list.",
                ),
            )
        found.append(row)
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
