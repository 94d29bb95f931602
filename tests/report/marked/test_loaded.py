"""A workbook as its copy is made of it: every value as boardkit reads it, whatever openpyxl makes of it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
from openpyxl.cell.rich_text import CellRichText

from boardkit.read.workbook import read_workbook
from tests.report.marked.copies import board, content, furnished, marked, opened, out_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
