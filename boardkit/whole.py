"""Whole: files written aside and put in place together, or not at all, and over nothing that was read."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from boardkit.ending import held
from boardkit.errors import CallError
from boardkit.private import FOLDER, private

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Files = Mapping[str, str | bytes]

OS_ERROR = re.compile(r"([^:]+) \(os error \d+\)")
"""How polars tells of the system's errors."""


def named(folder: Path) -> str:
    """Name a folder in a message, the one that one stands in too.

    Examples:
        >>> named(Path("reports/psychology")), named(Path()) == Path.cwd().name, named(Path("/"))
        ('psychology', True, '/')
    """
    return folder.name or folder.resolve().name or str(folder)


def unwritable(folder: Path, error: Exception) -> CallError:
    """Say why a folder cannot be written; polars tells of the system's errors in its own words."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return CallError(f"cannot write to {named(folder)}: {Path(error.filename).name} is not a folder.")
    told = OS_ERROR.search(str(error))
    why = getattr(error, "strerror", None) or (told[1].strip() if told else str(error))
    return CallError(f"cannot write to {named(folder)}: {why}. Nothing was written.")


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
        made = tempfile.mkdtemp(prefix=".boardkit-", dir=folder if fixed(folder) else folder.parent)
        try:
            yield Path(made)
        finally:
            _clear(Path(made))


def _clear(place: Path) -> None:
    """Leave nothing of a place that was written aside in."""
    with held():
        shutil.rmtree(place, ignore_errors=True)


def fixed(folder: Path) -> bool:
    """Tell whether a folder must stay the folder it is: mounted, stood in, or in one that is not ours."""
    if not folder.exists():
        return False
    stood_in = folder in (Path.cwd().resolve(), *Path.cwd().resolve().parents)
    return stood_in or folder.is_mount() or not os.access(folder.parent, os.W_OK)


def move_all(moves: list[tuple[Path, Path]]) -> None:
    """Move files in turn; where one cannot be moved, move all of them back. Ctrl-C waits until it is over."""
    done: list[tuple[Path, Path]] = []
    with held():
        try:
            for here, there in moves:
                here.rename(there)
                done.append((here, there))
        except BaseException:
            for here, there in reversed(done):
                there.rename(here)
            raise


def refuse_over(folder: Path, files: Iterable[str], *, force: bool) -> None:
    """Refuse to write over files that are there.

    Raises:
        CallError: the folder is a file, or holds one of the files and ``force`` is not given, or a folder of that name.
    """
    name = named(folder)
    with _reachable(name):
        if folder.exists() and not folder.is_dir():
            raise CallError(f"cannot write to {name}: it is a file. Name a folder.")
        there = [each for each in files if (folder / each).is_symlink() or (folder / each).exists()]
        folders = [each for each in there if (folder / each).is_dir()]
    if folders:
        raise CallError(f"cannot write to {name}: {folders[0]} in it is a folder. Choose another folder.")
    if there and not force:
        raise CallError(
            f"cannot write to {name}: {there[0]} is there already. Choose another folder, or add --force to "
            "write over; what is there is lost then."
        )


def refuse_beside(folder: Path, files: Iterable[str]) -> None:
    """Refuse a folder that is to be sent and holds other files, which may say who students are.

    Raises:
        CallError: it holds some.
    """
    mine, name = set(files), named(folder)
    with _reachable(name):
        there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    others = [each for each in there if each not in mine]
    if others:
        raise CallError(
            f"cannot write to {name}: it holds {others[0]} besides, and the folder is to be sent. Choose another folder."
        )


def refuse_read(folder: Path, files: Files, read: Iterable[Path]) -> None:
    """Refuse to write in place of a file that was read, but what it holds already.

    Raises:
        CallError: one of the files is among those that were read.
    """
    were = [path for path in read if path.is_file()]
    for name, content in files.items():
        path = folder / name
        if (
            path.is_file()
            and any(path.samefile(one) for one in were)
            and path.read_bytes() != _bytes(content)
        ):
            raise CallError(
                f"cannot write {name}: it is a file that was read for this. Write to another place."
            )


def write_whole(
    folder: Path,
    files: Files,
    *,
    beside: Files | None = None,
    read: Iterable[Path] = (),
    force: bool = False,
) -> None:
    """Write files to a folder, and some beside it, all or none, for their owner alone.

    Args:
        folder: made where it is not there.
        files: what each is to hold, by name.
        beside: the same of those that are written where the folder itself stands.
        read: what this was made of, and is never written over.
        force: write over files that are there.

    Raises:
        CallError: one of them is there, or was read, or cannot be written.
    """
    wanted = [(folder, files), *([(folder.resolve().parent, beside)] if beside else [])]
    read = list(read)
    with _reachable(f"{named(folder)} and beside it" if beside else named(folder)):
        for place, held in wanted:
            refuse_read(place, held, read)
            refuse_over(place, held, force=force)
        with above(folder), ExitStack() as stack:
            move_all([move for place, held in wanted for move in _staged(stack, place, held)])


def write_one_whole(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write one file for its owner alone, whole or not at all.

    Raises:
        CallError: it is there and ``force`` is not given, or it cannot be written.
    """
    write_whole(path.parent, {path.name: content}, force=force)


@contextmanager
def _reachable(where: str) -> Iterator[None]:
    """Say in words why something cannot be written.

    Raises:
        CallError: the system does not let it be looked at or written.
    """
    try:
        yield
    except OSError as error:
        raise CallError(
            f"cannot write to {where}: {error.strerror or error}. Nothing was written."
        ) from error


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _staged(stack: ExitStack, folder: Path, files: Files) -> list[tuple[Path, Path]]:
    """Write files aside, and say what is to be moved where so that they stand in the folder.

    Aside is within a folder that is there: what is above it may be another disk, or nobody's to write to.
    """
    there = folder.exists()
    place = Path(tempfile.mkdtemp(prefix=".boardkit-", dir=folder if there else folder.parent))
    stack.callback(_clear, place)
    new, before = place / "new", place / "before"
    new.mkdir(mode=FOLDER)
    before.mkdir(mode=FOLDER)
    for name, content in files.items():
        private(new / name).write_bytes(_bytes(content))
    if not there:
        return [(new, folder)]
    earlier = [(folder / name, before / name) for name in files if os.path.lexists(folder / name)]
    return [*earlier, *((new / name, folder / name) for name in files)]
