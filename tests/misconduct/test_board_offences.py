"""Offences on a board: the same in parts, told aloud, in the papers, and what a rerun says of them."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit import tables
from boardkit.report.content import papers
from tests.misconduct.cases import WHOLE, with_tariff
from tests.test_cases import CASES, frames

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult


def case(file: str, place: int = 0) -> dict:
    return tomllib.loads((CASES / "rules" / f"{file}.toml").read_text("utf-8"))["case"][place]


@cache
def awards() -> BoardResult:
    return bk.assess(bk.read(frames(case("misconduct-awards"))), with_tariff())


@cache
def qmu() -> BoardResult:
    return bk.assess(bk.read(frames(case("misconduct-qmu"))), "qmu-2022")


def page(board: BoardResult, student: str) -> str:
    return " ".join(str(board.explain(student)).split())


@pytest.mark.parametrize("board", [awards, qmu])
def test_in_parts_it_is_the_same(board: object, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = board()  # type: ignore[operator]
    monkeypatch.setattr("boardkit.assessing.PART", 2)
    monkeypatch.setattr("boardkit.trace.PART", 3)
    parted = bk.assess(whole.cohort, whole.pack)
    for name in tables.OUTPUT:
        assert parted.table(name).equals(whole.table(name)), name


@pytest.mark.parametrize(
    ("student", "told"),
    [
        (
            "S0",
            (
                "Misconduct Plagiarism, H Work, table 3, default plagiarism-3, moderated plagiarism-3, not decided. "
                "Pending: for the Review Panel to decide"
            ),
        ),
        (
            "S2",
            (
                "Work 66.00 -> 0.00 misconduct, formal reprimand, zero for the assessment, a retake capped at the pass mark; "
                "at most 0 (Misconduct 15 c (2), readings T1, T8)"
            ),
        ),
        ("S2", "T8 (2): zero for the assessment, a retake capped at the pass mark."),
        ("S4", "Not to be assessed again before 2024-09-01 (Misconduct 15 c (4))."),
        ("S5", "No award before 2025-06-01 (Misconduct 15 c (5))."),
        ("S6", "Excluded from any further assessment (Misconduct 15 c (6))."),
    ],
)
def test_it_is_told_aloud(student: str, told: str) -> None:
    assert told in page(awards(), student)


def test_a_module_that_is_lowered_as_a_whole_is_told_aloud() -> None:
    assert (
        "H 41.5 D pass lower marks or none for the module: at most 41.5 (Discipline 7.4 b, reading X1)"
        in page(qmu(), "S4")
    )


def test_nothing_is_told_of_who_has_not_offended() -> None:
    made = frames(case("misconduct-qmu"))
    board = bk.assess(bk.read({**made, "misconduct": made["misconduct"].filter(student_id="S1")}), "qmu-2022")
    assert "Misconduct" not in page(board, "S0")


def test_the_papers_say_what_is_to_be_settled() -> None:
    made = papers(awards())
    lines = {line.what: line for line in made.front.sections[0].lines}
    waiting = lines["Penalties for misconduct"]
    assert (waiting.number, waiting.told, waiting.sheet) == (
        1,
        "not decided, and none is applied",
        "To settle",
    )
    told = made.settle.rows.filter(pl.col("told").str.contains("no penalty is decided"))["told"]
    assert len(told) == 1
    assert told[0].startswith(
        "S0, plagiarism: no penalty is decided, and none is applied: default plagiarism-3"
    )
    short = made.settle.rows.filter(kind="short of credit")
    assert short["told"].null_count() == 0
    assert next(listing.name for listing in made.duties) == "Penalties"


def test_what_a_penalty_keeps_a_student_from_stands_beside_the_class() -> None:
    notes = dict(papers(awards()).profiles.rows.select("student_id", "note").iter_rows())
    assert (notes["S6"], notes["S9"], notes["S1"]) == ("excluded", "excluded", None)
    assert notes["S4"] == notes["S5"] == "credit short, barred"
    notes = dict(papers(qmu()).profiles.rows.select("student_id", "note").iter_rows())
    assert (notes["S5"], notes["S7"]) == ("lower class due", "class decided, lower class due")
    assert (notes["S6"], notes["S8"], notes["S9"], notes["S10"]) == (
        "class decided",
        "excluded",
        "barred",
        None,
    )
    assert "Upper second average 62.8 excluded" in page(awards(), "S6")


def test_an_award_that_is_held_back_is_not_short_of_credit() -> None:
    made = papers(qmu())
    assert "S8" not in made.settle.rows.filter(kind="short of credit")["student_id"].to_list()
    assert qmu().polars.awards.filter(student_id="S8")["eligible"].item() == "Y"


def test_papers_without_offences_have_no_sheet_of_them() -> None:
    board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
    assert "Penalties" not in [listing.name for listing in papers(board).duties]
    assert board.table("penalties").columns == list(tables.OUTPUT["penalties"])


def test_a_penalty_that_is_decided_later_is_seen_as_a_change(tmp_path: Path) -> None:
    made = frames(case("misconduct-qmu"))
    bk.assess(bk.read(made), "qmu-2022").write(tmp_path / "run", papers=False)
    decided = made["misconduct"].with_columns(
        penalty=pl.when(student_id="S0").then(pl.lit("qmu-a")).otherwise("penalty")
    )
    bk.assess(bk.read({**made, "misconduct": decided}), "qmu-2022").write(tmp_path / "run", papers=False)
    changes = pl.read_csv(tmp_path / "run" / "changes.csv", infer_schema=False)
    assert changes.filter(student_id="S0", module="H").height
    rows = pl.read_csv(tmp_path / "run" / "penalties.csv", infer_schema=False)
    assert rows.filter(student_id="S0")["effect"].item().startswith("Lower marks or none for the assessment")


def test_the_board_gives_penalties_as_the_frames_that_came_in() -> None:
    assert isinstance(qmu().penalties, pl.DataFrame)
    assert qmu().pandas.penalties.shape == (12, len(tables.OUTPUT["penalties"]))


def test_a_retake_is_said_to_be_capped_where_the_pack_has_no_cap_of_its_own() -> None:
    facts = {"parameter.pass_mark": "50", "parameter.component_floor": "40", "parameter.late_hours": "24"}
    board = bk.assess(
        bk.read(
            {
                "board": pl.DataFrame({"key": [*facts], "value": [*facts.values()]}),
                "modules": pl.DataFrame({"module": ["MA"], "scqf_level": [11], "credits": [20]}),
                "components": pl.DataFrame(
                    {
                        "module": ["MA", "MA"],
                        "component": ["Essay", "Exam"],
                        "weight": [50, 50],
                    }
                ),
                "marks": pl.DataFrame(
                    {
                        "student_id": ["00000001"] * 2 + ["00000002"] * 2,
                        "module": ["MA"] * 4,
                        "component": ["Essay", "Exam"] * 2,
                        "mark": [65, 30, 30, 30],
                    }
                ),
                "misconduct": pl.DataFrame(
                    [{**WHOLE, "module": "MA", "intent": "N", "penalty": "plagiarism-2", "mark": None}]
                ).with_columns(pl.col(pl.Null).cast(pl.String)),
            }
        ),
        "imperial-2024",
    )
    told = board.polars.reassessment.select("student_id", "component", "cap", "note")
    capped = "a retake of this work is capped at 50.0 (Misconduct 15 c (2))"
    assert told.rows() == [
        ("00000001", "Essay", None, capped),
        ("00000001", "Exam", None, None),
        ("00000002", "Essay", None, None),
        ("00000002", "Exam", None, None),
    ]
    assert capped in papers(board).reassessment.rows["note"].to_list()
