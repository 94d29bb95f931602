"""Marks: which mark a piece of work has, before any cap: agreed, converted, or none and why (5.3, 7.7, 21.2).

Adds ``raw`` (hundredths, null where there is no mark to use), ``status`` and ``why``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import hundredths
from boardkit.rules.markers import differ

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground

MARKED, DEFERRED, INCOMPLETE = 0, 1, 2
"""A row's status: a mark, an accepted deferral, or nothing that may be computed with."""

WHY = pl.Enum(
    [
        "not-submitted",
        "absent",
        "agreed",
        "grade",
        "state-contradiction",
        "mark-missing",
        "markers-differ",
        "unreadable",
        "not-a-grade",
    ]
)
"""What lies behind a row's mark or the lack of one."""

INPUTS = (
    "attempt",
    "mark",
    "grade",
    "submitted_at",
    "due_at",
    "words",
    "state",
    "second_mark",
    "third_mark",
    "agreed_mark",
    "_src",
    "_row",
    "_bad",
)


def number_marks(cohort: Cohort) -> pl.DataFrame:
    """Give every marks row with the numbers of its enrolment ``e``, student ``s`` and component ``k``."""
    return pl.concat([cohort.numbers.marks, cohort.typed["marks"].select(INPUTS)], how="horizontal")


def detail_marks(rows: pl.DataFrame, ground: Ground) -> pl.LazyFrame:
    """Add to numbered rows what their components, modules and students say of them."""
    components, modules, students = ground.components, ground.modules, ground.students
    return rows.lazy().with_columns(
        pl.lit(components["m"]).gather("k").alias("m"),
        pl.lit(components["word_limit"]).gather("k").alias("word_limit"),
        pl.lit(components["due_at"]).gather("k").alias("component_due"),
        pl.lit(modules["grade_only"].fill_null(value=False).gather(components["m"]))
        .gather("k")
        .alias("grade_only"),
        pl.lit(students["study"]).gather("s").alias("award_study"),
    )


def settle_marks(
    marks: pl.LazyFrame, placed: pl.LazyFrame, ground: Ground, pack: Regulations
) -> pl.LazyFrame:
    """Settle which mark each row has.

    A deferral beats everything. An unreadable row, a mark beside not-submitted or absent, markers who differ
    with no agreed mark, and a blank with no reason leave nothing to compute with (M3). Not submitted and
    absent are the pack's mark. The agreed mark stands over the marker's (5.3); in a module assessed by grades
    alone the grade's conversion is the mark (7.7), and a mark with no grade is none.

    Args:
        marks: rows from ``detail_marks``.
        placed: what accepted circumstances do, by the rows' places ``at``.
        ground: the modules' studies.
        pack: the regulations.

    Returns:
        The rows with ``raw``, ``status``, ``why`` and ``late_accepted``.
    """
    marks = marks.join(placed, on="at", how="left", maintain_order="left").with_columns(
        pl.col("deferred", "late_accepted").fill_null(value=False)
    )
    absence = {
        "not-submitted": hundredths(pack.absence.not_submitted.value),
        "absent": hundredths(pack.absence.absent.value),
    }
    state = pl.col("state")
    unsat = state.is_in(list(absence))
    entered = pl.when(~pl.col("grade_only")).then(pl.coalesce("agreed_mark", "mark"))
    entries = pl.max_horizontal("mark", "second_mark", "third_mark", "agreed_mark").fill_null(0) != 0
    unagreed = differ(ground, pack) & pl.col("agreed_mark").is_null() & ~pl.col("grade_only")
    of_grade = converted(ground, pack)
    grades = pl.col("grade_only")
    why = (
        pl.when("_bad")
        .then(pl.lit("unreadable", dtype=WHY))
        .when(unsat & (entries | (pl.col("grade").is_not_null() & pl.col("grade_only"))))
        .then(pl.lit("state-contradiction", dtype=WHY))
        .when(unsat)
        .then(state.cast(WHY, strict=False))
        .when(grades & pl.col("grade").is_not_null() & of_grade.is_null())
        .then(pl.lit("not-a-grade", dtype=WHY))
        .when(grades & of_grade.is_not_null())
        .then(pl.lit("grade", dtype=WHY))
        .when(unagreed)
        .then(pl.lit("markers-differ", dtype=WHY))
        .when(entered.is_null())
        .then(pl.lit("mark-missing", dtype=WHY))
        .when(pl.col("agreed_mark").is_not_null() & (pl.col("agreed_mark") != pl.col("mark").fill_null(-1)))
        .then(pl.lit("agreed", dtype=WHY))
    )
    unusable = ["unreadable", "state-contradiction", "not-a-grade", "markers-differ", "mark-missing"]
    deferred = pl.col("deferred") | (state == "deferred").fill_null(value=False)
    settled = marks.with_columns(why=why, converted=of_grade, deferred=deferred).with_columns(
        status=pl.when("deferred")
        .then(DEFERRED)
        .when(pl.col("why").is_in(unusable))
        .then(INCOMPLETE)
        .otherwise(MARKED)
        .cast(pl.UInt8)
    )
    raw = (
        pl.when(pl.col("status") != MARKED)
        .then(None)
        .when(unsat)
        .then(state.replace_strict(absence, default=None, return_dtype=pl.Int32))
        .when(pl.col("why") == "grade")
        .then("converted")
        .otherwise(entered)
    )
    return settled.with_columns(raw=raw.cast(pl.Int32)).drop("deferred", "converted", "_bad", "third_mark")


