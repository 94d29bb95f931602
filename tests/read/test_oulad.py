"""The Open University's dataset as a board: the real one counted apart from the engine, and a small one made up."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import BoardkitError, CallError

DATA = Path(os.environ.get("BOARDKIT_TEST_DATA", "")) / "oulad"
real = pytest.mark.skipif(
    not os.environ.get("BOARDKIT_TEST_DATA"),
    reason="BOARDKIT_TEST_DATA does not name the folder with the test files",
)
KEY = ["student_id", "module", "component"]


@cache
def rows() -> pl.DataFrame:
    """Every row of the dataset's marks, with its lateness in days, by nothing but its own columns."""
    assessments = pl.read_csv(DATA / "assessments.csv", null_values="?").select(
        "id_assessment",
        pl.concat_str("code_module", pl.lit("-"), "code_presentation").alias("module"),
        due="date",
    )
    return (
        pl.read_csv(DATA / "studentAssessment.csv", null_values="?")
        .join(assessments, on="id_assessment", how="left", maintain_order="left")
        .select(
            pl.col("id_student").cast(pl.String).alias("student_id"),
            "module",
            pl.col("id_assessment").cast(pl.String).alias("component"),
            "score",
            days=pl.when(pl.col("is_banked") == 0).then(pl.col("date_submitted") - pl.col("due").floor()),
        )
    )


@cache
def board(module: str | None = None, presentation: str | None = None) -> bk.BoardResult:
    cohort = bk.read(DATA, kind="oulad", module=module, presentation=presentation)
    return bk.assess(cohort, "qmu-2022")


@real
def test_every_row_of_all_presentations_is_a_component_mark() -> None:
    given = rows()
    assert (given.height, given["module"].n_unique(), given["module"].null_count()) == (173_912, 22, 0)
    found = board().polars.components
    assert found.height == 173_912
    assert found.select(KEY).sort(KEY).equals(given.select(KEY).sort(KEY))
    raw = found.select(*KEY, pl.col("raw_mark").cast(pl.Float64)).sort(KEY)["raw_mark"]
    assert raw.equals(given.sort(KEY)["score"].cast(pl.Float64).alias("raw_mark"))


@real
@pytest.mark.parametrize("presentation", [None, "2013J"])
def test_late_work_of_one_presentation(presentation: str | None) -> None:
    """BBB 2013J under 20.3: within six days at most 40, later 0, with no score nothing."""
    mine = rows().filter(module="BBB-2013J")
    within, beyond = mine.filter(pl.col("days").is_between(1, 6)), mine.filter(pl.col("days") > 6)
    assert (within.height, beyond.height) == (6_977, 719)
    assert (within["score"].null_count(), (within["score"] > 40).sum()) == (2, 6_716)
    assert (beyond["score"].null_count(), (beyond["score"] > 0).sum(), (beyond["score"] == 0).sum()) == (
        6,
        708,
        5,
    )
    made = board("BBB", presentation) if presentation else board()
    found = mine.join(made.polars.components, on=KEY, how="left", maintain_order="left")
    marks = found.with_columns(pl.col("mark").cast(pl.Float64), score=pl.col("score").cast(pl.Float64))
    capped = marks.filter(pl.col("days").is_between(1, 6))
    assert capped["mark"].equals(capped["score"].clip(0, 40).alias("mark"))
    assert dict(capped.group_by("rules").len().iter_rows()) == {"late": 6_716, None: 261}
    zeroed = marks.filter(pl.col("days") > 6)
    assert zeroed["mark"].drop_nulls().unique().to_list() == [0]
    assert dict(zeroed.group_by("rules").len().iter_rows()) == {"late-zero": 708, None: 11}
    rest = marks.filter((pl.col("days") <= 0) | pl.col("days").is_null())
    assert rest["mark"].equals(rest["score"].alias("mark"))


@real
def test_what_the_dataset_does_not_say_is_told() -> None:
    problems = board().polars.problems
    told = problems.filter(code="assumed")["message"].str.join(" ").item()
    assert all(word in told for word in ("SCQF level 7", "30 credits", "undergraduate", "attempt 1", "core"))
    # CCC's exams weigh 200 in all, GGG's coursework nothing, and neither is guessed at.
    assert problems.filter(code="weights-sum").height == 19


MADE = {
    "courses": "code_module,code_presentation,module_presentation_length\nAAA,2013J,100\nBBB,2014B,200\n",
    "assessments": (
        "code_module,code_presentation,id_assessment,assessment_type,date,weight\n"
        "AAA,2013J,1,TMA,10,100\nBBB,2014B,2,Exam,?,100\nZZZ,2013J,3,TMA,10,100\n"
    ),
    "studentInfo": (
        "code_module,code_presentation,id_student\nAAA,2013J,11\nAAA,2013J,12\nAAA,2013J,13\nBBB,2014B,11\n"
    ),
    "studentRegistration": (
        "code_module,code_presentation,id_student,date_unregistration\n"
        "AAA,2013J,11,?\nAAA,2013J,12,25\nAAA,2013J,13,26\nBBB,2014B,11,?\n"
    ),
    "studentAssessment": (
        "id_assessment,id_student,date_submitted,is_banked,score\n"
        "1,11,10,0,70\n1,12,16,0,70\n1,13,17,1,70\n2,11,99,0,?\n9,11,1,0,50\n"
    ),
}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    for name, text in MADE.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return tmp_path


def test_a_made_one_is_found_by_itself(made: Path) -> None:
    """On the day is on time, six days later is capped, a banked mark is not tested, ? is none."""
    found = bk.assess(bk.read(made), "qmu-2022")
    marks = found.polars.components.select("student_id", "module", "mark", "rules").rows()
    assert [(student, module, mark and str(mark), rules) for student, module, mark, rules in marks] == [
        ("11", "AAA-2013J", "70.00", None),
        ("11", "BBB-2014B", None, None),
        ("12", "AAA-2013J", "40.00", "late"),
        ("13", "AAA-2013J", "70.00", None),
    ]
    outcomes = dict(
        found.polars.modules.filter(module="AAA-2013J").select("student_id", "outcome").iter_rows()
    )
    assert outcomes == {"11": "pass", "12": "withdrawn", "13": "fail"}
    strays = found.polars.problems.filter(pl.col("code").str.ends_with("-unknown"))
    assert strays.select("code", "file", "value").rows() == [
        ("module-unknown", "assessments.csv", "ZZZ-2013J"),
        ("component-unknown", "studentAssessment.csv", "9"),
    ]


def test_a_module_and_a_presentation_may_be_chosen(made: Path) -> None:
    cohort = bk.read(made, kind="oulad", module="BBB")
    assert cohort.polars.modules["module"].to_list() == ["BBB-2014B"]
    with pytest.raises(CallError, match="AAA-2013J, BBB-2014B"):
        bk.read(made, kind="oulad", module="AAA", presentation="2014B")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("courses", "code_module\nAAA\n"),
        ("studentAssessment", MADE["studentAssessment"].replace("1,11,10,", "1,11,ten,")),
        ("studentAssessment", MADE["studentAssessment"] + "1,2\n"),
        ("courses", MADE["courses"].replace("2013J", "2013X")),
    ],
)
def test_a_file_that_is_not_the_datasets_is_refused(made: Path, name: str, text: str) -> None:
    (made / f"{name}.csv").write_text(text, "utf-8")
    with pytest.raises(BoardkitError, match=rf"{name}\.csv: .*Fetch it again\."):
        bk.read(made)
