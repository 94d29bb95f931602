"""Record: decisions written where the board was read from, whole or not at all, with nothing else touched."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from boardkit.deciding.book import SUFFIX as BOOK
from boardkit.deciding.book import with_rows
from boardkit.deciding.text import appended, started
from boardkit.ending import held
from boardkit.errors import CallError
from boardkit.private import FILE
from boardkit.read.folder import SUFFIXES
from boardkit.read.marksheet import is_board
from boardkit.read.names import table_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from boardkit.cohort import Cohort
    from boardkit.read.limits import Limits

NEW = "decisions.csv"
"""The file that is begun where a folder has none."""
_LOCKS = ("~${name}", ".~lock.{name}#")
"""What Excel and LibreOffice put beside a file that someone has open."""

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH

Row = dict[str, str | None]


@dataclass(frozen=True)
class Target:
    """Where decisions are written.

    Args:
        path: the file.
        sheet: the sheet of a workbook; empty where it has none yet, and for a file of text.
        sha256: the digest of the file as it was read; none where it is new.
    """

    path: Path
    sheet: str = ""
    sha256: str | None = None

    @property
    def is_book(self) -> bool:
        """Whether it is a workbook."""
        return self.path.suffix.lower() == BOOK


def target(source: Path, cohort: Cohort) -> Target:
    """Find where the decisions of a board are written.

    Args:
        source: the workbook or folder that the board was read from.
        cohort: the board's tables, as they were read from it.

    Returns:
        The file: the one that holds the decisions, a workbook's own, or a new one in the folder.

    Raises:
        CallError: decisions cannot be written there; what to do is said.
    """
    digests = {item.name: item.sha256 for item in cohort.files}
    held = [place for place in cohort.sources if place.table == "decisions"]
    if source.is_file():
        _only(source)
        return Target(source.resolve(), held[0].sheet if held else "", digests.get(source.name))
    if held:
        path = source / held[0].file
        _only(path)
        return Target(path.resolve(), held[0].sheet, digests.get(path.name))
    if is_board(source):
        raise CallError(
            f"cannot record a decision in {source.name}: its board.toml names no file with decisions. Put {NEW} with "
            "the column names in the folder, and name it in board.toml."
        )
    if not any(path.suffix.lower() in SUFFIXES and table_named(path.stem) for path in source.iterdir()):
        raise CallError(
            f"cannot record a decision in {source.name}: it is no folder of boardkit's tables. Record it where the "
            "tables are."
        )
    return Target((source / NEW).resolve())


def _only(path: Path) -> None:
    """Refuse a kind of file that rows cannot be added to."""
    if path.suffix.lower() not in (BOOK, ".csv"):
        raise CallError(
            f"cannot record a decision in {path.name}: rows are added to .csv files and .xlsx workbooks alone. Keep "
            f"the tables as a folder with {NEW}, or type the row."
        )


def write(where: Target, rows: Sequence[Row], limits: Limits | None = None) -> Path | None:
    """Write rows of the decisions table behind those that are there.

    A file of text keeps every byte that it has; a workbook is written by openpyxl, only where that loses nothing,
    and the workbook as it was stays beside it.

    Args:
        where: the file.
        rows: the rows, each value by the name of its column.
        limits: how much a workbook may ask for that is read again; the defaults where not given.

    Returns:
        The copy of a workbook as it was; none for a file of text.

    Raises:
        CallError: the file is open elsewhere, is read-only, has changed since it was read, or cannot be written.
            Nothing was written then.
    """
    path = where.path
    try:
        with _alone(path.parent):
            _refuse_open(path)
            _refuse_read_only(path)
            content = _unchanged(where)
            if content is None:
                made = started(rows)
            elif where.is_book:
                made = with_rows(path, content, where.sheet, rows, limits)
            else:
                made = appended(path, content, rows)
            # Again: where the system knows no lock, another may have written meanwhile.
            _unchanged(where)
            if where.is_book and content is not None:
                return _with_copy(path, content, made)
            _replace(path, made)
    except OSError as error:
        raise CallError(
            f"cannot write to {path.name}: {error.strerror or error}. Nothing was written."
        ) from error
    return None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others who record in the folder waiting; then they see that what they have read has changed.

    The system lets go of it with the process, however that ends. It knows no such lock on Windows and on some disks of a
    network; there a second look at the file, just before it is replaced, has to do.
    """
    handle = None
    with suppress(ImportError, OSError):
        import fcntl  # noqa: PLC0415 - not on Windows

        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _unchanged(where: Target) -> bytes | None:
    """Give what a file holds; refuse one that is not what was read, or that was begun by another meanwhile."""
    content = where.path.read_bytes() if where.path.exists() else None
    digest = None if content is None else hashlib.sha256(content).hexdigest()
    if digest != where.sha256:
        raise CallError(f"cannot write to {where.path.name}: it has changed since it was read. Try again.")
    return content


def _with_copy(path: Path, content: bytes, made: bytes) -> Path:
    """Put a workbook in place with the one as it was beside it, or neither."""
    kept = _free(path)
    with held():
        _replace(kept, content)
        try:
            _replace(path, made)
        except OSError:
            kept.unlink()
            raise
    return kept


def _free(path: Path) -> Path:
    """Name the copy of a workbook as it was: the first number that is free."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.before-{number}{path.suffix}")).exists():
        number += 1
    return kept


def _refuse_open(path: Path) -> None:
    """Refuse a file that someone has open, whose copy would be written over this one."""
    for lock in _LOCKS:
        if path.with_name(lock.format(name=path.name)).exists():
            raise CallError(f"cannot write to {path.name}: it is open elsewhere. Close it, and try again.")


def _refuse_read_only(path: Path) -> None:
    """Refuse a file that is not to be written to, though its folder would let another be put in its place."""
    if path.exists() and not (stat.S_IMODE(path.stat().st_mode) & _WRITABLE and os.access(path, os.W_OK)):
        raise CallError(f"cannot write to {path.name}: it is read-only. Make it writable, and try again.")


def _replace(path: Path, content: bytes) -> None:
    """Put a file in place whole: who may read it stays as it was, and a new one is its owner's alone."""
    before = path.stat() if path.exists() else None
    handle, name = tempfile.mkstemp(prefix=".boardkit-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(FILE if before is None else _same_readers(name, before))
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _same_readers(name: str, before: os.stat_result) -> int:
    """Give a file the group of the one that it replaces, and say what may be done with it; not by another group."""
    mode = stat.S_IMODE(before.st_mode)
    if Path(name).stat().st_gid == before.st_gid:
        return mode
    try:
        os.chown(name, -1, before.st_gid)
    except (AttributeError, OSError):  # Windows has no groups; another's group cannot be given
        return mode & ~stat.S_IRWXG
    return mode
