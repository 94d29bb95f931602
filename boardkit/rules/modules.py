"""Modules: from component marks to the module's mark, grade, outcome and credit (7, 12, 16, 18.7-18.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import hundredths, round_ratio
from boardkit.rules.attempts import DEFERRED_BIT, INCOMPLETE_BIT, UNDER_BIT, VERDICT, Stated, judge_attempts
from boardkit.rules.ground import OUTCOME, STATUS, STUDY

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.rules.attempts import Judged
    from boardkit.rules.ground import Ground
    from boardkit.rules.marks import Excuses
    from boardkit.rules.penalties import Penalised

CREDITED = ("pass", "condoned")
"""Outcomes that give the module's credit."""

_OUTCOME = {name: pl.lit(name, dtype=OUTCOME) for name in tables.OUTCOMES}

BASIS = pl.Enum(
    [
        "attempts",
        "confirmed",
        "withdrawn",
        "withdrawn-late",
        "prior-learning",
        "condoned",
        "unreadable",
        "nothing",
    ]
)
"""What a module's result rests on."""


@dataclass(frozen=True)
class ModuleResults:
    """The results of every module of every student, and how they came about.

    Args:
        results: one row for every enrolment and every result carried from an earlier board: ``e``, ``s``,
            ``m`` (null where it is carried and not taught here), ``module``, ``level``, ``credits``,
            ``study``, ``attempt``, ``first_sit``, ``mark``, ``weighted``, ``weights``, ``grade``,
            ``outcome``, ``capped``, ``credits_awarded``, ``status``, ``exchange``, ``prior_learning``,
            ``counts`` (in averages), ``basis``, ``bad``, and where it came from.
        judged: the attempts.
    """

    results: pl.DataFrame
    judged: Judged


def conclude_modules(
    penalised: Penalised,
    excuses: Excuses,
    cohort: Cohort,
    ground: Ground,
    pack: Regulations,
) -> ModuleResults:
    """Conclude every module of every student.

    Args:
        penalised: component marks after penalties.
        excuses: what accepted circumstances do.
        cohort: the results of earlier boards.
        ground: enrolments with their modules' rules.
        pack: the regulations.

    Returns:
        The results and the attempts behind them.
    """
    made = _made(penalised, excuses.works)
    earlier = _earlier(cohort, ground, pack)
    fixed = _fixed(earlier, ground, pack)

    def judge(totals: pl.LazyFrame) -> pl.LazyFrame:
        of_enrolment = (
            pl.lit(ground.enrolments[name]).gather("e").alias(name) for name in ("m", "pass_mark", "bad")
        )
        of_module = (pl.lit(ground.modules[name]).gather("m").alias(name) for name in ("components", "study"))
        return _verdicts(totals.with_columns(of_enrolment).with_columns(of_module), pack)

    judged = judge_attempts(penalised, Stated(made, excuses.first_sits, fixed), ground, judge)
    here = _enrolled(judged.results, fixed, pl.Enum(cohort.numbers.modules), ground, pack)
    carried = earlier.filter(pl.col("e").is_null())
    both = _in_order(pl.concat([here, carried.select(_typed(here))])) if carried.height else here
    graded = both.with_columns(grade=_grade(pack))
    awarded = pl.col("outcome").is_in(CREDITED)
    return ModuleResults(
        graded.with_columns(credits_awarded=pl.when(awarded).then("credits").otherwise(0)), judged
    )


def _in_order(results: pl.DataFrame) -> pl.DataFrame:
    """Sort by student and module, by one whole number made of both."""
    module = results["module"].to_physical().cast(pl.UInt64)
    order = (results["s"].cast(pl.UInt64) * (1 << 32) + module).arg_sort()
    return results[order]


def _typed(like: pl.DataFrame) -> list[pl.Expr]:
    return [pl.col(column.name).cast(column.dtype) for column in like.iter_columns()]


def _made(penalised: Penalised, excused: pl.DataFrame) -> pl.DataFrame:
    """Work with no row that circumstances defer: it exists, deferred (M4)."""
    have = penalised.details.select("e", "k", "attempt")
    return (
        excused.filter("deferred")
        .select("e", "k", "attempt")
        .join(have, on=["e", "k", "attempt"], how="anti")
    )


