"""Losses that really happened in spreadsheets of marks and records, each a case that must not happen here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

import boardkit as bk
from boardkit.errors import FileError
from tests.check import boards
from tests.check.boards import SOUND, Fault, spoil
from tests.read.marksheets import board

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["ID", "Essay"]
TOML = """
modules.PS4 = { scqf_level = 10, credits = 20, components = { Essay = 100 } }
[[sheets]]
file = "marks.xlsx"
sheet = "PS4"
module = "PS4"
id = "ID"
marks.Essay = "Essay"
"""


@pytest.mark.parametrize("typed", ["2022-11-04 ", " 2022-11-04", "2022-11-04\u00a0", "04/11/2022 \u200b"])
def test_a_trailing_space_in_a_date_cell(tmp_path: Path, typed: str) -> None:
    """30,000 results were sent out a day early in 2011: a space behind a date made it no date."""
    path = boards.write(
        spoil(Fault("", at={"Components!E3": typed, "Board!B3": typed})), tmp_path / "board.xlsx"
    )
    cohort = bk.read(path)
    essay = cohort.typed["components"].filter(pl.col("component") == "Essay")
    assert essay["due_at"].to_list() == [dt.datetime(2022, 11, 4)]  # noqa: DTZ001 - wall time
    assert cohort.facts.board_date == dt.date(2022, 11, 4)
    assert not cohort.severities["error"]


def test_a_rank_column_pasted_as_scores(tmp_path: Path) -> None:
    """Ranks stood in the column of scores in 2021, and projects were funded by them."""
    rows = [[f"{number:04}", 12 - number] for number in range(12)]
    problems = bk.read(board(tmp_path / "b", TOML, {"PS4": [HEADER, *rows]})).polars.problems
    ranked = problems.filter(pl.col("code") == "marks-like-ranks")
    assert ranked.select("severity", "sheet", "cell").rows() == [("warning", "PS4", "B2")]
    rows[0][1] = 55
    problems = bk.read(board(tmp_path / "b", TOML, {"PS4": [HEADER, *rows]})).polars.problems
    assert "marks-like-ranks" not in problems["code"].to_list()


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet(tmp_path: Path, state: str) -> None:
    """A hidden sheet with everyone's names went out in 2023: here it is read, and said to be hidden."""

    def hide(book: Workbook) -> None:
        book["Students"].sheet_state = state

    cohort = bk.read(boards.write(SOUND, tmp_path / "board.xlsx", hide))
    assert cohort.counts["students"] == 3
    hidden = cohort.polars.problems.filter(pl.col("code") == "hidden-cells")
    assert hidden["message"].to_list() == [
        'The sheet "Students" is hidden; it was read. Unhide it to see what was used.'
    ]


