"""Findings about modules: nothing to judge, results of earlier boards, students of the other study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.findings.label import labelled, say
from boardkit.problems import found, shown
from boardkit.rules.ground import CREDITED

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find_modules(board: BoardResult) -> list[pl.DataFrame]:
    """Find what concerns whole modules."""
    return [
        *_missing(board),
        *_unstated(board),
        *_other_study(board),
        *_confirmed(board),
        *_after_pass(board),
    ]


def _missing(board: BoardResult) -> list[pl.DataFrame]:
    """Components that a first sit has no row for, and modules with no mark that can be used."""
    ground, blank = board.ground, board.pack.rules.practice.blank.citation
    places = ground.enrolments.select("e", "s", "m", "prior_learning", "withdrawn", _src="src", _row="row")
    lacking = (
        board.concluded.judged.missing.join(places, on="e")
        .filter(~pl.col("prior_learning") & ~pl.col("withdrawn"))
        .join(ground.components.select("k", "component"), on="k")
        .sort("e", "k")
        .group_by("e", "attempt", maintain_order=True)
        .agg(pl.col("s", "m", "_src", "_row").first(), shown(pl.col("component")).str.join(", "))
    )
    text = pl.concat_str(
        "_label",
        pl.lit("no mark for "),
        "component",
        pl.lit(f" and no reason; the module is incomplete ({blank})."),
    )
    nothing = board.concluded.results.filter(pl.col("basis") == "nothing").select(
        "s", "m", _src="src", _row="row"
    )
    none = say(f"no mark that can be used and no reason; the module is incomplete ({blank}).")
    return [
        found("mark-missing", labelled(lacking, ground), column="module", message=text),
        found("mark-missing", labelled(nothing, ground), column="module", message=none),
    ]


def _unstated(board: BoardResult) -> list[pl.DataFrame]:
    """Confirmed results with no outcome."""
    prior = pl.col("prior_learning").fill_null(value=False)
    unstated = board.cohort.typed["results"].filter(pl.col("outcome").is_null() & ~pl.col("_bad") & ~prior)
    text = pl.concat_str(
        shown(pl.col("module")),
        pl.lit(", "),
        shown(pl.col("student_id")),
        pl.lit(": no outcome; it was taken from the mark and the pass mark."),
    )
    return [found("outcome-not-stated", unstated, column="outcome", message=text)]


def _other_study(board: BoardResult) -> list[pl.DataFrame]:
    """Students of one kind of programme on a module of the other."""
    ground = board.ground
    both = (
        ground.enrolments.select(
            "s",
            "m",
            "src",
            "row",
            pl.lit(ground.students["study"]).gather("s").alias("aimed"),
            pl.lit(ground.modules["study"].cast(pl.String)).gather("m").alias("study"),
        )
        .filter(pl.col("aimed") != pl.col("study"))
        .rename({"src": "_src", "row": "_row"})
    )
    text = pl.concat_str(
        "_label",
        pl.lit("the programme is "),
        "aimed",
        pl.lit(" and the module is "),
        "study",
        pl.lit(f"; caps go by the programme ({board.pack.rules.practice.other_study.citation})."),
    )
    return [found("other-study", labelled(both, ground), column="module", message=text)]


def _confirmed(board: BoardResult) -> list[pl.DataFrame]:
    """Marks at an attempt that an earlier board has confirmed."""
    earlier = board.cohort.typed["results"]
    if earlier.is_empty():
        return []
    ground = board.ground
    known = earlier.join(ground.students.select("student_id", "s"), on="student_id").join(
        ground.modules.select("module", "m"), on="module"
    )
    known = ground.enrol(known).group_by("e").agg(confirmed_at=pl.col("attempt").max())
    marks = board.cohort.typed["marks"].select("_src", "_row")
    rows = pl.concat([board.penalised.rows.select("e", "s", "attempt"), marks], how="horizontal").join(
        known, on="e"
    )
    confirmed = rows.filter(pl.col("attempt") <= pl.col("confirmed_at")).sort("e", "_src", "_row")
    first = confirmed.unique("e", keep="first", maintain_order=True)
    first = first.with_columns(m=ground.enrolments["m"].gather(first["e"]))
    text = f"an earlier board has confirmed this attempt; its result stands ({board.pack.rules.practice.confirmed.citation})."
    return [
        found(
            "already-confirmed",
            labelled(first, ground),
            column="attempt",
            value=pl.col("attempt"),
            message=say(text),
        )
    ]


def _after_pass(board: BoardResult) -> list[pl.DataFrame]:
    """Results of attempts after a pass that an earlier board has confirmed."""
    earlier = board.cohort.typed["results"]
    key = ["student_id", "module"]
    passed = (
        earlier.filter(pl.col("outcome").is_in(CREDITED)).group_by(key).agg(passed_at=pl.col("attempt").min())
    )
    after = earlier.join(passed, on=key, maintain_order="left").filter(
        pl.col("attempt") > pl.col("passed_at")
    )
    text = pl.concat_str(
        shown(pl.col("module")),
        pl.lit(", "),
        shown(pl.col("student_id")),
        pl.lit(": confirmed after a pass at attempt "),
        "passed_at",
        pl.lit(f"; the later result stands ({board.pack.rules.practice.pass_stands.citation})."),
    )
    return [
        found("confirmed-after-pass", after, column="attempt", value=pl.col("attempt"), message=text),
    ]
