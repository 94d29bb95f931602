"""Told: what is recommended where a decision is made, and what the decision changes, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import print_hundredths
from boardkit.report.changes import between
from boardkit.report.names import CLASSES, said
from boardkit.rules.condonement import HINDRANCES
from boardkit.rules.decided import CLASSIFICATION, PROGRESSION

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.deciding.make import Made


def recommended(board: BoardResult, made: Made) -> str:
    """Say what stands beneath a decision: the class worked out, what is recommended, or the module's result."""
    asked = made.rows[0]
    mine = pl.col("s") == board.ground.students.filter(pl.col("student_id") == asked["student_id"])["s"][0]
    if asked["decision"] == CLASSIFICATION:
        told = board.award_reasons.filter(mine).row(0, named=True)
        return f"{said(CLASSES, told['computed']) or 'No class'}. {told['worked_out']}"
    if asked["decision"] == PROGRESSION:
        told = board.progress_reasons.filter(mine).row(0, named=True)
        return f"{told['recommended'] or 'Nothing'}. {told['reason']}"
    module = mine & (pl.col("module").cast(pl.String) == asked["module"])
    mark = print_hundredths(pl.col("mark"), places=board.pack.rules.rounding.module.shown)
    grade, outcome = pl.col("grade").cast(pl.String), pl.col("outcome").cast(pl.String)
    text = pl.concat_str([mark, grade, outcome], separator=" ", ignore_nulls=True)
    result = board.concluded.results.filter(module).select(text).item()
    open_ = _condonement(board, module) if asked["decision"] == "condone" else ""
    return f"{asked['module']} {result}{open_}"


def _condonement(board: BoardResult, module: pl.Expr) -> str:
    """Say whether the regulations leave condonement open, and what stands against it."""
    rules = board.pack.rules.condonement
    stands = board.progressed.standing.filter(module).row(0, named=True)
    if rules is None or not stands["failed"]:
        return ""
    if stands["condonable"]:
        return f". Condonement is open ({rules.mark.source})"
    return f". Condonement is not open: {HINDRANCES[stands['hindrance']]} ({rules.mark.source})"


def replaced(board: BoardResult, made: Made) -> str | None:
    """Name the decision that stands now and will be replaced; none where there is none."""
    new = made.rows[0]
    same = board.decisions.filter(
        pl.col("stands")
        & (pl.col("student_id") == new["student_id"])
        & (pl.col("decision").cast(pl.String) == new["decision"])
        & pl.col("module").eq_missing(pl.lit(new["module"], dtype=pl.String))
    )
    if same.is_empty():
        return None
    row = same.row(0, named=True)
    minute = f" (minute {row['minute']})" if row["minute"] else ""
    return (
        f"{' '.join(filter(None, (row['decision'], row['module'], row['value'])))}{minute}: {row['reason']}"
    )


def changes(made: Made) -> list[str]:
    """Say what decisions change, one value a line: whose, what, before and after."""
    students = {row["student_id"] or "" for row in made.rows}
    rows = between(made.before, made.after, students)
    return [
        f"{' '.join(filter(None, (row['module'], row['what'])))}: {row['before'] or 'none'} -> {row['after'] or 'none'}"
        for row in rows.rows(named=True)
    ]
