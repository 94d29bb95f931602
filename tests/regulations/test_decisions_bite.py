"""What a pack says of the board's decisions decides something: the words of an oral examination, one by one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.regulations import Pack, parse
from tests.regulations.leaves import Leaf, as_toml, changed, leaves, name, value_at, ways

if TYPE_CHECKING:
    from boardkit.cohort import Cohort

LEAVES = [at for at in leaves() if at[0] == "decisions"]


@cache
def borderline(reason: str) -> Cohort:
    """A borderline case, and a class decided for a reason."""
    tables = {
        "students": {"student_id": ["S1"], "award": ["honours"], "entry_stage": ["4"]},
        "modules": {"module": ["A"], "scqf_level": ["10"], "credits": ["120"]},
        "components": {"module": ["A"], "component": ["Work"], "weight": ["100"]},
        "marks": {"student_id": ["S1"], "module": ["A"], "component": ["Work"], "mark": ["69.0"]},
        "decisions": {
            "student_id": ["S1"],
            "decision": ["classification"],
            "value": ["first"],
            "reason": [reason],
        },
    }
    return bk.read({table: pl.DataFrame(columns) for table, columns in tables.items()})


def decided(reason: str, text: str) -> str:
    board = bk.assess(borderline(reason), Pack(parse("changed.toml", text), "changed.toml", ""))
    return str(board.polars.awards["classification"].item())


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in LEAVES if at[2] == "words"])
def test_word_bars_a_reason(at: Leaf) -> None:
    reason = f"the {value_at(at)} went well"
    assert decided(reason, as_toml(changed())) == "upper-second"
    for way in ways(at):
        assert decided(reason, as_toml(changed(way.change))) == "first"


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in LEAVES if at[2] == "unless"])
def test_words_that_deny_one_lift_the_bar(at: Leaf) -> None:
    reason = f"the profile; {value_at(at).replace('*', 'viva')}."
    assert decided(reason, as_toml(changed())) == "first"
    for way in ways(at):
        assert decided(reason, as_toml(changed(way.change))) == "upper-second"


def test_only_words_are_walked() -> None:
    assert {at[1:3] for at in LEAVES} == {("no_viva", "words"), ("no_viva", "unless")}
