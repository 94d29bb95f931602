"""Every problem has an input that has it, in its cell, and no other; and every message can be read."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import boardkit as bk
from boardkit.codes import CODES
from boardkit.problems import found
from tests.check import boards
from tests.check.boards import SOUND, USUAL, Fault, Percent, Sheets
from tests.check.faults import BOARD, CELLS
from tests.misconduct.cases import with_tariff
from tests.read import marksheets
from tests.regulations.crafted import CASES

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

ELSEWHERE = {
    "not-checked": "test_an_ods_says_what_cannot_be_checked",
    "encoding-assumed": "test_text_that_is_not_utf_8",
    "parameter-overridden": "test_a_parameter_set_over_the_board_table",
    "row-length": "test_a_row_longer_than_its_header",
    "guard-left-out": "test_text_that_was_guarded_in_a_file_of_text",
    "assumed": "test_a_dataset_with_assumptions",
    "misconduct-not-applied": "test_what_a_tariff_finds",
    "misconduct-not-stated": "test_what_a_tariff_finds",
    **dict.fromkeys((told.split()[0] for told in USUAL), "test_the_sound_board_is_sound"),
    **dict.fromkeys(
        (
            "attempts-counted",
            "blank-not-taken",
            "column-not-used",
            "header-again",
            "id-zeros-restored",
            "marks-out-of",
            "not-a-student",
            "part-blank",
            "row-left-out",
            "student-as-totals",
            "total-differs",
        ),
        "test_a_marksheet",
    ),
    **dict.fromkeys(
        (
            "attempts-on-one-decision",
            "condoned-against-rule",
            "condonement-floor-unknown",
            "condonement-last-attempt",
            "condonement-size",
            "entry-level-elsewhere",
            "entry-not-tested",
            "entry-short",
            "learning-contract",
            "misconduct-confirmed",
            "misconduct-doubtful",
            "misconduct-overruled",
            "misconduct-twice",
            "no-rule-stated",
            "option-lost",
            "mark-beside-claim",
            "parameter-unknown",
            "prior-learning",
            "prior-learning-small",
            "reassessment-beyond-shares",
            "reassessment-over-year",
            "reassessment-share-of-a-part",
            "reassessment-shares-disagree",
            "scaling-unruled",
            "stage-not-stated",
        ),
        "test_what_the_rule_cases_find",
    ),
}
"""Codes that a workbook cannot have, and the test below that has each."""


def said(row: dict[str, str]) -> None:
    """A message says what is wrong and what to do, in the words of an exam board."""
    message = row["message"]
    assert message
    assert re.match(r"[A-Z0-9\"#-]|[\w.]+: ", message), message
    assert message.endswith(".")
    assert row["code"] == "not-a-mark" or message.endswith(" " + CODES[row["code"]].action), message
    assert not re.search(r"\bNone\b|\bnull\b|\bNaN\b|polars|Traceback|Exception|dtype|\n|\t", message), (
        message
    )
    assert len(message) < 400


def name(fault: Fault) -> str:
    return f"{fault.code} {next(iter(fault.at), '')}".strip()


def test_the_sound_board_is_sound(tmp_path: Path) -> None:
    assert boards.problems(boards.write(SOUND, tmp_path / "board.xlsx")) == []
    assert boards.problems(boards.write_csv(SOUND, tmp_path / "board")) == []
    usual = boards.every(tmp_path / "board.xlsx")
    assert boards.places(usual) == list(USUAL)
    for row in usual:
        said(row)


@pytest.mark.parametrize("fault", CELLS, ids=name)
def test_what_reading_finds(fault: Fault, tmp_path: Path) -> None:
    path = boards.write(boards.spoil(fault), tmp_path / "board.xlsx", fault.shape)
    problems = bk.read(path).polars.problems.rows(named=True)
    assert boards.places(problems) == fault.expected
    for row in problems:
        said(row)


@pytest.mark.parametrize("fault", BOARD, ids=name)
def test_what_the_regulations_find(fault: Fault, tmp_path: Path) -> None:
    path = boards.write(boards.spoil(fault), tmp_path / "board.xlsx", fault.shape)
    problems = boards.problems(path)
    assert boards.places(problems) == fault.expected
    for row in problems:
        said(row)


def test_an_ods_says_what_cannot_be_checked(tmp_path: Path) -> None:
    problems = boards.problems(boards.write_ods(SOUND, tmp_path / "board.ods"))
    assert boards.places(problems) == ["not-checked board.ods!"] * 2
    for row in problems:
        said(row)


def test_text_that_is_not_utf_8(tmp_path: Path) -> None:
    folder = boards.write_csv(SOUND, tmp_path / "board")
    file = folder / "students.csv"
    file.write_bytes(file.read_text("utf-8").replace("Bea", "Zoë").encode("cp1252"))
    cohort = bk.read(folder)
    assert boards.places(cohort.polars.problems.rows(named=True)) == ["encoding-assumed students.csv!"]
    assert cohort.polars.students["name"].to_list() == ["Ada", "Zoë", "Cyd"]
    said(cohort.polars.problems.row(0, named=True))


def test_a_row_longer_than_its_header(tmp_path: Path) -> None:
    folder = boards.write_csv(SOUND, tmp_path / "board")
    with (folder / "marks.csv").open("a", encoding="utf-8") as file:
        file.write("00000003,PS3,Exam,2,61,5,,,,,,,,,,one too many\n")
    problems = boards.problems(folder)
    assert boards.places(problems) == ["row-length marks.csv!A10"]
    said(problems[0])


def test_text_that_was_guarded_in_a_file_of_text(tmp_path: Path) -> None:
    folder = boards.write_csv(SOUND, tmp_path / "board")
    file = folder / "students.csv"
    file.write_text(file.read_text("utf-8").replace("Bea", "'=Bea"), "utf-8")
    cohort = bk.read(folder)
    (problem,) = cohort.polars.problems.rows(named=True)
    assert (problem["code"], problem["cell"][1:]) == ("guard-left-out", "3")
    assert cohort.polars.students["name"].to_list() == ["Ada", "=Bea", "Cyd"]
    said(problem)


def test_a_parameter_set_over_the_board_table() -> None:
    stated = {"parameter.pass_mark": "50", "parameter.component_floor": "40", "parameter.late_hours": "24"}
    tables = {
        "board": {"key": list(stated), "value": list(stated.values())},
        "modules": {"module": ["A"], "scqf_level": ["11"], "credits": ["20"]},
        "components": {"module": ["A"], "component": ["Essay"], "weight": ["100"]},
        "marks": {"student_id": ["S1"], "module": ["A"], "component": ["Essay"], "mark": ["60"]},
    }
    cohort = bk.read({name: pl.DataFrame(columns) for name, columns in tables.items()})
    problems = bk.assess(cohort, "imperial-2024", parameters={"pass_mark": 40}).polars.problems
    (row,) = problems.filter(pl.col("code") == "parameter-overridden").rows(named=True)
    said(row)


def test_a_dataset_with_assumptions(tmp_path: Path) -> None:
    files = {
        "courses": "code_module,code_presentation,module_presentation_length\nAAA,2013J,268\n",
        "assessments": "code_module,code_presentation,id_assessment,assessment_type,date,weight\nAAA,2013J,1,TMA,19,100\n",
        "studentInfo": "code_module,code_presentation,id_student\nAAA,2013J,7\n",
        "studentRegistration": "code_module,code_presentation,id_student,date_unregistration\nAAA,2013J,7,?\n",
        "studentAssessment": "id_assessment,id_student,date_submitted,is_banked,score\n1,7,18,0,78\n",
    }
    for file, text in files.items():
        (tmp_path / f"{file}.csv").write_text(text, "utf-8")
    problems = boards.problems(tmp_path)
    assert boards.places(problems) == ["assumed courses.csv!", "assumed studentInfo.csv!", "table-absent !"]
    for row in problems:
        said(row)


def test_a_marksheet(tmp_path: Path) -> None:
    toml = """
