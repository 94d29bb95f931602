"""A run's files: the tables as CSV, the manifest; whole or not at all, and over nobody else's work."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import boardkit
from boardkit import tables
from boardkit.errors import CallError

if TYPE_CHECKING:
    from boardkit.board import BoardResult

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700


def write_run(board: BoardResult, out: str | Path, *, parquet: bool = False, force: bool = False) -> Path:
    """Write every output table and the manifest.

    The files are written beside the folder and moved into place together; other files in the folder stay.

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
    if folder.exists() and not folder.is_dir():
        raise CallError(f"cannot write to {folder.name}: it is a file. Name a folder.")
    names = [f"{table}.csv" for table in tables.OUTPUT]
    names += [f"{table}.parquet" for table in tables.OUTPUT] if parquet else []
    if not force:
        _refuse_strangers(folder, [*names, MANIFEST])
    try:
        folder.resolve().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".boardkit-", dir=folder.resolve().parent) as beside:
            staged = Path(beside) / "run"
            staged.mkdir(mode=_PRIVATE_FOLDER)
            counts = _write_tables(board, staged, parquet=parquet)
            _write(staged / MANIFEST, _manifest(board, staged, counts))
            _move_in(staged, folder.resolve(), Path(beside) / "before")
    except OSError as error:
        raise CallError(f"cannot write to {folder.name}: {error.strerror or 'not writable'}.") from error
    return folder


def _refuse_strangers(folder: Path, names: list[str]) -> None:
    """Refuse to write over a file that no manifest of ours vouches for."""
    known = written(folder)
    strangers = [
        name
        for name in names
        if (folder / name).exists() and name != MANIFEST and known.get(name) != digest(folder / name)
    ]
    if (folder / MANIFEST).exists() and not known:
        strangers.append(MANIFEST)
    if strangers:
        raise CallError(
            f"cannot write to {folder.name}: {', '.join(strangers)} "
            f"{'was' if len(strangers) == 1 else 'were'} not written by boardkit, or changed since. "
            "Choose another folder, or add --force to write over."
        )


def written(folder: Path) -> dict[str, str]:
    """Give the digests of the files that an earlier run wrote into a folder, by name."""
    try:
        outputs = json.loads((folder / MANIFEST).read_text("utf-8"))["outputs"]
        return {str(name): str(entry["sha256"]) for name, entry in outputs.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def digest(path: Path) -> str:
    """Give a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    """Write a file that only its owner can read; text cells are quoted, so that none is taken for a formula."""
    path.touch(mode=_PRIVATE_FILE)
    if isinstance(content, str):
        path.write_text(content, "utf-8")
    else:
        content.write_csv(path, quote_style="non_numeric", null_value="")


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


def _move_in(staged: Path, folder: Path, before: Path) -> None:
    """Put the staged files in the folder's place, with the other files that were there."""
    if not folder.exists():
        staged.rename(folder)
        return
    ours = written(folder)
    for path in folder.iterdir():
        if (staged / path.name).exists() or path.name in ours or path.name == MANIFEST:
            continue
        if path.is_dir():
            shutil.copytree(path, staged / path.name, symlinks=True, copy_function=os.link)
        else:
            os.link(path, staged / path.name, follow_symlinks=False)
    folder.rename(before)
    try:
        staged.rename(folder)
    except OSError:
        before.rename(folder)
        raise
