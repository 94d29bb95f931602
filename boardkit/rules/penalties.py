"""Penalties: scaling, then the caps for words and lateness, the lowest of which stands (5.4, 20.2, 20.3).

What lateness does depends on whether the attempt is a first sit, and that is decided among the module's
attempts. So a row is penalised both ways here, and the modules stage takes the one that applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import MARK_UNITS, WEIGHT_UNITS, hundredths, round_ratio
from boardkit.rules.ground import POSTGRADUATE
from boardkit.rules.marks import MARKED

if TYPE_CHECKING:
    from decimal import Decimal

    from boardkit.cohort import Cohort
    from boardkit.regulations.model import AttemptKind, ByStudy, LateStep, Regulations
    from boardkit.rules.ground import Ground

_TOP = 100 * MARK_UNITS
_A_DATE = timedelta(days=1) - timedelta(microseconds=1)
"""How long after its midnight a deadline given as a date alone ends."""


@dataclass(frozen=True)
class Kind:
    """A kind of attempt, and the names of the columns a row is penalised in."""

    name: AttemptKind
    mark: str
    step: str


FIRST_SIT = Kind("first-sit", "as_first_sit", "step_first_sit")
REASSESSMENT = Kind("reassessment", "as_reassessment", "step_reassessment")
KINDS = (FIRST_SIT, REASSESSMENT)


def penalise(marks: pl.LazyFrame, cohort: Cohort, ground: Ground, pack: Regulations) -> pl.LazyFrame:
    """Scale, cap and zero component marks.

    Args:
        marks: rows with their ``raw`` mark settled.
        cohort: the deadlines and the scaling.
        ground: the modules' studies, for students with no award.
        pack: the regulations.

    Returns:
        The rows with ``scaled``, ``over_words``, ``deadline``, and for both kinds of attempt the mark and
        the number of the late step that applies (null where none does).
    """
    frame = _rounded(_scaled(_deadlines(marks, cohort, ground), cohort, ground, pack), pack)
    marked = (pl.col("status") == MARKED).fill_null(value=False)
    limit = pack.penalties.word_limit
    over = _over(limit.over, inclusive=limit.inclusive) & marked
    frame = frame.with_columns(postgraduate=_postgraduate(ground), end=_end(pack)).with_columns(
        over_words=over.fill_null(value=False), word_cap=_cap(limit.cap)
    )
    late = (pl.col("submitted_at") > pl.col("end")).fill_null(value=False) & ~pl.col("late_accepted")
    for kind in KINDS:
        steps = [(at, step) for at, step in enumerate(pack.penalties.late) if step.attempts == kind.name]
        frame = frame.with_columns(_step(steps, late & marked).alias(kind.step))
        capped = pl.min_horizontal(
            "scaled",
            pl.when("over_words").then("word_cap"),
            step_cap(pack, kind),
        )
        frame = frame.with_columns(pl.when(marked).then(capped).cast(pl.Int32).alias(kind.mark))
    return frame.drop("end")


def step_cap(pack: Regulations, kind: Kind) -> pl.Expr:
    """The most that the late step of a row leaves; null where no step applies."""
    value = pl.lit(None, dtype=pl.Int32)
    for at, step in enumerate(pack.penalties.late):
        if step.attempts != kind.name:
            continue
        most = _cap(step.cap) if step.cap is not None else pl.lit(hundredths(step.mark or 0), dtype=pl.Int32)
        value = pl.when(pl.col(kind.step) == at).then(most).otherwise(value)
    return value


def _deadlines(marks: pl.LazyFrame, cohort: Cohort, ground: Ground) -> pl.LazyFrame:
    """Find each row's deadline: personal, else the attempt's, else for attempt 1 the component's (P3, P5)."""
    own = pl.when(pl.col("attempt") == 1).then("component_due")
    listed = cohort.typed["deadlines"]
    if listed.is_empty():
        return marks.with_columns(deadline=pl.coalesce("due_at", own)).drop("component_due")
    later = (
        listed.join(ground.modules.select("module", "m"), on="module")
        .join(ground.components.select("m", "component", "k"), on=["m", "component"])
        .select("k", "attempt", attempt_due="due_at")
    )
    return (
        marks.join(later.lazy(), on=["k", "attempt"], how="left", maintain_order="left")
        .with_columns(deadline=pl.coalesce("due_at", "attempt_due", own))
        .drop("component_due", "attempt_due")
    )


