"""The quick pass over the rows of a sheet: ordinary ones counted in bulk, the others by the plain reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.queries import work_out
from boardkit.read.a1 import MAX_ROW
from boardkit.read.bulk import Unusual

if TYPE_CHECKING:
    from boardkit.read.sheet import Content

ROW = r"<row[\s/>]"
"""The beginning of a row."""
ROW_OPENS = r"<row(?:\s[^<>]*[^<>/])?>\s*$"
"""The tag that opens a row, at the end of a text: what comes next stands in that row."""

_NUMBERED = '<row r="'
_ORDINARY = (
    rf'^</row>\s*{_NUMBERED}(?<number>[1-9][0-9]{{0,6}})"'
    r'(?<tail>(?: [A-Za-z0-9]+(?::[A-Za-z]+)?="[^"<>&]*")*)>\s*$'
)
_SHOWN = r' hidden="(?:0|false)"'
_FLAT = r' ht="0*\.?0*"'


class Rows:
    """Keep count of the rows of a sheet while its pieces go by.

    Most rows differ from an earlier one in nothing but their number. They are left out of the skeleton, and
    put back when the plain reader has read the others.
    """

    def __init__(self, before: int) -> None:
        self._before = before
        self._tails: set[str] = set()
        self._opens: list[pl.Series] = []
        self._left_out: list[pl.Series] = []

    def sort_out(self, rests: pl.Series) -> list[str]:
        """Note the rows that the texts behind some cells open, and give those texts that the skeleton needs.

        Args:
            rests: what stands behind each cell and before the next.

        Raises:
            Unusual: a row has no number of its own, so that it cannot be told without all rows before it.
        """
        rest, tail = pl.col("rest"), pl.col("tail")
        odd = (tail.str.contains("hidden=", literal=True) & ~tail.str.contains(_SHOWN)) | tail.str.contains(
            _FLAT
        )
        known = tail.is_in(list(self._tails)) | ~tail.is_first_distinct()
        between = (
            rests.to_frame("rest")
            .with_row_index("at")
            .lazy()
            .filter(rest.str.contains(r"\S"))
            .with_columns(rest.str.extract_groups(_ORDINARY).struct.unnest())
            .with_columns(
                opens=rest.str.count_matches(ROW),
                numbered=rest.str.count_matches(_NUMBERED, literal=True),
                odd=odd,
                out=(known & ~odd).fill_null(value=False),
            )
            .with_columns(left_out=pl.when("out").then(pl.col("number").cast(pl.UInt32)))
            .pipe(work_out)
        )
        self._tails.update(between.filter(~pl.col("odd"))["tail"].unique().to_list())
        kept = between.filter(~pl.col("out"))
        if (kept["numbered"] != kept["opens"]).any():
            raise Unusual
        at, length = between["at"], len(rests)
        self._opens.append(pl.zeros(length, dtype=pl.UInt32, eager=True).scatter(at, between["opens"]))
        nothing = pl.repeat(None, length, dtype=pl.UInt32, eager=True)
        self._left_out.append(nothing.scatter(at, between["left_out"]))
        return kept["rest"].to_list()

    def agree(self, content: Content, stated: pl.Series) -> bool:
        """Put the rows that were left out back among the others, and tell whether each cell names its own.

        Args:
            content: what the plain reader made of the skeleton; its rows become all rows of the sheet.
            stated: the row that each cell says it stands in.
        """
        opens, left_out = pl.concat(self._opens), pl.concat(self._left_out)
        # The place among all rows of the one that opens behind each cell.
        opened = opens.cum_sum() - opens + self._before
        count = self._before + int(opens.sum())
        if count - (len(left_out) - left_out.null_count()) != len(content.rows) or count > MAX_ROW:
            return False
        without = left_out.is_not_null()
        rows = pl.zeros(count, dtype=pl.UInt32, eager=True)
        rows = rows.scatter(opened.filter(without), left_out.filter(without))
        rows = rows.scatter((rows == 0).arg_true(), pl.Series(content.rows, dtype=pl.UInt32))
        content.rows = rows.to_list()
        return bool(rows.max() <= MAX_ROW and (rows.gather(opened - 1) == stated).all())  # type: ignore[operator]
