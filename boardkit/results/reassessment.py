"""Reassessments: what each student may be reassessed in, component by component (14.2, 18.1-18.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import decimal, print_hundredths
from boardkit.queries import work_out
from boardkit.reasons import together
from boardkit.regulations.part import source_of
from boardkit.results import with_kind
from boardkit.rules.ground import by_study
from boardkit.rules.holds import ASSESSMENT, hold_sentences
from boardkit.rules.penalties import FIRST_SIT, REASSESSMENT

if TYPE_CHECKING:
    from boardkit.board import BoardResult

NO_COMPONENT = "no component's own mark is under what it needs: the board says in which and in what form"
WHOLE_MODULE = "the module is not taught now: the board says in what form"


def reassessment_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``reassessment`` table: a row for every failed or deferred component that may be taken again.

    ``attempt`` is the number of the next attempt, ``kind`` whether it is a first sit or a reassessment,
    ``mark`` the component's latest, ``below`` what that mark is under (its ``floor``, or the ``pass-mark``) or that it is ``deferred``, ``cap``
    the most that the module can then be given. A module that is not taught now, or that the student is not enrolled on,
    has one row, with no component; where no component's own mark says why the module failed, all are listed.
    Whether in part or in full, and in what form, is the board's to say (18.3). Students who are to
    withdraw, by the board's decision or else by the recommendation, are not listed, nor those whom a penalty for
    misconduct excludes; one that lasts to a day is noted, and so is one that caps the retake of a piece of work.
    """
    standing = board.progressed.standing
    deferred = pl.col("outcome") == "deferred"
    leaving = board.progressed.students.filter(pl.col("decision") == "withdraw").select("s")
    due = (
        standing.with_columns(deferred=deferred)
        .join(leaving, on="s", how="anti", maintain_order="left")
        .filter(pl.col("open") | pl.col("deferred"))
        .with_columns(
            first=pl.col("deferred") & pl.col("first_sit").fill_null(value=True),
            next=pl.col("attempt").fill_null(0) + 1,
        )
    )
    named = due.join(_components(board, due), on=["e"], how="left", maintain_order="left").join(
        _later(board), on="s", how="left", maintain_order="left"
    )
    named = named.join(_retakes(board), on=["e", "k"], how="left", maintain_order="left")
    places = board.pack.rules.rounding.module.shown
    capped = _capped(board)
    return (
        named.lazy()
        .with_columns(
            pass_mark=pl.coalesce(
                pl.lit(board.ground.enrolments["pass_mark"]).gather("e"),
                pl.lit(board.ground.modules["pass_mark"]).gather("m"),
                by_study(board.pack.rules, "pass_mark"),
            ),
        )
        .with_columns(
            below=pl.when(pl.col("deferred") & pl.col("value").is_null())
            .then(pl.lit("deferred"))
            .when(pl.col("value") < pl.col("floor"))
            .then(pl.lit("floor"))
            .when(pl.col("value") < pl.col("pass_mark"))
            .then(pl.lit("pass-mark"))
        )
        .with_columns(told=pl.col("below").is_not_null().any().over("s", "module"))
        .filter(pl.col("below").is_not_null() | ~pl.col("told"))
        .select(
            pl.lit(board.ground.students["student_id"]).gather("s").alias("student_id"),
            pl.col("module").cast(pl.String),
            "component",
            pl.col("next").cast(pl.Int64).alias("attempt"),
            pl.when("first").then(pl.lit("first-sit")).otherwise(pl.lit("reassessment")).alias("kind"),
            decimal(pl.col("value"), places=2).alias("mark"),
            "below",
            decimal(pl.when(~pl.col("first") & capped).then("pass_mark").cast(pl.Int64), places=places).alias(
                "cap"
            ),
            _clause(board).alias("clause"),
            pl.concat_str(
                pl.when(pl.col("m").is_null())
                .then(pl.lit(WHOLE_MODULE))
                .when(pl.col("below").is_null())
                .then(pl.lit(NO_COMPONENT)),
                "later",
                "retake",
                separator="; ",
                ignore_nulls=True,
            )
            .replace("", None)
            .alias("note"),
        )
        .select(tables.OUTPUT["reassessment"])
        .pipe(work_out)
    )


