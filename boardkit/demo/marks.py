"""Invented marks: each module's first attempts, the reassessments held since, and what went with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from boardkit.demo import catalogue as own
from boardkit.demo.catalogue import Component, Module, Story, moment, points
from boardkit.demo.randomness import PER_MILLE

if TYPE_CHECKING:
    from boardkit.demo.people import People
    from boardkit.demo.randomness import Draws, Mask, Whole

_MARKED, _MISSED, _DEFERRED = range(3)
_MARKERS = 3  # on a module
_DAY = 24 * 60  # minutes
_WHOLE = 1_00  # markers agree on whole marks
_SETTLED = (
    *(Story.DEFERRED_COMPONENT, Story.DEFERRED_MODULE, Story.DEFERRED_BEFORE, Story.POOR_BEFORE),
    *(Story.POOR_NOW, Story.LATE_ACCEPTED, Story.FOURTH_ATTEMPT),
)
"""Stories that settle which work of a module was missed."""
_DEADLINES = {"module": pl.String, "component": pl.String, "attempt": pl.Int64, "due_at": pl.String}


@dataclass(frozen=True)
class Roll:
    """The students on one module whose work is marked."""

    people: People
    module: Module
    who: Whole
    draws: Draws

    def living(self, *stories: Story) -> Mask:
        """Say who has one of some stories about this module."""
        yes = np.zeros(self.who.size, dtype=np.bool_)
        for story in stories:
            yes |= self.people.living(story, self.module, self.who)
        return yes

    def chance(self, what: str, per_mille: int) -> Mask:
        """Say yes to each student with a chance in a thousand."""
        return self.draws.chance(f"{self.module.code} {what}", self.who.size, per_mille)

    def bell(self, what: str, deviation: int) -> Whole:
        """Draw a deviation for each student and component."""
        return np.column_stack(
            [
                self.draws.bell(f"{self.module.code} {component.name} {what}", self.who.size, deviation)
                for component in self.module.components
            ]
        )


@dataclass(frozen=True)
class Attempt:
    """One attempt at a module: a row for each student on its roll, a column for each component."""

    roll: Roll
    number: int
    mark: Whole
    state: Whole
    held: Mask
    """Which components there are rows for."""
    sound: Mask
    """Which students' work may be late without upsetting what is known of their later attempts."""


def invent_marks(people: People, draws: Draws) -> dict[str, pl.DataFrame]:
    """Invent enrolments, marks, later deadlines and what the circumstances panel found.

    Args:
        people: the students.
        draws: the random streams.

    Returns:
        The tables ``enrolments``, ``deadlines``, ``marks`` and ``circumstances``.
    """
    enrolments, deadlines, rows, circumstances = [], [], [], []
    for module in people.programme.modules:
        everyone = Roll(people, module, people.take(module), draws)
        if not everyone.who.size:
            continue
        enrolments.append(_enrolments(everyone))
        away = everyone.living(Story.PRIOR_MODULE, Story.WITHDREW_EARLY, Story.WITHDREW_LATE)
        roll = Roll(people, module, everyone.who[~away], draws)
        for attempt in _attempts(roll):
            for place, component in enumerate(module.components):
                if attempt.held[:, place].any():
                    rows.append(_rows(attempt, place, component))
                    if attempt.number > 1:
                        due = component.moment(module.later[attempt.number - 2])
                        deadlines.append((module.code, component.name, attempt.number, due))
        circumstances.extend(_circumstances(roll))
    return {
        "enrolments": pl.concat(enrolments),
        "deadlines": pl.DataFrame(deadlines, schema=_DEADLINES, orient="row").with_columns(
            moment(pl.col("due_at"))
        ),
        "marks": pl.concat(rows),
        "circumstances": pl.concat(circumstances),
    }


def _enrolments(roll: Roll) -> pl.DataFrame:
    module, count = roll.module, roll.who.size
    early, late = roll.living(Story.WITHDREW_EARLY), roll.living(Story.WITHDREW_LATE)
    spread = roll.draws.below(f"{module.code} withdrawn", count, own.WITHDRAWAL_SPREAD)
    return pl.DataFrame(
        {
            "student_id": roll.people.table["student_id"].gather(pl.Series(roll.who)),
            "prior": roll.living(Story.PRIOR_MODULE),
            "early": early,
            "late": late,
            "share": spread + np.where(early, own.EARLY_WITHDRAWAL, own.LATE_WITHDRAWAL),
        }
    ).select(
        "student_id",
        module=pl.lit(module.code),
        status=pl.lit("option" if module.option else "core"),
        academic_year=pl.lit(module.academic_year),
        prior_learning=pl.when("prior").then(pl.lit("Y")),
        withdrawn_at=pl.when(pl.col("early") | pl.col("late")).then(points(pl.col("share"))),
        withdrawal_accepted=pl.when("early").then(pl.lit("Y")).when("late").then(pl.lit("N")),
    )


