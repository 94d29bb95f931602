"""Award: averages, classes, borderline cases and the credit an award needs (8, 9, 10).

Each award's students are taken at once. Averages stay exact ratios until their one rounding.
"""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import hundredths, round_ratio
from boardkit.queries import work_out
from boardkit.rules.buckets import CREDITS, SUM, fill_buckets
from boardkit.rules.credit import held_columns, short_by, units
from boardkit.segments import add_up

if TYPE_CHECKING:
    from boardkit.regulations.awards import AwardRules
    from boardkit.regulations.classes import BorderlineRules, CriterionRule
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.studies import RoundingRule

NEEDED = ("s", "module", "level", "credits", "mark", "outcome", "status", "counts", "credits_awarded")
"""What of a module's result an award looks at."""

SCHEMA = {
    "s": pl.UInt32,
    "award": pl.String,
    "average": pl.Int64,
    "numerator": pl.Int128,
    "denominator": pl.Int128,
    "classification": pl.String,
    "basis": pl.String,
    "eligible": pl.Boolean,
    "alone": pl.Boolean,
    "waits": pl.Boolean,
    "waits_for": pl.String,
    "over_capacity": pl.Boolean,
    "elsewhere": pl.Boolean,
    "reached": pl.Int8,
    "target": pl.Int8,
    "below": pl.Int64,
    "borderline": pl.Boolean,
    "criterion": pl.Int8,
    "at_or_above": pl.Int64,
    "needed": pl.Int64,
    "studied": pl.Int64,
    "credits_held": pl.Int64,
    "prior_credits": pl.Int64,
    "sum_1": pl.Int64,
    "credits_1": pl.Int64,
    "sum_2": pl.Int64,
    "credits_2": pl.Int64,
}
"""What is known of a student's award; credits and marks in hundredths."""


