"""What is handed in to be read, and is none of what can be."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

from boardkit.errors import CallError
from boardkit.read import read

MARKS = {"student_id": ["1"], "module": ["M"], "component": ["C"], "mark": [50]}
TWICE = pd.DataFrame([["1", "M", "C", "D"]], columns=["student_id", "module", "component", "component"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "cannot read a NoneType"),
        (5, "cannot read a int"),
        (pl.DataFrame(MARKS), r'cannot read a DataFrame.*\{"marks": frame, ...\}'),
        ({"marks": pl.LazyFrame(MARKS)}, "a lazy frame. Give what its collect"),
        (
            {
                "results": pl.DataFrame(
                    {"student_id": ["1"], "module": ["X"], "scqf_level": [8], "credits": [20]}
                )
            },
            "no marks table among the frames.*column names and no rows: student_id, module, component",
        ),
        ({"marks": TWICE}, "each column a name of its own"),
        ({"marks": [1, 2]}, "not a frame but list"),
    ],
)
def test_what_is_no_cohort_is_refused_in_a_sentence(given: Any, said: str) -> None:
    with pytest.raises(CallError, match=said):
        read(given)


def test_a_study_that_there_is_not_is_refused() -> None:
    with pytest.raises(CallError, match="undergraduate or postgraduate"):
        read({"marks": pl.DataFrame(MARKS)}, study="x")  # type: ignore[arg-type]
