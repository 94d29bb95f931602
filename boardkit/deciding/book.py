"""Book: rows added to the decisions sheet of a workbook, where openpyxl loses nothing of it."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.cell_text import IMPOSSIBLE, write_text
from boardkit.deciding.text import COLUMNS
from boardkit.errors import CallError
from boardkit.guard import formula
from boardkit.read.grid import DIGITS
from boardkit.read.limits import Limits
from boardkit.rewritten import DROPPED, KEPT, comparable, parts, plain, read_again, save

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

SUFFIX = ".xlsx"
SHEET = "Decisions"
"""The sheet that is added where a workbook has none."""

_LOST = {
    r"xl/(charts|chartsheets)/": "charts",
    r"xl/(drawings|diagrams|ink)/": "drawings",
    r"xl/media/": "pictures",
    r"xl/(pivottables|pivotcache)/": "pivot tables",
    r"xl/externallinks/": "links to other files",
    r"xl/(comments|threadedcomments/)": "comments",
    r"xl/tables/": "tables with a name of their own",
    **DROPPED,
}
"""What openpyxl would lose or change, by the part that holds it."""

_INSIDE = {
    rb"<(?:\w+:)?f[ >/]": "formulas, whose results would be lost",
    rb"<(?:\w+:)?extLst": "settings of a newer Excel",
    rb"<(?:\w+:)?(?:oleObjects|controls|legacyDrawing|drawing|picture|tableParts|customSheetViews)\b": "drawings or controls",
    rb"<(?:\w+:)?(?:protectedRanges|scenarios|dataConsolidate|cellWatches|smartTags|ignoredErrors|sortState)\b": "settings of a sheet",
    rb"<(?:\w+:)?(?:r>|rPh|rPr)": "text in more than one type",
}
"""What openpyxl would lose inside a sheet or its texts."""

CELL = Limits.text
"""How many characters a cell can hold."""

Row = dict[str, str | None]


def with_rows(
    path: Path, content: bytes, sheet: str, rows: Sequence[Row], limits: Limits | None = None
) -> bytes:
    """Add rows to the decisions sheet of a workbook.

    What was written is read again by boardkit's own reader, and everything but the rows has to be as it was.

    Args:
        path: the workbook, for messages.
        content: its bytes.
        sheet: the sheet that holds the decisions; empty where there is none yet.
        rows: the rows, as text.
        limits: how much the workbook may ask for when it is read again; the defaults where not given.

    Returns:
        The bytes of the workbook with the rows.

    Raises:
        CallError: something in the workbook would be lost, or a text does not fit into a cell.
    """
    _refuse_unfit(path, rows)
    import openpyxl  # noqa: PLC0415 - needed for workbooks that are written to alone

    if lost := _would_lose(content):
        raise _refusal(path, f"it holds {lost}")
    book = openpyxl.load_workbook(io.BytesIO(content))
    leaf = book[sheet] if sheet else book.create_sheet(SHEET)
    first = _add(leaf, rows)
    book.properties.modified = dt.datetime.now(dt.UTC).replace(tzinfo=None)  # as openpyxl states a time
    made = save(book)
    before, after = (_cells(path, each, limits) for each in (content, made))
    if not _same(before, after, leaf.title, first, rows):
        raise _refusal(path, "something in it would be changed")
    return made


def _refuse_unfit(path: Path, rows: Sequence[Row]) -> None:
    """Refuse what no cell of a workbook can hold."""
    texts = [text for row in rows for text in row.values() if text is not None]
    why = (
        f"a text is longer than the {CELL:,} characters of a cell"
        if any(len(text) > CELL for text in texts)
        else "a text holds a character that no workbook can hold"
        if any(IMPOSSIBLE.search(text) for text in texts)
        else ""
    )
    if why:
        raise CallError(f"cannot write to {path.name}: {why}. Shorten or retype it.")


def _refusal(path: Path, why: str) -> CallError:
    return CallError(
        f"cannot write to {path.name}: {why}. Keep the tables as a folder with decisions.csv, or type the row that "
        "--dry-run shows."
    )


def _would_lose(content: bytes) -> str:
    """Name what openpyxl would lose of a workbook; nothing where that is nothing."""
    found: list[str] = []
    inside: list[str] = []
    for part, unpacked in parts(content):
        if not KEPT.fullmatch(part):
            known = (said for start, said in _LOST.items() if re.match(start, part, re.IGNORECASE))
            found.append(next(known, "parts of its own"))
        elif part.lower().startswith("xl/worksheets/sheet") or part.lower() == "xl/sharedstrings.xml":
            text = plain(unpacked())
            inside += [said for pattern, said in _INSIDE.items() if re.search(pattern, text)]
    return " and ".join(dict.fromkeys(found or inside))


def _add(leaf: Worksheet, rows: Sequence[Row]) -> int:
    """Write rows under the last one that holds anything, and give the first row's number."""
    filled = [
        (cell.row, cell.column, cell.value)
        for line in leaf.iter_rows()
        for cell in line
        if cell.value is not None
    ]
    top = min((row for row, _, _ in filled), default=1)
    known = {tables.match(name): name for name in COLUMNS}
    heads = {at: known.get(tables.match(str(value)), "") for row, at, value in filled if row == top}
    places = {name: at for at, name in heads.items() if name}
    needed = {name for row in rows for name, value in row.items() if value is not None}
    # Beyond every cell: what stands beside the table, unread so far, would come under a head.
    free = max((at for _, at, _ in filled), default=0) + 1
    for name in [name for name in COLUMNS if name not in places and (name in needed or not heads)]:
        _write(leaf, top, free, name)
        places[name] = free
        free += 1
    areas = [int(area.max_row) for area in leaf.merged_cells.ranges if area.min_row > top]
    first: int = max([top, *(row for row, _, _ in filled), *areas]) + 1
    for at, row in enumerate(rows, first):
        for name, value in row.items():
            if value is not None:
                _write(leaf, at, places[name], value)
    return first