def test_a_hidden_marksheet(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        book["PS4"].sheet_state = "hidden"

    folder = board(tmp_path / "b", TOML, {"PS4": [HEADER, ["1", 61]], "Other": [["x"]]}, hide)
    problems = bk.read(folder).polars.problems
    assert problems.filter(pl.col("code") == "hidden-cells")["sheet"].to_list() == ["PS4"]


def _one_mark(folder: Path, value: float, shown: str) -> bk.Cohort:
    """A board of one mark in a cell of a format."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Marks"
    sheet.append(["student_id", "module", "component", "mark"])
    sheet.append(["S1", "PS1", "Essay", value])
    sheet["D2"].number_format = shown
    book.save(folder / "board.xlsx")
    return bk.read(folder / "board.xlsx", study="undergraduate")


@pytest.mark.parametrize(
    "shown",
    [
        *("hh.mm", "hhmm", "h", 'h"h"mm', r"hh\:mm", "h.mm AM/PM", "s.0", "mm", "h:mm", "[h]:mm", "[ss]"),
        *("dd/mm/yyyy", "yyyy", "A/P", "e", "aaaa"),
    ],
)
@pytest.mark.parametrize("value", [0.5, 0, 60, 60.2])
def test_what_shows_as_a_time_or_a_day_is_no_mark(tmp_path: Path, shown: str, value: float) -> None:
    """12:00 in a cell is half a day; 60 is the day in 1900 that never was."""
    problems = _one_mark(tmp_path, value, shown).polars.problems
    assert problems.filter(severity="error").select("code", "cell").rows() == [("mark-as-date", "D2")]


@pytest.mark.parametrize(
    ("value", "shown", "read", "code"),
    [
        (62, '0"%"', "62.00", None),
        (62, r"0\%", "62.00", None),
        (62, "0.00E+00", "62.00", None),
        (62, '0" days"', "62.00", None),
        (0.62, "0%", "62.00", "mark-as-percent"),
        (62, "0%", None, "mark-out-of-range"),
    ],
)
def test_a_percentage_is_what_its_format_makes_of_it(
    tmp_path: Path, value: float, shown: str, read: str | None, code: str | None
) -> None:
    cohort = _one_mark(tmp_path, value, shown)
    assert cohort.polars.marks["mark"].cast(pl.String).to_list() == [read]
    told = cohort.polars.problems.filter(pl.col("cell") == "D2")
    assert told["code"].to_list() == ([code] if code else [])
    if code == "mark-out-of-range":
        assert (
            told["message"]
            .item()
            .endswith(
                "62 in a cell formatted as a percentage stands for a hundred times as much. Format the cell as a number, or "
                "type a share from 0 to 1."
            )
        )


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["B2"], "Cell B2 has a comment, which was not read."),
        (["B2", "B3"], "Cells B2 and B3 have comments, which were not read."),
        (
            [f"B{row}" for row in range(2, 10)],
            "Cells B2, B3, B4, B5, B6 and 3 more have comments, which were not read.",
        ),
    ],
)
def test_what_a_comment_says_is_not_lost_in_silence(tmp_path: Path, cells: list[str], told: str) -> None:
    def comment(book: Workbook) -> None:
        for at in cells:
            book["PS4"][at].comment = Comment("Mark not agreed yet.", "A marker")

    rows = [["ID", "Essay"], *([f"S{row}", 60] for row in range(2, 10))]
    cohort = bk.read(board(tmp_path / "b", TOML, {"PS4": rows}, comment))
    assert cohort.counts["marks"] == 8
    [problem] = cohort.polars.problems.filter(code="comments-not-read").to_dicts()
    assert problem["message"] == f"{told} Enter in the tables what they say that counts."
    assert (problem["severity"], problem["sheet"]) == ("note", "PS4")


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'<comment ref="E3"', b'<comment ref="E3'), (b'ref="E3"', b'ref="&lt;E3&gt;"')],
    ids=["damaged", "nowhere"],
)
def test_damaged_comments_are_no_reason_to_refuse_the_cells(tmp_path: Path, old: bytes, new: bytes) -> None:
    def comment(book: Workbook) -> None:
        book["Marks"]["E3"].comment = Comment("Mark not agreed yet.", "A marker")

    def spoil(name: str, part: bytes) -> bytes:
        if "comments" not in name or not name.endswith(".xml"):
            return part
        assert old in part
        return part.replace(old, new)

    cohort = bk.read(boards.retouched(boards.write(SOUND, tmp_path / "board.xlsx", comment), spoil))
    assert cohort.counts["marks"] == 8
    told = cohort.polars.problems.filter(code="comments-not-read")["message"].to_list()
    assert told == [
        "The sheet has comments, which were not read. Enter in the tables what they say that counts."
    ]


@pytest.mark.parametrize("ref", ["$E$3", "e3", "E3:F4", "E3"])
def test_comments_are_found_however_their_cell_is_written(tmp_path: Path, ref: str) -> None:
    def comment(book: Workbook) -> None:
        book["Marks"]["E3"].comment = Comment("Mark not agreed yet.", "A marker")

    old, new = b'<comment ref="E3"', f'<comment ref="{ref}"'.encode()
    whole = boards.write(SOUND, tmp_path / "board.xlsx", comment)
    path = boards.retouched(whole, lambda _, part: part.replace(old, new))
    told = bk.read(path).polars.problems.filter(code="comments-not-read")["message"].to_list()
    assert [text.split(",")[0] for text in told] == ["Cell E3 has a comment"]


def test_a_thread_without_a_note_beside_it(tmp_path: Path) -> None:
    language = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = f'<ThreadedComments xmlns="{language}"><threadedComment ref="E3" id="1"><text>No.</text></threadedComment></ThreadedComments>'
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="t" '
        'Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        'Target="../threadedComments/t1.xml"/></Relationships>'
    )
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": links.encode(),
        "xl/threadedComments/t1.xml": thread.encode(),
    }
    path = boards.retouched(boards.write(SOUND, tmp_path / "board.xlsx"), lambda _, part: part, more)
    [told] = bk.read(path).polars.problems.filter(code="comments-not-read").to_dicts()
    assert told["message"].startswith("Cell E3 has a comment, which was not read.")


def test_damaged_links_of_a_sheet_say_nothing_of_comments(tmp_path: Path) -> None:
    more = {"xl/worksheets/_rels/sheet1.xml.rels": b"<Relationships"}
    path = boards.retouched(boards.write(SOUND, tmp_path / "board.xlsx"), lambda _, part: part, more)
    problems = bk.read(path).polars.problems
    assert problems.filter(code="comments-not-read").is_empty()


def test_rows_past_a_limit_are_refused_loudly(tmp_path: Path) -> None:
    """16,000 cases were cut off in 2020 where a sheet was full: nothing is read in part."""
    path = boards.write(SOUND, tmp_path / "board.xlsx")
    with pytest.raises(
        FileError, match=r"more than 100 cells\. If you know the file, raise the limit cells"
    ) as caught:
        bk.read(path, limits={"cells": 100})
    assert caught.value.code == "limit-cells"
    assert bk.read(path, limits={"cells": 10_000}).counts["marks"] == 8
    with pytest.raises(bk.BoardkitError, match='there is no limit "rows"'):
        bk.read(path, limits={"rows": 100})


def test_a_sheet_filled_to_its_last_row(tmp_path: Path) -> None:
    """The same case from the other side: a sheet that was cut off before it came here."""
    rows = [["00000001", 61], *([] for _ in range(65_533)), ["00000002", 52]]
    cohort = bk.read(board(tmp_path / "b", TOML, {"PS4": [HEADER, *rows]}))
    assert cohort.counts["marks"] == 2
    full = cohort.polars.problems.filter(pl.col("code") == "sheet-full")
    assert full.select("severity", "cell").rows() == [("warning", "A65536")]


def test_a_total_carried_forward(tmp_path: Path) -> None:
    """About a hundred results were withdrawn in 2003: totals held marks that were not the year's own."""
    toml = TOML.replace(
        'marks.Essay = "Essay"', 'marks.Essay = { mark = "Total", sum_of = ["Part 1", "Part 2"] }'
    )
    rows = [["ID", "Last year", "Part 1", "Part 2", "Total"], ["1", 20, 30, 31, 61], ["2", 20, 30, 31, 81]]
    problems = bk.read(board(tmp_path / "b", toml, {"PS4": rows})).polars.problems
    assert problems.filter(pl.col("severity") == "error").select("code", "cell").rows() == [
        ("total-differs", "E3")
    ]


def test_marks_are_what_was_typed_whatever_digits_a_program_writes(tmp_path: Path) -> None:
    # As Excel writes 69.945, 39.995, 69.4 and 24.7; what a formula made is not what somebody typed.
    written = ["69.944999999999993", "39.994999999999997", "69.400000000000006", "69.49999999999999"]
    book = Workbook()
    sheet = book.active
    sheet.title = "Marks"
    sheet.append(["student_id", "module", "component", "mark"])
    for at, text in enumerate(written):
        sheet.append([f"S{at}", "PS1", "Essay", float(text)])
    book.save(tmp_path / "board.xlsx")

    def as_excel(name: str, part: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            for text in written:
                part = part.replace(f"<v>{float(text):.16g}</v>".encode(), f"<v>{text}</v>".encode())
            assert all(text.encode() in part for text in written)
        return part

    path = boards.retouched(tmp_path / "board.xlsx", as_excel)
    marks = bk.read(path, study="undergraduate").polars.marks
    assert marks["mark"].cast(pl.String).to_list() == ["69.95", "40.00", "69.40", "69.50"]
    assert bk.read(path, study="undergraduate").polars.problems.filter(code="mark-rounded").height == 3
