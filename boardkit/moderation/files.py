"""Files of a sample: written whole or not at all, and over no earlier sample."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import CallError
from boardkit.moderation.anonymous import read_key, script_ids, write_key
from boardkit.moderation.certificate import as_json, readable
from boardkit.moderation.sample import SCRIPT
from boardkit.moderation.scripts import STUDENT
from boardkit.private import FOLDER, private
from boardkit.report.printed import printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from boardkit.moderation.sample import Sample

TABLE, CERTIFICATE, READABLE = "sample.csv", "certificate.json", "certificate.md"


def csv_of(frame: pl.DataFrame) -> str:
    """Write a table as a run writes its own."""
    return printed(frame).write_csv(quote_style="never", null_value="")


def write_sample(sample: Sample, out: str | Path, *, force: bool = False) -> Path:
    """Write a sample and its certificate; for an external, the key and the list of whose scripts they are beside it."""
    folder = Path(out)
    table = csv_of(sample.table("sample"))
    files = {
        TABLE: table,
        CERTIFICATE: as_json(sample, hashlib.sha256(table.encode()).hexdigest()),
        READABLE: readable(sample),
    }
    refuse_over(folder, files, force=force)
    if sample.key is not None:
        refuse_beside(folder, files)
        write_beside(folder, sample.drawn[STUDENT], sample.key, force=force)
    write_whole(folder, files, force=force)
    return folder


def key_of(folder: Path) -> Path:
    """Name the file of a folder's key: beside it, so that it does not go where the folder goes."""
    return folder.resolve().parent / f"{folder.resolve().name}.key"


def list_of(folder: Path) -> Path:
    """Name the file that says whose each anonymous number is."""
    return folder.resolve().parent / f"{folder.resolve().name}-key.csv"


def write_beside(folder: Path, students: pl.Series, key: bytes, *, force: bool) -> None:
    """Write the key of anonymous numbers, and whose each is, beside a folder.

    Raises:
        CallError: a list, or another key, is there already.
    """
    whose, held = list_of(folder), key_of(folder)
    other = held.exists() and read_key(held) != key
    if not force and (other or whose.exists()):
        there = held.name if other else whose.name
        raise CallError(f"cannot write {there}: it is there already. Choose another folder, or add --force.")
    each = students.unique().sort()
    table = pl.DataFrame({SCRIPT: script_ids(each, key), STUDENT: each}).sort(SCRIPT)
    try:
        folder.resolve().parent.mkdir(parents=True, exist_ok=True)
        write_key(held, key)
        private(whose).write_text(csv_of(table), "utf-8", newline="")
    except OSError as error:
        raise CallError(f"cannot write {held.name}: {error.strerror or error}.") from error


def refuse_over(folder: Path, files: Iterable[str], *, force: bool) -> None:
    """Refuse to write over files that are there.

    Raises:
        CallError: the folder is a file, or holds one of the files and ``force`` is not given.
    """
    if folder.exists() and not folder.is_dir():
        raise CallError(f"cannot write to {folder.name}: it is a file. Name a folder.")
    there = [name for name in files if (folder / name).exists()]
    if there and not force:
        raise CallError(
            f"cannot write to {folder.name}: {there[0]} is there already. Choose another folder, or add --force to "
            "write over; what was drawn before is lost then."
        )


def refuse_beside(folder: Path, files: Iterable[str]) -> None:
    """Refuse a folder that is to be sent and holds other files, which may say who students are.

    Raises:
        CallError: it holds some.
    """
    mine = {name.split("/")[0] for name in files}
    others = (
        sorted(path.name for path in folder.iterdir() if path.name not in mine) if folder.is_dir() else []
    )
    if others:
        raise CallError(
            f"cannot write to {folder.name}: it holds {others[0]} besides, and the folder is to be sent. Choose another folder."
        )


def write_whole(folder: Path, files: Mapping[str, str | bytes], *, force: bool = False) -> None:
    """Write files to a folder, all or none, for their owner alone.

    Args:
        folder: made where it is not there.
        files: what each is to hold, by name; a name may stand in a folder of its own.
        force: write over files that are there.

    Raises:
        CallError: one of them is there, or the folder cannot be written.
    """
    refuse_over(folder, files, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Within a folder that is there: what is above it may be another disk, or nobody's to write to.
        aside = Path(tempfile.mkdtemp(prefix=".boardkit-", dir=folder if folder.exists() else folder.parent))
        try:
            for name, content in files.items():
                path = aside / name
                path.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
                data = content.encode() if isinstance(content, str) else content
                private(path).write_bytes(data)
            if folder.exists():
                for name in files:
                    (folder / name).parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
                    (aside / name).replace(folder / name)
            else:
                aside.rename(folder)
        finally:
            with suppress(OSError):
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise CallError(
            f"cannot write to {folder.name}: {error.strerror or error}. Nothing was written."
        ) from error


def write_file(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write one file for its owner alone, whole or not at all.

    Raises:
        CallError: it is there and ``force`` is not given, or it cannot be written.
    """
    write_whole(path.parent, {path.name: content}, force=force)
