"""Attempts: which of a student's attempts at a module are first sits, which count, which may be used.

The attempts of one module follow each other, so they are judged in their order: every student's first
recorded attempt at once, then every student's second, and so on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.rules.ground import OUTCOME
from boardkit.rules.marks import DEFERRED, INCOMPLETE, MARKED
from boardkit.rules.penalties import FIRST_SIT, REASSESSMENT
from boardkit.segments import Segments

if TYPE_CHECKING:
    from collections.abc import Callable

    from polars._typing import PolarsDataType

    from boardkit.rules.ground import Ground
    from boardkit.rules.penalties import Penalised

USED, BEYOND, AFTER_PASS = "used", "attempt-beyond-limit", "mark-after-pass"

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
}
"""What a judgement says of an attempt."""


@dataclass(frozen=True)
class Judged:
    """What was found of all attempts.

    Args:
        results: the verdict that is recorded, one row for every enrolment with a used attempt.
        attempts: every recorded attempt but lone first ones: ``e``, ``attempt``, ``first_sit``, ``use``.
        missing: components with no row where one was needed: ``e``, ``k``, ``attempt``.
        left_out: components under their floor that were not sat again: ``e``, ``k``, ``attempt``.
    """

    results: pl.DataFrame
    attempts: pl.DataFrame
    missing: pl.DataFrame
    left_out: pl.DataFrame


DEFERRED_BIT, INCOMPLETE_BIT, UNDER_BIT = 1, 2, 4
"""What a component can add to its attempt: a deferral, a gap, a mark under its floor."""


def total(rows: pl.DataFrame) -> pl.DataFrame:
    """Add up the components of each enrolment's attempt.

    Args:
        rows: components in the shape of ``ROW``, sorted by ``e``.

    Returns:
        ``e``, ``weighted``, ``weights``, ``rows`` and ``bits``.
    """
    status, value, weight = pl.col("status"), pl.col("value"), pl.col("weight")
    gap = (status == INCOMPLETE) | weight.is_null()
    ready = (
        rows.lazy()
        .select(
            (weight * value.cast(pl.Int64)).fill_null(0).alias("weighted"),
            weight.fill_null(0).alias("weights"),
            (
                (status == DEFERRED).cast(pl.UInt8) * DEFERRED_BIT
                + gap.cast(pl.UInt8) * INCOMPLETE_BIT
                + (value < pl.col("floor")).fill_null(value=False).cast(pl.UInt8) * UNDER_BIT
            ).alias("bits"),
        )
        .collect()
    )
    runs = Segments(rows["e"])
    return pl.DataFrame(
        {
            "e": runs.keys,
            "weighted": runs.sum(ready["weighted"]),
            "weights": runs.sum(ready["weights"]),
            "rows": runs.sizes(),
            "bits": runs.merge(ready["bits"]),
        }
    )


@dataclass(frozen=True)
class Stated:
    """What is stated of attempts, besides their marks.

    Args:
        made: ``e``, ``k``, ``attempt`` of work that circumstances alone defer.
        named: ``e``, ``attempt`` that accepted circumstances make first sits.
        fixed: attempts whose verdict is given (an earlier board's, a late withdrawal's): ``VERDICT``.
    """

    made: pl.DataFrame
    named: pl.DataFrame
    fixed: pl.DataFrame


def judge_attempts(
    penalised: Penalised,
    stated: Stated,
    ground: Ground,
    judge: Callable[[pl.LazyFrame], pl.LazyFrame],
) -> Judged:
    """Judge every attempt in its order and keep the one that is recorded (16.1, 18.1-18.9, M4, R1-R5).

    Args:
        penalised: component marks after penalties.
        stated: what is stated of attempts besides.
        ground: enrolments and components.
        judge: turns the totals of attempts into verdicts.

    Returns:
        The verdicts, the attempts and what was missing.
    """
    later = penalised.details.filter(pl.col("attempt") != 1)
    several = pl.concat([later["e"], stated.made["e"], stated.fixed["e"]]).unique().sort()
    alone = pl.repeat(True, ground.enrolments.height, dtype=pl.Boolean, eager=True).scatter(
        several, values=False
    )
    lone = _lone_first_sits(penalised, alone, ground, judge)
    if several.is_empty():
        return lone
    many = _Sequence(_rows_of(penalised, alone, stated.made, ground), stated, ground, judge).run()
    return Judged(
        pl.concat([lone.results, many.results]),
        many.attempts,
        pl.concat([lone.missing, many.missing]),
        many.left_out,
    )


def _floors(ground: Ground) -> pl.Expr:
    """A component's floor: its own, else the programme's, else the module's."""
    general = pl.lit(ground.components["floor"]).gather("k")
    if ground.enrolments["own_floor"].null_count() == ground.enrolments.height:
        return general
    own = pl.lit(ground.components["own_floor"]).gather("k")
    return pl.coalesce(own, pl.lit(ground.enrolments["own_floor"]).gather("e"), general)


