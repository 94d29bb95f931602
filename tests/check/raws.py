"""Tables as found, made from text, and typed tables written back as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.check import check
from boardkit.exact import CREDIT_UNITS, MARK_UNITS, WEIGHT_UNITS, print_number
from boardkit.problems import Source
from boardkit.read.raw import Raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boardkit.cohort import Cohort

STATES = {"AB": "absent", "NS": "not-submitted"}
UNITS = {
    "mark": MARK_UNITS,
    "points": MARK_UNITS,
    "factor": WEIGHT_UNITS,
    "share": WEIGHT_UNITS,
    "weight": WEIGHT_UNITS,
    "credits": CREDIT_UNITS,
    "credit-total": CREDIT_UNITS,
}


def raw(table: str, columns: Sequence[str], *rows: Sequence[str | None], source: int = 0) -> Raw:
    """Make a table as found, its rows numbered from 2."""
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String), orient="row")
    return Raw(table, source, frame.with_row_index("_row", offset=2))


def cohort(*raws: Raw) -> Cohort:
    """Check tables, each its own source."""
    numbered = [Raw(one.table, at, one.rows) for at, one in enumerate(raws)]
    sources = [
        Source(one.table, f"{one.table}.csv", columns={name: at for at, name in enumerate(one.rows.columns)})
        for one in raws
    ]
    return check(numbered, sources, codes_for=lambda _: STATES, flavour="polars")


def errors(found: Cohort) -> list[tuple[str, str, str]]:
    """Give the errors as code, file and cell."""
    problems = found.polars.problems
    return problems.filter(pl.col("severity") == "error").select("code", "file", "cell").rows()


def as_text(typed: pl.DataFrame, table: str) -> pl.DataFrame:
    """Write a typed table as the text that a file holds."""
    return typed.select(_as_text(column) for column in tables.INPUT[table].columns)


def _as_text(column: tables.Column) -> pl.Expr:
    value = pl.col(column.name)
    if column.kind == "points":
        size = print_number(value.abs(), units=MARK_UNITS)
        return pl.when(value < 0).then("-" + size).otherwise(size).alias(column.name)
    if column.kind in UNITS:
        return print_number(value, units=UNITS[column.kind]).alias(column.name)
    if column.kind == "yes-no":
        return pl.when(value).then(pl.lit("Y")).when(~value).then(pl.lit("N")).alias(column.name)
    return value.cast(pl.String)


def columns_of(table: str, given: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Give the columns and one row of a table, all required cells filled."""
    filled = dict.fromkeys(tables.INPUT[table].required, "1") | dict(given)
    return list(filled), list(filled.values())
