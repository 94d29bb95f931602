"""A folder's files: put in place of an earlier run's, and over nobody else's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.private import private
from boardkit.report.manifest import MANIFEST, digest, written
from boardkit.report.printed import printed
from boardkit.whole import fixed, move_all, named, unwritable

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


def refuse_strangers(folder: Path, names: set[str], *, force: bool, source: Path | None = None) -> None:
    """Refuse to write files to a folder where no manifest of ours vouches for those that are there.

    Args:
        folder: where they would be written.
        names: what would be written.
        force: whether such files may be written over; folders never are, nor what is read.
        source: the file that is read, where there is one.

    Raises:
        CallError: the folder is a file, or holds something that would be lost.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise CallError(f"cannot write to {named(folder)}: it is a file. Name a folder.")
        known = written(folder)
        here = sorted(name for name in names | known.keys() if (folder / name).exists())
        folders = [name for name in here if (folder / name).is_dir()]
        read = [name for name in here if _is(folder / name, source)]
        strangers = [name for name in here if name not in folders and not _ours(folder, name, known)]
    except OSError as error:
        raise unwritable(folder, error) from error
    if read:
        raise CallError(
            f"cannot write to {named(folder)}: {read[0]} in it is the input, and would be written over. "
            "Choose another folder."
        )
    others = [name for name in known if name in here and name not in names and not name.endswith(".parquet")]
    if others:
        raise CallError(
            f"cannot write to {named(folder)}: another command of boardkit wrote {', '.join(sorted(others))}, which would "
            "be lost. Choose another folder."
        )
    if folders:
        raise CallError(
            f"cannot write to {named(folder)}: {folders[0]} in it is a folder. Choose another folder."
        )
    if strangers and not force:
        were = "was" if len(strangers) == 1 else "were"
        raise CallError(
            f"cannot write to {named(folder)}: {', '.join(strangers)} {were} not written by boardkit, "
            "or changed since. Choose another folder, or add --force to write over."
        )


def _is(path: Path, source: Path | None) -> bool:
    """Tell whether a path is that of the file that is read, by whatever name either goes."""
    return source is not None and source.exists() and path.samefile(source)


def _ours(folder: Path, name: str, known: dict[str, str]) -> bool:
    """Tell whether a file is as boardkit wrote it; a manifest vouches for itself by what it says."""
    return bool(known) if name == MANIFEST else known.get(name) == digest(folder / name)


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
    elif fixed(folder):
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
