"""Findings about recorded decisions: those that nothing applies, and those that do nothing, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import found, shown
from boardkit.rules.ground import APPLIED_DECISIONS, CREDITED

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find_decisions(board: BoardResult) -> list[pl.DataFrame]:
    """Find what concerns recorded decisions."""
    if board.cohort.typed["decisions"].is_empty():
        return []
    return [*_idle(board), *_without_effect(board)]


def _idle(board: BoardResult) -> list[pl.DataFrame]:
    """Recorded decisions that nothing here applies, or that name no module where they need one."""
    made = board.cohort.typed["decisions"]
    applied = pl.col("decision").is_in(APPLIED_DECISIONS)
    idle, aimless = made.filter(~applied), made.filter(applied & pl.col("module").is_null())
    said = [shown(pl.col("student_id")), pl.lit(": the decision "), pl.col("decision").cast(pl.String)]
    idle_text = pl.concat_str(*said, pl.lit(" is recorded and has no effect in this version."))
    aimless_text = pl.concat_str(*said, pl.lit(" names no module and has no effect."))
    return [
        found("decision-not-applied", idle, column="decision", value=pl.col("decision"), message=idle_text),
        found("decision-without-module", aimless, column="module", message=aimless_text),
    ]


def _without_effect(board: BoardResult) -> list[pl.DataFrame]:
    """Decisions that change nothing, since the module is not what they are about."""
    ground = board.ground
    made = (
        board.cohort.typed["decisions"]
        .filter(pl.col("decision").is_in(APPLIED_DECISIONS))
        .join(ground.students.select("student_id", "s"), on="student_id", maintain_order="left")
    )
    results = board.concluded.results.select(
        "e", "s", "outcome", "basis", "mark", "prior_learning", "counts", pl.col("module").cast(pl.String)
    )
    theirs = made.join(results, on=["s", "module"], maintain_order="left").join(
        _left(board), on="e", how="left", maintain_order="left"
    )
    outcome = pl.col("outcome").cast(pl.String)
    credited = pl.col("outcome").is_in(CREDITED)
    is_ = pl.concat_str(pl.lit("the module's outcome is "), outcome)
    why = (
        pl.when((pl.col("decision") == "condone") & (pl.col("basis") != "condoned"))
        .then(is_)
        .when((pl.col("decision") == "count-prior-learning") & ~pl.col("prior_learning"))
        .then(pl.lit("the module is not prior learning"))
        .when((pl.col("decision") == "count-prior-learning") & ~pl.col("counts"))
        .then(pl.lit("the module has no mark to count"))
        .when((pl.col("decision") != "extra-attempt") | pl.col("taken").fill_null(value=False))
        .then(None)
        .when(credited | (pl.col("outcome") == "withdrawn"))
        .then(is_)
        .when(pl.col("spare").fill_null(0) > 0)
        .then(pl.lit("the module allows further attempts without it"))
    )
    idle = theirs.with_columns(_why=why).filter(pl.col("_why").is_not_null())
    text = pl.concat_str(
        shown(pl.col("module")),
        pl.lit(", "),
        shown(pl.col("student_id")),
        pl.lit(": "),
        pl.col("decision").cast(pl.String),
        pl.lit(" does nothing: "),
        "_why",
        pl.lit("."),
    )
    return [found("decision-without-effect", idle, column="decision", value=pl.col("decision"), message=text)]


def _left(board: BoardResult) -> pl.DataFrame:
    """Give each enrolment the attempts that it allows after the last, and whether one beyond them was used."""
    listed = board.concluded.judged.attempts.sort("e", "attempt")
    several = listed.group_by("e", maintain_order=True).agg(
        pl.col("spare").last(), taken=((pl.col("spare") < 0) & (pl.col("use") == "used")).any()
    )
    decided = board.ground.enrolments.filter("extra_attempt").select("e", "limit")
    return decided.join(several, on="e", how="left").select(
        "e", "taken", spare=pl.coalesce("spare", pl.col("limit") - 1)
    )
