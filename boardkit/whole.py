"""Whole: files written aside and put in place together, or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.private import private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OS_ERROR = re.compile(r"([^:]+) \(os error \d+\)")
"""How polars tells of the system's errors."""


def named(folder: Path) -> str:
    """Name a folder in a message; the one that is stood in has no name but a point.

    Examples:
        >>> named(Path("reports/psychology")), named(Path())
        ('psychology', '.')
    """
    return folder.name or str(folder)


def unwritable(folder: Path, error: Exception) -> CallError:
    """Say why a folder cannot be written; polars tells of the system's errors in its own words."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return CallError(f"cannot write to {named(folder)}: {Path(error.filename).name} is not a folder.")
    told = OS_ERROR.search(str(error))
    why = getattr(error, "strerror", None) or (told[1].strip() if told else str(error))
    return CallError(f"cannot write to {named(folder)}: {why}. Nothing was written.")


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """Make a place to write in, on the same disk, and leave nothing behind."""
    missing = [parent for parent in folder.parents if not parent.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = tempfile.mkdtemp(prefix=".boardkit-", dir=folder if fixed(folder) else folder.parent)
        try:
            yield Path(made)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except BaseException:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


def fixed(folder: Path) -> bool:
    """Tell whether a folder must stay the folder it is: mounted, stood in, or in one that is not ours."""
    if not folder.exists():
        return False
    stood_in = folder in (Path.cwd().resolve(), *Path.cwd().resolve().parents)
    return stood_in or folder.is_mount() or not os.access(folder.parent, os.W_OK)


def move_all(moves: list[tuple[Path, Path]]) -> None:
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


def write_whole(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts to new files in a folder that is there, all or none, for their owner alone.

    Args:
        folder: where; what is in it stays.
        files: what each is to hold, by name; none of them is there.

    Raises:
        CallError: the folder cannot be written.
    """
    try:
        with aside(folder.resolve()) as beside:
            for name, text in files.items():
                private(beside / name).write_text(text, "utf-8", newline="")
            move_all([(beside / name, folder / name) for name in files])
    except OSError as error:
        raise unwritable(folder, error) from error
