"""What a copy does not hold is named, and nothing else."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart

import boardkit as bk
from boardkit.report.marked import mark_up
from boardkit.report.marked.lost import losses
from tests.check.boards import retouched
from tests.report.marked.copies import board, content, listed, marked, png, told, with_marks

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from tests.conftest import Call


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


def test_charts_on_sheets_of_their_own_are_named(tmp_path: Path) -> None:
    def draw(book: Workbook) -> None:
        book.create_chartsheet("Drawn").add_chart(BarChart())

    path = board(tmp_path, {"Marks!E2": "6O"}, draw)
    assert "how large charts on sheets of their own are" in told(content(path))


def test_headers_in_no_section_are_named(tmp_path: Path) -> None:
    path = board(tmp_path, {"Marks!E2": "6O"})
    header = b"<headerFooter><firstHeader>Board of June</firstHeader></headerFooter></worksheet>"
    odd = with_marks(path, b"</worksheet>", header)
    assert "headers that are in no section" in told(content(odd))


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


PARTS = {
    "xl/webextensions/webextension1.xml": "parts of its own",
    "customUI/customUI14.xml": "buttons of its own in Excel's ribbon",
    "xl/persons/person.xml": "the list of who commented",
    "xl/threadedComments/threadedComment1.xml": "threads of comments, whose text stays",
    "docMetadata/LabelInfo.xml": "its sensitivity label",
    "xl/customProperty1.bin": "parts of its own",
    "xl/theme/theme2.xml": "parts of its own",
    "xl/slicers/slicer1.xml": "slicers",
    "_xmlsignatures/sig1.xml": "its signature",
}


@pytest.mark.parametrize(("part", "said"), PARTS.items())
def test_a_part_that_is_not_known_to_be_kept_is_named(tmp_path: Path, part: str, said: str) -> None:
    path = retouched(board(tmp_path), lambda _, data: data, {part: b"<x/>"})
    assert told(content(path)).endswith(f" board.xlsx holds what this copy does not: {said}.")


@pytest.mark.parametrize(
    "part",
    ["docProps/thumbnail.jpeg", "xl/printerSettings/printerSettings1.bin", "xl/drawings/_rels/a.xml.rels"],
)
def test_what_no_copy_needs_is_not_named(tmp_path: Path, part: str) -> None:
    path = retouched(board(tmp_path), lambda _, data: data, {part: b"<x/>"})
    assert "holds what this copy does not" not in told(content(path))


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<x14:ignoredErrors/>", ["settings of a newer Excel", "settings of sheets"]),
        ("<x14:unknown/>", ["settings of a newer Excel"]),
        ("<x14:sparklineGroups/>", ["sparklines"]),
        ("<x14:slicerList/>", []),
        ('<mx:PLV Mode="0"/>', []),
    ],
)
def test_settings_of_a_newer_excel_are_named_once(tmp_path: Path, inside: str, said: list[str]) -> None:
    names = 'xmlns:x14="urn:x" xmlns:mx="urn:m"'
    new = f'</sheetData><extLst><ext uri="{{1}}" {names}>{inside}</ext></extLst>'
    path = with_marks(board(tmp_path), b"</sheetData>", new.encode())
    assert losses(path.read_bytes(), openpyxl.Workbook()) == said


@pytest.mark.parametrize("element", ["dataConsolidate", "protectedRanges", "ignoredErrors"])
@pytest.mark.parametrize("writing", ["utf-8", "utf-16"])
def test_settings_of_a_sheet_are_named_however_it_is_written(
    tmp_path: Path, element: str, writing: str
) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet6.xml":
            return data
        text = data.decode().replace("</sheetData>", f"</sheetData><{element}/>")
        return f'<?xml version="1.0" encoding="{writing}"?>{text}'.encode(writing)

    path = retouched(board(tmp_path), change)
    assert losses(path.read_bytes(), openpyxl.Workbook()) == ["settings of sheets"]
