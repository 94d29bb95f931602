"""What a marksheet looks like to somebody who was not told: the picture, and the board.toml that it proposes."""

from __future__ import annotations

import io
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import boardkit as bk
from boardkit.read.marksheet.picture import picture
from boardkit.read.marksheet.plan import WORK, Marksheet
from boardkit.read.marksheet.understood import Understood, understand
from boardkit.read.marksheet.write import key, quoted
from tests.read.marksheets import board, workbook

if TYPE_CHECKING:
    from openpyxl import Workbook

STUDENTS = [[40012345 + number, f"Name {number}", 50 + number, 20 + number, None] for number in range(8)]
TYPICAL = [
    ["PS4021 Minds", None, None, None, None],
    [],
    ["Student No.", "Name", "Essay (40%)", "Exam /40", "Overall"],
    *STUDENTS,
    ["Mean", None, "=AVERAGE(C4:C11)", "=AVERAGE(D4:D11)", None],
    [None, None, "=MAX(C4:C11)", None, None],
]


def drawn(known: Understood) -> str:
    console = Console(width=160, record=True, file=io.StringIO())
    for book, layout in known.sheets:
        console.print(picture(book, layout))
    return console.export_text()


def proposed(path: Path, sheets: dict[str, list[list[Any]]]) -> tuple[Understood, dict[str, Any]]:
    known = understand(workbook(path, sheets))
    return known, tomllib.loads(known.toml)


def test_what_a_typical_sheet_is_taken_for(tmp_path: Path) -> None:
    rows = [list(row) for row in TYPICAL]
    rows[4][3], rows[5][3] = "NS", "XX"
    known, toml = proposed(tmp_path / "marks.xlsx", {"PS4021": rows})
    assert not known.given
    assert toml == {
        "board": {"title": "?", "diet": "main"},
        "codes": {"XX": "?"},
        "modules": {"PS4021": {"scqf_level": "?", "credits": "?", "components": {"Essay": 40, "Exam": "?"}}},
        "sheets": [
            {
                "file": "marks.xlsx",
                "sheet": "PS4021",
                "module": "PS4021",
                "attempt": 1,
                "header": 3,
                "totals": ["Mean", 13],
                "id": "Student No.",
                "marks": {"Essay": "Essay (40%)", "Exam": {"mark": "Exam /40", "out_of": 40}},
            }
        ],
    }


def test_students_who_are_called_as_totals_are(tmp_path: Path) -> None:
    rows = [["Name", "ID", "Mark"], ["Max", "S001", 50], ["Count", "S002", 60], ["Average", None, 55]]
    known, toml = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    assert toml["sheets"][0]["totals"] == ["Average"]
    ((_, layout),) = known.sheets
    assert list(layout.totals) == [4]
    assert [doubt[:5] for doubt in layout.doubts] == ["Row 2", "Row 3"]
    folder = board(tmp_path / "board", known.toml.replace('"Average"', '"Average", "Max"'), {"PS4": rows})
    assert list(understand(folder).sheets[0][1].totals) == [4]


def test_a_student_without_an_identifier_is_no_total(tmp_path: Path) -> None:
    rows = [["ID", "Name", "Mark"], ["1", "Ada", 50], [None, "Amy", "=1+1"], [None, None, "=1+1"]]
    known, toml = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    assert toml["sheets"][0]["totals"] == [4]
    assert any(
        "Row 3 has formulas and text, and no identifier" in doubt for doubt in known.sheets[0][1].doubts
    )
    assert "Amy" not in drawn(known)


def test_a_second_block_under_its_own_header(tmp_path: Path) -> None:
    rows = [["ID", "Essay", "Exam"], ["1", 50, 60], ["PS5"], ["ID", "Exam", "Essay"], ["2", 50, 60]]
    known, toml = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    said = understand(board(tmp_path / "board", known.toml, {"PS4": rows}))
    for one in (known, said):
        ((_, layout),) = one.sheets
        assert any("Row 4 is the header again" in doubt for doubt in layout.doubts)
        assert "50" in drawn(one)
        assert "PS5" in drawn(one)
        assert drawn(one).count("Exam") < 4
    assert toml["sheets"][0]["marks"] == {"Essay": "Essay", "Exam": "Exam"}


