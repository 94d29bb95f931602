"""Condonement: which failed modules a board may condone, and what stands against the others (14.3, 17.4).

Nothing is condoned here: a recorded decision does that (C1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import hundredths
from boardkit.rules.arrangements import outside
from boardkit.rules.credit import units
from boardkit.segments import Segments

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.progress import Condonement
    from boardkit.rules.ground import Ground

HINDRANCES = {
    "not-covered": "the arrangements for the programme leave condonement out",
    "level": "the module's level",
    "exempt": "the module is exempted",
    "mark": "the mark",
    "floor": "a component under its floor",
    "floor-unknown": "its components' marks are not in these tables",
    "stage-unknown": "the student's stage is not stated",
    "stage": "the student's stage",
    "size": "the module's credits",
    "condoned-already": "a module at that level is condoned already",
    "other-fails": "other failed modules",
}
"""What can stand against condoning a failed module, in the order it is looked at."""

HINDRANCE = pl.Enum(list(HINDRANCES))


def find_condonable(standing: pl.DataFrame, diet: str, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """Tell which failed modules the board may condone (C2).

    Args:
        standing: where every module stands, in the shape that ``stand`` gives.
        diet: ``main`` or ``resit``.
        ground: the students, with their stage and programme.
        pack: the regulations.

    Returns:
        The standing with ``condonable``, and ``hindrance``: what stands first against a failed module.
    """
    rules = pack.condonement
    if rules is None:
        return standing.with_columns(
            condonable=pl.lit(None, dtype=pl.Boolean), hindrance=pl.lit(None, dtype=HINDRANCE)
        )
    failed = standing.filter("failed")
    people = ground.students.select("stage", uncovered=outside(pack, "condonement"))
    judged = (
        failed.with_columns(
            **_of_student(failed, standing, rules),
            stage=people["stage"].gather(failed["s"]).cast(pl.String).cast(pl.Int8, strict=False),
            stage_stated=people["stage"].gather(failed["s"]).is_not_null(),
            uncovered=people["uncovered"].gather(failed["s"]),
        )
        .with_columns(hindrance=_hindrance(rules, diet))
        .select("s", "module", "hindrance", condonable=pl.col("hindrance").is_null())
    )
    return standing.join(judged, on=["s", "module"], how="left", maintain_order="left").with_columns(
        pl.col("condonable").fill_null(value=False)
    )


def would_be_condonable(
    standing: pl.DataFrame, cohort: Cohort, ground: Ground, pack: Regulations
) -> pl.DataFrame:
    """Look at every condoned module as if it were a fail still, the others condoned as they are.

    Args:
        standing: where every module stands, after the decisions.
        cohort: the board's diet.
        ground: the students.
        pack: the regulations.

    Returns:
        The condoned modules of this board, with ``hindrance``: what stands against condoning each; null where
        the rule opens it.
    """
    decided = (pl.col("outcome") == "condoned") & pl.col("e").is_not_null()
    fail = pl.lit("fail", dtype=standing["outcome"].dtype)
    theirs = standing.filter(decided).select("s").unique()
    as_failed = standing.join(theirs, on="s", how="semi", maintain_order="left").with_columns(
        was_condoned=decided,
        outcome=pl.when(decided).then(fail).otherwise("outcome"),
        failed=pl.col("failed") | decided,
    )
    looked_at = find_condonable(as_failed.drop("condonable", "hindrance"), cohort.facts.diet, ground, pack)
    return looked_at.filter("was_condoned")


def _of_student(failed: pl.DataFrame, standing: pl.DataFrame, rules: Condonement) -> dict[str, pl.Series]:
    """Add up each student's fails, and what is condoned at each level already."""
    runs = Segments(failed["s"])
    condoned = (
        standing.filter((pl.col("outcome") == "condoned") & pl.col("level").is_in(rules.levels.value))
        .group_by("s", "level")
        .agg(condoned=pl.len())
    )
    already = failed.select("s", "level").join(
        condoned, on=["s", "level"], how="left", maintain_order="left"
    )["condoned"]
    return {
        "failed_credits": runs.spread(runs.sums(failed.select(pl.col("credits").fill_null(0)))["credits"]),
        "fails": runs.spread(runs.sizes.cast(pl.Int64)),
        "condoned": already.fill_null(0),
    }


def _hindrance(rules: Condonement, diet: str) -> pl.Expr:
    """What stands first against condoning a failed module."""
    floors = rules.components_reach_floor.value
    others = (
        (pl.col("fails") > 1) & rules.alone_at_resit.value
        if diet == "resit"
        else pl.col("failed_credits") > units(rules.failed_credits.value)
    )
    against = {
        "not-covered": pl.col("uncovered"),
        "level": ~pl.col("level").is_in(rules.levels.value),
        "exempt": pl.col("exempt"),
        "mark": (pl.col("mark") < hundredths(rules.mark.value)).fill_null(value=True),
        "floor": (pl.col("under").fill_null(value=False) & floors) | (pl.col("outcome") != "fail"),
        "floor-unknown": pl.col("under").is_null() & floors,
        "stage-unknown": ~pl.col("stage_stated"),
        "stage": ~pl.col("stage").is_in(rules.stages.value).fill_null(value=False),
        "size": pl.col("credits") != units(rules.credits.value),
        "condoned-already": pl.col("condoned") >= rules.modules_a_level.value,
        "other-fails": others,
    }
    found = pl.lit(None, dtype=HINDRANCE)
    for name in reversed(HINDRANCES):
        found = (
            pl.when(against[name].fill_null(value=True)).then(pl.lit(name, dtype=HINDRANCE)).otherwise(found)
        )
    return found
