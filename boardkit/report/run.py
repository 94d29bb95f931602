"""A run's files: the tables, the board workbook, the manifest; whole or not at all, over nobody else's work."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.dates.calendar import calendar
from boardkit.errors import CallError
from boardkit.private import FOLDER, private
from boardkit.report.anonymous import without_names
from boardkit.report.changes import CHANGES, changes_since
from boardkit.report.content import papers as content_of
from boardkit.report.manifest import MANIFEST, digest, manifest, written
from boardkit.report.printed import printed
from boardkit.report.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.board import BoardResult
    from boardkit.report.changes import Changes

BOOK = "board.xlsx"
CALENDAR = "dates.ics"
_OS_ERROR = re.compile(r"([^:]+) \(os error \d+\)")


@dataclass(frozen=True)
class Written:
    """What a run wrote.

    Args:
        folder: where.
        changes: what differs from the run that was there before; none where there was no run.
        files: the names of what it wrote besides the tables, in the order they are told.
    """

    folder: Path
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
        The folder, what differs from the run before, and what was written besides the tables.

    Raises:
        CallError: the folder cannot be written, or holds such files and ``force`` is not given.
    """
    folder = Path(out)
    refuse(folder, parquet=parquet, force=force)
    if anonymous:
        board = without_names(board)
    try:
        changes = changes_since(board, folder)
        with _aside(folder.resolve()) as aside:
            staged = aside / "run"
            staged.mkdir(mode=FOLDER)
            counts = _write_tables(board, staged, parquet=parquet)
            if changes is not None and changes.rows.height:
                _write(staged / CHANGES, changes.rows)
            entries = calendar(board)
            if entries is not None:
                _write(staged / CALENDAR, entries.decode("utf-8"))
            if papers:
                private(staged / BOOK)
                write_workbook(content_of(board, changes), staged / BOOK)
            _write(staged / MANIFEST, manifest(board, staged, counts))
            wrote = tuple(name for name in (BOOK, CALENDAR, CHANGES, MANIFEST) if (staged / name).exists())
            _put_in_place(staged, folder.resolve(), aside / "before")
    except (OSError, pl.exceptions.ComputeError) as error:
        if isinstance(error, OSError) or _OS_ERROR.search(str(error)):
            raise _unwritable(folder, error) from error
        raise
    return Written(folder, changes, wrote)


def refuse(folder: Path, *, parquet: bool = False, force: bool = False) -> None:
    """Refuse to write over a folder's files where no manifest of ours vouches for them.

    Args:
        folder: where a run would be written.
        parquet: whether it would write ``.parquet`` too.
        force: whether such files may be written over; folders never are.

    Raises:
        CallError: the folder is a file, or holds something that would be lost.
    """
    names = {f"{table}.csv" for table in tables.OUTPUT} | {MANIFEST, BOOK, CHANGES, CALENDAR}
    names |= {f"{table}.parquet" for table in tables.OUTPUT} if parquet else set()
    try:
        if folder.exists() and not folder.is_dir():
            raise CallError(f"cannot write to {folder.name}: it is a file. Name a folder.")
        known = written(folder)
        here = sorted(name for name in names | known.keys() if (folder / name).exists())
        folders = [name for name in here if (folder / name).is_dir()]
        strangers = [name for name in here if name not in folders and not _ours(folder, name, known)]
    except OSError as error:
        raise _unwritable(folder, error) from error
    if folders:
        raise CallError(
            f"cannot write to {folder.name}: {folders[0]} in it is a folder. Choose another folder."
        )
    if strangers and not force:
        were = "was" if len(strangers) == 1 else "were"
        raise CallError(
            f"cannot write to {folder.name}: {', '.join(strangers)} {were} not written by boardkit, "
            "or changed since. Choose another folder, or add --force to write over."
        )


def _ours(folder: Path, name: str, known: dict[str, str]) -> bool:
    """Tell whether a file is as boardkit wrote it; a manifest vouches for itself by what it says."""
    return bool(known) if name == MANIFEST else known.get(name) == digest(folder / name)


def _unwritable(folder: Path, error: Exception) -> CallError:
    """Say why a folder cannot be written; polars tells of the system's errors in its own words."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return CallError(f"cannot write to {folder.name}: {Path(error.filename).name} is not a folder.")
    told = _OS_ERROR.search(str(error))
    why = getattr(error, "strerror", None) or (told[1].strip() if told else str(error))
    return CallError(f"cannot write to {folder.name}: {why}. Nothing was written.")


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Make a place to write in, on the same disk, and leave nothing behind."""
    missing = [parent for parent in folder.parents if not parent.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = tempfile.mkdtemp(prefix=".boardkit-", dir=folder if _fixed(folder) else folder.parent)
        try:
            yield Path(aside)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except BaseException:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


def _fixed(folder: Path) -> bool:
    """Tell whether a folder must stay the folder it is: mounted, stood in, or in one that is not ours."""
    if not folder.exists():
        return False
    stood_in = folder in (Path.cwd().resolve(), *Path.cwd().resolve().parents)
    return stood_in or folder.is_mount() or not os.access(folder.parent, os.W_OK)


def _write_tables(board: BoardResult, folder: Path, *, parquet: bool) -> dict[str, int]:
    counts = {}
    for name in tables.OUTPUT:
        frame = board.table(name)
        counts[name] = frame.height
        _write(folder / f"{name}.csv", frame)
        if parquet:
            path = folder / f"{name}.parquet"
            private(path)
            frame.write_parquet(path)
    return counts


def _write(path: Path, content: pl.DataFrame | str) -> None:
    """Write a file that only its owner can read."""
    private(path)
    if isinstance(content, str):
        path.write_text(content, "utf-8", newline="")
    else:
        printed(content).write_csv(path, quote_style="never", null_value="")


def _put_in_place(staged: Path, folder: Path, before: Path) -> None:
    """Put the staged files into the folder in place of the earlier run's; what else is there stays."""
    if not folder.exists():
        staged.rename(folder)
    elif _fixed(folder):
        before.mkdir()
        replaced = {path.name for path in staged.iterdir()} | written(folder).keys()
        earlier = [(folder / name, before / name) for name in sorted(replaced) if (folder / name).exists()]
        later = [(path, folder / path.name) for path in _manifest_last(staged)]
        _move_all([*earlier, *later])
    else:
        replaced = {path.name for path in staged.iterdir()} | written(folder).keys()
        others = [path.name for path in folder.iterdir() if path.name not in replaced]
        _move_all([(folder, before), *((before / name, staged / name) for name in others), (staged, folder)])


def _manifest_last(staged: Path) -> list[Path]:
    return sorted(staged.iterdir(), key=lambda path: (path.name == MANIFEST, path.name))


def _move_all(moves: list[tuple[Path, Path]]) -> None:
    """Move files in turn; where one cannot be moved, move all of them back."""
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in moves:
            here.rename(there)
            done.append((here, there))
    except BaseException:
        for here, there in reversed(done):
            there.rename(here)
        raise
