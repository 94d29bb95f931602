"""Profiles: students by modules, with what became of each, the average and the class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, say_number
from boardkit.report.content.listing import Column, name_column, named, number
from boardkit.report.names import AWARDS_SHORT, CLASSES

if TYPE_CHECKING:
    from boardkit.board import BoardResult

SIGNS = {
    "pass": "",
    "fail": "F",
    "qualifying-fail": "Q",
    "condoned": "C",
    "deferred": "def",
    "incomplete": "inc",
    "withdrawn": "wd",
}
"""The sign of each outcome; it stands behind the mark, or in its place where there is none."""

CAPPED, APART, NO_MARK, DECIDED = "*", "x", "cr", "D"
LEGEND = (
    f"F fail, Q qualifying fail, C condoned fail, {CAPPED} capped at the pass mark, def deferred, inc incomplete, wd withdrawn.",
    f"{APART} counts in no average, {DECIDED} a mark that the board decided, {NO_MARK} credit without a mark. B up and B stays: borderline cases; up: just below a boundary.",
    "A class is no award: see Credits and Note.",
)


@dataclass(frozen=True)
class Profiles:
    """Students by modules.

    Args:
        modules: the modules by level and code, each with its level and credits to be read beneath it.
        rows: a row a student, in the order of their numbers, with the columns of ``before`` and ``after``.
        marks: a column a module, as many rows as students: the mark, null where there is none.
        outcomes: the same: the outcome, null where the student is not on the module.
        signs: the same: what stands behind the mark or in its place.
        before: the columns to the left of the modules.
        after: the columns to the right of them.
        notes: what the signs mean.
        empty: what to say where there are no students.
    """

    modules: tuple[tuple[str, str], ...]
    rows: pl.DataFrame
    marks: pl.DataFrame
    outcomes: pl.DataFrame
    signs: pl.DataFrame
    before: tuple[Column, ...]
    after: tuple[Column, ...]
    notes: tuple[str, ...] = LEGEND
    empty: str = "There are no students."


def profiles(board: BoardResult) -> Profiles:
    """Lay out every student's module results, average and class.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> laid = profiles(board)
        >>> laid.modules[0], laid.marks["PS3001"][0], laid.rows["class"][0]
        (('PS3001', 'L9 20'), 60.0, 'First')
    """
    results = board.concluded.results.with_columns(pl.col("module").cast(pl.String))
    offered = (
        results.group_by("module")
        .agg(pl.col("level").drop_nulls().first(), pl.col("credits").drop_nulls().first())
        .sort("level", "module", nulls_last=True)
    )
    codes = offered["module"].to_list()
    rows = _students(board)
    height = board.ground.students.height
    cells = _cells(results).join(offered.select("module").with_row_index("at"), on="module")
    place = cells["s"].cast(pl.Int64) * len(codes) + cells["at"].cast(pl.Int64)
    wide = {name: _wide(cells[name], place, codes, height) for name in ("mark", "outcome", "sign")}
    several = rows["aim"].n_unique() > 1
    return Profiles(
        modules=tuple((module, _beneath(level, credit)) for module, level, credit in offered.iter_rows()),
        rows=rows,
        marks=wide["mark"],
        outcomes=wide["outcome"],
        signs=wide["sign"],
        before=(
            Column("student_id", "Student", 9),
            *name_column(rows, 15),
            *((Column("aim", "Award", 5.4),) if several else ()),
        ),
        after=(
            Column("credits", "Credits", 6, "credits"),
            Column("average", "Average", 6.6, "mark"),
            Column("class", "Class", 10.9),
            Column("near", "Near", 6.7),
            Column("note", "Note", 11),
        ),
    )


def _beneath(level: int | None, credit: int | None) -> str:
    """Write a module's level and credits as they stand beneath its code."""
    parts = [f"L{level}"] if level is not None else []
    return " ".join([*parts, say_number(credit, units=CREDIT_UNITS)] if credit is not None else parts)


def _students(board: BoardResult) -> pl.DataFrame:
    """Give every student with award, credit, average, class and what to look at."""
    students = board.ground.students.select("s", "student_id", "award")
    made = board.classified.select(
        "s",
        "average",
        "classification",
        "decided",
        "basis",
        "borderline",
        "eligible",
        "waits",
        "beside",
        "credits_held",
    )
    debts = board.cohort.typed["students"].select("student_id", debt="tuition_debt")
    borderline = pl.col("borderline").fill_null(value=False)
    notes = (
        pl.when(pl.col("waits") & pl.col("classification").is_null()).then(pl.lit("waits")),
        pl.when(pl.col("decided").is_not_null()).then(pl.lit("class decided")),
        pl.when(pl.col("classification").is_not_null() & ~pl.col("eligible")).then(pl.lit("credit short")),
        pl.col("beside"),
        pl.when(pl.col("debt")).then(pl.lit("debt")),
    )
    near = (
        pl.when(pl.col("basis") == "uplift")
        .then(pl.lit("up"))
        .when(borderline & (pl.col("basis") == "borderline"))
        .then(pl.lit("B up"))
        .when(borderline)
        .then(pl.lit("B stays"))
    )
    joined = (
        students.join(made, on="s", how="left", maintain_order="left")
        .join(debts, on="student_id", how="left", maintain_order="left")
        .sort("s")
    )
    return named(board, joined).select(
        "student_id",
        "name",
        pl.col("award").replace_strict(AWARDS_SHORT, default=None, return_dtype=pl.String).alias("aim"),
        number("credits_held").alias("credits"),
        number("average").alias("average"),
        pl.col("classification").replace_strict(CLASSES, default=None, return_dtype=pl.String).alias("class"),
        near.alias("near"),
        pl.concat_str(notes, separator=", ", ignore_nulls=True).replace("", None).alias("note"),
    )


def _cells(results: pl.DataFrame) -> pl.DataFrame:
    """Give every result its mark and its sign."""
    outcome = pl.col("outcome").cast(pl.String)
    plain = pl.col("mark").is_null() & (outcome == "pass")
    sign = pl.concat_str(
        pl.when(plain).then(pl.lit(NO_MARK)).otherwise(outcome.replace_strict(SIGNS, return_dtype=pl.String)),
        pl.when(pl.col("capped").fill_null(value=False)).then(pl.lit(CAPPED)).otherwise(pl.lit("")),
        pl.when(~pl.col("counts") & pl.col("mark").is_not_null()).then(pl.lit(APART)).otherwise(pl.lit("")),
        pl.when(pl.col("basis") == "decided").then(pl.lit(DECIDED)).otherwise(pl.lit("")),
    )
    return results.select("s", "module", number("mark"), outcome, sign.alias("sign"))


def _wide(values: pl.Series, place: pl.Series, codes: list[str], height: int) -> pl.DataFrame:
    """Lay values out in a column a module, null where there is none."""
    empty = pl.repeat(None, height * len(codes), dtype=values.dtype, eager=True)
    laid = empty.scatter(place, values) if len(values) else empty
    return (
        laid.alias("laid")
        .to_frame()
        .select(pl.col("laid").gather_every(len(codes), at).alias(code) for at, code in enumerate(codes))
    )
