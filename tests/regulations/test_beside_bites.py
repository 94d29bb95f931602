"""Every value of days, registration, transcripts and causes for concern decides something, as the others do.

These tables only read a finished board, so each board of the rule cases is assessed once, and the tables alone are
made again under the changed values.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

import boardkit as bk
from tests.regulations import crafted
from tests.regulations.leaves import Change, Leaf, leaves, name, value_at, ways
from tests.regulations.test_every_value_bites import pack
from tests.test_cases import frames

if TYPE_CHECKING:
    import polars as pl

    from boardkit.board import BoardResult

SECTIONS = ("dates", "registration", "transcript", "concern")
CASES = (
    "clause-4-17-feedback",
    "clause-appeals-3-appeal-window",
    "clause-registration-4-periods",
    "clause-registration-5-1-credit-of-a-year",
    "clause-13-transcript",
    "clause-fitness-2-2-concern",
)
EDGES = crafted.HERE / "beside.toml"
CHOSEN = (("MSc Professional", "professional"), ("MSc Dissertation", "professional-dissertation"))
PROGRAMMES: Change = {
    ("programmes",): [
        {"programme": programme, "reference": "its specification", "registration": periods}
        for programme, periods in CHOSEN
    ]
}
"""Programmes that choose what is suggested stand on both sides of every comparison."""


@cache
def boards() -> list[BoardResult]:
    paths = [crafted.CASES / "rules" / f"{case}.toml" for case in CASES]
    cases = [case for path in [*paths, EDGES] for case in tomllib.loads(path.read_text("utf-8"))["case"]]
    return [bk.assess(bk.read(frames(case)), pack(PROGRAMMES)) for case in cases]


def made(section: str, *changes: Change) -> list[pl.DataFrame]:
    under = pack(PROGRAMMES, *changes)
    return [replace(board, pack=under, _made={}).table(section) for board in boards()]


@cache
def as_it_stands(section: str) -> list[pl.DataFrame]:
    return made(section)


def besides(at: Leaf) -> Change:
    """The limit of every postgraduate programme is met where a period is as long, and one longer is refused it."""
    if at == ("registration", "most", "value"):
        return {("registration", "postgraduate", "masters", "part-time", "years"): value_at(at) + 2}
    return {}


MINE = [at for at in leaves() if at[0] in SECTIONS]


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in MINE])
def test_value_changes_its_table(at: Leaf) -> None:
    tried, along = ways(at), besides(at)
    assert tried, f"{name(at)}: there is no lawful way to change it"
    before = made(at[0], along) if along else as_it_stands(at[0])
    idle = [
        str(way)
        for way in tried
        if all(one.equals(other) for one, other in zip(before, made(at[0], along, way.change), strict=True))
    ]
    assert not idle, f"{name(at)} decides nothing: {'; '.join(idle)}"


@pytest.mark.parametrize("section", SECTIONS)
def test_without_the_section_its_table_is_empty(section: str) -> None:
    rules = pack().rules.model_copy(update={section: None})
    board = boards()[0]
    under = replace(board, pack=replace(board.pack, rules=rules), _made={})
    assert under.table(section).is_empty()
    assert under.located.height
