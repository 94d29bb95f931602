"""Verdicts: what an attempt's components come to, and the outcome they make (16.1-16.3, 18.7, 18.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import round_ratio
from boardkit.queries import work_out
from boardkit.rules.ground import OUTCOME
from boardkit.rules.marks import DEFERRED, INCOMPLETE
from boardkit.segments import add_up

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground

ROW = {
    "e": pl.UInt32,
    "k": pl.UInt32,
    "weight": pl.Int64,
    "floor": pl.Int32,
    "status": pl.UInt8,
    "value": pl.Int32,
}
"""What a judgement needs of a component: its weight, its floor, and its mark after penalties."""

VERDICT: dict[str, PolarsDataType] = {
    "e": pl.UInt32,
    "attempt": pl.Int16,
    "first_sit": pl.Boolean,
    "mark": pl.Int64,
    "weighted": pl.Int64,
    "weights": pl.Int64,
    "outcome": OUTCOME,
    "capped": pl.Boolean,
    "under": pl.Boolean,
}
"""What a judgement says of an attempt."""


def total(rows: pl.DataFrame) -> pl.DataFrame:
    """Add up the components of each enrolment's attempt.

    Args:
        rows: components in the shape of ``ROW``, sorted by ``e``.

    Returns:
        ``e``, ``weighted``, ``weights``, ``rows``, and how many components are deferred, how many are gaps,
        and how many have a mark under their floor: ``deferred``, ``gaps``, ``under``.
    """
    status, value, weight = pl.col("status"), pl.col("value"), pl.col("weight")
    return add_up(
        rows,
        "e",
        [
            (weight * value.cast(pl.Int64)).fill_null(0).alias("weighted"),
            weight.fill_null(0).alias("weights"),
            pl.col("e").is_not_null().alias("rows"),
            (status == DEFERRED).alias("deferred"),
            ((status == INCOMPLETE) | weight.is_null()).alias("gaps"),
            (value < pl.col("floor")).fill_null(value=False).alias("under"),
        ],
    )


def ceilings_over(works: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Give the most that penalties for misconduct leave of attempts: ``e``, ``most``.

    The ceiling of an attempt goes with its work: an attempt that completes or replaces it, and keeps work of it, has it too.

    Args:
        works: ``e`` and ``attempt`` of all work that belongs to the attempts that are judged.
        ground: the ceilings.
    """
    if ground.ceilings.is_empty():
        return pl.DataFrame(schema={"e": pl.UInt32, "most": pl.Int32})
    return (
        works.lazy()
        .select("e", "attempt")
        .join(ground.ceilings.lazy(), on=["e", "attempt"])
        .group_by("e")
        .agg(pl.col("most").min())
        .pipe(work_out)
    )


def judge(totals: pl.DataFrame, ceilings: pl.DataFrame, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """Turn totals of attempts into outcomes: deferred, incomplete, or judged on the rounded mark.

    The floors are tested on component marks at two places, pass and grade on the module's rounded mark (A3).
    At a reassessment the mark is at most the pass mark (16.3).

    Args:
        totals: what ``total`` gives, with ``attempt`` and ``first_sit``; nulls where an attempt has no
            component that can be judged.
        ceilings: what ``ceilings_over`` gives for them.
        ground: enrolments and modules.
        pack: the regulations.

    Returns:
        Verdicts, in the shape of ``VERDICT``.
    """
    rounding = pack.rounding.module
    enrolments, modules = ground.enrolments, ground.modules
    short = pl.col("first_sit") & (pl.col("rows").fill_null(0) < pl.lit(modules["components"]).gather("m"))
    unsound = (
        short
        | (pl.col("gaps") > 0).fill_null(value=True)
        | (pl.col("weights").fill_null(0) == 0)
        | pl.col("pass_mark").is_null()
        | pl.lit(enrolments["bad"]).gather("e").fill_null(value=True)
    )
    outcome = (
        pl.when((pl.col("deferred") > 0).fill_null(value=False))
        .then(pl.lit("deferred", dtype=OUTCOME))
        .when(unsound)
        .then(pl.lit("incomplete", dtype=OUTCOME))
        .when(pl.col("overall") < pl.col("pass_mark"))
        .then(pl.lit("fail", dtype=OUTCOME))
        .when(pl.col("under") > 0)
        .then(pl.lit("qualifying-fail", dtype=OUTCOME))
        .otherwise(pl.lit("pass", dtype=OUTCOME))
    )
    sound = ~pl.col("outcome").is_in(["deferred", "incomplete"])
    weights = pl.when(pl.col("weights") > 0).then("weights")
    overall = round_ratio(pl.col("weighted"), weights, places=rounding.places, mode=rounding.mode)
    return (
        totals.lazy()
        .with_columns(
            pl.lit(enrolments["m"]).gather("e").alias("m"),
            pl.lit(enrolments["pass_mark"]).gather("e").alias("pass_mark"),
            overall=overall,
        )
        .pipe(_under_ceilings, ceilings)
        .with_columns(outcome=outcome, cap=_cap(ground, pack))
        .with_columns(
            mark=pl.when(sound).then(pl.min_horizontal("overall", "cap")),
            capped=sound & (pl.col("overall") > pl.col("cap")).fill_null(value=False),
            under=pl.col("under") > 0,
        )
        .select(pl.col(name).cast(dtype) for name, dtype in VERDICT.items())
        .pipe(work_out)
    )


def _under_ceilings(attempts: pl.LazyFrame, ceilings: pl.DataFrame) -> pl.LazyFrame:
    """Lower what attempts come to, to the most that penalties for misconduct leave of the module."""
    if ceilings.is_empty():
        return attempts
    return (
        attempts.join(ceilings.lazy(), on="e", how="left", maintain_order="left")
        .with_columns(overall=pl.min_horizontal("overall", "most"))
        .drop("most")
    )


def under_floor(ground: Ground) -> pl.Expr:
    """Tell whether a component is under its floor in an attempt whose verdict is given; null where it is not known.

    It is known where every component that the attempt needs has a mark.
    """
    short = pl.col("first_sit") & (
        pl.col("rows")
        < pl.lit(ground.modules["components"]).gather(pl.lit(ground.enrolments["m"]).gather("e"))
    )
    whole = ~short & (pl.col("deferred") == 0) & (pl.col("gaps") == 0)
    return pl.when(pl.col("under") > 0).then(pl.lit(value=True)).when(whole).then(pl.lit(value=False))


def _cap(ground: Ground, pack: Regulations) -> pl.Expr:
    """The most that a reassessed module can be given; null at a first sit."""
    capped = [
        study
        for study, rules in pack.studies.each()
        if rules.reassessment_cap is not None and rules.reassessment_cap.value == "pass-mark"
    ]
    if not capped:
        return pl.lit(None, dtype=pl.Int32)
    applies = ~pl.col("first_sit")
    if len(capped) < len(pack.studies.each()):
        applies = applies & pl.lit(ground.modules["study"].is_in(capped)).gather("m")
    return pl.when(applies).then("pass_mark")


def lacking(have: pl.DataFrame, attempts: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Name the components that a first sit needs and has no row for: ``e``, ``k``, ``attempt``."""
    need = attempts.with_columns(m=ground.enrolments["m"].gather(attempts["e"])).join(
        ground.components.select("m", "k"), on="m"
    )
    return need.join(have, on=["e", "k"], how="anti").select("e", "k", "attempt")
