"""Write a board folder with marksheets as boards hold them: wide sheets, a row a student, titles above, means below."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

import boardkit as bk
from boardkit.demo import demo, write_folder
from boardkit.private import private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

BOARD_TOML = """\
tables = ["students.csv", "modules.csv", "components.csv", "enrolments.csv", "results.csv", "circumstances.csv"]

[board]
title = "Psychology, level four"
diet = "main"
board_date = 2023-06-14

[[sheets]]
file = "Level four marks.xlsx"
sheet = ["PS4021", "PS4031", "PS4035"]
module_from = "sheet"
header = [3, 4]
totals = ["Mean"]
id = "Student No."
marks.Essay = { mark = "Essay Mark", words = "Essay Words", submitted_at = "Essay Handed in", due_at = "Essay Extended to" }
marks.Exam = "Exam Mark"

[[sheets]]
file = "Level four marks.xlsx"
sheet = "Research Design"
module = "PS4022"
header = [3, 4]
totals = ["Mean"]
id = "Student No."
marks.Report = { mark = "Report Mark", words = "Report Words", submitted_at = "Report Handed in", due_at = "Report Extended to" }
marks.Test = { mark = "Test /50", out_of = 50 }
"""

CODES = {"not-submitted": "NS", "absent": "AB", "deferred": "DEF"}
WRITTEN = ("mark", "words", "submitted_at", "due_at")
HEADS = {"mark": "Mark", "words": "Words", "submitted_at": "Handed in", "due_at": "Extended to"}
CREATED = dt.datetime(2023, 6, 1, 9, 0)  # noqa: DTZ001 - a workbook's moments have no zone
HEADER, FIRST = 2, 4


@dataclass(frozen=True)
class Sheet:
    """One marksheet: its module, and what stands of each piece of work in which columns."""

    name: str
    module: str
    works: Mapping[str, tuple[str, ...]]
    out_of: Mapping[str, int]

    def columns(self) -> Iterator[tuple[str, str, str]]:
        """Give every column of a piece of work: the work, what stands there, its header."""
        for work, names in self.works.items():
            for name in names:
                points = self.out_of.get(work)
                yield work, name, f"/{points}" if points and name == "mark" else HEADS[name]


ESSAY_AND_EXAM = {"Essay": WRITTEN, "Exam": ("mark",)}
SHEETS = (
    *(Sheet(module, module, ESSAY_AND_EXAM, {}) for module in ("PS4021", "PS4031", "PS4035")),
    Sheet("Research Design", "PS4022", {"Report": WRITTEN, "Test": ("mark",)}, {"Test": 50}),
)
MODULES = [sheet.module for sheet in SHEETS]


def write_marksheets(folder: Path) -> None:
    """Write the board folder: marksheets, boardkit's own tables for the rest, and board.toml.

    The modules without a marksheet were before the board last week: they stand among the results.
    """
    tables = demo(36)
    here = pl.col("module").is_in(MODULES)
    settled = bk.assess(bk.read(tables), "qmu-2022").polars.modules.filter(
        ~here & pl.col("outcome").is_in(["pass", "fail", "qualifying-fail"])
    )
    status = tables["enrolments"].select("student_id", "module", "status")
    earlier = tables["results"].select("student_id", "module", "exchange", "prior_learning")
    results = (
        settled.join(status, on=["student_id", "module"], how="left")
        .join(earlier, on=["student_id", "module"], how="left")
        .with_columns(pl.col("attempt").fill_null(1))
        .drop("grade", "capped", "condonable", "credits_awarded")
    )
    own = {
        "students": tables["students"],
        "results": results,
        **{
            name: tables[name].filter(here)
            for name in ("modules", "components", "enrolments", "circumstances")
        },
    }
    write_folder(own, folder)
    private(folder / "board.toml").write_text(BOARD_TOML, "utf-8")
    marks = {
        tuple(row[name] for name in ("module", "student_id", "component")): row
        for row in tables["marks"].filter(here).iter_rows(named=True)
    }
    names = dict(tables["students"].select("student_id", "name").iter_rows())
    path = private(folder / "Level four marks.xlsx")
    with xlsxwriter.Workbook(path, {"default_date_format": "d mmm yyyy hh:mm"}) as book:
        book.set_properties({"created": CREATED})
        titles = dict(tables["modules"].select("module", "title").iter_rows())
        for sheet in SHEETS:
            _write(book, sheet, titles[sheet.module], marks, names)


def _write(
    book: xlsxwriter.Workbook,
    sheet: Sheet,
    title: str,
    marks: Mapping[Any, dict[str, Any]],
    names: Mapping[str, str],
) -> None:
    """Write one marksheet."""
    bold = book.add_format({"bold": True})
    page = book.add_worksheet(sheet.name)
    page.set_column(0, 1, 22)
    page.write_string(0, 0, f"{sheet.module} {title}", bold)
    page.write_string(HEADER + 1, 0, "Student No.", bold)
    page.write_string(HEADER + 1, 1, "Name", bold)
    columns = list(sheet.columns())
    at = 2
    for work, held in sheet.works.items():
        if len(held) > 1:
            page.merge_range(HEADER, at, HEADER, at + len(held) - 1, work, bold)
        else:
            page.write_string(HEADER, at, work, bold)
        at += len(held)
    for place, (_, name, header) in enumerate(columns, start=2):
        page.write_string(HEADER + 1, place, header, bold)
        page.set_column(place, place, 18 if name.endswith("_at") else 8)
    students = sorted({student for module, student, _ in marks if module == sheet.module})
    for row, student in enumerate(students, start=FIRST):
        page.write_string(row, 0, student)
        page.write_string(row, 1, names[student])
        for place, (work, name, _) in enumerate(columns, start=2):
            held = marks.get((sheet.module, student, work), {})
            _fill(page, row, place, _held(held, name, sheet.out_of.get(work)))
    last = FIRST + len(students)
    page.write_string(last, 0, "Mean", bold)
    for place, (_, name, _) in enumerate(columns, start=2):
        if name == "mark":
            letter = chr(ord("A") + place)
            page.write_formula(last, place, f"=AVERAGE({letter}{FIRST + 1}:{letter}{last})", None, "")


def _held(row: dict[str, Any], name: str, out_of: int | None) -> Any:
    """Give what one cell holds: a mark or the code that stands for none, words, or a moment."""
    if name == "mark" and row.get("state") is not None:
        return CODES[row["state"]]
    value = row.get(name)
    return value if value is None or out_of is None else value * out_of / Decimal(100)


def _fill(page: Any, row: int, place: int, value: Any) -> None:
    """Write one cell."""
    if isinstance(value, str):
        page.write_string(row, place, value)
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, place, value)
    elif value is not None:
        page.write_number(row, place, value)