def make_awards(students: pl.DataFrame, results: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Work out every student's average, classification and eligibility.

    Args:
        students: ``s``, ``award``, ``entry_stage``, ``prior_credits``; one row a student.
        results: module results: ``s``, ``module``, ``level``, ``credits``, ``mark``, ``outcome``,
            ``status``, ``counts``, ``credits_awarded``.
        pack: the regulations.

    Returns:
        One row for every student, in the shape of ``SCHEMA``, sorted by ``s``.
    """
    parts = []
    results = results.select(NEEDED)
    rules = dict(pack.awards.each())
    for award in students["award"].unique():
        aimed = students["award"].eq_missing(pl.Series([award], dtype=pl.String))
        theirs = students.filter(aimed)
        if award not in rules:
            # Who aims at none is due none; of an award with no rule nobody can say.
            due = pl.lit(
                None if award in tables.AWARDS and award != tables.NO_AWARD else False, dtype=pl.Boolean
            )
            part = theirs.lazy().select("s", "award", basis=pl.lit("none"), eligible=due)
        else:
            mine = results if aimed.all() else results.filter(pl.lit(aimed).gather("s"))
            part = _one_award(theirs.lazy(), mine, rules[award], pack.rounding.average)
        parts.append(_shaped(part.pipe(work_out)))
    return pl.concat([pl.DataFrame(schema=SCHEMA), *parts]).sort("s")


def _shaped(part: pl.DataFrame) -> pl.DataFrame:
    return part.select(
        (pl.col(name) if name in part.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in SCHEMA.items()
    )


def _one_award(
    students: pl.LazyFrame, results: pl.DataFrame, rules: AwardRules, rounding: RoundingRule
) -> pl.LazyFrame:
    held = add_up(results, "s", [*held_columns(rules), _programme_credits(), *_measures(rules)])
    joined = (
        students.select("s", "award", "entry_stage", "prior_credits")
        .join(held.lazy(), on="s", how="left")
        .with_columns(pl.col("^held.*$", "programme_credits", "prior_credits").fill_null(0))
        .with_columns(
            eligible=short_by(rules) == 0,
            credits_held=pl.col("held") + pl.col("prior_credits"),
            programme_credits=pl.col("programme_credits") + pl.col("prior_credits"),
        )
    )
    if rules.average is None or rules.otherwise is None:
        return joined.join(_unplaced(results), on="s", how="left").with_columns(basis=pl.lit("none"))
    filled = fill_buckets(results, rules.average)
    averaged = _average(joined.join(filled.lazy(), on="s", how="left"), rules, rounding)
    return _classify(averaged, rules)


def _unplaced(results: pl.DataFrame) -> pl.LazyFrame:
    """Name each student's modules of which the level cannot be told."""
    unknown = results.lazy().filter(pl.col("level").is_null())
    names = pl.col("module").cast(pl.String).sort().str.join(", ")
    return unknown.group_by("s").agg(waits_for=names)


def _some(credit: pl.Expr) -> pl.Expr:
    return credit.fill_null(0)


def _programme_credits() -> pl.Expr:
    """Every module of the student's, withdrawn ones aside (W10)."""
    return _some(pl.when(pl.col("outcome") != "withdrawn").then("credits")).alias("programme_credits")


def _measures(rules: AwardRules) -> list[pl.Expr]:
    """What borderline criteria look at: credit at their levels, in all and at or above each boundary."""
    measures = []
    for at, criterion in enumerate(rules.borderline.criteria if rules.borderline else []):
        there = pl.col("counts") & pl.col("level").is_in(criterion.levels)
        measures.append(_some(pl.when(there).then("credits")).alias(f"studied_{at}"))
        measures += [
            _some(pl.when(there & (pl.col("mark") >= hundredths(rule.at))).then("credits")).alias(
                f"at_{at}_{number}"
            )
            for number, rule in enumerate(rules.classes)
        ]
    return measures


def _average(frame: pl.LazyFrame, rules: AwardRules, rounding: RoundingRule) -> pl.LazyFrame:
    """Average the buckets: each one's mean by its weight, or the first one's alone (8.2-8.5)."""
    average = rules.average
    if average is None:
        raise TypeError("an award without an average is not averaged")
    count = len(average.buckets)
    numbers = range(1, count + 1)
    frame = frame.with_columns(
        pl.col([f"{name}_{at}" for name in ("own", SUM, CREDITS, "waiting") for at in numbers]).fill_null(0)
    )
    alone = pl.lit(value=False)
    if average.alone is not None:
        entered = (pl.col("entry_stage") >= average.alone.entry_stage).fill_null(value=False)
        empty = pl.all_horizontal(pl.col(f"own_{at}") == 0 for at in numbers[1:])
        alone = entered | empty if average.alone.when_others_empty else entered
    frame = frame.with_columns(alone=alone)
    waits = pl.col("waiting_1") > 0
    for at in numbers[1:]:
        waits = waits | (~pl.col("alone") & (pl.col(f"waiting_{at}") > 0))
    complete = pl.all_horizontal(
        (pl.col(f"{CREDITS}_{at}") > 0) | (pl.col("alone") if at > 1 else pl.lit(value=False))
        for at in numbers
    )
    numerator, denominator = _wide(SUM, 1), _wide(CREDITS, 1)
    if count > 1:
        one, two = average.buckets
        both = _wide(SUM, 1) * _wide(CREDITS, 2) * one.weight + _wide(SUM, 2) * _wide(CREDITS, 1) * two.weight
        numerator = pl.when("alone").then(numerator).otherwise(both)
        denominator = (
            pl.when("alone")
            .then(denominator)
            .otherwise(_wide(CREDITS, 1) * _wide(CREDITS, 2) * (one.weight + two.weight))
        )
    frame = frame.with_columns(waits=waits).with_columns(
        numerator=pl.when(complete & ~pl.col("waits")).then(numerator),
        denominator=pl.when(complete & ~pl.col("waits")).then(denominator),
        elsewhere=pl.col("alone") & (pl.col("own_2") > 0) if count > 1 else pl.lit(value=False),
        waits_for=pl.when("alone").then("waits_1").otherwise("waits_for"),
    )
    return frame.with_columns(
        average=round_ratio(
            pl.col("numerator"), pl.col("denominator"), places=rounding.places, mode=rounding.mode
        ).cast(pl.Int64)
    )


def _wide(name: str, bucket: int) -> pl.Expr:
    """A bucket's sum, wide enough that products of several cannot pass what it holds."""
    return pl.col(f"{name}_{bucket}").cast(pl.Int128)


def _classify(frame: pl.LazyFrame, rules: AwardRules) -> pl.LazyFrame:
    """Find the class: by the average, by the uplift just below a boundary, or by the borderline test."""
    names = [rule.name for rule in rules.classes] + [rules.otherwise.value if rules.otherwise else ""]
    boundaries = [hundredths(rule.at) for rule in rules.classes]
    average = pl.col("average")
    reached = pl.lit(len(boundaries), dtype=pl.Int8)
    for at, boundary in reversed(list(enumerate(boundaries))):
        reached = pl.when(average >= boundary).then(pl.lit(at, dtype=pl.Int8)).otherwise(reached)
    target = pl.when(pl.col("reached") > 0).then(pl.col("reached") - 1)
    frame = frame.with_columns(reached=pl.when(average.is_not_null()).then(reached)).with_columns(
        target=target
    )
    below = (
        pl.col("target").replace_strict(dict(enumerate(boundaries)), default=None, return_dtype=pl.Int64)
        - average
    )
    frame = frame.with_columns(below=below)
    frame = (
        _borderline(frame, rules.borderline, len(boundaries))
        if rules.borderline
        else frame.with_columns(
            uplift=pl.lit(value=False), borderline=pl.lit(value=False), met=pl.lit(value=False)
        )
    )
    goes_up = pl.col("uplift") | (pl.col("borderline") & pl.col("met"))
    final = pl.when(goes_up).then("target").otherwise("reached")
    return frame.with_columns(
        classification=final.replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String),
        basis=pl.when(average.is_null())
        .then(pl.lit("none"))
        .when("uplift")
        .then(pl.lit("uplift"))
        .when(goes_up)
        .then(pl.lit("borderline"))
        .otherwise(pl.lit("average")),
    )


