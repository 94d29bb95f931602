"""A folder's files: written aside and put in place together, whole or not at all, over nobody else's work."""

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
from boardkit.report.manifest import MANIFEST, digest, written
from boardkit.report.printed import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

OS_ERROR = re.compile(r"([^:]+) \(os error \d+\)")
"""How polars tells of the system's errors."""


def refuse_strangers(folder: Path, names: set[str], *, force: bool) -> None:
    """Refuse to write files to a folder where no manifest of ours vouches for those that are there.

    Args:
        folder: where they would be written.
        names: what would be written.
        force: whether such files may be written over; folders never are.

    Raises:
        CallError: the folder is a file, or holds something that would be lost.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise CallError(f"cannot write to {folder.name}: it is a file. Name a folder.")
        known = written(folder)
        here = sorted(name for name in names | known.keys() if (folder / name).exists())
        folders = [name for name in here if (folder / name).is_dir()]
        strangers = [name for name in here if name not in folders and not _ours(folder, name, known)]
    except OSError as error:
        raise unwritable(folder, error) from error
    others = [name for name in known if name in here and name not in names and not name.endswith(".parquet")]
    if others:
        raise CallError(
            f"cannot write to {folder.name}: another command of boardkit wrote {', '.join(sorted(others))}, which would "
            "be lost. Choose another folder."
        )
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


def unwritable(folder: Path, error: Exception) -> CallError:
    """Say why a folder cannot be written; polars tells of the system's errors in its own words."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return CallError(f"cannot write to {folder.name}: {Path(error.filename).name} is not a folder.")
    told = OS_ERROR.search(str(error))
    why = getattr(error, "strerror", None) or (told[1].strip() if told else str(error))
    return CallError(f"cannot write to {folder.name}: {why}. Nothing was written.")


@contextmanager
def above(folder: Path) -> Iterator[None]:
    """Make the folders above one, and leave none of them behind where what is done in them fails."""
    missing = [parent for parent in folder.parents if not parent.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """Make a place to write in, on the same disk, and leave nothing behind."""
    with above(folder):
        made = tempfile.mkdtemp(prefix=".boardkit-", dir=folder if _fixed(folder) else folder.parent)
        try:
            yield Path(made)
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _fixed(folder: Path) -> bool:
    """Tell whether a folder must stay the folder it is: mounted, stood in, or in one that is not ours."""
    if not folder.exists():
        return False
    stood_in = folder in (Path.cwd().resolve(), *Path.cwd().resolve().parents)
    return stood_in or folder.is_mount() or not os.access(folder.parent, os.W_OK)


def write_file(path: Path, content: pl.DataFrame | str) -> None:
    """Write a file that only its owner can read."""
    private(path)
    if isinstance(content, str):
        path.write_text(content, "utf-8", newline="")
    else:
        printed(content).write_csv(path, quote_style="never", null_value="")


def put_in_place(staged: Path, folder: Path, before: Path) -> None:
    """Put the staged files into the folder in place of the earlier run's; what else is there stays."""
    if not folder.exists():
        staged.rename(folder)
    elif _fixed(folder):
        before.mkdir()
        replaced = {path.name for path in staged.iterdir()} | written(folder).keys()
        earlier = [(folder / name, before / name) for name in sorted(replaced) if (folder / name).exists()]
        later = [(path, folder / path.name) for path in _manifest_last(staged)]
        move_all([*earlier, *later])
    else:
        replaced = {path.name for path in staged.iterdir()} | written(folder).keys()
        others = [path.name for path in folder.iterdir() if path.name not in replaced]
        move_all([(folder, before), *((before / name, staged / name) for name in others), (staged, folder)])


def _manifest_last(staged: Path) -> list[Path]:
    return sorted(staged.iterdir(), key=lambda path: (path.name == MANIFEST, path.name))


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
