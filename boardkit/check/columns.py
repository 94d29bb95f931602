"""One column's cells read as what they should be, and what is wrong with each that cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.check.amounts import float_units, units
from boardkit.check.moments import moments
from boardkit.exact import CREDIT_UNITS, MARK_PLACES, MARK_UNITS, WEIGHT_PLACES, WEIGHT_UNITS
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boardkit.tables import Column, Kind

_SPACE = " \t\r\n\v\f"
_UNSEEN = "\u00a0\u200b\u200c\u200d\u2060\ufeff\u202f"
_TRUE = ("y", "yes", "true", "1", "1.0")
_FALSE = ("n", "no", "false", "0", "0.0")

_CREDIT_PLACES = len(str(CREDIT_UNITS)) - 1
_LARGEST_TOTAL = 10_000 * CREDIT_UNITS
_LARGEST_WEIGHT = 10_000 * WEIGHT_UNITS
"""Beyond these, sums of marks times weights or credits could pass what an integer holds."""


@dataclass
class Cells:
    """A column being read.

    Args:
        values: the cells as found; text is stripped and blank is null.
        kinds: for workbooks, what each cell is.
        codes: codes that may stand in a mark cell, by their upper-case text.
        faults: what was found wrong: a code of the registry, which rows, and the sentence.
    """

    values: pl.Series
    kinds: pl.Series | None
    codes: Mapping[str, str]
    faults: list[tuple[str, pl.Series, pl.Expr | str]] = field(default_factory=list)
    states: pl.Series | None = None

    def fault(self, code: str, rows: pl.Series, sentence: pl.Expr | str) -> None:
        """Note a fault in the rows where the mask is true."""
        rows = rows.fill_null(value=False)
        if rows.any():
            self.faults.append((code, rows, sentence))

    def are(self, *kinds: str) -> pl.Series:
        """Tell which cells are of some kinds of a workbook's."""
        if self.kinds is None:
            return pl.repeat(False, len(self.values), dtype=pl.Boolean, eager=True)
        return self.kinds.is_in(list(kinds)).fill_null(value=False)

    @property
    def text(self) -> pl.Series:
        """The cells as text, whatever they came as."""
        if self.values.dtype == pl.String:
            return self.values
        if self.values.dtype.is_float():
            shown = self.values.cast(pl.String)
            return shown.str.strip_suffix(".0")
        return self.values.cast(pl.String)


def read_column(
    values: pl.Series, kinds: pl.Series | None, column: Column, codes: Mapping[str, str]
) -> Cells:
    """Read a column's cells by its kind.

    Args:
        values: the cells as found.
        kinds: for workbooks, what each cell is.
        column: what the column should hold.
        codes: codes that may stand in a mark cell.

    Returns:
        The typed values and the faults; a cell with an error is null.
    """
    cells = Cells(_blank_to_null(values), kinds, codes)
    if cells.values.dtype == pl.String:
        _strip(cells)
    broken = cells.are("error")
    cells.fault("cell-error", broken, pl.concat_str(pl.col("_value"), pl.lit(". The formula has no result.")))
    empty = cells.are("formula-without-value")
    cells.fault(
        "formula-without-value",
        empty,
        "the formula was never calculated. Open the file in Excel and save it.",
    )
    if kinds is not None:
        cells.values = cells.values.set(broken | empty, None)
    cells.values = _READERS[column.kind](cells, column)
    return cells


def _blank_to_null(values: pl.Series) -> pl.Series:
    if values.dtype.is_float():
        return values.fill_nan(None)
    if isinstance(values.dtype, pl.Categorical | pl.Enum):
        return values.cast(pl.String)
    return values


def _strip(cells: Cells) -> None:
    plain = cells.values.str.strip_chars(_SPACE)
    bare = cells.values.str.strip_chars(_SPACE + _UNSEEN)
    cells.fault("invisible-characters", plain != bare, "invisible characters around the value were left out.")
    cells.values = bare.set(bare == "", None)


def _text(cells: Cells, _: Column) -> pl.Series:
    return cells.text


def _id(cells: Cells, _: Column) -> pl.Series:
    numeric = (
        cells.are("number", "percent", "date")
        if cells.kinds is not None
        else _all(cells.values.dtype.is_numeric(), cells)
    )
    text = cells.text
    odd = numeric & ~text.str.contains(r"^[0-9]+$").fill_null(value=False) & text.is_not_null()
    cells.fault(
        "id-scientific",
        odd,
        pl.concat_str(
            pl.lit('"'),
            pl.col("_value"),
            pl.lit(
                '" is a number that Excel has rewritten. Format the column as text and type the identifier again.'
            ),
        ),
    )
    plain = numeric & ~odd & text.is_not_null()
    cells.fault(
        "id-as-number",
        plain,
        "the identifier is stored as a number: leading zeros would be lost. Format the column as text.",
    )
    return text.set(odd, None)


