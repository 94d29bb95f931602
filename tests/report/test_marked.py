"""Marked copies: every problem at its cell and in the list, all else of the workbook as it was, and the input untouched."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import re
import shutil
import struct
import time
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

import boardkit as bk
import boardkit.report.marked
from boardkit import whole
from boardkit.errors import BoardkitError, CallError
from boardkit.marking_up import write_mark_up
from boardkit.opening import Asked
from boardkit.read.limits import Limits
from boardkit.read.workbook import read_workbook
from boardkit.report.marked import mark_up, places, sheet
from boardkit.report.marked.colours import COLOURS
from boardkit.report.marked.loaded import load
from boardkit.report.marked.lost import losses
from boardkit.report.marked.saved import refuse_changed
from boardkit.rewritten import save
from tests.check import boards, test_codes
from tests.read import test_marksheet_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

    from tests.conftest import Call

PACK = ("--regulations", "qmu-2022")
SAMPLE = Path("data/samples/psychology-2022.xlsx")


def board(
    folder: Path,
    at: dict[str, Any] | None = None,
    shape: Callable[[Workbook], object] | None = None,
    more: dict[str, list[list[Any]]] | None = None,
) -> Path:
    """A sound board with some cells typed anew."""
    fault = boards.Fault("", at=at or {}, more=more or {})
    return boards.write(boards.spoil(fault), folder / "board.xlsx", shape)


def marked(path: Path, assessed: bool = True) -> Workbook:  # noqa: FBT001, FBT002
    return opened(io.BytesIO(content(path, assessed)))


def opened(file: Any) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of dates before there were any
        return openpyxl.load_workbook(file, rich_text=True)


def content(path: Path, assessed: bool = True) -> bytes:  # noqa: FBT001, FBT002
    cohort = bk.read(path)
    problems = (bk.assess(cohort, "qmu-2022") if assessed else cohort).polars.problems
    return mark_up(path, cohort, problems, assessed=assessed).content


def listed(book: Workbook, name: str = "Problems") -> tuple[list[str], list[dict[str, Any]]]:
    """What stands above the list, and its rows."""
    lines = list(book[name].iter_rows())
    head = next(at for at, line in enumerate(lines) if line[0].value == "Severity")
    heads = [cell.value for cell in lines[head]]
    above = [line[0].value for line in lines[:head]]
    return above, [dict(zip(heads, (cell.value for cell in line), strict=True)) for line in lines[head + 1 :]]


def as_listed(problems: pl.DataFrame) -> list[tuple[Any, ...]]:
    return problems.select("severity", "sheet", "cell", "code", "value", "message").rows()


def rows_of(book: Workbook) -> list[tuple[Any, ...]]:
    names = ("Severity", "Sheet", "Cell", "Code", "Value", "What is wrong, and what to do")
    return [tuple(row[name] for name in names) for row in listed(book)[1]]


def all_found_again(book: Workbook, problems: pl.DataFrame, file: str) -> int:
    """Every problem in the list, in its order, and at its cell with its words and the colour of the gravest there."""
    assert rows_of(book) == as_listed(problems)
    colours: dict[tuple[str, str], str] = {}
    for row in problems.rows(named=True):
        if row["file"] != file or row["cell"] is None:
            continue
        cell = book[row["sheet"]][row["cell"]]
        told = f"{row['severity'].capitalize()} ({row['code']}): {row['message']}"
        assert told in cell.comment.text
        assert (
            cell.fill.fgColor.rgb == COLOURS[colours.setdefault((row["sheet"], row["cell"]), row["severity"])]
        )
    coloured = {
        (leaf.title, cell.coordinate)
        for leaf in book.worksheets[1:]
        for line in leaf.iter_rows()
        for cell in line
        if cell.fill.fgColor.rgb in COLOURS.values() or cell.comment
    }
    assert coloured == set(colours)
    return len(colours)


# ---- problems at their cells -------------------------------------------------------------------------


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


def test_a_sound_board_is_listed_as_one(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "new" / "marked.xlsx"
    code, printed, _ = call("check", board(tmp_path), "--mark-up", out)
    assert code == 0
    assert "cells marked" in printed or "cell marked" in printed
    assert listed(openpyxl.load_workbook(out))[0][0] == "Problems of board.xlsx"


def test_a_marksheet_of_a_board_folder_is_marked(call: Call, tmp_path: Path) -> None:
    folder, out = test_marksheet_faults.write(tmp_path / "board"), tmp_path / "marked.xlsx"
    students = folder / "students.csv"
    students.write_text(students.read_text("utf-8") + "00000001,ordinary\n", "utf-8")
    assert call("check", folder, *PACK, "--mark-up", out)[0] == 1
    book, problems = openpyxl.load_workbook(out), bk.assess(bk.read(folder), "qmu-2022").polars.problems
    assert book.sheetnames == ["Problems", "PS4 marks", "Notes"]
    rows = listed(book)[1]
    assert [row["File"] for row in rows] == problems["file"].to_list()
    assert {"students.csv", "board.toml", "marks.xlsx"} <= {row["File"] for row in rows}
    in_sheet = problems.filter(pl.col("cell").is_not_null(), file="marks.xlsx")
    merged = {"F40": "E40", **{f"{letter}3": "F3" for letter in "GHI"}}
    for row in in_sheet.rows(named=True):
        assert f"({row['code']})" in book["PS4 marks"][merged.get(row["cell"], row["cell"])].comment.text
    assert book["PS4 marks"]["A2"].comment is None  # row 2 of another file is not row 2 of this one


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


def out_of(made: bytes, folder: Path) -> Path:
    path = folder / "made.xlsx"
    path.write_bytes(made)
    return path


# ---- the list ----------------------------------------------------------------------------------------


def test_the_list_is_first_linked_frozen_filtered_and_printed_on_a4(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        book["Students"].sheet_state = "hidden"
        book["Marks"].title = "Marks"
        for leaf in book:
            leaf.sheet_view.tabSelected = True

    book = marked(board(tmp_path, {"Marks!E2": "6O", "Students!C2": "bachelor"}, shape))
    leaf = book.worksheets[0]
    assert (leaf.title, book.active.title) == ("Problems", "Problems")
    assert [one.title for one in book if one.sheet_view.tabSelected] == ["Problems"]
    head = next(cell.row for cell in leaf["A"] if cell.value == "Severity")
    last = leaf.max_row
    assert (leaf.freeze_panes, leaf.auto_filter.ref) == (f"B{head + 1}", f"A{head}:F{last}")
    assert leaf.print_title_rows == f"${head}:${head}"
    setup = leaf.page_setup
    assert (setup.orientation, str(setup.paperSize), setup.fitToWidth, setup.fitToHeight) == (
        "landscape",
        "9",
        1,
        0,
    )
    assert leaf.sheet_properties.pageSetUpPr.fitToPage
    links = {cell.value: cell.hyperlink.location for cell in leaf["C"] if cell.hyperlink}
    assert links["E2"] == "'Marks'!E2"
    rows = {row["Code"]: row for row in listed(book)[1]}
    assert rows["not-allowed"]["Sheet"] == "Students (hidden)"
    assert "C2" not in links  # a link to a sheet that is hidden leads nowhere
    message = next(cell for cell in leaf["F"] if cell.row > head)
    assert message.alignment.wrap_text
    assert all(leaf.row_dimensions[row].height >= 12 for row in range(head + 1, last + 1))


def test_a_sheet_of_the_users_is_never_replaced(tmp_path: Path) -> None:
    book = marked(board(tmp_path, more={"PROBLEMS": [["mine"]], "Problems 2": [["too"]]}))
    assert book.sheetnames[0] == "Problems 3"
    assert (book["PROBLEMS"]["A1"].value, book["Problems 2"]["A1"].value) == ("mine", "too")


def test_text_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "board.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    for name, rows in boards.SOUND.items():
        leaf = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, dt.date):
                    leaf.write_datetime(at, place, value, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
                elif value is not None:
                    leaf.write(at, place, value)
    book.get_worksheet_by_name("Marks").write_string("E2", "=1+1")
    book.get_worksheet_by_name("Marks").write_string("N1", "=HYPERLINK(1)")
    book.close()
    made = marked(path)
    row = next(row for row in made["Problems"].iter_rows() if row[3].value == "not-a-mark")
    assert (row[4].value, row[4].data_type, row[4].quotePrefix) == ("=1+1", "s", True)
    assert (made["Marks"]["E2"].value, made["Marks"]["E2"].data_type) == ("=1+1", "s")
    assert made["Marks"]["N1"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(content(path))) as package:
        assert not any(
            b"<f>" in package.read(name) for name in package.namelist() if "worksheets/sheet" in name
        )


def test_what_does_not_fit_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = board(tmp_path)
    many = 60
    rows = [
        ("error", "not-a-mark", "board.xlsx", "Marks", f"E{at}", None, None, "No mark.")
        for at in range(2, many + 2)
    ]
    problems = pl.DataFrame(rows, schema=bk.read(path).polars.problems.schema, orient="row")
    monkeypatch.setattr(places, "MOST", 10)
    monkeypatch.setattr(sheet, "MOST", 10)
    monkeypatch.setattr(sheet, "LINKS", 5)
    book = openpyxl.load_workbook(path)
    here = places.located(problems, "board.xlsx", book.sheetnames)
    cells = places.mark(book, here)
    sheet.add_sheet(book, here, sheet.Told("board.xlsx", assessed=True, cells=cells, lost=[]), most=50)
    above, found = listed(book)
    assert above[2:] == [
        "The first 30 of 60 problems are listed; a sheet can hold no more.",
        "The first 10 cells are marked; the others stand in the list alone.",
        "The first 5 cells in the list are links.",
    ]
    assert len(found) == 30
    assert sum(cell.comment is not None for cell in book["Marks"]["E"]) == 10
    assert sum(cell.hyperlink is not None for cell in book["Problems"]["C"]) == 5


# ---- what is kept ------------------------------------------------------------------------------------


def furnished(book: Workbook) -> None:
    """Formats, widths, merges, hidden parts, rules, names and formulas, as people's sheets have them."""
    marks, students = book["Marks"], book["Students"]
    marks.column_dimensions["E"].width, marks.column_dimensions["K"].hidden = 33, True
    marks.row_dimensions[3].height, marks.row_dimensions[4].hidden = 40, True
    marks.freeze_panes, marks.auto_filter.ref = "B2", "A1:M9"
    marks["E3"].number_format, marks["E3"].font = "0.00%", Font("Arial", 15, italic=True)
    marks["P1"], marks["P2"], marks["P3"] = "sum", "=SUM(E2:E9)", 0.1 + 0.2
    marks["P4"], marks["P5"] = "_x0041_", "  blanks  "
    marks["P6"], marks["P6"].number_format = -40012345, "yyyy-mm-dd"
    marks["P7"] = CellRichText(
        "plain ", openpyxl.cell.rich_text.TextBlock(openpyxl.cell.text.InlineFont(b=True), "bold")
    )
    marks["P8"].hyperlink = "https://example.org/"
    marks.merge_cells("R1:S3")
    marks["R1"] = "a title"
    marks.conditional_formatting.add(
        "E2:E9", openpyxl.formatting.rule.CellIsRule("lessThan", ["40"], fill=PatternFill(bgColor="FFFF0000"))
    )
    lists = openpyxl.worksheet.datavalidation.DataValidation("list", formula1='"AB,NS"')
    lists.add("J2:J9")
    marks.add_data_validation(lists)
    book.defined_names["pass"] = openpyxl.workbook.defined_name.DefinedName("pass", attr_text="Marks!$E$2")
    students.sheet_state, students.sheet_properties.tabColor = "hidden", "FF00FF00"
    students.protection.sheet = True
    students.print_title_rows = "1:1"
    book.properties.creator, book.properties.created = "Registry", dt.datetime(2020, 5, 17, 9)  # noqa: DTZ001


