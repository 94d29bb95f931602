"""Buckets: which credit counts where in an average, and what is left over (8.2, reading W4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS

if TYPE_CHECKING:
    from boardkit.regulations.model import AverageRule, Bucket

SUM, CREDITS = "sum", "credits"
WAITING = ("deferred", "incomplete")


def fill_buckets(counting: pl.LazyFrame, average: AverageRule) -> pl.LazyFrame:
    """Put each student's modules into the buckets of an average, and add each bucket up.

    A bucket with a capacity takes the modules that must count whole, and the others highest mark first
    (equal marks: larger credit, then module code) until it is full; the one that straddles is split by
    credit, and what is left goes to the next bucket. Where the modules that must count pass the capacity by
    themselves, all of them count and ``over_capacity`` says so.

    Args:
        counting: results that count in averages: ``s``, ``module``, ``level``, ``credits``, ``mark``,
            ``outcome``, ``status``.
        average: the buckets, the first filled first.

    Returns:
        A row a student: for bucket ``n`` ``own_n`` (modules), ``sum_n`` (marks times credits), ``credits_n``
        and ``waiting_n`` (deferred or incomplete modules); ``waits_for`` and ``over_capacity``.
    """
    number = pl.lit(None, dtype=pl.Int8)
    for at, bucket in enumerate(average.buckets, start=1):
        inside = pl.col("level").is_in(bucket.levels)
        number = pl.when(inside).then(pl.lit(at, dtype=pl.Int8)).otherwise(number)
    placed = counting.with_columns(bucket=number).filter(pl.col("bucket").is_not_null())
    placed = placed.with_columns(waits=pl.col("outcome").is_in(WAITING) | pl.col("mark").is_null())
    placed = placed.with_columns(here=pl.when("waits").then(0).otherwise("credits"))
    first = average.buckets[0]
    over = pl.lit(None, dtype=pl.Boolean)
    if first.capacity is not None:
        placed, over = _overflow(placed, first), pl.col("over_capacity").any()
    numbers = range(1, len(average.buckets) + 1)
    sums = placed.group_by("s").agg(
        over.alias("over_capacity"),
        *(part for at in numbers for part in _bucket(at, first, at == 2)),  # noqa: PLR2004 - what is left goes to the second
    )
    names = pl.concat_str("module", pl.lit(" "), "outcome")
    waiting = (
        placed.filter("waits")
        .group_by("s")
        .agg(
            waits_1=names.filter(pl.col("bucket") == 1).sort().str.join(", "),
            waits_for=names.sort().str.join(", "),
        )
    )
    return sums.join(waiting, on="s", how="left")


def _bucket(at: int, first: Bucket, next_one: bool) -> list[pl.Expr]:  # noqa: FBT001 - one call
    inside = pl.col("bucket") == at
    credit = pl.when(inside).then("here").otherwise(0)
    if next_one and first.capacity is not None:
        credit = pl.when(pl.col("bucket") == 1).then(pl.col("credits_left")).otherwise(credit)
    return [
        inside.sum().alias(f"own_{at}"),
        (pl.col("mark").fill_null(0) * credit).sum().alias(f"{SUM}_{at}"),
        credit.sum().alias(f"{CREDITS}_{at}"),
        (inside & pl.col("waits")).sum().alias(f"waiting_{at}"),
    ]


def _overflow(placed: pl.LazyFrame, bucket: Bucket) -> pl.LazyFrame:
    """Split what passes the first bucket's capacity: ``here`` stays, ``credits_left`` moves on.

    Only students who pass the capacity are put in order; for the others everything stays.
    """
    most = int((bucket.capacity or 0) * CREDIT_UNITS)
    inside = placed.filter(pl.col("bucket") == 1)
    heavy = inside.group_by("s").agg(pl.col("here").sum()).filter(pl.col("here") > most).select("s")
    whole = (pl.col("status") == bucket.whole).fill_null(value=False)
    ordered = (
        inside.join(heavy, on="s", how="semi")
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
        .select("s", "module", "stays", over_capacity=pl.col("required") > most)
    )
    return (
        placed.join(ordered, on=["s", "module"], how="left")
        .with_columns(
            stays=pl.coalesce("stays", "here"), over_capacity=pl.col("over_capacity").fill_null(value=False)
        )
        .with_columns(credits_left=pl.col("here") - pl.col("stays"), here="stays")
        .drop("stays")
    )
