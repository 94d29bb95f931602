"""Confirmed: what earlier boards have decided, and the attempts whose verdict is given (8.7, 12.2, 17.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import hundredths, round_ratio
from boardkit.queries import work_out
from boardkit.rules.counting import counts
from boardkit.rules.decided import named
from boardkit.rules.ground import (
    BASIS,
    OUTCOME,
    OVERLAID,
    by_study,
    marked,
    overlay,
    study_of_level,
)

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground

GIVEN = {
    "e": pl.UInt32(),
    "attempt": pl.Int16(),
    "mark": pl.Int64(),
    "outcome": OUTCOME,
    "exchange": pl.Boolean(),
    "prior_learning": pl.Boolean(),
    "late": pl.Boolean(),
}
"""An attempt whose verdict is given: by an earlier board, or (``late``) by a late withdrawal."""

UNMARKED = ("deferred", "incomplete", "withdrawn")
"""Outcomes beside which a result has no mark."""

AGAINST = pl.Enum(["doubtful", "idle"])
"""How a result's mark may stand against its outcome: it cannot be, it may be, or it is not looked at."""

_DECIDED = {"count-prior-learning": "counted", "condone": "condoned"}
"""Recorded decisions about a module that an earlier board has confirmed, and the columns that say so."""


def confirm(cohort: Cohort, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """Take every result of an earlier board as that attempt's verdict.

    A result with no outcome is judged by its mark and the pass mark; prior learning is passed (M6).

    Args:
        cohort: the results.
        ground: modules, enrolments and decisions.
        pack: the regulations.

    Returns:
        A row for every result, by student, module and attempt: ``e`` (null where the student is not
        enrolled on the module now), ``s``, ``m`` (null where it is not taught now), ``module``, ``level``,
        ``credits``, ``study``, ``attempt``, ``mark``, ``outcome``, ``basis``, ``status``, ``exchange``, ``prior_learning``, ``counts``, ``bad``, ``src``, ``row``; besides ``against``, with ``stated`` (the mark), ``said`` (the outcome) and ``pass_mark``.
    """
    numbers = cohort.numbers.results
    given = pl.concat([numbers, cohort.typed["results"]], how="horizontal").with_columns(
        ground.enrolled(numbers).alias("e"), *_decided(cohort, ground)
    )
    rounding = pack.rounding.module
    mark = round_ratio(pl.col("mark").cast(pl.Int64), pl.lit(1), places=rounding.places, mode=rounding.mode)
    # Where the student is enrolled, a decision is about what is recorded in the end.
    fail = pl.col("condoned") & (pl.col("outcome") == "fail") & pl.col("e").is_null()
    taught = pl.lit(ground.modules["study"]).gather("m")
    framed = given.lazy().with_columns(
        pl.col("exchange", "prior_learning").fill_null(value=False),
        study=pl.coalesce(taught, study_of_level(pack)),
        mark=mark,
    )
    return (
        with_pass_mark(framed, ground, pack)
        .with_columns(stated="mark", said="outcome", against=_against())
        .with_columns(outcome=_outcome())
        .with_columns(
            condoned=fail,
            outcome=pl.when(fail).then(pl.lit("condoned", dtype=OUTCOME)).otherwise("outcome"),
            counts=counts(pack, withdrawn=pl.col("outcome") == "withdrawn", counted=pl.col("counted")),
        )
        .select(
            "e",
            "s",
            "m",
            "module",
            "credits",
            "study",
            "attempt",
            pl.when(~pl.col("outcome").is_in(UNMARKED)).then("mark"),
            "outcome",
            _basis().alias("basis"),
            "exchange",
            "prior_learning",
            "counts",
            "status",
            "against",
            "stated",
            "said",
            "pass_mark",
            level="scqf_level",
            bad="_bad",
            src="_src",
            row="_row",
        )
        .pipe(work_out)
    )


def _decided(cohort: Cohort, ground: Ground) -> list[pl.Series]:
    """Tell which results a recorded decision names, for each kind that matters to one."""
    results = pl.concat(
        [cohort.numbers.results.select("s"), cohort.typed["results"].select("module")], how="horizontal"
    ).with_row_index("at")
    return [
        marked(
            results.join(named(ground.decisions, decision), on=["s", "module"], how="semi")["at"],
            results.height,
        ).alias(column)
        for decision, column in _DECIDED.items()
    ]


def with_pass_mark(frame: pl.LazyFrame, ground: Ground, pack: Regulations) -> pl.LazyFrame:
    """Add the pass mark of each result: its enrolment's, else its module's, with the programme's own (15.0)."""
    module = pl.coalesce(pl.lit(ground.modules["pass_mark"]).gather("m"), by_study(pack, "pass_mark"))
    unused = {name: pl.lit(None, dtype=dtype) for name, dtype in OVERLAID.values() if name != "pass_mark"}
    numbers = {f"{key}_by": pl.lit(None, dtype=pl.UInt32) for key in OVERLAID}
    by_programme = overlay(
        frame.with_columns(pass_mark=module, **unused, **numbers), pack, ground.students, pl.col("module")
    )
    here = pl.lit(ground.enrolments["pass_mark"]).gather("e")
    return by_programme.with_columns(pass_mark=pl.coalesce(here, "pass_mark"))


def _against() -> pl.Expr:
    """Tell how a result's mark stands against its outcome (16.1, 16.2, M3); the outcome stands (17.3).

    Prior learning is passed whatever its mark. A fail at or over the pass mark may be a qualifying fail that is
    called a fail.
    """
    named = {name: pl.lit(name, dtype=AGAINST) for name in AGAINST.categories}
    outcome, mark = pl.col("outcome"), pl.col("mark")
    under = (mark < pl.col("pass_mark")) & outcome.is_in(["pass", "qualifying-fail"])
    over = (mark >= pl.col("pass_mark")) & outcome.is_in(["fail", "condoned"])
    return (
        pl.when(pl.col("_bad") | pl.col("prior_learning") | mark.is_null())
        .then(None)
        .when(under | over)
        .then(named["doubtful"])
        .when((mark != 0) & outcome.is_in(UNMARKED))
        .then(named["idle"])
    )


def _outcome() -> pl.Expr:
    named = {name: pl.lit(name, dtype=OUTCOME) for name in ("pass", "fail", "incomplete")}
    passed = pl.col("mark") >= pl.col("pass_mark")
    return (
        pl.when("_bad")
        .then(named["incomplete"])
        .when(_by_prior_learning())
        .then(named["pass"])
        .when(pl.col("outcome").is_not_null())
        .then("outcome")
        .when(passed.is_null())
        .then(named["incomplete"])
        .when(passed)
        .then(named["pass"])
        .otherwise(named["fail"])
    )


def _by_prior_learning() -> pl.Expr:
    return pl.col("prior_learning") & pl.col("outcome").ne_missing(pl.lit("withdrawn", dtype=OUTCOME))


def _basis() -> pl.Expr:
    basis = pl.when("condoned").then(pl.lit("condoned", dtype=BASIS))
    passed = pl.col("prior_learning") & (pl.col("outcome") == "pass")
    return (
        basis.when("_bad")
        .then(pl.lit("unreadable", dtype=BASIS))
        .when(passed)
        .then(pl.lit("prior-learning", dtype=BASIS))
        .otherwise(pl.lit("confirmed", dtype=BASIS))
    )


def given_verdicts(confirmed: pl.DataFrame, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """Give the attempts whose verdict is given, in the shape of ``GIVEN``.

    A result whose attempt cannot be read is none of them; its enrolment is incomplete already.
    A late withdrawal without accepted reasons is a fail at attempt 1, unless a board has confirmed that
    attempt (12.2, M5).
    """
    named = pl.col("e").is_not_null() & pl.col("attempt").is_not_null()
    here = confirmed.filter(named).with_columns(late=pl.lit(value=False))
    firsts = here.filter(pl.col("attempt") == 1)
    if pack.withdrawal is None:
        return _given(here)
    late = ground.enrolments.filter(pl.col("withdrawn_late") & ~pl.col("bad")).join(
        firsts, on="e", how="anti"
    )
    fail = late.select(
        "e",
        attempt=pl.lit(1),
        mark=pl.lit(hundredths(pack.withdrawal.mark.value)),
        outcome=pl.lit("fail"),
        exchange=pl.lit(value=False),
        prior_learning=pl.lit(value=False),
        late=pl.lit(value=True),
    )
    return pl.concat([_given(here), _given(fail)]).sort("e", "attempt")


def _given(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in GIVEN.items()).sort("e", "attempt")
