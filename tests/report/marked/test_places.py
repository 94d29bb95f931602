"""Problems at their cells: each with its words, in the colour of the gravest, and all else of a cell as it was."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

import boardkit as bk
from boardkit.read.workbook import read_workbook
from boardkit.report.marked import mark_up, places
from boardkit.report.marked.places import COLOURS, mark
from tests.check import boards, test_codes
from tests.report.marked.copies import (
    PACK,
    SAMPLE,
    all_found_again,
    board,
    content,
    listed,
    marked,
    opened,
    out_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from tests.conftest import Call


def forty(folder: Path) -> Path:
    at = {place: value for place, (value, _) in test_codes.PLANTED.items()}
    fault = boards.Fault("", at=at, more={"Notes": []})
    return boards.write(boards.spoil(fault, test_codes.large()), folder / "board.xlsx")


@pytest.mark.parametrize("pack", [PACK, ()], ids=["with regulations", "without"])
def test_forty_faults_are_found_again_at_their_cells(
    call: Call, tmp_path: Path, pack: tuple[str, ...]
) -> None:
    path, out = forty(tmp_path), tmp_path / "marked.xlsx"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    plain = call("check", path, *pack)
    code, printed, error = call("check", path, *pack, "--mark-up", out)
    assert (code, error) == (1, "")
    problems = bk.assess(bk.read(path), "qmu-2022").polars.problems if pack else bk.read(path).polars.problems
    book = openpyxl.load_workbook(out)
    cells = all_found_again(book, problems, path.name)
    assert cells >= 35
    wrote = f'Wrote     {out}   {cells} cells marked; all problems are on its sheet "Problems"'
    assert printed == f"{plain[1]}{wrote}\n"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert ("What regulations find wrong was not looked for." in listed(book)[0][1]) == (not pack)
    if pack:
        planted = [
            (code, place) for place, (_, code) in test_codes.PLANTED.items() if re.fullmatch(r"[a-z-]+", code)
        ]
        assert len(planted) > 30
        assert set(planted) <= {(row["Code"], f"{row['Sheet']}!{row['Cell']}") for row in listed(book)[1]}


def test_a_sample_is_marked(tmp_path: Path, call: Call) -> None:
    out = tmp_path / "marked.xlsx"
    assert call("check", SAMPLE, *PACK, "--mark-up", out)[0] == 1
    assert out.stat().st_mode & 0o777 == 0o600
    problems = bk.assess(bk.read(SAMPLE), "qmu-2022").polars.problems
    assert all_found_again(openpyxl.load_workbook(out), problems, SAMPLE.name) == 19
    assert call("check", out, *PACK)[0] == 1  # it can be read as a board itself


def test_several_problems_of_one_cell_are_one_comment_in_the_gravest_colour(tmp_path: Path) -> None:
    path = board(tmp_path)
    cohort = bk.read(path)
    rows = [
        ("error", "not-a-mark", "board.xlsx", "Marks", "E2", "mark", "6O", "One."),
        ("warning", "row-twice", "board.xlsx", "Marks", "E2", None, None, "Two."),
        *[
            ("note", "mark-rounded", "board.xlsx", "Marks", "E2", None, None, f"{'long ' * 200}{at}.")
            for at in range(9)
        ],
        ("note", "table-absent", "other.xlsx", "Marks", "E3", None, None, "Of another file."),
        ("note", "table-absent", "board.xlsx", "Marks", None, None, None, "Of no cell."),
        ("note", "table-absent", None, None, None, None, None, "Of nothing."),
    ]
    problems = pl.DataFrame(rows, schema=cohort.polars.problems.schema, orient="row")
    made = mark_up(path, cohort, problems, assessed=True)
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    text = book["Marks"]["E2"].comment.text
    assert made.cells == 1
    assert text.startswith(
        "Error (not-a-mark): One.\n\nWarning (row-twice): Two.\n\nNote (mark-rounded): long"
    )
    assert text.endswith("And 5 more, in the list of problems.")
    assert len(text) < 2_000
    assert book["Marks"]["E2"].fill.fgColor.rgb == COLOURS["error"]
    assert book["Marks"]["E3"].comment is None
    assert len(listed(book)[1]) == len(rows)


def test_a_comment_that_is_there_stays_above_ours(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        book["Marks"]["E2"].comment = Comment("Ask Dr Ames.", "Bea")
        book["Marks"]["E4"].comment = Comment("word " * 100, "Bea")
        book["Marks"]["E5"].comment = Comment("x" * 32_700, "Bea")

    path = board(tmp_path, {"Marks!E2": "6O", "Marks!E5": "7O"}, shape)
    book = marked(path)
    comment = book["Marks"]["E2"].comment
    assert comment.text.startswith("Ask Dr Ames.\n\nError (not-a-mark): ")
    assert comment.author == "Bea"
    assert book["Marks"]["E4"].comment.text == ("word " * 100)
    assert len(book["Marks"]["E5"].comment.text) <= 32_767
    assert "Error (not-a-mark): " in book["Marks"]["E5"].comment.text
    with zipfile.ZipFile(io.BytesIO(content(path))) as package:
        name = next(one for one in package.namelist() if one.endswith(".vml"))
        heights = [int(height) for height in re.findall(rb"height:(\d+)px", package.read(name))]
    assert min(heights) < 100 < heights[1] <= max(heights) <= 620


def test_type_can_be_read_on_the_colour_and_all_else_of_a_format_stays(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        cell = book["Marks"]["E2"]
        cell.font = Font("Arial", 14, bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor="FF000080")
        cell.number_format, cell.alignment = "0.00", Alignment(horizontal="right")
        cell.border = Border(top=Side("thick"))

    cell = marked(board(tmp_path, {"Marks!E2": 107}, shape))["Marks"]["E2"]
    assert (cell.value, cell.number_format, cell.alignment.horizontal) == (107, "0.00", "right")
    assert (cell.font.name, cell.font.sz, cell.font.b, cell.font.color.rgb) == ("Arial", 14, True, "FF000000")
    assert cell.border.top.style == "thick"
    assert cell.fill.fgColor.rgb == COLOURS["error"]


def test_a_problem_under_a_merge_stands_at_its_first_cell_and_no_value_is_lost(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        book["Marks"].merged_cells.add("D2:E2")  # what is under it stays in the file

    path = board(tmp_path, {"Marks!E2": "6O"}, shape)
    book = marked(path)
    comment = book["Marks"]["D2"].comment.text
    assert "(merged-cells)" in comment
    found = read_workbook(out_of(content(path), tmp_path)).cells.filter(pl.col("merged_into") == "D2")
    assert found["text"].to_list() == ["6O"]


@pytest.mark.parametrize(("most", "left_out"), [(2, True), (3, False), (4, False)])
def test_cells_up_to_the_most_are_marked_and_it_is_told_whether_any_is_not(
    monkeypatch: pytest.MonkeyPatch, *, most: int, left_out: bool
) -> None:
    book = openpyxl.Workbook()
    rows = [("Sheet", place, "error", "not-a-mark", "No mark.") for place in ("A1", "A2", "A3", "A1", "A3")]
    problems = pl.DataFrame(rows, schema=["sheet", "at", "severity", "code", "message"], orient="row")
    monkeypatch.setattr(places, "MOST", most)
    assert mark(book, problems) == (min(most, 3), left_out)


def test_cells_under_one_merged_area_are_one_and_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    book["Sheet"].merge_cells("A1:B2")
    rows = [("Sheet", place, "error", "not-a-mark", "No mark.") for place in ("A1", "A2", "B2")]
    problems = pl.DataFrame(rows, schema=["sheet", "at", "severity", "code", "message"], orient="row")
    monkeypatch.setattr(places, "MOST", 1)
    assert mark(book, problems) == (1, False)


def test_a_comment_holds_no_character_that_a_workbook_cannot(tmp_path: Path) -> None:
    path = board(tmp_path)
    cohort = bk.read(path)
    row = ("error", "not-a-mark", "board.xlsx", "Marks", "E2", None, None, "\x01 is no mark.")
    problems = pl.DataFrame([row], schema=cohort.polars.problems.schema, orient="row")
    book = opened(io.BytesIO(mark_up(path, cohort, problems, assessed=True).content))
    assert book["Marks"]["E2"].comment.text == "Error (not-a-mark): \ufffd is no mark."
