"""Filled in: the progress sheet of board papers read back, row by row, with the cell of whatever cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit.based_on import recorded_digest
from boardkit.deciding.make import AS_RECOMMENDED, Asked, named_value
from boardkit.errors import CallError
from boardkit.masking import MASK
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
from boardkit.rules.decided import PROGRESSION

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.limits import Limits
    from boardkit.read.workbook import Workbook

_HEADS = (STUDENT, DECISION, REASON, MINUTE, BASED_ON)
_TELLING = (OF_NAME, RECOMMENDED)
"""What else tells whose row it is; a board may take these columns off its papers."""
_TO_FILL = (DECISION, REASON, MINUTE)
_READABLE = ("text", "number")
"""The kinds of cell that hold something as it was typed; a date may have been anything."""


@dataclass(frozen=True)
class Sheet:
    """A progress sheet as the board filled it in.

    Args:
        rows: the rows in which something was typed, or was printed.
        faults: what cannot be read, each with its row.
        run: the texts that say of which board the papers are.
    """

    rows: tuple[Row, ...]
    faults: tuple[tuple[int, str], ...]
    run: tuple[str, ...]


@dataclass(frozen=True)
class Row:
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

    @property
    def masked(self) -> bool:
        """Whether a name was taken out of the reason: the papers are anonymous, and the record has it."""
        return MASK in self.values.get(REASON, "")

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


def read_sheet(path: Path, limits: Limits | None) -> Sheet:
    """Read the progress sheet of board papers.

    Args:
        path: the board workbook.
        limits: how much it may ask for; the defaults where not given.

    Raises:
        FileError: the file is no workbook that can be read.
        CallError: it has no progress sheet, several, or one without its columns.
    """
    book = read_workbook(path, limits)
    index, cells = _cells(path, book)
    heads = _heads(path, cells)
    rows = _rows(cells, heads)
    faults = [(row.at, fault) for row in rows for fault in row.unread]
    run = cells.filter(pl.col("text").str.starts_with(RUN))["text"].to_list()
    return Sheet(tuple(rows), (*faults, *_twice(rows), *_merged(book, index, heads)), tuple(run))


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


def _rows(cells: pl.DataFrame, heads: tuple[int, dict[str, int]]) -> list[Row]:
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
        row = Row(int(str(number)), values.get(STUDENT, ""), values, at, tuple(unread))
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


def _twice(rows: list[Row]) -> list[tuple[int, str]]:
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
