"""The engine against a plain group-by of the same rows, and against pandas by hand: ratios from one run.

    python benchmarks/engine.py [N ...]        # students; 10000, 100000 and 1000000 where none are named

Every size is measured in a process of its own. Floor, engine and trace take turns, and the ratio is the
median over the turns, so that a machine that is busy for a while slows all of them alike.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from by_hand import assess_by_hand, frames_by_hand

import boardkit as bk
from boardkit.demo import demo, write_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from boardkit.cohort import Cohort

SIZES = (10_000, 100_000, 1_000_000)
TURNS = {10_000: 7, 100_000: 5, 1_000_000: 3}
BY_HAND_UP_TO = 100_000
"""Beyond this, pandas by hand takes minutes and tells nothing new."""


def floor(marks: pl.DataFrame) -> pl.DataFrame:
    """The floor: the same rows grouped by student and module, and again by student."""
    modules = marks.lazy().group_by("student_id", "module").agg(pl.col("mark").mean())
    return modules.group_by("student_id").agg(pl.col("mark").mean()).collect()


def engine(cohort: Cohort) -> bk.BoardResult:
    """The engine: every stage, from marks to classifications."""
    return bk.assess(cohort, "qmu-2022")


def tables(board: bk.BoardResult) -> None:
    """The tables of components, modules and awards, as they are shown and written."""
    for table in ("components", "modules", "awards"):
        board.table(table)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Time one call."""
    gc.collect()
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def peak(*, reset: bool = False) -> float:
    """Give the most memory held so far, in GiB; ``reset`` starts anew (Linux)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    line = next(
        line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 2**20


def measure(folder: Path, students: int) -> dict[str, float]:
    """Measure one size."""
    reading, cohort = timed(lambda: bk.read(folder))
    read_peak = peak()
    marks = cohort.polars.marks.select("student_id", "module", "mark")
    times: dict[str, list[float]] = {"floor": [], "engine": [], "tables": [], "trace": [], "by hand": []}
    by_hand = frames_by_hand(cohort) if students <= BY_HAND_UP_TO else None
    engine_peak = 0.0
    for _ in range(TURNS.get(students, 3)):
        seconds, _made = timed(lambda: floor(marks))
        times["floor"].append(seconds)
        del _made
        peak(reset=True)
        seconds, board = timed(lambda: engine(cohort))
        times["engine"].append(seconds)
        engine_peak = max(engine_peak, peak())
        times["tables"].append(timed(lambda board=board: tables(board))[0])
        seconds, _made = timed(lambda board=board: board.table("trace"))
        times["trace"].append(seconds)
        del board, _made
        if by_hand is not None:
            times["by hand"].append(timed(lambda: assess_by_hand(by_hand))[0])

    def ratio(name: str) -> float:
        return statistics.median(a / b for a, b in zip(times[name], times["floor"], strict=True))

    return {
        "marks": cohort.typed["marks"].height,
        "read s": reading,
        "read GiB": read_peak,
        "floor s": statistics.median(times["floor"]),
        "engine s": statistics.median(times["engine"]),
        "engine / floor": ratio("engine"),
        "engine GiB": engine_peak,
        "tables / engine": statistics.median(
            a / b for a, b in zip(times["tables"], times["engine"], strict=True)
        ),
        "trace / engine": statistics.median(
            a / b for a, b in zip(times["trace"], times["engine"], strict=True)
        ),
        **(
            {
                "by hand / engine": statistics.median(
                    a / b for a, b in zip(times["by hand"], times["engine"], strict=True)
                )
            }
            if by_hand is not None
            else {}
        ),
    }


def main() -> None:
    """Measure every size in its own process and print the figures."""
    if sys.argv[1:2] == ["--one"]:
        folder, students = Path(sys.argv[2]), int(sys.argv[3])
        if not folder.exists():
            write_folder(demo(students), folder, parquet=True)
            return
        print(json.dumps(measure(folder, students)))
        return
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    rows = {}
    with tempfile.TemporaryDirectory() as beside:
        for students in sizes:
            folder = str(Path(beside) / str(students))
            call = [sys.executable, __file__, "--one", folder, str(students)]
            subprocess.run(call, check=True)
            done = subprocess.run(call, check=True, capture_output=True, text=True)
            rows[students] = json.loads(done.stdout)
            print(f"{students:,} students")
            for name, value in rows[students].items():
                print(f"  {name:<18}{value:>14,.0f}" if name == "marks" else f"  {name:<18}{value:>14.2f}")
    for small, large in pairwise(sizes):
        growth = rows[large]["engine s"] / rows[small]["engine s"]
        print(
            f"engine, {small:,} to {large:,} students: {growth:.1f} times the time for {large / small:.0f} times the students"
        )


if __name__ == "__main__":
    main()
