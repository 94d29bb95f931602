"""The quick pass over a sheet: ordinary cells in bulk, rows and everything around them by the plain reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import FileError
from boardkit.queries import work_out
from boardkit.read.a1 import column_number
from boardkit.read.bulk import Unusual, characters, ordinary, pieces
from boardkit.read.limits import Guard
from boardkit.read.quick_rows import ROW, ROW_OPENS, Rows
from boardkit.read.runs import unescape
from boardkit.read.sheet import CELL_TYPES, WRITTEN, read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from boardkit.read.sheet import Content

_CUT = "<c "
_TAIL = r'(?: [a-z]{1,2}="[A-Za-z0-9]{1,9}"){0,5}'
_PLACE = r"[A-Z]{1,3}[1-9][0-9]{0,6}"
_PLAIN = rf'^r="{_PLACE}"{_TAIL}><v>[^<]*</v></c>'
_FORMULA = "".join(
    rf'(?: {name}="[A-Za-z0-9:]{{1,30}}")?' for name in ("t", "aca", "ref", "dt2D", "dtr", "r1", "ca", "si")
)
_OTHER = (
    rf'^r="(?<place>{_PLACE})"(?<tail>{_TAIL})'
    rf"(?: ?/>|>(?<formula><f{_FORMULA}(?: ?/>|>[^<]*</f>))?"
    r'(?:<v>(?<value>[^<]*)</v>|<v(?<empty>) ?/>|<is><t(?: xml:space="preserve")?>(?<inline>[^<]*)</t></is>)?'
    r"</c>)(?<rest>[\s\S]*)$"
)

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"
_ATTRIBUTE = re.compile(r' ([a-z]{1,2})="([A-Za-z0-9]+)"')
_ATTRIBUTES = {"s", "t", "cm", "vm", "ph"}
_STYLES = 10**6
_STRING, _INLINE = CELL_TYPES.index("str"), CELL_TYPES.index("inlineStr")


def quick_sheet(data: bytes, part: str, guard: Guard) -> Content | None:
    """Read a sheet's part in bulk.

    Args:
        data: the part.
        part: its name, for messages.
        guard: holds the file to its limits.

    Returns:
        What `boardkit.read.sheet.read_sheet` would give, or None when that has to be asked.

    Raises:
        FileError: the part has more tags or cells than it may.
    """
    guard.hold("tags", data.count(b"<"))
    first = data.find(_CUT.encode())
    if first < 0 or not ordinary(data, first):
        return None
    guard.hold("cells", guard.cells + data.count(_CUT.encode()))
    try:
        content = _put_together(data, first, part, guard)
    except (Unusual, FileError):
        return None
    guard.count_cells(len(content.cells))
    return content


def _put_together(data: bytes, first: int, part: str, guard: Guard) -> Content:
    try:
        head = data[:first].decode()
    except UnicodeDecodeError as error:
        raise Unusual from error
    if not re.search(ROW_OPENS, head):
        raise Unusual
    rows = Rows(len(re.findall(ROW, head)))
    skeleton = [head]
    frames = []
    for block in pieces(data, first, _CUT):
        cells = _cells(block)
        skeleton += rows.sort_out(cells["rest"])
        frames.append(cells.select(WRITTEN.names()))
    # Every cell but the last must be followed by another cell or by the tag that opens the next one's row.
    if not pl.Series(skeleton[1:-1], dtype=pl.String).str.contains(ROW_OPENS).all():
        raise Unusual
    # Its own guard: what it counts here is counted again by whoever reads the part in the end.
    content = read_sheet("".join(skeleton).encode(), part, Guard(guard.path, guard.limits))
    cells = pl.concat(frames)
    if len(content.cells) or not rows.agree(content, cells["row"]):
        raise Unusual
    content.cells = cells
    return content


def _cells(block: pl.Series) -> pl.DataFrame:
    """Take the pieces of a block apart: the columns of `WRITTEN`, and the ``rest`` behind each cell."""
    plain = block.str.contains(_PLAIN)
    if plain.all():
        return _settle(_take_plain(block))
    number = pl.int_range(len(block), dtype=pl.UInt32, eager=True).alias("number")
    return _settle(
        pl.concat(
            [
                _take_plain(block.filter(plain)).with_columns(number.filter(plain)),
                _take_other(block.filter(~plain)).with_columns(number.filter(~plain)),
            ]
        )
        .sort("number")
        .drop("number")
    )


def _take_plain(block: pl.Series) -> pl.DataFrame:
    # A plain piece has two more tags behind its own: 'r="A1" s="1">', 'v>69.5' and '/v></c>' with the rest.
    fields = pl.col("piece").str.splitn("<", 3).struct.rename_fields(["own", "value", "rest"])
    own = pl.col("own").str.splitn('"', 3).struct.rename_fields(["before", "place", "tail"])
    nothing = pl.lit(None, dtype=pl.String)
    return (
        block.to_frame("piece")
        .lazy()
        .select(fields.struct.unnest())
        .with_columns(own.struct.unnest())
        .select(
            "place",
            pl.col("tail").str.strip_suffix(">"),
            nothing.alias("formula"),
            pl.col("value").str.strip_prefix("v>"),
            nothing.alias("inline"),
            pl.col("rest").str.strip_prefix("/v></c>"),
        )
        .pipe(work_out)
    )


def _take_other(block: pl.Series) -> pl.DataFrame:
    groups = block.str.extract_groups(_OTHER).struct.unnest()
    if groups["place"].null_count():
        raise Unusual
    characters(groups["formula"])
    return groups.select(
        "place", "tail", "formula", pl.coalesce("value", "empty", "inline").alias("value"), "inline", "rest"
    )


def _settle(taken: pl.DataFrame) -> pl.DataFrame:
    place = pl.col("place")
    frame = taken.with_columns(
        place.str.strip_chars_start(_LETTERS).cast(pl.UInt32).alias("row"),
        _coded(taken["place"].str.strip_chars_end(_DIGITS), column_number).cast(pl.UInt16).alias("col"),
        _coded(taken["tail"], _type_and_style).alias("code"),
    ).with_columns(
        pl.when(pl.col("inline").is_not_null())
        .then(_INLINE)
        .otherwise(pl.col("code") // _STYLES)
        .cast(pl.UInt8)
        .alias("type"),
        (pl.col("code") % _STYLES).alias("style"),
        pl.col("formula").is_not_null(),
        characters(taken["value"]).alias("value"),
    )
    escaped = pl.col("type").is_in([_STRING, _INLINE]) & pl.col("value").str.contains("_x", literal=True)
    at = frame.select(pl.arg_where(escaped)).to_series()
    if len(at):
        values = frame["value"].scatter(at, [unescape(text) for text in frame["value"].gather(at).to_list()])
        frame = frame.with_columns(values)
    return frame.select(*WRITTEN.names(), "rest")


def _coded(texts: pl.Series, code: Callable[[str], int | None]) -> pl.Series:
    """Put numbers in the place of texts of which there are few."""
    few = texts.unique()
    codes = [code(text) for text in few.to_list()]
    if None in codes:
        raise Unusual
    return texts.replace_strict(few, pl.Series(codes, dtype=pl.UInt32), return_dtype=pl.UInt32)


def _type_and_style(tail: str) -> int | None:
    found = _ATTRIBUTE.findall(tail)
    attributes = dict(found)
    kind, style = attributes.get("t", "n"), attributes.get("s", "0")
    if len(attributes) < len(found) or not attributes.keys() <= _ATTRIBUTES:
        return None
    if kind not in CELL_TYPES or not style.isdigit() or int(style) >= _STYLES:
        return None
    return CELL_TYPES.index(kind) * _STYLES + int(style)