def test_a_proposal_that_is_filled_in_is_read(tmp_path: Path) -> None:
    known, _ = proposed(tmp_path / "marks.xlsx", {"PS4021": TYPICAL})
    toml = known.toml.replace('scqf_level = "?"', "scqf_level = 10").replace('"?"', "20")
    folder = board(tmp_path / "board", toml, {"PS4021": TYPICAL})
    cohort = bk.read(folder)
    assert cohort.counts == {"students": 8, "modules": 1, "marks": 16}
    assert not cohort.severities["error"]


def test_a_proposal_is_no_answer(tmp_path: Path) -> None:
    """What no sheet can say is an error until it is filled in."""
    known, _ = proposed(tmp_path / "marks.xlsx", {"PS4021": TYPICAL})
    cohort = bk.read(board(tmp_path / "board", known.toml, {"PS4021": TYPICAL}))
    errors = cohort.polars.problems.filter(cohort.polars.problems["severity"] == "error")
    assert sorted(errors["code"].to_list()) == ["not-a-number"] * 3
    assert set(errors["file"].to_list()) == {"board.toml"}


def test_the_picture_shows_no_names(tmp_path: Path) -> None:
    known, _ = proposed(tmp_path / "marks.xlsx", {"PS4021": TYPICAL})
    text = drawn(known)
    assert "Name 1" not in text
    for seen in ("identifier", "not read", "Student No.", "40012345", "Exam", "of", "Mean", "..."):
        assert seen in text
    assert "40012350" not in text  # in the middle


def test_components_of_a_table_in_the_workbook(tmp_path: Path) -> None:
    sheets = {
        "Sheet1": [["SID", "essay", "Overall", "Remarks"], ["1", 50, 60, 7], ["2", 51, 61, 8]],
        "Components": [["module", "component", "weight"], ["PS4", "Essay", 40], ["PS4", "Overall", 60]],
    }
    known, toml = proposed(tmp_path / "marks.xlsx", sheets)
    assert [layout.sheet for _, layout in known.sheets] == ["Sheet1"]
    assert toml["sheets"][0]["marks"] == {"Essay": "essay", "Overall": "Overall"}


@pytest.mark.parametrize("header", ["Words", "Word count", "Essay word-count", "No. of words"])
def test_a_count_of_words_is_no_piece_of_work(tmp_path: Path, header: str) -> None:
    rows = [["Student No.", "Essay", header], *([str(number), 55, 1980 + number] for number in range(5))]
    _, toml = proposed(tmp_path / "marks.xlsx", {"PS4021": rows})
    assert toml["modules"]["PS4021"]["components"] == {"Essay": "?"}


@pytest.mark.parametrize(
    ("file", "sheet", "module"),
    [
        ("PS4021 marks.xlsx", "Sheet1", "PS4021"),
        ("June_PS4021.xlsx", "Marks list", "PS4021"),
        ("PS4021.xlsx", "PS4022", "PS4022"),
        ("marks.xlsx", "Sheet1", "MODULE"),
    ],
)
def test_a_module_is_named_after_the_file_where_nothing_else_says_it(
    tmp_path: Path, file: str, sheet: str, module: str
) -> None:
    rows = [["Student No.", "Essay"], *([str(number), 55] for number in range(5))]
    known, toml = proposed(tmp_path / file, {sheet: rows})
    assert list(toml["modules"]) == [module]
    taken = any("name of the file" in doubt for _, layout in known.sheets for doubt in layout.doubts)
    assert taken == ("taken from the name of the file" in known.toml) == (module in file and module != sheet)


def test_two_header_rows(tmp_path: Path) -> None:
    rows = [["Title"], [None, "CW", "CW"], ["ID", "Essay", "Quiz"], ["1", 50, 60], ["2", 51, 61]]
    _, toml = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    assert toml["sheets"][0]["header"] == [2, 3]
    assert toml["sheets"][0]["marks"] == {"CW Essay": "CW Essay", "CW Quiz": "CW Quiz"}
    rows = [["ID", "Essay", "Quiz"], [None, 40, 20], ["1", 30, 10], ["2", 31, 11]]
    _, toml = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    assert toml["sheets"][0]["header"] == [1, 2]
    assert toml["sheets"][0]["marks"]["Essay"] == {"mark": "Essay 40", "out_of": 40}


