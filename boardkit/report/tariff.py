"""Tariff: the files that are made of offences held against a tariff; the reports among them name nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boardkit.private import FOLDER, private
from boardkit.report.folder import put_in_place, refuse_strangers, write_file
from boardkit.report.manifest import MANIFEST, tariff_manifest
from boardkit.report.tariff_sheets import head, listings
from boardkit.report.workbook import write_listings
from boardkit.tariffs.reports import action_taken, by_department, monitoring, procedure
from boardkit.whole import OS_ERROR, aside, unwritable

if TYPE_CHECKING:
    from boardkit.tariffs import CaseBook

TABLES = ("penalties", "procedure", "problems")
"""What is written of the offences themselves, one by one; these tables hold student numbers."""
NAMELESS = ("action-taken", "minor-offences", "monitoring")
"""What is reported, nobody named: each as a table and as a workbook of its own, since their readers are not the same."""


def refuse(folder: Path, *, force: bool = False, source: Path | None = None) -> None:
    """Refuse to write over a folder's files where no manifest of ours vouches for them.

    Args:
        folder: where it would be written.
        force: whether such files may be written over; folders never are, nor what is read.
        source: the file that is read, where there is one.

    Raises:
        CallError: the folder is a file, or holds something that would be lost.
    """
    names = {f"{name}.csv" for name in (*TABLES, *NAMELESS)} | {f"{name}.xlsx" for name in NAMELESS}
    names.add(MANIFEST)
    refuse_strangers(folder, names, force=force, source=source)


def write_tariff(book: CaseBook, out: str | Path, *, force: bool = False) -> list[str]:
    """Write the penalties, the procedure and the problems, and the reports that the pack asks for.

    Args:
        book: the offences held against a tariff.
        out: the folder; made where it is not there.
        force: write over files that boardkit did not write.

    Returns:
        The names of the files.

    Raises:
        CallError: the folder cannot be written, or holds such files and ``force`` is not given.
    """
    folder = Path(out)
    refuse(folder, force=force)
    try:
        with aside(folder.resolve()) as beside:
            staged = beside / "tariff"
            staged.mkdir(mode=FOLDER)
            frames = _frames(book)
            for name, frame in frames.items():
                write_file(staged / f"{name}.csv", frame)
            if book.tariff.rules.reports is not None:
                for name, sheet in listings(frames, book.tariff.rules).items():
                    private(staged / f"{name}.xlsx")
                    write_listings(head(book.tariff.named, sheet), [sheet], staged / f"{name}.xlsx")
            counts = {name: frame.height for name, frame in frames.items()}
            write_file(staged / MANIFEST, tariff_manifest(book, staged, counts))
            names = sorted(path.name for path in staged.iterdir())
            put_in_place(staged, folder.resolve(), beside / "before")
    except (OSError, pl.exceptions.ComputeError) as error:
        if isinstance(error, OSError) or OS_ERROR.search(str(error)):
            raise unwritable(folder, error) from error
        raise
    return names


def _frames(book: CaseBook) -> dict[str, pl.DataFrame]:
    """Make every table that is written, by name."""
    rules, rows = book.tariff.rules, book.rows
    frames = {
        "penalties": book.penalties(),
        "procedure": procedure(rows, rules),
        "problems": book.problems,
    }
    if rules.reports is not None:
        boards = pl.lit(book.facts.values.get("academic_year"), dtype=pl.String)
        dated = rows.with_columns(
            pl.col("academic_year").fill_null(boards)
        )  # as offences are for penalties (T11)
        frames["action-taken"] = action_taken(dated, rules)
        frames["minor-offences"] = by_department(dated, rules)
        frames["monitoring"] = monitoring(dated, rules)
    return frames
