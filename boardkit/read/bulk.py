"""Ground of the quick passes: ordinary XML cut into pieces in bulk, and characters decoded as expat does.

A quick pass gives what the plain reader would give, or gives up and lets it judge. It cuts a part at the
start of each item, matches every piece from its first character to its last, and hands what is left, the
skeleton, to the plain reader, which checks that all of it is well-formed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 4_000_000
_CONTROLS = bytes(set(range(ord(" "))) - set(b"\t\n\r"))

_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));|&")
_CHARACTERS = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
"""What XML calls a character, first and last of each stretch."""
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?(<\?xml[^<>]*\?>)?")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")


class Unusual(Exception):  # noqa: N818 - it hands over to the plain reader and is no error
    """Something is out of the ordinary, so the plain reader must judge."""


def ordinary(data: bytes, first: int) -> bool:
    """Tell whether a part can be cut up: UTF-8, without comments, sections, instructions or odd characters.

    Args:
        data: the part.
        first: where its first item begins; carriage returns may stand only before.

    Examples:
        >>> ordinary(b"<sst><si><t>Exam</t></si></sst>", 5), ordinary(b"<sst><!-- <si> --></sst>", 10)
        (True, False)
    """
    opening = _DECLARATION.match(data)
    declaration = b"" if opening is None or opening[1] is None else opening[1]
    encoding = _ENCODING.search(declaration)
    if encoding is not None and encoding[1].lower() != b"utf-8":
        return False
    if data.count(b"<?") != bool(declaration) or data.find(b"\r", first) >= 0:
        return False
    if any(odd in data for odd in (b"<!", b"]]>", b"\xef\xbf\xbe", b"\xef\xbf\xbf")):
        return False
    return len(data.translate(None, _CONTROLS)) == len(data)


def pieces(data: bytes, first: int, cut: str) -> Iterator[pl.Series]:
    """Cut a part at the start of each item, a few megabytes at a time.

    Args:
        data: the part.
        first: where its first item begins.
        cut: what an item begins with.

    Yields:
        Pieces, each from behind one cut to the next; the last one reaches to the end of the part.

    Raises:
        Unusual: the part is not UTF-8.

    Examples:
        >>> [block.to_list() for block in pieces(b"<a><i>1</i><i>2</i></a>", 3, "<i>")]
        [['1</i>', '2</i></a>']]
    """
    mark = cut.encode()
    while first < len(data):
        end = data.find(mark, first + _BLOCK)
        end = len(data) if end < 0 else end
        try:
            text = data[first + len(mark) : end].decode()
        except UnicodeDecodeError as error:
            raise Unusual from error
        yield pl.Series("piece", [text], dtype=pl.String).str.split(cut).explode()
        first = end


def characters(texts: pl.Series) -> pl.Series:
    """Put characters in the place of their entities.

    Args:
        texts: texts as they stand between tags.

    Raises:
        Unusual: an ampersand begins no entity, or one that stands for no character.

    Examples:
        >>> characters(pl.Series(["A &amp; B", "2 &#62; 1", None])).to_list()
        ['A & B', '2 > 1', None]
    """
    at = texts.to_frame("t").select(pl.arg_where(pl.col("t").str.contains("&", literal=True))).to_series()
    if not len(at):
        return texts
    return texts.scatter(at, [_ENTITY.sub(_character, text) for text in texts.gather(at).to_list()])


def _character(entity: re.Match[str]) -> str:
    name, decimal, hexadecimal = entity.groups()
    if name:
        return _NAMED[name]
    if not decimal and not hexadecimal:
        raise Unusual
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not any(first <= code <= last for first, last in _CHARACTERS):
        raise Unusual
    return chr(code)
