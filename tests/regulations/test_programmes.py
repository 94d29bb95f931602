"""A programme's own regulations (15.0) change that programme's students alone, and only what they name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from tests.regulations import crafted

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort

NURSING, PSYCHOLOGY = "BSc (Hons) Nursing", "BSc (Hons) Psychology"

TABLES = f"""
students: student_id,award,programme
N1,honours,{NURSING}
P1,honours,{PSYCHOLOGY}
X1,honours,

modules: module,scqf_level,credits
PASS,9,20
FLOOR,9,20
OWN,9,20
AGAIN,9,20
MANY,9,20
LATE,9,20

components: module,component,weight,floor,due_at,word_limit
PASS,Exam,100,,,
FLOOR,Exam,50,,,
FLOOR,Essay,50,,,
OWN,Exam,50,35,,
OWN,Essay,50,,,
AGAIN,Exam,100,,,
MANY,Exam,100,,,
LATE,Essay,100,,2023-03-01 16:00,
"""
MARKS = """
PASS,Exam,1,44.94,
FLOOR,Exam,1,37.99,
FLOOR,Essay,1,70.00,
OWN,Exam,1,37.00,
OWN,Essay,1,70.00,
AGAIN,Exam,1,20.00,
AGAIN,Exam,2,80.00,
MANY,Exam,1,20.00,
MANY,Exam,2,20.00,
MANY,Exam,3,80.00,
LATE,Essay,1,80.00,2023-03-01 17:00
"""
STUDENTS = ("N1", "P1", "X1")
AS_IT_IS = {
    "PASS": "44.9 D pass",
    "FLOOR": "54.0 C pass",
    "OWN": "53.5 C pass",
    "AGAIN": "40.0 D pass",
    "MANY": "40.0 D pass",
    "LATE": "40.0 D pass",
}
"""Every student's modules, by the regulations that hold for all."""


@cache
def cohort() -> Cohort:
    tables = {}
    for block in TABLES.strip().split("\n\n"):
        name, text = block.split(": ", 1)
        tables[name] = crafted.rows(text)
    header = "student_id,module,component,attempt,mark,submitted_at\n"
    lines = [f"{student},{row}" for student in STUDENTS for row in MARKS.strip().splitlines()]
    tables["marks"] = crafted.rows(header + "\n".join(lines))
    return bk.read(crafted.frames(tables))


def entry(**own: object) -> str:
    """One entry of an overlay: for Nursing, unless it says otherwise."""
    values = {"programme": NURSING, "reference": "programme document 2022, 4.2", **own}
    lines = [
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        for key, value in values.items()
    ]
    return "\n".join(["[[programmes]]", *lines, ""])


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    return tmp_path / "programmes.toml"


def assess(overlay: Path, *entries: str) -> BoardResult:
    overlay.write_text("\n".join(['base = "qmu-2022"', *entries]), "utf-8")
    return bk.assess(cohort(), overlay)


def modules(board: BoardResult, student: str) -> dict[str, str]:
    theirs = board.table("modules").filter(pl.col("student_id") == student)
    return {
        row["module"]: " ".join(str(row[name]) for name in ("mark", "grade", "outcome") if row[name])
        for row in theirs.rows(named=True)
    }


def changed(board: BoardResult) -> dict[str, str]:
    """What is otherwise for Nursing; nothing may be for the others."""
    for student in STUDENTS[1:]:
        assert modules(board, student) == AS_IT_IS
    return {module: got for module, got in modules(board, "N1").items() if got != AS_IT_IS[module]}


def test_without_programmes_everyone_is_judged_alike() -> None:
    board = bk.assess(cohort(), "qmu-2022")
    assert [modules(board, student) for student in STUDENTS] == [AS_IT_IS] * 3


def test_a_pass_mark_is_the_pass_and_the_most_at_a_reassessment(overlay: Path) -> None:
    """44.94 is recorded 44.9, under 45; the bands stay; the cap for lateness is the 40 of 20.3."""
    board = assess(overlay, entry(pass_mark=45))
    assert changed(board) == {
        "PASS": "44.9 D fail",
        "AGAIN": "45.0 D pass",
        "MANY": "45.0 D pass",
        "LATE": "40.0 D fail",
    }


@pytest.mark.parametrize(("pass_mark", "found"), [("44.9", "44.9 D pass"), ("44.91", "44.9 D fail")])
def test_a_pass_mark_is_met_by_the_recorded_mark(overlay: Path, pass_mark: str, found: str) -> None:
    assert modules(assess(overlay, f"{entry()}pass_mark = {pass_mark}"), "N1")["PASS"] == found


def test_a_floor_holds_for_components_without_their_own(overlay: Path) -> None:
    """37.99 is under 38; the Exam of OWN has a floor of its own, 35, which stands over the programme's."""
    board = assess(overlay, entry(component_floor=38))
    assert changed(board) == {"FLOOR": "54.0 Q qualifying-fail"}


