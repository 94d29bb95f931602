"""Tables from a workbook: one sheet a table, named after it, its header in the first row that holds anything."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from boardkit.cohort import InputFile
from boardkit.errors import FileError
from boardkit.problems import Source, found_at, letters
from boardkit.read.names import name_columns, table_named
from boardkit.read.raw import CELL_KINDS, Raw
from boardkit.read.workbook import read_workbook
from boardkit.tables import INPUT

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
    missing: list[str] = []
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
                    f'the sheet "{sheet.name}" is none of boardkit\'s tables and was not read.',
                )
            )
            continue
        if table in holds:
            raise FileError(
                path,
                "sheet-twice",
                f'the sheets "{holds[table]}" and "{sheet.name}" both hold the {table} table. Keep one.',
            )
        holds[table] = sheet.name
        cells = book.cells.filter(pl.col("sheet") == sheet.index)
        if cells.is_empty():
            raise FileError(path, "empty-sheet", f'the sheet "{sheet.name}" is empty. Fill it, or delete it.')
        raw, place, faults = _table(table, cells, source, path, sheet)
        raws.append(raw)
        sources.append(place)
        problems += faults
        missing += [
            f'the sheet "{sheet.name}" has no column {name}'
            for name in INPUT[table].required
            if name not in place.columns
        ]
    if missing:
        raise FileError(path, "column-missing", f"{'; '.join(missing)}. Add it to the first row.")
    if not raws:
        raise FileError(
            path,
            "no-table",
            "no sheet is named after a table (Marks, Students, Modules, ...). Name the sheets.",
        )
    for note in book.notes:
        sources.append(Source("", file=path.name))
        problems.append(found_at("not-checked", len(sources) - 1, None, note))
    return raws, sources, problems, [InputFile(path.name, hashlib.sha256(content).hexdigest(), len(content))]


def _table(
    table: str, cells: pl.DataFrame, source: int, path: Path, sheet: Sheet
) -> tuple[Raw, Source, list[pl.DataFrame]]:
    top = int(cells["row"].min())  # type: ignore[arg-type]
    heads = dict(cells.filter(pl.col("row") == top).select("col", "text").iter_rows())
    width = int(cells["col"].max())  # type: ignore[arg-type]
    columns, problems = name_columns(
        table, [heads.get(at) for at in range(1, width + 1)], source, header_row=top
    )
    body = cells.filter(pl.col("row") > top)
    problems += _noted(body, heads, source, sheet)
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
    filled = body.filter(
        pl.col("text").is_not_null() & (pl.col("text").str.strip_chars() != "")
        | (pl.col("kind") == "formula-without-value")
    )
    rows = filled.select("row").unique().sort("row")
    text, kinds = [rows["row"].alias("_row")], []
    for name, at in columns.items():
        column = rows.join(
            body.filter(pl.col("col") == at).select("row", "text", "kind"),
            on="row",
            how="left",
            maintain_order="left",
        )
        text.append(column["text"].alias(name))
        kinds.append(column["kind"].alias(name))
    place = Source(table, file=path.name, sheet=sheet.name, columns=columns)
    return Raw(table, source, pl.DataFrame(text), pl.DataFrame(kinds)), place, problems


def _noted(body: pl.DataFrame, heads: dict[int, str], source: int, sheet: Sheet) -> list[pl.DataFrame]:
    """Tell of what cannot be seen on the sheet: hidden parts, values behind merges, columns with no header."""
    problems = []
    unnamed = sorted(set(body["col"].to_list()) - {at for at, text in heads.items() if text and text.strip()})
    problems += [
        found_at(
            "column-unnamed",
            source,
            None,
            f"column {letters(at)} holds values under no header; it was not read.",
        )
        for at in unnamed
    ]
    behind = body.filter(pl.col("merged_into").is_not_null() & pl.col("text").is_not_null())
    problems += [
        found_at(
            "merged-cells",
            source,
            row,
            f"{letters(col)}{row} holds a value behind the merged cell {into}; it was read where it stands.",
        )
        for row, col, into in behind.select("row", "col", "merged_into").iter_rows()
    ]
    if sheet.hidden:
        return [
            *problems,
            found_at("hidden-cells", source, None, f'the sheet "{sheet.name}" is hidden; it was read.'),
        ]
    columns = body.group_by("col").agg(pl.col("hidden").all()).filter("hidden")["col"].sort().to_list()
    problems += [
        found_at("hidden-cells", source, None, f"column {letters(at)} is hidden; it was read.")
        for at in columns
        if len(columns) < body["col"].n_unique()
    ]
    seen = body.filter(~pl.col("col").is_in(columns)) if columns else body
    rows = seen.group_by("row").agg(pl.col("hidden").all()).filter("hidden")["row"].sort().to_list()
    problems += [found_at("hidden-cells", source, row, f"row {row} is hidden; it was read.") for row in rows]
    return problems
