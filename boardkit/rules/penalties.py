"""Penalties: scaling, then the caps for words, lateness and misconduct, the lowest of which stands (5.4, 20.2, 20.3).

What lateness does depends on whether the attempt is a first sit, and that is decided among the module's
attempts. So a row is penalised both ways here, and the modules stage takes the one that applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import MARK_PLACES, MARK_UNITS, WEIGHT_UNITS, hundredths, round_ratio
from boardkit.queries import work_out
from boardkit.rules.ground import POSTGRADUATE
from boardkit.rules.marks import MARKED, detail_marks, settle_marks
from boardkit.rules.offences import with_offences

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.penalties import ByStudy, LateStep, WordLimit
    from boardkit.regulations.terms import AttemptKind
    from boardkit.rules.ground import Ground
    from boardkit.rules.marks import Excuses
    from boardkit.rules.offences import Offences

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


@dataclass(frozen=True)
class Penalised:
    """All component marks after penalties.

    Most rows are plain: a marker's mark that no rule touches. The others are worked out in full.

    Args:
        rows: every row in the order of its key: ``e``, ``s``, ``k``, ``attempt``, ``raw``, ``value`` (the
            mark as a first sit) and ``status``.
        details: the rows that are not plain, by ``at``, their place among ``rows``: what ``penalise_rows``
            gives.
    """

    rows: pl.DataFrame
    details: pl.DataFrame


def penalise(  # noqa: PLR0913, PLR0917 - what lowers a mark comes from all of these
    marks: pl.DataFrame,
    excuses: Excuses,
    offences: Offences,
    cohort: Cohort,
    ground: Ground,
    pack: Regulations,
) -> Penalised:
    """Settle, scale, cap and zero all component marks.

    Args:
        marks: rows numbered by ``number_marks``.
        excuses: what accepted circumstances do.
        offences: what penalties for misconduct do.
        cohort: the deadlines and the scaling.
        ground: components, modules, students.
        pack: the regulations.

    Returns:
        Every mark, and the details of those that a rule touches.
    """
    placed = place(marks, excuses.works)
    touched = touch(marks, cohort, ground, pack).scatter(placed["at"], values=True)
    at = touched.scatter(offences.hits["at"], values=True).arg_true()
    details = penalise_rows(marks[at].with_columns(at=at), placed, cohort, ground, pack)
    marked = details.with_columns(marked=(pl.col("status") == MARKED).fill_null(value=False))
    details = with_offences(marked, offences.hits, tuple(kind.mark for kind in KINDS))
    rows = marks.select("e", "s", "k", "attempt", raw="mark", value="mark").with_columns(
        status=pl.repeat(MARKED, marks.height, dtype=pl.UInt8, eager=True)
    )
    for name, column in (("raw", "raw"), ("value", FIRST_SIT.mark), ("status", "status")):
        rows = rows.with_columns(rows[name].scatter(details["at"], details[column]))
    return Penalised(rows, details)


def place(marks: pl.DataFrame, excused: pl.DataFrame) -> pl.DataFrame:
    """Find the rows that accepted circumstances name: ``at``, ``deferred``, ``late_accepted``."""
    rows = marks.lazy().select("e", "k", "attempt").with_row_index("at")
    near = rows.filter(pl.col("e").is_in(excused["e"].unique().implode()))
    return (
        near.join(excused.lazy(), on=["e", "k", "attempt"], maintain_order="left")
        .select("at", "deferred", "late_accepted")
        .pipe(work_out)
    )


def touch(marks: pl.DataFrame, cohort: Cohort, ground: Ground, pack: Regulations) -> pl.Series:
    """Tell which rows are not plain: those that any rule might touch. One too many does no harm."""
    places = ground.components
    scaled = places.join(cohort.typed["scaling"], on=["module", "component"], how="semi")["k"]
    graded = places.join(
        ground.modules.filter(pl.col("grade_only").fill_null(value=False)), on="m", how="semi"
    )["k"]
    limit = pack.penalties.word_limit
    attempt_one = pl.coalesce("due_at", pl.lit(places["due_at"]).gather("k"))
    listed = cohort.typed["deadlines"].filter(pl.col("attempt") == 1)
    timed = places.join(listed, on=["module", "component"], how="semi")["k"]
    step = 10 ** (MARK_PLACES - pack.rounding.component.places)
    rules = {
        "state": pl.col("state").is_not_null(),
        "unread": pl.col("_bad") | pl.col("mark").is_null(),
        "attempt": pl.col("attempt") != 1,
        "agreed": pl.col("agreed_mark").is_not_null(),
        "second": pl.col("second_mark") != pl.col("mark"),
        "third": pl.col("third_mark") != pl.col("mark"),
        "words": _over(limit, pl.lit(places["word_limit"]).gather("k")),
        "late": (pl.col("submitted_at") > _end(attempt_one, pack)),
        "component": pl.col("k").is_in(pl.concat([scaled, graded, timed]).implode()),
        "places": pl.col("mark") % step != 0,
    }
    present = {
        "state": ["state"], "agreed": ["agreed_mark"], "second": ["second_mark"], "third": ["third_mark"],
        "words": ["words"], "late": ["submitted_at"],
    }  # fmt: skip
    empty = {
        name
        for name, columns in present.items()
        if all(marks[column].null_count() == marks.height for column in columns)
    }
    if step == 1:
        empty.add("places")
    if not len(scaled) + len(graded) + len(timed):
        empty.add("component")
    asked = (rule.fill_null(value=False) for name, rule in rules.items() if name not in empty)
    return marks.lazy().select(pl.any_horizontal(asked)).pipe(work_out).to_series()


def penalise_rows(
    marks: pl.DataFrame, placed: pl.DataFrame, cohort: Cohort, ground: Ground, pack: Regulations
) -> pl.DataFrame:
    """Work out in full what the rules make of rows.

    Args:
        marks: numbered rows, with their places ``at``.
        placed: what accepted circumstances do, by place.
        cohort: the deadlines and the scaling.
        ground: components, modules, students.
        pack: the regulations.

    Returns:
        The rows with ``raw``, ``status``, ``why``, ``moved`` (by scaling), ``scaled`` (and rounded), ``over_words``, ``deadline``, and for both
        kinds of attempt the mark and the number of the late step that applies (null where none does).
    """
    settled = settle_marks(detail_marks(marks, ground), placed.lazy(), ground, pack)
    return _penalised(settled, cohort, ground, pack).pipe(work_out)


def _penalised(marks: pl.LazyFrame, cohort: Cohort, ground: Ground, pack: Regulations) -> pl.LazyFrame:
    frame = _rounded(_scaled(_deadlines(marks, cohort, ground), cohort, ground, pack), pack)
    marked = (pl.col("status") == MARKED).fill_null(value=False)
    limit = pack.penalties.word_limit
    over = _over(limit, pl.col("word_limit")) & marked
    frame = frame.with_columns(
        postgraduate=_postgraduate(ground), end=_end(pl.col("deadline"), pack)
    ).with_columns(over_words=over.fill_null(value=False), word_cap=_cap(limit.cap if limit else None))
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
    stated = []
    for attempt in listed["attempt"].unique().sort():
        due = _by_component(listed.filter(pl.col("attempt") == attempt), ["due_at"], ground)["due_at"]
        stated.append(pl.when(pl.col("attempt") == attempt).then(pl.lit(due).gather("k")))
    return marks.with_columns(deadline=pl.coalesce("due_at", *stated, own)).drop("component_due")


def _by_component(listed: pl.DataFrame, columns: list[str], ground: Ground) -> pl.DataFrame:
    """Lay out what is stated for some components over all of them, by ``k``; null for the others."""
    named = ground.components.select("module", "component")
    return named.join(
        listed.select("module", "component", *columns),
        on=["module", "component"],
        how="left",
        maintain_order="left",
    )


def _scaled(marks: pl.LazyFrame, cohort: Cohort, ground: Ground, pack: Regulations) -> pl.LazyFrame:
    """Scale raw marks where the examiners did, rounded once, within 0 to 100; not work that was not done."""
    listed = cohort.typed["scaling"]
    if listed.is_empty() or pack.scaling is None:
        return marks.with_columns(moved="raw")
    stated = _by_component(listed, ["add", "multiply"], ground)
    add, multiply = (pl.lit(stated[name]).gather("k") for name in ("add", "multiply"))
    done = ~pl.col("why").is_in(["not-submitted", "absent"]).fill_null(value=False)
    rounding = pack.rounding.component
    times = round_ratio(
        pl.col("raw").cast(pl.Int64) * multiply,
        pl.lit(WEIGHT_UNITS),
        places=rounding.places,
        mode=rounding.mode,
    )
    moved = pl.coalesce(times, pl.col("raw") + add, pl.col("raw")).clip(0, _TOP)
    return marks.with_columns(moved=pl.when(done).then(moved).otherwise("raw").cast(pl.Int32))


def _rounded(marks: pl.LazyFrame, pack: Regulations) -> pl.LazyFrame:
    """Keep component marks to the pack's places (A2)."""
    rounding = pack.rounding.component
    kept = round_ratio(pl.col("moved").cast(pl.Int64), pl.lit(1), places=rounding.places, mode=rounding.mode)
    return marks.with_columns(scaled=kept.cast(pl.Int32))


