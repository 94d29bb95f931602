"""Findings about modules assessed by grades alone, and grades in the others (7.6, 7.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import print_hundredths
from boardkit.findings.label import labelled, say
from boardkit.problems import found, shown
from boardkit.regulations.part import citation_of

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find_grades(board: BoardResult) -> list[pl.DataFrame]:
    """Find every module in which grades were converted, and grades where marks are asked for."""
    return [*_used(board), *_beside_marks(board)]


def _used(board: BoardResult) -> list[pl.DataFrame]:
    """Modules whose grades were converted, one note each."""
    rows, modules = board.penalised.details, board.ground.modules
    graded = modules.filter(pl.col("grade_only").fill_null(value=False))
    if graded.is_empty():
        return []
    converted = rows.filter(pl.col("why") == "grade").group_by("m").agg(works=pl.len())
    used = graded.join(converted, on="m", maintain_order="left")
    citations = {study: citation_of(rules.conversion) for study, rules in board.pack.rules.studies.each()}
    source = pl.col("study").cast(pl.String).replace_strict(citations, default="", return_dtype=pl.String)
    text = pl.concat_str(
        shown(pl.col("module")),
        pl.lit(": assessed by grades alone; "),
        pl.when(pl.col("works") == 1)
        .then(pl.lit("1 grade was"))
        .otherwise(pl.concat_str(pl.col("works").cast(pl.String), pl.lit(" grades were"))),
        pl.lit(" converted to marks ("),
        source,
        pl.lit(")."),
    )
    return [found("grade-only-used", used, column="grade_only", message=text)]


def _beside_marks(board: BoardResult) -> list[pl.DataFrame]:
    """Grades in modules that are assessed by marks; nothing is made of them."""
    marks, ground = board.cohort.typed["marks"], board.ground
    if marks["grade"].null_count() == marks.height:
        return []
    rows = pl.concat([board.cohort.numbers.marks, marks], how="horizontal").filter(
        pl.col("grade").is_not_null()
    )
    of = pl.lit(ground.components["m"]).gather("k")
    graded = ground.modules["grade_only"].fill_null(value=False)
    wrong = rows.with_columns(m=of).filter(~pl.lit(graded).gather("m"))
    sentence = "a grade stands in a module assessed by marks; it was not used."
    return [
        found(
            "grade-beside-mark",
            labelled(wrong, ground),
            column="grade",
            value=pl.col("grade"),
            message=say(sentence),
        )
    ]


def for_grades(board: BoardResult, wrong: pl.DataFrame, source: str) -> pl.DataFrame:
    """Tell of marks that stand where a grade is asked for and none is given.

    Args:
        board: the result of an assessment.
        wrong: the rows, with ``s``, ``m`` and ``k``.
        source: the clause.

    Returns:
        A problem for each.
    """
    return found(
        "mark-for-grade",
        labelled(wrong, board.ground),
        column="mark",
        value=print_hundredths(pl.coalesce("agreed_mark", "mark"), places=2),
        message=say(
            "the module has grades only and a mark stands in place of the grade; "
            f"the module is incomplete ({source})."
        ),
    )
