"""Files of a sample: written whole or not at all, and over no earlier sample."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import CallError
from boardkit.moderation.anonymous import key_text, read_key, script_ids
from boardkit.moderation.certificate import as_json, readable
from boardkit.moderation.sample import SCRIPT
from boardkit.moderation.scripts import STUDENT
from boardkit.report.printed import printed
from boardkit.whole import refuse_beside, refuse_over, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from boardkit.moderation.sample import Sample
    from boardkit.whole import Files

TABLE, CERTIFICATE, READABLE = "sample.csv", "certificate.json", "certificate.md"


def csv_of(frame: pl.DataFrame) -> str:
    """Write a table as a run writes its own."""
    return printed(frame).write_csv(quote_style="never", null_value="")


def write_sample(sample: Sample, out: str | Path, *, read: Iterable[Path] = (), force: bool = False) -> Path:
    """Write a sample and its certificate; for an external, the key and the list of whose scripts they are beside it."""
    table = csv_of(sample.table("sample"))
    files = {
        TABLE: table,
        CERTIFICATE: as_json(sample, hashlib.sha256(table.encode()).hexdigest()),
        READABLE: readable(sample),
    }
    return write_files(sample, Path(out), files, read=read, force=force)


def write_files(
    sample: Sample, folder: Path, files: Files, *, read: Iterable[Path] = (), force: bool
) -> Path:
    """Write the files of a sample; for an external, the key and the list of whose scripts they are with them, or neither.

    Returns:
        The folder.

    Raises:
        CallError: a file is there already, or the folder is to be sent and holds others, or it cannot be written.
    """
    refuse_over(folder, files, force=force)
    if sample.key is None:
        write_whole(folder, files, read=read, force=force)
        return folder
    refuse_beside(folder, files)
    beside = _beside(folder, sample, sample.key, force=force)
    # The key that is there may be this one: what may be written over has been looked at.
    write_whole(folder, files, beside=beside, read=read, force=True)
    return folder


def key_of(folder: Path) -> Path:
    """Name the file of a folder's key: beside it, so that it does not go where the folder goes."""
    return folder.resolve().parent / f"{folder.resolve().name}.key"


def list_of(folder: Path) -> Path:
    """Name the file that says whose each anonymous number is."""
    return folder.resolve().parent / f"{folder.resolve().name}-key.csv"


def _beside(folder: Path, sample: Sample, key: bytes, *, force: bool) -> dict[str, str]:
    """Make the key of anonymous numbers, and the list of whose each is, by the names of their files.

    Raises:
        CallError: a list, or another key, is there already.
    """
    whose, held = list_of(folder), key_of(folder)
    other = held.exists() and read_key(held) != key
    if not force and (other or whose.exists()):
        there = held.name if other else whose.name
        raise CallError(f"cannot write {there}: it is there already. Choose another folder, or add --force.")
    each = sample.drawn[STUDENT].unique().sort()
    table = pl.DataFrame({SCRIPT: script_ids(each, key), STUDENT: each}).sort(SCRIPT)
    return {held.name: key_text(key), whose.name: csv_of(table)}
