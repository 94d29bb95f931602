"""Every value of condonement, reassessment, progression and lower awards decides something, as the others do.

Changed alone in every lawful way, it changes what may be condoned, what is recommended and why, what may be taken
again, or the awards below the one aimed at.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.results.evidence import evidence
from tests.regulations import crafted
from tests.regulations.leaves import Leaf, leaves, name, ways
from tests.regulations.test_every_value_bites import pack

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations import Pack

SECTIONS = ("condonement", "reassessment", "progression", "arrangements", "prior_learning", "evidence")
CASES = (
    "clause-17-4-condonement",
    "clause-17-6-progression",
    "clause-17-10-entry-to-level-four",
    "clause-18-2-shares-and-credits-of-reassessment",
    "clause-18-reassessment-list",
    "implementation-arrangements",
    "registration-3-prior-learning",
    "clause-11-1-incomplete-evidence",
)
EDGES = crafted.HERE / "progress.toml"
TABLES = ("modules", "progression", "reassessment", "credit")


def is_of_progress(at: Leaf) -> bool:
    return at[0] in SECTIONS or (at[0] == "awards" and at[2] == "lower")


@cache
def cohort(diet: str) -> Cohort:
    paths = [*(crafted.CASES / "rules" / f"{case}.toml" for case in CASES), EDGES]
    frames = crafted.frames(crafted.together(paths))
    frames["board"] = pl.DataFrame({"key": ["diet", "academic_year"], "value": [diet, "2022/23"]})
    return bk.read(frames)


def outcomes(diet: str, under: Pack) -> list[pl.DataFrame]:
    board = bk.assess(cohort(diet), under)
    return [*(board.table(table) for table in TABLES), board.located, evidence(board)]


@cache
def as_it_stands(diet: str) -> list[pl.DataFrame]:
    return outcomes(diet, pack())


def bites(change: dict[Leaf, object]) -> bool:
    under = pack(change)
    return any(
        not one.equals(other)
        for diet in ("main", "resit")
        for one, other in zip(as_it_stands(diet), outcomes(diet, under), strict=True)
    )


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in leaves() if is_of_progress(at)])
def test_value_changes_an_outcome(at: Leaf) -> None:
    tried = ways(at)
    assert tried, f"{name(at)}: there is no lawful way to change it"
    idle = [str(way) for way in tried if not bites(way.change)]
    assert not idle, f"{name(at)} decides nothing: {'; '.join(idle)}"
