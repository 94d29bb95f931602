"""Cells: a column while it is read, and the faults that are found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.check.survey import Seen

_NO, _YES = pl.Series([False]), pl.Series([True])


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