@pytest.mark.parametrize("label", ["Out of", "Max mark:", "Maximum"])
@pytest.mark.parametrize("front", [[], [None]], ids=["under-id", "under-name"])
def test_a_row_of_points_is_proposed_as_points(tmp_path: Path, label: str, front: list[None]) -> None:
    rows = [["ID", "Name"], [label], ["S1", "A"], ["S2", "B"]]
    if front:
        rows = [["Name", "ID"], [label, None], ["A", "S1"], ["B", "S2"]]
    rows[1] += [None] * (2 - len(rows[1]))
    work = [["Essay", "Exam"], [50, 100], [25, 60], [30, 65]]
    rows = [row + more for row, more in zip(rows, work, strict=True)]
    known, toml = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    assert toml["sheets"][0]["marks"] == {
        "Essay": {"mark": "Essay", "out_of": 50},
        "Exam": {"mark": "Exam", "out_of": 100},
    }
    assert toml["sheets"][0]["totals"] == [label]
    ((_, layout),) = known.sheets
    assert [doubt for doubt in layout.doubts if doubt.startswith("Row 2 says out of how many points")]
    filled = known.toml.replace('scqf_level = "?"', "scqf_level = 10").replace('"?"', "20")
    cohort = bk.read(board(tmp_path / "board", filled, {"PS4": rows}))
    assert cohort._named("marks")["mark"].to_list() == [5000, 6000, 6000, 6500]


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("Resit", "a component of attempt 1"),
        ("Exam re-sit", "a component of attempt 1"),
        ("Reassessment", "a component of attempt 1"),
        ("2nd attempt", "no mark"),
        ("Attempt_2", "no mark"),
        ("Exam (second time)", "a component of attempt 1"),
    ],
)
def test_a_column_that_may_hold_a_later_attempt(tmp_path: Path, header: str, taken: str) -> None:
    rows = [["ID", "Exam", header], ["1", 50, None], ["2", 31, 45]]
    known, _ = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    ((_, layout),) = known.sheets
    (doubt,) = layout.doubts
    assert doubt.startswith(f'Column C, "{header}", is proposed as {taken}, and may hold a later attempt.')
    toml = f"""
modules.PS4 = {{ scqf_level = 10, credits = 20, components = {{ Exam = 100 }} }}
[[sheets]]
file = "marks.xlsx"
module = "PS4"
id = "ID"
marks.Exam = "Exam"
[[sheets]]
file = "marks.xlsx"
module = "PS4"
attempt = 2
blank = "not-taken"
id = "ID"
marks.Exam = "{header}"
"""
    cohort = bk.read(board(tmp_path / "board", toml, {"PS4": rows}))
    assert cohort._named("marks").select("student_id", "attempt", "mark").rows() == [
        ("1", 1, 5000),
        ("2", 1, 3100),
        ("2", 2, 4500),
    ]


@pytest.mark.parametrize("header", ["Reset", "Presit", "Exam 2", "Final exam", "Retail essay"])
def test_a_column_of_no_later_attempt(tmp_path: Path, header: str) -> None:
    known, _ = proposed(tmp_path / "marks.xlsx", {"PS4": [["ID", header], ["1", 50], ["2", 31]]})
    assert known.sheets[0][1].doubts == ()


def test_a_sheet_that_may_hold_a_later_attempt(tmp_path: Path) -> None:
    sheets = {name: [["ID", "Exam"], ["1", 50]] for name in ("PS4", "PS4_resit")}
    known, _ = proposed(tmp_path / "marks.xlsx", sheets)
    first, second = (layout.doubts for _, layout in known.sheets)
    assert first == ()
    assert second == ('The sheet\'s name, "PS4_resit", may say a later attempt. If so, correct attempt = 1.',)


