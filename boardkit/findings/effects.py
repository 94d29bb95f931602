"""Findings about what recorded decisions do: nothing, with the reason, or more than was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.findings.label import of_module, of_student
from boardkit.problems import found
from boardkit.regulations.part import citation_of
from boardkit.rules.decided import OF_MODULES, OF_STUDENTS
from boardkit.rules.ground import CREDITED

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find_effects(board: BoardResult) -> list[pl.DataFrame]:
    """Find the decisions that do nothing, and those that were used for more than one attempt."""
    if board.cohort.typed["decisions"].is_empty():
        return []
    return [*_idle(board), *_without_effect(board), *_several_attempts(board)]


def _idle(board: BoardResult) -> list[pl.DataFrame]:
    """Recorded decisions that name no module where they need one."""
    made = board.cohort.typed["decisions"]
    aimless = made.filter(~pl.col("decision").is_in(OF_STUDENTS) & pl.col("module").is_null())
    text = of_student(
        "the decision ", pl.col("decision").cast(pl.String), " names no module and has no effect."
    )
    return [found("decision-without-module", aimless, column="module", message=text)]


def _without_effect(board: BoardResult) -> list[pl.DataFrame]:
    """Decisions that change nothing, since the module is not what they are about."""
    standing = pl.col("stands") & pl.col("yes").fill_null(value=False)
    made = board.decisions.filter(pl.col("decision").is_in(OF_MODULES) & standing)
    results = _of_students(board, made).select(
        "e", "s", "outcome", "basis", "mark", "prior_learning", "counts", pl.col("module").cast(pl.String)
    )
    theirs = made.join(results, on=["s", "module"], maintain_order="left").join(
        _left(board), on="e", how="left", maintain_order="left"
    )
    outcome = pl.col("outcome").cast(pl.String)
    credited = pl.col("outcome").is_in(CREDITED)
    is_ = pl.concat_str(pl.lit("the module's outcome is "), outcome)
    condoned = (pl.col("outcome") == "condoned") & pl.col("basis").cast(pl.String).is_in(
        ["condoned", "decided"]
    )
    why = (
        pl.when((pl.col("decision") == "condone") & ~condoned)
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
    text = of_module(pl.col("decision").cast(pl.String), " does nothing: ", pl.col("_why"), ".")
    return [found("decision-without-effect", idle, column="decision", value=pl.col("decision"), message=text)]


def _of_students(board: BoardResult, rows: pl.DataFrame) -> pl.DataFrame:
    """The module results of the students whom some rows are about."""
    return board.concluded.results.join(rows, on="s", how="semi", maintain_order="left")


def _left(board: BoardResult) -> pl.DataFrame:
    """Give each enrolment the attempts that it allows after the last, and whether one beyond them was used."""
    decided = board.ground.enrolments.filter("extra_attempt").select("e", "limit")
    spare = pl.col("limit") - pl.col("counted")
    several = (
        board.concluded.judged.attempts.join(decided, on="e")
        .sort("e", "attempt")
        .group_by("e", maintain_order=True)
        .agg(spare.last().alias("spare"), taken=((spare < 0) & (pl.col("use") == "used")).any())
    )
    return decided.join(several, on="e", how="left").select(
        "e", "taken", spare=pl.coalesce("spare", pl.col("limit") - 1)
    )


def _several_attempts(board: BoardResult) -> list[pl.DataFrame]:
    """Several attempts beyond the limit on fewer decisions: one lifts the limit, and was made about one (R4)."""
    made = board.decisions.filter((pl.col("decision") == "extra-attempt") & pl.col("why").is_null())
    if made.is_empty():
        return []
    person = ["s", "module"]
    since = (~pl.col("yes")).cast(pl.Int32).cum_sum(reverse=True).over(person)
    allowed = (
        made.filter(since == 0)
        .group_by(person, maintain_order=True)
        .agg(pl.col("student_id", "_src", "_row").last(), decisions=pl.len())
    )
    used = (pl.col("use") == "used") & ~pl.col("first_sit")
    decided = board.ground.enrolments.filter("extra_attempt").select("e", "limit")
    beyond = (
        board.concluded.judged.attempts.filter(used)
        .join(decided, on="e")
        .group_by("e", maintain_order=True)
        .agg(beyond=(pl.col("counted") - pl.col("limit")).max(), limit=pl.col("limit").first())
    )
    enrolled = _of_students(board, allowed).select("e", "s", pl.col("module").cast(pl.String))
    theirs = allowed.join(enrolled, on=person, maintain_order="left").join(
        beyond, on="e", maintain_order="left"
    )
    text = of_module(
        pl.col("beyond"),
        " attempts beyond the ",
        pl.col("limit"),
        " allowed were used, and ",
        pl.col("decisions"),
        pl.when(pl.col("decisions") == 1)
        .then(pl.lit(" decision stands for them"))
        .otherwise(pl.lit(" decisions stand for them")),
        f" ({citation_of(board.pack.rules.studies.first.attempts)}).",
    )
    several = theirs.filter(pl.col("beyond") > pl.col("decisions"))
    return [found("attempts-on-one-decision", several, column="decision", message=text)]