def _all(value: bool, cells: Cells) -> pl.Series:  # noqa: FBT001 - one value for every row
    return pl.repeat(value, len(cells.values), dtype=pl.Boolean, eager=True)


def _units(cells: Cells, places: int) -> tuple[pl.Series, pl.Series]:
    """Read numbers; give whole units and which ones were written with more places."""
    if cells.values.dtype.is_integer():
        return cells.values.cast(pl.Int64) * 10**places, _all(False, cells)
    if cells.values.dtype.is_float():
        read = float_units(cells.values, places=places)
    else:
        read = units(cells.text, places=places)
        _typed_as_text(cells, read["units"].is_not_null())
    return read["units"], read["longer"].fill_null(value=False)


def _typed_as_text(cells: Cells, numbers: pl.Series) -> None:
    if cells.kinds is not None:
        cells.fault(
            "number-as-text",
            numbers & cells.are("text"),
            "the number is stored as text and was read as the number.",
        )


def _mark(cells: Cells, _: Column) -> pl.Series:
    dates = cells.are("date")
    cells.fault(
        "mark-as-date",
        dates,
        "the mark has become a date. Format the cell as a number and type the mark again.",
    )
    cells.values = cells.values.set(dates, None) if dates.any() else cells.values
    cells = _take_codes(cells)
    value, longer = _units(cells, MARK_PLACES)
    percent = cells.are("percent")
    if percent.any():
        fine, finer = _units(cells, MARK_PLACES * 2)
        scaled = (fine * 2 + MARK_UNITS) // (2 * MARK_UNITS) * MARK_UNITS
        value = value.zip_with(~percent, scaled)
        longer = longer.zip_with(~percent, finer)
        cells.fault(
            "mark-as-percent",
            percent & value.is_not_null(),
            "the cell is formatted as a percentage and was read as that percentage. Check it.",
        )
    comma = _comma(cells, value)
    wrong = value.is_null() & cells.values.is_not_null() & ~comma
    cells.fault("not-a-mark", wrong, _not_a_mark(cells.codes))
    outside = (value < 0) | (value > 100 * MARK_UNITS)
    cells.fault(
        "mark-out-of-range", outside, pl.concat_str(pl.col("_value"), pl.lit(" is not from 0 to 100."))
    )
    cells.fault(
        "mark-rounded",
        longer & ~outside.fill_null(value=False),
        "more than two decimal places: rounded half up.",
    )
    return value.set(outside.fill_null(value=False), None)


def _not_a_mark(codes: Mapping[str, str]) -> pl.Expr:
    hint = (
        pl.when(pl.col("_value").str.contains(r"^[0-9]*[oOlI][0-9oOlI]*$"))
        .then(pl.lit(" (a letter for a digit?)"))
        .otherwise(pl.lit(""))
    )
    allowed = f", or {', '.join(codes)}" if codes else ""
    return pl.concat_str(
        pl.lit('"'), pl.col("_value"), pl.lit('" is not a mark'), hint, pl.lit(f". Type 0 to 100{allowed}.")
    )


def _take_codes(cells: Cells) -> Cells:
    """Move codes typed in mark cells out of the values, into states."""
    if cells.values.dtype != pl.String or not cells.codes:
        return cells
    upper = cells.values.str.to_uppercase()
    typed = upper.is_in(list(cells.codes)).fill_null(value=False)
    if typed.any():
        cells.states = upper.replace_strict(dict(cells.codes), default=None, return_dtype=pl.String)
        cells.values = cells.values.set(typed, None)
    return cells


def _comma(cells: Cells, value: pl.Series) -> pl.Series:
    if cells.values.dtype != pl.String:
        return _all(False, cells)
    comma = value.is_null() & cells.values.str.contains(r"^[+-]?[0-9]+,[0-9]+$").fill_null(value=False)
    cells.fault(
        "comma-decimal",
        comma,
        pl.concat_str(pl.lit('"'), pl.col("_value"), pl.lit('" has a comma. Write the number with a point.')),
    )
    return comma