MISREAD = ("P3", "P4", "P6")
"""Cells that openpyxl takes for something other than what stands in them; boardkit's reader tells of those."""


def look(cell: Any) -> str:
    return repr((cell.number_format, cell.font, cell.alignment, cell.border))


def test_all_else_of_a_workbook_is_kept(tmp_path: Path) -> None:
    path = board(tmp_path, {"Marks!E2": "6O"}, furnished)
    old, new = opened(io.BytesIO(path.read_bytes())), marked(path)
    assert new.sheetnames == ["Problems", *old.sheetnames]
    for was in old:
        now = new[was.title]
        assert (now.sheet_state, now.freeze_panes, now.auto_filter.ref) == (
            was.sheet_state,
            was.freeze_panes,
            was.auto_filter.ref,
        )
        assert sorted(map(str, now.merged_cells.ranges)) == sorted(map(str, was.merged_cells.ranges))
        assert {key: (one.width, one.hidden) for key, one in now.column_dimensions.items()} == {
            key: (one.width, one.hidden) for key, one in was.column_dimensions.items()
        }
        assert {key: (one.height, one.hidden) for key, one in was.row_dimensions.items()} == {
            key: (now.row_dimensions[key].height, now.row_dimensions[key].hidden)
            for key in was.row_dimensions
        }
        assert now.protection.sheet == was.protection.sheet
        assert now.print_title_rows == was.print_title_rows
        assert len(now.data_validations.dataValidation) == len(was.data_validations.dataValidation)
        assert len(now.conditional_formatting) == len(was.conditional_formatting)
        for line in was.iter_rows():
            for cell in line:
                copy = now[cell.coordinate]
                if cell.coordinate not in MISREAD:
                    assert str(copy.value) == str(cell.value), cell.coordinate
                assert look(copy) == look(cell), cell.coordinate
                if getattr(copy, "comment", None) is None:
                    assert repr(copy.fill) == repr(cell.fill)
    assert new["Students"].sheet_properties.tabColor.rgb == "FF00FF00"
    assert "pass" in new.defined_names
    assert new["Marks"]["P8"].hyperlink.target == "https://example.org/"
    assert isinstance(new["Marks"]["P7"].value, CellRichText)
    cells = [
        read.cells.join(names, left_on="sheet", right_on="index").filter(
            ~pl.col("formula"), pl.col("name") == "Marks"
        )
        for read in (read_workbook(path), read_workbook(out_of(content(path), tmp_path)))
        for names in [
            pl.DataFrame(
                [(one.index, one.name) for one in read.sheets],
                {"index": pl.UInt16, "name": pl.String},
                orient="row",
            )
        ]
    ]
    left, right = (
        one.select(
            "row", "col", pl.col("kind").cast(pl.String), "text", "raw", "format", "hidden", "merged_into"
        )
        for one in cells
    )
    assert left.equals(right)  # to the last digit


