"""Shares: how much of a programme a student takes again, against what may be (17.12, 18.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.rules.arrangements import outside
from boardkit.rules.credit import units
from boardkit.segments import add_up

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations


def share_out(standing: pl.DataFrame, diet: str, students: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Tell who goes beyond what may be taken again (R6, R7).

    A share is counted by modules and by their credits, exactly. It is broken where both are beyond it, and
    put before the board where one is.

    Args:
        standing: where every module stands.
        diet: ``main`` or ``resit``.
        students: ``s``, ``study``, ``programme``, ``registered_from``.
        pack: the regulations.

    Returns:
        ``s``, ``beyond`` and ``disagree`` (a share), ``retaken`` (credit in a year, where the regulations
        limit it) and ``over_year``; one row for every student with modules.
    """
    rules = pack.reassessment
    if rules is None:
        return (
            standing.select("s")
            .unique(maintain_order=True)
            .with_columns(
                beyond=pl.lit(value=False),
                disagree=pl.lit(value=False),
                retaken=pl.lit(None, dtype=pl.Int64),
                over_year=pl.lit(value=False),
            )
        )
    reached = pl.col("counted").fill_null(0) + pl.col("open").cast(pl.Int16)
    sums = []
    for at, share in enumerate(rules.shares):
        taught = (pl.col("outcome") != "withdrawn") & ~pl.col("kind").is_in(share.apart)
        again = taught & (reached >= share.attempt)
        sums += [
            taught.cast(pl.Int64).alias(f"modules_{at}"),
            pl.when(taught).then("credits").fill_null(0).alias(f"credits_{at}"),
            again.cast(pl.Int64).alias(f"again_{at}"),
            pl.when(again).then("credits").fill_null(0).alias(f"again_credits_{at}"),
        ]
    retaken = pl.col("this_year") & (pl.col("counted") > 1)
    now = (retaken | pl.col("open")) if diet == "main" else retaken
    year = [
        pl.when(now).then("credits").fill_null(0).alias("this_year"),
        pl.when("open").then("credits").fill_null(0).alias("next"),
    ]
    people = students.select(
        "s",
        "study",
        out_of_shares=outside(pack, "shares"),
        out_of_year=outside(pack, "credits_a_year"),
    )
    added = (
        add_up(standing, "s", [*sums, *year])
        .lazy()
        .join(people.lazy(), on="s", how="left", maintain_order="left")
    )
    both, one = [], []
    for at, share in enumerate(rules.shares):
        mine = (pl.col("study") == share.study) & ~pl.col("out_of_shares")
        by_modules = pl.col(f"again_{at}") * share.of > pl.col(f"modules_{at}") * share.parts
        by_credits = pl.col(f"again_credits_{at}") * share.of > pl.col(f"credits_{at}") * share.parts
        both.append(mine & by_modules & by_credits)
        one.append(mine & (by_modules ^ by_credits))
    limit = rules.credits_a_year
    mine = (pl.col("study") == limit.study) & ~pl.col("out_of_year")
    most = pl.max_horizontal("this_year", "next")
    return added.select(
        "s",
        beyond=_any(both),
        disagree=_any(one),
        retaken=pl.when(mine).then(most),
        over_year=(mine & (most > units(limit.value))).fill_null(value=False),
    ).collect()


def _any(conditions: list[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal([*conditions, pl.lit(value=False)]).fill_null(value=False)
