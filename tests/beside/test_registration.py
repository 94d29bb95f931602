"""Registration beyond the rule cases: programmes' own periods, what is not tested, sessions further ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import PackError

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult

OVERLAY = """
base = "qmu-2022"

[[programmes]]
programme = "MSc Dietetics"
reference = "Programme Specification 2022, 3"
registration = "professional"

[[programmes]]
programme = "MSc Physiotherapy"
reference = "Programme Specification 2021, 5"
registration = "professional-dissertation"
"""

NOT_TESTED = (
    "Registration was not tested in full: 3 students with no registered_from (Registration 4.1); "
    "1 student with no planned_years (Registration 4.1); "
    "without an enrolments table, the credit of the year is not known (Registration 5.1). "
    "Give it, if it is to be tested."
)


def board(pack: Path | str = "qmu-2022", **students: list[str]) -> BoardResult:
    tables = {
        "board": {"key": ["board_date"], "value": ["2023-06-15"]},
        "students": students,
        "modules": {"module": ["A"], "scqf_level": ["11"], "credits": ["20"]},
        "marks": {"student_id": ["S1"], "module": ["A"], "component": ["Work"], "mark": ["60"]},
    }
    return bk.assess(bk.read({name: pl.DataFrame(columns) for name, columns in tables.items()}), pack)


def overlay(folder: Path, text: str = OVERLAY) -> Path:
    file = folder / "programmes.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_programme_chooses_the_periods_that_are_suggested(tmp_path: Path) -> None:
    made = board(
        overlay(tmp_path),
        student_id=["S1", "S2", "S3", "S4"],
        award=["masters", "masters", "masters", "pgcert"],
        programme=["MSc Dietetics", "MSc Physiotherapy", "MSc History", "MSc Dietetics"],
        registered_from=["2020-09-01"] * 4,
    ).table("registration")
    assert made.select("student_id", pl.col("until").cast(pl.String), "clause").rows() == [
        ("S1", "2025-08-31", "Registration 4.2, Programme Specification 2022, 3"),
        ("S2", "2022-02-28", "Registration 4.2, Programme Specification 2021, 5, Registration 4.3"),
        ("S3", "2024-08-31", "Registration 4.2"),
        ("S4", "2022-08-31", "Registration 4.2, Registration 4.3"),
    ]


def test_periods_that_are_not_suggested_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError) as refused:
        bk.pack(overlay(tmp_path, OVERLAY.replace('"professional"', '"profesional"')))
    assert str(refused.value) == (
        'programmes.toml, programmes[1].registration: "profesional" is not suggested. '
        "Those under registration.suggested: professional, professional-dissertation."
    )


def test_all_that_is_not_tested_is_one_note() -> None:
    made = board(
        student_id=["S1", "S2", "S3", "S4", "S5"],
        award=["honours", "honours", "honours", "masters", "none"],
        mode=["full-time"] * 5,
        registered_from=["", "2020-09-01", "2023-06-16", "", ""],
        planned_years=["4", "", "4", "", ""],
    )
    told = made.polars.problems.filter(pl.col("code").str.starts_with("regist"))
    assert told.select("severity", "code", "cell").rows() == [
        ("warning", "registered-after-board", "row 3"),
        ("note", "registration-not-tested", None),
    ]
    assert told["message"].to_list() == [
        "S3: registered from a day after the board's, 2023-06-15; not tested. Correct the date.",
        NOT_TESTED,
    ]
    assert made.table("registration")["what"].to_list() == ["associate-modules"]


def test_a_board_with_all_it_takes_has_no_note() -> None:
    sample = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
    codes = set(sample.polars.problems["code"])
    assert codes.isdisjoint({"registration-not-tested", "no-closure-days", "registered-after-board"})


def test_without_students_nobody_is_looked_at() -> None:
    marks = {"student_id": ["S1"], "module": ["A"], "component": ["Work"], "mark": ["60"]}
    made = bk.assess(bk.read({"marks": pl.DataFrame(marks)}), "qmu-2022", study="undergraduate")
    assert made.table("registration").is_empty()
    assert "registration-not-tested" not in set(made.polars.problems["code"])


def test_no_name_and_no_mark_is_said() -> None:
    made = board(student_id=["S1"], name=["Ada Lovelace"], award=["honours"], registered_from=["2030-01-01"])
    assert not any("Ada" in message for message in made.polars.problems["message"])
