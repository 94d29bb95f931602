"""What names something that is not there is told of; what could not be read takes with it what hangs on it."""

from __future__ import annotations

import polars as pl
import pytest

import boardkit as bk
from boardkit import tables
from tests.check.raws import cohort, errors, raw

MARK = ["student_id", "module", "component", "attempt", "mark"]
ENROLMENTS = raw("enrolments", ["student_id", "module"], ["1", "A"], ["2", "A"], ["2", "B"])
COMPONENTS = raw(
    "components",
    ["module", "component", "weight"],
    ["A", "Essay", "50"],
    ["A", "Exam", "50"],
    ["B", "Exam", "1"],
)
SOUND = raw(
    "marks",
    MARK,
    ["1", "A", "Essay", "1", "60"],
    ["1", "A", "Exam", "1", "60"],
    ["2", "A", "Essay", "1", "60"],
    ["2", "A", "Exam", "1", "60"],
    ["2", "B", "Exam", "1", "60"],
)


def outcomes(*raws: object) -> dict[tuple[str, str], str]:
    """Give every module's outcome by student and module."""
    board = bk.assess(cohort(*raws), "qmu-2022", study="undergraduate")
    modules = board.polars.modules
    return dict(zip(modules.select("student_id", "module").rows(), modules["outcome"].to_list(), strict=True))


ALL = {("1", "A"): "pass", ("2", "A"): "pass", ("2", "B"): "pass"}


def test_nothing_is_said_of_references_that_hold() -> None:
    assert outcomes(SOUND, ENROLMENTS, COMPONENTS) == ALL
    assert errors(cohort(SOUND, ENROLMENTS, COMPONENTS)) == []


@pytest.mark.parametrize("attempt", ["0", "1.5", "-1", "second", "1e400"])
def test_an_attempt_that_cannot_be_read_makes_the_module_incomplete(attempt: str) -> None:
    again = raw("marks", MARK, *SOUND.rows.drop("_row").rows(), ["2", "A", "Exam", attempt, "70"])
    assert outcomes(again, ENROLMENTS, COMPONENTS) == ALL | {("2", "A"): "incomplete"}
    assert [place for *_, place in errors(cohort(again, ENROLMENTS, COMPONENTS))] == ["D7"]


def test_a_component_left_blank_makes_the_module_incomplete() -> None:
    again = raw("marks", MARK, *SOUND.rows.drop("_row").rows(), ["1", "A", None, "2", "70"])
    assert outcomes(again, ENROLMENTS, COMPONENTS) == ALL | {("1", "A"): "incomplete"}


def test_a_mark_whose_component_is_blank_still_enrols() -> None:
    marks = raw("marks", MARK, ["1", "A", None, "1", "70"], ["2", "B", "Exam", "1", "60"])
    assert outcomes(marks) == {("1", "A"): "incomplete", ("2", "B"): "pass"}


def test_bad_rows_take_with_them_what_hangs_on_them() -> None:
    deadlines = ["module", "component", "attempt", "due_at"]
    scaling = ["module", "component", "basis", "add"]
    circumstances = ["student_id", "module", "component", "attempt", "accepted", "effect"]
    incomplete = {
        "components": (
            raw(
                "components",
                ["module", "component", "weight"],
                ["A", "Essay", "x"],
                ["A", "Exam", "50"],
                ["B", "Exam", "1"],
            ),
            [("1", "A"), ("2", "A")],
        ),
        "a component without a name": (
            raw(
                "components",
                ["module", "component", "weight"],
                *COMPONENTS.rows.drop("_row").rows(),
                ["B", None, "1"],
            ),
            [("2", "B")],
        ),
        "deadlines": (raw("deadlines", deadlines, ["B", "Exam", "1", "soon"]), [("2", "B")]),
        "a deadline without its attempt": (
            raw("deadlines", deadlines, ["B", "Exam", "x", "2023-01-01"]),
            [("2", "B")],
        ),
        "a deadline without its component": (
            raw("deadlines", deadlines, ["A", None, "1", "2023-01-01"]),
            [("1", "A"), ("2", "A")],
        ),
        "scaling": (raw("scaling", scaling, ["B", "Exam", "hard", "lots"]), [("2", "B")]),
        "a scaling of nothing": (raw("scaling", scaling, ["B", "Exam", "hard", None]), [("2", "B")]),
        "circumstances": (
            raw("circumstances", circumstances, ["1", "A", None, "1", "perhaps", "deferred"]),
            [("1", "A")],
        ),
        "circumstances with no attempt": (
            raw("circumstances", circumstances, ["1", "A", None, "x", "Y", "deferred"]),
            [("1", "A")],
        ),
        "circumstances of an unknown effect": (
            raw("circumstances", circumstances, ["1", "A", None, "1", "Y", "late"]),
            [("1", "A")],
        ),
    }
    for name, (spoilt, hit) in incomplete.items():
        others = [given for given in (SOUND, ENROLMENTS, COMPONENTS) if given.table != spoilt.table]
        assert outcomes(*others, spoilt) == ALL | dict.fromkeys(hit, "incomplete"), name


