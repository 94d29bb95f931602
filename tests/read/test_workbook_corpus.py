"""Real and hostile files: what openpyxl reads is read alike, and all else ends in a refusal with a code."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rich.console import Console

from boardkit.errors import BoardkitError, FileError
from boardkit.read.a1 import a1
from boardkit.read.marksheet.picture import picture
from boardkit.read.marksheet.understood import understand
from boardkit.read.refusals import REFUSALS
from boardkit.read.workbook import read_workbook

CORPUS = Path(os.environ.get("BOARDKIT_TEST_DATA", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("BOARDKIT_TEST_DATA"),
    reason="BOARDKIT_TEST_DATA does not name the folder with the test files",
)
LISTED = tomllib.loads(Path(__file__).with_name("workbook_differences.toml").read_text("utf-8"))
SKIPPED = {one["file"] for one in LISTED["skip"]}
HALF_A_SECOND = dt.timedelta(microseconds=500_000)

READ = """
epm/final_grades.xlsx 2088
epm/intermediate_grades.xlsx 696
exports/module_marks_template.xlsx 33
hostile/corrupt__esr__missing-r-attrs.xlsx 15
hostile/corrupt__php__without_cell_reference.xlsx 100
hostile/corrupt__php__utf16be.bom.xlsx 1
hostile/layout__cal__issue_174.xlsx 22
hostile/layout__sjs__ErrorTypes.xlsx 140
hostile/layout__edr__Test_git_issue_329_error.xlsx 3
hostile/layout__edr__Test_git_issue_271_InvalidDimension.xlsx 13
hostile/layout__fr__issue-1024.xlsx 2614
hostile/corrupt__php__sample.xls 35
hostile/layout__edr__Test_MergedCell.xlsb 10
hostile/corrupt__php__issue.4528.ods 2679
"""
REFUSED = """
hostile/dos__esr__entity-expansion-exploit-poc-file.xlsx doctype
hostile/dos__poi__54764-2.xlsx doctype
hostile/dos__php__oleloop.xls too-much-memory
hostile/dos__edr__Test_git_issue_382_oom.xls too-much-memory
hostile/dos__cal__issue_594_dos.ods unreadable
hostile/encrypted__cal__pass_protected.xlsx encrypted
hostile/encrypted__cal__pass_protected.ods encrypted
hostile/encrypted__poi__51832.xls encrypted
hostile/encrypted__mso__xor_password_123456789012345.xls encrypted
hostile/encrypted__poi0__60320-protected.xlsx encrypted
hostile/encrypted__edr__standard_AES128_SHA1_ECB_pwd_password.xlsx encrypted
hostile/corrupt__poi__sample-beta.xlsx unknown-namespace
hostile/corrupt__ejs__invalid-xml.xlsx bad-xml
hostile/corrupt__edr__EmptyZipFile.xlsx not-a-workbook
hostile/corrupt__roo__type_openoffice.xlsm wrong-ending
hostile/fuzz__poi__cf-POIXSSFFuzzer-5937385319563264.xlsx damaged-part
hostile/fuzz__poi__cf-POIXSSFFuzzer-6123461607817216.xlsx damaged-zip
"""


def files(*endings: str) -> list[Path]:
    return sorted(path for path in CORPUS.glob("*/*") if path.suffix in endings)


READ_ALL = """
import json, resource, sys, time
from boardkit.errors import FileError
from boardkit.read.workbook import read_workbook
found = []
for path in sys.argv[1:]:
    began, code, why = time.monotonic(), "", "."
    try:
        read_workbook(path)
    except FileError as error:
        code, why = error.code, error.why
    found.append([path, code, why, time.monotonic() - began])
peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps([found, max(peaks) / 1024]))
"""
"""Reads in a process of its own, so that its memory is nobody else's; a traceback ends it."""


@pytest.mark.parametrize("kind", [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"])
def test_every_file_is_read_or_refused_in_time_and_memory(kind: str) -> None:
    assert files(kind)
    command = [sys.executable, "-c", READ_ALL, *map(str, files(kind))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found, peak = json.loads(done.stdout)
    assert len(found) == len(files(kind))
    for path, code, why, seconds in found:
        assert seconds < 20, path
        assert code == "" or code in REFUSALS, path
        assert why.endswith("."), path
    assert peak < 2_048


@pytest.mark.parametrize("kind", [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"])
def test_every_file_is_laid_out_or_refused(kind: str) -> None:
    """What a sheet looks like can be said of any sheet, and what it proposes is TOML."""
    laid_out = 0
    for path in files(kind):
        try:
            known = understand(path)
        except BoardkitError:
            continue
        tomllib.loads(known.toml)
        for book, layout in known.sheets:
            Console(file=io.StringIO(), width=160).print(picture(book, layout))
            laid_out += 1
    assert laid_out


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_files_that_are_read(line: str) -> None:
    name, cells = line.split()
    assert read_workbook(CORPUS / name).cells.height == int(cells)


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_files_that_are_refused(line: str) -> None:
    name, code = line.split()
    with pytest.raises(FileError) as caught:
        read_workbook(CORPUS / name)
    assert caught.value.code == code


def test_openpyxl_reads_the_same_cells() -> None:
    differences, compared = set(), 0
    for path in files(".xlsx", ".xlsm"):
        name = path.relative_to(CORPUS).as_posix()
        if name in SKIPPED:
            continue
        theirs = by_openpyxl(path)
        try:
            book = read_workbook(path)
        except FileError:
            continue
        if theirs is None:
            continue
        ours = {
            (sheet, row, col): (kind, as_number(text) if kind == "number" else text, code or "General")
            for sheet, row, col, kind, text, code in book.cells.select(
                "sheet", "row", "col", "kind", "text", "format"
            ).rows()
        }
        compared += 1
        differences |= {
            (name, f"{place[0]}!{a1(*place[1:])}")
            for place in ours.keys() | theirs.keys()
            if ours.get(place) != theirs.get(place)
        }
    listed = {(one["file"], cell) for one in LISTED["difference"] for cell in one["cells"]}
    assert differences == listed
    assert compared > 40


def by_openpyxl(path: Path) -> dict[tuple[int, int, int], tuple[str, Any, str]] | None:
    """What openpyxl reads in this file, in the same terms; None when it cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # From memory: where it fails, openpyxl leaves a file open, which some other test would be blamed for.
            book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
        except Exception:  # noqa: BLE001 - whatever it raises, it has not read the file
            return None
    cells = {}
    for index, sheet in enumerate(book.worksheets):
        for (row, col), cell in sheet._cells.items():
            if cell.value is not None:
                cells[index, row, col] = (*value_of(cell), cell.number_format)
    return cells


def value_of(cell: Any) -> tuple[str, Any]:
    value = cell.value
    if cell.data_type == "e":
        return "error", value
    if isinstance(value, bool):
        return "boolean", str(value).upper()
    if isinstance(value, int | float):
        return "number", as_number(value)
    if isinstance(value, dt.datetime):
        return "date", (value + HALF_A_SECOND).replace(microsecond=0).isoformat()
    if isinstance(value, dt.time):
        value = dt.datetime.combine(dt.date.min, value) - dt.datetime.combine(dt.date.min, dt.time.min)
    if isinstance(value, dt.timedelta):
        return "number", as_number(value / dt.timedelta(days=1))
    return "text", value


def as_number(value: float | str) -> float:
    # openpyxl's times and spans of time are exact to the microsecond only.
    return round(float(value), 9)
