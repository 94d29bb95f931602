"""Evidence: how much of the assessable work at a level is marked, where some of it is missing (11.1, W11)."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

import polars as pl

from boardkit.queries import work_out
from boardkit.rules.marks import MARKED

if TYPE_CHECKING:
    from boardkit.regulations.credit import Evidence
    from boardkit.rules.ground import Ground
    from boardkit.rules.penalties import Penalised

_FINEST = 10**15
"""Parts of a credit that are told apart where the sums of weights have no smaller unit in common."""
OPEN = ("deferred", "incomplete")


def weigh_evidence(
    standing: pl.DataFrame, penalised: Penalised, ground: Ground, rule: Evidence
) -> pl.DataFrame:
    """Weigh what is marked of the work at each level at which a student's module is open.

    The assessable work of a module is its credits, shared out by its components' weights; a component that has
    a mark at any attempt is marked. Modules of earlier boards are marked as a whole.

    Args:
        standing: where every module stands.
        penalised: component marks.
        ground: components and enrolments.
        rule: the share that is enough.

    Returns:
        ``s``, ``level``, ``marked`` and ``work`` in the same unit, ``credits`` (the work, in hundredths of a
        credit) and ``enough``; ``marked``, ``work`` and ``enough`` null where a weight is not stated. One row for every student and level with an open module.
    """
    levels = standing.filter(pl.col("outcome").is_in(OPEN)).select("s", "level").unique()
    counted = standing.filter(
        (pl.col("outcome") != "withdrawn") & ~pl.col("prior_learning") & pl.col("credits").is_not_null()
    ).join(levels, on=["s", "level"], how="semi", maintain_order="left")
    here = counted.filter(pl.col("e").is_not_null()).select("s", "e", "level", "credits")
    parts = here.with_columns(m=ground.enrolments["m"].gather(here["e"])).join(
        ground.components.select("m", "k", "weight"), on="m", how="left"
    )
    marked = penalised.rows.lazy().filter(pl.col("status") == MARKED).select("e", "k").unique().pipe(work_out)
    weighed = (
        parts.join(marked.with_columns(done=pl.lit(value=True)), on=["e", "k"], how="left")
        .group_by("s", "e", "level", "credits")
        .agg(
            # A module without components, or with one whose weight is not stated: nobody knows what is marked of it.
            whole=pl.when(pl.col("weight").is_not_null().all()).then(pl.col("weight").sum()),
            done=pl.col("weight").filter(pl.col("done").fill_null(value=False)).sum(),
        )
    )
    carried = counted.filter(pl.col("e").is_null()).select(
        "s",
        "level",
        "credits",
        whole=pl.lit(1, dtype=pl.Int64),
        done=(~pl.col("outcome").is_in(OPEN)).cast(pl.Int64),
    )
    both = pl.concat([weighed.drop("e"), carried], how="diagonal_relaxed").with_columns(
        whole=pl.when(pl.col("whole") > 0).then("whole")
    )
    common = min(lcm(*both["whole"].drop_nulls().unique().to_list(), 1), _FINEST)
    credit = pl.col("credits").cast(pl.Int128)
    return (
        both.with_columns(
            marked=credit * pl.col("done") * pl.lit(common, dtype=pl.Int128) // pl.col("whole"),
            work=credit * common,
        )
        .group_by("s", "level")
        .agg(
            pl.when(pl.col("whole").is_not_null().all()).then(pl.col("marked", "work").sum()),
            pl.col("credits").sum(),
        )
        .with_columns(enough=pl.col("marked") * rule.of >= pl.col("work") * rule.parts)
        .sort("s", "level")
    )
