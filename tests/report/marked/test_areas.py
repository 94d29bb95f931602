"""Areas that openpyxl would fill with cells are counted, however a part writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from boardkit.errors import CallError
from tests.check.boards import retouched
from tests.report.marked.copies import board, content

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl import Workbook

    from tests.conftest import Call

TOO_LARGE = "its merged areas and links lie over more than 500,000 cells"
NOWHERE = "a merged area, link, comment or table in it is at a place that no sheet has"


def furnished(book: Workbook) -> None:
    """A merged area, a link, a comment and a table, each at a place by which it is found again."""
    marks = book["Marks"]
    marks.merged_cells.add("R1:S3")
    marks["T1"].hyperlink = openpyxl.worksheet.hyperlink.Hyperlink("T1", location="Board!A1")
    marks["U1"].comment = Comment("Ask Dr Ames.", "Bea")
    marks["V1"], marks["W1"] = "one", "two"
    marks.add_table(Table(displayName="Mine", ref="V1:W2"))


def replaced(*changes: tuple[str, str]) -> Callable[[str, bytes], bytes]:
    def change(_: str, data: bytes) -> bytes:
        for old, new in changes:
            data = data.replace(old.encode(), new.encode())
        return data

    return change


def in_utf_16(name: str, data: bytes) -> bytes:
    if name != "xl/worksheets/sheet6.xml":
        return data
    text = data.decode().replace('ref="T1"', 'ref="T1:XFD100000"')
    return f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")


CHANGES = {
    "merge": (replaced(('mergeCell ref="R1:S3"', 'mergeCell ref="X1:XFD1000"')), TOO_LARGE),
    "merge just over": (replaced(('mergeCell ref="R1:S3"', 'mergeCell ref="AA1:AZ19231"')), TOO_LARGE),
    "link": (replaced(('ref="T1"', 'ref="T1:XFD1048576"')), TOO_LARGE),
    "link with a bracket": (
        replaced(('ref="T1"', 'display="a&gt;b" tooltip=">" ref="T1:XFD1048576"')),
        TOO_LARGE,
    ),
    "link in another writing": (in_utf_16, TOO_LARGE),
    "comment": (replaced(('ref="U1"', 'ref="U1:XFD1048576"')), TOO_LARGE),
    "table": (replaced(('ref="V1:W2"', 'ref="V1:XFD1048576"')), TOO_LARGE),
    "link on columns": (replaced(('ref="T1"', 'ref="T:XFD"')), NOWHERE),
    "link with dollars": (replaced(('ref="T1"', 'ref="$T$1:$XFD$9"')), NOWHERE),
    "link nowhere": (replaced(('ref="T1"', 'ref=""')), NOWHERE),
}


@pytest.mark.parametrize(("change", "why"), CHANGES.values(), ids=CHANGES)
def test_areas_that_would_fill_the_memory_are_refused(
    call: Call, tmp_path: Path, change: Callable[[str, bytes], bytes], why: str
) -> None:
    path, out = retouched(board(tmp_path, shape=furnished), change), tmp_path / "marked.xlsx"
    code, _, error = call("check", path, "--mark-up", out)
    assert code == 2
    assert why in error
    assert not out.exists()


def test_areas_up_to_that_many_cells_and_parts_that_are_no_markup_pass(tmp_path: Path) -> None:
    path = board(tmp_path, shape=furnished)
    others = {"xl/media/image1.png": b"\x89PNG hyperlink <", "xl/sheets.xml": b"<hyperlink ref='A:B'/>"}
    content(retouched(path, replaced(('mergeCell ref="R1:S3"', 'mergeCell ref="AA1:AZ190"')), others))


def test_a_sheet_that_the_workbook_does_not_list_is_counted_too(tmp_path: Path) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<hyperlinks><hyperlink ref="A1:XFD9999"/></hyperlinks></worksheet>'
    )
    path = retouched(board(tmp_path), lambda _, data: data, {"xl/worksheets/other.xml": sheet})
    with pytest.raises(CallError, match="more than 500,000 cells"):
        content(path)
