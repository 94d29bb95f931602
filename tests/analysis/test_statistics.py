"""Statistics of module marks, against the standard library, and small groups flagged."""

from __future__ import annotations

import statistics

import polars as pl
import pytest

import boardkit as bk
from boardkit.analysis.bands import EDGES, bands, cuts
from boardkit.analysis.statistics import SMALL_GROUP, module_statistics
from boardkit.demo import demo


def board(marks: list[str | None], *, states: list[str | None] | None = None) -> bk.BoardResult:
    tables = {
        "modules": pl.DataFrame({"module": ["A"], "scqf_level": [10], "credits": [20]}),
        "components": pl.DataFrame({"module": ["A"], "component": ["Exam"], "weight": [1]}),
        "marks": pl.DataFrame(
            {
                "student_id": [f"{number:03d}" for number in range(len(marks))],
                "module": ["A"] * len(marks),
                "component": ["Exam"] * len(marks),
                "mark": pl.Series(marks, dtype=pl.String),
                "state": pl.Series(states or [None] * len(marks), dtype=pl.String),
            }
        ),
    }
    return bk.assess(bk.read(tables), "qmu-2022")


def test_against_the_standard_library() -> None:
    board = bk.assess(bk.read(demo(60)), "qmu-2022")
    results = board.polars.modules
    for row in module_statistics(board).rows(named=True):
        mine = results.filter(module=row["module"])
        marks = [float(mark) for mark in mine["mark"].drop_nulls()]
        assert row["n"] == len(marks)
        lower, middle, upper = statistics.quantiles(marks, n=4, method="inclusive")
        assert row["mean"] == pytest.approx(statistics.fmean(marks))
        assert row["sd"] == pytest.approx(statistics.stdev(marks))
        assert (row["lower_quartile"], row["median"], row["upper_quartile"]) == pytest.approx(
            (lower, middle, upper)
        )
        assert (row["minimum"], row["maximum"]) == (min(marks), max(marks))
        passed = mine.filter(pl.col("mark").is_not_null(), outcome="pass").height
        assert row["pass_rate"] == passed / len(marks)
        for outcome in ("pass", "fail", "deferred", "incomplete", "withdrawn"):
            assert row[outcome] == mine.filter(outcome=outcome).height


def test_a_zero_for_no_work_is_in_and_a_deferral_is_out() -> None:
    found = module_statistics(board(["60", None, None], states=[None, "not-submitted", "deferred"])).row(
        0, named=True
    )
    assert (found["n"], found["mean"], found["deferred"]) == (2, 30.0, 1)


@pytest.mark.parametrize(("number", "small"), [(1, True), (7, True), (8, False)])
def test_small_groups_are_flagged(number: int, *, small: bool) -> None:
    assert SMALL_GROUP == 7
    found = module_statistics(board(["50"] * number)).row(0, named=True)
    assert (found["n"], found["small"]) == (number, small)
    assert (found["sd"] is None) == (number == 1)


def test_bands_at_both_sides_of_every_cut() -> None:
    marks = ["0", "39.9", "40", "49.9", "50", "59.9", "60", "69.9", "70", "100"]
    found = bands(board(marks))
    assert found.select("band", "at", "n").rows() == [
        ("fail", 0, 2),
        ("third", 4000, 2),
        ("lower-second", 5000, 2),
        ("upper-second", 6000, 2),
        ("first", 7000, 2),
    ]
    assert found["0"].to_list() == [1, 0, 0, 0, 0]
    assert found["35"].to_list() == [1, 0, 0, 0, 0]
    assert found["95"].to_list() == [0, 0, 0, 0, 1]
    assert found.select(pl.sum(*map(str, EDGES))).sum_horizontal().item() == len(marks)


def test_a_cut_inside_a_bar_parts_it() -> None:
    """A module's own pass mark need not be where a bar begins."""
    tables = {
        "modules": pl.DataFrame({"module": ["A"], "scqf_level": [10], "credits": [20], "pass_mark": [42]}),
        "marks": pl.DataFrame(
            {
                "student_id": ["1", "2", "3"],
                "module": ["A"] * 3,
                "component": ["Exam"] * 3,
                "mark": ["41.9", "42", "44"],
            }
        ),
    }
    board = bk.assess(bk.read(tables), "qmu-2022")
    assert [(cut.at, cut.name) for cut in cuts(board)["A"]][:2] == [(0, "fail"), (4200, "pass")]
    assert bands(board)["40"].to_list()[:2] == [1, 2]