def _attempts(roll: Roll) -> list[Attempt]:
    spread, module, count = roll.people.programme.spread, roll.module, roll.who.size
    level = spread.mean + roll.people.ability[roll.who]
    level = level + roll.draws.bell(f"{module.code} difficulty", 1, spread.difficulty)
    level = level - spread.slip * roll.chance("slip", own.SLIPS)
    if not module.later:
        level = level - spread.disengaged * (roll.people.story[roll.who] == Story.DISENGAGED)
    mark = level[:, None] + roll.bell("noise", spread.noise)

    state = np.zeros_like(mark)
    for place, component in enumerate(module.components):
        state[roll.chance(f"{component.name} missed", own.MISSING), place] = _MISSED
    state[roll.living(*_SETTLED)] = _MARKED
    if module.later:
        return _reassessed(roll, mark, state)

    absent = roll.chance("absent", own.ABSENT_BEFORE_DEFERRAL)
    alone = roll.living(Story.DEFERRED_COMPONENT)
    state[alone, -1] = np.where(absent, _MISSED, _DEFERRED)[alone]
    state[roll.living(Story.DEFERRED_MODULE)] = _DEFERRED
    mark[:, -1] -= spread.slip * roll.living(Story.POOR_NOW)
    everyone = np.ones(count, dtype=np.bool_)
    return [Attempt(roll, 1, _given(roll, mark), state, np.ones_like(mark, dtype=np.bool_), everyone)]


def _reassessed(roll: Roll, mark: Whole, state: Whole) -> list[Attempt]:
    """Make first attempts clear passes or clear fails, with the later attempts that go with them."""
    spread = roll.people.programme.spread
    weights = np.array([component.weight for component in roll.module.components])
    poor, deferred = roll.living(Story.POOR_BEFORE), roll.living(Story.DEFERRED_BEFORE)
    fourth = roll.living(Story.FOURTH_ATTEMPT)
    failed = fourth | (~(poor | deferred) & (mark @ weights < spread.weak * weights.sum()))
    mark[fourth] = _under(mark[fourth], spread.weak)
    mark = np.where(failed[:, None], mark - spread.clear, _over(mark, spread.weak))
    mark[poor, -1] = _under(mark[poor, -1], spread.weak) - spread.clear
    state[deferred, -1] = _DEFERRED

    given = _given(roll, mark)
    again = (state != _MARKED) | (given < spread.weak)
    needed = again.any(axis=1)
    first = Attempt(roll, 1, given, state, np.ones_like(again), ~needed)
    return [first, *_later_attempts(replace(roll, who=roll.who[needed]), again[needed])]


def _later_attempts(roll: Roll, again: Mask) -> list[Attempt]:
    """Have the work that is due again done again, until it passes or the attempts run out."""
    spread, count = roll.people.programme.spread, roll.who.size
    first_sit = roll.living(Story.POOR_BEFORE, Story.DEFERRED_BEFORE)
    fourth = roll.living(Story.FOURTH_ATTEMPT)
    attempts = []
    for number in range(2, 2 + len(roll.module.later)):
        last = number == 1 + len(roll.module.later)
        again &= fourth[:, None] | (not last)
        passed = first_sit | (roll.chance(f"passed {number}", own.REASSESSED_PASS) & ~fourth) | last
        mark = spread.weak + spread.above_weak + roll.bell(f"noise {number}", spread.reassessed)
        mark = np.where(passed[:, None], _over(mark, spread.weak), _under(mark, spread.weak) - spread.clear)
        missed = ~passed & ~fourth & roll.chance(f"missed {number}", own.REASSESSED_MISSED)
        state = np.where(missed[:, None] & again, _MISSED, _MARKED)
        attempts.append(
            Attempt(roll, number, _given(roll, mark), state, again, np.zeros(count, dtype=np.bool_))
        )
        again = again & ~passed[:, None]
    return attempts


def _over(mark: Whole, weak: int) -> Whole:
    """Turn marks under the weak mark round, as far over it as they were under."""
    return np.maximum(mark, 2 * weak - mark)


def _under(mark: Whole, weak: int) -> Whole:
    return np.minimum(mark, 2 * weak - mark)


