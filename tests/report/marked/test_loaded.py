"""A workbook as its copy is made of it: every value as boardkit reads it, whatever openpyxl makes of it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
from openpyxl.cell.rich_text import CellRichText
from openpyxl.comments import Comment
from openpyxl.styles import Border, Side

from boardkit.errors import FileError
from boardkit.read.workbook import read_workbook
from tests.check.boards import retouched
from tests.report.marked.copies import (
    at,
    board,
    content,
    furnished,
    marked,
    opened,
    out_of,
    told,
    with_marks,
)

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from tests.conftest import Call

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


def test_a_workbook_that_states_no_day_is_given_a_fixed_one(tmp_path: Path) -> None:
    path = board(tmp_path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    properties = openpyxl.load_workbook(io.BytesIO(content(path))).properties
    assert (properties.created.year, properties.modified.year) == (2000, 2000)


def test_a_workbook_that_openpyxl_cannot_open_is_refused_without_what_is_in_it(
    call: Call, tmp_path: Path
) -> None:
    old, new = b'<dimension ref="A1:M9"', b'<pageMargins left="Ada"/><dimension ref="A1:M9"'
    path = retouched(board(tmp_path), lambda _, data: data.replace(old, new))
    code, _, error = call("check", path, "--mark-up", tmp_path / "marked.xlsx")
    assert code == 2
    assert "cannot mark up board.xlsx: openpyxl, which makes the copy, cannot open it." in error
    assert "Ada" not in error


@pytest.mark.parametrize(("ref", "merged"), [("P2", ""), ("A2:P2", ""), ("P2", "P2:R2"), ("Q2", "P2:R2")])
def test_a_blank_cell_with_a_link_stays_blank_and_keeps_it(tmp_path: Path, ref: str, merged: str) -> None:
    def shape(book: Workbook) -> None:
        link = openpyxl.worksheet.hyperlink.Hyperlink("P2", location="Board!A1")
        book["Marks"]["P2"].hyperlink = link
        if merged:
            book["Marks"].merged_cells.add(merged)

    path = with_marks(board(tmp_path, shape=shape), b'ref="P2"', b'ref="%s"' % ref.encode())
    with_marks(path, b'<c r="P2" t="inlineStr"><is><t>Board!A1</t></is></c>', b"")
    made = content(path)
    assert at(made, tmp_path, "P2") is None
    assert opened(io.BytesIO(made))["Marks"]["P2"].hyperlink.location == "Board!A1"


FORMULAS = {
    "not written out": (b"<f></f><v>7</v>", b"", ("number", "7", False)),
    "not written out, without a result": (b"<f/>", b"", None),
    "shared with none": (b'<f t="shared" si="3"/><v>7</v>', b"", ("number", "7", False)),
    "of an area, not written out": (b'<f t="array" ref="P2"/><v>7</v>', b"", ("number", "7", False)),
    "a table of data": (
        b'<f t="dataTable" ref="P2:P3" r1="A1"/><v>7</v>',
        b"",
        ("formula-without-value", None, True),
    ),
    "under merged cells": (b"<f>3+4</f><v>7</v>", b"O2:P2", ("number", "7", False)),
    "under merged cells, without a result": (b"<f>3+4</f>", b"O2:P2", None),
    "written out": (b"<f>3+4</f><v>7</v>", b"", ("formula-without-value", None, True)),
}


@pytest.mark.parametrize(("written", "merged", "found"), FORMULAS.values(), ids=FORMULAS)
def test_a_formula_is_kept_or_its_result_is_and_that_is_said(
    tmp_path: Path, written: bytes, merged: bytes, found: tuple[Any, ...] | None
) -> None:
    def shape(book: Workbook) -> None:
        book["Marks"]["P2"] = "=1+1"
        if merged:
            book["Marks"].merged_cells.add(merged.decode())

    made = content(with_marks(board(tmp_path, shape=shape), b"<f>1+1</f><v />", written))
    assert at(made, tmp_path, "P2") == found
    kept = found is not None and found[2]
    assert (
        "formulas that lie under merged cells or are not written out, whose results stay" in told(made)
    ) != kept


@pytest.mark.parametrize("merged", ["", "O2:P2"])
@pytest.mark.parametrize(
    ("written", "found"),
    [
        (b'<c r="P2" t="d"><v>2022-11-01T16:30:00</v></c>', ("date", "2022-11-01T16:30:00", False)),
        (b'<c r="P2" t="d"><v>2022-11-01</v></c>', ("date", "2022-11-01T00:00:00", False)),
        (b'<c r="P2" t="d"><v>16:30:00</v></c>', ("text", "16:30:00", False)),
        (b'<c r="P2" t="e"><v>#N/A</v></c>', ("error", "#N/A", False)),
        (b'<c r="P2" t="e"><v>#SPILL!</v></c>', ("error", "#SPILL!", False)),
        (b'<c r="P2" t="b"><v>1</v></c>', ("boolean", "TRUE", False)),
        (b'<c r="P2" t="b"><v>0</v></c>', ("boolean", "FALSE", False)),
        (b'<c r="P2"><v>0.30000000000000004441</v></c>', ("number", "0.30000000000000004441", False)),
        (b'<c r="P2" t="str"><v>=1+1</v></c>', ("text", "=1+1", False)),
    ],
)
def test_a_value_of_every_kind_is_put_back_under_merged_cells_too(
    tmp_path: Path, written: bytes, found: tuple[Any, ...], merged: str
) -> None:
    def shape(book: Workbook) -> None:
        book["Marks"]["P2"] = 12345
        if merged:
            book["Marks"].merged_cells.add(merged)

    made = content(with_marks(board(tmp_path, shape=shape), b'<c r="P2" t="n"><v>12345</v></c>', written))
    assert at(made, tmp_path, "P2") == found


def test_a_cell_under_merged_ones_keeps_its_format(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        book["Marks"]["P2"] = 44866
        book["Marks"]["P2"].number_format = "yyyy-mm-dd"
        book["Marks"].merged_cells.add("O2:P2")

    assert at(content(board(tmp_path, shape=shape)), tmp_path, "P2") == ("date", "2022-11-01T00:00:00", False)


def test_the_edge_of_merged_cells_keeps_its_line_where_a_value_lies_under_it(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        for place in ("O2", "P2"):
            book["Marks"][place] = 7
            book["Marks"][place].border = Border(right=Side("thick"))
        book["Marks"].merged_cells.add("O2:P2")

    made = content(board(tmp_path, shape=shape))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        sheet = next(
            data
            for name in package.namelist()
            if name.startswith("xl/worksheets/sheet") and b'ref="O2:P2"' in (data := package.read(name))
        )
    styles = dict(re.findall(rb'<c r="([OP]2)" s="(\d+)"', sheet))
    assert styles[b"P2"] != b"0"
    unmerged = out_of(made, tmp_path)
    retouched(
        unmerged,
        lambda _, data: data.replace(b'<mergeCell ref="O2:P2" />', b"").replace(
            b'<mergeCell ref="O2:P2"/>', b""
        ),
    )
    assert opened(unmerged)["Marks"]["P2"].border.right.style == "thick"


def test_a_comment_under_merged_cells_is_said_to_be_lost(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        for place in ("P2", "R2"):
            book["Marks"][place].comment = Comment("Ask Dr Ames.", "Bea")

    def covering(book: Workbook) -> None:
        shape(book)
        book["Marks"].merged_cells.add("O2:P2")

    lost = "some comments, such as those under merged cells"
    kept = content(board(tmp_path, shape=shape))
    assert lost not in told(kept)
    assert opened(io.BytesIO(kept))["Marks"]["P2"].comment.text == "Ask Dr Ames."
    made = content(board(tmp_path, shape=covering))
    assert lost in told(made)
    assert opened(io.BytesIO(made))["Marks"]["R2"].comment.text == "Ask Dr Ames."


def test_a_workbook_that_calls_itself_a_template_is_copied_as_none(tmp_path: Path) -> None:
    path = retouched(board(tmp_path), lambda _, data: data.replace(b"sheet.main+xml", b"template.main+xml"))
    with zipfile.ZipFile(io.BytesIO(content(path))) as package:
        assert b"template" not in package.read("[Content_Types].xml")


def test_a_part_that_is_not_read_is_held_to_its_limits_too(tmp_path: Path) -> None:
    path = retouched(board(tmp_path), lambda _, data: data, {"xl/media/a.png": bytes(1 << 23)})
    with pytest.raises(FileError, match=r"unpacks to more than 150 times its size"):
        content(path)


def test_a_pasted_text_with_parts_of_its_own_look_keeps_its_signs(tmp_path: Path) -> None:
    """A return within such a text is written by its number, which openpyxl would write letter by letter."""

    def paste(book: Workbook) -> None:
        bold = openpyxl.cell.rich_text.TextBlock(openpyxl.cell.text.InlineFont(b=True), "late_x000D_ again")
        book["Marks"]["P9"] = CellRichText("Was ", bold)

    path = board(tmp_path, {"Marks!E2": "6O"}, paste)
    assert read_workbook(path).cells.filter(col=16, row=9)["text"].to_list() == ["Was late\r again"]
    (tmp_path / "copy.xlsx").write_bytes(content(path))
    copied = read_workbook(tmp_path / "copy.xlsx").cells.filter(col=16, row=9)
    assert copied["text"].to_list() == ["Was late\r again"]
    assert "how parts of some texts look" in told(content(path))
