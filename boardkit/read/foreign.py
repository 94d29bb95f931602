""".xls, .xlsb and .ods files, read through a library in a process of its own with little time and memory."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.read.a1 import MAX_COLUMN, MAX_ROW
from boardkit.read.cells import CELLS, KINDS
from boardkit.read.merges import merged_into

if TYPE_CHECKING:
    from boardkit.read.limits import Guard
    from boardkit.read.merges import Area

_CHILD = Path(__file__).with_name("foreign_child.py")
_COLUMNS = pl.Schema({"row": pl.UInt32(), "col": pl.UInt32(), "kind": pl.String(), "text": pl.String()})
_TIME = "h:mm:ss"
"""The format of a number that the library takes for a time: a mark in it is told of, as in .xlsx."""
_FAILURES = {
    "encrypted": "it is an encrypted workbook. Save a copy without the password as .xlsx.",
    "unreadable": "it is damaged, or locked with a password. Open it in Excel and save a copy as .xlsx.",
    "sheets-alike": "two of its sheets have one name. Rename one, or save it as .xlsx from Excel.",
    "too-slow": "reading it takes too long. Open it in Excel and save it as .xlsx.",
    "too-much-memory": "reading it takes too much memory. Open it in Excel and save it as .xlsx.",
}
_UNSEEN = (
    "in a .{kind} file, errors such as #N/A cannot be told from blanks, and formats, formulas, filters, "
    "comments and hidden rows and columns are not seen. Save it as .xlsx to have them checked."
)
_ABORTED = {"too-much-memory": "SIGABRT", "too-slow": "SIGXCPU"}


@dataclass(frozen=True)
class Found:
    """What came back of a workbook in another format.

    Args:
        sheets: for each sheet its name, whether it is hidden, and its merged areas.
        cells: the cells of all sheets.
        notes: what could not be checked.
    """

    sheets: list[tuple[str, bool, list[Area]]]
    cells: pl.DataFrame
    notes: tuple[str, ...]


def read_foreign(kind: str, guard: Guard) -> Found:
    """Read a workbook through the library for other formats.

    Args:
        kind: ``xls``, ``xlsb`` or ``ods``.
        guard: holds the file to its limits.

    Raises:
        FileError: the library cannot read it within its limits, or it holds too much.
    """
    sheets: list[tuple[str, bool, list[Area]]] = []
    frames: list[list[pl.DataFrame]] = []
    notes = [_UNSEEN.format(kind=kind)]
    merges_seen = True
    ended = False
    for line in _lines(guard):
        if "sheet" in line:
            merges_seen = merges_seen and line["merges"] is not None
            sheets.append((line["sheet"], line["hidden"], _areas(line["merges"] or [], guard)))
            guard.hold("sheets", len(sheets))
            frames.append([])
        elif "cells" in line:
            frames[-1].append(pl.DataFrame(line["cells"], schema=_COLUMNS, orient="row"))
        elif "left_out" in line:
            notes.append(f'sheet "{guard.shown(line["left_out"])}" has no cells and was not read.')
        elif "limit" in line:
            guard.hold(line["limit"], getattr(guard.limits, line["limit"]) + 1)
        elif "failed" in line:
            raise guard.refuse(line["failed"], _FAILURES[line["failed"]])
        ended = "end" in line
    if not ended:
        raise guard.refuse("unreadable", _FAILURES["unreadable"])
    if not merges_seen:
        notes.append(f"in a .{kind} file, merged areas are not seen.")
    cells = [
        _cells(index, found, guard, hidden=sheets[index][1], merges=sheets[index][2])
        for index, found in enumerate(frames)
    ]
    return Found(sheets, pl.concat([CELLS.to_frame(), *cells]), tuple(notes))


def _lines(guard: Guard) -> list[dict[str, Any]]:
    limits = guard.limits
    command = [
        sys.executable,
        "-P",  # its folder has modules with the names of others
        str(_CHILD),
        str(guard.path),
        *(str(most) for most in (limits.seconds, limits.memory_bytes, limits.cells, limits.total_bytes)),
    ]
    try:
        child = subprocess.run(  # noqa: S603 - our own script, and a path that no shell sees
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a panic prints what it was reading
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise guard.refuse("too-slow", _FAILURES["too-slow"]) from error
    for code, name in _ABORTED.items():
        if child.returncode == -getattr(signal, name, 0):
            raise guard.refuse(code, _FAILURES[code])
    if child.returncode:
        raise guard.refuse("unreadable", _FAILURES["unreadable"])
    return [json.loads(line) for line in child.stdout.splitlines()]


def _areas(merges: list[list[list[int]]], guard: Guard) -> list[Area]:
    areas = [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in merges]
    guard.hold("merges", len(areas))
    if any(
        not (top <= bottom <= MAX_ROW and left <= right <= MAX_COLUMN) for top, left, bottom, right in areas
    ):
        raise guard.refuse(
            "bad-reference", "it has a merged area in a place that no sheet has. Save it as .xlsx from Excel."
        )
    return areas


def _cells(
    sheet: int, found: list[pl.DataFrame], guard: Guard, *, hidden: bool, merges: list[Area]
) -> pl.DataFrame:
    cells = pl.concat([_COLUMNS.to_frame(), *found])
    long = cells["text"].str.len_chars().max()
    guard.hold("text", long if isinstance(long, int) else 0)
    if cells.filter((pl.col("row") > MAX_ROW) | (pl.col("col") > MAX_COLUMN)).height:
        raise guard.refuse(
            "bad-reference", "it has a cell in a place that no sheet has. Save it as .xlsx from Excel."
        )
    nothing, time = pl.lit(None, dtype=pl.String), pl.col("kind") == "time"
    return cells.with_columns(
        pl.lit(sheet, dtype=pl.UInt16).alias("sheet"),
        pl.col("col").cast(pl.UInt16),
        nothing.alias("raw"),
        pl.when(time).then(pl.lit(_TIME)).alias("format"),
        pl.when(time).then(pl.lit("number")).otherwise("kind").cast(KINDS).alias("kind"),
        pl.lit(hidden).alias("hidden"),
        merged_into(cells["row"], cells["col"], merges, guard).alias("merged_into"),
        pl.lit(False).alias("formula"),
    ).select(CELLS.names())
