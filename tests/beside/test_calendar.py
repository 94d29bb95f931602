"""The calendar file: as RFC 5545 has it, the same bytes always, and nobody named in it."""

from __future__ import annotations

import datetime as dt
import stat
from typing import TYPE_CHECKING

import polars as pl
import pytest
from icalendar import Calendar

import boardkit as bk
from boardkit.dates.calendar import calendar
from boardkit.demo import demo

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult

SAMPLE = "data/samples/psychology-2022"


@pytest.fixture(scope="module")
def board() -> BoardResult:
    return bk.assess(bk.read(SAMPLE), "qmu-2022")


def one(board_table: dict[str, list[str]] | None = None, **columns: list[str]) -> BoardResult:
    tables = {
        "modules": {"module": ["A"], "scqf_level": ["10"], "credits": ["20"]},
        "components": {
            "module": ["A"],
            "component": ["Essay"],
            "weight": ["100"],
            "due_at": ["2022-11-04 16:00"],
        },
        "marks": {
            "student_id": ["S1", "S2"],
            "module": ["A", "A"],
            "component": ["Essay", "Essay"],
            "mark": ["60", "60"],
            "due_at": ["2022-11-11 16:00", "2022-11-11 16:00"],
        },
    }
    tables["components"] |= columns
    if board_table:
        tables["board"] = board_table
    return bk.assess(bk.read({name: pl.DataFrame(columns) for name, columns in tables.items()}), "qmu-2022")


def events(content: bytes | None) -> list[dict[str, object]]:
    return [
        {
            "uid": str(event["UID"]),
            "summary": str(event["SUMMARY"]),
            "said": str(event["DESCRIPTION"]),
            "day": event.decoded("DTSTART"),
            "end": event.decoded("DTEND"),
            "stamp": event.decoded("DTSTAMP"),
        }
        for event in Calendar.from_ical(content).walk("VEVENT")
    ]


def test_lines_end_and_fold_as_they_have_to(board: BoardResult) -> None:
    content = calendar(board)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.count(b"BEGIN:VEVENT") == content.count(b"\r\nUID:") == content.count(b"\r\nDTSTAMP:")
    assert {b"VERSION:2.0", b"PRODID:-//boardkit//dates//EN"} <= set(content.split(b"\r\n"))


def test_every_day_is_there_once(board: BoardResult) -> None:
    found = events(calendar(board))
    wanted = board.table("dates").with_columns(own=pl.col("student_id").is_not_null())
    days = wanted.unique(["own", "module", "component", "attempt", "what", "date"])
    assert len(found) == days.height
    assert sorted(event["day"] for event in found) == sorted(days["date"])
    assert len({event["uid"] for event in found}) == len(found)
    assert all(event["end"] - event["day"] == dt.timedelta(days=1) for event in found)


def test_nobody_is_named(board: BoardResult) -> None:
    text = calendar(board).decode().replace("\r\n ", "")
    students = board.cohort.typed["students"]
    for column in ("student_id", "name", "email", "tutor"):
        assert not [value for value in students[column].drop_nulls() if value in text], column


def test_the_same_bytes_and_the_boards_date(board: BoardResult) -> None:
    again = bk.assess(bk.read(SAMPLE), "qmu-2022")
    assert calendar(board) == calendar(again)
    assert {event["stamp"] for event in events(calendar(board))} == {dt.datetime(2023, 6, 15, tzinfo=dt.UTC)}
    undated = events(calendar(one()))
    assert {event["stamp"] for event in undated} == {dt.datetime(2022, 9, 1, tzinfo=dt.UTC)}


def test_personal_deadlines_stand_there_once_a_day() -> None:
    found = [(event["summary"], str(event["day"])) for event in events(calendar(one()))]
    assert found == [
        ("A Essay, attempt 1: last day to tell that feedback takes longer", "2022-11-18"),
        ("A Essay, attempt 1: feedback due", "2022-11-25"),
        (
            "A Essay, attempt 1: last day to tell that feedback takes longer (extended deadlines)",
            "2022-11-25",
        ),
        ("A Essay, attempt 1: feedback due (extended deadlines)", "2022-12-02"),
    ]


def test_an_entry_keeps_its_identity_when_its_day_moves() -> None:
    before = {event["summary"]: event for event in events(calendar(one()))}
    after = {event["summary"]: event for event in events(calendar(one(due_at=["2022-11-07 16:00"])))}
    due = "A Essay, attempt 1: feedback due"
    assert before[due]["uid"] == after[due]["uid"]
    assert before[due]["day"] != after[due]["day"]


def test_another_year_and_another_board_are_other_entries() -> None:
    def uids(**facts: str) -> set[str]:
        stated = {"published_on": "2023-06-20", **facts}
        return {
            str(event["uid"])
            for event in events(calendar(one({"key": list(stated), "value": list(stated.values())})))
        }

    assert uids() == uids()
    assert not uids(academic_year="2022/23") & uids(academic_year="2023/24")
    assert len(uids(title="One") & uids(title="Two")) == 4
    assert len(uids(title="One") ^ uids(title="Two")) == 2


def test_text_that_would_break_the_file_cannot() -> None:
    board = one(module=["A"], component=["Essay\nEND:VEVENT; x, y"])
    marks = calendar(board)
    assert marks is None or b"\r\nEND:VEVENT; x" not in marks
    assert len(events(marks)) == marks.count(b"\r\nBEGIN:VEVENT\r\n")


def test_a_board_without_dates_has_no_calendar(tmp_path: Path) -> None:
    tables = {name: frame for name, frame in demo(8).items() if name not in {"board", "deadlines"}}
    tables["components"] = tables["components"].drop("due_at")
    tables["marks"] = tables["marks"].drop("due_at")
    board = bk.assess(bk.read(tables), "qmu-2022")
    assert calendar(board) is None
    assert not (board.write(tmp_path / "out") / "dates.ics").exists()


def test_a_run_writes_it_for_its_owner_alone(board: BoardResult, tmp_path: Path) -> None:
    path = board.write(tmp_path / "out") / "dates.ics"
    assert path.read_bytes() == calendar(board)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_entry_says_which_regulations_it_follows_from() -> None:
    title = "General Assessment Regulations and Policy 2022/23"
    said = {event["summary"]: event["said"] for event in events(calendar(one()))}
    assert said["A Essay, attempt 1: feedback due (extended deadlines)"] == f"{title}, 1.3, 4.17 (reading D1)"
