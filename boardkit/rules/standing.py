"""Standing: which modules are failed, as which attempt, and whether they may be taken again (14.2, 18.1-18.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.rules.decided import named
from boardkit.rules.ground import STUDY, marked
from boardkit.rules.holds import ASSESSMENT, MODULE
from boardkit.years import begun

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground
    from boardkit.rules.modules import ModuleResults
    from boardkit.rules.offences import Offences

FAILED = ("fail", "qualifying-fail")
"""Outcomes that leave a module to be passed."""


def stand(
    concluded: ModuleResults, offences: Offences, cohort: Cohort, ground: Ground, pack: Regulations
) -> pl.DataFrame:
    """Tell where every module of every student stands.

    Args:
        concluded: module results and attempts.
        offences: what penalties for misconduct keep students from.
        cohort: results of earlier boards, and the year of the board.
        ground: enrolments with their limits and decisions.
        pack: the regulations.

    Returns:
        The rows of the results in their order: ``s``, ``e``, ``m``, ``module``, ``level``, ``credits``,
        ``credits_awarded``, ``study``, ``kind``, ``status``, ``mark``, ``outcome``, ``under`` (a component
        under its floor; null where that is not known), ``first_sit``, ``counted`` (which attempt it is),
        ``limit`` (null for none), ``barred``, ``failed``, ``open`` (failed, and may be taken again),
        ``exempt`` (from condonement) and ``this_year``.
    """
    results = concluded.results
    enrolments, modules = ground.enrolments, ground.modules
    limits = {study: rules.attempts.value for study, rules in pack.studies.each() if rules.attempts}
    general = pl.col("study").cast(pl.String).replace_strict(limits, default=None, return_dtype=pl.Int16)

    def enrolled(name: str) -> pl.Expr:
        return pl.lit(enrolments[name]).gather("e")

    framed = results.select(
        "s",
        "e",
        "m",
        "module",
        "level",
        "credits",
        "credits_awarded",
        "study",
        "status",
        "mark",
        "outcome",
        "under",
        "attempt",
        "first_sit",
        "prior_learning",
    ).with_columns(
        pl.col("study").cast(STUDY),
        _this_year(concluded, cohort).alias("this_year"),
        kind=pl.lit(modules["kind"]).gather("m").cast(pl.String).fill_null("taught"),
        limit=pl.when(pl.col("e").is_not_null())
        .then(enrolled("limit"))
        .otherwise(pl.coalesce(pl.lit(modules["limit"]).gather("m"), general)),
        extra=enrolled("extra_attempt").fill_null(_named("extra-attempt", results, ground)),
        barred=enrolled("bar_reassessment").fill_null(_named("bar-reassessment", results, ground))
        | _kept_from(offences, results),
        under=pl.col("under") | _left_out(concluded),
        exempt=~pl.coalesce(
            enrolled("condonable"), pl.lit(modules["condonable"]).gather("m"), pl.lit(value=True)
        ),
        failed=pl.col("outcome").is_in(FAILED),
    )
    left = pl.col("limit").is_null() | (pl.col("counted") < pl.col("limit")) | pl.col("extra")
    return _counted(framed, concluded, cohort).with_columns(
        open=pl.col("failed") & ~pl.col("barred") & left.fill_null(value=False)
    )


def _named(kind: str, results: pl.DataFrame, ground: Ground) -> pl.Series:
    """Tell which results a recorded decision names, whether or not the student is enrolled on the module."""
    made = named(ground.decisions, kind)
    if made.is_empty():
        return marked(pl.Series([], dtype=pl.UInt32), results.height)
    listed = results.select("s", pl.col("module").cast(pl.String)).with_row_index("at")
    return marked(listed.join(made, on=["s", "module"], how="semi")["at"], results.height)


def _kept_from(offences: Offences, results: pl.DataFrame) -> pl.Series:
    """Tell which results' modules a penalty for misconduct lets nobody take again: one, or all of a student's."""
    holds = offences.holds.filter(
        (pl.col("kind") == MODULE) | ((pl.col("kind") == ASSESSMENT) & pl.col("until").is_null())
    )
    if holds.is_empty():
        return marked(pl.Series([], dtype=pl.UInt32), results.height)
    listed = results.select("s", pl.col("module").cast(pl.String)).with_row_index("at")
    one = listed.join(holds.filter(pl.col("kind") == MODULE), on=["s", "module"], how="semi")
    every = listed.join(holds.filter(pl.col("kind") == ASSESSMENT), on="s", how="semi")
    return marked(pl.concat([one["at"], every["at"]]), results.height)


def _left_out(concluded: ModuleResults) -> pl.Series:
    """Tell which results rest on a reassessment that left a component under its floor as it was (17.4, R1)."""
    results = concluded.results.select("e", "attempt").with_row_index("at")
    left = concluded.judged.left_out.select("e", "attempt").unique()
    if left.is_empty():
        return marked(pl.Series([], dtype=pl.UInt32), results.height)
    return marked(results.join(left, on=["e", "attempt"], how="semi")["at"], results.height)


def _counted(framed: pl.DataFrame, concluded: ModuleResults, cohort: Cohort) -> pl.DataFrame:
    """Add which attempt each result is counted as (M4).

    Those judged one after another are counted already. A lone attempt is the first; one that an earlier board
    alone has counts by its number, and where that board has several, deferred ones do not.
    """
    own = pl.col("e").is_not_null()
    counted = (
        pl.when(own & pl.col("attempt").is_not_null()).then(pl.lit(1, dtype=pl.Int16)).otherwise("attempt")
    )
    framed = framed.with_columns(
        counted=pl.coalesce(pl.lit(_judged(concluded)).gather("e"), counted),
        first_sit=pl.when(own).then("first_sit").otherwise(pl.col("attempt") == 1),
    )
    several = _carried(cohort)
    if not framed["e"].null_count() or several.is_empty():
        return framed
    names = framed["module"].dtype
    return (
        framed.join(
            several.with_columns(pl.col("module").cast(names)),
            on=["s", "module"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            counted=pl.when(own).then("counted").otherwise(pl.coalesce("carried_as", "counted")),
            first_sit=pl.when(own).then("first_sit").otherwise(pl.coalesce("carried_first", "first_sit")),
        )
        .drop("carried_as", "carried_first")
    )


def _judged(concluded: ModuleResults) -> pl.Series:
    """Which attempt the recorded one is counted as, by enrolment; null for lone attempts."""
    results = concluded.results.select("e", "attempt").drop_nulls("e")
    nowhere = pl.repeat(None, results.height, dtype=pl.Int16, eager=True)
    recorded = nowhere.scatter(results["e"], results["attempt"])
    attempts = concluded.judged.attempts
    used = attempts.filter(attempts["attempt"] == recorded.gather(attempts["e"]))
    return nowhere.scatter(used["e"], used["counted"])


def _carried(cohort: Cohort) -> pl.DataFrame:
    """Count the attempts of modules of which earlier boards have several results, deferred ones not (M4)."""
    numbers, typed = cohort.numbers.results, cohort.typed["results"]
    given = pl.concat([numbers.select("s"), typed.select("module", "attempt", "outcome")], how="horizontal")
    again = (pl.col("s") == pl.col("s").shift()) & (pl.col("module") == pl.col("module").shift())
    again = again.fill_null(value=False)
    given = given.filter((again | again.shift(-1, fill_value=False)) & pl.col("attempt").is_not_null())
    deferred = (pl.col("outcome") == "deferred").fill_null(value=False)
    # Attempts up to the first that is not deferred are first sits, where attempt 1 is recorded.
    leading = deferred.cast(pl.Int16).cum_prod().sum()
    from_one = pl.col("attempt").first() == 1
    last, rows = pl.col("attempt").last(), pl.len()
    later_deferred = deferred.sum() - leading
    # What is deferred from the start, and what follows it, is the first sit that is counted as 1.
    begun = pl.col("attempt").get(pl.min_horizontal(leading, rows - 1))
    counted = pl.when(from_one).then(last - begun + 1).otherwise(last) - later_deferred
    return given.group_by("s", "module", maintain_order=True).agg(
        carried_as=counted.cast(pl.Int16),
        carried_first=from_one & (leading >= rows - 1) & ((rows == 1) | (leading > 0)),
    )


def _this_year(concluded: ModuleResults, cohort: Cohort) -> pl.Series:
    """Tell which results belong to the board's own academic year.

    An enrolment does, unless it states another year; a result that an earlier board alone has does where it
    states this year. Where the years are not stated and a student is enrolled on nothing, all do.
    """
    results = concluded.results.select("s", "e", "src", "row")
    stated = begun(cohort.facts.values.get("academic_year"))
    enrolled = _same(cohort.typed["enrolments"]["academic_year"], stated).fill_null(value=True)
    if not results["e"].null_count():
        return enrolled.gather(results["e"]).alias("this_year")
    typed = cohort.typed["results"]
    years = typed.select(src="_src", row="_row").with_columns(same=_same(typed["academic_year"], stated))
    carried = results.with_row_index("at").filter(pl.col("e").is_null())
    carried = carried.join(years, on=["src", "row"], how="left", maintain_order="left")
    nobody = pl.repeat(False, len(cohort.numbers.students), dtype=pl.Boolean, eager=True)
    here = nobody.scatter(cohort.numbers.enrolments["s"].unique().drop_nulls(), values=True)
    same = carried["same"].fill_null(~here.gather(carried["s"]))
    of_enrolment = enrolled.gather(results["e"]).fill_null(value=False)
    return of_enrolment.scatter(carried["at"], same).alias("this_year")


def _same(years: pl.Series, stated: str | None) -> pl.Series:
    """Tell which years are the one that is stated; null where either is not. Few texts occur, each often."""
    texts = years.unique().drop_nulls().to_list() if stated is not None else []
    known = {text: begun(text) == stated for text in texts}
    return years.replace_strict(known, default=None, return_dtype=pl.Boolean)