def converted(ground: Ground, pack: Regulations) -> pl.Expr:
    """Give the mark that a row's ``grade`` stands for in its module ``m``; null where it is none of its grades."""
    if not ground.modules["grade_only"].fill_null(value=False).any():
        return pl.lit(None, dtype=pl.Int32)
    studies = dict(zip(ground.modules["m"].to_list(), ground.modules["study"].to_list(), strict=True))
    study = pl.col("m").replace_strict(studies, default=None, return_dtype=pl.String)
    mark = pl.lit(None, dtype=pl.Int32)
    for name, rules in pack.studies.each():
        if rules.conversion is None:
            continue
        table = {grade: hundredths(mark) for grade, mark in rules.conversion.marks.items()}
        table |= {other: table[grade] for other, grade in rules.conversion.also.items()}
        here = pl.col("grade").replace_strict(table, default=None, return_dtype=pl.Int32)
        mark = pl.when(study == name).then(here).otherwise(mark)
    return mark


@dataclass(frozen=True)
class Excuses:
    """What accepted circumstances do.

    Args:
        works: for every component and attempt they name (a blank component names all of the module's):
            ``e``, ``k``, ``attempt``, ``deferred``, ``late_accepted``.
        first_sits: the attempts that they make first sits: ``e``, ``attempt``.
    """

    works: pl.DataFrame
    first_sits: pl.DataFrame


def excuse(cohort: Cohort, ground: Ground) -> Excuses:
    """Read what accepted circumstances do."""
    accepted = (
        cohort.typed["circumstances"]
        .filter(pl.col("accepted").fill_null(value=False))
        .join(ground.students.select("student_id", "s"), on="student_id")
        .join(ground.modules.select("module", "m"), on="module")
    )
    accepted = ground.enrol(accepted)
    parts = ground.components.select("m", "k", "component")
    each = pl.concat(
        [
            accepted.filter(pl.col("component").is_not_null())
            .join(parts, on=["m", "component"])
            .select("e", "k", "attempt", "effect"),
            accepted.filter(pl.col("component").is_null())
            .join(parts, on="m")
            .select("e", "k", "attempt", "effect"),
        ]
    )
    effects = each.group_by("e", "k", "attempt").agg(
        deferred=(pl.col("effect") == "deferred").any(),
        late_accepted=(pl.col("effect") == "late-accepted").any(),
    )
    named = accepted.filter(pl.col("effect") == "first-sit").select("e", "attempt").unique()
    return Excuses(effects.filter(pl.col("deferred") | pl.col("late_accepted")), named)