def _verdicts(totals: pl.LazyFrame, pack: Regulations) -> pl.LazyFrame:
    """Turn totals of attempts into outcomes: deferred, incomplete, or judged on the rounded mark (16.1-16.3).

    The floors are tested on component marks at two places, pass and grade on the module's rounded mark (A3).
    At a reassessment the mark is at most the pass mark (16.3).
    """
    rounding = pack.rounding.module
    short = pl.col("first_sit") & (pl.col("rows").fill_null(0) < pl.col("components"))
    unsound = (
        short
        | _has(INCOMPLETE_BIT).fill_null(value=True)
        | (pl.col("weights").fill_null(0) == 0)
        | pl.col("pass_mark").is_null()
        | pl.col("bad").fill_null(value=True)
    )
    outcome = (
        pl.when(_has(DEFERRED_BIT).fill_null(value=False))
        .then(_OUTCOME["deferred"])
        .when(unsound)
        .then(_OUTCOME["incomplete"])
        .when(pl.col("overall") < pl.col("pass_mark"))
        .then(_OUTCOME["fail"])
        .when(_has(UNDER_BIT))
        .then(_OUTCOME["qualifying-fail"])
        .otherwise(_OUTCOME["pass"])
    )
    sound = ~pl.col("outcome").is_in(["deferred", "incomplete"])
    weights = pl.when(pl.col("weights") > 0).then("weights")
    return (
        totals.with_columns(
            overall=round_ratio(pl.col("weighted"), weights, places=rounding.places, mode=rounding.mode)
        )
        .with_columns(outcome=outcome)
        .with_columns(cap=_cap(pack))
        .with_columns(
            mark=pl.when(sound).then(pl.min_horizontal("overall", "cap")),
            capped=sound & (pl.col("overall") > pl.col("cap")).fill_null(value=False),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in VERDICT.items())
    )


def _has(bit: int) -> pl.Expr:
    return (pl.col("bits") & bit) != 0


def _cap(pack: Regulations) -> pl.Expr:
    """The most that a reassessed module can be given; null at a first sit."""
    capped = [study for study, rules in pack.studies.each() if rules.reassessment_cap.value == "pass-mark"]
    if not capped:
        return pl.lit(None, dtype=pl.Int32)
    applies = ~pl.col("first_sit")
    if len(capped) < len(pack.studies.each()):
        applies = applies & pl.col("study").is_in(capped)
    return pl.when(applies).then("pass_mark")


