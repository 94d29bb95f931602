"""The frame of cells: from cells as written to values of a kind, with format, place and what hides them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from boardkit.queries import work_out
from boardkit.read.a1 import MAX_COLUMN, MAX_ROW, a1
from boardkit.read.dates import moment_text
from boardkit.read.sheet import CELL_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.read.limits import Guard
    from boardkit.read.sheet import Content
    from boardkit.read.styles import Styles

KINDS = pl.Enum(["number", "text", "error", "boolean", "date", "formula-without-value"])
"""What a cell is."""

CELLS = pl.Schema(
    {
        "sheet": pl.UInt16(),
        "row": pl.UInt32(),
        "col": pl.UInt16(),
        "kind": KINDS,
        "text": pl.String(),
        "raw": pl.String(),
        "format": pl.String(),
        "hidden": pl.Boolean(),
        "merged_into": pl.String(),
        "formula": pl.Boolean(),
    }
)
"""The columns of the frame of cells; `boardkit.read.workbook.Workbook` tells what is in them."""

_NUMBER = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})Z?$"
_MOMENT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?Z?$"
_BLANKS = " \t\r\n"
_SHIFT = 21  # the last row has this many binary digits

_N, _S, _STR, _INLINE, _B, _E, _D = range(len(CELL_TYPES))
_NUMBER_KIND, _TEXT_KIND, _ERROR_KIND, _TRUTH_KIND, _DATE_KIND, _NO_VALUE = (
    pl.lit(kind, dtype=KINDS) for kind in KINDS.categories
)


@dataclass(frozen=True)
class Shared:
    """What all sheets of a workbook share.

    Args:
        strings: the shared texts.
        styles: the number formats.
        from_1904: whether dates count from 1904.
    """

    strings: pl.Series
    styles: Styles
    from_1904: bool


def cells_of(
    contents: Sequence[Content], shared: Shared, guard: Guard, *, hidden: Sequence[bool]
) -> pl.DataFrame:
    """Make the frame of a workbook's cells.

    A cell whose type says text is text even when that is empty; a cell of another type without a value is
    blank and left out, unless it holds a formula. A number cell whose value is no number is text.

    Args:
        contents: what the part of each sheet holds, in the order of the sheets.
        shared: texts, formats and date system of the workbook.
        guard: holds the file to its limits.
        hidden: which whole sheets are hidden.

    Returns:
        Rows of `CELLS`, sorted by sheet, row and column.

    Raises:
        FileError: a cell stands twice, points to no text or holds too long a one; merged areas overlap.
    """
    each = [
        content.cells.with_columns(sheet=pl.lit(number, dtype=pl.UInt16))
        for number, content in enumerate(contents)
    ]
    if not each:
        return CELLS.to_frame()
    written = _without_blanks(_in_order(pl.concat(each), guard).lazy())
    texts = written.with_columns(_string_index(shared.strings))
    valued = texts.with_columns(_kind().alias("kind"), _text(shared.strings).alias("text")).pipe(work_out)
    _check_strings(valued, guard)
    _check_lengths(valued, guard)
    dated = _with_dates(valued, shared)
    return dated.with_columns(
        _hidden(contents, hidden).alias("hidden"), _merged_into(dated, contents, guard).alias("merged_into")
    ).select(CELLS.names())


def of_each_sheet(cells: pl.DataFrame, sheets: int) -> list[pl.DataFrame]:
    """Give the cells of each sheet, of cells sorted by sheet."""
    ends = cells["sheet"].search_sorted(pl.Series(range(sheets), dtype=pl.UInt16), side="right").to_list()
    return [cells[first:end] for first, end in pairwise([0, *ends])]


def _in_order(written: pl.DataFrame, guard: Guard) -> pl.DataFrame:
    place = pl.col("sheet").cast(pl.Int64) * (MAX_ROW + 1) + pl.col("row")
    place = place * (MAX_COLUMN + 1) + pl.col("col")
    if written.select((place.diff() <= 0).any()).item():
        written = written.sort("sheet", "row", "col")
        twice = written.filter(place == place.shift(1))
        if len(twice):
            at = a1(*twice.row(0)[:2])
            raise guard.refuse(
                "duplicate-cell",
                f"cell {at} is written twice in one sheet. Open it in Excel and save it again.",
            )
    return written


def _without_blanks(written: pl.LazyFrame) -> pl.LazyFrame:
    value, kind = pl.col("value"), pl.col("type")
    trimmed = pl.when(kind.is_in([_STR, _INLINE])).then(value).otherwise(value.str.strip_chars(_BLANKS))
    empty = (value == "") & kind.is_in([_N, _S, _B, _D])
    return (
        written.with_columns(trimmed.alias("value"))
        .with_columns(pl.when(~empty).then(value).alias("value"))
        .filter(value.is_not_null() | pl.col("formula"))
    )


def _string_index(strings: pl.Series) -> pl.Expr:
    index = pl.when(pl.col("type") == _S).then(pl.col("value")).cast(pl.UInt32, strict=False)
    return pl.when(index < len(strings)).then(index).alias("index")


def _check_strings(texts: pl.DataFrame, guard: Guard) -> None:
    lost = texts.filter((pl.col("type") == _S) & pl.col("value").is_not_null() & pl.col("index").is_null())
    if len(lost):
        at = a1(*lost.row(0)[:2])
        raise guard.refuse(
            "bad-string",
            f"cell {at} points to a text that is not in the workbook. Open it in Excel and save it again.",
        )


def _kind() -> pl.Expr:
    value, kind = pl.col("value"), pl.col("type")
    number = (kind == _N) & value.str.contains(_NUMBER)
    truth = (kind == _B) & value.is_in(["0", "1", "true", "false"])
    date = (kind == _D) & _iso_moment(value).is_not_null()
    return (
        pl.when(value.is_null())
        .then(_NO_VALUE)
        .when(number)
        .then(_NUMBER_KIND)
        .when(truth)
        .then(_TRUTH_KIND)
        .when(kind == _E)
        .then(_ERROR_KIND)
        .when(date)
        .then(_DATE_KIND)
        .otherwise(_TEXT_KIND)
    )


def _text(strings: pl.Series) -> pl.Expr:
    value, kind = pl.col("value"), pl.col("type")
    return (
        pl.when(kind == _S)
        .then(pl.lit(strings).gather(pl.col("index")))
        .when((kind == _B) & value.is_in(["1", "true"]))
        .then(pl.lit("TRUE"))
        .when((kind == _B) & value.is_in(["0", "false"]))
        .then(pl.lit("FALSE"))
        .when(kind == _D)
        .then(pl.coalesce(_iso_moment(value), value))
        .otherwise(value)
    )


def _iso_moment(value: pl.Expr) -> pl.Expr:
    day = pl.when(value.str.contains(_DAY)).then(value.str.slice(0, 10) + "T00:00:00")
    written = pl.coalesce(value.str.extract(_MOMENT), day)
    # A thirteenth month has the form of a date and is none.
    return pl.when(written.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False).is_not_null()).then(written)


def _check_lengths(valued: pl.DataFrame, guard: Guard) -> None:
    # No text has more characters than bytes, and bytes are counted already.
    most = guard.limits.text
    text = pl.col("text")
    long = valued.select(text.filter(text.str.len_bytes() > most).str.len_chars().max()).item()
    if isinstance(long, int):
        guard.hold("text", long)


def _with_dates(valued: pl.DataFrame, shared: Shared) -> pl.DataFrame:
    formats = pl.Series(shared.styles.formats, dtype=pl.String)
    shown_as_date = pl.Series(shared.styles.dates, dtype=pl.Boolean)
    style = pl.when(pl.col("style") < len(formats)).then(pl.col("style"))
    may_be = (pl.col("kind") == _NUMBER_KIND) & pl.lit(shown_as_date).gather(style)
    found = valued.with_columns(
        pl.lit(formats).gather(style).alias("format"),
        pl.lit(None, dtype=pl.String).alias("raw"),
        may_be.alias("may_be"),
    )
    if not found["may_be"].any():
        return found
    serial = pl.when("may_be").then(pl.col("text")).cast(pl.Float64, strict=False)
    found = found.with_columns(moment_text(serial, from_1904=shared.from_1904))
    is_date = pl.col("moment").is_not_null()
    return found.with_columns(
        pl.when(is_date).then(_DATE_KIND).otherwise(pl.col("kind")).alias("kind"),
        pl.when(is_date).then(pl.col("text")).alias("raw"),
        pl.coalesce("moment", "text").alias("text"),
    )


def _hidden(contents: Sequence[Content], sheets: Sequence[bool]) -> pl.Expr:
    """Tell which cells are hidden: with their sheet, their row or their column."""
    whole = [number for number, hidden in enumerate(sheets) if hidden]
    rows = [number << _SHIFT | row for number, content in enumerate(contents) for row in content.hidden_rows]
    columns = [
        number << _SHIFT | column
        for number, content in enumerate(contents)
        for column in _all_of(content.hidden_columns)
    ]
    if not whole and not rows and not columns:
        return pl.lit(value=False)
    sheet = pl.col("sheet").cast(pl.Int64)
    return (
        sheet.is_in(whole)
        | (sheet * (1 << _SHIFT) + pl.col("row")).is_in(rows)
        | (sheet * (1 << _SHIFT) + pl.col("col")).is_in(columns)
    )


def _all_of(stretches: Sequence[tuple[int, int]]) -> list[int]:
    """Name every column of stretches of them, which may overlap."""
    inside = bytearray(MAX_COLUMN + 1)
    for first, last in stretches:
        inside[first : last + 1] = bytes([1]) * (last + 1 - first)
    return [column for column, here in enumerate(inside) if here] if stretches else []


def _merged_into(dated: pl.DataFrame, contents: Sequence[Content], guard: Guard) -> pl.Series | pl.Expr:
    if not any(content.merges for content in contents):
        return pl.lit(None, dtype=pl.String)
    # Merged areas are found with numpy, which workbooks without any do not have to wait for.
    from boardkit.read.merges import merged_into  # noqa: PLC0415

    return pl.concat(
        merged_into(cells["row"], cells["col"], content.merges, guard)
        for cells, content in zip(of_each_sheet(dated, len(contents)), contents, strict=True)
    )
