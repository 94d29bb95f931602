"""A small sound board as a workbook or a folder, and ways to spoil it in known cells."""

from __future__ import annotations

import copy
import datetime as dt
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils import column_index_from_string

import boardkit as bk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from boardkit.regulations import Pack

Sheets = dict[str, list[list[Any]]]

SOUND: Sheets = {
    "Board": [
        ["key", "value"],
        ["title", "Psychology"],
        ["board_date", dt.date(2023, 6, 14)],
        ["diet", "main"],
    ],
    "Students": [
        [
            "student_id",
            "name",
            "award",
            "stage",
            "entry_stage",
            "registered_from",
            "prior_credits",
            "tuition_debt",
        ],
        ["00000001", "Ada", "honours", "4", "1", dt.date(2019, 9, 2), 360, "N"],
        ["00000002", "Bea", "honours", "4", "1", dt.date(2019, 9, 2), 360, "N"],
        ["00000003", "Cyd", "ordinary", "3", "1", dt.date(2020, 9, 7), 240, "N"],
    ],
    "Modules": [
        ["module", "title", "scqf_level", "credits", "kind", "grade_only", "condonable"],
        ["PS3", "Methods", 9, 20, "taught", "N", "Y"],
        ["PS4", "Minds", 10, 20, "taught", "N", "Y"],
        ["PS5", "Placement", 10, 20, "taught", "Y", "Y"],
    ],
    "Components": [
        ["module", "component", "weight", "kind", "due_at", "word_limit", "floor"],
        ["PS3", "Exam", 100, "exam", None, None, None],
        ["PS4", "Essay", 40, "essay", dt.datetime(2022, 11, 4, 16), 2000, None],  # noqa: DTZ001
        ["PS4", "Exam", 60, "exam", None, None, None],
        ["PS5", "Report", 100, "report", None, None, None],
    ],
    "Enrolments": [
        ["student_id", "module", "status", "withdrawn_at", "exchange"],
        ["00000001", "PS3", "core", None, None],
        ["00000001", "PS4", "core", None, None],
        ["00000001", "PS5", "option", None, None],
        ["00000002", "PS3", "core", None, None],
        ["00000002", "PS4", "core", None, None],
        ["00000003", "PS3", "core", None, None],
    ],
    "Marks": [
        [
            "student_id",
            "module",
            "component",
            "attempt",
            "mark",
            "grade",
            "submitted_at",
            "due_at",
            "words",
            "state",
            "marker",
            "second_mark",
            "agreed_mark",
        ],
        ["00000001", "PS3", "Exam", 1, 61],
        ["00000001", "PS4", "Essay", 1, 58.25, None, dt.datetime(2022, 11, 4, 15, 59), None, 1980],  # noqa: DTZ001
        ["00000001", "PS4", "Exam", 1, 64],
        ["00000001", "PS5", "Report", 1, None, "B"],
        ["00000002", "PS3", "Exam", 1, 52],
        ["00000002", "PS4", "Essay", 1, 47, None, dt.datetime(2022, 11, 3, 9), None, 2010],  # noqa: DTZ001
        ["00000002", "PS4", "Exam", 1, 55.5],
        ["00000003", "PS3", "Exam", 1, 44],
    ],
}
"""A board of which nothing is to be said but ``USUAL``."""

USUAL = (
    "grade-only-used Modules!F4",
    "no-closure-days Board!",
    "registration-not-tested Students!",
)
"""Notes on what the board is, which spoiling a cell seldom changes; left out of what is found."""


@dataclass(frozen=True)
class Percent:
    """A number in a percent format."""

    value: float


@dataclass(frozen=True)
class Fault:
    """One way to spoil the board, and what is to be found then, exactly.

    Args:
        code: the code that it stands for.
        at: what to write in which cells, such as ``{"Marks!E2": "6O"}``; None empties one.
        more: rows to add under a sheet, new ones with their header.
        without: sheets to leave out.
        shape: what else to do to the workbook.
        found: every problem, as ``code Sheet!Cell``; by itself the code at the first cell of ``at``.
        study: the study to assess under, where there is no modules table.
    """

    code: str
    at: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, list[list[Any]]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    shape: Callable[[Workbook], object] | None = None
    found: tuple[str, ...] = ()
    study: str | None = None

    @property
    def expected(self) -> list[str]:
        return sorted(self.found or [f"{self.code} {next(iter(self.at))}"])


def spoil(fault: Fault, sheets: Sheets | None = None) -> Sheets:
    """Spoil the sheets of a board."""
    spoilt = {
        name: copy.deepcopy(rows) for name, rows in (sheets or SOUND).items() if name not in fault.without
    }
    for name, rows in fault.more.items():
        spoilt.setdefault(name, []).extend(rows)
    for place, value in fault.at.items():
        name, row, column = cell(place)
        rows = spoilt[name]
        rows += [[] for _ in range(row - len(rows))]
        rows[row - 1] += [None] * (column - len(rows[row - 1]))
        rows[row - 1][column - 1] = value
    return spoilt


def cell(place: str) -> tuple[str, int, int]:
    """Take ``Marks!E2`` apart."""
    name, letters, row = re.fullmatch(r"(.+)!([A-Z]+)([0-9]+)", place).groups()
    return name, int(row), column_index_from_string(letters)


def write(sheets: Sheets, path: Path, shape: Callable[[Workbook], object] | None = None) -> Path:
    """Write a workbook."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if isinstance(value, Percent):
                    sheet.cell(at, column, value.value).number_format = "0.0%"
                elif value is not None:
                    sheet.cell(at, column, value)
    if shape is not None:
        shape(book)
    book.save(path)
    return path


def write_ods(sheets: Sheets, path: Path) -> Path:
    """Write an OpenDocument workbook."""

    def cell_xml(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = f"<text:p>{escape(str(value))}</text:p>"
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'

    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell_xml, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2"><office:body>'
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
        package.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
    return path


def write_csv(sheets: Sheets, folder: Path) -> Path:
    """Write a folder of CSV files."""
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        width = len(rows[0])
        lines = [",".join("" if value is None else str(value) for value in row) for row in rows]
        lines = [line + "," * (width - line.count(",") - 1) for line in lines]
        (folder / f"{name.lower()}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def problems(
    path: Path, study: str | None = None, regulations: str | Pack = "qmu-2022"
) -> list[dict[str, str]]:
    """Read and assess a board; give every problem, of reading and of assessment, but the usual notes."""
    return [row for row in every(path, study, regulations) if row["code"] not in _USUAL]


def every(path: Path, study: str | None = None, regulations: str | Pack = "qmu-2022") -> list[dict[str, str]]:
    """As ``problems``, with the usual notes among them."""
    return bk.assess(bk.read(path), regulations, study=study).polars.problems.rows(named=True)


_USUAL = {told.split()[0] for told in USUAL}


def places(found: list[dict[str, str]]) -> list[str]:
    """Give problems as ``code Sheet!Cell``; the file's name where there is no sheet."""
    return sorted(f"{row['code']} {row['sheet'] or row['file'] or ''}!{row['cell'] or ''}" for row in found)


def retouched(
    path: Path, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None
) -> Path:
    """A workbook with its parts changed, and parts besides, as no program for workbooks writes them."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {**parts, **(more or {})}.items():
            package.writestr(name, change(name, data))
    return path