def _earlier(cohort: Cohort, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """The latest result of each module confirmed by an earlier board, in the shape of ``results``."""
    given = pl.concat([cohort.numbers.results, cohort.typed["results"]], how="horizontal")
    last = (pl.col("s") != pl.col("s").shift(-1)) | (pl.col("module") != pl.col("module").shift(-1))
    latest = given.lazy().filter(last.fill_null(value=True))
    levels = {level: study for study, rules in pack.studies.each() for level in rules.levels.value}
    marks = {study: hundredths(rules.pass_mark.value) for study, rules in pack.studies.each()}
    study = pl.lit(None, dtype=STUDY)
    for level, name in levels.items():
        study = pl.when(pl.col("scqf_level") == level).then(pl.lit(name, dtype=STUDY)).otherwise(study)
    taught = pl.lit(ground.modules["study"]).gather("m")
    rounding = pack.rounding.module
    framed = latest.with_columns(
        study=pl.coalesce(taught, study),
        recorded=round_ratio(
            pl.col("mark").cast(pl.Int64), pl.lit(1), places=rounding.places, mode=rounding.mode
        ),
    )
    framed = _join_some(framed, _counted(cohort), ["student_id", "module"], "counted")
    framed = _join_some(framed, _taught_again(given, ground), ["s", "m"], "e")
    prior = pl.col("prior_learning").fill_null(value=False)
    exchange = pl.col("exchange").fill_null(value=False)
    general = pl.col("study").cast(pl.String).replace_strict(marks, default=None, return_dtype=pl.Int32)
    own = pl.lit(ground.modules["pass_mark"]).gather("m")
    passed = pl.col("recorded") >= pl.coalesce(own, general)
    outcome = (
        pl.when("_bad")
        .then(_OUTCOME["incomplete"])
        .when(prior & pl.col("outcome").ne_missing("withdrawn"))
        .then(_OUTCOME["pass"])
        .when(pl.col("outcome").is_not_null())
        .then(pl.col("outcome").cast(OUTCOME))
        .when(passed.is_null())
        .then(_OUTCOME["incomplete"])
        .when(passed)
        .then(_OUTCOME["pass"])
        .otherwise(_OUTCOME["fail"])
    )
    withdrawn = pl.col("outcome") == "withdrawn"
    return (
        framed.with_columns(outcome=outcome)
        .with_columns(
            counts=_counts(
                pack,
                withdrawn,
                exchange,
                prior,
                pl.col("counted").fill_null(value=False) & pl.col("mark").is_not_null(),
            )
        )
        .select(
            "e",
            "s",
            "m",
            "module",
            "credits",
            "study",
            pl.col("attempt").cast(pl.Int16),
            pl.when(~pl.col("outcome").is_in(["deferred", "incomplete", "withdrawn"]))
            .then("recorded")
            .alias("mark"),
            "outcome",
            "counts",
            pl.col("status").cast(STATUS),
            level="scqf_level",
            first_sit=pl.lit(None, dtype=pl.Boolean),
            weighted=pl.lit(None, dtype=pl.Int64),
            weights=pl.lit(None, dtype=pl.Int64),
            capped=pl.lit(value=False),
            exchange=exchange,
            prior_learning=prior,
            basis=pl.lit("confirmed", dtype=BASIS),
            bad=pl.col("_bad"),
            src="_src",
            row="_row",
        )
        .collect()
    )


def _counted(cohort: Cohort) -> pl.LazyFrame | None:
    """Prior learning that a recorded decision counts."""
    made = cohort.typed["decisions"].filter(pl.col("decision") == "count-prior-learning")
    if made.is_empty():
        return None
    return made.lazy().select("student_id", "module", counted=pl.lit(value=True)).unique()


def _taught_again(given: pl.DataFrame, ground: Ground) -> pl.LazyFrame | None:
    """Find the enrolments on modules that an earlier board has a result for."""
    here = given.filter(pl.col("m").is_not_null())
    if here.is_empty():
        return None
    theirs = ground.enrolments.lazy().filter(pl.col("s").is_in(here["s"].unique().implode()))
    return theirs.select("s", "m", "e")


def _join_some(frame: pl.LazyFrame, some: pl.LazyFrame | None, on: list[str], column: str) -> pl.LazyFrame:
    """Join a column that only some rows have, if any do."""
    if some is None:
        kind = pl.UInt32 if column == "e" else pl.Boolean
        return frame.with_columns(pl.lit(None, dtype=kind).alias(column))
    return frame.join(some, on=on, how="left", maintain_order="left")


def _counts(
    pack: Regulations, withdrawn: pl.Expr, exchange: pl.Expr, prior: pl.Expr, counted: pl.Expr
) -> pl.Expr:
    """Whether a module counts in averages: not withdrawn, nor exchange, nor prior learning undecided (M6)."""
    counts = ~withdrawn
    if not pack.averages.exchange_counts.value:
        counts = counts & ~exchange
    by_decision = counted if pack.averages.prior_learning_counts_by_decision.value else pl.lit(value=False)
    return counts & (~prior | by_decision)


def _fixed(earlier: pl.DataFrame, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """Attempts whose verdict is given: an earlier board's, or the fail of a late withdrawal (M5)."""
    blank = {"weighted": pl.Int64, "weights": pl.Int64}
    nothing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in blank.items()]
    confirmed = earlier.filter(pl.col("e").is_not_null()).select(
        "e",
        "attempt",
        pl.lit(value=True).alias("first_sit"),
        "mark",
        *nothing,
        "outcome",
        pl.lit(value=False).alias("capped"),
    )
    late = (
        ground.enrolments.filter(pl.col("withdrawn_late") & ~pl.col("bad"))
        .join(confirmed, on="e", how="anti")
        .select(
            "e",
            pl.lit(1, dtype=pl.Int16).alias("attempt"),
            pl.lit(value=True).alias("first_sit"),
            pl.lit(hundredths(pack.withdrawal.mark.value), dtype=pl.Int64).alias("mark"),
            *nothing,
            _OUTCOME["fail"].alias("outcome"),
            pl.lit(value=False).alias("capped"),
        )
    )
    return pl.concat([confirmed, late]).select(pl.col(name).cast(dtype) for name, dtype in VERDICT.items())


def _enrolled(
    results: pl.DataFrame, fixed: pl.DataFrame, names: pl.Enum, ground: Ground, pack: Regulations
) -> pl.DataFrame:
    """Join every enrolment with its result; withdrawal and prior learning stand over it (M5, M6)."""
    nowhere = pl.repeat(None, ground.enrolments.height, dtype=pl.Int16, eager=True)
    fixed_at = nowhere.scatter(fixed["e"], fixed["attempt"]).alias("fixed_at")
    joined = ground.enrolments.lazy().with_columns(
        *_spread(results, ground.enrolments.height),
        fixed_at,
        pl.lit(ground.modules["module"].cast(names)).gather("m").alias("module"),
        *(pl.lit(ground.modules[name]).gather("m").alias(name) for name in ("level", "credits", "study")),
    )
    prior, withdrawn = pl.col("prior_learning"), pl.col("withdrawn")
    unsound = pl.col("bad") & pl.col("outcome").ne_missing("deferred")
    at_fixed = (pl.col("attempt") == pl.col("fixed_at")).fill_null(value=False)
    outcome = (
        pl.when(unsound)
        .then(_OUTCOME["incomplete"])
        .when(withdrawn)
        .then(_OUTCOME["withdrawn"])
        .when(prior)
        .then(_OUTCOME["pass"])
        .when(pl.col("condone") & (pl.col("outcome") == "fail"))
        .then(_OUTCOME["condoned"])
        .otherwise(pl.col("outcome").fill_null(_OUTCOME["incomplete"]))
    )
    basis = (
        pl.when(unsound & pl.col("attempt").is_not_null())
        .then(pl.lit("unreadable", dtype=BASIS))
        .when(withdrawn)
        .then(pl.lit("withdrawn", dtype=BASIS))
        .when(prior)
        .then(pl.lit("prior-learning", dtype=BASIS))
        .when(pl.col("condone") & (pl.col("outcome") == "fail"))
        .then(pl.lit("condoned", dtype=BASIS))
        .when(at_fixed & pl.col("withdrawn_late"))
        .then(pl.lit("withdrawn-late", dtype=BASIS))
        .when(at_fixed)
        .then(pl.lit("confirmed", dtype=BASIS))
        .when(pl.col("attempt").is_null())
        .then(pl.lit("nothing", dtype=BASIS))
        .otherwise(pl.lit("attempts", dtype=BASIS))
    )
    return (
        joined.with_columns(
            outcome=outcome,
            basis=basis,
            attempt=pl.when(~withdrawn).then("attempt"),
            mark=pl.when(~withdrawn & ~unsound).then("mark"),
            capped=(pl.col("capped") & ~withdrawn).fill_null(value=False),
            counts=_counts(
                pack,
                withdrawn,
                pl.col("exchange"),
                prior,
                pl.col("count_prior_learning") & pl.col("mark").is_not_null(),
            ),
        )
        .select(
            "e",
            "s",
            "m",
            "module",
            "level",
            "credits",
            "study",
            "attempt",
            "first_sit",
            "mark",
            "weighted",
            "weights",
            "outcome",
            "capped",
            "status",
            "exchange",
            "prior_learning",
            "counts",
            "basis",
            "bad",
            "src",
            "row",
        )
        .collect()
    )


def _spread(results: pl.DataFrame, height: int) -> list[pl.Series]:
    """Lay results out over all enrolments; null where there is none."""
    nowhere = pl.repeat(None, height, dtype=pl.UInt32, eager=True)
    at = nowhere.scatter(results["e"], pl.int_range(results.height, dtype=pl.UInt32, eager=True))
    return [column.gather(at) for column in results.drop("e").iter_columns()]


def _grade(pack: Regulations) -> pl.Expr:
    """The grade of a module's mark by the bands of its study; Q for a qualifying fail (7.2, 7.3, 16.2)."""
    names = [name for _, rules in pack.studies.each() for name, _ in rules.grades.bands]
    names += [rules.qualifying_fail.value for _, rules in pack.studies.each()]
    grades = pl.Enum(list(dict.fromkeys(names)))
    grade = pl.lit(None, dtype=grades)
    for study, rules in pack.studies.each():
        here = pl.lit(None, dtype=grades)
        for name, lowest in reversed(rules.grades.bands):
            here = (
                pl.when(pl.col("mark") >= hundredths(lowest)).then(pl.lit(name, dtype=grades)).otherwise(here)
            )
        missed = pl.col("outcome") == "qualifying-fail"
        here = pl.when(missed).then(pl.lit(rules.qualifying_fail.value, dtype=grades)).otherwise(here)
        grade = pl.when(pl.col("study") == study).then(here).otherwise(grade)
    return grade
