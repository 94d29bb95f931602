"""Tables from CSV text, with nothing turned into numbers and every odd row told of."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import FileError
from boardkit.guard import GUARD, unguarded
from boardkit.problems import Source, found, found_at
from boardkit.read.names import name_columns
from boardkit.read.raw import Raw

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
_LEFT_OUT = "The apostrophe before what looks like a formula was left out."
_BEYOND = "_beyond"
"""The column that holds the fields of a row beyond the header's."""


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
        The table as found, its source and the problems; a required column may be missing.

    Raises:
        FileError: the file is empty, is no text or has a broken quote.
    """
    text, problems = _decode(path, content, source)
    header, body = _rows(path, text)
    filled = body.filter(pl.any_horizontal(_filled(pl.all().exclude("_row", "_fields"))))
    long = filled.filter(_filled(pl.col(_BEYOND))).with_columns(_src=pl.lit(source, dtype=pl.UInt16))
    good = filled.filter(~_filled(pl.col(_BEYOND)))
    sentence = pl.concat_str(
        pl.lit("The row has "),
        "_fields",
        pl.lit(f" fields and the header {len(header)}; it was not used."),
    )
    problems.append(found("row-length", long, message=sentence))
    unnamed = [
        at
        for at, name in enumerate(header, start=1)
        if not name.strip() and good.select(_filled(pl.col(str(at))).any()).item()
    ]
    named = name_columns(table, header, source, header_row=1, unnamed=unnamed)
    frame = good.select("_row", *(pl.col(str(at)).alias(name) for name, at in named.columns.items()))
    if GUARD.search(text):
        frame, told = _without_guards(frame, source)
        problems += told
    place = Source(table, file=path.name, columns=named.places)
    return Raw(table, source, frame), place, problems + named.problems


def _without_guards(frame: pl.DataFrame, source: int) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Take off the apostrophes that boardkit's own files have before what a spreadsheet would run, and tell of them."""
    names = [name for name in frame.columns if name != "_row"]
    bare = frame.with_columns(unguarded(pl.col(name)).alias(name) for name in names)
    problems = []
    for name in names:
        changed = bare.filter(bare[name] != frame[name]).with_columns(_src=pl.lit(source, dtype=pl.UInt16))
        problems.append(found("guard-left-out", changed, column=name, message=_LEFT_OUT))
    return bare, [one for one in problems if one.height]


def _filled(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars() != ""


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
            f"The file {path.name} is not UTF-8 and was read as Windows-1252. Check letters with accents.",
        )
        return _no_nul(path, text), [assumed]
    return _no_nul(path, text), []


def _no_nul(path: Path, text: str) -> str:
    if "\x00" in text:
        raise FileError(path, "not-text", "it is not text. Save it as UTF-8 CSV.")
    return text


def _rows(path: Path, text: str) -> tuple[list[str], pl.DataFrame]:
    """Give the header, and the rows under it: columns ``1``, ``2``, ..., and what goes beyond the header."""
    separator = max(_SEPARATORS, key=text.split("\n", 1)[0].count)
    lines = None if '"' in text else _plain_lines(text)
    rows = _parse(path, text, separator) if lines is None else []
    header = rows[0] if lines is None else lines[0].split(separator)
    if not any(field.strip() for field in header):
        raise FileError(path, "no-header", "its first row is blank. Put the column names there.")
    width = len(header)
    if lines is None:
        body = _take_apart(rows[1:], width)
    else:
        body = _split(pl.Series(lines[1:], dtype=pl.String), separator, width)
    return header, body.with_row_index("_row", offset=2)


def _plain_lines(text: str) -> list[str] | None:
    """Give the lines of a text without quotes; None where they end in more than one way, or are too long."""
    lines = text.replace("\r\n", "\n").split("\n")
    return None if "\r" in text.replace("\r\n", "\n") or len(max(lines, key=len)) > _FIELD_LIMIT else lines


def _split(lines: pl.Series, separator: str, width: int) -> pl.DataFrame:
    parts = lines.str.splitn(separator, width + 1).struct.unnest()
    return parts.select(
        *(
            pl.col(name).fill_null("").alias(str(at))
            for at, name in enumerate(parts.columns[:width], start=1)
        ),
        pl.col(parts.columns[width])
        .fill_null("")
        .str.replace_all(separator, " ", literal=True)
        .alias(_BEYOND),
        lines.str.count_matches(separator, literal=True).alias("_fields") + 1,
    )


def _parse(path: Path, text: str, separator: str) -> list[list[str]]:
    previous = csv.field_size_limit(_FIELD_LIMIT)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise FileError(
            path, "broken-csv", "a quote is not closed, or a field is too long. Save it again as CSV."
        ) from error
    finally:
        csv.field_size_limit(previous)


def _take_apart(rows: list[list[str]], width: int) -> pl.DataFrame:
    columns = {
        str(at + 1): pl.Series([row[at] if at < len(row) else "" for row in rows], dtype=pl.String)
        for at in range(width)
    }
    beyond = ["".join(row[width:]) if len(row) > width else "" for row in rows]
    fields = [len(row) for row in rows]
    return pl.DataFrame(
        {
            **columns,
            _BEYOND: pl.Series(beyond, dtype=pl.String),
            "_fields": pl.Series(fields, dtype=pl.UInt32),
        }
    )
