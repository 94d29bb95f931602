"""Tables from a workbook: one sheet a table, named after it, its header in the first row that holds anything."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.cohort import InputFile
from boardkit.errors import FileError
from boardkit.problems import Source, found_at, show
from boardkit.read.cells import of_each_sheet
from boardkit.read.grid import as_found, holds_something, in_columns, zeros_as_shown
from boardkit.read.names import lacking, name_columns, table_named
from boardkit.read.raw import Raw
from boardkit.read.unseen import comments, full, hidden, merged
from boardkit.read.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from boardkit.read.limits import Limits
    from boardkit.read.workbook import Sheet

Found = tuple[list[Raw], list[Source], list[pl.DataFrame], list[InputFile]]


def from_workbook(
    path: Path, limits: Limits | None = None, *, apart: Collection[str] = (), alone: str | None = None
) -> Found:
    """Take every table of a workbook.

    Args:
        path: the workbook.
        limits: the guards, where they are to be raised.
        apart: sheets that are read in another way, and left alone here.
        alone: the table that a workbook's only sheet is, whatever it is called, where it has the columns of it.

    Returns:
        The tables as found, their sources, the problems, and the file with its digest.

    Raises:
        FileError: the file cannot be used, two sheets hold one table, a table lacks a required column, or
            no sheet is named after a table.
    """
    book = read_workbook(path, limits)
    content = path.read_bytes()
    raws: list[Raw] = []
    sources: list[Source] = []
    problems: list[pl.DataFrame] = []
    holds: dict[str, str] = {}
    cells = book.cells.filter(holds_something())
    held = zip(*(of_each_sheet(frame, len(book.sheets)) for frame in (cells, as_found(cells))), strict=True)
    pairs = list(zip(book.sheets, held, strict=True))
    lone = None if alone is None else _lone(pairs, alone)
    for sheet, (seen, found) in pairs:
        if sheet.name in apart:
            continue
        table = alone if sheet.name == lone else table_named(sheet.name)
        source = len(sources)
        if table is None:
            sources.append(Source("", file=path.name, sheet=sheet.name))
            problems.append(
                found_at(
                    "table-unknown",
                    source,
                    None,
                    f'The sheet "{show(sheet.name)}" is none of boardkit\'s tables and was not read.',
                )
            )
            continue
        if table in holds:
            raise FileError(
                path,
                "sheet-twice",
                f'the sheets "{show(holds[table])}" and "{show(sheet.name)}" both hold the {table} table. Keep one.',
            )
        holds[table] = sheet.name
        if seen.is_empty():
            raise FileError(
                path, "empty-sheet", f'the sheet "{show(sheet.name)}" is empty. Fill it, or delete it.'
            )
        raw, place, faults = _table(table, (seen, found), source, path, sheet)
        raws.append(raw)
        sources.append(place)
        problems += faults
    if not raws and alone is not None:
        needed = " and ".join(tables.INPUT[alone].required)
        raise FileError(
            path,
            "no-table",
            f"there is no {alone} table in it. Call its sheet {alone.capitalize()}, or give a workbook with one sheet, "
            f"whose header has {needed}.",
        )
    if not raws:
        raise FileError(
            path,
            "no-table",
            f"no sheet is named after a table (Marks, Students, Modules, ...). Name the sheets.{_hint(path)}",
        )
    if missing := lacking(raws, sources):
        wide = any(
            raw.table == "marks" and not {"module", "component"} & set(raw.rows.columns) for raw in raws
        )
        raise FileError(path, "column-missing", f"{missing}{_hint(path) if wide else ''}")
    for note in book.notes:
        sources.append(Source("", file=path.name))
        problems.append(found_at("not-checked", len(sources) - 1, None, note[:1].upper() + note[1:]))
    return raws, sources, problems, [InputFile(path.name, hashlib.sha256(content).hexdigest(), len(content))]


def _lone(pairs: Sequence[tuple[Sheet, tuple[pl.DataFrame, pl.DataFrame]]], table: str) -> str | None:
    """Give the only sheet that holds anything where its header has the columns that a table needs."""
    filled = [(sheet.name, seen) for sheet, (seen, _) in pairs if not seen.is_empty()]
    if len(filled) != 1:
        return None
    [(name, seen)] = filled
    heads = seen.filter(pl.col("row") == seen["row"][0])["text"].drop_nulls()
    needed = {tables.match(column) for column in tables.INPUT[table].required}
    return name if needed <= {tables.match(head) for head in heads} else None


def _hint(path: Path) -> str:
    return (
        f" If it is a marksheet, with a row a student, `boardkit layout {path.name}` proposes a board.toml."
    )


def _table(
    table: str, held: tuple[pl.DataFrame, pl.DataFrame], source: int, path: Path, sheet: Sheet
) -> tuple[Raw, Source, list[pl.DataFrame]]:
    """Make a table of a sheet's cells, given as they are seen and as tables have them."""
    cells, found = held
    top = int(cells["row"][0])
    header = int(cells["row"].search_sorted(top, side="right"))
    heads = dict(zip(*(cells[name][:header].to_list() for name in ("col", "text")), strict=True))
    width = int(cells["col"].max())  # type: ignore[arg-type]
    body = cells[header:]
    unnamed = sorted(set(body["col"].unique().to_list()) - {at for at, text in heads.items() if text})
    named = name_columns(
        table, [heads.get(at) for at in range(1, width + 1)], source, header_row=top, unnamed=unnamed
    )
    places = {at: name for name, at in named.places.items()}
    problems = [
        *named.problems,
        *full(sheet, source),
        *comments(sheet, source),
        *merged(body, places, source),
        *hidden(cells, top, places, source, sheet),
    ]
    own = {column.name for column in tables.INPUT[table].columns if column.kind == "id"}
    shown = zeros_as_shown(found[header:], [at for name, at in named.columns.items() if name in own])
    text, kinds = in_columns(shown, named.columns)
    place = Source(table, file=path.name, sheet=sheet.name, columns=named.places)
    return Raw(table, source, text, kinds), place, problems