def test_a_total_that_is_the_sum_of_the_others(tmp_path: Path) -> None:
    rows = [
        ["ID", "Q1 (60 marks)", "Q2 (40 marks)", "Total (100 marks)"],
        ["1", 50, 30, 80],
        ["2", 51, 31, 82],
    ]
    _, toml = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    assert toml["sheets"][0]["marks"] == {
        "Total": {"mark": "Total (100 marks)", "out_of": 100, "sum_of": "columns B:C"}
    }


def test_headers_that_stand_twice_are_named_by_their_letters(tmp_path: Path) -> None:
    rows = [["ID", "Mark", "Mark"], ["1", 50, 60], ["2", 51, 61]]
    _, toml = proposed(tmp_path / "marks.xlsx", {"PS4": rows})
    assert toml["sheets"][0]["marks"] == {"Mark B": "column B", "Mark C": "column C"}


def test_what_is_no_marksheet(tmp_path: Path) -> None:
    known, toml = proposed(tmp_path / "notes.xlsx", {"Notes": [["ring the external"], ["and the printer"]]})
    assert [layout.doubts for _, layout in known.sheets] == [
        ("No row looks like a header. Say which, under header.",)
    ]
    assert "sheets" not in toml
    sheets = {"Students": [["student_id", "award"], ["1", "honours"]]}
    with pytest.raises(bk.BoardkitError, match="no sheet of it is a marksheet"):
        understand(workbook(tmp_path / "tables.xlsx", sheets))


def test_a_board_folder_is_shown_as_board_toml_says(tmp_path: Path) -> None:
    toml = """
modules.PS4 = { scqf_level = 10, credits = 20, components = { Exam = 100 } }
[[sheets]]
file = "marks.xlsx"
module = "PS4"
header = 3
totals = ["Mean", 13]
id = "Student No."
marks.Exam = { mark = "Exam /40", out_of = 40 }
"""
    folder = board(tmp_path / "board", toml, {"PS4021": TYPICAL})
    known = understand(folder)
    assert known.given
    assert known.toml == toml
    ((_, layout),) = known.sheets
    assert [(column.use, column.component) for column in layout.columns] == [
        ("id", ""),
        ("", ""),
        ("", ""),
        ("mark", "PS4 Exam"),
        ("", ""),
    ]
    assert list(layout.totals) == [12, 13]
    assert "PS4 Exam" in drawn(known)
    (folder / "board.toml").write_text(toml.replace("Exam /40", "Exam"), "utf-8")
    with pytest.raises(bk.BoardkitError, match='no header of the sheet is "Exam"'):
        understand(folder)


@given(st.text(min_size=1))
def test_every_text_can_be_written_as_toml(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}
    if text:
        assert tomllib.loads(f"{key(text)} = 1") == {text: 1}


DOCS = Path(__file__).parents[2] / "docs" / "marksheets.md"


def test_the_board_toml_of_the_documentation_is_read(tmp_path: Path) -> None:
    text = DOCS.read_text("utf-8")
    toml = re.search(r"```toml\n(.*?)```", text, re.DOTALL)[1]
    assert len(toml.splitlines()) < 30
    folder = board(tmp_path / "board", toml, students="student_id,award\n00000042,honours\n")
    rows = [
        ["Minds"],
        [],
        ["Student No.", "Essay", None, None, "Exam"],
        [None, "Mark", "Words", "Handed in", None],
        [42, 30, 1900, "2022-11-03", "ABS"],
        ["Mean", 30],
    ]

    def shape(book: Workbook) -> None:
        book["June"].merge_cells("B3:D3")

    workbook(folder / "PS4021 marks.xlsx", {"June": rows}, shape)
    cohort = bk.read(folder)
    assert not cohort.severities["error"]
    assert cohort._named("marks").select("student_id", "mark", "words", "state").rows() == [
        ("00000042", 7500, 1900, None),
        ("00000042", None, None, "absent"),
    ]


def test_every_key_of_a_sheet_is_documented() -> None:
    text = DOCS.read_text("utf-8")
    for name in (*Marksheet.model_fields, *WORK):
        assert f"`{name}" in text, name
