"""How much a workbook may ask of the reader, and the guard that holds it to that."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.read.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boardkit.errors import FileError

_MIB = 1024 * 1024
_NAME_SHOWN = 100

EXPANSION_FREE = _MIB
"""Below this many unpacked bytes a part may expand as much as it likes: blank styles pack very well."""


@dataclass(frozen=True)
class Limits:
    """Name every guard of the workbook reader; each can be raised by name.

    The defaults admit a sheet of 250,000 rows and 10 columns with room to spare.

    Args:
        file_bytes: bytes of the file itself.
        parts: parts in the package.
        part_bytes: bytes that one part unpacks to.
        total_bytes: bytes that all parts read unpack to.
        expansion: unpacked bytes for one packed byte, in parts and files above one mebibyte.
        tags: XML tags in one part.
        depth: XML elements inside one another.
        sheets: sheets in the workbook.
        cells: cells in all sheets, blank but formatted ones included.
        strings: shared texts.
        styles: formats that cells can have; Excel itself allows 65,490.
        text: characters of one cell's text; Excel itself allows 32,767.
        merges: merged areas in one sheet.
        merge_strips: rows of wide merged areas and columns of tall ones, added up over a sheet.
        seconds: seconds that the library for .xls, .xlsb and .ods may take.
        memory_bytes: memory that the same library may take.

    Examples:
        >>> Limits(cells=10_000_000).cells
        10000000
    """

    file_bytes: int = 64 * _MIB
    parts: int = 2_000
    part_bytes: int = 256 * _MIB
    total_bytes: int = 512 * _MIB
    expansion: int = 150
    tags: int = 40_000_000
    depth: int = 64
    sheets: int = 200
    cells: int = 5_000_000
    strings: int = 5_000_000
    styles: int = 100_000
    text: int = 32_767
    merges: int = 100_000
    merge_strips: int = 2_000_000
    seconds: int = 20
    memory_bytes: int = 2_048 * _MIB


def raised(limits: Mapping[str, int]) -> Limits:
    """Give the limits with some of them raised, or lowered, by name.

    Args:
        limits: whole numbers over 0 by the name of the limit.

    Raises:
        CallError: there is no such limit, or it is no such number.

    Examples:
        >>> raised({"cells": 10_000_000}).cells
        10000000
    """
    names = [one.name for one in fields(Limits)]
    for name, most in limits.items():
        if name not in names:
            raise CallError(f'there is no limit "{name}". Limits: {", ".join(names)}.')
        if isinstance(most, bool) or not isinstance(most, int) or most < 1:
            raise CallError(f"the limit {name} has to be a whole number over 0.")
    return replace(Limits(), **limits)


_EXCESS = {
    "file_bytes": "it is larger than {limit:,} bytes",
    "parts": "it has more than {limit:,} parts",
    "part_bytes": "one of its parts unpacks to more than {limit:,} bytes",
    "total_bytes": "its parts unpack to more than {limit:,} bytes",
    "expansion": "it unpacks to more than {limit:,} times its size, as attacks do",
    "tags": "one of its parts has more than {limit:,} tags",
    "depth": "its XML is nested more than {limit:,} deep",
    "sheets": "it has more than {limit:,} sheets",
    "cells": "it has more than {limit:,} cells",
    "strings": "it has more than {limit:,} shared texts",
    "styles": "it has more than {limit:,} formats",
    "text": "a text in it has more than {limit:,} characters",
    "merges": "a sheet in it has more than {limit:,} merged areas",
    "merge_strips": "the merged areas of a sheet in it reach over more than {limit:,} rows and columns",
}


@dataclass
class Guard:
    """Hold one file to its limits while it is read.

    Args:
        path: the file, for messages.
        limits: what it may ask for.
    """

    path: Path
    limits: Limits
    cells: int = field(default=0, init=False)

    def refuse(self, code: str, why: str) -> FileError:
        """Make the error that refuses the file."""
        return refuse(self.path, code, why)

    def hold(self, name: str, found: int) -> None:
        """Refuse the file when it asks for more than the limit of this name."""
        limit: int = getattr(self.limits, name)
        if found > limit:
            excess = _EXCESS[name].format(limit=limit)
            raise self.refuse(
                f"limit-{name.replace('_', '-')}", f"{excess}. If you know the file, raise the limit {name}."
            )

    def count_cells(self, more: int) -> None:
        """Add to the cells read so far, over all sheets."""
        self.hold("cells", self.cells + more)
        self.cells += more

    @staticmethod
    def shown(name: str) -> str:
        r"""Give the name of a part or a sheet as a message may show it.

        Examples:
            >>> Guard.shown("xl/workbook.xml"), Guard.shown("a" * 200 + "\n")
            ('xl/workbook.xml', 'with a strange name')
        """
        return name if name.isprintable() and 0 < len(name) <= _NAME_SHOWN else "with a strange name"
