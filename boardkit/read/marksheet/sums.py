"""Marks that are said to be the sum of other columns, held against those columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.check.amounts import units
from boardkit.exact import WEIGHT_PLACES, WEIGHT_UNITS, print_number
from boardkit.problems import found, letters, shown

if TYPE_CHECKING:
    from boardkit.read.marksheet.places import Placed


def check_sum(
    rows: pl.DataFrame, kinds: pl.DataFrame, at: int, work: Placed, source: int
) -> tuple[pl.Series, list[pl.DataFrame]]:
    """Find marks that are not the sum of their parts, as when a sheet was not calculated anew.

    Sums are taken to six places, since a sheet's own sums carry a float's last digits.

    Args:
        rows: the texts of the sheet's columns.
        kinds: what the cells are.
        at: the number of the piece of work.
        work: the piece of work.
        source: the number of its source.

    Returns:
        Which rows are unsound, and the problems.
    """
    nothing = pl.Series([False]).new_from_index(0, rows.height)
    if not work.parts or rows.is_empty():
        return nothing, []
    mark = units(rows[f"{at}:mark"].str.strip_chars(), places=WEIGHT_PLACES)["units"]
    parts = [rows[f"{at}+{col}"].str.strip_chars() for col in work.parts]
    read = [units(part, places=WEIGHT_PLACES)["units"].alias(str(n)) for n, part in enumerate(parts)]
    odd = [
        ((part.is_not_null() & value.is_null()) | (kinds[f"{at}+{col}"] == "formula-without-value"))
        .fill_null(value=False)
        .alias(str(n))
        for n, (part, value, col) in enumerate(zip(parts, read, work.parts, strict=True))
    ]
    sums = pl.DataFrame(read).select(
        total=pl.sum_horizontal(pl.all()), filled=pl.any_horizontal(pl.all().is_not_null())
    )
    told = rows.select("_row", _value=f"{at}:mark", _student="student_id").with_columns(
        sums, _mark=mark, _odd=pl.DataFrame(odd).select(pl.any_horizontal(pl.all())).to_series()
    )
    wrong = told.select(
        (
            pl.col("_mark").is_not_null()
            & (pl.col("_odd") | ~pl.col("filled") | (pl.col("total") != pl.col("_mark")))
        )
        .fill_null(value=False)
        .alias("wrong")
    )["wrong"]
    why = (
        pl.when("_odd")
        .then(pl.lit("one of its parts is no number"))
        .when(~pl.col("filled"))
        .then(pl.lit("all of its parts are blank"))
        .otherwise(
            pl.concat_str(pl.lit("its parts add up to "), print_number(pl.col("total"), units=WEIGHT_UNITS))
        )
    )
    sentence = pl.concat_str(
        *_of_mark(work),
        why,
        pl.lit("."),
    )
    at_fault = told.filter(wrong).with_columns(_src=pl.lit(source, dtype=pl.UInt16))
    problem = found("total-differs", at_fault, column="mark", value=pl.col("_value"), message=sentence)
    agrees = ~wrong & mark.is_not_null()
    blank = pl.DataFrame([part.is_null().alias(str(at)) for at, part in zip(work.parts, parts, strict=True)])
    return wrong, [problem, *_blank_parts(told.filter(agrees), blank.filter(agrees), work, source)]


def _of_mark(work: Placed) -> tuple[pl.Expr, ...]:
    """Begin a sentence about a mark and its sum."""
    student, value = shown(pl.col("_student").fill_null("")), shown(pl.col("_value"))
    return pl.lit(f"{work.name}, "), student, pl.lit(": the mark is "), value, pl.lit(" and ")


def _blank_parts(told: pl.DataFrame, blank: pl.DataFrame, work: Placed, source: int) -> list[pl.DataFrame]:
    """Tell of parts that are blank in sums that agree, once a mark, in the cell of the first of them."""
    listed = pl.concat_str(
        [pl.when(str(at)).then(pl.lit(letters(at))) for at in work.parts], separator=", ", ignore_nulls=True
    )
    sentence = pl.concat_str(
        *_of_mark(work),
        pl.lit("its sum has nothing in column "),
        "_listed",
        pl.lit("; a blank is not a zero."),
    )
    first = pl.coalesce(pl.when(str(at)).then(pl.lit(at)) for at in work.parts)
    rows = told.with_columns(blank.select(_listed=listed, _first=first), _src=pl.lit(source, dtype=pl.UInt16))
    return [
        found(
            "part-blank",
            rows.filter(pl.col("_first") == at),
            column=f"column {letters(at)}",
            message=sentence,
        )
        for at in dict.fromkeys(work.parts)
    ]
