"""The list of problems: first, linked, printed on A4, text that stays text, and what does not fit said."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import xlsxwriter

import boardkit as bk
from boardkit.report.marked import places, sheet
from tests.check import boards
from tests.report.marked.copies import board, content, listed, marked

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from openpyxl import Workbook

    from tests.conftest import Call


def test_a_sound_board_is_listed_as_one(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "new" / "marked.xlsx"
    path = board(tmp_path)
    code, printed, _ = call("check", path, "--mark-up", out)
    assert code == 0
    assert "0 cells marked" in printed
    above, rows = listed(openpyxl.load_workbook(out))
    assert above[0] == "Problems of board.xlsx"
    assert above[1].startswith(
        "None. This is a copy to look at: correct board.xlsx itself, and check it again."
    )
    assert not any(value for row in rows for value in row.values())


def test_the_list_is_first_linked_frozen_filtered_and_printed_on_a4(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        book["Students"].sheet_state = "hidden"
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
    monkeypatch.setattr(sheet, "LINKS", 5)
    book = openpyxl.load_workbook(path)
    here = places.located(problems, "board.xlsx", book.sheetnames)
    cells, left_out = places.mark(book, here)
    sheet.add_sheet(
        book, here, sheet.Told("board.xlsx", assessed=True, cells=cells, left_out=left_out, lost=[]), most=50
    )
    above, found = listed(book)
    assert above[2:] == [
        "The first 30 of 60 problems are listed; a sheet can hold no more.",
        "The first 10 cells are marked; the others stand in the list alone.",
        "The first 5 cells in the list are links.",
    ]
    assert len(found) == 30
    assert sum(cell.comment is not None for cell in book["Marks"]["E"]) == 10
    assert sum(cell.hyperlink is not None for cell in book["Problems"]["C"]) == 5


def test_a_link_and_a_header_name_what_holds_their_own_signs(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        book["Marks"].title = "Bea's"

    path = board(tmp_path, shape=shape).rename(tmp_path / "A&B.xlsx")
    cohort = bk.read(board(tmp_path))
    book = openpyxl.load_workbook(path)
    row = ("error", "not-a-mark", path.name, "Bea's", "E2", None, None, "No mark.")
    problems = pl.DataFrame([row], schema=cohort.polars.problems.schema, orient="row")
    here = places.located(problems, path.name, book.sheetnames)
    told = sheet.Told(path.name, assessed=True, cells=1, left_out=False, lost=[])
    leaf = book[sheet.add_sheet(book, here, told)]
    assert [cell.hyperlink.location for cell in leaf["C"] if cell.hyperlink] == ["'Bea''s'!E2"]
    assert leaf.oddHeader.left.text == "Problems of A&&B.xlsx"
