"""Sequence: the attempts of those who have several, judged one place in their order after another (18.1-18.9).

Everyone's first recorded attempt is judged at once, then everyone's second, and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.rules.ground import CREDITED
from boardkit.rules.marks import DEFERRED, MARKED
from boardkit.rules.penalties import FIRST_SIT, REASSESSMENT
from boardkit.rules.verdicts import ROW, VERDICT, ceilings_over, judge, lacking, total, under_floor
from boardkit.segments import Segments

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground

USED, BEYOND, AFTER_PASS = "used", "attempt-beyond-limit", "mark-after-pass"

_STATE = {
    "e": pl.UInt32,
    "was_first": pl.Boolean,
    "was_deferred": pl.Boolean,
    "since": pl.Int16,
    "deferrals": pl.Int16,
    "passed": pl.Boolean,
}
"""What the next attempt looks back at."""


class Sequence:
    """The attempts of those who have several.

    Args:
        rows: their components at every attempt, with the marks of both kinds: ``ROW`` but ``value``,
            ``attempt``, and the marks ``FIRST_SIT.mark`` and ``REASSESSMENT.mark``; sorted by ``e``.
        named: ``e``, ``attempt`` that accepted circumstances make first sits.
        given: attempts whose verdict is given; that of the last one settles those before it.
        ground: enrolments and components.
        pack: the regulations.
    """

    def __init__(
        self,
        rows: pl.DataFrame,
        named: pl.DataFrame,
        given: pl.DataFrame,
        ground: Ground,
        pack: Regulations,
    ) -> None:
        self.ground, self.pack, self.rows = ground, pack, rows
        self.attempts = self._recorded(named, given)
        self.latest = pl.DataFrame(schema={**ROW, "attempt": pl.Int16})
        self.belonging = self.latest
        self.state = pl.DataFrame(schema=_STATE)
        self.done: list[pl.DataFrame] = []
        self.missing: list[pl.DataFrame] = []
        self.left_out: list[pl.DataFrame] = []

    def run(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Go through the places in order.

        Returns:
            The verdicts that are recorded, every attempt with its use, what first sits lack, and what
            reassessments leave out.
        """
        for place in range(int(self.attempts["place"].max() or 0) + 1):  # type: ignore[arg-type]
            self._judge(self._kinds(self.attempts.filter(pl.col("place") == place)))
        done = pl.concat(self.done)
        used = done.filter(pl.col("use") == USED)
        results = used.sort("e", "attempt").unique("e", keep="last", maintain_order=True)
        return (
            results.select(list(VERDICT)),
            done.select("e", "attempt", "first_sit", "use", "counted", "mark", "outcome"),
            pl.concat(self.missing),
            pl.concat(self.left_out),
        )

    def _recorded(self, named: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
        """List every attempt: those with rows and those whose verdict is given, in their order."""
        keys = [frame.select("e", "attempt") for frame in (self.rows, given)]
        recorded = pl.concat([keys[0].unique(), keys[1]]).unique().sort("e", "attempt")
        runs = Segments(recorded["e"])
        enrolments = self.ground.enrolments
        settled = given.group_by("e").agg(settled=pl.col("attempt").max())
        return (
            recorded.with_columns(
                place=pl.int_range(pl.len()) - runs.spread(runs.starts),
                limit=enrolments["limit"].gather(recorded["e"]),
                extra_attempt=enrolments["extra_attempt"].gather(recorded["e"]),
            )
            .join(
                given.select("e", "attempt", given_mark="mark", given_outcome="outcome"),
                on=["e", "attempt"],
                how="left",
            )
            .join(settled, on="e", how="left")
            .join(named.with_columns(named=pl.lit(value=True)), on=["e", "attempt"], how="left")
            .with_columns(
                pl.col("named").fill_null(value=False),
                settled=(pl.col("attempt") <= pl.col("settled")).fill_null(value=False),
            )
        )

    def _kinds(self, now: pl.DataFrame) -> pl.DataFrame:
        """Tell first sits from reassessments, count them, and tell which may be used (M4, R4, R5)."""
        now = now.join(self.state, on="e", how="left").with_columns(
            pl.col("was_first", "was_deferred", "passed").fill_null(value=False),
            pl.col("since").fill_null(1),
            pl.col("deferrals").fill_null(0),
        )
        first = (pl.col("attempt") == 1) | pl.col("named") | (pl.col("was_first") & pl.col("was_deferred"))
        now = now.with_columns(first_sit=first).with_columns(
            counted=pl.when("first_sit")
            .then(1)
            .otherwise(pl.col("attempt") - pl.col("since") + 1 - pl.col("deferrals"))
            .cast(pl.Int16)
        )
        beyond = (pl.col("counted") > pl.col("limit")).fill_null(value=False) & ~pl.col("extra_attempt")
        return now.with_columns(
            use=pl.when(pl.col("settled") | pl.col("first_sit"))
            .then(pl.lit(USED))
            .when("passed")
            .then(pl.lit(AFTER_PASS))
            .when(beyond)
            .then(pl.lit(BEYOND))
            .otherwise(pl.lit(USED)),
        )

    def _judge(self, now: pl.DataFrame) -> None:
        used = now.filter(pl.col("use") == USED)
        own = self._own(used)
        needed = self._needed(used, own)
        given = pl.col("given_outcome").is_not_null()
        open_ = used.filter(~given).select("e", "attempt", "first_sit")
        added = total(needed.sort("e"))
        totals = added.join(open_, on="e", how="right")
        confirmed = (
            used.filter(given)
            .join(added, on="e", how="left")
            .select(
                "e",
                "attempt",
                "first_sit",
                pl.col("given_mark").alias("mark"),
                pl.lit(None, dtype=pl.Int64).alias("weighted"),
                pl.lit(None, dtype=pl.Int64).alias("weights"),
                pl.col("given_outcome").alias("outcome"),
                pl.lit(value=False).alias("capped"),
                under_floor(self.ground).alias("under"),
            )
        )
        own_attempts = [frame.select("e", "attempt") for frame in (used, needed)]
        ceilings = ceilings_over(pl.concat(own_attempts), self.ground)
        verdicts = pl.concat([judge(totals, ceilings, self.ground, self.pack), confirmed])
        self._tell(used, needed)
        self._remember(now, verdicts, own, needed)
        self.done.append(
            now.select("e", "attempt", "use", "first_sit", "counted").join(
                verdicts.drop("attempt", "first_sit"), on="e", how="left"
            )
        )

    def _own(self, used: pl.DataFrame) -> pl.DataFrame:
        """The rows at the attempts themselves, with the mark that their kind gives."""
        value = pl.when("first_sit").then(FIRST_SIT.mark).otherwise(REASSESSMENT.mark)
        joined = self.rows.join(used.select("e", "attempt", "first_sit"), on=["e", "attempt"])
        return joined.with_columns(value=value).select(*ROW, "attempt")

    def _needed(self, used: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
        """Add to the attempts' own rows the ones that belong to them besides (M4, R1).

        Where the regulations do not say that a reassessment is judged on what was sat again, it is judged on all
        components by their weights.
        """
        whole = pl.col("first_sit")
        if self.pack.practice.reassessed_components is None:
            whole = pl.lit(value=True)  # no rule sets what was passed aside: the weights stand
        kept = self.latest.join(used.filter(whole).select("e"), on="e", how="semi")
        joined = self.belonging.join(used.filter(~whole).select("e"), on="e", how="semi")
        besides = pl.concat([kept, joined]).join(own.select("e", "k"), on=["e", "k"], how="anti")
        return pl.concat([own, besides])

    def _tell(self, used: pl.DataFrame, needed: pl.DataFrame) -> None:
        """Note components that a first sit lacks, and failed ones that a reassessment leaves out."""
        open_ = used.filter(~pl.col("settled"))
        firsts = open_.filter("first_sit").select("e", "attempt")
        self.missing.append(lacking(needed.select("e", "k"), firsts, self.ground))
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
            passed=pl.when(used)
            .then(pl.col("outcome").is_in(CREDITED).fill_null(value=False))
            .otherwise("passed"),
        )
        self.state = pl.concat([self.state.join(after, on="e", how="anti"), after])
        again = after.filter(pl.col("was_deferred") & ~pl.col("was_first")).select("e")
        self.belonging = needed.join(again, on="e", how="semi").filter(pl.col("status") != DEFERRED)
