"""Transcript lines: what the record of a student says of each module (13.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import MARK_PLACES, decimal, hundredths, round_ratio
from boardkit.results import credit_column

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.record import Transcript

FACTS = ("partner", "location", "language")
"""What a module says of itself, else the board of all its modules."""

WAITS = "; waits until fees are paid"
"""What is said of a decision that a debt holds up."""


def transcript_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``transcript`` table.

    Args:
        board: the result of an assessment.

    Returns:
        One row a student and module, in credits of the university and of Europe: when it was most recently
        taken, the grade and mark most recently obtained, the outcome in the transcript's words, where and in
        which language it was taught, and what is decided about the student, where that is known: until the board
        confirms or a decision is recorded it is said to be recommended, and what fees hold up to wait. A module
        that was left has no mark (12.1).

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> columns = ["title", "credits", "scqf_level", "academic_year", "language"]
        >>> transcript_table(board).filter(module="PS4090").select(columns).row(0)
        ('Dissertation', 40, 10, '2022/23', 'English')
    """
    rules = board.pack.rules.transcript
    if rules is None:
        return pl.DataFrame(schema=dict.fromkeys(tables.OUTPUT["transcript"], pl.String))
    ground, results = board.ground, board.concluded.results.with_columns(ects=_ects(rules))
    facts, modules = board.cohort.facts, ground.modules
    shown = {name: outcome.value for name, outcome in rules.outcomes.each()}

    def of_module(name: str) -> pl.Expr:
        return pl.lit(modules[name].cast(pl.String)).gather("m")

    stated = {name: facts.values.get(name) for name in FACTS}
    stated["language"] = stated["language"] or rules.language.value
    decided = results.select("s").join(_decisions(board), on="s", how="left", maintain_order="left")
    return (
        results.with_columns(academic_year=_year(board), decision=decided["decision"])
        .select(
            pl.lit(ground.students["student_id"]).gather("s").alias("student_id"),
            pl.col("module").cast(pl.String),
            of_module("title").alias("title"),
            credit_column(results["credits"]).alias("credits"),
            pl.col("level").alias("scqf_level"),
            credit_column(results["ects"]).alias("ects"),
            "academic_year",
            pl.col("grade").cast(pl.String),
            decimal(pl.col("mark"), places=board.pack.rules.rounding.module.shown).alias("mark"),
            pl.col("outcome").cast(pl.String).replace_strict(shown, return_dtype=pl.String),
            pl.lit(facts.values.get("institution") or board.pack.rules.pack.institution).alias("institution"),
            *(
                pl.coalesce(of_module(name), pl.lit(value, dtype=pl.String)).alias(name)
                for name, value in stated.items()
            ),
            "decision",
        )
        .select(tables.OUTPUT["transcript"])
    )


def _ects(rules: Transcript) -> pl.Expr:
    """European credits, in hundredths: so many for so many of one's own (8.1)."""
    own, european = hundredths(rules.ects.own), hundredths(rules.ects.ects)
    taken = pl.col("credits").cast(pl.Int64) * european
    return round_ratio(taken, pl.lit(own), places=MARK_PLACES, mode="half-up")


def _year(board: BoardResult) -> pl.Series:
    """The academic year in which each module was most recently taken.

    That of the enrolment, or of the result that stands; a module taught here with neither is this board's.
    """
    results, typed = board.concluded.results, board.cohort.typed
    numbered = pl.concat(
        [
            board.cohort.numbers.results.select("s"),
            typed["results"].select("module", "attempt", "academic_year"),
        ],
        how="horizontal",
    )
    names = results["module"].dtype
    last = (
        numbered.drop_nulls(["module", "academic_year"])
        .sort("s", "module", "attempt", maintain_order=True)
        .unique(["s", "module"], keep="last", maintain_order=True)
        .select("s", pl.col("module").cast(names), of_result="academic_year")
    )
    here = pl.lit(typed["enrolments"]["academic_year"]).gather("e")
    now = pl.lit(board.cohort.facts.values.get("academic_year"), dtype=pl.String)
    taught = pl.when(pl.col("e").is_not_null()).then(now)
    stands = pl.when(pl.col("e").is_null() | (pl.col("basis") == "confirmed")).then("of_result")
    return (
        results.select("s", "e", "module", "basis")
        .join(last, on=["s", "module"], how="left", maintain_order="left")
        .select(pl.coalesce(here, stands, taught).alias("academic_year"))
        .to_series()
    )


def _decisions(board: BoardResult) -> pl.DataFrame:
    """What is decided on each student's progress, an award with its class; else what is recommended, and said to be.

    A decision stands where one is recorded or the board has confirmed. What a debt holds up waits.
    """
    rules = board.pack.rules.progression
    made = board.progressed.students.select("s", "decision", "decided", "debt")
    awards = board.classified.select("s", "award", pl.col("classification").cast(pl.String))
    named = pl.concat_str("award", "classification", separator=", ", ignore_nulls=True)
    settled = pl.lit(board.cohort.facts.status == "confirmed") | pl.col("decided").is_not_null()
    held_up = pl.col("decision").is_in(rules.debt.blocks if rules is not None else [])
    decision = pl.col("decision").cast(pl.String)
    given = decision == "award"
    return made.join(awards, on="s", how="left", maintain_order="left").select(
        "s",
        decision=pl.concat_str(
            pl.when(~settled).then(pl.lit("recommended: ")).otherwise(pl.lit("")),
            decision,
            pl.when(given & settled).then(pl.lit(": ")).when(given).then(pl.lit(", ")).otherwise(pl.lit("")),
            pl.when(given).then(named).otherwise(pl.lit("")),
            pl.when(pl.col("debt") & held_up).then(pl.lit(WAITS)).otherwise(pl.lit("")),
        ),
    )
