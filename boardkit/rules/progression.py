"""Progression: one recommendation a student, the first step of the regulations that fits (17.5-17.12, PR1-PR4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.queries import work_out
from boardkit.rules.condonement import find_condonable
from boardkit.rules.credit import held_columns, short_by, units
from boardkit.rules.holds import ASSESSMENT, AWARD
from boardkit.rules.shares import share_out
from boardkit.rules.standing import stand
from boardkit.segments import add_up

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.progress import EntryRule, Progression, Step
    from boardkit.rules.ground import Ground
    from boardkit.rules.modules import ModuleResults
    from boardkit.rules.offences import Offences

DECISION = pl.Enum(tables.PROGRESSION)
TO_AWARD = "award"
WITHOUT_ASSESSMENT = (TO_AWARD, "withdraw")
"""What may be recommended to a student who is kept from assessment."""

STANDING = (
    "s",
    "e",
    "m",
    "module",
    "level",
    "credits",
    "credits_awarded",
    "study",
    "kind",
    "status",
    "mark",
    "outcome",
    "attempt",
    "first_sit",
    "counted",
    "limit",
    "under",
    "exempt",
    "barred",
    "failed",
    "open",
    "condonable",
    "hindrance",
    "lost",
    "prior_learning",
    "this_year",
)
"""What is kept of where every module stands; ``lost`` is failed for good, and not open to condonement."""

SCHEMA = {
    "s": pl.UInt32(),
    "study": pl.String(),
    "stage": pl.String(),
    "mode": pl.String(),
    "modules": pl.Int64(),
    "credits_attempted": pl.Int64(),
    "credits_passed": pl.Int64(),
    "incomplete": pl.Int64(),
    "deferred": pl.Int64(),
    "open": pl.Int64(),
    "lost_core": pl.Int64(),
    "lost_option": pl.Int64(),
    "condonable": pl.Int64(),
    "eligible": pl.Boolean(),
    "beyond": pl.Boolean(),
    "disagree": pl.Boolean(),
    "held": pl.Int64(),
    "retaken": pl.Int64(),
    "over_year": pl.Boolean(),
    "short": pl.Int64(),
    "step": pl.Int8(),
    "entry": pl.String(),
    "recommended": DECISION,
    "kept": pl.Boolean(),
    "debt": pl.Boolean(),
}
"""What is known of a student's progress; credits in hundredths, the rest counts of modules.

``held`` is the credit in the tables, where what is taken again is beyond a share of it and the award needs more.

``entry`` is how entry to the next stage was tested: ``short`` stands as an exception, ``refused`` changed the
recommendation, ``unknown`` could not be tested. ``kept`` is that a penalty keeps the student from what would be
recommended.
"""


@dataclass(frozen=True)
class Progress:
    """Where every module stands, and what is recommended for every student.

    Args:
        standing: the rows of the results, with what may be taken again and condoned.
        students: one row for every student of the students table, in the shape of ``SCHEMA``.
    """

    standing: pl.DataFrame
    students: pl.DataFrame


def progress(  # noqa: PLR0913, PLR0917 - a recommendation looks at all of these
    concluded: ModuleResults,
    classified: pl.DataFrame,
    offences: Offences,
    cohort: Cohort,
    ground: Ground,
    pack: Regulations,
) -> Progress:
    """Recommend what each student does next.

    Args:
        concluded: module results and attempts.
        classified: averages and eligibility, one row a student of the students table.
        offences: what penalties for misconduct keep students from.
        cohort: the board's facts, and results of earlier boards.
        ground: students and enrolments.
        pack: the regulations.

    Returns:
        The standing of every module, and one recommendation a student; none where the pack has no rule.
    """
    diet = cohort.facts.diet
    found = find_condonable(stand(concluded, offences, cohort, ground, pack), diet, ground, pack)
    lost = pl.col("failed") & ~pl.col("open") & ~pl.col("condonable").fill_null(value=False)
    standing = found.with_columns(lost=lost).select(STANDING)
    if classified.is_empty():
        return Progress(standing, pl.DataFrame(schema=SCHEMA))
    students = _students(standing, ground)
    counted = _count(standing)
    if pack.progression is None:
        return Progress(standing, _unruled(students, counted))
    shares = share_out(standing, diet, students, pack)
    entry = _entry(concluded.results, students, pack)
    joined = (
        students.lazy()
        .join(counted.lazy(), on="s", how="left", maintain_order="left")
        .join(shares.lazy(), on="s", how="left", maintain_order="left")
        .join(entry.lazy(), on="s", how="left", maintain_order="left")
        .join(
            classified.lazy().select("s", pl.col("eligible").fill_null(value=False)),
            on="s",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.col(*_COUNTS).fill_null(0),
            pl.col("eligible", "beyond", "disagree", "over_year").fill_null(value=False),
            debt=pl.col("tuition_debt").fill_null(value=False),
        )
    )
    stepped = joined.with_columns(step=_step(pack.progression, diet))
    decided = _kept(_decide(stepped, pack.progression), offences)
    return Progress(
        standing, decided.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()).pipe(work_out)
    )


def _unruled(students: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Count each student's modules where no rule says what follows from them."""
    joined = students.join(counted, on="s", how="left", maintain_order="left").with_columns(
        pl.col(*_COUNTS).fill_null(0), debt=pl.col("tuition_debt").fill_null(value=False)
    )
    none = [pl.lit(None).alias(name) for name in SCHEMA if name not in joined.columns]
    return joined.with_columns(none).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


