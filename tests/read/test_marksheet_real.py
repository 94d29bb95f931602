"""Marksheets of real courses go from the files as they are to outcomes, with a short board.toml."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest

import boardkit as bk

if TYPE_CHECKING:
    from boardkit.cohort import Cohort

DATA = Path(os.environ.get("BOARDKIT_TEST_DATA", ""))
pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("BOARDKIT_TEST_DATA"),
        reason="BOARDKIT_TEST_DATA does not name the folder with the test files",
    ),
    pytest.mark.filterwarnings("ignore:Unknown extension"),
]
FEWER_LINES_THAN = 30

ELECTRONICS = """
[board]
title = "Digital Electronics"
diet = "main"

[modules.DE1]
title = "Digital Electronics"
scqf_level = 8
credits = 20
components = { "Session 2" = 6, "Session 3" = 4, "Session 4" = 5, "Session 5" = 4, "Session 6" = 4, Exam = 77 }

[[sheets]]
file = "intermediate_grades.xlsx"
module = "DE1"
id = "Student Id"
id_as_number = true
marks."Session 2" = { mark = "Session 2", out_of = 6 }
marks."Session 3" = { mark = "Session 3", out_of = 4 }
marks."Session 4" = { mark = "Session 4", out_of = 5 }
marks."Session 5" = { mark = "Session 5", out_of = 4 }
marks."Session 6" = { mark = "Session 6", out_of = 4 }

[[sheets]]
file = "final_grades.xlsx"
sheet = ["Exam (First time)", "Exam (Second time)"]
module = "DE1"
attempt = "next"
id = "Student ID"
id_as_number = true
marks.Exam = { mark = "TOTAL (100 points)", sum_of = "columns B:Q", out_of = "header" }
"""
TEMPLATE = """
[modules.M1]
scqf_level = 8
credits = 20
components = { Mark = 100 }

