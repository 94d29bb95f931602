"""Tables from frames that a user hands in, pandas or polars, and from Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from boardkit import tables
from boardkit.errors import CallError
from boardkit.problems import Source
from boardkit.read.names import name_columns
from boardkit.read.raw import Raw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.frames import Flavour


def from_frames(frames: Mapping[str, Any]) -> tuple[list[Raw], list[Source], list[pl.DataFrame], Flavour]:
    """Take tables from frames by name.

    Args:
        frames: pandas or polars frames (or anything narwhals knows) by the name of the table.

    Returns:
        The tables as found, their sources, the problems, and the kind of frame to hand back.

    Raises:
        CallError: a name is none of the tables', or a value is no frame.
    """
    raws: list[Raw] = []
    sources: list[Source] = []
    problems: list[pl.DataFrame] = []
    names = {tables.match(name): name for name in tables.INPUT}
    polars_in = True
    for given, frame in frames.items():
        name = names.get(tables.match(given))
        if name is None:
            raise CallError(f'"{given}" is none of the tables: {", ".join(tables.INPUT)}.')
        try:
            native = nw.from_native(frame, eager_only=True)
        except TypeError as error:
            raise CallError(
                f'"{given}" is not a frame but {type(frame).__name__}. Give a pandas or polars frame.'
            ) from error
        polars_in = polars_in and native.implementation.is_polars()
        raw, source, faults = from_frame(name, native.to_polars(), len(sources))
        raws.append(raw)
        sources.append(source)
        problems += faults
    return raws, sources, problems, "polars" if polars_in else "pandas"


def from_frame(
    table: str, frame: pl.DataFrame, source: int, *, file: str = ""
) -> tuple[Raw, Source, list[pl.DataFrame]]:
    """Take one table from a frame, its rows numbered from 1."""
    columns, problems = name_columns(table, list(frame.columns), source, header_row=None)
    rows = frame.select(pl.col(frame.columns[at - 1]).alias(name) for name, at in columns.items())
    rows = rows.with_row_index("_row", offset=1)
    place = Source(table, file=file, columns=columns, lettered=False)
    missing = [name for name in tables.INPUT[table].required if name not in columns]
    if missing:
        where = file or "the frame"
        raise CallError(f"cannot use {where}: the {table} table has no column {', '.join(missing)}. Add it.")
    return Raw(table, source, rows), place, problems
