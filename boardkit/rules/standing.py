"""Standing: which modules are failed, as which attempt, and whether they may be taken again (14.2, 18.1-18.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.rules.ground import STUDY

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground
    from boardkit.rules.modules import ModuleResults

FAILED = ("fail", "qualifying-fail")
"""Outcomes that leave a module to be passed."""


def stand(concluded: ModuleResults, cohort: Cohort, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """Tell where every module of every student stands.

    Args:
        concluded: module results and attempts.
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
    limits = {study: rules.attempts.value for study, rules in pack.studies.each()}
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
        extra=enrolled("extra_attempt").fill_null(value=False),
        barred=enrolled("bar_reassessment").fill_null(value=False),
        exempt=~pl.coalesce(
            enrolled("condonable"), pl.lit(modules["condonable"]).gather("m"), pl.lit(value=True)
        ),
        failed=pl.col("outcome").is_in(FAILED),
    )
    left = pl.col("limit").is_null() | (pl.col("counted") < pl.col("limit")) | pl.col("extra")
    return _counted(framed, concluded, cohort).with_columns(
        open=pl.col("failed") & ~pl.col("barred") & left.fill_null(value=False)
    )


def _counted(framed: pl.DataFrame, concluded: ModuleResults, cohort: Cohort) -> pl.DataFrame:
    """Add which attempt each result is counted as (M4): lone attempts as 1, the others as they were judged."""
    attempts = concluded.judged.attempts.select("e", "attempt", "counted")
    carried = _carried(cohort)
    alone = pl.when(pl.col("attempt").is_not_null()).then(pl.lit(1, dtype=pl.Int16))
    if attempts.height:
        framed = framed.join(attempts, on=["e", "attempt"], how="left", maintain_order="left")
    else:
        framed = framed.with_columns(counted=pl.lit(None, dtype=pl.Int16))
    if framed["e"].null_count() and carried.height:
        names = framed["module"].dtype
        framed = framed.join(
            carried.with_columns(pl.col("module").cast(names)),
            on=["s", "module"],
            how="left",
            maintain_order="left",
        ).with_columns(
            counted=pl.when(pl.col("e").is_null()).then("carried_as").otherwise("counted"),
            first_sit=pl.when(pl.col("e").is_null()).then("carried_first").otherwise("first_sit"),
        )
    return framed.with_columns(counted=pl.coalesce("counted", alone))


def _carried(cohort: Cohort) -> pl.DataFrame:
    """Count the attempts of results that an earlier board alone has, deferred ones not (M4)."""
    numbers = cohort.numbers.results
    given = pl.concat(
        [numbers.select("s"), cohort.typed["results"].select("module", "attempt", "outcome")],
        how="horizontal",
    ).filter(pl.col("attempt").is_not_null())
    deferred = (pl.col("outcome") == "deferred").fill_null(value=False)
    # Attempts up to the first that is not deferred are first sits, where attempt 1 is recorded.
    leading = deferred.cast(pl.Int16).cum_prod().sum()
    from_one = pl.col("attempt").first() == 1
    last, rows = pl.col("attempt").last(), pl.len()
    later_deferred = deferred.sum() - leading
    # What is deferred from the start, and what follows it, is the first sit that is counted as 1.
    begun = pl.col("attempt").get(pl.min_horizontal(leading, rows - 1))
    counted = pl.when(from_one).then(last - begun + 1).otherwise(last) - later_deferred
    return (
        given.group_by("s", "module", maintain_order=True)
        .agg(
            carried_as=counted.cast(pl.Int16),
            carried_first=from_one & (leading >= rows - 1) & ((rows == 1) | (leading > 0)),
        )
        .with_columns(pl.col("carried_first").fill_null(value=False))
    )


def _this_year(concluded: ModuleResults, cohort: Cohort) -> pl.Series:
    """Tell which results belong to the board's own academic year.

    An enrolment does, unless it states another year; a result that an earlier board alone has does where it
    states this year. Where the years are not stated and a student is enrolled on nothing, all do.
    """
    results = concluded.results
    stated = pl.lit(cohort.facts.values.get("academic_year"), dtype=pl.String)
    here = pl.lit(cohort.typed["enrolments"]["academic_year"]).gather("e")
    frame = results.select("s", "e", "src", "row").with_columns(of_enrolment=here)
    if frame["e"].null_count():
        years = cohort.typed["results"].select(src="_src", row="_row", of_result="academic_year")
        frame = frame.join(years, on=["src", "row"], how="left", maintain_order="left")
    else:
        frame = frame.with_columns(of_result=pl.lit(None, dtype=pl.String))
    year = pl.when(pl.col("e").is_not_null()).then("of_enrolment").otherwise("of_result")
    known = frame.with_columns(same=_year(year) == _year(stated))
    carried = pl.col("e").is_null()
    enrolled = (~carried).any().over("s") if frame["e"].null_count() else pl.lit(value=True)
    return known.select(
        pl.when(~carried)
        .then(pl.col("same").fill_null(value=True))
        .otherwise(pl.col("same").fill_null(~enrolled))
        .alias("this_year")
    ).to_series()


def _year(text: pl.Expr) -> pl.Expr:
    """The year that an academic year begins in, or its text where it names none."""
    return pl.coalesce(text.str.extract(r"(\d{4})"), text.str.strip_chars())
