"""Findings about misconduct: what is to be decided, not stated, refused or doubtful, and what earlier boards confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.findings.overruled import find_overruled
from boardkit.problems import found, shown
from boardkit.rules.holds import CLASS, decided_lower, hold_sentences
from boardkit.rules.tariff import PENDING, PLACE, REFUSED, ROW, not_stated

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.misconduct import Misconduct


def find_misconduct(board: BoardResult) -> list[pl.DataFrame]:
    """Find what a board has to see of established offences."""
    offences, rules = board.cohort.typed["misconduct"], board.pack.rules.misconduct
    if offences.is_empty():
        return []
    if rules is None:
        text = f": an offence is recorded, and {board.pack.rules.pack.id} says nothing of misconduct."
        told = pl.concat_str(shown(pl.col("student_id")), pl.lit(text))
        return [found("misconduct-not-applied", offences, column="offence", message=told)]
    return [
        *of_offences(board.offences.rows, rules),
        *_confirmed(board),
        *_classes(board, rules),
        *find_overruled(board, rules),
    ]


def of_offences(rows: pl.DataFrame, rules: Misconduct) -> list[pl.DataFrame]:
    """Find what is to be decided, not stated, refused or doubtful, of offences held against a tariff.

    Args:
        rows: the offences, in the columns of ``judge_offences``.
        rules: the pack's section of misconduct.

    Returns:
        The problems, not yet located.
    """
    who = pl.concat_str(
        shown(pl.col("student_id").fill_null("a student whose number cannot be read")),
        pl.lit(", "),
        pl.col("offence").cast(pl.String).fill_null("an offence that cannot be read"),
        pl.lit(": "),
    )
    pending = (pl.col("state") == PENDING) & pl.col("missing").is_null()
    by = {name: listed.decided_by.value for name, listed in rules.lists.items()}
    decider = pl.col("list").replace_strict(by, default=None, return_dtype=pl.String)
    offered = pl.concat_str(
        [
            pl.concat_str(pl.lit("default "), "default_penalty"),
            pl.concat_str(pl.lit("moderated "), "moderated_penalty"),
            "says",
            pl.concat_str(pl.lit("for "), decider),
        ],
        separator=", ",
        ignore_nulls=True,
    )
    waits = pl.concat_str(
        who,
        pl.lit("no penalty is decided, and none is applied: "),
        pl.when(offered != "").then(offered).otherwise(pl.lit("these regulations have no case for it")),
        pl.concat_str(pl.lit(" ("), "source", pl.lit(")")).fill_null(""),
        pl.lit("."),
    )
    lacks = pl.concat_str(who, not_stated())
    refused = pl.concat_str(
        who, pl.lit('the penalty "'), shown(pl.col("penalty")), pl.lit('" is not applied. '), "refusal"
    )
    again = ~pl.struct(ROW).is_first_distinct()
    return [
        found(
            "misconduct-twice",
            rows.filter(again) if rows.height > 1 else rows.clear(),
            column="student_id",
            message=pl.concat_str(who, pl.lit("the row stands twice, and each is taken for an offence.")),
        ),
        found("misconduct-pending", rows.filter(pending), column="penalty", message=waits),
        found(
            "misconduct-not-stated",
            rows.filter(pl.col("missing").is_not_null()),
            column="offence",
            message=lacks,
        ),
        found(
            "misconduct-refused",
            rows.filter(pl.col("state") == REFUSED),
            column="penalty",
            value=pl.col("penalty"),
            message=refused,
        ),
        found(
            "misconduct-doubtful",
            rows.filter(pl.col("doubt").is_not_null()),
            column="penalty",
            value=pl.col("penalty"),
            message=pl.concat_str(who, "doubt"),
        ),
    ]


def _confirmed(board: BoardResult) -> list[pl.DataFrame]:
    """Results that an earlier board has confirmed, which stand: a penalty is about them, or lowers marks beneath them."""
    hits = board.offences.hits.select("e", "attempt", *PLACE)
    hits = pl.concat([hits, board.offences.ceilings.select("e", "attempt", *PLACE)])
    settled = board.concluded.results.filter(pl.col("basis") == "confirmed").select(
        "e", pl.col("module").cast(pl.String).alias("of"), upto="attempt"
    )
    beneath = hits.join(settled, on="e", maintain_order="left").filter(
        (pl.col("attempt") <= pl.col("upto")).fill_null(value=False)
    )
    decided = board.concluded.overturned.select("s", pl.col("module").cast(pl.String))
    carried = (
        board.offences.carried()
        .join(decided, on=["s", "module"], how="anti", maintain_order="left")
        .select(*PLACE, of="module")
    )
    told = (
        pl.concat([beneath.select(*PLACE, "of"), carried])
        .unique(["of", *PLACE], maintain_order=True)
        .join(
            board.offences.rows.select("student_id", "penalty", *PLACE),
            on=list(PLACE),
            maintain_order="left",
        )
    )
    text = pl.concat_str(
        shown(pl.col("student_id")),
        pl.lit(": an earlier board has confirmed "),
        shown(pl.col("of")),
        pl.lit(", and "),
        "penalty",
        pl.lit(" does not change it."),
    )
    return [found("misconduct-confirmed", told, column="penalty", value=pl.col("penalty"), message=text)]


def _classes(board: BoardResult, rules: Misconduct) -> list[pl.DataFrame]:
    """Lower classes that are to be given: not decided yet, or decided and no lower than the one worked out."""
    holds = hold_sentences(board.offences.holds.filter(pl.col("kind") == CLASS), rules)
    if holds.is_empty():
        return []
    students = board.ground.students.select("s", "student_id")
    made = holds.join(board.classified, on="s", maintain_order="left").join(
        students, on="s", maintain_order="left"
    )
    lower = decided_lower(board.pack.rules)
    no_lower = (~lower).fill_null(value=False)
    who = shown(pl.col("student_id"))
    told = pl.concat_str(
        who, pl.lit(": the class decided is no lower than the one worked out ("), "source", pl.lit(").")
    )
    return [
        found(
            "misconduct-class",
            made.filter(lower.is_null()),
            column="penalty",
            value=pl.col("penalty"),
            message=pl.concat_str(who, pl.lit(": "), "said"),
        ),
        found(
            "misconduct-class", made.filter(no_lower), column="penalty", value=pl.col("penalty"), message=told
        ),
    ]