def _borderline(frame: pl.LazyFrame, rules: BorderlineRules, classes: int) -> pl.LazyFrame:
    """Tell uplifts and borderline cases, and put the cases to their criterion (9.1-9.4, 10.1-10.5)."""
    below = pl.col("below")
    uplift = (below > 0) & (below <= hundredths(rules.uplift.within))
    zone = (below >= hundredths(rules.zone.nearest)) & (below <= hundredths(rules.zone.farthest))
    which = pl.lit(None, dtype=pl.Int8)
    for at, criterion in reversed(list(enumerate(rules.criteria))):
        fits = pl.lit(value=True)
        if criterion.programme_credits is not None:
            fits = pl.col("programme_credits") == units(criterion.programme_credits)
        which = pl.when(fits).then(pl.lit(at, dtype=pl.Int8)).otherwise(which)
    frame = frame.with_columns(
        uplift=uplift.fill_null(value=False), borderline=zone.fill_null(value=False), criterion=which
    )
    held, needed, studied = (pl.lit(None, dtype=pl.Int64) for _ in range(3))
    common = lcm(
        *(int(criterion.share.as_integer_ratio()[1]) for criterion in rules.criteria if criterion.share), 1
    )
    for at, criterion in enumerate(rules.criteria):
        mine = pl.col("criterion") == at
        held = pl.when(mine).then(_at_target(at, classes)).otherwise(held)
        studied = pl.when(mine).then(f"studied_{at}").otherwise(studied)
        needed = pl.when(mine).then(_needed(criterion, at, common)).otherwise(needed)
    frame = frame.with_columns(at_or_above=held, studied=studied, scaled_need=needed)
    return frame.with_columns(
        met=(pl.col("at_or_above") * common >= pl.col("scaled_need")).fill_null(value=False),
        needed=(pl.col("scaled_need") + common - 1) // common,
    )


def _at_target(criterion: int, classes: int) -> pl.Expr:
    """The credit at or above the boundary that the average is just below."""
    held = pl.lit(None, dtype=pl.Int64)
    for number in range(classes):
        held = pl.when(pl.col("target") == number).then(f"at_{criterion}_{number}").otherwise(held)
    return held


def _needed(criterion: CriterionRule, at: int, common: int) -> pl.Expr:
    """The credit that a criterion asks for, times a common denominator so that it is a whole number."""
    if criterion.credits is not None:
        return pl.lit(units(criterion.credits) * common, dtype=pl.Int64)
    top, bottom = (criterion.share or 0).as_integer_ratio()
    return pl.col(f"studied_{at}") * (top * (common // bottom))
