"""One column's cells read as what they should be, and what is wrong with each that cannot be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.check.cells import Cells
from boardkit.check.figures import mark, number
from boardkit.check.moments import moments
from boardkit.exact import CREDIT_UNITS, MARK_PLACES, MARK_UNITS, WEIGHT_PLACES, WEIGHT_UNITS
from boardkit.printable import SPACE, UNSEEN, WIDTHLESS
from boardkit.tables import NO, YES, match
from boardkit.years import UNCLEAR, year_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boardkit.check.survey import Seen
    from boardkit.tables import Column, Kind

_WIDTHLESS = f"[{WIDTHLESS}]"
_TO_STRIP = f"^[{SPACE}{UNSEEN}]|[{SPACE}{UNSEEN}]$|^$"
_SCIENTIFIC = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]+$"
_BETWEEN = re.compile(r"(?<=[^\W_])(?:[^\S\x1c-\x1f]|[_-])+(?=[^\W_])")
"""What may stand between the words of a choice; a sign before a number is not between two, and is no choice's."""

_CREDIT_PLACES = len(str(CREDIT_UNITS)) - 1
_LARGEST_TOTAL = 10_000 * CREDIT_UNITS
_LARGEST_WEIGHT = 10_000 * WEIGHT_UNITS
"""Beyond these, sums of marks times weights or credits could pass what an integer holds."""


def to_look_for(column: Column) -> str:
    """Give the pattern of what is to be left out or told of in a column's text, whatever else stands there."""
    return f"{_TO_STRIP}|{_WIDTHLESS}|{_SCIENTIFIC}" if column.kind == "id" else _TO_STRIP


def read_column(  # noqa: PLR0913 - a column is read by all of these
    values: pl.Series,
    kinds: pl.Series | None,
    column: Column,
    codes: Mapping[str, str],
    seen: Seen,
    *,
    out_of: pl.Series | None = None,
) -> Cells:
    """Read a column's cells by its kind.

    Args:
        values: the cells as found.
        kinds: for workbooks, what each cell is.
        column: what the column should hold.
        codes: codes that may stand in a mark cell.
        seen: what a look for ``to_look_for(column)`` has shown.
        out_of: out of how many points each mark is, in hundredths of a point, where it is not 100.

    Returns:
        The typed values and the faults; a cell with an error is null.
    """
    values = _blank_to_null(values)
    cells = Cells(values, kinds, codes, seen, out_of)
    if values.null_count() == len(values) and (kinds is None or kinds.null_count() == len(values)):
        cells.values = pl.Series([None]).new_from_index(0, len(values))
        return cells
    if values.dtype == pl.String and seen.matched:
        _strip(cells)
    broken = cells.are("error")
    cells.fault("cell-error", broken, "{}. The formula has no result.")
    empty = cells.are("formula-without-value")
    cells.fault("formula-without-value", empty, "the formula was never calculated.")
    if cells.faults:
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
    if not cells.values.str.contains(_TO_STRIP).any():
        return
    bare = cells.values.str.strip_chars(SPACE + UNSEEN)
    plain = cells.values.str.strip_chars(SPACE)
    cells.fault("invisible-characters", plain != bare, "invisible characters around the value were left out.")
    cells.given = cells.values = bare.set(bare == "", None)


def _text(cells: Cells, _: Column) -> pl.Series:
    return cells.text


def _year(cells: Cells, _: Column) -> pl.Series:
    text = cells.text
    named = pl.select(year_named(pl.lit(text))).to_series()
    cells.fault("year-unclear", cells.unread(named), UNCLEAR)
    return text