def _write(leaf: Worksheet, row: int, column: int, text: str) -> None:
    """Write text that stays text, whatever it looks like."""
    write_text(leaf.cell(row, column), text, like_formula=pl.select(formula(pl.lit(text))).item())


def _same(old: pl.DataFrame, new: pl.DataFrame, sheet: str, first: int, rows: Sequence[Row]) -> bool:
    """Tell whether a workbook's cells are as they were, with rows of one sheet that were added, and its header."""
    added = (pl.col("name") == sheet) & pl.col("row").is_between(first, first + len(rows) - 1)
    texts = sorted(value for row in rows for value in row.values() if value is not None)
    if sorted(new.filter(added)["text"]) != texts:
        return False
    rest = new.filter(~added)
    heads = rest.join(old.select("name", "row", "col"), on=["name", "row", "col"], how="anti")
    strangers = heads.filter((pl.col("name") != sheet) | ~pl.col("text").is_in(list(COLUMNS)))
    kept = rest.join(
        heads.select("name", "row", "col"), on=["name", "row", "col"], how="anti", maintain_order="left"
    )
    return strangers.is_empty() and kept.equals(old)


def _cells(path: Path, content: bytes, limits: Limits | None) -> pl.DataFrame:
    """Read every cell of a workbook, with the name of its sheet."""
    # One number may be written in several ways: programs agree on this many digits, as many as Excel keeps.
    number = pl.col("text").cast(pl.Float64, strict=False).round_sig_figs(DIGITS).cast(pl.String)
    return comparable(read_again(path, content, limits)).with_columns(
        text=pl.when(pl.col("kind") == "number").then(pl.coalesce(number, "text")).otherwise("text"),
        raw=pl.col("raw").cast(pl.Float64, strict=False).round_sig_figs(DIGITS),
    )
