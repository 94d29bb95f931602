"""The headers of a marksheet: one text a column however many rows they take, and which column one names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import letters
from boardkit.read.a1 import area, column_number
from boardkit.read.marksheet.plan import column_letters
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.read.workbook import Sheet

_MAXIMA = (
    r"/\s*([0-9]+(?:\.[0-9]+)?)(?![0-9/])",
    r"([0-9]+(?:\.[0-9]+)?)\s*(?:points?|marks?|pts?)\b",
    r"out\s+of\s+([0-9]+(?:\.[0-9]+)?)",
    r"max(?:imum)?\.?(?:\s+(?:marks?|points?))?\s*[:=]?\s*([0-9]+(?:\.[0-9]+)?)",
)
_MAXIMUM = re.compile("|".join(_MAXIMA), re.IGNORECASE)
_WEIGHT = re.compile(r"[(\[]?\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*[)\]]?")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BRACKETS = re.compile(r"\s*[(\[]\s*[)\]]|\s*[-:,;]\s*$")


@dataclass(frozen=True)
class Headers:
    """The headers of one sheet.

    Args:
        texts: each column's header on one line, by the column's position.
        last: each column's text in the last of several header rows.
        width: the last column that holds anything.
        points: by column, the points that a row under the header says.
        points_row: that row.
    """

    texts: dict[int, str]
    last: dict[int, str]
    width: int
    points: dict[int, Decimal] = field(default_factory=dict)
    points_row: int | None = None

    def find(self, spec: str) -> list[int]:
        """Give the columns that a header, or ``column R``, or ``columns B:Q`` names; none if none is so called.

        Examples:
            >>> heads = Headers({1: "Student ID", 2: "Exam (40 points)"}, {}, 2)
            >>> heads.find("student id"), heads.find("column B"), heads.find("Essay")
            ([1], [2], [])
        """
        called = [at for at, text in self.texts.items() if match(text) == match(spec)]
        lettered = column_letters(spec)
        if called or lettered is None:
            return called
        first, last = (column_number(one) for one in lettered)
        return [] if first is None or last is None else list(range(first, last + 1))

    def maximum(self, col: int) -> Decimal | None:
        """Give the number of points that a column's header, or a row under it, says its marks are out of.

        Examples:
            >>> heads = Headers({2: "Exam (40 points)", 3: "Essay", 4: "Quiz 1/12.5"}, {}, 4)
            >>> heads.maximum(2), heads.maximum(3), heads.maximum(4)
            (Decimal('40'), None, Decimal('12.5'))
        """
        alone = self.last.get(col, "").strip()
        if _NUMBER.fullmatch(alone):
            return Decimal(alone)
        said = {Decimal(next(filter(None, found))) for found in _MAXIMUM.findall(self.texts.get(col, ""))}
        return said.pop() if len(said) == 1 else self.points.get(col)

    def weight(self, col: int) -> Decimal | None:
        """Give the weight in percent that a column's header states, if it states one.

        Examples:
            >>> Headers({2: "Exam (60%)"}, {}, 2).weight(2)
            Decimal('60')
        """
        said = _WEIGHT.findall(self.texts.get(col, ""))
        return Decimal(said[0]) if len(said) == 1 else None

    def plain(self, col: int) -> str:
        """Give a column's header without the number of points and the weight in it.

        Examples:
            >>> Headers({2: "Exam (40 points)", 3: "Essay (40%)"}, {}, 3).plain(2)
            'Exam'
        """
        text, alone = self.texts.get(col, ""), self.last.get(col, "").strip()
        if _NUMBER.fullmatch(alone):
            text = text.removesuffix(alone)
        return _BRACKETS.sub("", _MAXIMUM.sub("", _WEIGHT.sub("", text))).strip() or text

    def name(self, col: int) -> str:
        """Give how board.toml names a column: by its header where no other has it, else by its letters."""
        text = self.texts.get(col, "")
        alone = bool(text) and len(self.find(text)) == 1
        return text if alone else f"column {letters(col)}"


def read_headers(cells: pl.DataFrame, rows: Sequence[int], sheet: Sheet) -> Headers:
    """Read the headers of a sheet.

    A header that stands in a merged area is that of every column the area covers.

    Args:
        cells: the sheet's cells that hold something.
        rows: the rows of the header.
        sheet: the sheet, for its merged areas.
    """
    held = {
        (row, col): _UNSEEN.sub("", " ".join(text.split()))
        for row, col, text in cells.filter(pl.col("row").is_in(list(rows)) & pl.col("text").is_not_null())
        .select("row", "col", "text")
        .iter_rows()
    }
    for merge in sheet.merges:
        top, left, _, right = area(merge) or (0, 0, 0, 0)
        if top in rows and (top, left) in held:
            for col in range(left, right + 1):
                held.setdefault((top, col), held[top, left])
    width = cells["col"].max()
    texts: dict[int, list[str]] = {}
    for (_, col), text in sorted(held.items()):
        texts.setdefault(col, []).append(text)
    joined = {col: " ".join(dict.fromkeys(parts)) for col, parts in sorted(texts.items())}
    several = len(rows) > 1
    last = {col: text for (row, col), text in held.items() if row == max(rows)} if several else {}
    return Headers(joined, last, width if isinstance(width, int) else 0)
