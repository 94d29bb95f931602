"""Cohorts of one assessment, to sample."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import strategies as st

import boardkit as bk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.cohort import Cohort

MODULES = pl.DataFrame({"module": ["A"], "scqf_level": ["8"], "credits": ["20"]})


moderate = partial(bk.sample, regulations="qmu-2022")
"""Draw under QMU's regulations."""


def cohort(
    marks: Sequence[int], markers: Sequence[str] | None = None, modules: pl.DataFrame = MODULES
) -> Cohort:
    """A cohort of one piece of work, by marks in hundredths; students are numbered from 1."""
    named = {} if markers is None else {"marker": list(markers)}
    rows = pl.DataFrame(
        {
            "student_id": [f"{at:08d}" for at in range(1, len(marks) + 1)],
            "module": "A",
            "component": "Essay",
            "mark": [f"{mark / 100:.2f}" for mark in marks],
            **named,
        }
    )
    return bk.read({"marks": rows, "modules": modules})


def drawn(
    marks: Sequence[int], markers: Sequence[str] | None = None, seed: int = 1, **asked: object
) -> pl.DataFrame:
    """The sample of such a cohort."""
    return moderate(cohort(marks, markers), regulations="qmu-2022", seed=seed, **asked).polars.sample


def usual(n: int, seed: int = 0, *, mean: float = 5_800, spread: float = 1_200) -> list[int]:
    """Marks as they mostly are."""
    rng = random.Random(seed)
    return [min(10_000, max(0, round(rng.gauss(mean, spread)))) for _ in range(n)]


BANDS = (("A*", 8_000), ("A", 7_000), ("B", 6_000), ("C", 5_000), ("D", 4_000), ("E", 3_000), ("F", 0))


def band(mark: int) -> str:
    """The grade of a mark, by hand."""
    return next(grade for grade, lowest in BANDS if mark >= lowest)


@st.composite
def cohorts(draw: st.DrawFn, most: int = 5_000) -> tuple[list[int], list[str]]:
    """Marks and markers of cohorts of every size: spread wide, close together, few markers or many."""
    n = draw(st.one_of(st.integers(1, 60), st.integers(1, most)))
    rng = random.Random(draw(st.integers(0, 2**32)))
    mean, spread = rng.randint(2_000, 8_000), rng.choice([0, 1, 50, 400, 1_200, 3_000])
    markers = rng.randint(1, 8)
    marks = [min(10_000, max(0, round(rng.gauss(mean, spread)))) for _ in range(n)]
    return marks, [f"M{rng.randrange(markers)}" for _ in range(n)]