def test_the_same_bytes_at_every_time_and_the_users_own_days(tmp_path: Path) -> None:
    path = board(tmp_path, {"Marks!E2": "6O"}, furnished)
    first = content(path)
    time.sleep(2.1)  # a package states times to two seconds
    assert content(path) == first
    properties = opened(io.BytesIO(first)).properties
    assert (properties.creator, properties.created) == ("Registry", dt.datetime(2020, 5, 17, 9))  # noqa: DTZ001
    assert properties.modified == opened(io.BytesIO(path.read_bytes())).properties.modified


def test_a_workbook_that_states_no_day_is_given_a_fixed_one(tmp_path: Path) -> None:
    path = board(tmp_path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    properties = openpyxl.load_workbook(io.BytesIO(content(path))).properties
    assert (properties.created.year, properties.modified.year) == (2000, 2000)


def rich(path: Path) -> Path:
    """A workbook with macros and what else a copy does not hold."""
    macros = path.with_suffix(".bin")
    macros.write_bytes(b"macros")
    book = xlsxwriter.Workbook(path)
    book.add_vba_project(macros)
    marks = book.add_worksheet("Marks")
    marks.write_row("A1", ["student_id", "module", "component", "mark"])
    marks.write_row("A2", ["00000001", "PS4", "Exam", "6O"])
    marks.write_formula("F2", "=1+1", None, 2)
    marks.insert_textbox("H1", "a shape")
    marks.insert_button("H9", {})
    marks.add_sparkline("G2", {"range": "Marks!F2:F2"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Marks!$F$2:$F$2"})
    marks.insert_chart("J1", chart)
    marks.write_comment("F2", "mine", {"author": "me"})
    book.close()
    macros.unlink()
    return path


def test_macros_and_what_else_is_lost_are_named(call: Call, tmp_path: Path) -> None:
    path, out = rich(tmp_path / "marks.xlsm"), tmp_path / "marked.xlsx"
    assert call("check", path, "--study", "undergraduate", "--mark-up", out)[0] == 1
    above, _ = listed(openpyxl.load_workbook(out))
    told = " ".join(above)
    assert "correct marks.xlsm itself" in told
    assert (
        "marks.xlsm holds what this copy does not: the saved results of formulas, which are worked out anew; sparklines; "
        "shapes and text boxes; macros; some of the look of charts; how comments look."
    ) in told
    with zipfile.ZipFile(out) as package:
        assert "xl/vbaProject.bin" not in package.namelist()
        assert b"macroEnabled" not in package.read("[Content_Types].xml")
        assert any("charts/chart" in name for name in package.namelist())
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("pillow", [True, False])
def test_pictures_are_kept_where_they_can_be_and_else_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, pillow: bool
) -> None:
    path = tmp_path / "marks.xlsx"
    book = xlsxwriter.Workbook(path)
    marks = book.add_worksheet("Marks")
    marks.write_row("A1", ["student_id", "module", "component", "mark"])
    marks.write_row("A2", ["00000001", "PS4", "Exam", 60])
    marks.insert_image("H1", "crest.png", {"image_data": io.BytesIO(png())})
    book.close()
    if not pillow:
        monkeypatch.setattr("openpyxl.reader.drawings.PILImage", False)
    cohort = bk.read(path, study="undergraduate")
    made = mark_up(path, cohort, cohort.polars.problems, assessed=False).content
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert any(name.startswith("xl/media/") for name in package.namelist()) == pillow
    above, _ = listed(openpyxl.load_workbook(io.BytesIO(made)))
    assert ("marks.xlsx holds what this copy does not: pictures." in above) == (not pillow)


def test_nothing_is_said_to_be_lost_where_nothing_is(tmp_path: Path) -> None:
    path = board(tmp_path)
    assert losses(path.read_bytes(), openpyxl.load_workbook(path)) == []
    assert not any("holds what this copy does not" in line for line in listed(marked(path))[0])


def test_a_copy_that_would_differ_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = board(tmp_path)
    other = boards.write(boards.spoil(boards.Fault("", at={"Marks!E2": 62})), tmp_path / "other.xlsx")
    monkeypatch.setattr(boardkit.report.marked, "save", lambda _: path.read_bytes())
    content(path)
    monkeypatch.setattr(boardkit.report.marked, "save", lambda _: other.read_bytes())
    with pytest.raises(CallError, match="would not hold every cell as it is"):
        content(path)


@pytest.mark.parametrize(
    "shape",
    [
        lambda marks: marks.merged_cells.add("R1:XFD1000"),
        lambda marks: setattr(
            marks["R1"], "hyperlink", openpyxl.worksheet.hyperlink.Hyperlink("R1", location="Marks!A1")
        ),
    ],
    ids=["merge", "link"],
)
def test_areas_that_would_fill_the_memory_are_refused(
    call: Call, tmp_path: Path, shape: Callable[[Any], object]
) -> None:
    path, out = board(tmp_path, shape=lambda book: shape(book["Marks"])), tmp_path / "marked.xlsx"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data.replace(b'ref="R1"', b'ref="R1:XFD1048576"'))
    code, _, error = call("check", path, "--mark-up", out)
    assert code == 2
    assert "its merged areas and links lie over more than 500,000 cells" in error
    assert not out.exists()


@pytest.mark.skipif(
    not os.environ.get("BOARDKIT_TEST_DATA"),
    reason="BOARDKIT_TEST_DATA does not name the folder with the test files",
)
def test_every_public_workbook_is_copied_with_all_its_cells() -> None:
    copied = 0
    for path in sorted(Path(os.environ["BOARDKIT_TEST_DATA"]).rglob("*.xls[xm]")):
        try:
            read_workbook(path)
        except BoardkitError:
            continue
        book, read = load(path, path.read_bytes(), Limits())
        refuse_changed(path, save(book), read, "")
        copied += 1
    assert copied >= 48


# ---- refusals ----------------------------------------------------------------------------------------


@pytest.fixture
def places_of(tmp_path: Path) -> Path:
    """What is asked for, and what is in the way."""
    board(tmp_path, {"Marks!E2": "6O"})
    boards.write_csv(boards.SOUND, tmp_path / "tables")
    boards.write_ods(boards.SOUND, tmp_path / "board.ods")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "there.xlsx").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "link.xlsx").hardlink_to(tmp_path / "board.xlsx")
    (tmp_path / "alias.xlsx").symlink_to(tmp_path / "board.xlsx")
    several(tmp_path / "several")
    one = test_marksheet_faults.write(tmp_path / "one")
    assert one.is_dir()
    return tmp_path


