"""Marked copies made of a small board, and what stands in them."""

from __future__ import annotations

import datetime as dt
import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Font, PatternFill

import boardkit as bk
from boardkit.read.a1 import a1_text
from boardkit.read.workbook import read_workbook
from boardkit.report.marked import mark_up
from boardkit.report.marked.places import COLOURS
from tests.check import boards

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

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


def out_of(made: bytes, folder: Path) -> Path:
    path = folder / "made.xlsx"
    path.write_bytes(made)
    return path


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


def with_marks(path: Path, old: bytes, new: bytes) -> Path:
    """A workbook whose sheet of marks says something else in its part."""

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet6.xml":
            return data
        assert old in data
        return data.replace(old, new)

    return boards.retouched(path, change)


def told(made: bytes) -> str:
    """What stands above the list of a copy."""
    return " ".join(listed(opened(io.BytesIO(made)))[0])


def at(made: bytes, folder: Path, place: str, name: str = "Marks") -> tuple[Any, ...] | None:
    """A cell of a copy as boardkit reads it: its kind, its text, whether it is a formula."""
    read = read_workbook(out_of(made, folder))
    index = next(one.index for one in read.sheets if one.name == name)
    found = read.cells.filter(pl.col("sheet") == index, a1_text() == place)
    return found.select(pl.col("kind").cast(pl.String), "text", "formula").row(0) if found.height else None


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