[[sheets]]
file = "module_marks_template.xlsx"
module = "M1"
id = "ID"
id_as_number = true
marks.Mark = "Mark"
"""
POINTS = {"Session 2": 6, "Session 3": 4, "Session 4": 5, "Session 5": 4, "Session 6": 4}


def folder(tmp_path: Path, toml: str, *files: str) -> Path:
    assert len(toml.strip().splitlines()) < FEWER_LINES_THAN
    here = tmp_path / "board"
    here.mkdir()
    (here / "board.toml").write_text(toml, "utf-8")
    for file in files:
        shutil.copyfile(DATA / file, here / Path(file).name)
    return here


def electronics(tmp_path: Path, toml: str = ELECTRONICS) -> Path:
    return folder(tmp_path, toml, "epm/intermediate_grades.xlsx", "epm/final_grades.xlsx")


def run(source: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from boardkit.cli import main; main()", "run", str(source)]
    return subprocess.run(
        [*command, "--regulations", "qmu-2022", "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )


def marks(cohort: Cohort) -> dict[tuple[str, str, int], int]:
    rows = cohort._named("marks").select("student_id", "component", "attempt", "mark").rows()
    return {(student, component, attempt): mark for student, component, attempt, mark in rows}


def half_up(points: float, most: int) -> int:
    """The percentage in hundredths; these points have at most two places."""
    return (round(points * 100) * 10_000 * 2 + most * 100) // (most * 200)


def test_every_mark_of_two_sittings_arrives(tmp_path: Path) -> None:
    expected = {}
    lab = openpyxl.load_workbook(DATA / "epm/intermediate_grades.xlsx", data_only=True).worksheets[0]
    for student, *values in lab.iter_rows(min_row=2, max_col=6, values_only=True):
        for (component, most), points in zip(POINTS.items(), values, strict=True):
            expected[str(student), component, 1] = half_up(points, most)
    seen = set()
    for sheet in openpyxl.load_workbook(DATA / "epm/final_grades.xlsx", data_only=True):
        for student, *questions, _ in sheet.iter_rows(min_row=2, values_only=True):
            attempt = 2 if student in seen else 1
            seen.add(student)
            expected[str(student), "Exam", attempt] = half_up(sum(questions), 100)
    assert len(expected) == 115 * 5 + 52 + 62
    assert marks(bk.read(electronics(tmp_path))) == expected


def test_the_two_sittings_go_through(tmp_path: Path) -> None:
    ran = run(electronics(tmp_path), tmp_path / "out")
    assert ran.returncode == 1, ran.stderr
    assert "115 students, 1 module, 689 marks" in ran.stdout
    problems = pl.read_csv(tmp_path / "out" / "problems.csv", infer_schema=False)
    counts = dict(problems["code"].value_counts().iter_rows())
    assert counts == {
        "mark-missing": 22,  # in no sitting of the exam
        "mark-after-pass": 10,
        "floor-not-reassessed": 20,
        "attempts-counted": 2,
        "marks-out-of": 5,
        "mark-rounded": counts["mark-rounded"],
        "table-absent": 2,
    }
    after_pass = problems.filter(pl.col("code") == "mark-after-pass")
    assert set(after_pass["sheet"]) == {"Exam (Second time)"}
    assert after_pass["cell"].str.contains("^R[0-9]+$").all()
    modules = pl.read_csv(tmp_path / "out" / "modules.csv", infer_schema=False)
    assert modules.height == 115
    assert modules.filter(pl.col("outcome") == "incomplete").height == 22


def test_a_total_that_was_not_calculated_anew(tmp_path: Path) -> None:
    here = electronics(tmp_path)
    book = openpyxl.load_workbook(here / "final_grades.xlsx", data_only=True)
    sheet = book.worksheets[1]
    sheet["R5"] = 68.5  # was 38.5
    book.save(here / "final_grades.xlsx")
    problems = bk.read(here).polars.problems.filter(pl.col("code") == "total-differs")
    assert problems.select("severity", "sheet", "cell", "value").rows() == [
        ("error", "Exam (Second time)", "R5", "68.5")
    ]
    board = bk.assess(bk.read(here), "qmu-2022").polars
    assert board.modules.filter(pl.col("student_id") == "5")["outcome"].to_list() == ["incomplete"]


def test_headers_with_points_are_not_taken_for_percentages(tmp_path: Path) -> None:
    toml = ELECTRONICS.replace(
        'marks.Exam = { mark = "TOTAL (100 points)", sum_of = "columns B:Q", out_of = "header" }',
        'marks.Exam = "ES 6.1 (25 points)"',
    )
    with pytest.raises(bk.BoardkitError, match=r"out of 25\. Give out_of = 25, or out_of = 100"):
        bk.read(electronics(tmp_path, toml))


def test_a_university_s_template_goes_through(tmp_path: Path) -> None:
    here = folder(tmp_path, TEMPLATE, "exports/module_marks_template.xlsx")
    ran = run(here, tmp_path / "out")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    modules = pl.read_csv(tmp_path / "out" / "modules.csv", infer_schema=False)
    sheet = openpyxl.load_workbook(DATA / "exports/module_marks_template.xlsx").worksheets[0]
    expected = {
        str(student): f"{mark}.0" for student, mark, _ in sheet.iter_rows(min_row=2, values_only=True)
    }
    assert dict(modules.select("student_id", "mark").iter_rows()) == expected
    problems = bk.read(here).polars.problems
    assert problems.filter(pl.col("cell").is_not_null()).select("code", "cell").rows() == [
        ("column-not-used", "C1")
    ]


def test_an_explanation_names_the_cells_of_the_wide_sheets(tmp_path: Path) -> None:
    page = str(bk.assess(bk.read(electronics(tmp_path)), "qmu-2022").explain("7"))
    for place in ("Exam (First time)!R4", "Exam (Second time)!R6", "Intermediate grades!B8"):
        assert place in page
