"""Awards in the trace: every student's average, class and credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, print_hundredths, print_number
from boardkit.queries import work_out
from boardkit.reasons import LOCAL, levels_said, together
from boardkit.trace.rows import by_distinct, exactly, row

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.averages import AverageRule
    from boardkit.regulations.awards import AwardRules

NO_AWARD = f"{LOCAL}the students table"
"""What stands for a clause where a student aims at no award, or at one that cannot be read."""


def trace_awards(board: BoardResult) -> list[pl.LazyFrame]:
    """Trace every student's average, class and credit."""
    pack = board.pack.rules
    average = print_hundredths(pl.col("average"), places=pack.rounding.average.shown)
    made = board.award_reasons.with_columns(shown=average)
    rules = dict(pack.awards.each())
    parts = []
    for name in made["award"].unique():
        mine = made.filter(pl.col("award").eq_missing(pl.lit(name, dtype=pl.String))).lazy()
        rule = rules.get(name)
        if rule is None:
            parts.append(_classification(mine, pl.lit(NO_AWARD)))
            continue
        if rule.average is not None:
            averaged = mine.filter(pl.col("average").is_not_null()).pipe(work_out)
            parts.append(_average(averaged, rule.average))
        parts += [_classification(mine, _class_source(rule)), _eligible(mine, rule)]
    return parts


def _average(made: pl.DataFrame, rule: AverageRule) -> pl.LazyFrame:
    """The average before and after its rounding, with the mean and the credit of each level."""
    buckets = range(1, len(rule.buckets) + 1)
    for ratio in (("numerator", "denominator"), *((f"sum_{at}", f"credits_{at}") for at in buckets)):
        said = "exactly" if ratio[0] == "numerator" else f"mean_{ratio[0]}"
        made = by_distinct(made, ratio, {said: exactly(*map(pl.col, ratio))})
    alone = together(rule.citation, rule.alone.citation) if rule.alone else rule.citation
    means = []
    for at, bucket in enumerate(rule.buckets, start=1):
        share = "" if len(rule.buckets) == 1 else f"{bucket.weight}% of "
        level = f"SCQF {levels_said(bucket.levels)}"
        mean = pl.concat_str(
            pl.when("alone").then(pl.lit(level)).otherwise(pl.lit(f"{share}{level}")),
            pl.lit(": "),
            pl.col(f"mean_sum_{at}"),
            pl.lit(" over "),
            print_number(pl.col(f"credits_{at}"), units=CREDIT_UNITS),
            pl.lit(" credits"),
        )
        means.append(mean if at == 1 else pl.when(~pl.col("alone")).then(mean))
    return row(
        made.lazy(),
        "award",
        "average",
        pl.when("alone").then(pl.lit(alone)).otherwise(pl.lit(rule.citation)),
        before=pl.col("exactly"),
        after=pl.col("shown"),
        note=pl.concat_str(means, separator="; ", ignore_nulls=True),
        order=6,
    )


def _class_source(rule: AwardRules) -> pl.Expr:
    """Cite what gave the class: the boundaries, the uplift, or the borderline test."""
    plain = pl.lit(rule.average.citation if rule.average else rule.credits.citation)
    near = rule.borderline
    if near is None:
        return plain
    tests = {
        at: together(near.zone.citation, criterion.citation) for at, criterion in enumerate(near.criteria)
    }
    return (
        pl.when(pl.col("basis") == "uplift")
        .then(pl.lit(near.uplift.citation))
        .when(pl.col("borderline").fill_null(value=False))
        .then(pl.col("criterion").replace_strict(tests, default=near.zone.citation, return_dtype=pl.String))
        .otherwise(plain)
    )


def _classification(made: pl.LazyFrame, source: pl.Expr) -> pl.LazyFrame:
    return row(
        made,
        "award",
        "classification",
        source,
        before=pl.col("shown"),
        after=pl.coalesce("computed", pl.lit("none")),
        note=pl.col("worked_out"),
        order=7,
    )


def _eligible(made: pl.LazyFrame, rule: AwardRules) -> pl.LazyFrame:
    held = print_number(pl.col("credits_held"), units=CREDIT_UNITS)
    return row(
        made,
        "award",
        "eligible",
        rule.credits.citation,
        after=pl.when("eligible").then(pl.lit("Y")).otherwise(pl.lit("N")),
        note=pl.concat_str(held, pl.lit(" credits")),
        order=9,
    )
