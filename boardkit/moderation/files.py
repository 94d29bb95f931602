"""Files of a sample: written whole or not at all, over no earlier sample; drawn again and compared."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.errors import CallError
from boardkit.moderation.anonymous import read_key, script_ids, write_key
from boardkit.moderation.certificate import KIND, as_json, contents, readable
from boardkit.moderation.sample import SCRIPT, STUDENT, draw_sample
from boardkit.moderation.scripts import GROUP, Asked
from boardkit.private import FOLDER, private
from boardkit.report.printed import printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from boardkit.cohort import Cohort
    from boardkit.moderation.sample import Sample
    from boardkit.regulations import Pack

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
        aside = Path(tempfile.mkdtemp(prefix=".boardkit-", dir=folder.parent))
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


@dataclass(frozen=True)
class Verified:
    """What drawing a sample again has shown.

    Args:
        same: the table that is there is the one that is drawn.
        told: what differs, a sentence a line; what was compared, where nothing does.
    """

    same: bool
    told: tuple[str, ...]


def read_certificate(folder: Path) -> dict[str, Any]:
    """Read the certificate of a sample.

    Raises:
        CallError: there is none.
    """
    try:
        said = json.loads((folder / CERTIFICATE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CallError(
            f"cannot use {folder.name}: it holds no {CERTIFICATE}. Give the folder that boardkit sample wrote."
        ) from error
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise CallError(f"cannot use {folder.name}: its {CERTIFICATE} is not that of a sample.")
    return said


def verify(folder: str | Path, cohort: Cohort, pack: Pack, *, key: Path | None = None) -> Verified:
    """Draw a sample again as its certificate says, and compare.

    Args:
        folder: what ``sample.write`` wrote.
        cohort: the board, read again.
        pack: the regulations that the certificate names.
        key: the key of an external's sample; else the one beside the folder.

    Returns:
        Whether it is the same, and where it differs.

    Raises:
        CallError: the folder holds no sample, or the key of an external's is not there.
    """
    path = Path(folder)
    said = read_certificate(path)
    held = key_of(path) if key is None else key
    secret = read_key(held) if said.get("for") == "external" else None
    try:
        asked = said["asked"]
        add = _unmasked(asked["add"], cohort, secret)
        again = draw_sample(
            cohort,
            pack,
            Asked(
                said["for"],
                int(said["seed"]),
                asked["module"],
                asked["component"],
                asked["reassessments"],
                add,
                tuple(asked["add_bands"]),
            ),
            key=secret,
        )
        table = (path / TABLE).read_text("utf-8")
    except (KeyError, TypeError, ValueError) as error:
        raise CallError(f"cannot use {path.name}: its {CERTIFICATE} is damaged.") from error
    except OSError as error:
        raise CallError(f"cannot use {path.name}: it holds no {TABLE}.") from error
    told = [*_changed(said, contents(again)), *_rows(table, csv_of(again.table("sample")))]
    if told:
        return Verified(same=False, told=tuple(told))
    return Verified(
        same=True,
        told=(
            f"{again.drawn.height:,} scripts of {again.groups.height:,} assessments are what seed {again.asked.seed} draws",
        ),
    )


def _unmasked(add: list[str], cohort: Cohort, key: bytes | None) -> tuple[str, ...]:
    """Give the students that were added their own identifiers back."""
    if key is None or not add:
        return tuple(add)
    students = cohort.numbers.students
    known = dict(zip(script_ids(students, key), students, strict=True))
    return tuple(known.get(one, one) for one in add)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say what a certificate rests on that is not what it was."""
    told = []
    if before["regulations"]["sha256"] != after["regulations"]["sha256"]:
        told.append(f"the regulations {after['regulations']['id']} are not those of the certificate")

    def by_key(said: dict[str, Any]) -> dict[tuple[Any, ...], dict[str, Any]]:
        return {tuple(row[name] for name in GROUP): row for row in said["assessments"]}

    earlier, later = by_key(before), by_key(after)
    for key in [*earlier, *(key for key in later if key not in earlier)]:
        what = f"{key[0]} {key[1]}, attempt {key[2]}"
        if key not in later:
            told.append(f"{what}: nothing to draw of now")
        elif key not in earlier:
            told.append(f"{what}: not in the certificate")
        elif earlier[key]["marks_sha256"] != later[key]["marks_sha256"]:
            told.append(f"{what}: the marks, markers or students have changed since it was drawn")
    return told


def _rows(before: str, after: str) -> list[str]:
    """Count the rows that one table has and the other has not."""
    if before == after:
        return []
    had, has = set(before.splitlines()), set(after.splitlines())
    lost, new = len(had - has), len(has - had)
    if not lost and not new:
        return [f"{TABLE}: the rows stand in another order, or twice"]
    return [f"{TABLE}: {lost} of its rows are not drawn, and {new} that are drawn are not in it"]