def _scaled(marks: pl.LazyFrame, cohort: Cohort, ground: Ground, pack: Regulations) -> pl.LazyFrame:
    """Scale raw marks where the examiners did, rounded once, within 0 to 100; not work that was not done."""
    listed = cohort.typed["scaling"]
    if listed.is_empty():
        return marks.with_columns(scaled="raw")
    factors = (
        listed.join(ground.modules.select("module", "m"), on="module")
        .join(ground.components.select("m", "component", "k"), on=["m", "component"])
        .select("k", "add", "multiply")
    )
    done = ~pl.col("why").cast(pl.String).is_in(["not-submitted", "absent"]).fill_null(value=False)
    rounding = pack.rounding.component
    times = round_ratio(
        pl.col("raw").cast(pl.Int64) * pl.col("multiply"),
        pl.lit(WEIGHT_UNITS),
        places=rounding.places,
        mode=rounding.mode,
    )
    moved = (
        pl.when(pl.col("multiply").is_not_null())
        .then(times)
        .when(pl.col("add").is_not_null())
        .then(pl.col("raw") + pl.col("add"))
        .otherwise("raw")
        .clip(0, _TOP)
    )
    return (
        marks.join(factors.lazy(), on="k", how="left", maintain_order="left")
        .with_columns(scaled=pl.when(done).then(moved).otherwise("raw").cast(pl.Int32))
        .drop("add", "multiply")
    )


def _rounded(marks: pl.LazyFrame, pack: Regulations) -> pl.LazyFrame:
    """Keep component marks to the pack's places (A2)."""
    rounding = pack.rounding.component
    kept = round_ratio(pl.col("scaled").cast(pl.Int64), pl.lit(1), places=rounding.places, mode=rounding.mode)
    return marks.with_columns(scaled=kept.cast(pl.Int32))


def _postgraduate(ground: Ground) -> pl.Expr:
    """Whether postgraduate caps apply: by the student's award, else by the module's study (P4)."""
    modules = ground.modules.filter(pl.col("study") == POSTGRADUATE)["m"].to_list()
    return pl.coalesce(pl.col("award_study") == POSTGRADUATE, pl.col("m").is_in(modules))


def _cap(cap: ByStudy) -> pl.Expr:
    return (
        pl.when("postgraduate")
        .then(pl.lit(hundredths(cap.postgraduate), dtype=pl.Int32))
        .otherwise(pl.lit(hundredths(cap.undergraduate), dtype=pl.Int32))
    )


def _over(over: Decimal, *, inclusive: bool) -> pl.Expr:
    """Whether the words pass the limit by the given percentage, exactly."""
    share = hundredths(over)
    words = pl.when(pl.col("word_limit") > 0).then(pl.col("words")) * _TOP
    most = pl.col("word_limit") * (_TOP + share)
    return words >= most if inclusive else words > most


def _end(pack: Regulations) -> pl.Expr:
    """When the deadline ends; a date alone lasts to just before the next midnight (P2)."""
    due = pl.col("deadline")
    if not pack.penalties.midnight_is_a_date.value:
        return due
    return pl.when(due == due.dt.truncate("1d")).then(due + _A_DATE).otherwise(due)


def _step(steps: list[tuple[int, LateStep]], late: pl.Expr) -> pl.Expr:
    """Find the first late step that a row falls under."""
    found = pl.lit(None, dtype=pl.Int8)
    for at, step in reversed(steps):
        within = late
        if step.up_to is not None:
            within = late & (pl.col("submitted_at") <= pl.col("end") + timedelta(hours=step.up_to.in_hours))
        found = pl.when(within).then(pl.lit(at, dtype=pl.Int8)).otherwise(found)
    return found
