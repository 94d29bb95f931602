"""Every value of the shipped pack decides something: changed alone, it changes what some student gets.

The parsed pack is walked value by value, but for the texts in ``leaves.DESCRIPTIVE``. Each is changed in every
lawful way: a step up and a step down, the other words allowed, an item left out, a name renamed. Each way has
to change a row of ``components``, ``modules`` or ``awards`` (the reason aside, which only repeats values). What
decides no mark - the session, the endorsement of scaling, the scope of programmes' own regulations - has to
change the problems, or what the loader lets in. Where a change alone is not lawful, what has to go with it is
changed on both sides of the comparison, so that it is the value itself that is seen to bite.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import PackError
from boardkit.regulations import Pack, parse
from tests.regulations import crafted
from tests.regulations.leaves import (
    DESCRIPTIVE,
    GONE,
    PACK,
    Change,
    Leaf,
    Way,
    as_toml,
    changed,
    describes,
    is_last_band,
    leaves,
    name,
    value_at,
    ways,
)

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.cohort import Cohort

PROGRESS = ("condonement", "reassessment", "progression", "arrangements", "prior_learning", "evidence")
BESIDE = ("dates", "registration", "transcript", "concern", "moderation", "misconduct")
LEAVES = [at for at in leaves() if at[0] not in (*PROGRESS, *BESIDE) and "lower" not in at]
"""Those of progress are changed in ``test_progress_bites``, those beside the way in ``test_beside_bites``, those of
moderation in ``test_moderation_bites``, those of misconduct in ``tests/misconduct/test_tariff_bites``."""

Seen = list[pl.DataFrame]


def pack(*changes: Change) -> Pack:
    return Pack(parse("changed.toml", as_toml(changed(*changes))), "changed.toml", "")


@dataclass(frozen=True)
class Group:
    """Crafted students who aim for one award, or for none: those who sat everything once, or the others."""

    award: str
    sat_again: bool = False


@cache
def cohort(group: Group) -> Cohort:
    chosen = crafted.chosen(everyone(), award=group.award, sat_again=group.sat_again)
    return bk.read(crafted.frames(chosen))


@cache
def everyone() -> crafted.Tables:
    return crafted.everyone()


def outcomes(of: Cohort, under: Pack) -> Seen:
    board = bk.assess(of, under)
    return [board.table("components"), board.table("modules"), board.table("awards").drop("reason")]


@cache
def outcomes_as_it_stands(group: Group) -> Seen:
    return outcomes(cohort(group), pack())


def who_is_touched(at: Leaf) -> list[Group]:
    """Whom a value can touch: those who aim for its award; for the marks, those who aim for none."""
    if at[0] == "awards":
        return [Group(str(at[1]))]
    if at[0] == "averages" or at[:2] == ("rounding", "award"):
        return [Group("honours")]
    return [Group("none"), Group("none", sat_again=True)]


def differ(before: Seen, after: Seen) -> bool:
    return any(not one.equals(other) for one, other in zip(before, after, strict=True))


def changes_an_outcome(group: Group, way: Way) -> bool:
    before = outcomes(cohort(group), pack(way.besides)) if way.besides else outcomes_as_it_stands(group)
    return differ(before, outcomes(cohort(group), pack(way.besides, way.change)))


def is_read_as_marks(at: Leaf) -> bool:
    return at[0] not in {"pack", "codes", "scaling", "overlays", "decisions"} and not is_last_band(at)


def named(chosen: list[Leaf]) -> list:
    return [pytest.param(at, id=name(at)) for at in chosen]


@pytest.mark.parametrize("at", named([at for at in LEAVES if is_read_as_marks(at)]))
def test_value_changes_an_outcome(at: Leaf) -> None:
    tried = ways(at)
    assert tried, f"{name(at)}: there is no lawful way to change it"
    touched = who_is_touched(at)
    idle = [str(way) for way in tried if not any(changes_an_outcome(group, way) for group in touched)]
    assert not idle, f"{name(at)} decides nothing: {'; '.join(idle)}"


@pytest.mark.parametrize("at", named([at for at in LEAVES if is_last_band(at)]))
def test_lowest_grade_begins_at_zero_and_nowhere_else(at: Leaf) -> None:
    with pytest.raises(PackError, match="must begin at 0"):
        pack({at: 1})


def small_board(**tables: dict[str, list[str]]) -> dict[str, pl.DataFrame]:
    one = {
        "modules": {"module": ["A"], "scqf_level": ["10"], "credits": ["20"]},
        "components": {"module": ["A"], "component": ["Work"], "weight": ["100"]},
        "marks": {"student_id": ["S1"], "module": ["A"], "component": ["Work"], "mark": ["60"]},
    }
    return {name: pl.DataFrame(columns) for name, columns in {**one, **tables}.items()}


@cache
def boards_around_the_session() -> list[Cohort]:
    """Boards on the first and the last day of the session, and on the days outside."""
    session, day = PACK["pack"]["session"], timedelta(days=1)
    dates = (session["first"] - day, session["first"], session["last"], session["last"] + day)
    return [bk.read(small_board(board={"key": ["board_date"], "value": [str(date)]})) for date in dates]


def found_around_the_session(under: Pack) -> list[list[str]]:
    return [
        sorted(bk.assess(board, under).table("problems")["code"]) for board in boards_around_the_session()
    ]


@pytest.mark.parametrize("at", named([at for at in LEAVES if at[0] == "pack"]))
def test_session_changes_which_boards_meet_outside_it(at: Leaf) -> None:
    before = found_around_the_session(pack())
    assert all(found_around_the_session(pack(way.change)) != before for way in ways(at))


@pytest.mark.parametrize("at", named([at for at in LEAVES if at[0] == "codes"]))
def test_code_changes_what_a_cell_means(at: Leaf, tmp_path: Path) -> None:
    codes = list(PACK["codes"]["states"])
    students = [f"S{code}" for code in codes]
    typed = small_board(
        marks={
            "student_id": students,
            "module": ["A"] * len(codes),
            "component": ["Work"] * len(codes),
            "mark": codes,
        }
    )

    def seen(*changes: Change) -> Seen:
        file = tmp_path / "changed.toml"
        file.write_text(as_toml(changed(*changes)), "utf-8")
        board = bk.assess(bk.read(typed, regulations=file), file)
        return [*outcomes(board.cohort, board.pack), board.table("trace").select("student_id", "rule")]

    before = seen()
    for way in ways(at):
        assert differ(before, seen(way.change)), f"{name(at)} decides nothing: {way}"


@pytest.mark.parametrize("at", named([at for at in LEAVES if at[0] == "scaling"]))
def test_endorsement_changes_what_is_put_to_the_board(at: Leaf) -> None:
    scaling = {"module": ["A"], "component": ["Work"], "basis": ["a hard paper"], "add": ["5"]}
    board = bk.read(small_board(scaling=scaling))
    for way in ways(at):
        before, after = (
            sorted(bk.assess(board, pack(change)).table("problems")["code"]) for change in ({}, way.change)
        )
        assert before != after


@pytest.mark.parametrize("at", named([at for at in LEAVES if at[0] == "overlays"]))
def test_scope_changes_what_a_programme_may_change(at: Leaf) -> None:
    key = value_at(at)
    value = {"condonable": False, "registration": "professional"}.get(key, 4)
    programme = {"programme": "BSc Nursing", "reference": "programme document", key: value}
    own: Change = {("programmes",): [programme]}
    assert pack(own).rules.programmes[0].changes
    with pytest.raises(PackError, match=key):
        pack(own, {at: GONE})


def test_what_is_passed_over_is_text_that_describes() -> None:
    passed = {key for key in DESCRIPTIVE if _holds_text_alone(PACK, key)}
    assert passed == set(DESCRIPTIVE)


def _holds_text_alone(part: object, key: str, at: Leaf = ()) -> bool:
    """Whether a key occurs, and holds text alone wherever it is passed over."""
    found = []

    def look(part: object, at: Leaf) -> None:
        if isinstance(part, dict):
            for step, value in part.items():
                if step == key and describes(at, step):
                    found.append(value if isinstance(value, dict) else {step: value})
                else:
                    look(value, (*at, step))
        elif isinstance(part, list):
            for place, value in enumerate(part):
                look(value, (*at, place))

    look(part, at)
    return bool(found) and all(isinstance(text, str) for texts in found for text in texts.values())
