"""Findings about modules: nothing to judge, students of the other study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.findings.label import labelled, say
from boardkit.problems import found, shown

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find_modules(board: BoardResult) -> list[pl.DataFrame]:
    """Find what concerns whole modules."""
    return [*_missing(board), *_other_study(board)]


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
