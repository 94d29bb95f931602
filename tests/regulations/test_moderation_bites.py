"""Every value of moderation decides something, and rules that other universities have can be said in a pack."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import CallError, PackError
from boardkit.moderation.double import double_marking
from boardkit.moderation.showed import showed
from tests.moderation.cohorts import moderate, usual
from tests.regulations.leaves import GONE, Change, Leaf, leaves, name, ways
from tests.regulations.test_every_value_bites import pack

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations import Pack

MINE = [at for at in leaves() if at[0] == "moderation"]
EDGES = (3_700, 3_750, 3_790, 3_800, 3_850, 3_900, 3_950, 3_999, 4_000)


@cache
def board() -> Cohort:
    """Modules of every kind at every level, some with reassessments, some that lead to no named award."""
    kinds = ("taught", "project", "dissertation", "placement")
    modules = [(f"{kind}-{level}", kind, level) for kind in kinds for level in range(7, 13)]
    rows = [
        (f"{at:04d}", module, attempt, mark / 100, f"M{at % 5}")
        for number, (module, _, level) in enumerate(modules)
        for attempt, n in ((1, 8 + 2 * number), (2, 9))
        for at, mark in enumerate([*(EDGES if level != 7 else ()), *usual(n, number, mean=6_000, spread=900)])
    ]
    schema = ("student_id", "module", "attempt", "mark", "marker")
    marks = pl.DataFrame(rows, schema=list(schema), orient="row").with_columns(component=pl.lit("Work"))
    second = pl.col("mark") + pl.col("student_id").cast(pl.Int64) % 4
    marks = marks.with_columns(second_mark=pl.min_horizontal(second, 100))
    table = pl.DataFrame(
        {
            "module": [module for module, _, _ in modules],
            "kind": [kind for _, kind, _ in modules],
            "scqf_level": [level for _, _, level in modules],
            "credits": [20] * len(modules),
            "study": "undergraduate",
            "named_award": ["N" if level == 8 else "Y" for _, _, level in modules],
        }
    )
    return bk.read({"marks": marks, "modules": table})


def seen(under: Pack) -> list[Any]:
    made = [
        moderate(board(), regulations=under, purpose=purpose, seed=3, key=b"k" * 32)
        for purpose in ("internal", "external")
    ]
    drawn = [one.polars[name].rows() for one in made for name in ("sample", "assessments", "notes")]
    told = showed(board(), under).tables["agreement"]
    return [*drawn, double_marking(board(), under).rows(), told.rows()]


@cache
def as_it_stands() -> list[Any]:
    return seen(pack())


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in MINE])
def test_value_changes_what_is_moderated(at: Leaf) -> None:
    tried = ways(at)
    assert tried, f"{name(at)}: there is no lawful way to change it"
    idle = [str(way) for way in tried if seen(pack(way.change)) == as_it_stands()]
    assert not idle, f"{name(at)} decides nothing: {'; '.join(idle)}"


# ---- what other universities have ----------------------------------------------------------------------------------

HERE = ("moderation",)
LOCAL = {"local": "the university", "reading": "MS1, MS2, MS3, MS4"}


def sizes(under: Pack, ns: list[int], mark: int = 6_500) -> list[int]:
    rows = [(f"{at:05d}", f"M{n}", "Work", mark / 100) for n in ns for at in range(n)]
    marks = pl.DataFrame(rows, schema=["student_id", "module", "component", "mark"], orient="row")
    modules = pl.DataFrame({"module": [f"M{n}" for n in ns], "scqf_level": 8, "credits": 20})
    made = moderate({"marks": marks, "modules": modules}, regulations=under, seed=1)
    got = dict(made.polars.assessments.select("module", "size").iter_rows())
    return [got[f"M{n}"] for n in ns]


@pytest.mark.parametrize("least", [1, 5, 8])
def test_a_tenth_and_a_minimum(least: int) -> None:
    under = pack(
        {
            (*HERE, "size"): {"share": 0.1, **LOCAL},
            (*HERE, "minimum"): {"value": least, **LOCAL},
        }
    )
    ns = [1, 7, 9, 10, 11, 79, 80, 81, 100, 101, 1_000]
    assert sizes(under, ns) == [min(n, max(least, math.ceil(n / 10))) for n in ns]


def test_every_fail() -> None:
    every: Change = {(*HERE, "fails"): {"within": 100, "on_top": True, **LOCAL}}
    assert sizes(pack(every), [100], mark=1_000) == [100]
    among: Change = {(*HERE, "fails"): {"within": 100, "on_top": False, **LOCAL}}
    rows = [(f"{at:03d}", "A", "Work", 20 if at < 8 else 65) for at in range(100)]
    marks = pl.DataFrame(rows, schema=["student_id", "module", "component", "mark"], orient="row")
    modules = pl.DataFrame({"module": ["A"], "scqf_level": [8], "credits": [20]})
    both = [
        moderate({"marks": marks, "modules": modules}, regulations=pack(one), seed=1)
        for one in (every, among)
    ]
    assert [one.polars.sample.height for one in both] == [18, 10]
    assert all((one.polars.sample["mark"] < 40).sum() == 8 for one in both)


def test_the_ends_are_in_where_fails_alone_fill_the_size() -> None:
    among: Change = {(*HERE, "fails"): {"within": 100, "on_top": False, **LOCAL}}
    rows = [(f"{at:03d}", "A", "Work", 20 + at / 10 if at < 30 else 65 + at / 10) for at in range(100)]
    marks = pl.DataFrame(rows, schema=["student_id", "module", "component", "mark"], orient="row")
    modules = pl.DataFrame({"module": ["A"], "scqf_level": [8], "credits": [20]})
    made = moderate({"marks": marks, "modules": modules}, regulations=pack(among), seed=1).polars
    assert dict(made.sample.group_by("reason").len().iter_rows()) == {"borderline-fail": 30, "highest": 1}
    assert made.assessments["size"].to_list() == [31]


def test_quotas_for_bands() -> None:
    quotas = [{"band": band, "least": 3, **LOCAL} for band in ("A", "B", "D")]
    under = pack(
        {
            (*HERE, "quotas"): quotas,
            (*HERE, "size"): {"share": 0.01, **LOCAL},
            (*HERE, "minimum"): {"value": 1, **LOCAL},
        }
    )
    rows = [(f"{at:03d}", "A", "Work", 41 + at / 3) for at in range(100)]
    marks = pl.DataFrame(rows, schema=["student_id", "module", "component", "mark"], orient="row")
    modules = pl.DataFrame({"module": ["A"], "scqf_level": [8], "credits": [20]})
    made = moderate({"marks": marks, "modules": modules}, regulations=under, seed=1).polars.sample
    counted = dict(made.group_by("band").len().iter_rows())
    assert counted == {"A": 3, "B": 3, "D": 3}
    with pytest.raises(PackError, match=r'"A" has two quotas\. A band has one'):
        pack({(*HERE, "quotas"): [quotas[0], quotas[0]]})


def test_a_pack_without_moderation_invents_none() -> None:
    readings = {("readings", f"MS{at}"): GONE for at in range(1, 8)}
    with pytest.raises(CallError, match="states no rule of moderation, and none is invented"):
        moderate(board(), regulations=pack({HERE: GONE, **readings}), seed=1)
