"""A row that says out of how many points marks are: ``Out of``, and a number under each header."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from boardkit.read.marksheet.totals import LABELS, OUT_OF, called_totals, folded
from boardkit.tables import match

if TYPE_CHECKING:
    from boardkit.read.marksheet.headers import Headers

_HIGHEST = frozenset(match(label) for label in OUT_OF if label.startswith("max"))
"""Under the students these are the highest of their marks."""


def with_points(heads: Headers, body: pl.DataFrame, student: int) -> Headers:
    """Give a sheet's headers the points that a row under them says.

    The row is above all students, or its label can mean nothing else. Sums and other formulas are no points.

    Args:
        heads: the headers.
        body: every cell under the header.
        student: the column of the identifiers.
    """
    called, _ = called_totals(body, student, map(match, OUT_OF))
    label = folded("text").is_in(list(LABELS)).fill_null(value=False)
    first = body.filter((pl.col("col") == student) & ~label)["row"].min()
    plain = ~folded("text").is_in(list(_HIGHEST))
    above = called.filter(plain | (pl.col("row") < first)) if isinstance(first, int) else called
    numbers = body.filter(
        pl.col("row").is_in(above["row"].implode())
        & (pl.col("col") != student)
        & pl.col("text").str.contains(r"^[0-9]+(\.[0-9]{1,2})?$")
        & pl.col("text").str.contains("[1-9]")
        & ~pl.col("formula")
        & ~pl.col("format").str.contains("%", literal=True).fill_null(value=False)
    )
    row = numbers["row"].min()
    if not isinstance(row, int):
        return heads
    held = numbers.filter(pl.col("row") == row).select("col", "text")
    return replace(heads, points={col: Decimal(text) for col, text in held.iter_rows()}, points_row=row)


def look_points(heads: Headers) -> tuple[str, ...]:
    """Say what a person should look at, where a row says points."""
    if heads.points_row is None:
        return ()
    said = f"Row {heads.points_row} says out of how many points marks are, and out_of is taken from it."
    return (f"{said} If its numbers are marks that students have, take each out_of away.",)
