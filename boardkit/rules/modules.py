"""Modules: from component marks to the module's mark, grade, outcome and credit (7, 12, 16, 18.7-18.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import hundredths
from boardkit.queries import work_out
from boardkit.rules.attempts import Stated, judge_attempts
from boardkit.rules.confirmed import confirm, given_verdicts
from boardkit.rules.counting import counts
from boardkit.rules.ground import BASIS, CREDITED, OUTCOME, marked
from boardkit.rules.overturned import overturn
from boardkit.segments import pair

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.rules.attempts import Judged
    from boardkit.rules.ground import Ground
    from boardkit.rules.marks import Excuses
    from boardkit.rules.penalties import Penalised

_OUTCOME = {name: pl.lit(name, dtype=OUTCOME) for name in tables.OUTCOMES}


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
        overturned: the results that a decided mark stands over, as they were before, in the same shape.
        against: results of earlier boards whose mark stands against their outcome: ``e``, ``s``, ``module``,
            ``attempt``, ``against``, ``stated``, ``said``, ``pass_mark``, and where they came from.
    """

    results: pl.DataFrame
    judged: Judged
    overturned: pl.DataFrame
    against: pl.DataFrame


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
    confirmed = confirm(cohort, ground, pack)
    against = confirmed.filter(pl.col("against").is_not_null()).select(
        "e", "s", "module", "attempt", "against", "stated", "said", "pass_mark", "src", "row"
    )
    given = given_verdicts(confirmed, ground, pack)
    stated = Stated(_made(penalised, excuses.works), excuses.first_sits, given)
    judged = judge_attempts(penalised, stated, ground, pack)
    names = pl.Enum(cohort.numbers.modules)
    results = _with_carried(_enrolled(judged.results, given, ground, pack), confirmed, names, ground)
    results, overturned = overturn(results, ground, pack)
    return ModuleResults(_finished(results, pack), judged, _finished(overturned, pack), against)


