"""Rows of totals on a marksheet: what people write at their front, and why no student's row is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Iterable

    from boardkit.read.marksheet.plan import Marksheet

OUT_OF = (
    "out of",
    "marks out of",
    "full marks",
    "marks available",
    "available marks",
    "points available",
    "available points",
    "max",
    "maximum",
    "max mark",
    "max marks",
    "max points",
    "max score",
    "maximum mark",
    "maximum marks",
    "maximum points",
    "maximum score",
)
"""What people write in front of the points that marks are out of."""

TOTALS = (
    *OUT_OF,
    "total",
    "totals",
    "sum",
    "mean",
    "average",
    "avg",
    "median",
    "mode",
    "min",
    "minimum",
    "highest",
    "lowest",
    "count",
    "number",
    "n",
    "sd",
    "stdev",
    "st dev",
    "std dev",
    "standard deviation",
    "pass rate",
    "module average",
    "module mean",
    "mean mark",
    "average mark",
)
"""What people write at the front of rows that are no student's."""

LABELS = frozenset(map(match, TOTALS))


def folded(name: str) -> pl.Expr:
    """Fold text as `tables.match` does, without a colon at its end."""
    return (
        pl.col(name)
        .str.to_lowercase()
        .str.replace_all(r"[\s\-_\x{a0}\x{200b}\x{feff}]", "")
        .str.strip_chars_end(":")
    )


def called_totals(
    body: pl.DataFrame, student: int, labels: Iterable[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tell rows of totals from students' rows by the text at their front.

    A row that holds an identifier is a student's, whatever stands in another column: people are called Max.

    Args:
        body: every cell under the header.
        student: the column of the identifiers, whose text counts as the front too.
        labels: folded texts that make a row one of totals.

    Returns:
        ``row`` and ``text`` of each row of totals, and of each row so called that holds an identifier.
    """
    named = list(labels)
    in_front = (pl.col("col") == pl.col("col").min().over("row")) | (pl.col("col") == student)
    called = body.filter(in_front & folded("text").is_in(named).fill_null(value=False)).unique(
        "row", maintain_order=True
    )
    no_label = ~folded("text").is_in([*named, *LABELS]).fill_null(value=False)
    identified = body.filter((pl.col("col") == student) & no_label)["row"].unique()
    of_student = pl.col("row").is_in(identified.implode())
    rows = called.select("row", "text").sort("row")
    return rows.filter(~of_student), rows.filter(of_student)


def named_as_totals(body: pl.DataFrame, student: int, plan: Marksheet) -> tuple[pl.Series, pl.Series]:
    """Give the rows that board.toml names as totals, by their number or by the text at their front.

    Args:
        body: every cell under the header.
        student: the column of the identifiers.
        plan: what board.toml says of the sheet.

    Returns:
        Those rows, and the ones so called that hold an identifier and are students'.
    """
    labels = [match(row).rstrip(":") for row in plan.totals if isinstance(row, str)]
    numbers = [row for row in plan.totals if isinstance(row, int)]
    totals, students = called_totals(body, student, labels)
    by_number = body.filter(pl.col("row").is_in(numbers))["row"]
    both = pl.concat([by_number, totals["row"]]).unique().sort()
    return both, students.filter(~pl.col("row").is_in(numbers))["row"]
