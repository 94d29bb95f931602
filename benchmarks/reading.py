"""The workbook reader against openpyxl's normal mode and bare python-calamine: ratios from one run.

    python benchmarks/reading.py [ROWS ...]        # rows of 10 columns; 20000 and 250000 where none are named

Every reader runs in a process of its own, told only which file to read, and times the reading alone. They take
turns, and the ratio is the median over the turns, so that a machine that is busy for a while slows all of them
alike. Each has to find every cell. It ends with 1 where the reader is not as fast as it has to be.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

SIZES = (20_000, 250_000)
TURNS = {20_000: 7, 250_000: 3}
COLUMNS = 10
AT_LEAST = 1.7
"""How many times as fast as openpyxl's normal mode the reader has to be."""

READERS = {
    "boardkit": """
from boardkit.read.workbook import read_workbook
began = time.perf_counter()
cells = read_workbook(sys.argv[1]).cells.height
""",
    "openpyxl": """
import openpyxl
began = time.perf_counter()
sheet = openpyxl.load_workbook(sys.argv[1], data_only=True).worksheets[0]
cells = len(sheet._cells)
""",
    "calamine": """
import python_calamine
began = time.perf_counter()
rows = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
cells = sum(map(len, rows))
""",
}
AROUND = (
    "import json, resource, sys, time\n{}\nseconds = time.perf_counter() - began\n"
    "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
    "print(json.dumps([seconds, cells, peak]))\n"
)


def write(path: Path, rows: int) -> None:
    """Write marks as boards have them: identifiers as text, marks with two places, dates, few repeated words."""
    draw = random.Random(rows)  # noqa: S311 - invented marks
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("Marks")
        sheet.write_row(
            0,
            0,
            [
                "student_id",
                "module",
                "component",
                "attempt",
                "mark",
                "submitted_at",
                "words",
                "marker",
                "note",
                "x",
            ],
        )
        for row in range(1, rows + 1):
            sheet.write_string(row, 0, f"{40_000_000 + row // 8:08}")
            sheet.write_string(row, 1, f"PS4{row % 8:03}")
            sheet.write_string(row, 2, ("Essay", "Exam")[row % 2])
            sheet.write_number(row, 3, 1)
            sheet.write_number(row, 4, draw.randrange(10_001) / 100)
            sheet.write_number(row, 5, 44_800 + draw.randrange(100_000) / 1_000, moment)
            sheet.write_number(row, 6, draw.randrange(1_500, 2_600))
            sheet.write_string(row, 7, f"marker {draw.randrange(40)}")
            sheet.write_string(row, 8, f"note {row}")
            sheet.write_boolean(row, 9, row % 3 == 0)


def read(reader: str, path: Path) -> tuple[float, int, int]:
    """Read a workbook in a process of its own: seconds, cells, and the most kilobytes it held."""
    command = [sys.executable, "-c", AROUND.format(READERS[reader]), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, cells, peak = json.loads(done.stdout)
    return seconds, cells, peak


def measure(rows: int, path: Path) -> float:
    """Let the readers take turns; print and give how many times as fast as openpyxl ours is."""
    write(path, rows)
    times: dict[str, list[float]] = {reader: [] for reader in READERS}
    peaks: dict[str, int] = dict.fromkeys(READERS, 0)
    for _ in range(TURNS.get(rows, 3)):
        for reader in READERS:
            seconds, cells, peak = read(reader, path)
            if cells != (rows + 1) * COLUMNS:
                raise SystemExit(f"{reader} found {cells:,} cells of {(rows + 1) * COLUMNS:,}")
            times[reader].append(seconds)
            peaks[reader] = max(peaks[reader], peak)
    print(
        f"{rows:,} rows of {COLUMNS} columns, {path.stat().st_size / 1e6:.1f} MB, {TURNS.get(rows, 3)} turns"
    )
    ratios = {}
    for reader in READERS:
        turns = zip(times[reader], times["boardkit"], strict=True)
        ratios[reader] = statistics.median(theirs / ours for theirs, ours in turns)
        print(
            f"  {reader:<10}{statistics.median(times[reader]):7.2f} s   {ratios[reader]:5.2f} times boardkit's"
            f"   {peaks[reader] / 1024:6.0f} MiB"
        )
    return ratios["openpyxl"]


def main() -> None:
    """Measure every size."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        ratios = [measure(rows, Path(folder) / "marks.xlsx") for rows in sizes]
    slow = [ratio for ratio in ratios if ratio < AT_LEAST]
    print(f"At least {AT_LEAST} times as fast as openpyxl: {'no' if slow else 'yes'}")
    sys.exit(bool(slow))


if __name__ == "__main__":
    main()
