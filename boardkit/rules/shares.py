"""Shares: how much of a programme a student takes again, against what may be (17.12, 18.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.rules.arrangements import outside
from boardkit.rules.credit import units
from boardkit.segments import add_up

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.progress import ReassessedShare, YearlyCredits


def share_out(standing: pl.DataFrame, diet: str, students: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Tell who goes beyond what may be taken again (R6, R7).

    A share is counted by modules and by their credits, exactly. It is broken where both are beyond it, and
    put before the board where one is.

    Args:
        standing: where every module stands.
        diet: ``main`` or ``resit``.
        students: ``s``, ``study``, ``award``, ``programme``, ``registered_from``.
        pack: the regulations.

    Returns:
        ``s``, ``beyond`` and ``disagree`` (a share), ``held`` (the credit in the tables, where a share of it is
        broken and the award aimed at needs more: it may be a part of the programme), ``retaken`` (credit in a
        year, where the regulations limit it) and ``over_year``; one row for every student.
    """
    rules = pack.reassessment
    if rules is None:
        return (
            standing.select("s")
            .unique(maintain_order=True)
            .with_columns(
                beyond=pl.lit(value=False),
                disagree=pl.lit(value=False),
                held=pl.lit(None, dtype=pl.Int64),
                retaken=pl.lit(None, dtype=pl.Int64),
                over_year=pl.lit(value=False),
            )
        )
    parts = [_shares(standing, students, rules.shares, pack)] if rules.shares else []
    parts.append(_year(standing, diet, students, rules.credits_a_year, outside(pack, "credits_a_year")))
    joined = students.select("s")
    for part in parts:
        joined = joined.join(part, on="s", how="left", maintain_order="left")
    missing = [name for name in ("beyond", "disagree") if name not in joined.columns]
    return joined.with_columns(
        *(pl.lit(value=False).alias(name) for name in missing),
        *([] if rules.shares else [pl.lit(None, dtype=pl.Int64).alias("held")]),
        pl.col("^beyond|disagree|over_year$").fill_null(value=False),
    )


def _shares(
    standing: pl.DataFrame, students: pl.DataFrame, shares: list[ReassessedShare], pack: Regulations
) -> pl.DataFrame:
    """Count what is taken again against every share, for the students of its study."""
    exempt = outside(pack, "shares")
    people = students.filter(~exempt & pl.col("study").is_in([share.study for share in shares])).select(
        "s", "study", "award"
    )
    mine = standing.join(people.select("s"), on="s", how="semi", maintain_order="left")
    reached = pl.col("counted").fill_null(0) + pl.col("open").cast(pl.Int16)
    stays = pl.col("outcome") != "withdrawn"
    sums, both, one = [pl.when(stays).then("credits").fill_null(0).alias("held")], [], []
    for at, share in enumerate(shares):
        taught = stays & ~pl.col("kind").is_in(share.apart)
        again = taught & (reached >= share.attempt)
        sums += [
            taught.cast(pl.Int64).alias(f"modules_{at}"),
            pl.when(taught).then("credits").fill_null(0).alias(f"credits_{at}"),
            again.cast(pl.Int64).alias(f"again_{at}"),
            pl.when(again).then("credits").fill_null(0).alias(f"again_credits_{at}"),
        ]
        applies = pl.col("study") == share.study
        by_modules = pl.col(f"again_{at}") * share.of > pl.col(f"modules_{at}") * share.parts
        by_credits = pl.col(f"again_credits_{at}") * share.of > pl.col(f"credits_{at}") * share.parts
        both.append(applies & by_modules & by_credits)
        one.append(applies & (by_modules ^ by_credits))
    added = add_up(mine, "s", sums).join(people, on="s", how="left", maintain_order="left")
    of_award = {name: units(rules.credits.total) for name, rules in pack.awards.each()}
    needed = pl.col("award").cast(pl.String).replace_strict(of_award, default=None, return_dtype=pl.Int64)
    of_a_part = _any([*both, *one]) & (pl.col("held") < needed)
    return added.select("s", beyond=_any(both), disagree=_any(one), held=pl.when(of_a_part).then("held"))


def _year(
    standing: pl.DataFrame, diet: str, students: pl.DataFrame, limit: YearlyCredits, exempt: pl.Expr
) -> pl.DataFrame:
    """Add up the credit taken again in this year, or to be in the next, whichever is more (R6)."""
    retaken = pl.col("this_year") & (pl.col("counted") > 1)
    now = (retaken | pl.col("open")) if diet == "main" else retaken
    again = standing.filter(retaken | pl.col("open"))
    added = add_up(
        again,
        "s",
        [
            pl.when(now).then("credits").fill_null(0).alias("this_year"),
            pl.when("open").then("credits").fill_null(0).alias("next"),
        ],
    )
    people = students.filter(~exempt & (pl.col("study") == limit.study)).select("s")
    return (
        added.join(people, on="s", how="semi", maintain_order="left")
        .select("s", retaken=pl.max_horizontal("this_year", "next"))
        .with_columns(over_year=pl.col("retaken") > units(limit.value))
    )


def _any(conditions: list[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal([*conditions, pl.lit(value=False)]).fill_null(value=False)
