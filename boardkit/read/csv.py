"""Tables from CSV text, with nothing turned into numbers and every odd row told of."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import FileError
from boardkit.problems import Source, found_at
from boardkit.read.names import name_columns
from boardkit.read.raw import Raw
from boardkit.tables import INPUT

if TYPE_CHECKING:
    from pathlib import Path

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FIELD_LIMIT = 131_072
_SEPARATORS = ",;\t"


def from_csv(path: Path, content: bytes, table: str, source: int) -> tuple[Raw, Source, list[pl.DataFrame]]:
    """Take one table from a CSV file.

    Commas, semicolons or tabs separate; which of them, the header tells. Rows are numbered as a
    spreadsheet would show them, the header being row 1.

    Args:
        path: the file, for messages.
        content: its bytes.
        table: the canonical name of the table.
        source: the number of the source.

    Returns:
        The table as found, its source and the problems.

    Raises:
        FileError: the file is empty, is no text, has a broken quote or lacks a required column.
    """
    text, problems = _decode(path, content, source)
    header, rows = _rows(path, text)
    columns, faults = name_columns(table, list(header), source, header_row=1)
    problems += faults
    missing = [name for name in INPUT[table].required if name not in columns]
    if missing:
        raise FileError(
            path, "column-missing", f"it has no column {', '.join(missing)}. Add it to the header."
        )
    width = len(header)
    places, good = [], []
    for at, row in enumerate(rows, start=2):
        if not any(field.strip() for field in row):
            continue
        if len(row) > width and any(field.strip() for field in row[width:]):
            problems.append(
                found_at(
                    "row-length",
                    source,
                    at,
                    f"the row has {len(row)} fields and the header {width}; it was not used. Quote the field with the separator in it.",
                )
            )
            continue
        places.append(at)
        good.append([*row[:width], *([""] * (width - len(row)))])
    unnamed = [
        at for at, name in enumerate(header) if not name.strip() and any(row[at].strip() for row in good)
    ]
    for at in unnamed:
        problems.append(
            found_at(
                "column-unnamed", source, 1, f"column {at + 1} holds values under no header; it was not read."
            )
        )
    across = list(zip(*good, strict=True)) if good else [()] * width
    data = {name: pl.Series(name, across[at - 1], dtype=pl.String) for name, at in columns.items()}
    frame = pl.DataFrame({"_row": pl.Series(places, dtype=pl.UInt32), **data})
    return Raw(table, source, frame), Source(table, file=path.name, columns=columns), problems


def _decode(path: Path, content: bytes, source: int) -> tuple[str, list[pl.DataFrame]]:
    if not content.strip():
        raise FileError(path, "empty", "it is empty. Export it again.")
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise FileError(path, "not-text", "its text is broken. Save it again as UTF-8 CSV.") from error
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as again:
            raise FileError(path, "not-text", "it is not text. Save it as UTF-8 CSV.") from again
        assumed = found_at(
            "encoding-assumed",
            source,
            None,
            f"{path.name} is not UTF-8 and was read as Windows-1252. Check letters with accents.",
        )
        return _no_nul(path, text), [assumed]
    return _no_nul(path, text), []


def _no_nul(path: Path, text: str) -> str:
    if "\x00" in text:
        raise FileError(path, "not-text", "it is not text. Save it as UTF-8 CSV.")
    return text


def _rows(path: Path, text: str) -> tuple[list[str], list[list[str]]]:
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    previous = csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise FileError(
            path, "broken-csv", "a quote is not closed, or a field is too long. Save it again as CSV."
        ) from error
    finally:
        csv.field_size_limit(previous)
    if not rows or not any(field.strip() for field in rows[0]):
        raise FileError(path, "no-header", "its first row is blank. Put the column names there.")
    return rows[0], rows[1:]
