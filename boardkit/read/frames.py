"""Tables from frames that a user hands in, pandas or polars, and from Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit import tables
from boardkit.errors import CallError
from boardkit.problems import Source, show
from boardkit.read.names import lacking, name_columns, table_named, without_marks
from boardkit.read.raw import Raw

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals as nw

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
    holds: dict[str, str] = {}
    polars_in = True
    for given, frame in frames.items():
        name = table_named(str(given))
        if name is None:
            raise CallError(f'"{show(str(given))}" is none of the tables: {", ".join(tables.INPUT)}.')
        if name in holds:
            raise CallError(f'"{holds[name]}" and "{given}" are both the {name} table. Give one.')
        holds[name] = str(given)
        native, kind = frame_of(str(given), frame)
        polars_in = polars_in and kind == "polars"
        raw, source, faults = from_frame(name, native, len(sources))
        raws.append(raw)
        sources.append(source)
        problems += faults
    if "marks" not in holds:
        raise CallError(
            "there is no marks table among the frames. Give one called marks."
            f"{without_marks() if 'results' in holds else ''}"
        )
    if missing := lacking(raws, sources):
        raise CallError(f"cannot use the frames: {missing}")
    return raws, sources, problems, "polars" if polars_in else "pandas"


def frame_of(name: str, frame: Any) -> tuple[pl.DataFrame, Flavour]:
    """Take one frame that a user hands in as polars, with the kind of frame to hand back.

    Args:
        name: what it is called in messages.
        frame: a pandas or polars frame, or anything narwhals knows.

    Raises:
        CallError: it is no frame, or cannot be read.
    """
    import narwhals as nw  # noqa: PLC0415 - files need no bridge to other libraries

    try:
        native = nw.from_native(frame, eager_only=True)
    except (TypeError, ValueError) as error:
        raise CallError(_no_frame(name, frame, error)) from error
    return _to_polars(name, native), "polars" if native.implementation.is_polars() else "pandas"


def _no_frame(name: str, given: object, error: Exception) -> str:
    """Say why something is no frame that can be read."""
    if hasattr(given, "collect"):
        return f'"{name}" is a lazy frame. Give what its collect() gives.'
    if hasattr(given, "columns"):
        return f'the frame "{name}" cannot be read ({error}). Give each column a name of its own.'
    return f'"{name}" is not a frame but {type(given).__name__}. Give a pandas or polars frame.'


def _to_polars(name: str, frame: nw.DataFrame[Any]) -> pl.DataFrame:
    """Convert a frame; columns of mixed kinds, which pandas allows, become text."""
    import narwhals as nw  # noqa: PLC0415 - as above

    try:
        try:
            return frame.to_polars()
        except (TypeError, ValueError, OverflowError):
            mixed = [column for column, dtype in frame.schema.items() if dtype == nw.Object]
            return frame.with_columns(nw.col(mixed).cast(nw.String)).to_polars()
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise CallError(
            f'the frame "{name}" cannot be read: two columns have one name, or one holds things of its own kind. '
            "Give each column a name of its own, and text, numbers or dates."
        ) from error


def from_frame(
    table: str, frame: pl.DataFrame, source: int, *, file: str = ""
) -> tuple[Raw, Source, list[pl.DataFrame]]:
    """Take one table from a frame, its rows numbered from 1.

    Args:
        table: the canonical name of the table.
        frame: the frame.
        source: the number of the source.
        file: the file it came from, if any.

    Returns:
        The table as found, its source and the problems; a required column may be missing.

    Raises:
        CallError: a column holds what cannot stand in a cell.
    """
    unnamed = [
        at
        for at, name in enumerate(frame.columns, start=1)
        if not name.strip() and frame.to_series(at - 1).null_count() < frame.height
    ]
    named = name_columns(table, frame.columns, source, header_row=None, unnamed=unnamed)
    own = {column.name for column in tables.INPUT[table].columns}
    series = {name: frame.to_series(at - 1) for name, at in named.columns.items()}
    odd = [
        name
        for name, values in series.items()
        if (name in own and not _fits_a_cell(values.dtype)) or values.dtype == pl.Object
    ]
    if odd:
        where = f"{file}, " if file else ""
        raise CallError(
            f"cannot use {where}the {table} table: what stands in {show(', '.join(odd))} fits no cell. "
            "Give text, numbers, dates or truth values."
        )
    rows = pl.DataFrame([_on_the_calendar(values).alias(name) for name, values in series.items()])
    rows = rows.with_row_index("_row", offset=1)
    return Raw(table, source, rows), Source(table, file, columns=named.places, lettered=False), named.problems


def _fits_a_cell(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or dtype in _CELLS


_CELLS = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Null)


def _on_the_calendar(values: pl.Series) -> pl.Series:
    """Turn days and moments into text where any is outside the years 1 to 9999, which nothing can show."""
    if values.dtype not in (pl.Date, pl.Datetime):
        return values
    year = values.dt.year()
    outside = values.is_not_null() & ~year.is_between(1, 9999).fill_null(value=False)
    if not outside.any():
        return values
    text = values.set(outside, None).cast(pl.String)
    return text.set(outside, "beyond the calendar")
