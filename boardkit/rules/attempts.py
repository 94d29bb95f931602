"""Attempts: which of a student's attempts at a module are first sits, which count, which may be used.

Nearly everyone has attempt 1 alone, and is judged in one pass. The others go through their attempts in
order (``sequence``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.queries import work_out
from boardkit.rules.ground import OUTCOME
from boardkit.rules.marks import DEFERRED
from boardkit.rules.penalties import FIRST_SIT, REASSESSMENT
from boardkit.rules.sequence import Sequence
from boardkit.rules.verdicts import VERDICT, ceilings_over, judge, lacking, total

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground
    from boardkit.rules.penalties import Penalised


_ATTEMPTS: dict[str, PolarsDataType] = {
    "e": pl.UInt32,
    "attempt": pl.Int16,
    "first_sit": pl.Boolean,
    "use": pl.String,
    "counted": pl.Int16,
    "mark": pl.Int64,
    "outcome": OUTCOME,
}


@dataclass(frozen=True)
class Judged:
    """What was found of all attempts.

    Args:
        results: the verdict that is recorded, one row for every enrolment with a used attempt.
        attempts: every recorded attempt but lone first ones: ``e``, ``attempt``, ``first_sit``, ``use``, which
            attempt it is ``counted`` as, and the ``mark`` and ``outcome`` of those that were used.
        missing: components with no row where one was needed: ``e``, ``k``, ``attempt``.
        left_out: components under their floor that were not sat again: ``e``, ``k``, ``attempt``.
    """

    results: pl.DataFrame
    attempts: pl.DataFrame
    missing: pl.DataFrame
    left_out: pl.DataFrame


@dataclass(frozen=True)
class Stated:
    """What is stated of attempts, besides their marks.

    Args:
        made: ``e``, ``k``, ``attempt`` of work that circumstances alone defer.
        named: ``e``, ``attempt`` that accepted circumstances make first sits.
        given: attempts whose verdict is given, by an earlier board or a late withdrawal.
    """

    made: pl.DataFrame
    named: pl.DataFrame
    given: pl.DataFrame


def judge_attempts(penalised: Penalised, stated: Stated, ground: Ground, pack: Regulations) -> Judged:
    """Judge every attempt in its order and keep the one that is recorded (16.1, 18.1-18.9, M4, R1-R5).

    Args:
        penalised: component marks after penalties.
        stated: what is stated of attempts besides.
        ground: enrolments and components.
        pack: the regulations.

    Returns:
        The verdicts, the attempts and what was missing.
    """
    later = penalised.details.filter(pl.col("attempt") != 1)
    several = pl.concat([later["e"], stated.made["e"], stated.given["e"]]).unique()
    alone = pl.repeat(True, ground.enrolments.height, dtype=pl.Boolean, eager=True).scatter(
        several, values=False
    )
    lone = _lone_first_sits(penalised, alone, ground, pack)
    if several.is_empty():
        return lone
    rows = _rows_of(penalised, alone, stated.made, ground)
    results, attempts, missing, left_out = Sequence(rows, stated.named, stated.given, ground, pack).run()
    return Judged(pl.concat([lone.results, results]), attempts, pl.concat([lone.missing, missing]), left_out)


def _floors(ground: Ground) -> pl.Expr:
    """A component's floor: its own, else the programme's, else the module's."""
    general = pl.lit(ground.components["floor"]).gather("k")
    if ground.enrolments["own_floor"].null_count() == ground.enrolments.height:
        return general
    own = pl.lit(ground.components["own_floor"]).gather("k")
    return pl.coalesce(own, pl.lit(ground.enrolments["own_floor"]).gather("e"), general)


def _weights(ground: Ground) -> pl.Expr:
    return pl.lit(ground.components["weight"]).gather("k")


def _lone_first_sits(penalised: Penalised, alone: pl.Series, ground: Ground, pack: Regulations) -> Judged:
    """Judge those who have attempt 1 alone."""
    mine = penalised.rows.select("e", "k", "value", "status", weight=_weights(ground), floor=_floors(ground))
    totals = total(mine)
    if not alone.all():
        totals = totals.filter(alone.gather(totals["e"]))
    first = pl.lit(1, dtype=pl.Int16).alias("attempt"), pl.lit(value=True).alias("first_sit")
    totals = totals.with_columns(*first)
    needed = ground.modules["components"].gather(ground.enrolments["m"].gather(totals["e"]))
    short = totals.filter(totals["rows"] < needed).select("e", "attempt")
    have = mine.lazy().select("e", "k").filter(pl.col("e").is_in(short["e"].implode())).pipe(work_out)
    return Judged(
        judge(totals, ceilings_over(totals, ground), ground, pack).select(list(VERDICT)),
        pl.DataFrame(schema=_ATTEMPTS),
        lacking(have, short, ground),
        pl.DataFrame(schema={"e": pl.UInt32, "k": pl.UInt32, "attempt": pl.Int16}),
    )


def _rows_of(penalised: Penalised, alone: pl.Series, made: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """The rows of those with several attempts, with the mark of both kinds, and the deferrals made."""
    rows = penalised.rows.lazy().select("e", "k", "attempt", "value", "status").with_row_index("at")
    others = penalised.details.lazy().select("at", REASSESSMENT.mark)
    given = (
        rows.filter(~pl.lit(alone).gather("e"))
        .join(others, on="at", how="left")
        .with_columns(pl.col("value").alias(FIRST_SIT.mark))
        .drop("at", "value")
    )
    nothing = pl.lit(None, dtype=pl.Int32)
    deferred = made.lazy().select(
        "e",
        "k",
        "attempt",
        pl.lit(DEFERRED, dtype=pl.UInt8).alias("status"),
        nothing.alias(REASSESSMENT.mark),
        nothing.alias(FIRST_SIT.mark),
    )
    return (
        pl.concat([given, deferred])
        .with_columns(weight=_weights(ground), floor=_floors(ground))
        .sort("e", "attempt", "k")
        .pipe(work_out)
    )