def _finished(results: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Add each result's grade and the credit that it gives."""
    awarded = pl.col("outcome").is_in(CREDITED)
    return results.with_columns(
        grade=_grade(pack), credits_awarded=pl.when(awarded).then("credits").otherwise(0)
    )


def _made(penalised: Penalised, excused: pl.DataFrame) -> pl.DataFrame:
    """Work with no row that circumstances defer: it exists, deferred (M4)."""
    deferred = excused.filter("deferred").select("e", "k", "attempt")
    have = penalised.details.lazy().filter(pl.col("e").is_in(deferred["e"].implode()))
    return deferred.join(
        have.select("e", "k", "attempt").pipe(work_out), on=["e", "k", "attempt"], how="anti"
    )


def _with_carried(
    here: pl.DataFrame, confirmed: pl.DataFrame, names: pl.Enum, ground: Ground
) -> pl.DataFrame:
    """Put the enrolments' results and those that an earlier board alone has in one order: student, module."""
    taught = ground.modules["module"].cast(names)
    here = here.with_columns(module=taught.gather(here["m"]))
    last = (pl.col("s") != pl.col("s").shift(-1)) | (pl.col("module") != pl.col("module").shift(-1))
    carried = confirmed.filter(last.fill_null(value=True) & pl.col("e").is_null()).with_columns(
        module=pl.col("module").cast(names),
        capped=pl.lit(value=False),
        first_sit=pl.lit(None, dtype=pl.Boolean),
        weighted=pl.lit(None, dtype=pl.Int64),
        weights=pl.lit(None, dtype=pl.Int64),
        under=pl.lit(None, dtype=pl.Boolean),
    )
    if carried.is_empty():
        return here
    # Both are in order already, and no key stands in both.
    order = pair(pl.col("s"), pl.col("module").to_physical()).alias("order")
    first, second = (frame.with_columns(order) for frame in (here, carried.select(here.columns)))
    return first.merge_sorted(second, "order").drop("order")


def _enrolled(results: pl.DataFrame, given: pl.DataFrame, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """Join every enrolment with its result; withdrawal and prior learning stand over it (M5, M6)."""
    height = ground.enrolments.height
    standing = given.join(results.select("e", "attempt"), on=["e", "attempt"])
    at_given, late, exchange, prior_learning = (
        marked(standing.filter(chosen)["e"], height)
        for chosen in (pl.lit(value=True), "late", "exchange", "prior_learning")
    )
    of_module = (
        pl.lit(ground.modules[name]).gather("m").alias(name) for name in ("level", "credits", "study")
    )
    joined = ground.enrolments.lazy().with_columns(
        *_spread(results, height),
        pl.col("exchange") | exchange,
        pl.col("prior_learning") | prior_learning,
        *of_module,
    )
    own = pl.col("outcome").fill_null(_OUTCOME["incomplete"])
    gone = own == "withdrawn"
    unsound = pl.col("bad") & (own != "deferred")
    unmarked = pl.col("attempt").is_null() & ~pl.col("withdrawn") & ~pl.col("prior_learning")
    ways = (
        (unsound & ~unmarked, _OUTCOME["incomplete"], "unreadable"),
        (unsound, _OUTCOME["incomplete"], "nothing"),
        (pl.col("withdrawn"), _OUTCOME["withdrawn"], "withdrawn"),
        (pl.col("prior_learning") & ~gone & ~pl.lit(late), _OUTCOME["pass"], "prior-learning"),
        (pl.col("condone") & (own == "fail"), _OUTCOME["condoned"], "condoned"),
        (pl.lit(late), own, "withdrawn-late"),
        (pl.lit(at_given), own, "confirmed"),
        (pl.col("attempt").is_null(), own, "nothing"),
    )
    outcome, basis = own, pl.lit("attempts", dtype=BASIS)
    for applies, made, rests_on in reversed(ways):
        outcome = pl.when(applies).then(made).otherwise(outcome)
        basis = pl.when(applies).then(pl.lit(rests_on, dtype=BASIS)).otherwise(basis)
    shown = ~pl.col("gone") & (pl.col("basis") != "unreadable")
    return (
        joined.with_columns(outcome=outcome, basis=basis, gone=pl.col("withdrawn") | gone)
        .with_columns(
            attempt=pl.when(~pl.col("withdrawn")).then("attempt"),
            mark=pl.when(shown).then("mark"),
            capped=(pl.col("capped") & ~pl.col("gone")).fill_null(value=False),
        )
        .with_columns(counts=counts(pack, withdrawn=pl.col("gone"), counted=pl.col("count_prior_learning")))
        .select(
            "e",
            "s",
            "m",
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
            "under",
            "status",
            "exchange",
            "prior_learning",
            "counts",
            "basis",
            "bad",
            "src",
            "row",
        )
        .pipe(work_out)
    )


def _spread(results: pl.DataFrame, height: int) -> list[pl.Series]:
    """Lay results out over all enrolments; null where there is none."""
    nowhere = pl.repeat(None, height, dtype=pl.UInt32, eager=True)
    at = nowhere.scatter(results["e"], pl.int_range(results.height, dtype=pl.UInt32, eager=True))
    return [column.gather(at) for column in results.drop("e").iter_columns()]


def _grade(pack: Regulations) -> pl.Expr:
    """The grade of a module's mark by the bands of its study; Q for a qualifying fail (7.2, 7.3, 16.2)."""
    graded = [(study, rules.grades, rules.qualifying_fail) for study, rules in pack.studies.each()]
    names = [name for _, rule, _ in graded if rule is not None for name, _ in rule.bands]
    names += [missed.value for _, _, missed in graded if missed is not None]
    grades = pl.Enum(list(dict.fromkeys(names)))
    grade = pl.lit(None, dtype=grades)
    for study, rule, qualifying in graded:
        if rule is None:
            continue
        here = pl.lit(None, dtype=grades)
        for name, lowest in reversed(rule.bands):
            here = (
                pl.when(pl.col("mark") >= hundredths(lowest)).then(pl.lit(name, dtype=grades)).otherwise(here)
            )
        if qualifying is not None:
            missed = pl.col("outcome") == "qualifying-fail"
            here = pl.when(missed).then(pl.lit(qualifying.value, dtype=grades)).otherwise(here)
        grade = pl.when(pl.col("study") == study).then(here).otherwise(grade)
    return grade
