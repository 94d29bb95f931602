"""Figures: marks and other numbers read from a column's cells, and what is wrong with those that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.check.amounts import decimal_units, float_units, integer_units, percentages, units
from boardkit.check.marks import WITHDRAWAL, WITHDRAWN, looks_like_date, tell_outside, tell_rounded
from boardkit.exact import MARK_PLACES, MARK_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boardkit.check.cells import Cells
    from boardkit.tables import Column

_LETTERS_FOR_DIGITS = r"^[0-9]*[oOlI][0-9oOlI]*$"


def _units(cells: Cells, places: int) -> tuple[pl.Series, pl.Series]:
    """Read numbers; give whole units and which ones were written with more places."""
    if cells.values.dtype.is_integer():
        return integer_units(cells.values, places=places), cells.all(False)
    if cells.values.dtype.is_float():
        read = float_units(cells.values, places=places)
    elif cells.values.dtype.is_decimal():
        read = decimal_units(cells.values, places=places)
    else:
        read = units(cells.text, places=places)
    return read["units"], read["longer"]


def _typed_as_text(cells: Cells, value: pl.Series, outside: pl.Series) -> None:
    if "text" in cells.seen.kinds:
        cells.fault(
            "number-as-text",
            value.is_not_null() & ~outside & cells.are("text"),
            "the number is stored as text and was read as the number.",
        )


def mark(cells: Cells, _: Column) -> pl.Series:
    """Read marks: percentages, points out of another number, codes in their place."""
    dates = cells.are("date", "time")
    cells.values = cells.values.set(dates, None) if dates.any() else cells.values
    _take_codes(cells)
    value, longer = _points(cells)
    percent = cells.are("percent")
    if percent.any():
        # 0.695 shown as 69.5%: two places more are the mark's own two.
        fine, finer = _units(cells, MARK_PLACES * 2)
        value, longer = value.zip_with(~percent, fine), longer.zip_with(~percent, finer)
    comma = _comma(cells, value)
    wrong = cells.unread(value) & ~comma
    letters = gone = typed_dates = cells.all(False)
    if wrong.any():
        typed_dates = wrong & looks_like_date(cells)
        wrong &= ~typed_dates
        letters = (wrong & cells.text.str.contains(_LETTERS_FOR_DIGITS)).fill_null(value=False)
        gone = (wrong & cells.text.str.to_uppercase().is_in(WITHDRAWN)).fill_null(value=False)
    cells.fault("mark-as-date", dates | typed_dates, "the mark has become a date.")
    allowed = _marks_allowed(cells.codes)
    cells.fault("not-a-mark", wrong & ~letters & ~gone, '"{}" is not a mark.', allowed)
    cells.fault("not-a-mark", letters, '"{}" is not a mark (a letter for a digit?).', allowed)
    cells.fault("not-a-mark", gone, '"{}" is not a mark; withdrawing is from the module.', WITHDRAWAL)
    outside = _outside(cells, value, 0, 100 * MARK_UNITS)
    tell_outside(cells, outside & ~percent)
    cells.fault(
        "mark-out-of-range",
        outside & percent,
        "{} in a cell formatted as a percentage stands for a hundred times as much.",
        "Format the cell as a number, or type a share from 0 to 1.",
    )
    _typed_as_text(cells, value, outside)
    cells.fault(
        "mark-as-percent",
        percent & value.is_not_null() & ~outside,
        "the cell is formatted as a percentage and was read as that percentage.",
    )
    tell_rounded(cells, longer & ~outside)
    return value.set(outside, None)


def _points(cells: Cells) -> tuple[pl.Series, pl.Series]:
    if cells.out_of is None:
        return _units(cells, MARK_PLACES)
    read = percentages(cells.text, cells.out_of)
    return read["units"], read["longer"]


def _outside(cells: Cells, value: pl.Series, low: int, high: int) -> pl.Series:
    """Tell which numbers are under the lowest or over the highest that there may be."""
    least, most = value.min(), value.max()
    if least is None or (least >= low and most <= high):  # type: ignore[operator]
        return cells.all(False)
    return ((value < low) | (value > high)).fill_null(value=False)


def _marks_allowed(codes: Mapping[str, str]) -> str:
    return f"Type 0 to 100, or {', '.join(codes)}." if codes else "Type 0 to 100."


def _take_codes(cells: Cells) -> None:
    """Move codes typed in mark cells out of the values, into states."""
    if cells.values.dtype != pl.String or not cells.codes:
        return
    upper = cells.values.str.to_uppercase()
    typed = upper.is_in(list(cells.codes)).fill_null(value=False)
    if typed.any():
        cells.states = upper.replace_strict(dict(cells.codes), default=None, return_dtype=pl.String)
        cells.values = cells.values.set(typed, None)


def _comma(cells: Cells, value: pl.Series) -> pl.Series:
    if cells.values.dtype != pl.String:
        return cells.all(False)
    unread = cells.unread(value)
    if not unread.any():
        return unread
    comma = unread & cells.values.str.contains(r"^[+-]?[0-9]+,[0-9]+$").fill_null(value=False)
    cells.fault("comma-decimal", comma, '"{}" has a comma.')
    return comma


def number(
    places: int, low: int, high: int, what: str, *, rounded: bool = False
) -> Callable[[Cells, Column], pl.Series]:
    """Make a reader of numbers of so many places, within bounds in whole units; ``what`` names such a number."""

    def read(cells: Cells, _: Column) -> pl.Series:
        value, longer = _units(cells, places)
        comma = _comma(cells, value)
        wrong = cells.unread(value) & ~comma
        cells.fault("not-a-number", wrong, f'"{{}}" is not {what}.')
        outside = _outside(cells, value, low, high)
        if rounded:
            cells.fault(
                "number-rounded",
                longer & ~outside,
                f"{{}} has more than {places} decimal places: rounded half up.",
            )
        else:
            outside = outside | longer
        cells.fault("number-out-of-range", outside, f"{{}} is not {what}.")
        _typed_as_text(cells, value, outside)
        return value.set(outside, None)

    return read
