"""What moderation showed: of forms and of the board's own second marks, by marker, drawn; severity with what it assumes."""

from __future__ import annotations

import random
import re
import sys
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
from sklearn.metrics import cohen_kappa_score

import boardkit as bk
from boardkit import cli, tables
from boardkit.errors import CallError
from boardkit.moderation.form import make_form
from boardkit.moderation.form_read import read_form
from boardkit.moderation.severity import welch
from boardkit.moderation.showed import showed
from boardkit.regulations import load
from tests.moderation.cohorts import BANDS, band, moderate

if TYPE_CHECKING:
    from pathlib import Path

PACK = load("qmu-2022")
GRADES = [name for name, _ in reversed(BANDS)]


def board(n: int = 60, *, bias: float = 0.0) -> dict[str, pl.DataFrame]:
    """Three markers; the students of the third are weaker, and he is two points more severe."""
    rng = random.Random(4)
    rows = []
    for at in range(n):
        marker = at % 3
        able = rng.gauss(62 - 12 * (marker == 2), 8)
        marks = [able + rng.gauss(0, 2) - 2 * (marker == 2), able + rng.gauss(0, 2), able + rng.gauss(0, 2)]
        mark = [round(min(100, max(0, one)), 2) for one in marks]
        rows += [
            (
                f"S{at:03d}",
                "A",
                "Essay",
                mark[0],
                f"Dr {'ABC'[marker]}",
                round(mark[0] + rng.gauss(bias, 3), 2),
            )
        ]
        rows += [
            (f"S{at:03d}", "A", "Exam", mark[1], "Dr X", None),
            (f"S{at:03d}", "A", "Test", mark[2], "Dr X", None),
        ]
    schema = ["student_id", "module", "component", "mark", "marker", "second_mark"]
    marks = pl.DataFrame(rows, schema=schema, orient="row")
    return {
        "marks": marks,
        "modules": pl.DataFrame({"module": ["A"], "scqf_level": ["8"], "credits": ["20"]}),
    }


def test_an_assessment_and_each_of_its_markers() -> None:
    given = board()
    found = showed(bk.read(given), PACK).tables["agreement"]
    assert tuple(found.columns) == tables.MODERATION["agreement"]
    assert found["marker"].to_list() == [None, "Dr A", "Dr B", "Dr C"]
    assert found["pairs"].to_list() == [60, 20, 20, 20]
    essay = given["marks"].filter(component="Essay")
    apart = (essay["second_mark"] - essay["mark"]).to_list()
    assert found["mean_difference"][0] == pytest.approx(sum(apart) / 60, abs=0.006)
    first, second = (
        [GRADES.index(band(round(mark * 100))) for mark in essay[name]] for name in ("mark", "second_mark")
    )
    assert found["kappa"][0] == pytest.approx(cohen_kappa_score(first, second, weights="linear"), abs=0.006)
    assert found["lower_limit"][0] == pytest.approx(
        found["mean_difference"][0] - 1.96 * found["spread"][0], abs=0.02
    )


def test_a_bias_calls_for_the_whole_cohort() -> None:
    assert showed(bk.read(board(bias=5)), PACK).tables["agreement"]["review"][0] == "Y"
    assert showed(bk.read(board()), PACK).tables["agreement"]["review"][0] == "N"
    assert "Look at the whole cohort" in repr(showed(bk.read(board(bias=5)), PACK))


def test_severity_says_what_it_assumes() -> None:
    """Held at random, the third marker seems far too severe; against the students' own other work, by some two points."""
    made = bk.read(board(300))
    at_random = (
        showed(made, PACK, random_allocation=True).tables["severity"].filter(marker="Dr C").row(0, named=True)
    )
    against = showed(made, PACK).tables["severity"].filter(marker="Dr C").row(0, named=True)
    assert (at_random["basis"], against["basis"]) == tables.SEVERITY_BASES
    assert at_random["severity"] < -10
    assert against["low"] < -2 < against["high"] < 0
    assert at_random["scripts"] == against["scripts"] == 100


def test_severity_without_other_work_is_not_told() -> None:
    given = board()
    alone = {**given, "marks": given["marks"].filter(component="Essay")}
    found = showed(bk.read(alone), PACK).tables["severity"]
    assert found["severity"].null_count() == found.height == 3
    assert (
        showed(bk.read(alone), PACK, random_allocation=True).tables["severity"]["severity"].null_count() == 0
    )


def test_welch_is_scipys() -> None:
    from scipy.stats import ttest_ind  # noqa: PLC0415 - the other opinion

    one, other = [50.0, 55, 61, 48, 70], [60.0, 62, 59, 71]
    theirs = ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert welch(one, other)[1:] == pytest.approx((theirs.low, theirs.high))  # type: ignore[index]
    assert welch([50], [60, 61]) is None
    assert welch([50, 50], [60, 60]) == (-10, None, None)
    assert welch([0.1 + 0.2, 0.3], [0, 0]) == (0.3, None, None)


def test_forms_stand_over_the_boards_own_second_marks(tmp_path: Path) -> None:
    given = board()
    given["marks"] = given["marks"].drop("second_mark")
    made = bk.read(given)
    moderate(made, "A", "Essay", seed=1).write(tmp_path / "s")
    (tmp_path / "form.xlsx").write_bytes(make_form(tmp_path / "s"))
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    sheet = book["Moderation"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, heads["second_mark"]).value = round(sheet.cell(row, heads["mark"]).value + 4, 2)
        sheet.cell(row, heads["second_marker"]).value = "Dr M"
    book.save(tmp_path / "form.xlsx")
    filled = read_form(tmp_path / "form.xlsx", made, PACK)
    found = showed(made, PACK, [filled]).tables["agreement"]
    assert found["mean_difference"].unique().to_list() == [4.0]
    assert found["pairs"][0] == filled.rows.height
    assert showed(made, PACK, [filled, filled]).tables["agreement"].equals(found)
    other = replace(filled, rows=filled.rows.with_columns(second_mark=pl.col("second_mark") + 100))
    several = rf"{filled.rows.height} scripts have different second marks on two of the forms, the first of A Essay, attempt 1"
    with pytest.raises(CallError, match=several):
        showed(made, PACK, [filled, other])
    assert showed(made, PACK).tables["agreement"].is_empty()
    assert repr(showed(made, PACK)) == "no work has a second mark"


