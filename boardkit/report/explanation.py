"""Explanation: one student's way from the cells to the class, clause by clause, to be read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.errors import CallError
from boardkit.reasons import READING
from boardkit.report.names import AWARDS, said
from boardkit.report.origins import Origins
from boardkit.report.page import WIDTH, Page
from boardkit.report.told_award import Award
from boardkit.report.told_decided import tell_decided
from boardkit.report.told_misconduct import tell_misconduct
from boardkit.report.told_module import Modules
from boardkit.trace import trace_of
from boardkit.trace.decided import DECIDED

if TYPE_CHECKING:
    from boardkit.board import BoardResult


_STYLE = "font-family:monospace;line-height:1.3;white-space:pre;overflow-x:auto"
"""Its columns stand only in letters of one width, which a notebook does not give a ``pre`` by itself."""


@dataclass(frozen=True)
class Explanation:
    """A page about one student: ``print`` it, or show it in a notebook."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<pre style='{_STYLE}'>{escape(self.text)}</pre>"


def explain(board: BoardResult, student_id: str) -> Explanation:
    """Tell one student's way from the cells to the class.

    Args:
        board: the assessed board.
        student_id: the student.

    Returns:
        The page.

    Raises:
        CallError: the board has no such student.
    """
    student = _student(board, str(student_id))
    mine = pl.col("s") == student["s"]
    found = board.concluded.results.filter(mine).sort("level", "module", nulls_last=True)
    results = found.rows(named=True)
    told = trace_of(board, student["s"]).rows(named=True)
    page = Page()
    _head(page, board, student)
    page.blank()
    made, origins = board.classified.filter(mine), Origins(board.cohort)
    if made.height:
        Award(board.pack.rules, student, made.row(0, named=True), results, origins).tell(page)
    else:
        page.line("  Not classified: there is no students table.")
    _next(page, told)
    tell_decided(page, board, student["s"])
    tell_misconduct(page, board, student["s"])
    page.blank()
    Modules(board, student, results, told, origins).tell(page)
    _readings(page, board)
    return Explanation("\n".join(page.lines).rstrip())


def _student(board: BoardResult, student_id: str) -> dict[str, Any]:
    students = board.ground.students
    at = students.filter(pl.col("student_id") == student_id)
    if at.height:
        return at.row(0, named=True)
    digits = student_id.strip().lstrip("0")
    alike = students.filter(pl.col("student_id").str.strip_chars_start("0") == digits)["student_id"].to_list()
    hint = f"There is {' and '.join(alike)}." if alike else "Check the number and its leading zeros."
    raise CallError(f'there is no student "{student_id}" on this board. {hint}')


def _head(page: Page, board: BoardResult, student: dict[str, Any]) -> None:
    """Say who it is, whether it is confirmed yet, and under which regulations."""
    aimed = said(AWARDS, student["award"])
    left = f"{student['student_id']}   {', '.join(part for part in (student['programme'], aimed) if part)}"
    status = board.cohort.facts.status
    page.line(f"{left}{status:>{max(WIDTH - len(left), len(status) + 3)}}")
    pack = board.pack.rules.pack
    page.line(f"{pack.institution}, {pack.title} ({pack.id})")


def _next(page: Page, told: list[dict[str, Any]]) -> None:
    """Say what the board has decided of the student's progress, else what is recommended, and why."""
    mine = {row["rule"]: row for row in told if row["stage"] == "progression"}
    if (recommended := mine.get("recommendation")) is None:
        return
    page.cite(recommended["clause"])
    named = recommended["clause"].partition(READING)[2]
    read = f" Reading{'s' if ', ' in named else ''} {named}." if named else ""
    what = "" if recommended["after"] == "none" else _said(recommended["after"]) + ". "
    if DECIDED in mine:
        beside = what.lower() or "nothing. "
        what = f"{_said(mine[DECIDED]['after'])}, decided by the board; recommended: {beside}"
    page.entry("Next", f"{what}{recommended['note']}{read}")


def _said(decision: str) -> str:
    return decision.replace("-", " ").capitalize()


def _readings(page: Page, board: BoardResult) -> None:
    """Write out the readings that the page cites."""
    written = board.pack.rules.readings
    chosen = [name for name in written if name in page.readings]
    if chosen:
        page.line("  How open points are read")
    for name in chosen:
        page.entry(name, written[name])