def _given(roll: Roll, mark: Whole) -> Whole:
    """Bring marks to the steps that markers give."""
    steps = np.array([component.step for component in roll.module.components])
    inside = np.clip(mark, 0, roll.people.programme.spread.top)
    given: Whole = (inside + steps // 2) // steps * steps
    return given


def _rows(attempt: Attempt, place: int, component: Component) -> pl.DataFrame:
    roll, module, held = attempt.roll, attempt.roll.module, attempt.held[:, place]
    who = roll.who[held]
    name = f"{module.code} {component.name} {attempt.number}"
    day = component.due if attempt.number == 1 else module.later[attempt.number - 2]
    due = moment(pl.lit(component.moment(day)))
    personal = due + pl.duration(days=own.EXTENSION_DAYS)
    state, marked = pl.col("state"), pl.col("state") == _MARKED
    handed_in = marked & component.handed_in
    first = _staff(roll, pl.col("marker"))
    missed = "not-submitted" if component.handed_in else "absent"
    columns = {
        "student_id": pl.col("student_id"),
        "module": pl.lit(module.code),
        "component": pl.lit(component.name),
        "attempt": pl.lit(attempt.number, pl.Int64),
        "mark": pl.when(marked).then(points(pl.col("mark"))),
        "submitted_at": pl.when(handed_in).then(
            pl.when("extended").then(personal).otherwise(due) + pl.duration(minutes="minutes")
        ),
        "due_at": pl.when("extended").then(personal),
        "words": pl.when(handed_in & (component.words is not None)).then("words"),
        "state": pl.when(state == _MISSED)
        .then(pl.lit(missed))
        .when(state == _DEFERRED)
        .then(pl.lit("deferred")),
        "marker": pl.when(marked).then(first),
        "second_marker": pl.lit(None, pl.String),
        "second_mark": pl.lit(None, own.MARK),
        "third_mark": pl.lit(None, own.MARK),
        "agreed_mark": pl.lit(None, own.MARK),
    }
    if component.double:
        columns["second_marker"] = pl.when(marked).then(_staff(roll, pl.col("marker") + 1))
        for mark in ("second_mark", "third_mark", "agreed_mark"):
            columns[mark] = pl.when(marked).then(points(pl.col(mark)))
    mark = attempt.mark[held, place]
    minutes, extended = _timing(attempt, place, name)
    share = own.WORDS_MEAN + roll.draws.bell(f"{name} words", who.size, own.WORDS_DEVIATION)
    return (
        pl.DataFrame(
            {
                "student_id": roll.people.table["student_id"].gather(pl.Series(who)),
                "mark": mark,
                "state": attempt.state[held, place],
                "minutes": minutes,
                "extended": extended & component.handed_in,
                "words": (component.words or 0) * share // PER_MILLE,
                "marker": roll.draws.below(f"{name} marker", who.size, _MARKERS),
            }
        )
        .with_columns(*(_double(roll, mark, name) if component.double else ()))
        .select(**columns)
    )


def _staff(roll: Roll, number: pl.Expr) -> pl.Expr:
    """Name a marker: each module has its own few of the staff."""
    first = roll.people.programme.modules.index(roll.module)
    return pl.lit(roll.people.staff).gather((number + first) % roll.people.staff.len())


def _timing(attempt: Attempt, place: int, name: str) -> tuple[Whole, Mask]:
    """Draw minutes after the deadline, mostly before it, and who has an agreed extension."""
    roll, held = attempt.roll, attempt.held[:, place]
    count = int(held.sum())
    early = roll.draws.skewed(f"{name} early", count, own.EARLY_DAYS * _DAY)
    if attempt.number > 1:
        return -early, np.zeros(count, dtype=np.bool_)
    days = own.LATE_DAYS_BEFORE if roll.module.later else own.LATE_DAYS
    after = 1 + roll.draws.skewed(f"{name} late by", count, days * _DAY)
    excused = roll.living(Story.LATE_ACCEPTED)[held] & (place == 0)
    late = excused | (attempt.sound[held] & roll.draws.chance(f"{name} late", count, own.LATE))
    extended = roll.draws.chance(f"{name} extended", count, own.EXTENDED) & ~late
    return np.where(late, after, -early), extended


def _double(roll: Roll, mark: Whole, name: str) -> list[pl.Series]:
    """Mark again, blind; where two marks are far apart a third marker settles it."""
    spread = roll.people.programme.spread
    second = mark + roll.draws.bell(f"{name} second", mark.size, spread.second_marker)
    second = np.clip(second, 0, spread.top) // _WHOLE * _WHOLE
    agreed = (mark + second + _WHOLE) // (2 * _WHOLE) * _WHOLE
    third = np.abs(mark - second) >= spread.third_marker_from
    return [
        pl.Series("second_mark", second),
        pl.select(third_mark=pl.when(pl.Series(third)).then(pl.Series(agreed))).to_series(),
        pl.Series("agreed_mark", agreed),
    ]


def _circumstances(roll: Roll) -> list[pl.DataFrame]:
    first, last = roll.module.components[0].name, roll.module.components[-1].name
    told = (
        (Story.DEFERRED_COMPONENT, last, 1, "Y", "deferred"),
        (Story.DEFERRED_MODULE, None, 1, "Y", "deferred"),
        (Story.DEFERRED_BEFORE, last, 1, "Y", "deferred"),
        (Story.POOR_BEFORE, last, 2, "Y", "first-sit"),
        (Story.POOR_NOW, last, 2, "Y", "first-sit"),
        (Story.LATE_ACCEPTED, first, 1, "Y", "late-accepted"),
        (Story.REFUSED, first, 1, "N", "none"),
    )
    return [
        pl.DataFrame(
            {"student_id": roll.people.table["student_id"].gather(pl.Series(roll.who[roll.living(story)]))}
        ).select(
            "student_id",
            module=pl.lit(roll.module.code),
            component=pl.lit(component, pl.String),
            attempt=pl.lit(attempt, pl.Int64),
            accepted=pl.lit(accepted),
            effect=pl.lit(effect),
        )
        for story, component, attempt, accepted, effect in told
    ]
