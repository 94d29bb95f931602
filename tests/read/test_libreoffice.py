"""Workbooks that another office suite has saved: the same tables, or a problem that says what was lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.demo import demo, write_workbook
from tests.check import boards, test_codes
from tests.read import test_marksheet_faults as marksheet

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.cohort import Cohort

CALCULATED = {"formula-without-value"}
"""What saving in an office suite mends: it calculates."""


def converted(path: Path, folder: Path, ending: str = "xlsx") -> Path:
    """Save a workbook in LibreOffice."""
    if shutil.which("soffice") is None:
        assert not os.environ.get("CI"), "soffice is missing: install libreoffice-calc"
        pytest.skip("soffice is missing")
    folder.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", ending, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{ending}"


def told(cohort: Cohort) -> set[tuple[str, str, str]]:
    problems = cohort.polars.problems.with_columns(pl.col("sheet", "cell").fill_null(""))
    return set(problems.select("code", "sheet", "cell").rows())


def differences(before: Cohort, after: Cohort) -> set[tuple[str, int]]:
    """The rows, by table and number, in which two cohorts differ."""
    assert before.given == after.given
    found = set()
    for name in before.given:
        first, second = before._named(name), after._named(name)
        for one, other in ((first, second), (second, first)):
            gone = one.join(other, on=one.columns, how="anti", nulls_equal=True)
            found |= {(name, row) for row in gone["_row"].to_list()}
    return found


def test_a_marksheet_with_forty_faults(tmp_path: Path) -> None:
    folder = marksheet.write(tmp_path / "board")
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    shutil.copy(converted(folder / "marks.xlsx", tmp_path / "out"), again / "marks.xlsx")
    before, after = bk.read(folder), bk.read(again)
    assert {code for code, _, _ in told(before) - told(after)} == CALCULATED
    assert told(after) <= told(before)
    assert differences(before, after) == {("marks", 13)}
    assert ("formula-without-value", "PS4 marks", "C13") in told(before)


def test_tables_with_forty_faults(tmp_path: Path) -> None:
    sheets = boards.spoil(
        boards.Fault(
            "", at={place: value for place, (value, _) in test_codes.PLANTED.items()}, more={"Notes": []}
        ),
        test_codes.large(),
    )
    path = boards.write(sheets, tmp_path / "board.xlsx")
    before, after = bk.read(path), bk.read(converted(path, tmp_path / "out"))
    assert {code for code, _, _ in told(before) - told(after)} == CALCULATED
    assert told(after) <= told(before)
    assert differences(before, after) == {("marks", 11)}


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_a_sound_board_stays_the_same(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "board.xlsx"
    write_workbook(demo(12), path)
    before, after = bk.read(path), bk.read(converted(path, tmp_path / "out", ending))
    assert not differences(before, after)
    lost = {code for code, _, _ in told(after) - told(before)}
    assert lost == (set() if ending == "xlsx" else {"not-checked"})
