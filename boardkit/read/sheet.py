"""One sheet's cells as they are written, read one after the other by expat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from boardkit.read.a1 import MAX_COLUMN, MAX_ROW, a1, area, column_number, place
from boardkit.read.markup import PartReader, truth
from boardkit.read.runs import Runs, unescape

if TYPE_CHECKING:
    from boardkit.errors import FileError
    from boardkit.read.limits import Guard

CELL_TYPES = ("n", "s", "str", "inlineStr", "b", "e", "d")
"""The types a cell can have in the file; a cell that names none is ``n``."""

WRITTEN = pl.Schema(
    {
        "row": pl.UInt32,
        "col": pl.UInt16,
        "type": pl.UInt8,
        "style": pl.UInt32,
        "value": pl.String,
        "formula": pl.Boolean,
    }
)
"""Cells as written: ``type`` counts in `CELL_TYPES`; ``value`` is null where there is no value element."""

_CODES = {name: code for code, name in enumerate(CELL_TYPES)}
_INLINE = _CODES["inlineStr"]
_ESCAPED = {_CODES["str"], _CODES["inlineStr"]}
_MOST_STYLES = 10**6
_BATCH = 65_536

# Where elements of a sheet stand: <worksheet><sheetData><row><c><v>.
_BLOCK, _ITEM, _CELL, _IN_CELL = 2, 3, 4, 5


@dataclass
class Content:
    """What one sheet's part holds.

    Args:
        cells: the cells as written, blank ones included, in the order of the file.
        rows: the number of every row element, in the order of the file.
        hidden_rows: the rows that are hidden, by hand or by a filter.
        hidden_columns: the hidden columns, first and last of each stretch.
        merges: the merged areas: first row and column, last row and column.
        filtered: whether a filter is set on the sheet.
    """

    cells: pl.DataFrame = field(default_factory=WRITTEN.to_frame)
    rows: list[int] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    filtered: bool = False


def read_sheet(data: bytes, part: str, guard: Guard) -> Content:
    """Read a sheet's part cell by cell.

    Args:
        data: the part.
        part: its name, for messages.
        guard: holds the file to its limits.

    Raises:
        FileError: the part is damaged or holds too much; a cell, row or area has no proper place or kind.
    """
    reader = _SheetReader(guard, part)
    reader.parse(data)
    return reader.finish()


class _SheetReader(PartReader):
    root = "worksheet"

    def __init__(self, guard: Guard, part: str) -> None:
        super().__init__(guard, part)
        self._content = Content()
        self._batches: list[pl.DataFrame] = []
        self._batch: list[tuple[int, int, int, int, str | None, bool]] = []
        self._runs = Runs(self)
        self._in_data = False
        self._columns = 0
        self._row = 0
        self._row_text = "0"
        self._col = 0
        self._in_cell = False
        self._type = 0
        self._style = 0
        self._value: str | None = None
        self._formula = False
        self._hear()

    def _hear(self) -> None:
        self.on("sheetData", self._data, self._data_end)
        self.on("row", self._row_begins)
        self.on("c", self._cell, self._cell_end)
        self.on("v", self._value_begins, self._value_end)
        self.on("f", self._formula_begins)
        self.on("is", self._inline, self._inline_end)
        self.on("col", self._column)
        self.on("mergeCell", self._merge)
        self.on("sheetPr", self._properties)
        self.on("filterColumn", self._filter)

    def finish(self) -> Content:
        self._flush()
        if self._batches:
            self._content.cells = pl.concat(self._batches)
        return self._content

    def _flush(self) -> None:
        self.guard.count_cells(len(self._batch))
        if self._batch:
            self._batches.append(pl.DataFrame(self._batch, schema=WRITTEN, orient="row"))
            self._batch = []

    def _data(self, _attributes: dict[str, str]) -> None:
        self._in_data = self.depth == _BLOCK

    def _data_end(self) -> None:
        self._in_data = self._in_data and self.depth != _BLOCK

    def _row_begins(self, attributes: dict[str, str]) -> None:
        if not self._in_data:
            return
        if self.depth != _ITEM:
            raise self._misplaced()
        text = attributes.get("r")
        # Rows mostly follow one another, and then their numbers need not be read.
        follows = text is None or text == str(self._row + 1)
        row = self._row + 1 if follows else _whole(text or "")
        if row is None or not 1 <= row <= MAX_ROW:
            raise self._no_place(f"its {self._shown()} has a row that no sheet has")
        if len(self._content.rows) == MAX_ROW:
            raise self._no_place(f"its {self._shown()} has more rows than a sheet can have")
        self._row, self._row_text, self._col = row, str(row), 0
        self._content.rows.append(row)
        if _is_hidden(attributes, "ht"):
            self._content.hidden_rows.append(row)

    def _cell(self, attributes: dict[str, str]) -> None:
        if not self._in_data:
            return
        if self.depth != _CELL:
            raise self._misplaced()
        reference = attributes.get("r")
        self._col = self._col + 1 if reference is None else self._column_of(reference)
        if self._col > MAX_COLUMN:
            raise self._no_place(
                f"row {self._row} of its {self._shown()} has more cells than a sheet is wide"
            )
        code = _CODES.get(attributes.get("t", "n"))
        if code is None:
            raise self._odd("is of a kind that workbooks do not have")
        written = attributes.get("s")
        style = 0 if written is None else _whole(written)
        if style is None or style >= _MOST_STYLES:
            raise self._odd("has a format that workbooks do not have")
        self._in_cell = True
        self._type, self._style, self._value, self._formula = code, style, None, False

    def _column_of(self, reference: str) -> int:
        # Nearly every reference is known letters and then the row's own number.
        if reference.endswith(self._row_text):
            column = column_number(reference[: -len(self._row_text)])
            if column is not None:
                return column
        found = place(reference)
        if found is None:
            raise self._no_place(f"its {self._shown()} has a cell in a place that no sheet has")
        raise self.guard.refuse(
            "row-disagrees",
            f"cell {reference} of its {self._shown()} stands in row {self._row}. Open it in Excel and save it again.",
        )

    def _cell_end(self) -> None:
        if self._in_cell and self.depth == _CELL:
            self._in_cell = False
            self._batch.append((self._row, self._col, self._type, self._style, self._value, self._formula))
            if len(self._batch) == _BATCH:
                self._flush()

    def _value_begins(self, _attributes: dict[str, str]) -> None:
        if self._in_cell and self.depth == _IN_CELL:
            if self._value is not None:
                raise self._odd("has two values")
            self.pieces.clear()

    def _value_end(self) -> None:
        if self._in_cell and self.depth == _IN_CELL:
            text = "".join(self.pieces)
            self._value = unescape(text) if self._type in _ESCAPED else text

    def _formula_begins(self, _attributes: dict[str, str]) -> None:
        if self._in_cell and self.depth == _IN_CELL:
            self._formula = True

    def _inline(self, _attributes: dict[str, str]) -> None:
        if self._in_cell and self.depth == _IN_CELL:
            if self._value is not None:
                raise self._odd("has two values")
            self._runs.begin()

    def _inline_end(self) -> None:
        if self._in_cell and self.depth == _IN_CELL:
            self._value = self._runs.end()
            self._type = _INLINE

    def _column(self, attributes: dict[str, str]) -> None:
        if self.depth != _ITEM or self._in_data:
            return
        first, last = _whole(attributes.get("min", "")), _whole(attributes.get("max", ""))
        self._columns += 1
        if first is None or last is None or not 1 <= first <= last or self._columns > MAX_COLUMN:
            raise self._no_place(f"its {self._shown()} has a column that no sheet has")
        if _is_hidden(attributes, "width"):
            self._content.hidden_columns.append((first, min(last, MAX_COLUMN)))

    def _merge(self, attributes: dict[str, str]) -> None:
        if self.depth != _ITEM or self._in_data:
            return
        found = area(attributes.get("ref", ""))
        if found is None:
            raise self._no_place(f"its {self._shown()} has a merged area in a place that no sheet has")
        self._content.merges.append(found)
        self.guard.hold("merges", len(self._content.merges))

    def _properties(self, attributes: dict[str, str]) -> None:
        if self.depth == _BLOCK and truth(attributes.get("filterMode")):
            self._content.filtered = True

    def _filter(self, _attributes: dict[str, str]) -> None:
        if self.depth == _ITEM:
            self._content.filtered = True

    def _shown(self) -> str:
        return f"part {self.guard.shown(self.part)}"

    def _no_place(self, what: str) -> FileError:
        return self.guard.refuse("bad-reference", f"{what}. Open it in Excel and save it again.")

    def _odd(self, what: str) -> FileError:
        at = a1(self._row, self._col)
        return self.guard.refuse(
            "bad-cell", f"cell {at} of its {self._shown()} {what}. Open it in Excel and save it again."
        )

    def _misplaced(self) -> FileError:
        return self.guard.refuse(
            "bad-cell",
            f"its {self._shown()} has cells in a place where they cannot be counted. "
            "Open it in Excel and save it again.",
        )


def _whole(text: str) -> int | None:
    """Read a number without sign; longer ones than any sheet has are none, since reading them takes time."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None  # noqa: PLR2004


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    """Tell whether a row or column is hidden; a height or width of nothing hides as well as the mark for it."""
    if "hidden" in attributes and truth(attributes["hidden"]):
        return True
    return size in attributes and attributes[size].strip("0") in {"", "."} and "0" in attributes[size]