def _postgraduate(ground: Ground) -> pl.Expr:
    """Whether postgraduate caps apply: by the student's award, else by the module's study (P4); null for neither."""
    of_module = pl.lit(ground.modules["study"] == POSTGRADUATE).gather("m")
    return pl.coalesce(pl.col("award_study") == POSTGRADUATE, of_module)


def _cap(cap: ByStudy | None) -> pl.Expr:
    """The most that a row is given; none where nothing says whose cap it is."""
    most = pl.lit(None, dtype=pl.Int32)
    for study, value in cap.each() if cap else ():
        theirs = pl.col("postgraduate") == (study == POSTGRADUATE)
        most = pl.when(theirs).then(pl.lit(hundredths(value), dtype=pl.Int32)).otherwise(most)
    return most


def _over(rule: WordLimit | None, limit: pl.Expr) -> pl.Expr:
    """Whether the words pass the limit by the rule's percentage, exactly; a limit of 0 is none."""
    if rule is None:
        return pl.lit(value=False)
    share = hundredths(rule.over)
    words: pl.Expr = pl.when(limit > 0).then(pl.col("words")) * _TOP
    most: pl.Expr = limit * (_TOP + share)
    over_it: pl.Expr = words >= most if rule.inclusive else words > most
    return over_it


def _end(due: pl.Expr, pack: Regulations) -> pl.Expr:
    """When the deadline ends; a date alone lasts to just before the next midnight (P2)."""
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