def _weights(ground: Ground) -> pl.Expr:
    return pl.lit(ground.components["weight"]).gather("k")


def _lone_first_sits(
    penalised: Penalised, alone: pl.Series, ground: Ground, judge: Callable[[pl.LazyFrame], pl.LazyFrame]
) -> Judged:
    """Judge those who have attempt 1 alone."""
    parts = penalised.rows.lazy().select(
        "e", "k", "value", "status", weight=_weights(ground), floor=_floors(ground)
    )
    mine = parts.collect()
    totals = total(mine)
    if not alone.all():
        totals = totals.filter(pl.lit(alone).gather("e"))
    first = pl.lit(1, dtype=pl.Int16).alias("attempt"), pl.lit(value=True).alias("first_sit")
    totals = totals.with_columns(*first)
    needed = ground.modules["components"].gather(ground.enrolments["m"].gather(totals["e"]))
    short = totals.filter(totals["rows"] < needed).select("e")
    have = mine.lazy().select("e", "k").filter(pl.col("e").is_in(short["e"].implode())).collect()
    missing = _missing(have, short.with_columns(first[0]), ground)
    results = judge(totals.lazy()).select(list(VERDICT)).collect()
    return Judged(results, _NO_ATTEMPTS, missing, _NOTHING_LEFT_OUT)


_NO_ATTEMPTS = pl.DataFrame(
    schema={"e": pl.UInt32, "attempt": pl.Int16, "first_sit": pl.Boolean, "use": pl.String}
)
_NOTHING_LEFT_OUT = pl.DataFrame(schema={"e": pl.UInt32, "k": pl.UInt32, "attempt": pl.Int16})