_COUNTS = (
    "modules",
    "credits_attempted",
    "credits_passed",
    "incomplete",
    "deferred",
    "first_deferred",
    "open",
    "lost_core",
    "lost_option",
    "condonable",
)


def _students(standing: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """The students, with the study of their award, else that of their modules."""
    taught = standing.group_by("s").agg(
        of_modules=pl.when((pl.col("study") == "postgraduate").all())
        .then(pl.lit("postgraduate"))
        .otherwise(pl.lit("undergraduate"))
    )
    return (
        ground.students.select(
            "s",
            "award",
            "study",
            "stage",
            "mode",
            "programme",
            "registered_from",
            "tuition_debt",
            "prior_credits",
        )
        .join(taught, on="s", how="left", maintain_order="left")
        .with_columns(
            study=pl.coalesce(pl.col("study").cast(pl.String), "of_modules"),
            readable=pl.col("award").is_not_null(),
        )
    )


def _count(standing: pl.DataFrame) -> pl.DataFrame:
    """Add up what each student's modules come to."""
    outcome = pl.col("outcome")
    lost, core = pl.col("lost"), pl.col("status") == "core"
    now = pl.col("this_year")
    deferred = outcome == "deferred"
    whether = {
        "incomplete": outcome == "incomplete",
        "deferred": deferred,
        "first_deferred": deferred & pl.col("first_sit").fill_null(value=True),
        "open": pl.col("open"),
        "lost_core": lost & core,
        "lost_option": lost & ~core,
        "condonable": pl.col("condonable").fill_null(value=False),
    }
    # Nearly everything is passed, and is counted for its credit alone.
    rest = standing.filter(~outcome.is_in(["pass", "withdrawn", "condoned"]))
    counted = add_up(rest, "s", [holds.cast(pl.Int64).alias(name) for name, holds in whether.items()])
    taken = pl.when(now & (outcome != "withdrawn")).then("credits").fill_null(0).alias("credits_attempted")
    passed = pl.when(now).then("credits_awarded").fill_null(0).alias("credits_passed")
    held = add_up(standing, "s", [outcome.is_not_null().cast(pl.Int64).alias("modules"), taken, passed])
    return held.join(counted, on="s", how="left", maintain_order="left")


def _entry(results: pl.DataFrame, students: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Tell how much credit is missing for entry to the next stage (17.10, PR3)."""
    if pack.progression is None:
        raise TypeError("there is no rule of progression")
    rule = dict(pack.awards.each())[pack.progression.entry.award]
    needed = pl.when(pl.col("stage").cast(pl.String) == str(pack.progression.entry.stage))
    held = add_up(results, "s", held_columns(rule))
    return (
        students.lazy()
        .select("s", "stage", "prior_credits")
        .join(held.lazy(), on="s", how="left", maintain_order="left")
        .with_columns(
            pl.col("^held.*$").fill_null(0),
            prior_credits=pl.col("prior_credits").fill_null(0),
            known=pl.col("prior_credits").is_not_null(),
        )
        .with_columns(lacking=needed.then(short_by(rule)))
        .select(
            "s",
            short=pl.when("known").then("lacking"),
            entry_unknown=(~pl.col("known") & (pl.col("lacking") > 0)).fill_null(value=False),
        )
        .pipe(work_out)
    )


def _step(rules: Progression, diet: str) -> pl.Expr:
    """Find the first step that fits each student; none while a module is incomplete, or there is none."""
    found = pl.lit(None, dtype=pl.Int8)
    for at, step in reversed(list(enumerate(rules.steps))):
        if step.diet in {None, diet}:
            found = pl.when(_fits(step)).then(pl.lit(at, dtype=pl.Int8)).otherwise(found)
    nothing = (pl.col("incomplete") > 0) | (pl.col("modules") == 0) | ~pl.col("readable")
    return pl.when(~nothing).then(found)


def _fits(step: Step) -> pl.Expr:
    situations = {
        "core-lost": pl.col("lost_core") > 0,
        "first-sit-deferred": pl.col("first_deferred") > 0,
        "reassessment-deferred": pl.col("deferred") > 0,
        "nothing-open": pl.col("open") == 0,
        "failed": pl.col("open") > 0,
    }
    fits = situations[step.when]
    for name in ("study", "mode"):
        if (wanted := getattr(step, name)) is not None:
            fits = fits & (pl.col(name).cast(pl.String) == wanted)
    if step.eligible is not None:
        fits = fits & (pl.col("eligible") == step.eligible)
    if step.beyond_shares is not None:
        fits = fits & (pl.col("beyond") == step.beyond_shares)
    if step.credits_from is not None:
        fits = fits & (pl.col("credits_passed") >= units(step.credits_from))
    if step.credits_above is not None:
        fits = fits & (pl.col("credits_passed") > units(step.credits_above))
    return fits.fill_null(value=False)


def _decide(frame: pl.LazyFrame, rules: Progression) -> pl.LazyFrame:
    """Take the step's decision, and test entry to the next stage where it would lead there (PR3)."""
    decisions = {at: step.decision for at, step in enumerate(rules.steps)}
    stepped = pl.col("step").replace_strict(decisions, default=None, return_dtype=pl.String)
    entry = rules.entry
    tested = _enters(entry) & pl.col("stepped").is_in(entry.instead_of)
    outcome = (
        pl.when(tested & (pl.col("short") > units(entry.short_by)))
        .then(pl.lit("refused"))
        .when(tested & (pl.col("short") > 0))
        .then(pl.lit("short"))
        .when(tested & pl.col("entry_unknown"))
        .then(pl.lit("unknown"))
    )
    return (
        frame.with_columns(stepped=stepped)
        .with_columns(entry=outcome)
        .with_columns(
            recommended=pl.when(pl.col("entry") == "refused")
            .then(pl.lit(entry.decision))
            .otherwise("stepped")
        )
    )


def _kept(frame: pl.LazyFrame, offences: Offences) -> pl.LazyFrame:
    """Recommend nothing that a penalty for misconduct keeps a student from; what it leaves is the board's to say.

    A student who is kept from assessment may still be recommended an award that is there, or to withdraw.
    """
    holds = offences.holds.lazy()
    assessed = holds.filter(pl.col("kind") == ASSESSMENT).select("s", _no_work=pl.lit(value=True)).unique()
    awarded = holds.filter(pl.col("kind") == AWARD).select("s", _no_award=pl.lit(value=True)).unique()
    joined = frame.join(assessed, on="s", how="left", maintain_order="left").join(
        awarded, on="s", how="left", maintain_order="left"
    )
    no_work = pl.col("_no_work").fill_null(value=False) & ~pl.col("recommended").is_in(WITHOUT_ASSESSMENT)
    no_award = pl.col("_no_award").fill_null(value=False) & (pl.col("recommended") == TO_AWARD)
    kept = (no_work | no_award).fill_null(value=False)
    return joined.with_columns(kept=kept).with_columns(
        recommended=pl.when(~pl.col("kept")).then("recommended")
    )


def _enters(entry: EntryRule) -> pl.Expr:
    here = pl.col("stage").cast(pl.String) == str(entry.stage)
    return (here & (pl.col("mode").cast(pl.String) == entry.mode)).fill_null(value=False)