def test_differences_are_drawn() -> None:
    drawn = showed(bk.read(board()), PACK).figures()
    assert list(drawn) == ["A Essay 1"]
    one = drawn["A Essay 1"]
    assert re.match(r"A Essay 1: 60 pairs, mean difference [+-]\d\.\d, limits of agreement [+-]\d", one.told)
    assert one.draw("png")[1:4] == b"PNG"
    assert one.draw("svg") == showed(bk.read(board()), PACK).figures()["A Essay 1"].draw("svg")


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "board"
    folder.mkdir()
    for name, frame in board(bias=6).items():
        frame.write_csv(folder / f"{name}.csv")
    given = [
        "showed",
        str(folder),
        "--regulations",
        "qmu-2022",
        "--out",
        str(tmp_path / "o"),
        "--random-allocation",
    ]
    monkeypatch.setattr(sys, "argv", ["boardkit", "moderation", *given])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1, "a module of three pieces of work with no weights"
    said = capsys.readouterr().out
    assert "Read      board   60 students, 1 module, 180 marks" in said
    assert "Problems  1 error" in said, "what the code says is told"
    assert "Showed    A Essay, attempt 1: 60 pairs, second marks +5.8 (+5.1 to +6.6)" in said
    assert "Look at the whole cohort: at least 3 points" in said
    assert "Severity  work is taken to have been allocated to markers at random" in said
    assert pl.read_csv(tmp_path / "o" / "severity.csv")["basis"].unique().to_list() == ["random-allocation"]


def test_an_agreed_mark_or_a_grade_is_held_against_no_second_mark() -> None:
    """Where the first mark is blank the agreed one would show what was agreed, not how the marker marked."""
    marks = pl.DataFrame(
        {
            "student_id": [f"S{at}" for at in range(5)],
            "module": "A",
            "component": "Essay",
            "mark": ["50", "60", "70", None, None],
            "second_mark": ["52", "61", "71", "40", "41"],
            "agreed_mark": [None, None, None, "80", "81"],
            "marker": ["X", "X", "Y", "Y", "Y"],
        }
    )
    modules = board()["modules"]
    found = showed(bk.read({"marks": marks, "modules": modules}), PACK)
    assert found.tables["agreement"].filter(pl.col("marker").is_null())["pairs"].to_list() == [3]
    assert found.tables["severity"]["scripts"].to_list() == [2, 1]
    graded = modules.with_columns(grade_only=pl.lit("Y"))
    rows = marks.head(3).with_columns(grade=pl.lit("B"), mark=pl.lit(None, dtype=pl.String))
    assert showed(bk.read({"marks": rows, "modules": graded}), PACK).pairs.is_empty()


def test_a_mean_of_exactly_the_review_is_not_short_of_it() -> None:
    """(1.60 + 3.53 + 3.87) / 3 is 3; as a float it is 2.999999999999998."""
    marks = pl.DataFrame(
        {
            "student_id": ["1", "2", "3"],
            "module": "A",
            "component": "Essay",
            "mark": ["76.62", "35.16", "50.89"],
            "second_mark": ["78.22", "38.69", "54.76"],
        }
    )
    found = showed(bk.read({"marks": marks, "modules": board()["modules"]}), PACK).tables["agreement"]
    assert found["mean_difference"].to_list() == [3.0]
    assert found["why"][0].startswith("at least 3 points")
    short = marks.with_columns(second_mark=pl.Series(["78.21", "38.69", "54.76"]))
    found = showed(bk.read({"marks": short, "modules": board()["modules"]}), PACK).tables["agreement"]
    assert found["why"][0].startswith("less than 3 points")


@pytest.mark.parametrize(("by", "review"), [("0.00", "N"), ("2.00", "N"), ("5.10", "Y"), ("-5.10", "Y")])
@pytest.mark.parametrize("pairs", [2, 5])
def test_of_differences_that_are_all_the_same_no_interval_is_told(by: str, review: str, pairs: int) -> None:
    """It would have no width, and say that the mean is known for certain."""
    first = [Decimal(mark) for mark in ("58.30", "61.10", "40.07", "72.45", "66.66")][:pairs]
    marks = pl.DataFrame(
        {
            "student_id": [str(at) for at in range(pairs)],
            "module": "A",
            "component": "Essay",
            "mark": [str(mark) for mark in first],
            "second_mark": [str(mark + Decimal(by)) for mark in first],
        }
    )
    found = showed(bk.read({"marks": marks, "modules": board()["modules"]}), PACK)
    row = found.tables["agreement"].row(0, named=True)
    names = ("low", "high", "lower_limit", "upper_limit")
    assert [row[name] for name in names] == [None] * 4
    assert (row["mean_difference"], row["spread"], row["review"]) == (float(by), 0, review)
    assert "all differ by the same, of which no interval can be told" in row["why"]
    assert f"{pairs} pairs, second marks {float(by):+.1f}" in repr(found)
    assert " to " not in repr(found)
    assert "limits" not in found.figures()["A Essay 1"].told
