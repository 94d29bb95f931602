"""Workbooks of other formats, read through a library in a process of its own."""

from __future__ import annotations

import sys
import zipfile
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
import xlsxwriter

import boardkit as bk
from boardkit.errors import FileError
from boardkit.read.cells import CELLS
from boardkit.read.foreign import read_foreign
from boardkit.read.limits import Guard, Limits
from boardkit.read.workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.foreign import Found

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def ods(path: Path, tables: str, *, declared: str = "") -> Path:
    """An OpenDocument workbook around the XML of its tables."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{declared}<office:document-content xmlns:office="{OFFICE}office:1.0" '
        f'xmlns:table="{OFFICE}table:1.0" xmlns:text="{OFFICE}text:1.0"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{OFFICE}manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{ODS.decode()}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", ODS)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return path


def table(name: str, *rows: str) -> str:
    return f'<table:table table:name="{name}">{"".join(f"<table:table-row>{row}</table:table-row>" for row in rows)}</table:table>'


def cell(kind: str, value: str, *, repeated: int = 1) -> str:
    attribute = {
        "float": "value",
        "date": "date-value",
        "boolean": "boolean-value",
        "time": "time-value",
    }.get(kind)
    stated = f' office:{attribute}="{value}"' if attribute else ""
    return (
        f'<table:table-cell office:value-type="{kind}"{stated} table:number-columns-repeated="{repeated}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def by_library(path: Path, limits: Limits | None = None) -> Found:
    return read_foreign("xlsx", Guard(path, limits or Limits()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.ods"


def test_ods_is_read_with_notes_of_what_is_not_seen(path: Path) -> None:
    first = table(
        "Marks", cell("string", "Exam") + cell("float", "69.49999999999999"), "", cell("boolean", "true")
    )
    second = table("More", cell("date", "2022-11-01T16:00:00"))
    book = read_workbook(ods(path, first + second))
    assert book.cells.schema == CELLS
    assert [sheet.name for sheet in book.sheets] == ["Marks", "More"]
    assert book.cells.select("sheet", "row", "col", "kind", "text").rows() == [
        (0, 1, 1, "text", "Exam"),
        (0, 1, 2, "number", "69.49999999999999"),
        (0, 3, 1, "boolean", "TRUE"),
        (1, 1, 1, "date", "2022-11-01T16:00:00"),
    ]
    assert "errors such as #N/A cannot be told from blanks" in book.notes[0]
    assert book.notes[1] == "in a .ods file, merged areas are not seen."


def test_a_mark_that_became_a_time_is_no_mark_here_either(path: Path) -> None:
    """12:30 is half a day, and was read as half a mark."""
    head = "".join(cell("string", name) for name in ("student_id", "module", "component", "mark"))
    row = "".join(cell("string", text) for text in ("S1", "PS1", "Essay")) + cell("time", "PT12H30M00S")
    ods(path, table("Marks", head, row))
    [found] = read_workbook(path).cells.filter(row=2, col=4).to_dicts()
    assert (found["kind"], found["text"], found["format"]) == ("number", "0.5208333333333334", "h:mm:ss")
    problems = bk.read(path, study="undergraduate").polars.problems
    assert problems.filter(severity="error").select("code", "cell").rows() == [("mark-as-date", "D2")]


def test_places_do_not_shift_when_the_first_rows_and_columns_are_blank(tmp_path: Path) -> None:
    path = tmp_path / "marks.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write("C5", 3)
    page.merge_range("E6:F7", "x")
    page.write("F7", "under")
    book.add_worksheet("H").hide()
    book.close()
    found = by_library(path)
    assert found.cells.select("row", "col", "text", "merged_into").rows() == [
        (5, 3, "3", None),
        (6, 5, "x", None),
        (7, 6, "under", "E6"),
    ]
    assert found.sheets == [("Sheet1", False, [(6, 5, 7, 6)]), ("H", True, [])]


def test_a1_and_xfd1048576_alone_are_refused_and_nothing_else_falls(tmp_path: Path) -> None:
    path = tmp_path / "marks.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write("A1", 1)
    page.write("XFD1048576", 2)
    book.close()
    with pytest.raises(FileError) as caught:
        by_library(path)
    assert caught.value.code == "too-much-memory"


def test_repeated_cells_beyond_all_measure_are_refused(path: Path) -> None:
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell("float", "1", repeated=16384)}</table:table-row>'
    made = ods(path, f'<table:table table:name="a">{row}</table:table>')
    with pytest.raises(FileError) as caught:
        read_workbook(made, Limits(seconds=5))
    assert caught.value.code in {"too-much-memory", "too-slow", "limit-cells", "unreadable"}


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(cells=2), "limit-cells"),
        (Limits(sheets=1), "limit-sheets"),
        (Limits(text=3), "limit-text"),
        (Limits(total_bytes=100), "limit-total-bytes"),
    ],
)
def test_limits_hold_here_too(path: Path, limits: Limits, code: str) -> None:
    made = ods(path, table("a", cell("string", "long") * 3) + table("b"))
    with pytest.raises(FileError) as caught:
        read_workbook(made, limits)
    assert caught.value.code == code


def test_document_type_broken_content_and_sheets_of_one_name(path: Path) -> None:
    for tables, declared, code in (
        (table("a"), '<!DOCTYPE a [<!ENTITY b "c">]>', "doctype"),
        ("<table:table>SECRET", "", "bad-xml"),
        (table("SECRET") * 2, "", "sheets-alike"),
    ):
        with pytest.raises(FileError) as caught:
            read_workbook(ods(path, tables, declared=declared))
        assert caught.value.code == code
        assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("import time; time.sleep(60)", "too-slow"),
        ("import os; os.abort()", "too-much-memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too-slow"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "unreadable"),
        ("raise SystemExit(3)", "unreadable"),
        ("pass", "unreadable"),
        ('print(\'{"sheet": "a", "hidden": false, "merges": null}\')', "unreadable"),
        ('print(\'{"failed": "encrypted"}\')', "encrypted"),
    ],
)
def test_whatever_becomes_of_the_process(tmp_path: Path, script: str, code: str) -> None:
    child = tmp_path / "child.py"
    child.write_text(script, "utf-8")
    with (
        patch.object(sys.modules["boardkit.read.foreign"], "_CHILD", child),
        pytest.raises(FileError) as caught,
    ):
        by_library(tmp_path / "marks.ods", Limits(seconds=1))
    assert caught.value.code == code