def _later(board: BoardResult) -> pl.DataFrame:
    """Say before which day students may not be assessed again, by a penalty for misconduct: ``s``, ``later``."""
    rules = board.pack.rules.misconduct
    holds = board.offences.holds.filter((pl.col("kind") == ASSESSMENT) & pl.col("until").is_not_null())
    if rules is None or holds.is_empty():
        return pl.DataFrame(schema={"s": pl.UInt32, "later": pl.String})
    told = hold_sentences(holds.sort("s", "until"), rules).group_by("s", maintain_order=True)
    day = pl.concat_str(pl.lit("not before "), pl.col("until").dt.to_string("%Y-%m-%d"))
    return told.agg(pl.concat_str(day, pl.lit(" ("), "source", pl.lit(")")).last().alias("later"))


def _retakes(board: BoardResult) -> pl.DataFrame:
    """Say of work that a penalty has set to zero what a retake of it is capped at: ``e``, ``k``, ``retake``."""
    rules, ground = board.pack.rules.misconduct, board.ground
    sources = {one.id: one.source for one in rules.penalties if one.retake_at_pass_mark} if rules else {}
    hits = board.offences.hits.filter(pl.col("penalty").is_in(list(sources)))
    if hits.is_empty():
        return pl.DataFrame(schema={"e": pl.UInt32, "k": pl.UInt32, "retake": pl.String})
    at_most = print_hundredths(
        pl.lit(ground.enrolments["pass_mark"]).gather("e"), places=board.pack.rules.rounding.module.shown
    )
    source = pl.col("penalty").replace_strict(sources, return_dtype=pl.String)
    said = pl.format("a retake of this work is capped at {} ({})", at_most, source)
    return hits.select("e", "k", retake=said).group_by("e", "k").agg(pl.col("retake").drop_nulls().first())


def _components(board: BoardResult, due: pl.DataFrame) -> pl.DataFrame:
    """The components of modules that are due, with the latest mark of each that was used, by enrolment."""
    ground = board.ground
    wanted = due.select("e", "attempt").drop_nulls("e")
    parts = ground.components.select("m", "k", "component", "floor", "own_floor")
    of_module = wanted.with_columns(m=ground.enrolments["m"].gather(wanted["e"])).join(
        parts, on="m", how="inner", maintain_order="left"
    )
    floor = pl.coalesce("own_floor", pl.lit(ground.enrolments["own_floor"]).gather("e"), "floor")
    return (
        of_module.with_columns(floor=floor)
        .join(_latest(board, wanted), on=["e", "k"], how="left", maintain_order="left")
        .sort("e", "k")
        .select("e", "k", "component", "floor", "value")
    )


def _latest(board: BoardResult, wanted: pl.DataFrame) -> pl.DataFrame:
    """The latest mark of every component that counted, up to the attempt that stands."""
    rows = board.penalised.rows.with_row_index("at").join(
        wanted.rename({"attempt": "standing"}), on="e", how="inner"
    )
    touched = board.penalised.details.select("at", FIRST_SIT.mark, REASSESSMENT.mark)
    marked = with_kind(rows.join(touched, on="at", how="left"), board.concluded.judged.attempts)
    of_kind = pl.when("first_sit").then(FIRST_SIT.mark).otherwise(REASSESSMENT.mark)
    return (
        marked.filter((pl.col("use") == "used") & (pl.col("attempt") <= pl.col("standing")))
        .with_columns(value=pl.coalesce(of_kind, "value"))
        .sort("e", "k", "attempt")
        .unique(["e", "k"], keep="last", maintain_order=True)
        .select("e", "k", "value")
    )


def _capped(board: BoardResult) -> pl.Expr:
    """Whether a reassessed module of a study can be given at most its pass mark."""
    studies = [
        study
        for study, rules in board.pack.rules.studies.each()
        if rules.reassessment_cap is not None and rules.reassessment_cap.value == "pass-mark"
    ]
    return pl.col("study").cast(pl.String).is_in(studies)


def _clause(board: BoardResult) -> pl.Expr:
    """Cite the first sit, or the number of attempts and who says in what form."""
    pack = board.pack.rules
    form = [pack.reassessment.form.source] if pack.reassessment else []
    gone = [pack.reassessment.no_longer_offered.source] if pack.reassessment else []
    by_study = {study: together(source_of(rules.attempts), *form) for study, rules in pack.studies.each()}
    without = {study: together(source_of(rules.attempts), *gone) for study, rules in pack.studies.each()}
    study = pl.col("study").cast(pl.String)
    again = study.replace_strict(by_study, default=None, return_dtype=pl.String)
    return (
        pl.when("first")
        .then(pl.lit(pack.practice.first_sit.source))
        .when(pl.col("component").is_null())
        .then(study.replace_strict(without, default=None, return_dtype=pl.String))
        .otherwise(again)
    )
