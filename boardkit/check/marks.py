"""What is wrong with cells that should hold marks: dates, marks beyond what there was to reach, long decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import MARK_UNITS

if TYPE_CHECKING:
    from boardkit.check.cells import Cells

WITHDRAWN = ("W", "WD", "WDN", "WITHDRAWN", "WITHDREW")
"""What people type where a student has left the module, which no mark cell can say."""
WITHDRAWAL = "Say so in the enrolments table, under withdrawn_at."

_FULL = 100
_DATES = (
    r"[0-9]{1,2}[- /][A-Za-z]{3,9}(?:[- /][0-9]{2,4})?",
    r"[A-Za-z]{3,9}-[0-9]{2,4}",
    r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?",
)
_DATE = f"^(?:{'|'.join(_DATES)})$"


def looks_like_date(cells: Cells) -> pl.Series:
    """Tell which marks are text such as a spreadsheet makes of a number that it takes for a date."""
    if cells.values.dtype != pl.String:
        return cells.all(value=False)
    return cells.values.str.contains(_DATE).fill_null(value=False)


def tell_outside(cells: Cells, outside: pl.Series) -> None:
    """Tell of marks under 0, or over what there was to reach."""
    for rows, most in _by_maximum(cells) if outside.any() else ():
        cells.fault(
            "mark-out-of-range", outside & rows, f"{{}} is not from 0 to {most}.", f"Type 0 to {most}."
        )


def tell_rounded(cells: Cells, longer: pl.Series) -> None:
    """Tell of marks that were rounded."""
    for rows, most in _by_maximum(cells) if longer.any() else ():
        scaled = cells.out_of is not None and most != str(_FULL)
        sentence = (
            f"{{}} of {most} is a percentage of more than two decimal places: rounded half up."
            if scaled
            else "{} has more than two decimal places: rounded half up."
        )
        cells.fault("mark-rounded", longer & rows, sentence)


def _by_maximum(cells: Cells) -> list[tuple[pl.Series, str]]:
    """Give the marks that are out of the same number of points, and that number."""
    if cells.out_of is None:
        return [(cells.all(value=True), str(_FULL))]
    points = cells.out_of.fill_null(_FULL * MARK_UNITS)
    return [(points == most, f"{most / MARK_UNITS:.10g}") for most in points.unique().sort().to_list()]
