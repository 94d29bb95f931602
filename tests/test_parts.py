"""A cohort assessed in parts gives what it gives whole, wherever it is cut."""

from __future__ import annotations

import polars as pl
import pytest

import boardkit as bk
from boardkit import assessing, tables, trace
from boardkit.demo import demo
from boardkit.parts import cut
from tests.plain import cohorts
from tests.test_agreement import frames


def given(name: str) -> dict[str, pl.DataFrame]:
    if name == "wild":
        return frames(cohorts.cohort(11, 60))
    made = demo(60, study=name, faults=True)
    if name == "postgraduate":
        # Nobody is classified; students are those who are enrolled.
        del made["students"]
    return made


@pytest.mark.parametrize("students", [1, 7, 59, 60])
@pytest.mark.parametrize("name", ["wild", "undergraduate", "postgraduate"])
def test_parts_of_any_size_give_the_same_tables(
    name: str, students: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = bk.read(given(name))
    whole = bk.assess(cohort, "qmu-2022")
    expected = {table: whole.table(table) for table in tables.OUTPUT}
    monkeypatch.setattr(assessing, "PART", students)
    monkeypatch.setattr(trace, "PART", students)
    board = bk.assess(cohort, "qmu-2022")
    for table, frame in expected.items():
        assert board.table(table).equals(frame), table


def test_every_row_is_in_one_part() -> None:
    cohort = bk.read(demo(60))
    parts = cut(cohort, 7)
    assert [len(part.cohort().numbers.students) for part in parts] == [7] * 8 + [4]
    for name in cohort.given - {"board", "modules", "components", "deadlines", "scaling"}:
        together = pl.concat([part.cohort().typed[name] for part in parts])
        assert together.equals(cohort.typed[name]), name
