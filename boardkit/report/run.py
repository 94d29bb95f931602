"""A run's files: the tables, the board workbook, the manifest; whole or not at all, over nobody else's work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.dates.calendar import calendar
from boardkit.private import FOLDER, private
from boardkit.queries import AT_ONCE
from boardkit.report.anonymous import without_names
from boardkit.report.changes import CHANGES, changes_since
from boardkit.report.content import papers as content_of
from boardkit.report.folder import put_in_place, refuse_strangers, write_file
from boardkit.report.manifest import MANIFEST, manifest
from boardkit.report.workbook import write_workbook
from boardkit.whole import OS_ERROR, aside, unwritable

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.report.changes import Changes

BOOK = "board.xlsx"
CALENDAR = "dates.ics"


@dataclass(frozen=True)
class Written:
    """What a run wrote.

    Args:
        folder: where.
        board: what was written: with nobody named, where that was asked.
        changes: what differs from the run that was there before; none where there was no run.
        files: the names of what it wrote besides the tables, in the order they are told.
    """

    folder: Path
    board: BoardResult
    changes: Changes | None
    files: tuple[str, ...]


def write_run(  # noqa: PLR0913 - what a run may be asked for
    board: BoardResult,
    out: str | Path,
    *,
    parquet: bool = False,
    force: bool = False,
    anonymous: bool = False,
    papers: bool = True,
) -> Written:
    """Write every output table, the board workbook and the manifest.

    The files are written aside and put in place together; other files in the folder stay. Where an earlier
    run is there, what differs from it is written too.

    Args:
        board: the assessed board.
        out: the folder; made where it is not there.
        parquet: write ``.parquet`` beside every ``.csv``.
        force: write over files that boardkit did not write, or that were changed since.
        anonymous: write no name and no e-mail.
        papers: write the board workbook.

    Returns:
        The folder, the board as it was written, what differs from the run before, and what was written besides the tables.

    Raises:
        CallError: the folder cannot be written, or holds such files and ``force`` is not given.
    """
    folder = Path(out)
    refuse(folder, parquet=parquet, force=force)
    if anonymous:
        board = without_names(board)
    try:
        changes = changes_since(board, folder)
        with aside(folder.resolve()) as beside:
            staged = beside / "run"
            staged.mkdir(mode=FOLDER)
            # Side by side: each takes many small steps of polars', and waits for them.
            with ThreadPoolExecutor(AT_ONCE) as pool:
                content = pool.submit(content_of, board, changes) if papers else None
                entries = pool.submit(calendar, board)
                counts = _write_tables(board, staged, parquet=parquet)
            if changes is not None and changes.rows.height:
                write_file(staged / CHANGES, changes.rows)
            if (dates := entries.result()) is not None:
                write_file(staged / CALENDAR, dates.decode("utf-8"))
            if content is not None:
                private(staged / BOOK)
                write_workbook(content.result(), staged / BOOK)
            write_file(staged / MANIFEST, manifest(board, staged, counts))
            wrote = tuple(name for name in (BOOK, CALENDAR, CHANGES, MANIFEST) if (staged / name).exists())
            put_in_place(staged, folder.resolve(), beside / "before")
    except (OSError, pl.exceptions.ComputeError) as error:
        if isinstance(error, OSError) or OS_ERROR.search(str(error)):
            raise unwritable(folder, error) from error
        raise
    return Written(folder, board, changes, wrote)


def refuse(folder: Path, *, parquet: bool = False, force: bool = False, source: Path | None = None) -> None:
    """Refuse to write over a folder's files where no manifest of ours vouches for them.

    Args:
        folder: where a run would be written.
        parquet: whether it would write ``.parquet`` too.
        force: whether such files may be written over; folders never are, nor what is read.
        source: the file that is read, where there is one.

    Raises:
        CallError: the folder is a file, or holds something that would be lost.
    """
    names = {f"{table}.csv" for table in tables.OUTPUT} | {MANIFEST, BOOK, CHANGES, CALENDAR}
    names |= {f"{table}.parquet" for table in tables.OUTPUT} if parquet else set()
    refuse_strangers(folder, names, force=force, source=source)


def _write_tables(board: BoardResult, folder: Path, *, parquet: bool) -> dict[str, int]:
    """Make and write the output tables, side by side as well."""

    def written(name: str) -> int:
        frame = board.table(name)
        write_file(folder / f"{name}.csv", frame)
        if parquet:
            path = folder / f"{name}.parquet"
            private(path)
            frame.write_parquet(path)
        return frame.height

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(tables.OUTPUT, pool.map(written, tables.OUTPUT), strict=True))
