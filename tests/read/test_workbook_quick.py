"""The quick passes give what the plain readers give, on every file, or nothing at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from boardkit.errors import FileError
from boardkit.read.limits import Guard, Limits
from boardkit.read.package import Package
from boardkit.read.quick_sheet import quick_sheet
from boardkit.read.quick_strings import quick_strings
from boardkit.read.sheet import read_sheet
from boardkit.read.strings import read_strings
from boardkit.read.workbook import Workbook, read_workbook

from .workbook_made import number, row, shared, sheet, strings, workbook
from .workbook_odd import AROUND, SHARED_TEXTS, sheet_data

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = os.environ.get("BOARDKIT_TEST_DATA")
NO_CORPUS = "BOARDKIT_TEST_DATA does not name the folder with the test files"
FILE = Path("marks.xlsx")
LETTERS = "ab z0=+-@&<>'\"_x\t\n\u00e9\u8ab2\U0001f600"
FREELY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def outcome(path: Path, *, quick: bool) -> Workbook | str:
    module = sys.modules["boardkit.read.workbook"]
    passes = {} if quick else {"quick_sheet": lambda *_: None, "quick_strings": lambda *_: None}
    try:
        with patch.multiple(module, **passes) if passes else patch.object(module, "FILE", FILE, create=True):
            return read_workbook(path)
    except FileError as error:
        return str(error)


def assert_same(path: Path) -> None:
    plain, quick = outcome(path, quick=False), outcome(path, quick=True)
    if isinstance(plain, str) or isinstance(quick, str):
        assert quick == plain
        return
    assert (quick.sheets, quick.notes) == (plain.sheets, plain.notes)
    assert quick.cells.equals(plain.cells)
    assert quick.cells.schema == plain.cells.schema


def sheets_read(path: Path) -> list[bool]:
    """For each sheet's part, whether the quick pass takes it."""
    guard = Guard(path, Limits())
    package = Package(path.read_bytes(), guard)
    names = [name for name in package._parts if name.startswith("xl/worksheets/sheet")]
    return [quick_sheet(package.read(name), name, guard) is not None for name in names]


@pytest.mark.skipif(not CORPUS, reason=NO_CORPUS)
def test_every_file_there_is() -> None:
    for path in sorted(Path(str(CORPUS)).glob("*/*.xls[xm]")):
        assert_same(path)


ROWS = [(f"4001{at:04}", "A & B <c>", at, at / 7, at % 2 == 0, None, "") for at in range(300)]


def test_the_pass_takes_what_xlsxwriter_writes(tmp_path: Path) -> None:
    for memory in (True, False):
        path = tmp_path / f"{memory}.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": memory})
        page = book.add_worksheet()
        percent = book.add_format({"num_format": "0.0%"})
        for at, values in enumerate(ROWS):
            page.write_row(at, 0, values)
            page.write_formula(at, 8, f"=C{at + 1}&D{at + 1}", percent, "x_x000D_")
            page.write_blank(at, 9, None, percent)
            page.write_array_formula(at, 10, at, 10, "=1+1", None, 2)
        page.merge_range("M1:N9", "merged")
        page.autofilter("A1:B300")
        book.close()
        assert sheets_read(path) == [True]
        assert_same(path)


def test_the_pass_takes_what_openpyxl_writes(tmp_path: Path) -> None:
    path = tmp_path / "marks.xlsx"
    book = openpyxl.Workbook()
    for values in ROWS:
        book.active.append(values)
    book.active["H1"] = "=A1"
    book.save(path)
    assert sheets_read(path) == [True]
    assert_same(path)


def test_the_pass_goes_over_the_border_of_a_block(tmp_path: Path) -> None:
    cells = [[number(f"{letter}{at}", str(at)) for letter in "ABC"] for at in range(1, 40)]
    items = [f"<t>{at} &amp; more</t>" if at % 5 else f"<r><t>{at}</t></r>" for at in range(1, 40)]
    made = workbook(
        tmp_path / "marks.xlsx",
        sheet("".join(row(*some, shared(f"D{at}", at - 1), at=at) for at, some in enumerate(cells, 1))),
        shared_strings=strings(*items),
    )
    with patch.object(sys.modules["boardkit.read.bulk"], "_BLOCK", 100):
        assert sheets_read(made) == [True]
        assert_same(made)


@FREELY
@given(data=sheet_data(), before=AROUND, after=AROUND)
@example(data='<row r="1"><c r="A1"><v>1</v></c><c><v>2</v></c></row>', before="", after="")
@example(data='<row r="1"><c r="A1"><v>1</v><x><c r="B1"><v>2</v></c></x></c></row>', before="", after="")
@example(data='<row r="1"><!-- <c r="A1"><v>1</v></c> --></row>', before="", after="")
def test_any_sheet(data: str, before: str, after: str) -> None:
    part = sheet(data, before=before, after=after).encode()
    quick = settled(quick_sheet, part)
    if quick is None:
        return
    plain = settled(read_sheet, part)
    assert type(quick) is type(plain)
    if isinstance(quick, str):
        assert quick == plain
        return
    assert quick.cells.equals(plain.cells)
    for name in ("rows", "hidden_rows", "hidden_columns", "merges", "filtered"):
        assert getattr(quick, name) == getattr(plain, name)


def settled(read: Callable[[bytes, str, Guard], Any], part: bytes) -> Any:
    try:
        return read(part, "xl/worksheets/sheet1.xml", Guard(FILE, Limits()))
    except FileError as error:
        return str(error)


@FREELY
@given(items=SHARED_TEXTS)
@example(items=["<x><si><t>a</t></si></x>", "<t>a</t>", "</si><si/><si>"])
@example(items=["<x><si><t>a</t></si><si><t>b</t></si></x>"])
def test_any_shared_texts(items: list[str]) -> None:
    part = strings(*items).encode()
    quick = settled(quick_strings, part)
    if quick is None:
        return
    plain = settled(read_strings, part)
    if isinstance(quick, str) or isinstance(plain, str):
        assert quick == plain
        return
    assert quick.dtype == pl.String
    assert quick.to_list() == plain.to_list()


@settings(FREELY, max_examples=10)
@given(
    table=st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.booleans(),
                st.floats(-1e300, 1e300),
                st.integers(-(10**15), 10**15),
                st.text(LETTERS, min_size=1, max_size=8),
            ),
            max_size=6,
        ),
        max_size=8,
    )
)
def test_any_table_written_and_read_again(tmp_path: Path, table: list[list[Any]]) -> None:
    path = tmp_path / "marks.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    kept = []
    for at, values in enumerate(table, start=1):
        for col, value in enumerate(values, start=1):
            if value is not None:
                page.write(at - 1, col - 1, value)
                kept.append((at, col, value))
    book.close()
    assert_same(path)
    read = read_workbook(path).cells
    assert read.select("row", "col").rows() == [(at, col) for at, col, _ in kept]
    for (kind, text), (_, _, value) in zip(read.select("kind", "text").rows(), kept, strict=True):
        if isinstance(value, bool):
            assert (kind, text) == ("boolean", str(value).upper())
        elif isinstance(value, str):
            assert (kind, text) == ("text", value)
        else:
            assert kind == "number"
            assert float(text) == pytest.approx(value, rel=1e-15)


def test_faults_are_refused_in_the_same_words(tmp_path: Path) -> None:
    for data in (
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>&x;</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row',
    ):
        path = workbook(tmp_path / "marks.xlsx", sheet(data))
        assert isinstance(outcome(path, quick=True), str)
        assert_same(path)
