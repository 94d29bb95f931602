"""One column's cells read as what they should be, and what is wrong with each that cannot be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.check.amounts import decimal_units, float_units, integer_units, percentages, units
from boardkit.check.marks import WITHDRAWAL, WITHDRAWN, looks_like_date, tell_outside, tell_rounded
from boardkit.check.moments import moments
from boardkit.exact import CREDIT_UNITS, MARK_PLACES, MARK_UNITS, WEIGHT_PLACES, WEIGHT_UNITS
from boardkit.tables import NO, YES, match

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boardkit.check.survey import Seen
    from boardkit.tables import Column, Kind

_SPACE = " \t\r\n\v\f"
_UNSEEN = "\u00a0\u202f\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Hard spaces, and characters of no width: joiners and marks of the writing's direction."""
_WIDTHLESS = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_TO_STRIP = f"^[{_SPACE}{_UNSEEN}]|[{_SPACE}{_UNSEEN}]$|^$"
_LETTERS_FOR_DIGITS = r"^[0-9]*[oOlI][0-9oOlI]*$"
_SCIENTIFIC = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]+$"
_BETWEEN = re.compile(r"[^\S\x1c-\x1f]|[_-]")
"""What may stand between the words of a choice."""
_NO, _YES = pl.Series([False]), pl.Series([True])

_CREDIT_PLACES = len(str(CREDIT_UNITS)) - 1
_LARGEST_TOTAL = 10_000 * CREDIT_UNITS
_LARGEST_WEIGHT = 10_000 * WEIGHT_UNITS
"""Beyond these, sums of marks times weights or credits could pass what an integer holds."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with some cells of a column.

    Args:
        code: a code of the registry.
        rows: which rows it is true of.
        sentence: what is wrong; the cell's value goes where ``{}`` stands.
        action: what to do about it, where that is not the registry's advice.
    """

    code: str
    rows: pl.Series
    sentence: str
    action: str | None = None


@dataclass
class Cells:
    """A column being read.

    Args:
        given: the cells as found; text is stripped and blank is null.
        kinds: for workbooks, what each cell is.
        codes: codes that may stand in a mark cell, by their upper-case text.
        seen: what a look at all columns has shown of this one.
        out_of: out of how many points each mark is, in hundredths of a point; null for 100.
        values: the cells that are still to be read; in the end, what was read.
        faults: what was found wrong.
        states: the states that codes in mark cells stand for.
    """

    given: pl.Series
    kinds: pl.Series | None
    codes: Mapping[str, str]
    seen: Seen
    out_of: pl.Series | None = None
    values: pl.Series = field(init=False)
    faults: list[Fault] = field(default_factory=list)
    states: pl.Series | None = None
    _none: pl.Series = field(init=False)

    def __post_init__(self) -> None:
        self.values = self.given
        self._none = _NO.new_from_index(0, len(self.given))

    def fault(self, code: str, rows: pl.Series, sentence: str, action: str | None = None) -> None:
        """Note a fault in the rows where the mask is true; a null is not true."""
        if rows.any():
            self.faults.append(Fault(code, rows.fill_null(value=False), sentence, action))

    def are(self, *kinds: str) -> pl.Series:
        """Tell which cells are of some kinds of a workbook's."""
        if self.kinds is None or self.seen.kinds.isdisjoint(kinds):
            return self._none
        return self.kinds.is_in(list(kinds)).fill_null(value=False)

    def all(self, value: bool) -> pl.Series:  # noqa: FBT001 - one value for every row
        """Give one truth value for every cell."""
        return _YES.new_from_index(0, len(self.given)) if value else self._none

    def unread(self, read: pl.Series) -> pl.Series:
        """Tell which cells hold something of which nothing was read."""
        if read.null_count() == self.values.null_count():
            return self._none
        return read.is_null() & self.values.is_not_null()

    @property
    def text(self) -> pl.Series:
        """The cells that are still to be read as text, whatever they came as."""
        return as_text(self.values)


def as_text(values: pl.Series) -> pl.Series:
    """Give cells as the text that a person would type for them."""
    if values.dtype == pl.String:
        return values
    shown = values.cast(pl.String)
    return shown.str.strip_suffix(".0") if values.dtype.is_float() else shown


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
    bare = cells.values.str.strip_chars(_SPACE + _UNSEEN)
    plain = cells.values.str.strip_chars(_SPACE)
    cells.fault("invisible-characters", plain != bare, "invisible characters around the value were left out.")
    cells.given = cells.values = bare.set(bare == "", None)


def _text(cells: Cells, _: Column) -> pl.Series:
    return cells.text


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


def _mark(cells: Cells, _: Column) -> pl.Series:
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
    tell_outside(cells, outside)
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


def _number(
    places: int, low: int, high: int, what: str, *, rounded: bool = False
) -> Callable[[Cells, Column], pl.Series]:
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
    "mark": _mark,
    "points": _number(
        MARK_PLACES, -100 * MARK_UNITS, 100 * MARK_UNITS, "a number of points from -100 to 100, to two places"
    ),
    "factor": _number(WEIGHT_PLACES, 1, 100 * WEIGHT_UNITS, "a factor over 0 and up to 100", rounded=True),
    "share": _number(WEIGHT_PLACES, 0, WEIGHT_UNITS, "a share from 0 to 1", rounded=True),
    "weight": _number(WEIGHT_PLACES, 0, _LARGEST_WEIGHT, "a weight from 0 to 10,000", rounded=True),
    "credits": _number(
        _CREDIT_PLACES, 1, _LARGEST_TOTAL, "a number of credits over 0 and up to 10,000, to two places"
    ),
    "credit-total": _number(
        _CREDIT_PLACES, 0, _LARGEST_TOTAL, "a number of credits from 0 to 10,000, to two places"
    ),
    "count": _number(0, 0, 10**9, "a whole number of 0 or more"),
    "level": _number(0, 1, 12, "a level from 1 to 12"),
    "attempt": _number(0, 1, 99, "an attempt from 1 to 99"),
    "moment": _moment,
    "day": _day,
    "yes-no": _yes_no,
    "choice": _choice,
    "grade": _grade,
}
