"""A run's files: the tables as CSV, the manifest; whole or not at all, and over nobody else's work."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import boardkit
from boardkit import tables
from boardkit.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.board import BoardResult

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_FORMULA = r"^[=+\-@\t\r\x00]"
_OS_ERROR = re.compile(r"([^:]+) \(os error \d+\)")
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"


def write_run(board: BoardResult, out: str | Path, *, parquet: bool = False, force: bool = False) -> Path:
    """Write every output table and the manifest.

    The files are written aside and put in place together; other files in the folder stay.

    Args:
        board: the assessed board.
        out: the folder; made where it is not there.
        parquet: write ``.parquet`` beside every ``.csv``.
        force: write over files that boardkit did not write, or that were changed since.

    Returns:
        The folder.

    Raises:
        CallError: the folder cannot be written, or holds such files and ``force`` is not given.
    """
    folder = Path(out)
    refuse(folder, parquet=parquet, force=force)
    try:
        with _aside(folder.resolve()) as aside:
            staged = aside / "run"
            staged.mkdir(mode=_PRIVATE_FOLDER)
            counts = _write_tables(board, staged, parquet=parquet)
            _write(staged / MANIFEST, _manifest(board, staged, counts))
            _put_in_place(staged, folder.resolve(), aside / "before")
    except (OSError, pl.exceptions.ComputeError) as error:
        if isinstance(error, OSError) or _OS_ERROR.search(str(error)):
            raise _unwritable(folder, error) from error
        raise
    return folder


def refuse(folder: Path, *, parquet: bool = False, force: bool = False) -> None:
    """Refuse to write over a folder's files where no manifest of ours vouches for them.

    Args:
        folder: where a run would be written.
        parquet: whether it would write ``.parquet`` too.
        force: whether such files may be written over; folders never are.

    Raises:
        CallError: the folder is a file, or holds something that would be lost.
    """
    names = {f"{table}.csv" for table in tables.OUTPUT} | {MANIFEST}
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


def written(folder: Path) -> dict[str, str]:
    """Give the digests of the files that an earlier run wrote into a folder, by name."""
    try:
        outputs = json.loads((folder / MANIFEST).read_text("utf-8"))["outputs"]
        digests = {str(name): str(entry["sha256"]) for name, entry in outputs.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: told for name, told in digests.items() if name and Path(name).name == name}


def digest(path: Path) -> str:
    """Give a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
            path.touch(mode=_PRIVATE_FILE)
            frame.write_parquet(path)
    return counts


def _write(path: Path, content: pl.DataFrame | str) -> None:
    """Write a file that only its owner can read."""
    path.touch(mode=_PRIVATE_FILE)
    if isinstance(content, str):
        path.write_text(content, "utf-8")
    else:
        printed(content).write_csv(path, quote_style="never", null_value="")


def printed(frame: pl.DataFrame) -> pl.DataFrame:
    r"""Give a table as its CSV has it: text in quotation marks, numbers bare, nulls empty.

    Text that a spreadsheet would take for a formula has an apostrophe put before it.

    Examples:
        >>> printed(pl.DataFrame({"module": ["=1+1", "-5"], "credits": [20, None]})).rows()
        [('"\'=1+1"', 20), ('"-5"', None)]
    """
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(_quoted(pl.col(name)).alias(name) for name in texts)


def _quoted(text: pl.Expr) -> pl.Expr:
    formula = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    guard = pl.when(formula).then(pl.lit("\"'")).otherwise(pl.lit('"'))
    return pl.concat_str(guard, text.str.replace_all('"', '""', literal=True), pl.lit('"'))


def _manifest(board: BoardResult, folder: Path, counts: dict[str, int]) -> str:
    pack = board.pack
    facts = board.cohort.facts
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "versions": {
            "boardkit": boardkit.__version__,
            "polars": pl.__version__,
            "python": platform.python_version(),
        },
        "regulations": {"id": pack.rules.pack.id, "file": pack.file, "sha256": pack.digest},
        "board": {**dict(sorted(facts.values.items())), "diet": facts.diet, "status": facts.status},
        "seed": None,
        "inputs": {item.name: {"sha256": item.sha256, "bytes": item.size} for item in board.cohort.files},
        "counts": counts,
        "problems": board.severities,
        "outputs": {
            path.name: {"sha256": digest(path), "bytes": path.stat().st_size}
            for path in sorted(folder.iterdir())
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


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
