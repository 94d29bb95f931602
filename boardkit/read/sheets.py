"""Tables from a workbook: one sheet a table, named after it, its header in the first row that holds anything."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from boardkit.cohort import InputFile
from boardkit.errors import FileError
from boardkit.problems import Source, found, found_at, letters, show
from boardkit.read.a1 import a1_text
from boardkit.read.names import lacking, name_columns, table_named
from boardkit.read.raw import CELL_KINDS, Raw
from boardkit.read.workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.limits import Limits
    from boardkit.read.workbook import Sheet

Found = tuple[list[Raw], list[Source], list[pl.DataFrame], list[InputFile]]


def from_workbook(path: Path, limits: Limits | None = None) -> Found:
    """Take every table of a workbook.

    Args:
        path: the workbook.
        limits: the guards, where they are to be raised.

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
    for sheet in book.sheets:
        table = table_named(sheet.name)
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
        cells = book.cells.filter((pl.col("sheet") == sheet.index) & _holds_something())
        if cells.is_empty():
            raise FileError(
                path, "empty-sheet", f'the sheet "{show(sheet.name)}" is empty. Fill it, or delete it.'
            )
        raw, place, faults = _table(table, cells, source, path, sheet)
        raws.append(raw)
        sources.append(place)
        problems += faults
    if not raws:
        raise FileError(
            path,
            "no-table",
            "no sheet is named after a table (Marks, Students, Modules, ...). Name the sheets.",
        )
    if missing := lacking(raws, sources):
        raise FileError(path, "column-missing", missing)
    for note in book.notes:
        sources.append(Source("", file=path.name))
        problems.append(found_at("not-checked", len(sources) - 1, None, note[:1].upper() + note[1:]))
    return raws, sources, problems, [InputFile(path.name, hashlib.sha256(content).hexdigest(), len(content))]


def _holds_something() -> pl.Expr:
    written = pl.col("text").is_not_null() & (pl.col("text").str.strip_chars() != "")
    return written | (pl.col("kind") == "formula-without-value")


def _table(
    table: str, cells: pl.DataFrame, source: int, path: Path, sheet: Sheet
) -> tuple[Raw, Source, list[pl.DataFrame]]:
    top = int(cells["row"].min())  # type: ignore[arg-type]
    heads = dict(cells.filter(pl.col("row") == top).select("col", "text").iter_rows())
    width = int(cells["col"].max())  # type: ignore[arg-type]
    body = cells.filter(pl.col("row") > top)
    unnamed = sorted(set(body["col"].unique().to_list()) - {at for at, text in heads.items() if text})
    named = name_columns(
        table, [heads.get(at) for at in range(1, width + 1)], source, header_row=top, unnamed=unnamed
    )
    places = {at: name for name, at in named.places.items()}
    problems = [*named.problems, *_merged(body, places, source), *_hidden(cells, top, places, source, sheet)]
    kind = (
        pl.when(
            (pl.col("kind") == "number")
            & pl.col("format").str.contains("%", literal=True).fill_null(value=False)
        )
        .then(pl.lit("percent"))
        .otherwise(pl.col("kind").cast(pl.String))
        .cast(CELL_KINDS)
    )
    body = body.with_columns(
        kind=kind,
        text=pl.when(pl.col("kind") == "boolean").then(pl.col("text").str.to_lowercase()).otherwise("text"),
    )
    text, kinds = _columns(body, named.columns)
    place = Source(table, file=path.name, sheet=sheet.name, columns=named.places)
    return Raw(table, source, text, kinds), place, problems


def _columns(body: pl.DataFrame, columns: dict[str, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put cells, sorted by row, into columns: their texts, and their kinds."""
    rows = body["row"].unique(maintain_order=True)
    in_order = body.select("col", "text", "kind", at=pl.col("row").rle_id())
    held = {key[0]: cells for key, cells in in_order.partition_by("col", as_dict=True).items()}
    texts, kinds = [rows.alias("_row")], []
    for name, col in columns.items():
        cells = held.get(col, in_order.clear())
        where = np.full(len(rows), -1, dtype=np.int64)
        where[cells["at"].to_numpy()] = np.arange(len(cells))
        place = pl.Series(where)
        place = place.set(place < 0, None)
        texts.append(cells["text"].gather(place).alias(name))
        kinds.append(cells["kind"].gather(place).alias(name))
    return pl.DataFrame(texts), pl.DataFrame(kinds)


def _merged(body: pl.DataFrame, places: dict[int, str], source: int) -> list[pl.DataFrame]:
    """Tell of values that stand behind merged cells."""
    behind = body.filter(pl.col("merged_into").is_not_null()).with_columns(
        _src=pl.lit(source, dtype=pl.UInt16), _row="row", _cell=a1_text()
    )
    problems = []
    for (col,), cells in behind.group_by("col", maintain_order=True):
        sentence = pl.concat_str(
            "_cell",
            pl.lit(" holds a value behind the merged cell "),
            "merged_into",
            pl.lit("; it was read where it stands."),
        )
        column = places.get(int(str(col)))
        problems.append(found("merged-cells", cells, column=column, value=pl.col("text"), message=sentence))
    return problems


def _hidden(
    cells: pl.DataFrame, top: int, places: dict[int, str], source: int, sheet: Sheet
) -> list[pl.DataFrame]:
    """Tell of what was read and cannot be seen on the sheet."""
    if sheet.hidden:
        sentence = f'The sheet "{show(sheet.name)}" is hidden; it was read.'
        return [found_at("hidden-cells", source, None, sentence)]
    columns = cells.group_by("col").agg(pl.col("hidden").all()).filter("hidden")["col"].sort()
    if len(columns) == cells["col"].n_unique():
        # All there is is hidden: by its rows.
        columns = columns.clear()
    problems = [
        found_at(
            "hidden-cells",
            source,
            top,
            f"Column {letters(at)} is hidden; it was read.",
            column=places.get(at),
        )
        for at in columns.to_list()
    ]
    seen = cells.filter((pl.col("row") > top) & ~pl.col("col").is_in(columns.implode()))
    rows = seen.group_by("row").agg(pl.col("hidden").all()).filter("hidden").select("row").sort("row")
    rows = rows.with_columns(_src=pl.lit(source, dtype=pl.UInt16), _row="row")
    told = pl.concat_str(pl.lit("Row "), "row", pl.lit(" is hidden; it was read."))
    return [*problems, found("hidden-cells", rows, message=told)]
