"""Moderation samples of all of the Open University's assessments, beside the time of reading them: from one run.

    BOARDKIT_TEST_DATA=/folder/with/oulad/in/it python benchmarks/moderation.py

Reading and drawing take turns in one process; the ratio is the median over the turns. It ends with 1 where drawing
takes longer than it may.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

import boardkit as bk

TURNS = 5
AT_MOST = 2.0
"""How many times the time of reading may be taken."""


def main() -> None:
    """Measure, print and say whether it holds."""
    folder = Path(os.environ.get("BOARDKIT_TEST_DATA", ""), "oulad")
    if not folder.is_dir():
        raise SystemExit("BOARDKIT_TEST_DATA does not name a folder with the Open University's data in oulad")
    reading, drawing = [], []
    for seed in range(TURNS):
        began = time.perf_counter()
        cohort = bk.read(folder, kind="oulad")
        read = time.perf_counter()
        made = bk.sample(cohort, regulations="qmu-2022", seed=seed)
        held = made.certificate, made.table("sample")
        drawn = time.perf_counter()
        reading.append(read - began)
        drawing.append(drawn - read)
    ratio = statistics.median(after / before for before, after in zip(reading, drawing, strict=True))
    print(
        f"{made.scripts.rows.height:,} scripts, {made.groups.height:,} assessments, {held[1].height:,} drawn"
    )
    print(
        f"  reading {statistics.median(reading):.2f} s   drawing, with certificates {statistics.median(drawing):.2f} s"
    )
    print(f"  {ratio:.2f} times the reading; at most {AT_MOST}: {'no' if ratio > AT_MOST else 'yes'}")
    sys.exit(ratio > AT_MOST)


if __name__ == "__main__":
    main()
