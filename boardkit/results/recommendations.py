"""Recommendations: the progression table, and why each recommendation is made, in a few sentences with clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.decided import decided_sentence
from boardkit.exact import CREDIT_UNITS, print_hundredths, print_number
from boardkit.queries import work_out
from boardkit.regulations.part import UNRULED, source_of
from boardkit.results import credit_column
from boardkit.rules.holds import CLASS, hold_sentences
from boardkit.rules.qualify import best_lower, qualify

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.progress import Progression, Step

NO_AWARD = "No award can be read for this student; nothing is recommended."
LEAVING = "withdraw"
"""The recommendation beside which the best lower award is named (17.2)."""
NO_MODULE = "No module of this student's is in these tables; nothing is recommended."


def progression_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``progression`` table."""
    students = board.ground.students["student_id"]
    made = board.progress_reasons
    rules = board.pack.rules.progression
    return (
        made.lazy()
        .with_columns(reason=_with_decision(rules))
        .select(
            pl.lit(students).gather("s").alias("student_id"),
            *(credit_column(made[name]).alias(name) for name in ("credits_attempted", "credits_passed")),
            pl.col("decision").cast(pl.String),
            "reason",
        )
        .select(tables.OUTPUT["progression"])
        .pipe(work_out)
    )


def _with_decision(rules: Progression | None) -> pl.Expr:
    """Say what the board has decided, and behind it what was recommended and why (17.8, PR2)."""
    recommended = pl.col("recommended").cast(pl.String)
    decided = decided_sentence(
        pl.lit(source_of(None if rules is None else rules.decisions)), recommended, "Recommended"
    )
    if rules is None:
        return pl.concat_str(decided, "reason", separator=" ", ignore_nulls=True)
    # The recommendation says it where the recommended way on waits, too.
    waits = (
        pl.col("debt")
        & pl.col("decided").is_in(rules.debt.blocks)
        & ~pl.col("recommended").is_in(rules.debt.blocks).fill_null(value=False)
    )
    owes = pl.when(waits).then(pl.lit(_owing(rules, "decision")))
    return pl.concat_str(decided, "reason", owes, separator=" ", ignore_nulls=True)


def _owing(rules: Progression, what: str) -> str:
    return f"Tuition fees are outstanding; the {what} waits until they are paid ({rules.debt.source})."


def with_progress_reasons(board: BoardResult) -> pl.DataFrame:
    """Add ``reason`` to every student's recommendation.

    Args:
        board: the result of an assessment.

    Returns:
        The students' progress with ``reason``, which says so where there is no rule of progression.
    """
    rules, pack = board.pack.rules.progression, board.pack.rules
    made = board.progressed.students
    if rules is None or made.is_empty():
        return made.with_columns(reason=pl.lit(f"Progression: {UNRULED}; nothing is recommended."))
    named = _named(board)
    leaving = made.filter(pl.col("recommended") == LEAVING).select("s")
    leavers = board.ground.students.join(leaving, on="s", how="semi", maintain_order="left")
    lower = best_lower(qualify(leavers, board.concluded.results, pack))
    made = made.join(lower, on="s", how="left", maintain_order="left")
    for name, frame in named.items():
        made = made.join(frame.rename({"said": f"said_{name}"}), on="s", how="left", maintain_order="left")
    made = made.join(_kept(board), on="s", how="left", maintain_order="left")
    said = pl.concat_str(
        _first(rules, pack), *_besides(rules, pack), "said_kept", separator=" ", ignore_nulls=True
    )
    return made.with_columns(reason=said).drop("lower", "said_kept", *(f"said_{name}" for name in named))


def _kept(board: BoardResult) -> pl.DataFrame:
    """Say what penalties for misconduct keep each student from."""
    holds, rules = board.offences.holds.filter(pl.col("kind") != CLASS), board.pack.rules.misconduct
    if rules is None:
        return pl.DataFrame(schema={"s": pl.UInt32, "said_kept": pl.String})
    told = hold_sentences(holds, rules).group_by("s", maintain_order=True)
    return told.agg(said_kept=pl.col("said").unique(maintain_order=True).str.join(" "))


def _named(board: BoardResult) -> dict[str, pl.DataFrame]:
    """Name each student's modules of every kind that a reason speaks of, each kind in one text."""
    standing = board.progressed.standing
    places = board.pack.rules.rounding.module.shown
    module, mark = pl.col("module").cast(pl.String), print_hundredths(pl.col("mark"), places=places)
    times = (
        pl.when("barred")
        .then(pl.lit(" (no reassessment allowed)"))
        .when(pl.col("limit").is_null())
        .then(pl.format(" (attempt {})", "counted"))
        .otherwise(pl.format(" (attempt {} of {})", "counted", "limit"))
    )
    missed = pl.when(pl.col("outcome") == "qualifying-fail").then(pl.lit(" qualifying fail"))
    failed = pl.concat_str([module, pl.lit(" "), mark, missed, times], ignore_nulls=True)
    lost, core = pl.col("lost"), pl.col("status") == "core"
    kinds = {
        "incomplete": (pl.col("outcome") == "incomplete", module),
        "deferred": (pl.col("outcome") == "deferred", module),
        "open": (pl.col("open"), failed),
        "lost_core": (lost & core, failed),
        "lost_option": (lost & ~core, failed),
        "condonable": (pl.col("condonable"), pl.concat_str(module, pl.lit(" "), mark)),
    }
    return {
        name: standing.filter(applies)
        .select("s", said=text)
        .group_by("s", maintain_order=True)
        .agg(pl.col("said").str.join(", "))
        for name, (applies, text) in kinds.items()
    }


