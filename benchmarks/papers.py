"""The board papers against bare writing of the same cells, and whole runs against the sum of what cannot be saved.

    python benchmarks/papers.py [N ...]        # students; 120 and 5000 where none are named

Three ratios. Papers: content and workbook, against XlsxWriter writing the same cells with the same options and
no format. Run: the whole command into an empty folder, against starting Python with the packages, reading the
cells, grouping the marks, writing the tables and writing the cells, each done barely. Start: the whole command
against starting Python with the packages alone. Both sides take turns, of which the first does not count, and a
ratio is the median over the others.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import python_calamine
import xlsxwriter

import boardkit as bk
from boardkit import tables
from boardkit.demo import demo, write_workbook
from boardkit.report.content import papers
from boardkit.report.workbook import OPTIONS
from boardkit.report.workbook import write_workbook as write_papers

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (120, 5_000)
TURNS = {120: 11}
FEW = 3
"""How many turns a size has that is not listed."""

IMPORTS = [sys.executable, "-c", "import polars, xlsxwriter"]
SETTINGS = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Processes keep compiled code, as they do for everyone who has installed boardkit."""

COMMAND = [sys.executable, "-c", "from boardkit.cli import main; main()"]
Sheets = list[tuple[str, list[list[object]]]]


@dataclass(frozen=True)
class Measured:
    """What one size gave: seconds, and the ratios."""

    cells: int
    papers: float
    papers_to_bare: float
    run: float
    run_to_floors: float
    run_to_imports: float


def timed(work: Callable[[], object]) -> float:
    """Time one call."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cells_of(path: Path) -> Sheets:
    """Read the cells of a workbook, barely."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    return [
        (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
    ]


def bare(sheets: Sheets, path: Path) -> None:
    """Write cells, and nothing else."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, str):
                        if value:
                            sheet.write_string(at, place, value)
                    else:
                        sheet.write_number(at, place, value)


def command(source: Path, out: Path) -> None:
    """Run the command as anyone does; errors in the data are no failure of it."""
    call = [*COMMAND, "run", str(source), "--regulations", "qmu-2022", "--out", str(out)]
    done = subprocess.run(call, check=False, capture_output=True, env=SETTINGS)
    if done.returncode > 1:
        raise SystemExit(done.stderr.decode())


def measure(folder: Path, students: int) -> Measured:
    """Measure one size."""
    source, book, other = folder / f"{students}.xlsx", folder / "board.xlsx", folder / "bare.xlsx"
    write_workbook(demo(students), source)
    board = bk.assess(bk.read(source), "qmu-2022")
    outputs = {name: board.table(name) for name in tables.OUTPUT}
    write_papers(papers(board), book)
    sheets = cells_of(book)
    marks = board.cohort.polars.marks.lazy()
    grouped = (
        marks.group_by("student_id", "module").agg(pl.col("mark").mean()).group_by("student_id").agg(pl.len())
    )

    def floors() -> None:
        subprocess.run(IMPORTS, check=True, env=SETTINGS)
        cells_of(source)
        grouped.collect()
        for name, frame in outputs.items():
            frame.write_csv(folder / f"{name}.csv")
        bare(sheets, other)

    works: dict[str, Callable[[], object]] = {
        "papers": lambda: write_papers(papers(board), book),
        "bare": lambda: bare(sheets, other),
        "run": lambda: command(source, Path(tempfile.mkdtemp(dir=folder))),
        "floors": floors,
        "imports": lambda: subprocess.run(IMPORTS, check=True, env=SETTINGS),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(1 + TURNS.get(students, FEW)):
        for name, work in works.items():
            seconds = timed(work)
            if turn:
                times[name].append(seconds)

    def ratio(above: str, below: str) -> float:
        return statistics.median(a / b for a, b in zip(times[above], times[below], strict=True))

    return Measured(
        cells=sum(value not in ("", None) for _, rows in sheets for row in rows for value in row),
        papers=statistics.median(times["papers"]),
        papers_to_bare=ratio("papers", "bare"),
        run=statistics.median(times["run"]),
        run_to_floors=ratio("run", "floors"),
        run_to_imports=ratio("run", "imports"),
    )


def main() -> None:
    """Measure every size and print the figures."""
    for students in [int(size) for size in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder), students)
        print(
            f"{students:,} students, {found.cells:,} cells: papers {found.papers:.2f} s, "
            f"{found.papers_to_bare:.2f} times the bare cells; run {found.run:.2f} s, "
            f"{found.run_to_floors:.2f} times the floors, {found.run_to_imports:.1f} times the imports"
        )


if __name__ == "__main__":
    main()
