"""Findings about registration: what could not be tested and why, and students who begin after the board meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.findings.label import of_student
from boardkit.problems import found, found_at
from boardkit.registration.periods import ASSOCIATE, with_limits

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.registration import Registration


def find_registration(board: BoardResult) -> list[pl.DataFrame]:
    """Find what is not tested of the students' registration, all of it in one note, and days that cannot be."""
    rules = board.pack.rules.registration
    students = board.cohort.typed["students"]
    if rules is None or "students" not in board.cohort.given or students.is_empty():
        return []
    why = [*_periods(board, rules), *_loads(board)]
    text = f"Registration was not tested in full: {'; '.join(why)}."
    told = [found_at("registration-not-tested", students["_src"][0], None, text)] if why else []
    return [*told, *_later(board)]


def _periods(board: BoardResult, rules: Registration) -> list[str]:
    """Why the longest period is not tested, and of how many students."""
    source = f"({rules.undergraduate.longer_by.source})"
    if board.cohort.facts.board_date is None:
        return [f"the board table states no board_date, and no period is over or near without it {source}"]
    known = with_limits(board, rules)
    associate = pl.col("award").cast(pl.String) == ASSOCIATE
    undated = pl.col("registered_from").is_null()
    unplanned = ~undated & pl.col("months").is_null() & ~associate.fill_null(value=False)
    undergraduate = pl.col("study") == "undergraduate"
    counts = known.select(
        undated=undated.sum(),
        planned=(unplanned & undergraduate.fill_null(value=False)).sum(),
        other=(unplanned & ~undergraduate.fill_null(value=False)).sum(),
    ).row(0, named=True)
    said = {
        "undated": "with no registered_from",
        "planned": "with no planned_years",
        "other": "for whose award and mode there is no period",
    }
    return [f"{_students(counts[name])} {words} {source}" for name, words in said.items() if counts[name]]


def _loads(board: BoardResult) -> list[str]:
    if board.pack.rules.registration is None or "enrolments" in board.cohort.given:
        return []
    source = board.pack.rules.registration.loads.expected.source
    return [f"without an enrolments table, the credit of the year is not known ({source})"]


def _later(board: BoardResult) -> list[pl.DataFrame]:
    day = board.cohort.facts.board_date
    if day is None:
        return []
    rows = board.cohort.typed["students"].filter(pl.col("registered_from") > pl.lit(day))
    text = of_student(f"registered from a day after the board's, {day}; not tested.")
    value = pl.col("registered_from")
    return [found("registered-after-board", rows, column="registered_from", value=value, message=text)]


def _students(number: int) -> str:
    return "1 student" if number == 1 else f"{number:,} students"