def test_what_names_nothing_is_not_used() -> None:
    found = cohort(
        SOUND,
        ENROLMENTS,
        COMPONENTS,
        raw("students", ["student_id", "award"], ["1", "honours"], ["2", "honours"]),
        raw("modules", ["module", "scqf_level", "credits"], ["A", "9", "20"], ["B", "9", "20"]),
        raw("deadlines", ["module", "component", "attempt", "due_at"], ["A", "Viva", "2", "2023-01-01"]),
        raw("scaling", ["module", "component", "basis", "add"], ["C", "Exam", "hard", "1"]),
        raw(
            "circumstances",
            ["student_id", "module", "component", "attempt", "accepted"],
            ["1", "B", None, "1", "Y"],
            ["1", "A", "Viva", "1", "Y"],
        ),
        raw(
            "results",
            ["student_id", "module", "scqf_level", "credits"],
            ["9", "Z", "7", "20"],
            ["1", "Z", "7", "20"],
        ),
        raw(
            "decisions",
            ["student_id", "module", "decision", "reason"],
            ["9", "A", "extra-attempt", "ill"],
            ["1", "Q", "extra-attempt", "ill"],
            ["1", "B", "extra-attempt", "ill"],
            ["1", "Z", "count-prior-learning", "good"],
            ["1", None, "progression", "good"],
        ),
        raw("misconduct", ["student_id", "offence"], ["9", "plagiarism"]),
    )
    assert sorted(errors(found)) == [
        ("component-unknown", "circumstances.csv", "C3"),
        ("component-unknown", "deadlines.csv", "B2"),
        ("component-unknown", "scaling.csv", "B2"),
        ("module-unknown", "decisions.csv", "B3"),
        ("not-enrolled", "circumstances.csv", "B2"),
        ("not-enrolled", "decisions.csv", "B4"),
        ("student-unknown", "decisions.csv", "A2"),
        ("student-unknown", "misconduct.csv", "A2"),
        ("student-unknown", "results.csv", "A2"),
    ]
    kept = {
        name: found.polars[name].height
        for name in ("deadlines", "scaling", "circumstances", "results", "decisions")
    }
    assert kept == {"deadlines": 0, "scaling": 0, "circumstances": 0, "results": 1, "decisions": 2}


def test_a_table_that_is_absent_is_made_from_the_marks() -> None:
    found = cohort(SOUND)
    assert found._named("enrolments").select("student_id", "module", "status").rows() == [
        ("1", "A", "core"),
        ("2", "A", "core"),
        ("2", "B", "core"),
    ]
    assert found.typed["components"].select("module", "component", "weight").rows() == [
        ("A", "Essay", None),
        ("A", "Exam", None),
        ("B", "Exam", 1_000_000),
    ]
    assert found.typed["modules"].select("module", "scqf_level", "condonable").rows() == [
        ("A", None, True),
        ("B", None, True),
    ]
    assert set(found.polars.problems["code"]) == {"table-absent", "weights-not-given"}


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        (["0.4", "0.6"], None),
        (["40", "60"], None),
        (["33.333333", "66.666667"], None),
        (["33.333333", "66.666666"], "weights-sum"),
        (["40", "40"], "weights-sum"),
        (["0", "0"], "weights-zero"),
        (["0.5", "50"], "weights-sum"),
    ],
)
def test_weights_add_up_to_one_or_a_hundred(weights: list[str], code: str | None) -> None:
    given = raw(
        "components", ["module", "component", "weight"], ["A", "Essay", weights[0]], ["A", "Exam", weights[1]]
    )
    marks = raw("marks", MARK, ["1", "A", "Essay", "1", "60"])
    said = [code for code in cohort(marks, given).polars.problems["code"] if code.startswith("weights")]
    assert said == ([code] if code else [])


def test_every_table_may_be_empty() -> None:
    empty = [raw(name, table.required) for name, table in tables.INPUT.items()]
    found = cohort(*empty)
    told = found.polars.problems
    assert told["code"].unique().to_list() == ["table-empty"]
    assert [message.split()[1] for message in told["message"]] == [
        name for name in tables.INPUT if name in {"students", "modules", "components", "enrolments", "marks"}
    ]
    board = bk.assess(found, "qmu-2022")
    assert all(board.polars[name].is_empty() for name in tables.OUTPUT if name != "problems")
    assert isinstance(board.polars.modules, pl.DataFrame)
