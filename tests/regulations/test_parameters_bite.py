"""Every value of a pack that leaves others to the board decides something, as those of the others do.

The boards are those of its rule cases. What they show is compared whole: marks, outcomes, days, what is found.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import PackError
from tests.regulations import crafted, leaves
from tests.regulations.leaves import Change, Leaf, Way, name
from tests.test_cases import frames

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.cohort import Cohort

PACK_ID = "imperial-2024"
PACK = tomllib.loads(leaves.text_of(PACK_ID), parse_float=leaves.Decimal)
CASES = tomllib.loads((crafted.CASES / "rules" / "imperial-handbook.toml").read_text("utf-8"))["case"]
DESCRIBING = ("asks", "example", "optional", "parameter")
"""What is said of a parameter: printed, or looked at below."""

IDLE = {("rounding", "component", "mode"): "nothing is scaled, and marks are read to as many places"}
"""Values that the model asks for and these regulations leave nothing to do, and why."""

MINE = [
    at
    for at in leaves.leaves(PACK)
    if not set(at) & set(DESCRIBING) and at not in IDLE and at[0] != "misconduct"
]


@pytest.fixture(autouse=True)
def _walk_this_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaves, "PACK", PACK)


@cache
def boards() -> list[dict[str, pl.DataFrame]]:
    return [*(frames(case) for case in CASES), _typed(), _places(), *_around()]


def _typed() -> dict[str, pl.DataFrame]:
    codes = list(PACK["codes"]["states"])
    return _board({"student_id": codes, "mark": codes})


def _places() -> dict[str, pl.DataFrame]:
    """Marks on which a place more or less, and the way of rounding, decide; and a deadline at midnight."""
    marks = ["49.945", "49.95", "49.855", "0", "62.25"]
    handed_in = ["", "", "", "", "2025-03-03 12:00"]
    students = [f"P{number}" for number in range(len(marks))]
    return _board({"student_id": students, "mark": marks, "submitted_at": handed_in}, due="2025-03-03")


def _around() -> list[dict[str, pl.DataFrame]]:
    session = PACK["pack"]["session"]
    day = leaves.timedelta(days=1)
    dates = (session["first"] - day, session["first"], session["last"], session["last"] + day)
    return [_board({"student_id": ["S1"], "mark": ["60"]}, board_date=str(date)) for date in dates]


def _board(marks: dict[str, list[str]], *, due: str = "", **facts: str) -> dict[str, pl.DataFrame]:
    stated = {
        "parameter.pass_mark": "50",
        "parameter.component_floor": "40",
        "parameter.late_hours": "24",
        **facts,
    }
    size = len(marks["student_id"])
    return {
        "board": pl.DataFrame({"key": list(stated), "value": list(stated.values())}),
        "modules": pl.DataFrame({"module": ["MA"], "scqf_level": ["11"], "credits": ["20"]}),
        "components": pl.DataFrame(
            {
                "module": ["MA", "MA"],
                "component": ["Essay", "Exam"],
                "weight": ["50", "50"],
                "due_at": [due, due],
            }
        ),
        "marks": pl.concat(
            pl.DataFrame({**marks, "module": ["MA"] * size, "component": [component] * size})
            for component in ("Essay", "Exam")
        ),
    }


@cache
def cohorts(codes: str) -> list[Cohort]:
    """Read the boards; the codes of a pack are looked at as they are read."""
    return [bk.read(board, regulations=codes) for board in boards()]


def seen(folder: Path, *changes: Change) -> list[Any]:
    file = folder / "changed.toml"
    file.write_text(leaves.as_toml(leaves.changed(*changes)), "utf-8")
    touched = any("codes" in at for change in changes for at in change)
    read = [bk.read(board, regulations=file) for board in boards()] if touched else cohorts(PACK_ID)
    found = []
    for cohort in read:
        board = bk.assess(cohort, file)
        found += [board.table(name) for name in ("components", "modules", "awards", "dates")]
        found.append(board.table("trace").select("student_id", "rule"))
        found.append(board.table("problems").select("code", "column").sort("code", "column"))
    return found


def _attempts(at: Leaf) -> list[Way]:
    """A late step for the other kind of attempt, where that kind has no steps of its own."""
    steps = PACK["penalties"]["late"]
    mine = leaves.value_at(at)
    others = [step["attempts"] for step in steps if step["attempts"] != mine]
    gone = {
        ("penalties", "late", place): leaves.GONE
        for place, step in enumerate(steps)
        if step["attempts"] != mine
    }
    return [Way({at: others[0]}, gone)]


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in MINE])
def test_value_changes_an_outcome(at: Leaf, tmp_path: Path) -> None:
    tried = _attempts(at) if at[-1] == "attempts" else leaves.ways(at)
    assert tried, f"{name(at)}: there is no lawful way to change it"
    for way in tried:
        before, after = seen(tmp_path, way.besides), seen(tmp_path, way.besides, way.change)
        same = all(one.equals(other) for one, other in zip(before, after, strict=True))
        assert not same, f"{name(at)} decides nothing: {way}"


def test_what_may_be_left_out_is_asked_for_where_it_may_not(tmp_path: Path) -> None:
    file = tmp_path / "changed.toml"
    file.write_text(
        leaves.as_toml(leaves.changed({("parameters", "grade_bands", "optional"): False})), "utf-8"
    )
    with pytest.raises(PackError, match="leaves to the board: grade_bands"):
        bk.assess(bk.read(boards()[0]), file)