def _credits(name: str) -> pl.Expr:
    return print_number(pl.col(name), units=CREDIT_UNITS)


def _first(rules: Progression, pack: Regulations) -> pl.Expr:
    """Say what the recommendation rests on, with its clause."""
    blank = pack.practice.blank.source
    incomplete = pl.format(
        f"Incomplete: {{}}. Nothing is recommended until the marks are there ({blank}).", "said_incomplete"
    )
    said = pl.lit("No rule fits.")
    for at, step in reversed(list(enumerate(rules.steps))):
        said = pl.when(pl.col("step") == at).then(_situation(step)).otherwise(said)
    return (
        pl.when(pl.col("incomplete") > 0)
        .then(incomplete)
        .when(pl.col("modules") == 0)
        .then(pl.lit(NO_MODULE))
        .when(pl.col("step").is_null())
        .then(pl.lit(NO_AWARD))
        .otherwise(said)
    )


def _situation(step: Step) -> pl.Expr:
    passed = pl.concat_str(
        _credits("credits_passed"), pl.lit(" of "), _credits("credits_attempted"), pl.lit(" credits passed")
    )
    sentences = {
        "core-lost": pl.concat_str(pl.lit("Failed for good, and core: "), "said_lost_core"),
        "first-sit-deferred": pl.concat_str(pl.lit("Deferred: "), "said_deferred"),
        "reassessment-deferred": pl.concat_str(pl.lit("Deferred: "), "said_deferred"),
        "nothing-open": passed,
        "failed": pl.concat_str(pl.lit("Failed: "), "said_open", pl.lit("; "), passed),
    }
    return pl.concat_str(sentences[step.when], pl.lit(f" ({step.source})."))


def _besides(rules: Progression, pack: Regulations) -> list[pl.Expr]:
    """Say what the board has to see besides; null where there is nothing."""
    entry, debt = rules.entry, rules.debt
    missing = _credits("short")
    going_on = pl.col("recommended").is_in(debt.blocks)
    needs = f"The next stage needs the credit of the award {entry.award}"
    said: list[pl.Expr] = [
        pl.when(pl.col("entry") == "refused").then(
            pl.concat_str(pl.lit(f"{needs}: "), missing, pl.lit(f" are missing ({entry.source})."))
        ),
        pl.when(pl.col("entry") == "short").then(
            pl.concat_str(
                pl.lit(f"{needs}: "),
                missing,
                pl.lit(f" are missing, an exception the board may make ({entry.source})."),
            )
        ),
        pl.when(pl.col("entry") == "unknown").then(
            pl.lit(f"Not tested for the next stage: no credit from elsewhere is stated ({entry.source}).")
        ),
        *(
            pl.when(pl.col("step") == at).then(
                pl.lit(f"At most {step.next_year_credits} credits next year ({step.source}).")
            )
            for at, step in enumerate(rules.steps)
            if step.next_year_credits is not None
        ),
        pl.when((pl.col("lost_option") > 0) & pl.col("step").is_not_null()).then(
            pl.concat_str(
                pl.when(pl.col("lost_option") > 1)
                .then(pl.lit("Options failed for good: "))
                .otherwise(pl.lit("An option failed for good: ")),
                "said_lost_option",
                pl.lit("."),
            )
        ),
    ]
    if pack.condonement is not None:
        clause = pack.condonement.mark.source
        said.append(
            pl.when(pl.col("condonable") > 0).then(
                pl.concat_str(pl.lit("Condonement is open: "), "said_condonable", pl.lit(f" ({clause})."))
            )
        )
    if pack.reassessment is not None:
        year = pack.reassessment.credits_a_year
        said.append(
            pl.when("over_year").then(
                pl.concat_str(
                    _credits("retaken"),
                    pl.lit(
                        f" credits of reassessment in a year, where {year.value} may be allowed ({year.source})."
                    ),
                )
            )
        )
        if pack.reassessment.shares:
            source = pack.reassessment.shares[0].source
            said += [
                pl.when("beyond").then(
                    pl.lit(f"More modules are to be taken again than a programme allows ({source}).")
                ),
                pl.when(pl.col("disagree") & ~pl.col("beyond")).then(
                    pl.lit(
                        f"Beyond what a programme allows by modules or by credits alone; the board decides ({source})."
                    )
                ),
            ]
    said.append(
        pl.when(pl.col("lower").is_not_null()).then(
            pl.concat_str(pl.lit("Qualifies for: "), "lower", pl.lit("."))
        )
    )
    said.append(pl.when(going_on & pl.col("debt")).then(pl.lit(_owing(rules, "recommendation"))))
    return said