def test_a_floor_is_met_to_the_hundredth(overlay: Path) -> None:
    assert changed(assess(overlay, f"{entry()}component_floor = 37.99")) == {}


def test_a_floor_holds_for_the_other_components_of_a_module(overlay: Path) -> None:
    board = assess(overlay, entry(component_floor=70.01, modules=["OWN"]))
    assert changed(board) == {"OWN": "53.5 Q qualifying-fail"}


def test_attempts_are_the_number_of_those_that_count(overlay: Path) -> None:
    board = assess(overlay, entry(attempts=2))
    assert changed(board) == {"MANY": "20.0 F fail"}
    found = board.table("problems").filter(pl.col("code") == "attempt-beyond-limit")
    assert found["message"].str.contains("N1").to_list() == [True]


def test_only_the_named_modules_are_changed(overlay: Path) -> None:
    board = assess(overlay, entry(pass_mark=45, modules=["AGAIN", "LATE"]))
    assert changed(board) == {"AGAIN": "45.0 D pass", "LATE": "40.0 D fail"}


def test_all_keys_of_an_entry_are_applied(overlay: Path) -> None:
    board = assess(overlay, entry(pass_mark=45, component_floor=38, attempts=1, modules=["FLOOR", "AGAIN"]))
    assert changed(board) == {"FLOOR": "54.0 Q qualifying-fail", "AGAIN": "20.0 F fail"}


def test_a_later_entry_stands_over_an_earlier_one(overlay: Path) -> None:
    general, narrow = entry(pass_mark=45), entry(pass_mark=42, modules=["PASS", "AGAIN"])
    assert changed(assess(overlay, general, narrow)) == {
        "AGAIN": "42.0 D pass",
        "MANY": "45.0 D pass",
        "LATE": "40.0 D fail",
    }
    assert changed(assess(overlay, narrow, general)) == changed(assess(overlay, general))


def test_a_later_entry_leaves_the_keys_that_it_does_not_name(overlay: Path) -> None:
    board = assess(overlay, entry(component_floor=38), entry(pass_mark=41, modules=["AGAIN"]))
    assert changed(board) == {"FLOOR": "54.0 Q qualifying-fail", "AGAIN": "41.0 D pass"}


def test_programmes_are_told_apart_by_their_whole_name(overlay: Path) -> None:
    assert changed(assess(overlay, entry(programme="BSc (Hons)", pass_mark=60))) == {}


def test_two_programmes_have_each_their_own(overlay: Path) -> None:
    board = assess(overlay, entry(pass_mark=45), entry(programme=PSYCHOLOGY, pass_mark=50, modules=["AGAIN"]))
    assert modules(board, "N1")["AGAIN"] == "45.0 D pass"
    assert modules(board, "P1") == {**AS_IT_IS, "AGAIN": "50.0 C pass"}
    assert modules(board, "X1") == AS_IT_IS


def test_the_award_follows_the_programme(overlay: Path) -> None:
    """The credit of a module that is failed by the programme's regulations is not there."""
    before, after = bk.assess(cohort(), "qmu-2022"), assess(overlay, entry(pass_mark=45))
    credit = pl.col("credits_awarded").cast(pl.Int64).sum()
    held = [
        board.table("modules").group_by("student_id").agg(credit).sort("student_id")
        for board in (before, after)
    ]
    assert [frame["credits_awarded"].to_list() for frame in held] == [[120, 120, 120], [80, 120, 120]]


def test_an_overlay_has_a_digest_of_its_own_and_its_file(overlay: Path) -> None:
    one = assess(overlay, entry(pass_mark=45)).pack
    two = assess(overlay, entry(pass_mark=46)).pack
    shipped = bk.assess(cohort(), "qmu-2022").pack
    assert len({one.digest, two.digest, shipped.digest}) == 3
    assert (one.file, one.rules.pack.id) == ("programmes.toml", "qmu-2022")


CITED = {
    "a fail by the pass mark": (entry(pass_mark=45), "PASS", "fail"),
    "a pass by the pass mark": (entry(pass_mark=44), "PASS", "pass"),
    "the most at a reassessment": (entry(pass_mark=45), "AGAIN", "reassessment-cap"),
    "a qualifying fail by the floor": (entry(component_floor=38), "FLOOR", "qualifying-fail"),
    "an attempt beyond the limit": (entry(attempts=2), "MANY", "attempt-beyond-limit"),
}


@pytest.mark.parametrize(("own", "module", "rule"), CITED.values(), ids=list(CITED))
def test_the_trace_cites_the_programmes_document_where_it_decided(
    overlay: Path, own: str, module: str, rule: str
) -> None:
    trace = assess(overlay, own).table("trace").filter(pl.col("module") == module, pl.col("rule") == rule)
    cites = {
        row["student_id"]: "programme document 2022, 4.2" in row["clause"] for row in trace.rows(named=True)
    }
    assert cites.pop("N1")
    assert not any(cites.values())
