"""Findings about results of earlier boards: not stated, against their own marks, after a pass, beside marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import print_hundredths
from boardkit.findings.label import labelled, of_module, say
from boardkit.problems import found
from boardkit.rules.ground import CREDITED

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find_results(board: BoardResult) -> list[pl.DataFrame]:
    """Find what concerns results of earlier boards."""
    return [*_unstated(board), *_against(board), *_confirmed(board), *_after_pass(board)]


def against() -> pl.Expr:
    """Say how a result's mark stands against its outcome."""
    mark, needed = (print_hundredths(pl.col(name), places=1) for name in ("stated", "pass_mark"))
    said = pl.col("said").cast(pl.String)
    how = (
        pl.when(pl.col("stated") < pl.col("pass_mark"))
        .then(pl.lit(", which is under the pass mark of "))
        .otherwise(pl.lit(", which reaches the pass mark of "))
    )
    judged = pl.concat_str(
        said, pl.lit(" beside the mark "), mark, how, needed, pl.lit("; the outcome stands.")
    )
    idle = pl.concat_str(said, pl.lit(" beside the mark "), mark, pl.lit("; the mark was not used."))
    return pl.when(pl.col("against") == "idle").then(idle).otherwise(judged)


def _against(board: BoardResult) -> list[pl.DataFrame]:
    """Results whose mark and outcome do not go together."""
    ids = board.ground.students["student_id"]
    rows = board.concluded.against.rename({"src": "_src", "row": "_row"}).with_columns(
        pl.col("module").cast(pl.String), student_id=pl.lit(ids).gather("s")
    )
    codes = {
        "doubtful": "result-doubtful",
        "idle": "result-mark-not-used",
    }
    text = of_module(against())
    return [
        found(
            code,
            rows.filter(pl.col("against") == kind),
            column="mark" if kind == "idle" else "outcome",
            value=print_hundredths(pl.col("stated"), places=1) if kind == "idle" else pl.col("said"),
            message=text,
        )
        for kind, code in codes.items()
    ]


def _unstated(board: BoardResult) -> list[pl.DataFrame]:
    """Confirmed results with no outcome."""
    prior = pl.col("prior_learning").fill_null(value=False)
    unstated = board.cohort.typed["results"].filter(pl.col("outcome").is_null() & ~pl.col("_bad") & ~prior)
    text = of_module("no outcome; it was taken from the mark and the pass mark.")
    return [found("outcome-not-stated", unstated, column="outcome", message=text)]


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
    text = of_module(
        "confirmed after a pass at attempt ",
        pl.col("passed_at"),
        f"; the later result stands ({board.pack.rules.practice.pass_stands.citation}).",
    )
    return [
        found("confirmed-after-pass", after, column="attempt", value=pl.col("attempt"), message=text),
    ]
