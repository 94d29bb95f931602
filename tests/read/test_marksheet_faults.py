"""A marksheet with forty faults: each is told of in its own cell of the wide sheet, and nothing else is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tests.check import boards
from tests.read.marksheets import Styled, board

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

TOML = """
tables = ["students.csv"]
[board]
board_date = 2023-06-14
[modules.PS4]
scqf_level = 9
credits = 20
components = { Essay = { weight = 40, word_limit = 2000, due_at = 2022-11-04T16:00:00 }, Exam = 50, Quiz = 20 }
[[sheets]]
file = "marks.xlsx"
sheet = "PS4 marks"
module = "PS4"
header = [3, 4]
totals = ["Mean"]
id = "Student ID"
[sheets.marks]
Essay = { mark = "Essay /40", submitted_at = "Essay handed in", words = "Essay words", out_of = "header" }
Exam = { mark = "Exam mark", state = "Exam state", second_mark = "Exam second", agreed_mark = "Exam agreed" }
Quiz = { mark = "Quiz total", sum_of = "columns J:K" }
"""
HEADERS = [
    ["Psychology 4", None, "Board of June 2023"],
    [],
    ["Student ID", "Name", "Essay", "Essay", "Essay", "Exam", None, None, None, "Quiz", None, None, None],
    [None, None, "/40", "handed in", "words", "mark", "state", "second", "agreed", "a", "b", "total", "Rank"],
]
IN_TIME = dt.datetime(2022, 11, 3, 12)  # noqa: DTZ001 - wall time
IDS = [f"{number:08}" for number in range(1, 31)]

# Columns: A student, C essay of 40, D handed in, E words, F exam, G state, H second, I agreed, J K L quiz.
PLANTED: dict[str, tuple[Any, str]] = {
    "C5": ("3O", "not-a-mark"),
    "C6": (41, "mark-out-of-range"),
    "C8": ("#N/A", "cell-error"),
    "C9": (dt.date(2023, 5, 12), "mark-as-date"),
    "C10": ("32,5", "comma-decimal"),
    "C11": ("32.5", "number-as-text"),
    "C12": (Styled(0.65, "0%"), "mark-as-percent"),
    "C13": ("=30+1", "formula-without-value"),
    "C14": (30.125, "mark-rounded"),
    "C15": (None, "mark-missing"),
    "C16": ("\u00a0AB", "invisible-characters"),
    "D17": ("31/02/2022", "not-a-date"),
    "D18": ("03/11/2022 12:00", "date-day-first"),
    "D19": ("2022-11-03T12:00:00Z", "date-offset"),
    "E21": ("many", "not-a-number"),
    "F22": ("WD", "not-a-mark"),
    "F23": ("AB", "state-contradiction"),
    "G23": ("deferred", ""),
    "G24": ("ill", "not-allowed"),
    "G25": ("absent", "state-contradiction F25"),
    "H26": (70, "markers-differ I26"),
    "G28": ("deferred", "mark-set-aside F28"),
    "L29": (99, "total-differs"),
    "A31": (27, "id-as-number"),
    "A32": (2.8e20, "id-scientific"),
    "A33": (None, "required-blank"),
    "A34": ("0000\u200b0030", "invisible-characters"),
    "M5": (7, "column-not-used M4"),
    "B5": ("Ada", "column-not-used B4"),
}
ALSO = [
    "id-zeros-lost PS4 marks!A31",
    "row-left-out PS4 marks!A1",  # the title
    "row-left-out PS4 marks!A35",  # Mean
    "row-left-out PS4 marks!A36",  # a remark, under no column that is read
    "not-a-student PS4 marks!A37",  # a total that board.toml does not name
    "student-unknown PS4 marks!A38",
    "rows-differ PS4 marks!A39",
    "rows-differ PS4 marks!A40",
    "hidden-cells PS4 marks!A40",
    "merged-cells PS4 marks!F40",
    "weights-sum board.toml!row 8",
    "marks-out-of PS4 marks!C4",
    "table-absent !",
    "table-unknown Notes!",
]


def sheets() -> dict[str, list[list[Any]]]:
    students = [[student, None, 30, IN_TIME, 1500, 60, None, None, None, 20, 40, 60, None] for student in IDS]
    rows = [list(row) for row in HEADERS] + students
    for place, (value, _) in PLANTED.items():
        _, row, column = boards.cell(f"x!{place}")
        rows[row - 1] += [None] * (column - len(rows[row - 1]))
        rows[row - 1][column - 1] = value
    rows += [
        ["Mean:", None, 30, None, None, 60],
        [None, "marked by two"],
        ["Average", None, 30],
        ["99999999", None, 30, IN_TIME, 1500, 60, None, None, None, 20, 40, 60],
        ["00000031", None, 30, IN_TIME, 1500, 60, None, None, None, 20, 40, 60],
        ["00000031", None, 31, IN_TIME, 1500, 62, None, None, None, 20, 41, 61],
    ]
    return {"PS4 marks": rows, "Notes": [["ring the external"]]}


def shape(book: Workbook) -> None:
    sheet = book["PS4 marks"]
    sheet.row_dimensions[40].hidden = True
    sheet.merged_cells.add("E40:F40")
    sheet.merge_cells("F3:I3")
    sheet.merge_cells("J3:L3")


def write(folder: Path) -> Path:
    """Write the board folder with its faults."""
    ids = [*IDS, "00000031"]
    students = "student_id,award\n" + "".join(f"{student},ordinary\n" for student in ids)
    return board(folder, TOML, sheets(), shape, students=students)


def expected() -> list[str]:
    """What is to be found: a code, and the planted cell where no other is named."""
    planted = [(place, *said.split(" ")) for place, (_, said) in PLANTED.items() if said]
    return [f"{code} PS4 marks!{(*elsewhere, place)[0]}" for place, code, *elsewhere in planted] + ALSO


def test_forty_faults_in_a_marksheet(tmp_path: Path) -> None:
    problems = boards.problems(write(tmp_path / "board"))
    assert boards.places(problems) == sorted(expected())
    with_cells = [place for place in boards.places(problems) if not place.endswith("!")]
    assert len(with_cells) == len(set(with_cells)) == 40
    for row in problems:
        assert row["message"].endswith(".")
        assert "None" not in row["message"]
