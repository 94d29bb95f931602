"""Samples held against the clauses by hand, written apart from the draw: hundreds of cohorts of every kind on one board."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import polars as pl
import pytest

import boardkit as bk
from tests.moderation.cohorts import BANDS, moderate

POSTGRADUATE = (("A*", 8_000), ("A", 7_000), ("B", 6_000), ("C", 5_000), ("D", 4_000), ("E", 0))
MODULES = 250


class Script(NamedTuple):
    mark: int
    marker: str | None
    pass_mark: int
    bands: tuple[tuple[str, int], ...]

    @property
    def band(self) -> str:
        return next(grade for grade, lowest in self.bands if self.mark >= lowest)

    @property
    def fails(self) -> bool:
        return self.pass_mark - 200 <= self.mark < self.pass_mark


Work = tuple[str, str, int]


@dataclass
class Board:
    """A board to be read, and by hand what was marked of each piece of work."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    marked: dict[Work, dict[str, Script]] = field(default_factory=lambda: defaultdict(dict))


def board(seed: int) -> Board:
    """Modules of both studies, some with a pass mark of their own; 1 to 200 students, some with nothing that was marked."""
    rng, made = random.Random(seed), Board()
    modules, rows, claims = [], [], []
    for at in range(MODULES):
        module, postgraduate, own = f"M{at:03d}", rng.random() < 0.3, rng.choice([None, None, 45, 55])
        modules.append((module, "11" if postgraduate else "8", "20", None if own is None else str(own)))
        pass_mark = 100 * (own or (50 if postgraduate else 40))
        n = rng.randint(1, rng.choice([14, 200]))
        mean, spread, markers = rng.randint(2_000, 8_000), rng.choice([0, 1, 100, 1_200]), rng.randint(1, 8)
        for component, attempt in [("Essay", 1), ("Essay", 2), ("Exam", 1)][: rng.choice([1, 1, 2, 3])]:
            for student in (f"{at:03d}{one:05d}" for one in range(n if attempt == 1 else 1 + n // 4)):
                mark = min(10_000, max(0, round(rng.gauss(mean, spread))))
                marker = f"K{rng.randrange(markers)}" if rng.random() < 0.97 else None
                kind, typed, state = rng.random(), f"{mark / 100:.2f}", None
                if kind < 0.06:
                    typed, state = [("6O", None), (None, "not-submitted"), ("0", "absent"), (typed, "deferred"), (None, None)][int(kind * 80)]  # fmt: skip
                elif kind < 0.08:
                    claims.append((student, module, component, str(attempt), "Y", "deferred"))
                else:
                    script = Script(mark, marker, pass_mark, POSTGRADUATE if postgraduate else BANDS)
                    made.marked[module, component, attempt][student] = script
                rows.append((student, module, component, str(attempt), typed, state, marker))
    key = ["student_id", "module", "component", "attempt"]
    made.tables = {
        "modules": _frame(modules, ["module", "scqf_level", "credits", "pass_mark"]),
        "marks": _frame(rows, [*key, "mark", "state", "marker"]),
        "circumstances": _frame(claims, [*key, "accepted", "effect"]),
    }
    return made


def _frame(rows: list[tuple[str | None, ...]], names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


@pytest.mark.parametrize("seed", [1, 2])
def test_samples_are_what_the_clauses_ask_for(seed: int) -> None:
    made = board(seed)
    frames = moderate(made.tables, seed=seed).polars
    sample, numbers = frames.sample, frames.assessments
    drawn: dict[Work, dict[str, dict]] = defaultdict(dict)
    for row in sample.to_dicts():
        drawn[row["module"], row["component"], row["attempt"]][row["student_id"]] = row
    assert sum(map(len, drawn.values())) == sample.height
    assert drawn.keys() == made.marked.keys()
    for work, scripts in made.marked.items():
        _held_against(drawn[work], scripts)
        told = numbers.filter(module=work[0], component=work[1], attempt=work[2]).row(0, named=True)
        fails = sum(script.fails for script in scripts.values())
        assert (told["n"], told["fails"], told["size"]) == (len(scripts), fails, len(drawn[work]))


def _held_against(drawn: dict[str, dict], scripts: dict[str, Script]) -> None:
    """MS1 to MS5, one by one."""
    n, fails = len(scripts), {student for student, script in scripts.items() if script.fails}
    root = next(k for k in range(n + 1) if (2 * k - 1) ** 2 < 4 * n < (2 * k + 1) ** 2)
    size = min(n, max(6, root + len(fails)))
    assert drawn.keys() <= scripts.keys()
    assert len(drawn) == size
    assert fails <= drawn.keys()
    marks = [scripts[student].mark for student in drawn]
    ends = {"lowest": min(one.mark for one in scripts.values()), "highest": max(one.mark for one in scripts.values())}  # fmt: skip
    assert marks == sorted(marks)
    assert {"lowest": marks[0], "highest": marks[-1]} == ends
    bands, markers = {one.band for one in scripts.values()}, {one.marker for one in scripts.values()}
    if size - len(fails) >= len(bands) + len(
        markers
    ):  # those with no name stand for one: both ends may be theirs
        assert {row["band"] for row in drawn.values()} == bands
        assert {row["marker"] for row in drawn.values()} >= markers - {None}
    assert all(row["band"] == scripts[student].band for student, row in drawn.items())
    reasons = {student: row["reason"] for student, row in drawn.items()}
    if n <= 6:
        assert set(reasons.values()) == {"whole-cohort"}
        return
    assert set(reasons.values()) <= {"borderline-fail", "lowest", "highest", "range"}
    assert {student for student, why in reasons.items() if why == "borderline-fail"} == fails
    for why, mark in ends.items():
        named = [scripts[student].mark for student, reason in reasons.items() if reason == why]
        assert named == [mark] or (not named and mark in {scripts[student].mark for student in fails})


def digest(seed: int) -> str:
    """What is drawn of a board whose rows stand in another order at every seed of Python's own hashes."""
    made = board(seed).tables
    order = random.Random(hash("rows")).getrandbits(32)
    made["marks"] = made["marks"].sample(fraction=1, shuffle=True, seed=order)
    drawn = bk.sample(made, regulations="qmu-2022", seed=5, purpose="external", key=b"k" * 32)
    return hashlib.sha256(drawn.polars.sample.write_csv().encode()).hexdigest()


def test_neither_hashes_nor_threads_nor_the_order_of_rows_decide() -> None:
    call = "from tests.moderation.test_by_hand import digest; print(digest(3))"
    found = {
        subprocess.run(
            [sys.executable, "-c", call],
            env={**os.environ, "PYTHONHASHSEED": hashes, "POLARS_MAX_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hashes, threads in product(("1", "77"), ("1", "3"))
    }
    assert found == {f"{digest(3)}\n"}