def _id(cells: Cells, _: Column) -> pl.Series:
    numeric = (
        cells.are("number", "percent", "date", "time")
        if cells.kinds is not None
        else cells.all(cells.values.dtype.is_numeric())
    )
    text = cells.text
    if not cells.seen.matched and not numeric.any():
        return text
    bare = text
    if text.str.contains(_WIDTHLESS).any():
        bare = text.str.replace_all(_WIDTHLESS, "")
        cells.fault(
            "invisible-characters", text != bare, "invisible characters in the identifier were left out."
        )
    scientific = bare.str.contains(_SCIENTIFIC).fill_null(value=False)
    if not numeric.any() and not scientific.any():
        return bare
    odd = numeric & ~bare.str.contains(r"^[0-9]+$").fill_null(value=False) & bare.is_not_null()
    odd = odd | scientific
    cells.fault("id-scientific", odd, '"{}" is a number that the spreadsheet has rewritten.')
    plain = numeric & ~odd & bare.is_not_null()
    cells.fault(
        "id-as-number", plain, "the identifier is stored as a number, which would lose zeros at its front."
    )
    return bare.set(odd, None)


def _moment(cells: Cells, _: Column) -> pl.Series:
    dtype = cells.values.dtype
    if dtype == pl.Date or (isinstance(dtype, pl.Datetime) and dtype.time_zone is None):
        return cells.values.cast(pl.Datetime("us"))
    read = moments(cells.text)
    offset = read["offset"].fill_null(value=False)
    if isinstance(dtype, pl.Datetime):
        offset = cells.values.is_not_null()
    cells.fault("date-offset", offset, '"{}" carries an offset from UTC.')
    wrong = cells.unread(read["moment"]) & ~offset
    cells.fault("not-a-date", wrong, '"{}" is not a date or moment.')
    cells.fault(
        "date-day-first",
        read["day_first"] & read["moment"].is_not_null(),
        "{} is a date typed as text and was read day first.",
    )
    return read["moment"]


def _day(cells: Cells, column: Column) -> pl.Series:
    return _moment(cells, column).cast(pl.Date)


def _yes_no(cells: Cells, _: Column) -> pl.Series:
    if cells.values.dtype == pl.Boolean:
        return cells.values
    folded = cells.text.str.to_lowercase()
    yes = folded.is_in(YES)
    wrong = ~(yes | folded.is_in(NO))
    cells.fault("not-yes-no", wrong, '"{}" is neither Y nor N.')
    return yes.set(wrong.fill_null(value=False), None)


def _choice(cells: Cells, column: Column) -> pl.Series:
    text = cells.text
    allowed = {match(choice): choice for choice in column.choices}
    typed = text.unique().drop_nulls().to_list()
    meant = {given: allowed.get(_BETWEEN.sub("", given.lower()).removesuffix(".0")) for given in typed}
    value = text.replace_strict(meant, default=None, return_dtype=pl.Enum(column.choices))
    cells.fault("not-allowed", cells.unread(value), f'"{{}}" is not one of: {", ".join(column.choices)}.')
    return value


def _grade(cells: Cells, _: Column) -> pl.Series:
    return cells.text.str.to_uppercase()


_READERS: dict[Kind, Callable[[Cells, Any], pl.Series]] = {
    "id": _id,
    "text": _text,
    "mark": mark,
    "points": number(
        MARK_PLACES, -100 * MARK_UNITS, 100 * MARK_UNITS, "a number of points from -100 to 100, to two places"
    ),
    "factor": number(WEIGHT_PLACES, 1, 100 * WEIGHT_UNITS, "a factor over 0 and up to 100", rounded=True),
    "share": number(WEIGHT_PLACES, 0, WEIGHT_UNITS, "a share from 0 to 1", rounded=True),
    "weight": number(WEIGHT_PLACES, 0, _LARGEST_WEIGHT, "a weight from 0 to 10,000", rounded=True),
    "credits": number(
        _CREDIT_PLACES, 1, _LARGEST_TOTAL, "a number of credits over 0 and up to 10,000, to two places"
    ),
    "credit-total": number(
        _CREDIT_PLACES, 0, _LARGEST_TOTAL, "a number of credits from 0 to 10,000, to two places"
    ),
    "count": number(0, 0, 10**9, "a whole number of 0 or more"),
    "level": number(0, 1, 12, "a level from 1 to 12"),
    "attempt": number(0, 1, 99, "an attempt from 1 to 99"),
    "moment": _moment,
    "day": _day,
    "yes-no": _yes_no,
    "choice": _choice,
    "year": _year,
    "grade": _grade,
}