def _number(
    places: int, low: int, high: int, what: str, *, rounded: bool = False
) -> Callable[[Cells, Column], pl.Series]:
    def read(cells: Cells, _: Column) -> pl.Series:
        value, longer = _units(cells, places)
        comma = _comma(cells, value)
        cells.fault(
            "not-a-number",
            value.is_null() & cells.values.is_not_null() & ~comma,
            pl.concat_str(pl.lit('"'), pl.col("_value"), pl.lit(f'" is not {what}.')),
        )
        outside = ((value < low) | (value > high)).fill_null(value=False)
        if rounded:
            cells.fault(
                "number-rounded", longer & ~outside, f"more than {places} decimal places: rounded half up."
            )
        else:
            outside = outside | longer
        cells.fault(
            "number-out-of-range", outside, pl.concat_str(pl.col("_value"), pl.lit(f" is not {what}."))
        )
        return value.set(outside, None)

    return read


def _moment(cells: Cells, _: Column) -> pl.Series:
    dtype = cells.values.dtype
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        return cells.values.cast(pl.Datetime("us"))
    if dtype == pl.Date:
        return cells.values.cast(pl.Datetime("us"))
    read = moments(cells.text)
    offset = read["offset"].fill_null(value=False)
    if isinstance(dtype, pl.Datetime):
        offset = cells.values.is_not_null()
    cells.fault(
        "date-offset",
        offset,
        pl.concat_str(
            pl.lit('"'), pl.col("_value"), pl.lit('" carries an offset. Write local wall time alone.')
        ),
    )
    wrong = read["moment"].is_null() & cells.values.is_not_null() & ~offset
    cells.fault(
        "not-a-date",
        wrong,
        pl.concat_str(
            pl.lit('"'), pl.col("_value"), pl.lit('" is not a date or moment. Write it as 2022-11-04 16:00.')
        ),
    )
    cells.fault(
        "date-day-first",
        read["day_first"] & read["moment"].is_not_null(),
        "the date is text and was read day first.",
    )
    return read["moment"]


def _day(cells: Cells, column: Column) -> pl.Series:
    return _moment(cells, column).cast(pl.Date)


def _yes_no(cells: Cells, _: Column) -> pl.Series:
    if cells.values.dtype == pl.Boolean:
        return cells.values
    folded = cells.text.str.to_lowercase()
    yes = folded.is_in(_TRUE)
    wrong = ~(yes | folded.is_in(_FALSE))
    cells.fault(
        "not-yes-no", wrong, pl.concat_str(pl.lit('"'), pl.col("_value"), pl.lit('" is neither Y nor N.'))
    )
    return yes.set(wrong.fill_null(value=False), None)


def _choice(cells: Cells, column: Column) -> pl.Series:
    folded = cells.text.str.to_lowercase().str.replace_all(r"[\s_-]", "").str.strip_suffix(".0")
    allowed = {match(choice): choice for choice in column.choices}
    value = folded.replace_strict(allowed, default=None, return_dtype=pl.String)
    wrong = value.is_null() & folded.is_not_null()
    cells.fault(
        "not-allowed",
        wrong,
        pl.concat_str(
            pl.lit('"'), pl.col("_value"), pl.lit(f'" is not one of: {", ".join(column.choices)}.')
        ),
    )
    return value


def _grade(cells: Cells, _: Column) -> pl.Series:
    return cells.text.str.to_uppercase()


_READERS: dict[Kind, Callable[[Cells, Any], pl.Series]] = {
    "id": _id,
    "text": _text,
    "mark": _mark,
    "points": _number(MARK_PLACES, -100 * MARK_UNITS, 100 * MARK_UNITS, "a number of points, to two places"),
    "factor": _number(WEIGHT_PLACES, 1, 100 * WEIGHT_UNITS, "a factor over 0 and up to 100", rounded=True),
    "share": _number(WEIGHT_PLACES, 0, WEIGHT_UNITS, "a share from 0 to 1", rounded=True),
    "weight": _number(WEIGHT_PLACES, 0, _LARGEST_WEIGHT, "a weight of 0 or more", rounded=True),
    "credits": _number(_CREDIT_PLACES, 1, _LARGEST_TOTAL, "a number of credits over 0, to two places"),
    "credit-total": _number(_CREDIT_PLACES, 0, _LARGEST_TOTAL, "a number of credits, to two places"),
    "count": _number(0, 0, 10**9, "a whole number"),
    "level": _number(0, 1, 12, "a level from 1 to 12"),
    "attempt": _number(0, 1, 99, "an attempt from 1 to 99"),
    "moment": _moment,
    "day": _day,
    "yes-no": _yes_no,
    "choice": _choice,
    "grade": _grade,
}
