"""Overturned: module marks that the programme board has decided over a module board's result (17.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import round_ratio
from boardkit.queries import work_out
from boardkit.rules.confirmed import with_pass_mark
from boardkit.rules.counting import counts
from boardkit.rules.decided import MODULE_MARK, named, standing
from boardkit.rules.ground import BASIS, OUTCOME

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground

_LEFT_ALONE = ("withdrawn",)
"""Outcomes of modules that have no mark to decide."""


def overturn(results: pl.DataFrame, ground: Ground, pack: Regulations) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put decided marks in the place of what modules came to, and judge them by the module's pass mark.

    A decided mark is recorded like any other: rounded as module marks are, passed at the pass mark. It is not
    capped, and its components are not looked at. A fail that a recorded decision condones is condoned.

    Args:
        results: what every module of every student came to.
        ground: the decisions, and the modules' pass marks.
        pack: the regulations.

    Returns:
        The results, and those that were overturned as they were before; both in the order they had.
    """
    decided = standing(ground.decisions, MODULE_MARK)
    if decided.is_empty():
        return results, results.clear()
    names = results["module"].dtype
    marks = decided.select("s", pl.col("module").cast(names), _decided="mark")
    placed = results.with_row_index("_at").join(marks, on=["s", "module"], maintain_order="left")
    judged = with_pass_mark(
        placed.lazy().with_columns(pl.col("module").cast(pl.String)), ground, pack
    ).with_columns(
        _condoned=_is_named(placed, ground, "condone"),
        _counted=_is_named(placed, ground, "count-prior-learning"),
    )
    rounding = pack.rounding.module
    mark = round_ratio(pl.col("_decided"), pl.lit(1), places=rounding.places, mode=rounding.mode)
    fail = (
        pl.when("_condoned").then(pl.lit("condoned", dtype=OUTCOME)).otherwise(pl.lit("fail", dtype=OUTCOME))
    )
    passed = pl.col("mark") >= pl.col("pass_mark")
    new = (
        judged.filter(
            ~pl.col("outcome").is_in(_LEFT_ALONE) & ~pl.col("bad") & pl.col("pass_mark").is_not_null()
        )
        .with_columns(mark=mark)
        .with_columns(
            outcome=pl.when(passed).then(pl.lit("pass", dtype=OUTCOME)).otherwise(fail),
            basis=pl.lit("decided", dtype=BASIS),
            capped=pl.lit(value=False),
            weighted=pl.lit(None, dtype=pl.Int64),
            weights=pl.lit(None, dtype=pl.Int64),
            counts=counts(pack, withdrawn=pl.lit(value=False), counted=pl.col("_counted")),
        )
        .pipe(work_out)
    )
    at = new["_at"]
    before = results[at]
    new = new.select(results.columns).cast(results.schema)
    columns = [column.clone().scatter(at, new[column.name]) for column in results.iter_columns()]
    return pl.DataFrame(columns), before


def _is_named(rows: pl.DataFrame, ground: Ground, kind: str) -> pl.Series:
    """Tell about which results a decision that is taken or not is taken."""
    taken = named(ground.decisions, kind).with_columns(pl.col("module").cast(rows["module"].dtype))
    return (
        rows.select("s", "module")
        .join(
            taken.with_columns(_taken=pl.lit(value=True)).unique(),
            on=["s", "module"],
            how="left",
            maintain_order="left",
        )["_taken"]
        .fill_null(value=False)
    )
