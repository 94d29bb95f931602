"""What one command writes another does not take away; columns that are nobody's decide nothing; identifiers with signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import CallError
from boardkit.masking import Masks
from boardkit.report.folder import refuse_strangers
from boardkit.report.tariff import refuse as refuse_tariff

if TYPE_CHECKING:
    from pathlib import Path

BOARD = {
    "students": {"student_id": ["S1"], "award": ["honours"], "entry_stage": ["4"]},
    "modules": {"module": ["A"], "scqf_level": ["10"], "credits": ["120"]},
    "components": {"module": ["A"], "component": ["Work"], "weight": ["100"]},
    "marks": {"student_id": ["S1"], "module": ["A"], "component": ["Work"], "mark": ["55"]},
}


def assessed(**more: dict[str, list[str]]) -> bk.BoardResult:
    tables = {name: pl.DataFrame(columns) for name, columns in {**BOARD, **more}.items()}
    return bk.assess(bk.read(tables), "qmu-2022")


def test_a_run_is_not_taken_away_by_another_command(tmp_path: Path) -> None:
    assessed().report(tmp_path / "run")
    before = sorted(path.name for path in (tmp_path / "run").iterdir())
    for force in (False, True):
        with pytest.raises(CallError, match=r"another command of boardkit wrote .*awards\.csv"):
            refuse_tariff(tmp_path / "run", force=force)
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == before
    assessed().report(tmp_path / "run")
    refuse_strangers(tmp_path / "new", {"a.csv"}, force=False)


def test_a_column_that_is_nobodys_decides_nothing() -> None:
    decision = {
        "student_id": ["S1"],
        "decision": ["classification"],
        "value": ["first"],
        "reason": ["so decided"],
    }
    board = assessed(decisions={**decision, "award": ["BSc (Hons) Psychology"], "s": ["7"]})
    assert board.polars.awards["classification"].to_list() == ["first"]
    offence = {"student_id": ["S1"], "module": ["A"], "offence": ["cheating"], "penalty": ["qmu-a"]}
    board = assessed(misconduct={**offence, "ill": ["N"], "state": ["x"], "lowered": ["9"]})
    assert board.polars.modules["mark"].cast(pl.String).to_list() == ["0.0"]


def test_an_identifier_with_signs_in_it_is_masked() -> None:
    tables = {
        name: pl.DataFrame(
            {key: [value.replace("S1", "00000012/1") for value in values] for key, values in columns.items()}
        )
        for name, columns in BOARD.items()
    }
    masks = Masks.of(bk.read(tables))
    assert masks.mask("00000012/1 was marked down") == "[name] was marked down"


def test_columns_carried_through_are_shown_by_their_own_names() -> None:
    tables = {name: pl.DataFrame(columns) for name, columns in BOARD.items()}
    tables["marks"] = tables["marks"].with_columns(lowered=pl.lit("x"), desk=pl.lit("7"))
    shown = bk.read(tables).polars.marks
    assert shown.select("lowered", "desk").rows() == [("x", "7")]


def test_penalties_that_were_written_can_be_held_again() -> None:
    offence = pl.DataFrame({"student_id": ["S1"], "offence": ["cheating"], "penalty": ["examination-3"]})
    once = bk.tariff(offence, "imperial-misconduct")
    again = bk.tariff(once.with_columns(pl.all().cast(pl.String)), "imperial-misconduct")
    assert again.get_column("penalty").to_list() == ["examination-3"]
