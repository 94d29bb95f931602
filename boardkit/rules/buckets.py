"""Buckets: which credit counts where in an average, and what is left over (8.2, reading W4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS
from boardkit.queries import work_out
from boardkit.segments import add_up

if TYPE_CHECKING:
    from boardkit.regulations.averages import AverageRule, Bucket

SUM, CREDITS = "sum", "credits"
WAITING = ("deferred", "incomplete")


def fill_buckets(results: pl.DataFrame, average: AverageRule) -> pl.DataFrame:
    """Put each student's modules into the buckets of an average, and add each bucket up.

    A bucket with a capacity takes the modules that must count whole, and the others highest mark first
    (equal marks: larger credit, then module code) until it is full; the one that straddles is split by
    credit, and what is left goes to the next bucket. Where the modules that must count pass the capacity by
    themselves, all of them count and ``over_capacity`` says so.

    Args:
        results: module results, of which those with ``counts`` are taken: ``s``, ``module``, ``level``,
            ``credits``, ``mark``, ``outcome``, ``status``.
        average: the buckets, the first filled first.

    Returns:
        A row a student: for bucket ``n`` ``own_n`` (modules), ``sum_n`` (marks times credits), ``credits_n``
        and ``waiting_n`` (deferred or incomplete modules, and those with no level, which wait in the first); ``waits_for`` and ``over_capacity``.
    """
    # A module whose level cannot be read may be any bucket's: nothing is averaged without it.
    unplaced = pl.col("level").is_null()
    number: pl.Expr = pl.when(unplaced).then(pl.lit(1, dtype=pl.Int8))
    for at, bucket in enumerate(average.buckets, start=1):
        inside = pl.col("level").is_in(bucket.levels)
        number = pl.when(inside).then(pl.lit(at, dtype=pl.Int8)).otherwise(number)
    waits = pl.col("outcome").is_in(WAITING) | pl.col("mark").is_null() | unplaced
    placed = (
        results.lazy()
        .with_columns(bucket=number, waits=waits)
        .filter(pl.col("counts") & pl.col("bucket").is_not_null())
        .with_columns(
            here=pl.when("waits").then(0).otherwise("credits"), credits_left=pl.lit(0, dtype=pl.Int64)
        )
        .pipe(work_out)
    )
    first = average.buckets[0]
    over = pl.DataFrame(schema={"s": pl.UInt32, "over_capacity": pl.Boolean})
    if first.capacity is not None:
        placed, over = _overflow(placed, first)
    sums = add_up(placed, "s", (part for at in range(1, len(average.buckets) + 1) for part in _bucket(at)))
    names = pl.concat_str(
        pl.col("module").cast(pl.String),
        pl.lit(" "),
        pl.coalesce(
            pl.when(pl.col("outcome").is_in(WAITING)).then(pl.col("outcome").cast(pl.String)),
            pl.when(unplaced).then(pl.lit("without a level")),
            pl.lit("without a mark"),
        ),
    )
    waiting = (
        placed.lazy()
        .filter("waits")
        .group_by("s")
        .agg(
            waits_1=names.filter(pl.col("bucket") == 1).sort().str.join(", "),
            waits_for=names.sort().str.join(", "),
        )
        .pipe(work_out)
    )
    return sums.join(waiting, on="s", how="left", maintain_order="left").join(
        over, on="s", how="left", maintain_order="left"
    )


def _bucket(at: int) -> list[pl.Expr]:
    """What of a module goes into a bucket: its own credit, or what the first one could not hold."""
    inside = pl.col("bucket") == at
    credit = pl.when(inside).then("here").when(pl.col("bucket") < at).then("credits_left").otherwise(0)
    return [
        inside.cast(pl.Int64).alias(f"own_{at}"),
        (pl.col("mark").fill_null(0) * credit).alias(f"{SUM}_{at}"),
        credit.alias(f"{CREDITS}_{at}"),
        (inside & pl.col("waits")).cast(pl.Int64).alias(f"waiting_{at}"),
    ]


def _overflow(placed: pl.DataFrame, bucket: Bucket) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split what passes the first bucket's capacity: ``here`` stays, ``credits_left`` moves on.

    Only students who pass the capacity are put in order; for the others everything stays. Gives besides
    for whom the modules that must count pass the capacity by themselves.
    """
    most = int((bucket.capacity or 0) * CREDIT_UNITS)
    inside = pl.col("bucket") == 1
    heavy = add_up(placed, "s", [pl.when(inside).then("here").otherwise(0).alias("here")]).filter(
        pl.col("here") > most
    )
    whole = (pl.col("status") == bucket.whole).fill_null(value=False)
    ordered = (
        placed.lazy()
        .with_row_index("at")
        .filter(inside & pl.col("s").is_in(heavy["s"].implode()))
        .with_columns(whole=whole)
        .sort(
            "s",
            "whole",
            "mark",
            "credits",
            "module",
            descending=[False, True, True, True, False],
            nulls_last=True,
        )
        .with_columns(
            before=pl.col("here").cum_sum().over("s") - pl.col("here"),
            required=pl.when("whole").then("here").otherwise(0).sum().over("s"),
        )
        .with_columns(room=pl.max_horizontal(pl.col("required"), pl.lit(most)))
        .with_columns(stays=(pl.col("room") - pl.col("before")).clip(0, pl.col("here")))
        .select(
            "s", "at", "stays", left=pl.col("here") - pl.col("stays"), over_capacity=pl.col("required") > most
        )
        .pipe(work_out)
    )
    split = placed.with_columns(
        placed["here"].scatter(ordered["at"], ordered["stays"]),
        placed["credits_left"].scatter(ordered["at"], ordered["left"]),
    )
    return split, ordered.filter("over_capacity").select("s", "over_capacity").unique("s")
