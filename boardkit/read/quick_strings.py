"""The quick pass over the shared texts: plain ones in bulk, rich ones among them by the plain reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import FileError
from boardkit.read.bulk import Unusual, characters, ordinary, pieces
from boardkit.read.runs import unescape
from boardkit.read.strings import read_strings

if TYPE_CHECKING:
    from boardkit.read.limits import Guard

_CUT = "<si>"
_PLAIN = r'^<t(?: xml:space="preserve")?>[^<]*</t></si>\s*$'
_END = "</si>"
_ANOTHER = r"<si[\s/>]"
_SPACED = 't xml:space="preserve">'


def quick_strings(data: bytes, part: str, guard: Guard) -> pl.Series | None:
    """Read the part with the shared texts in bulk.

    Args:
        data: the part.
        part: its name, for messages.
        guard: holds the file to its limits.

    Returns:
        What `boardkit.read.strings.read_strings` would give, or None when that has to be asked.

    Raises:
        FileError: the part has more tags or texts than it may.
    """
    guard.hold("tags", data.count(b"<"))
    first = data.find(_CUT.encode())
    if first < 0 or not ordinary(data, first):
        return None
    guard.hold("strings", data.count(_CUT.encode()))
    try:
        return _put_together(data, first, part, guard)
    except (Unusual, FileError):
        return None


def _put_together(data: bytes, first: int, part: str, guard: Guard) -> pl.Series:
    texts: list[pl.Series] = []
    skeleton = [data[:first]]
    odd_places: list[pl.Series] = []
    count = 0
    for block in pieces(data, first, _CUT):
        plain = block.str.contains(_PLAIN)
        # The last piece ends the part and so is never plain: the skeleton has an end.
        odd = block.filter(~plain)
        if not (odd.str.count_matches(_END, literal=True) == 1).all() or odd.str.contains(_ANOTHER).any():
            raise Unusual
        skeleton += [f"{_CUT}{piece}".encode() for piece in odd.to_list()]
        odd_places.append((~plain).arg_true().cast(pl.UInt64) + count)
        texts.append(_texts(block, plain))
        count += len(block)
    found = read_strings(b"".join(skeleton), part, guard)
    places = pl.concat(odd_places)
    # Texts inside something strange are none to the plain reader, and then the counts differ.
    if len(found) != len(places):
        raise Unusual
    return pl.concat(texts).scatter(places, found).alias("text")


def _texts(block: pl.Series, plain: pl.Series) -> pl.Series:
    inner = pl.col("field_1")
    text = (
        pl.when(inner.str.starts_with("t>")).then(inner.str.slice(2)).otherwise(inner.str.slice(len(_SPACED)))
    )
    # Between the tags of a plain piece there is no other "<": it is "", the first tag and text, and the rest.
    fields = block.str.splitn("<", 3).struct.unnest()
    texts = characters(fields.select(pl.when(plain).then(text).alias("text"))["text"])
    at = texts.str.contains("_x", literal=True).fill_null(value=False).arg_true()
    return texts.scatter(at, [unescape(one) for one in texts.gather(at).to_list()]) if len(at) else texts
