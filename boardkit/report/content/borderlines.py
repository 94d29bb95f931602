"""Borderline cases with their evidence: how far below which boundary, and what was tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, hundredths, print_hundredths, print_number
from boardkit.report.content.listing import Column, Listing, name_column, named, number
from boardkit.report.names import AWARDS, CLASSES

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.awards import AwardRules

_NEAR = (pl.col("basis") == "uplift") | pl.col("borderline").fill_null(value=False)


def borderlines(board: BoardResult) -> Listing:
    """List the borderline cases, and those just below a boundary, nearest first within a boundary.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> borderlines(board).rows.select("average", "boundary", "gap", "result").row(0)
        (69.9, 70.0, 0.1, 'goes up')
    """
    near = board.classified.filter(_NEAR)
    rules = {name: rule for name, rule in board.pack.rules.awards.each() if rule.borderline is not None}
    aims = set(near["award"])
    parts = [
        _with_evidence(board, near.filter(pl.col("award") == name), rule)
        for name, rule in rules.items()
        if name in aims
    ]
    rows = pl.concat(parts) if parts else _with_nothing(near)
    rows = rows.sort("boundary", "average", "student_id", descending=[True, True, False])
    rows = named(board, rows.join(_clauses(board), on="student_id", how="left", maintain_order="left"))
    return Listing(
        name="Borderlines",
        columns=(
            Column("student_id", "Student", 11),
            *name_column(rows, 18),
            Column("aim", "Award", 13),
            Column("average", "Average", 8, "mark"),
            Column("gap", "Below by", 6.7, "mark"),
            Column("boundary", "Boundary", 8.5, "mark"),
            Column("aimed", "Of class", 10),
            Column("held", "Credits at or above", 8, "credits"),
            Column("needed", "Credits needed", 7.5, "credits"),
            Column("modules", "Modules at or above the boundary (credits)", 22),
            Column("result", "Result", 7.5),
            Column("class", "Class", 10),
            Column("clause", "Clause", 11),
        ),
        rows=rows,
        notes=(
            "Just below a boundary goes up by itself; a borderline case goes up with enough credits at or above it.",
        ),
        empty="There are no borderline cases.",
    )


def _with_evidence(board: BoardResult, near: pl.DataFrame, rules: AwardRules) -> pl.DataFrame:
    """Add the boundary, the credits and the modules to one award's cases."""
    at = [hundredths(rule.at) for rule in rules.classes]
    names = [CLASSES[rule.name] for rule in rules.classes]
    criteria = rules.borderline.criteria if rules.borderline else []
    levels = pl.DataFrame(
        [(place, level) for place, rule in enumerate(criteria) for level in rule.levels],
        schema={"criterion": pl.Int8, "level": pl.Int8},
        orient="row",
    )
    cases = near.with_columns(
        boundary_at=pl.lit(pl.Series(at, dtype=pl.Int64)).gather("target"),
        aimed=pl.lit(pl.Series(names, dtype=pl.String)).gather("target"),
    )
    tested = pl.col("basis") != "uplift"
    reached = (
        cases.filter(tested)
        .select("s", "criterion", "boundary_at")
        .join(levels, on="criterion")
        .join(board.concluded.results.filter("counts"), on=["s", "level"])
        .filter(pl.col("mark") >= pl.col("boundary_at"))
        .sort("s", "module")
        .group_by("s", maintain_order=True)
        .agg(
            pl.concat_str(
                pl.col("module").cast(pl.String),
                pl.lit(" "),
                print_hundredths(pl.col("mark"), places=1),
                pl.lit(" ("),
                print_number(pl.col("credits"), units=CREDIT_UNITS),
                pl.lit(")"),
            )
            .str.join(", ")
            .alias("modules")
        )
    )
    students = board.ground.students["student_id"]
    return cases.join(reached, on="s", how="left", maintain_order="left").select(
        pl.lit(students).gather("s").alias("student_id"),
        pl.col("award").replace_strict(AWARDS, return_dtype=pl.String).alias("aim"),
        number("average").alias("average"),
        number("below").alias("gap"),
        number("boundary_at").alias("boundary"),
        "aimed",
        pl.when(tested).then(number("at_or_above")).alias("held"),
        pl.when(tested).then(number("needed")).alias("needed"),
        pl.when(tested).then(pl.col("modules").fill_null("none")).alias("modules"),
        pl.when(pl.col("basis") == "average")
        .then(pl.lit("stays"))
        .otherwise(pl.lit("goes up"))
        .alias("result"),
        pl.col("classification").replace_strict(CLASSES, return_dtype=pl.String).alias("class"),
    )


def _with_nothing(near: pl.DataFrame) -> pl.DataFrame:
    """Give no cases, where no award has borderline rules."""
    texts = ("student_id", "aim", "aimed", "modules", "result", "class")
    numbers = ("average", "gap", "boundary", "held", "needed")
    schema = dict.fromkeys(texts, pl.String) | dict.fromkeys(numbers, pl.Float64)
    return pl.DataFrame(schema=schema).head(near.height)


def _clauses(board: BoardResult) -> pl.DataFrame:
    """Give what each student's class rests on, from the trace."""
    return board.table("trace").filter(pl.col("rule") == "classification").select("student_id", "clause")
