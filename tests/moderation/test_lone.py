"""A marksheet alone can be sampled, by the names of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

GIVEN = (
    "--regulations",
    "qmu-2022",
    "--module",
    "PS4021",
    "--component",
    "Essay /100",
    "--student",
    "Student No.",
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A title, a header, 43 students with marker and two pieces of work, one absent."""
    path = tmp_path / "essay.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Marks 2023")
        page.write(0, 0, "PS4021 Conceptual Issues")
        page.write_row(2, 0, ["Student No.", "Marker", "Essay /100", "Exam"])
        for at in range(43):
            page.write_row(3 + at, 0, [f"{at:08d}", f"Dr {'AB'[at % 2]}", 45 + at % 30, 60])
        page.write_row(46, 0, ["00000099", "Dr A", "AB", 60])
    return path


def test_one_column_is_sampled(call: Call, sheet: Path, tmp_path: Path) -> None:
    code, said, err = call(
        "sample", sheet, *GIVEN, "--study", "undergraduate", "--seed", 1, "--out", tmp_path / "o"
    )
    assert (code, err) == (0, "")
    found = pl.read_csv(tmp_path / "o" / "sample.csv", schema_overrides={"student_id": pl.String})
    assert found.select("module", "component").unique().rows() == [("PS4021", "Essay /100")]
    assert found.height == 7, said
    assert set(found["marker"]) == {"Dr A", "Dr B"}
    assert found["student_id"].str.len_chars().unique().to_list() == [8]
    assert call("sample", "verify", tmp_path / "o", sheet, "--student", "Student No.")[0] == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--regulations", "qmu-2022"), "say whose it is and what its column of marks is headed"),
        ((*GIVEN[:-2],), 'no row has the headers "student_id" and "Essay /100"'),
        (
            (*GIVEN[:4], "--component", "Essay", *GIVEN[6:]),
            'no row has the headers "Student No." and "Essay"',
        ),
        (GIVEN, "the study has to be stated"),
    ],
)
def test_nothing_is_guessed(
    call: Call, sheet: Path, tmp_path: Path, given: tuple[str, ...], told: str
) -> None:
    code, said, err = call("sample", sheet, *given, "--out", tmp_path / "o")
    assert (code, said) == (2, "")
    assert told in err


def test_the_same_sheet_as_text_gives_the_same_sample(call: Call, sheet: Path, tmp_path: Path) -> None:
    rows = [f"{at:08d},Dr {'AB'[at % 2]},{45 + at % 30},60" for at in range(43)]
    text = tmp_path / "essay.csv"
    text.write_text("\n".join(["Student No.,Marker,Essay /100,Exam", *rows, "00000099,Dr A,AB,60"]) + "\n")
    found = []
    for source in (sheet, text):
        out = tmp_path / source.suffix[1:]
        given = (*GIVEN, "--study", "undergraduate", "--seed", 1, "--out", out)
        assert call("sample", source, *given)[0] == 0
        found.append((out / "sample.csv").read_text())
    assert found[0] == found[1]
    code, _, err = call(
        "sample", text, *GIVEN[:-1], "Number", "--study", "undergraduate", "--out", tmp_path / "z"
    )
    assert code == 2
    assert 'its first row has not the headers "Number" and "Essay /100"' in err


def test_what_a_cell_of_text_holds_is_told_by_its_cell(call: Call, tmp_path: Path) -> None:
    text = tmp_path / "essay.csv"
    text.write_text("student_id,Essay\n1,6O\n2,55\n")
    asked = ("--regulations", "qmu-2022", "--module", "A", "--component", "Essay", "--study", "undergraduate")
    code, said, _ = call("sample", text, *asked, "--out", tmp_path / "o")
    assert code == 1
    assert "A Essay, attempt 1: 1 with no mark that can be used" in said
