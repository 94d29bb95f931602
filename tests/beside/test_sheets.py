"""The sheets beside the board's own say what their tables say, and the front sheet counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.concern import concern_table
from boardkit.report.content.duties import DAYS, STATES
from tests.report.sheets import lines, listed, opened

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

    from boardkit.board import BoardResult


@pytest.fixture(scope="module")
def board() -> BoardResult:
    return bk.assess(bk.read("data/samples/psychology-2022.xlsx"), "qmu-2022")


@pytest.fixture(scope="module")
def book(board: BoardResult, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return opened(board, tmp_path_factory.mktemp("book"))


def test_dates(book: Workbook, board: BoardResult) -> None:
    rows = listed(book["Dates"], "Day")
    made = board.table("dates")
    key = ["date", "what", "module", "component", "attempt", "student_id", "overdue"]
    wanted = made.with_columns(pl.col("date").cast(pl.String), pl.col("what").replace(DAYS)).select(key)
    heads = ["Day", "What", "Module", "Component", "Attempt", "Student", "Overdue"]
    assert sorted(map(str, wanted.rows())) == sorted(str(tuple(row[head] for head in heads)) for row in rows)
    assert [row["Day"] for row in rows] == sorted(row["Day"] for row in rows)


def test_registration_lists_what_wants_looking_at(book: Workbook, board: BoardResult) -> None:
    rows = listed(book["Registration"], "Student")
    wanted = board.table("registration").filter(~pl.col("state").is_in(["within", "expected"]))
    assert [row["Student"] for row in rows] == wanted["student_id"].to_list()
    assert {row["How it stands"] for row in rows} <= set(STATES.values())


def test_transcript(book: Workbook, board: BoardResult) -> None:
    rows = listed(book["Transcript"], "Student")
    made = board.table("transcript")
    assert len(rows) == made.height == board.table("modules").height
    key = ["student_id", "module", "scqf_level", "credits", "grade", "mark"]
    assert made.select(key).equals(board.table("modules").select(key))
    for row, want in zip(rows, made.rows(named=True), strict=True):
        assert (row["Student"], row["Module"], row["Title"]) == (
            want["student_id"],
            want["module"],
            want["title"],
        )
        assert (row["Grade"], row["Outcome"], row["Year"], row["Decision"]) == (
            want["grade"],
            want["outcome"],
            want["academic_year"],
            want["decision"],
        )
        assert row["Mark"] == (None if want["mark"] is None else float(want["mark"]))
        assert (row["Credits"], row["ECTS"]) == (float(want["credits"]), float(want["ects"]))


def test_what_all_lines_share_stands_above_them(book: Workbook) -> None:
    above = " ".join(str(row[0]) for row in book["Transcript"].iter_rows(max_row=6, values_only=True))
    assert "Institution: Example University." in above
    assert "Language: English." in above


def test_concern_goes_by_tutor_and_holds_counts_alone(book: Workbook, board: BoardResult) -> None:
    made = concern_table(board)
    assert made["tutor"].to_list() == sorted(made["tutor"].to_list())
    assert "Concern" not in book.sheetnames
    assert made.schema["claims"] == pl.Int64
    told = " ".join(made["reason"])
    assert not any(word in told for word in ("deferred", "late-accepted", "illness", "medical", "accepted"))


def test_the_front_sheet_counts_them(book: Workbook, board: BoardResult) -> None:
    told = lines(book["Board"])
    late = board.table("dates").filter(what="feedback-due", overdue="Y").height
    assert told["Feedback overdue"][0] == late > 0
    assert told["Registrations to look at"][0] == len(listed(book["Registration"], "Student"))
    assert told["Cause for concern"][0] == board.table("concern").height


def test_they_are_made_when_asked_for(board: BoardResult) -> None:
    fresh = bk.assess(board.cohort, "qmu-2022")
    assert not fresh._made
    assert (
        fresh.dates.columns[0] == fresh.registration.columns[0] == fresh.transcript.columns[0] == "student_id"
    )
    assert fresh.concern.columns[0] == "tutor"
    assert {"dates", "registration", "transcript", "concern"} <= fresh._made.keys()
