"""Where offences come from: a misconduct table alone, a board that has one, or a frame."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.check.facts import read_facts
from boardkit.check.table import set_apart, type_table
from boardkit.cohort import Facts, InputFile
from boardkit.errors import CallError, FileError
from boardkit.read.csv import from_csv
from boardkit.read.folder import from_folder, parquet_of
from boardkit.read.frames import frame_of, from_frame
from boardkit.read.limits import raised
from boardkit.read.names import lacking
from boardkit.read.sheets import from_workbook
from boardkit.read.source import read_source
from boardkit.tables import INPUT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from boardkit.frames import Flavour
    from boardkit.problems import Source
    from boardkit.read.raw import Raw

TABLE = "misconduct"


@dataclass(frozen=True)
class Read:
    """Offences as they were read.

    Args:
        offences: the typed rows; one of which something cannot be read is bad.
        found: the problems, not yet located.
        sources: where the tables came from.
        files: the files that were read.
        facts: what the board table says.
    """

    offences: pl.DataFrame
    found: Sequence[pl.DataFrame]
    sources: Sequence[Source]
    files: Sequence[InputFile] = ()
    facts: Facts = field(default_factory=Facts)


def read_offences(path: Path, limits: Mapping[str, int]) -> Read:
    """Read the offences of a file or a board.

    Args:
        path: a ``.csv`` or ``.parquet`` file that is the misconduct table whatever it is called, a workbook with a sheet
            for it or with that sheet alone, or a board's folder.
        limits: how much a workbook may ask for.

    Returns:
        The offences, and what is wrong with them.

    Raises:
        FileError: a file cannot be used at all.
        CallError: there is no such file, or no misconduct table in it.
    """
    if not path.exists():
        raise CallError(f"cannot find {path.name}. Check the path.")
    if path.is_dir():
        return _of_tables(path, limits, *from_folder(path)) if _is_plain(path) else _of_board(path, limits)
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        return _of_tables(path, limits, *from_workbook(path, raised(limits), alone=TABLE))
    content = _bytes(path)
    if suffix == ".csv":
        raw, source, found = from_csv(path, content, TABLE, 0)
    else:
        raw, source, found = from_frame(TABLE, parquet_of(path, content), 0, file=path.name)
    if missing := lacking([raw], [source]):
        raise CallError(f"cannot use {path.name}: {missing}")
    files = [InputFile(path.name, hashlib.sha256(content).hexdigest(), len(content))]
    return _of_raws([raw], [source], found, files)


def from_frame_alone(frame: Any) -> tuple[Read, Flavour]:
    """Take offences from a frame that a user hands in.

    Raises:
        CallError: it is no frame, or lacks a column.
    """
    native, flavour = frame_of(TABLE, frame)
    raw, source, found = from_frame(TABLE, native, 0)
    if missing := lacking([raw], [source]):
        raise CallError(f"cannot use the frame: {missing}")
    return _of_raws([raw], [source], found, []), flavour


def _is_plain(folder: Path) -> bool:
    """Tell a folder of tables from one that says in a board.toml how its marksheets are read."""
    return not (folder / "board.toml").exists()


def _of_tables(  # noqa: PLR0913, PLR0917 - what a reader gives
    path: Path,
    limits: Mapping[str, int],
    raws: list[Raw],
    sources: list[Source],
    found: list[pl.DataFrame],
    files: list[InputFile],
) -> Read:
    """Take the misconduct table out of several; beside marks it is a board's, and checked as one."""
    names = {raw.table for raw in raws}
    if TABLE not in names:
        raise CallError(
            f"cannot use {path.name}: there is no misconduct table. Add a sheet or file called misconduct."
        )
    return _of_board(path, limits) if "marks" in names else _of_raws(raws, sources, found, files)


def _of_board(path: Path, limits: Mapping[str, int]) -> Read:
    cohort = read_source(path, limits=limits)
    if TABLE not in cohort.given:
        raise CallError(
            f"cannot use {path.name}: there is no misconduct table. Add a sheet or file called misconduct."
        )
    own = [at for at, source in enumerate(cohort.sources) if source.table in (TABLE, "board")]
    found = cohort.found.filter(pl.col("_src").is_in(own))
    return Read(cohort.typed[TABLE], [found], cohort.sources, cohort.files, cohort.facts)


def _of_raws(
    raws: Sequence[Raw], sources: Sequence[Source], found: Sequence[pl.DataFrame], files: Sequence[InputFile]
) -> Read:
    """Type the misconduct table, and the board's where it is there; a row that cannot be read stays, and is bad."""
    told, facts = list(found), Facts()
    for raw in raws:
        if raw.table == "board":
            typed = type_table(raw, {})
            facts, _, faults = read_facts(typed.frame)
            told += [*typed.problems, *faults]
    typed = type_table(next(raw for raw in raws if raw.table == TABLE), {})
    lost = typed.lost.with_columns(_bad=pl.lit(value=True))
    rows = pl.concat([typed.frame, lost.select(typed.frame.columns)]).sort("_src", "_row")
    return Read(set_apart(rows, INPUT[TABLE]), [*told, *typed.problems], sources, files, facts)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(path, "not-readable", f"it cannot be read ({error.strerror}).") from error
