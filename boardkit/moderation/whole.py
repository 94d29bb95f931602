"""Whole: files written together or not at all, over nothing that is there unless it is asked for, and over nothing read."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.private import FOLDER, private
from boardkit.report.folder import above, move_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Files = Mapping[str, str | bytes]


def refuse_over(folder: Path, files: Iterable[str], *, force: bool) -> None:
    """Refuse to write over files that are there.

    Raises:
        CallError: the folder is a file, or holds one of the files and ``force`` is not given, or a folder of that name.
    """
    name = _called(folder)
    with _reachable(name):
        if folder.exists() and not folder.is_dir():
            raise CallError(f"cannot write to {name}: it is a file. Name a folder.")
        there = [each for each in files if (folder / each).exists()]
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
    mine, name = set(files), _called(folder)
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
    with _reachable(f"{_called(folder)} and beside it" if beside else _called(folder)):
        for place, held in wanted:
            refuse_read(place, held, read)
            refuse_over(place, held, force=force)
        with above(folder), ExitStack() as stack:
            move_all([move for place, held in wanted for move in _staged(stack, place, held)])


def write_file(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write one file for its owner alone, whole or not at all.

    Raises:
        CallError: it is there and ``force`` is not given, or it cannot be written.
    """
    write_whole(path.parent, {path.name: content}, force=force)


def _called(folder: Path) -> str:
    """Name a folder, the one that one stands in too."""
    return folder.name or folder.resolve().name


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
    aside = Path(tempfile.mkdtemp(prefix=".boardkit-", dir=folder if there else folder.parent))
    stack.callback(shutil.rmtree, aside, ignore_errors=True)
    new, before = aside / "new", aside / "before"
    new.mkdir(mode=FOLDER)
    before.mkdir(mode=FOLDER)
    for name, content in files.items():
        private(new / name).write_bytes(_bytes(content))
    if not there:
        return [(new, folder)]
    earlier = [(folder / name, before / name) for name in files if (folder / name).exists()]
    return [*earlier, *((new / name, folder / name) for name in files)]