def several(folder: Path) -> None:
    test_marksheet_faults.write(folder)
    shutil.copy(folder / "marks.xlsx", folder / "resit.xlsx")
    toml = folder / "board.toml"
    text = toml.read_text("utf-8")
    again = text[text.index("[[sheets]]") :].replace("marks.xlsx", "resit.xlsx")
    again = again.replace("[[sheets]]", "[[sheets]]\nattempt = 2")
    toml.write_text(f"{text}\n{again}", "utf-8")


REFUSED = {
    "no-workbook-name": (
        "board.xlsx",
        "marked.csv",
        (),
        r"is not the name of a workbook\. Name a file that ends in \.xlsx",
    ),
    "the-input": ("board.xlsx", "board.xlsx", (), r"it is the input, or inside it"),
    "the-input-forced": ("board.xlsx", "board.xlsx", ("--force",), r"it is the input, or inside it"),
    "a-link-to-the-input": ("board.xlsx", "alias.xlsx", ("--force",), r"it is the input, or inside it"),
    "the-input-by-another-name": ("board.xlsx", "link.xlsx", ("--force",), r"it is a file that was read"),
    "inside-the-input": ("one", "one/marked.xlsx", (), r"it is the input, or inside it"),
    "over-a-file": ("board.xlsx", "there.xlsx", (), r"there\.xlsx is there already\. .* --force"),
    "over-a-folder": ("board.xlsx", "folder.xlsx", ("--force",), r"folder\.xlsx in it is a folder"),
    "under-a-file": ("board.xlsx", "file/marked.xlsx", (), r"file: it is a file\. Name a folder"),
    "a-folder-of-tables": (
        "tables",
        "marked.xlsx",
        (),
        r"cannot mark up tables: it is a folder of tables, and problems",
    ),
    "another-form": (
        "board.ods",
        "marked.xlsx",
        (),
        r"cannot mark up board\.ods: it is of another form.* Save it as an \.xlsx",
    ),
    "several-workbooks": (
        "several",
        "marked.xlsx",
        (),
        r"its board\.toml names 2 workbooks \(marks\.xlsx, resit\.xlsx\)",
    ),
    "another-form-before-it-is-read": ("empty", "marked.xlsx", (), r"it is a folder of tables"),
    "over-a-file-before-it-is-read": ("broken.xlsx", "there.xlsx", (), r"there\.xlsx is there already"),
    "not-there": ("nothing.xlsx", "marked.xlsx", (), r"cannot find nothing\.xlsx"),
    "not-usable": ("broken.xlsx", "marked.xlsx", (), r"cannot use broken\.xlsx"),
    "no-such-pack": ("board.xlsx", "marked.xlsx", ("--regulations", "none-2022"), r"none-2022"),
}


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize(("source", "out", "more", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_marked_up_is_refused_in_a_line(  # noqa: PLR0913, PLR0917
    call: Call, places_of: Path, source: str, out: str, more: tuple[str, ...], why: str
) -> None:
    before = everything(places_of)
    code, printed, error = call("check", places_of / source, "--mark-up", places_of / out, *more)
    assert (code, printed) == (2, "")
    assert re.search(why, error), error
    assert error.count("\n") == 1
    assert everything(places_of) == before


def test_a_copy_is_written_over_what_is_there_where_that_is_asked(call: Call, places_of: Path) -> None:
    out = places_of / "there.xlsx"
    assert call("check", places_of / "board.xlsx", "--mark-up", out, "--force")[0] == 1
    assert openpyxl.load_workbook(out).sheetnames[0] == "Problems"
    assert out.stat().st_mode & 0o777 == 0o600


def test_force_is_for_the_marked_copy_alone(call: Call, places_of: Path) -> None:
    code, _, told = call("check", places_of / "board.xlsx", "--force")
    assert code == 2
    assert "--force is for the marked copy. Give --mark-up OUT.xlsx too, or leave --force out." in told


def test_a_file_that_came_meanwhile_is_not_written_over(places_of: Path) -> None:
    asked = Asked(places_of / "board.xlsx")
    cohort = bk.read(asked.source)
    with pytest.raises(CallError, match=r"there\.xlsx is there already"):
        write_mark_up(asked, places_of / "there.xlsx", cohort, cohort.polars.problems, None, force=False)
    assert (places_of / "there.xlsx").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders are locked in another way")
def test_a_folder_that_is_read_only(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, closed = board(tmp_path), tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() == 0:  # whom no folder is locked to

        def locked(*_: Any, **__: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(whole.tempfile, "mkdtemp", locked)
    code, _, error = call("check", path, "--mark-up", closed / "marked.xlsx")
    assert code == 2
    assert error == "boardkit: cannot write to closed: Permission denied. Nothing was written.\n"
    assert not list(closed.iterdir())


def test_a_copy_that_cannot_be_written_leaves_nothing(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = board(tmp_path), tmp_path / "new" / "marked.xlsx"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    code, _, error = call("check", path, "--mark-up", out)
    assert code == 2
    assert error == "boardkit: cannot write to new: No space left on device. Nothing was written.\n"
    assert not out.parent.exists()


def test_a_workbook_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    path = board(tmp_path)
    cohort = bk.read(path)
    board(tmp_path, {"Marks!E2": 62})
    with pytest.raises(CallError, match=r"board\.xlsx: it has changed since it was read"):
        mark_up(path, cohort, cohort.polars.problems, assessed=False)


def test_a_workbook_that_openpyxl_cannot_open_is_refused_without_what_is_in_it(
    call: Call, tmp_path: Path
) -> None:
    path = board(tmp_path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(
                name,
                data.replace(b'<dimension ref="A1:M9"', b'<pageMargins left="Ada"/><dimension ref="A1:M9"'),
            )
    code, _, error = call("check", path, "--mark-up", tmp_path / "marked.xlsx")
    assert code == 2
    assert "cannot mark up board.xlsx: openpyxl, which makes the copy, cannot open it." in error
    assert "Ada" not in error


def test_a_folder_of_marksheets_that_is_a_sample(call: Call, tmp_path: Path) -> None:
    folder = Path("data/samples/marksheets-2022")
    assert call("check", folder, "--mark-up", tmp_path / "marked.xlsx")[0] in (0, 1)
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx").sheetnames[0] == "Problems"
