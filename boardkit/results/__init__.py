"""The output tables: what the stages found, in the columns and printed forms of a run's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import CREDIT_UNITS, MARK_PLACES, decimal, step
from boardkit.queries import work_out
from boardkit.rules.penalties import FIRST_SIT, KINDS, REASSESSMENT, Kind, step_cap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.board import BoardResult
    from boardkit.regulations.model import Regulations


def with_kind(rows: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """Add to each row whether its attempt was a first sit, and whether it was used.

    Those with one attempt are not listed among the attempts: theirs is a first sit.
    """
    alone = (pl.col("attempt") == 1).alias("first_sit")
    if attempts.is_empty():
        return rows.with_columns(alone, use=pl.lit("used"))
    listed = attempts.select("e", "attempt", "first_sit", "use")
    return rows.join(listed, on=["e", "attempt"], how="left", maintain_order="left").with_columns(
        pl.coalesce("first_sit", alone), pl.col("use").fill_null("used")
    )


def works_of(board: BoardResult, student: int) -> pl.DataFrame:
    """Give all that is known of one student's component marks, by the student's number."""
    rows = board.penalised.rows.with_row_index("at").filter(pl.col("s") == student)
    entered = board.cohort.typed["marks"]
    beside = [name for name in (tables.OUT_OF, tables.AS_TYPED) if name in entered.columns]
    marks = entered.select("_src", "_row", *beside)[rows["at"]]
    details = board.penalised.details
    known = [name for name in details.columns if name not in (*rows.columns, "_src", "_row", "weight", "m")]
    parts = board.ground.components.select("k", "m", "component", "weight", "module")
    merged = (
        pl.concat([rows, marks], how="horizontal")
        .join(details.select("at", *known), on="at", how="left", maintain_order="left")
        .join(parts, on="k", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(name, "value").alias(name) for name in ("scaled", FIRST_SIT.mark, REASSESSMENT.mark)
        )
    )
    return with_kind(merged, board.concluded.judged.attempts)


def lowered(kind: Kind, pack: Regulations, codes: Sequence[str] = ()) -> dict[str, pl.Expr]:
    """For each rule, whether it alone would have lowered the mark at an attempt of this kind.

    ``codes`` are the penalties for misconduct that lower marks of the board.
    """
    scaled = pl.col("scaled")
    rules = {"scaling": pl.col("moved") < pl.col("raw"), "rounding": scaled < pl.col("moved")}
    if (limit := pack.penalties.word_limit) is not None:
        rules[limit.id] = pl.col("over_words") & (pl.col("word_cap") < scaled)
    for at, late in enumerate(pack.penalties.late):
        if late.attempts == kind.name:
            rules[late.id] = (pl.col(kind.step) == at) & (step_cap(pack, kind) < scaled)
    rules |= {code: pl.col("offences").list.contains(code) for code in codes}
    return {rule: applies.fill_null(value=False) for rule, applies in rules.items()}


def component_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``components`` table."""
    pack, ground, rows = board.pack.rules, board.ground, board.penalised.rows
    details = with_kind(board.penalised.details, board.concluded.judged.attempts)
    first = pl.col("first_sit")
    by_kind = {kind.name: lowered(kind, pack, board.offences.codes()) for kind in KINDS}
    names = sorted({rule for rules in by_kind.values() for rule in rules})
    never = pl.lit(value=False)
    applied = {
        rule: pl.when(first)
        .then(by_kind[FIRST_SIT.name].get(rule, never))
        .otherwise(by_kind[REASSESSMENT.name].get(rule, never))
        for rule in names
    }
    said = pl.concat_str(
        [pl.when(applies).then(pl.lit(rule)) for rule, applies in applied.items()],
        separator=";",
        ignore_nulls=True,
    )
    told = details.select(
        "at",
        mark=pl.when(first).then(FIRST_SIT.mark).otherwise(REASSESSMENT.mark),
        rules=pl.when(pl.any_horizontal(applied.values())).then(said),
    )
    mark = rows["value"].scatter(told["at"], told["mark"])
    return (
        rows.lazy()
        .select(
            pl.lit(ground.students["student_id"]).gather("s").alias("student_id"),
            pl.lit(ground.components["module"]).gather("k").alias("module"),
            pl.lit(ground.components["component"]).gather("k").alias("component"),
            "attempt",
            decimal(pl.col("raw"), places=2).alias("raw_mark"),
            decimal(pl.lit(mark), places=2).alias("mark"),
            pl.lit(_lay_out(told["at"], told["rules"], rows.height)).alias("rules"),
        )
        .select(tables.OUTPUT["components"])
        .pipe(work_out)
    )


def _lay_out(at: pl.Series, values: pl.Series, height: int) -> pl.Series:
    """Put values at their places among as many rows; null elsewhere."""
    said = values.is_not_null()
    places = pl.repeat(None, height, dtype=pl.UInt32, eager=True)
    kept = values.filter(said)
    return kept.gather(places.scatter(at.filter(said), pl.int_range(len(kept), dtype=pl.UInt32, eager=True)))


def yes_no(value: pl.Expr) -> pl.Expr:
    """Write yes and no as the tables do; nothing where neither is known."""
    return pl.when(value).then(pl.lit("Y")).when(~value).then(pl.lit("N"))


def credit_column(values: pl.Series) -> pl.Expr:
    """Give credits as whole numbers, or with as many places as some need."""
    column = pl.col(values.name)
    if not (values % CREDIT_UNITS != 0).any():
        return column // CREDIT_UNITS
    return decimal(column, places=1 if not (values % step(1) != 0).any() else MARK_PLACES)


def module_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``modules`` table."""
    results, pack = board.concluded.results, board.pack.rules
    students = board.ground.students["student_id"]
    known = "students" in board.cohort.given
    condonable = pl.lit(board.progressed.standing["condonable"]) if known else pl.lit(None, dtype=pl.Boolean)
    return (
        results.lazy()
        .with_columns(condonable=condonable)
        .select(
            pl.lit(students).gather("s").alias("student_id"),
            pl.col("module").cast(pl.String),
            pl.col("level").alias("scqf_level"),
            credit_column(results["credits"]).alias("credits"),
            "attempt",
            decimal(pl.col("mark"), places=pack.rounding.module.shown).alias("mark"),
            pl.col("grade").cast(pl.String),
            pl.col("outcome").cast(pl.String),
            yes_no(pl.col("capped")).alias("capped"),
            yes_no(pl.col("condonable")).alias("condonable"),
            credit_column(results["credits_awarded"]).alias("credits_awarded"),
        )
        .select(tables.OUTPUT["modules"])
        .pipe(work_out)
    )


def award_table(board: BoardResult) -> pl.DataFrame:
    """Make the ``awards`` table."""
    students, pack = board.ground.students["student_id"], board.pack.rules
    return (
        board.award_reasons.lazy()
        .select(
            pl.lit(students).gather("s").alias("student_id"),
            "award",
            decimal(pl.col("average"), places=pack.rounding.average.shown).alias("average"),
            "classification",
            "basis",
            yes_no(pl.col("eligible")).alias("eligible"),
            "reason",
        )
        .select(tables.OUTPUT["awards"])
        .pipe(work_out)
    )