def _missing(have: pl.DataFrame, attempts: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Name the components that a first sit needs and has no row for."""
    need = attempts.with_columns(m=ground.enrolments["m"].gather(attempts["e"])).join(
        ground.components.select("m", "k"), on="m"
    )
    return need.join(have, on=["e", "k"], how="anti").select("e", "k", "attempt")


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
        .collect()
    )


class _Sequence:
    """The attempts of those who have several, judged one place in the order after another."""

    def __init__(
        self,
        rows: pl.DataFrame,
        stated: Stated,
        ground: Ground,
        judge: Callable[[pl.LazyFrame], pl.LazyFrame],
    ) -> None:
        self.ground, self.judge = ground, judge
        named, fixed = stated.named, stated.fixed
        confirmed = fixed.select(
            "e",
            "attempt",
            *(pl.col(name).alias(f"fixed_{name}") for name in VERDICT if name not in ("e", "attempt")),
        )
        recorded = pl.concat([rows.select("e", "attempt").unique(), fixed.select("e", "attempt")]).unique()
        after = fixed.select("e", fixed_at="attempt")
        recorded = recorded.join(after, on="e", how="left").filter(
            pl.col("fixed_at").is_null() | (pl.col("attempt") >= pl.col("fixed_at"))
        )
        marked = named.with_columns(named=pl.lit(value=True))
        self.attempts = (
            recorded.drop("fixed_at")
            .join(confirmed, on=["e", "attempt"], how="left")
            .join(marked, on=["e", "attempt"], how="left")
            .join(ground.enrolments.select("e", "limit", "extra_attempt"), on="e", how="left")
            .with_columns(pl.col("named").fill_null(value=False))
            .sort("e", "attempt")
            .with_columns(place=pl.int_range(pl.len()).over("e"))
        )
        self.rows = rows.join(marked, on=["e", "attempt"], how="left").with_columns(
            pl.col("named").fill_null(value=False)
        )
        self.latest = self._supplied(after)
        self.belonging = self.latest.clear()
        self.state: pl.DataFrame | None = None
        self.done: list[pl.DataFrame] = []
        self.missing: list[pl.DataFrame] = []
        self.left_out: list[pl.DataFrame] = []

    def run(self) -> Judged:
        """Go through the places in order."""
        for place in self.attempts["place"].unique().sort():
            self._judge(self._kinds(self.attempts.filter(pl.col("place") == place)))
        done = pl.concat(self.done)
        used = done.filter(pl.col("use") == USED)
        results = used.sort("e", "attempt").unique("e", keep="last", maintain_order=True)
        return Judged(
            results.select(list(VERDICT)),
            done.select("e", "attempt", "first_sit", "use"),
            pl.concat(self.missing),
            pl.concat(self.left_out),
        )

    def _supplied(self, after: pl.DataFrame) -> pl.DataFrame:
        """Rows of attempts up to one whose verdict is given: they supply component marks only."""
        earlier = self.rows.join(after, on="e").filter(pl.col("attempt") <= pl.col("fixed_at"))
        first = (pl.col("attempt") == 1) | pl.col("named")
        valued = earlier.with_columns(value=pl.when(first).then(FIRST_SIT.mark).otherwise(REASSESSMENT.mark))
        last = valued.sort("e", "k", "attempt").unique(["e", "k"], keep="last", maintain_order=True)
        return last.select(*ROW, "attempt")

    def _kinds(self, now: pl.DataFrame) -> pl.DataFrame:
        """Tell first sits from reassessments, count them, and tell which may be used (M4, R4, R5)."""
        state = self.state if self.state is not None else _NO_STATE
        now = now.join(state, on="e", how="left").with_columns(
            pl.col("was_first", "was_deferred", "passed").fill_null(value=False),
            pl.col("since").fill_null(1),
            pl.col("deferrals").fill_null(0),
        )
        first = (pl.col("attempt") == 1) | pl.col("named") | (pl.col("was_first") & pl.col("was_deferred"))
        now = now.with_columns(first_sit=first)
        counted = pl.col("attempt") - pl.col("since") + 1 - pl.col("deferrals")
        beyond = (counted > pl.col("limit")).fill_null(value=False) & ~pl.col("extra_attempt")
        given = pl.col("fixed_outcome").is_not_null()
        return now.with_columns(
            use=pl.when(given | pl.col("first_sit"))
            .then(pl.lit(USED))
            .when("passed")
            .then(pl.lit(AFTER_PASS))
            .when(beyond)
            .then(pl.lit(BEYOND))
            .otherwise(pl.lit(USED))
        )

    def _judge(self, now: pl.DataFrame) -> None:
        used = now.filter(pl.col("use") == USED)
        own = self._own(used)
        needed = self._needed(used, own)
        totals = (
            total(needed.sort("e"))
            .lazy()
            .join(used.lazy().select("e", "attempt", "first_sit"), on="e", how="right")
        )
        open_ = totals.join(
            used.filter(pl.col("fixed_outcome").is_null()).lazy().select("e"), on="e", how="semi"
        )
        verdicts = self.judge(open_).select(list(VERDICT)).collect()
        given = used.filter(pl.col("fixed_outcome").is_not_null())
        given = given.select(
            "e", "attempt", "first_sit", *(pl.col(f"fixed_{name}").alias(name) for name in list(VERDICT)[3:])
        )
        verdicts = pl.concat([verdicts, given.select(list(VERDICT))])
        self._tell(used, needed)
        self._remember(now, verdicts, own, needed)
        self.done.append(
            now.select("e", "attempt", "use", "first_sit").join(
                verdicts.drop("attempt", "first_sit"), on="e", how="left"
            )
        )

    def _own(self, used: pl.DataFrame) -> pl.DataFrame:
        """The rows at the attempts themselves, with the mark that their kind gives."""
        value = pl.when("first_sit").then(FIRST_SIT.mark).otherwise(REASSESSMENT.mark)
        joined = self.rows.join(used.select("e", "attempt", "first_sit"), on=["e", "attempt"])
        return joined.with_columns(value=value).select(*ROW, "attempt")

    def _needed(self, used: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
        """Add to the attempts' own rows the ones that belong to them besides (M4, R1)."""
        firsts = used.filter("first_sit").select("e")
        kept = self.latest.join(firsts, on="e", how="semi")
        joined = self.belonging.join(used.filter(~pl.col("first_sit")).select("e"), on="e", how="semi")
        besides = pl.concat([kept, joined]).join(own.select("e", "k"), on=["e", "k"], how="anti")
        return pl.concat([own, besides])

    def _tell(self, used: pl.DataFrame, needed: pl.DataFrame) -> None:
        """Note components that a first sit lacks, and failed ones that a reassessment leaves out."""
        open_ = used.filter(pl.col("fixed_outcome").is_null())
        firsts = open_.filter("first_sit").select("e", "attempt")
        self.missing.append(_missing(needed.select("e", "k"), firsts, self.ground))
        again = open_.filter(~pl.col("first_sit")).select("e", attempt_now="attempt")
        under = self.latest.filter((pl.col("status") == MARKED) & (pl.col("value") < pl.col("floor")))
        out = under.join(again, on="e").join(needed.select("e", "k"), on=["e", "k"], how="anti")
        self.left_out.append(out.select("e", "k", attempt="attempt_now"))

    def _remember(
        self, now: pl.DataFrame, verdicts: pl.DataFrame, own: pl.DataFrame, needed: pl.DataFrame
    ) -> None:
        """Carry forward what the next attempts look back at."""
        self.latest = pl.concat([self.latest.join(own.select("e", "k"), on=["e", "k"], how="anti"), own])
        judged = now.join(verdicts.select("e", "outcome"), on="e", how="left")
        deferred = (pl.col("outcome") == "deferred").fill_null(value=False)
        used = pl.col("use") == USED
        after = judged.select(
            "e",
            was_first=pl.when(used).then("first_sit").otherwise(False),
            was_deferred=used & deferred,
            since=pl.when("first_sit").then("attempt").otherwise("since").cast(pl.Int16),
            deferrals=(pl.when("first_sit").then(0).otherwise("deferrals") + deferred.cast(pl.Int16)).cast(
                pl.Int16
            ),
            passed=pl.when(used & (pl.col("first_sit") | pl.col("fixed_outcome").is_not_null()))
            .then(pl.col("outcome").is_in(["pass", "condoned"]).fill_null(value=False))
            .when(used)
            .then((pl.col("outcome") == "pass").fill_null(value=False))
            .otherwise("passed"),
        )
        if self.state is None:
            self.state = after
        else:
            self.state = pl.concat([self.state.join(after, on="e", how="anti"), after])
        again = after.filter(pl.col("was_deferred") & ~pl.col("was_first")).select("e")
        self.belonging = needed.join(again, on="e", how="semi").filter(pl.col("status") != DEFERRED)


_NO_STATE = pl.DataFrame(
    schema={
        "e": pl.UInt32,
        "was_first": pl.Boolean,
        "was_deferred": pl.Boolean,
        "since": pl.Int16,
        "deferrals": pl.Int16,
        "passed": pl.Boolean,
    }
)
