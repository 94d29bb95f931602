"""Text: rows added to a decisions.csv, whose own rows stay as they are, byte for byte."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.errors import CallError
from boardkit.guard import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLUMNS = tuple(column.name for column in tables.INPUT["decisions"].columns)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMED = 5
_SEPARATORS = ",;\t"
_LINE_END = re.compile("\r\n|\r|\n")
"""What ends a line of CSV; other breaks of Unicode are part of the text."""

Row = dict[str, str | None]


def started(rows: Sequence[Row]) -> bytes:
    """Write a new file: every column of the table, and the rows.

    Examples:
        >>> started([{"student_id": "00000001", "decision": "condone", "reason": "=1"}]).decode().splitlines()[1]
        "00000001,,condone,,'=1,,,,,"
    """
    return (_lines([list(COLUMNS)], ",", "\n") + _lines(_fields(rows, COLUMNS), ",", "\n")).encode()


def appended(path: Path, content: bytes, rows: Sequence[Row]) -> bytes:
    """Add rows to a file, in its own columns, separator, line ends and encoding; what is there stays as it is.

    A column that the file lacks and a row needs is added at the end of the first line; the rows above are blank there.

    Args:
        path: the file, for messages.
        content: its bytes, which boardkit has read.
        rows: the rows.

    Returns:
        The bytes, and the rows behind them.

    Raises:
        CallError: the column names stand in several lines, a row would come to stand under a column that is added,
            or a letter has no place in the file's encoding.
    """
    mark, encoding = next(((bom, name) for bom, name in _BOMS if content.startswith(bom)), (b"", ""))
    text = _decoded(content[len(mark) :], encoding)
    encoding = encoding or text[1]
    separator = max(_SEPARATORS, key=text[0].split("\n", 1)[0].count)
    header, *body = csv.reader(io.StringIO(text[0], newline=""), delimiter=separator)
    known = {tables.match(name): name for name in COLUMNS}
    names = [known.get(tables.match(head), "") for head in header]
    needed = {name for row in rows for name, value in row.items() if value is not None}
    lacking = [name for name in COLUMNS if name in needed - set(names)]
    if lacking:
        _refuse_longer(path, body, len(header))
    head = _head_end(path, text[0])
    end = "\r\n" if "\r\n" in text[0] else "\n"
    gap = "" if text[0].endswith(("\n", "\r")) else end
    try:
        cut = len(mark) + len(text[0][:head].encode(encoding))
        wider = "".join(f"{separator}{name}" for name in lacking).encode(encoding)
        more = (gap + _lines(_fields(rows, [*names, *lacking]), separator, end)).encode(encoding)
    except UnicodeEncodeError as error:
        raise CallError(
            f"cannot write to {path.name}: it is not UTF-8, and a letter of the row has no place in it. Save it as "
            "UTF-8 CSV, and try again."
        ) from error
    return content[:cut] + wider + content[cut:] + more


def _refuse_longer(path: Path, body: Sequence[Sequence[str]], width: int) -> None:
    """Refuse to add a column where a row, unread so far, goes on beyond the first line: it would stand then."""
    longer = [str(at) for at, row in enumerate(body, start=2) if any(field.strip() for field in row[width:])]
    if longer:
        more = f" and {len(longer) - _NAMED:,} more" if len(longer) > _NAMED else ""
        raise CallError(
            f"cannot write to {path.name}: a column has to be added, and there are rows with more fields than the "
            f"first line: {', '.join(longer[:_NAMED])}{more}. Put them right, and try again."
        )


def _head_end(path: Path, text: str) -> int:
    """Find where the first line ends."""
    line = _LINE_END.split(text, maxsplit=1)[0]
    if line.count('"') % 2:
        raise CallError(
            f"cannot write to {path.name}: its first line is broken up. Write the column names in one line."
        )
    return len(line)


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """Decode as the reader does: by the mark at the front, else as UTF-8, else as Windows-1252."""
    for name in filter(None, (encoding, "utf-8")):
        try:
            return content.decode(name), name
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252"), "cp1252"


def _fields(rows: Sequence[Row], names: Sequence[str]) -> list[list[str]]:
    """Give the fields of rows, with nothing in them that a spreadsheet would run."""
    given = pl.DataFrame([[row.get(name) or "" for name in names] for row in rows], orient="row")
    return [list(row) for row in given.select(guarded(pl.col(name)) for name in given.columns).iter_rows()]


def _lines(rows: Sequence[Sequence[str]], separator: str, end: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=end).writerows(rows)
    return file.getvalue()
