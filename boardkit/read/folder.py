"""Tables from a folder: one .csv or .parquet file a table, named after it."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import polars as pl

from boardkit.cohort import InputFile
from boardkit.errors import CallError, FileError
from boardkit.problems import Source, found_at
from boardkit.read.csv import from_csv
from boardkit.read.frames import from_frame
from boardkit.read.names import lacking, table_named

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.raw import Raw

SUFFIXES = (".csv", ".parquet")


def from_folder(folder: Path) -> tuple[list[Raw], list[Source], list[pl.DataFrame], list[InputFile]]:
    """Take every table of a folder.

    Args:
        folder: the folder; files that are no table are told of.

    Returns:
        The tables as found, their sources, the problems, and the files with their digests.

    Raises:
        FileError: a file cannot be used.
        CallError: two files hold one table, or none holds any.
    """
    raws: list[Raw] = []
    sources: list[Source] = []
    problems: list[pl.DataFrame] = []
    files: list[InputFile] = []
    holds: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        table = table_named(path.stem) if path.suffix.lower() in SUFFIXES else None
        if table is not None and not path.is_file():
            raise FileError(
                path, "not-readable", "it is a folder, or leads nowhere. Put the file itself in its place."
            )
        if table is None:
            sources.append(Source("", file=path.name))
            problems.append(
                found_at(
                    "table-unknown",
                    len(sources) - 1,
                    None,
                    f"The {'folder' if path.is_dir() else 'file'} {path.name} is none of boardkit's tables "
                    "and was not read.",
                )
            )
            continue
        if table in holds:
            raise CallError(
                f"cannot use {folder.name}: {holds[table]} and {path.name} both hold the {table} table. Keep one."
            )
        holds[table] = path.name
        content = _bytes(path)
        files.append(InputFile(path.name, hashlib.sha256(content).hexdigest(), len(content)))
        if path.suffix.lower() == ".csv":
            raw, source, faults = from_csv(path, content, table, len(sources))
        else:
            raw, source, faults = from_frame(table, parquet_of(path, content), len(sources), file=path.name)
        raws.append(raw)
        sources.append(source)
        problems += faults
    if not raws:
        raise CallError(
            f"cannot use {folder.name}: no file in it is named after a table (marks.csv, students.csv, ...)."
        )
    if missing := lacking(raws, sources):
        raise FileError(folder, "column-missing", missing)
    return raws, sources, problems, files


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(path, "not-readable", f"it cannot be read ({error.strerror}).") from error


def parquet_of(path: Path, content: bytes) -> pl.DataFrame:
    """Read the bytes of a Parquet file.

    Raises:
        FileError: it is none.
    """
    try:
        return pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise FileError(path, "not-parquet", "it is not a Parquet file. Write it again.") from error
