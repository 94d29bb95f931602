"""Double marking under rules that other universities have, and that the stages go by the same rule."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import boardkit as bk
from boardkit import cli, tables
from boardkit.errors import CallError
from boardkit.moderation.double import double_marking
from boardkit.regulations import load
from tests.regulations.test_every_value_bites import pack

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = {"local": "the university", "reading": "M3"}


def board(pairs: list[tuple[float, float]]) -> dict[str, pl.DataFrame]:
    marks = pl.DataFrame(
        {
            "student_id": [f"S{at}" for at in range(len(pairs))],
            "module": "A",
            "component": "Essay",
            "mark": [one for one, _ in pairs],
            "second_mark": [other for _, other in pairs],
        }
    )
    return {
        "marks": marks,
        "modules": pl.DataFrame({"module": ["A"], "scqf_level": ["9"], "credits": ["20"]}),
    }


PAIRS = [(62.0, 62.0), (62.0, 67.0), (62.0, 67.01), (58.0, 61.0), (50.0, 72.0)]


@pytest.mark.parametrize(
    ("tolerance", "third", "states"),
    [
        ({"points": 0, "boundaries": True}, {}, ["same", "to-agree", "to-agree", "to-agree", "to-agree"]),
        ({"points": 5, "boundaries": True}, {}, ["same", "within", "to-agree", "to-agree", "to-agree"]),
        ({"points": 5, "boundaries": False}, {}, ["same", "within", "to-agree", "within", "to-agree"]),
        (
            {"points": 5, "boundaries": True},
            {"above": 15},
            ["same", "within", "to-agree", "to-agree", "third-marker"],
        ),
        (
            {"points": 5, "boundaries": True},
            {"above": 22},
            ["same", "within", "to-agree", "to-agree", "to-agree"],
        ),
    ],
)
def test_tolerance_and_third_marker(
    tolerance: dict[str, Any], third: dict[str, Any], states: list[str]
) -> None:
    under = pack(
        {
            ("moderation", "tolerance"): {**tolerance, **LOCAL},
            ("moderation", "third"): {**third, "local": "the university"},
        }
    )
    found = double_marking(bk.read(board(PAIRS)), under)
    assert found["state"].to_list() == states
    stands = [state in {"same", "within"} for state in states]
    assert [mark is not None for mark in found["goes_on"]] == stands
    assert found.filter(pl.col("goes_on").is_not_null())["goes_on"].to_list() == [
        mark for mark, stand in zip(found["mark"], stands, strict=True) if stand
    ]
    assessed = bk.assess(bk.read(board(PAIRS)), under).polars.modules
    assert [outcome != "incomplete" for outcome in assessed["outcome"]] == stands


def test_nothing_averages() -> None:
    """Whatever two markers gave, a mark that goes on was given by one of them or agreed."""
    found = double_marking(bk.read(board(PAIRS)), load("qmu-2022"))
    assert found.filter(pl.col("state") == "to-agree")["goes_on"].null_count() == 4


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "o"
    given = ["data/samples/psychology-2022", "--regulations", "qmu-2022", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["boardkit", "moderation", "double", *given])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code in {0, 1}
    said = capsys.readouterr().out
    found = pl.read_csv(out / "double.csv")
    assert tuple(found.columns) == tables.MODERATION["double"]
    missing = found.filter(pl.col("state") == "missing")
    assert missing["component"].unique().to_list() == ["Presentation"]
    assert f"Double    {missing.height} with no second mark" in said
    assert set(found["module"]) == {"PS4090"}


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(CallError, match=r'there is no module "B"'):
        double_marking(bk.read(board(PAIRS)), load("qmu-2022"), "B")


def test_a_third_mark_that_differs_is_to_be_settled_too() -> None:
    """As the stages see it: first and second are the same, the third is not, and no mark goes on."""
    marks = pl.DataFrame(
        {
            "student_id": ["1", "2", "3"],
            "module": "A",
            "component": "Essay",
            "mark": ["60", "60", "60"],
            "second_mark": ["60", None, "60"],
            "third_mark": ["70", "70", "60"],
        }
    )
    modules = pl.DataFrame({"module": ["A"], "scqf_level": ["8"], "credits": ["20"]})
    board = bk.read({"marks": marks, "modules": modules})
    found = double_marking(board, load("qmu-2022"))
    assert found["state"].cast(pl.String).to_list() == ["third-marker", "third-marker", "same"]
    assert found["goes_on"].cast(pl.String).to_list() == [None, None, "60.00"]
    outcomes = bk.assess(board, "qmu-2022").polars.modules["outcome"].cast(pl.String)
    assert outcomes.to_list() == ["incomplete", "incomplete", "pass"]