modules.PS4 = { scqf_level = 9, credits = 20, components = { Essay = 40, Exam = 60 } }
[[sheets]]
file = "marks.xlsx"
module = "PS4"
attempt = "next"
header = 2
digits = 8
blank = "not-taken"
totals = ["Max"]
id = "ID"
marks = { Essay = { mark = "Essay", out_of = 50 }, Exam = { mark = "Exam", sum_of = ["A", "B"] } }
"""
    header = ["ID", "Essay", "Exam", "A", "B", "Rank"]
    rows = [[7, 30, 61, 30, 31, 1], ["00000008", None, 61, 30, 30], ["Mean", 30]]
    header, rows = ["Name", *header], [[None, *row] for row in rows]
    rows += [["Max", "00000009", 30, 60, None, 60], header]
    folder = marksheets.board(tmp_path / "board", toml, {"PS4": [["June"], header, *rows]})
    problems = [row for row in boards.problems(folder, "undergraduate") if row["code"] != "table-absent"]
    assert boards.places(problems) == [
        "attempts-counted PS4!",
        "blank-not-taken PS4!C2",
        "column-not-used PS4!A2",
        "column-not-used PS4!G2",
        "header-again PS4!B7",
        "id-zeros-restored PS4!B3",
        "mark-missing PS4!D4",
        "marks-out-of PS4!C2",
        "not-a-student PS4!B5",
        "part-blank PS4!E6",
        "row-left-out PS4!A1",
        "student-as-totals PS4!B6",
        "total-differs PS4!D4",
    ]
    for row in problems:
        said(row)


def test_no_code_is_without_an_input() -> None:
    planted = {fault.code for fault in (*CELLS, *BOARD)}
    assert planted.isdisjoint(ELSEWHERE)
    assert planted | set(ELSEWHERE) == set(CODES)
    assert set(ELSEWHERE.values()) <= set(globals())


def test_what_a_tariff_finds(tmp_path: Path) -> None:
    fault = Fault(
        "misconduct-not-stated",
        more={"Misconduct": [["student_id", "offence", "penalty"], ["00000003", "plagiarism", None]]},
    )
    path = boards.write(boards.spoil(fault), tmp_path / "board.xlsx")
    pack = with_tariff()
    assert boards.places(boards.problems(path, regulations=pack)) == ["misconduct-not-stated Misconduct!B2"]
    nothing = replace(pack, rules=pack.rules.model_copy(update={"misconduct": None}))
    found = boards.problems(path, regulations=nothing)
    assert boards.places(found) == ["misconduct-not-applied Misconduct!B2"]
    for row in [*found, *boards.problems(path, regulations=pack)]:
        said(row)


def test_what_the_rule_cases_find() -> None:
    """The rest is found in the tables of tests/cases, each of which says whose it is."""
    read = [tomllib.loads(path.read_text("utf-8")) for path in sorted(CASES.rglob("*.toml"))]
    found = {
        code for cases in read for case in cases["case"] for code, who in case.get("found", {}).items() if who
    }
    assert found >= {code for code, test in ELSEWHERE.items() if test == "test_what_the_rule_cases_find"}


def test_every_code_says_what_it_means_and_what_to_do() -> None:
    for code, told in CODES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        for sentence in (told.meaning, told.action):
            assert re.fullmatch(r"[A-Z][^\n]*\.", sentence)


def test_an_unregistered_code_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        found("nonsense", pl.DataFrame({"_src": [0], "_row": [1]}), message="No.")


STUDENTS = 24


def large() -> Sheets:
    """A sound board of many students, each on two modules with three marks."""
    ids = [f"{number:08}" for number in range(1, STUDENTS + 1)]
    return {
        **SOUND,
        "Students": [
            SOUND["Students"][0],
            *(
                [student, f"Student {student}", "honours", "4", "1", dt.date(2019, 9, 2), 360, "N"]
                for student in ids
            ),
        ],
        "Enrolments": [
            SOUND["Enrolments"][0],
            *([student, module, "core", None, None] for student in ids for module in ("PS3", "PS4")),
        ],
        "Marks": [
            SOUND["Marks"][0],
            *(
                [student, module, component, 1, 55, *[None] * 8]
                for student in ids
                for module, component in (("PS3", "Exam"), ("PS4", "Essay"), ("PS4", "Exam"))
            ),
        ],
        "Results": [
            ["student_id", "module", "scqf_level", "credits", "mark", "outcome", "attempt"],
            *([student, "PS1", 7, 20, 55, "pass", 1] for student in ids),
        ],
        "Circumstances": [
            ["student_id", "module", "component", "attempt", "accepted", "effect"],
            ["00000020", "PS3", "Exam", 1, "Y", "deferred"],
        ],
    }


PLANTED: dict[str, tuple[Any, str]] = {
    "Marks!E2": ("6O", "not-a-mark"),
    "Marks!E3": ("#N/A", "cell-error"),
    "Marks!E4": (107, "mark-out-of-range"),
    "Marks!E5": (-3, "mark-out-of-range"),
    "Marks!E6": (dt.date(2023, 5, 12), "mark-as-date"),
    "Marks!E7": ("55,5", "comma-decimal"),
    "Marks!E8": ("55.5", "number-as-text"),
    "Marks!E9": (Percent(0.555), "mark-as-percent"),
    "Marks!E10": (55.555, "mark-rounded"),
    "Marks!E11": ("=50+5", "formula-without-value"),
    "Marks!E12": (None, "mark-missing"),
    "Marks!J13": ("absent", "state-contradiction Marks!E13"),
    "Marks!L14": (61, "markers-differ Marks!M14"),
    "Marks!L15": ("x", "not-a-mark"),
    "Marks!M16": ("1e400", "not-a-mark"),
    "Marks!G17": ("31/02/2023", "not-a-date"),
    "Marks!G18": ("2022-11-04T15:00:00Z", "date-offset"),
    "Marks!H19": ("04/11/2022 16:00", "date-day-first"),
    "Marks!I20": (-1, "number-out-of-range"),
    "Marks!I21": ("many", "not-a-number"),
    "Marks!J22": ("ill", "not-allowed"),
    "Marks!D23": (0, "number-out-of-range"),
    "Marks!A24": ("00000008\u200b", "invisible-characters"),
    "Marks!A29": (1234567.5, "id-scientific"),
    "Marks!C33": ("Viva", "component-unknown"),
    "Marks!J47": ("deferred", "mark-set-aside Marks!E47"),
    "Marks!N1": ("room", "column-unknown"),
    "Marks!O50": ("see me", "column-unnamed Marks!O1"),
    "Students!C14": ("bachelor", "not-allowed"),
    "Students!C15": (None, "required-blank"),
    "Students!H16": ("perhaps", "not-yes-no"),
    "Students!F17": ("soon", "not-a-date"),
    "Students!G18": ("lots", "not-a-number"),
    "Enrolments!D45": (0.12345678, "number-rounded"),
    "Enrolments!E42": ("Q", "not-yes-no"),
    "Results!F20": (None, "outcome-not-stated"),
    "Results!E21": ("AB", "not-a-mark"),
    "Results!C22": (13, "number-out-of-range"),
    "Board!A5": ("colour", "board-fact-unknown"),
    "Board!B5": ("blue", ""),
    "Board!B3": (dt.date(2024, 6, 14), "out-of-session"),
    "Components!C3": (41, "weights-sum"),
    "Notes!A1": ("a note", "table-unknown Notes!"),
}
"""What stands in which cell, and the code to be found there, or elsewhere."""


def test_forty_faults_in_one_workbook_and_no_more(tmp_path: Path) -> None:
    fault = Fault(
        "",
        at={place: value for place, (value, _) in PLANTED.items()},
        more={
            "Notes": [],
            "Marks": [
                ["00000022", "PS3", "Exam", 1, 60],
                ["00000023", "PS3", "Exam", 1, 55, *[None] * 8],
                ["99999999", "PS3", "Exam", 1, 55],
            ],
        },
    )
    expected = [code if "!" in code else f"{code} {place}" for place, (_, code) in PLANTED.items() if code]
    expected += ["rows-differ Marks!A65", "rows-differ Marks!A74", "row-twice Marks!A75"]
    expected += ["student-unknown Marks!A76", "mark-set-aside Marks!E59", "hidden-cells Marks!A40"]
    # An attempt, a student and a component that cannot be read: so much is missing from their modules.
    expected += [f"mark-missing Enrolments!B{row}" for row in (16, 20, 23)]

    def shape(book: Workbook) -> None:
        book["Marks"].row_dimensions[40].hidden = True

    path = boards.write(boards.spoil(fault, large()), tmp_path / "board.xlsx", shape)
    problems = boards.problems(path)
    assert boards.places(problems) == sorted(expected)
    assert len(expected) > 40
    for row in problems:
        said(row)
