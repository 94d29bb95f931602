"""The shared texts of a workbook, in the order in which cells point to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.read.markup import PartReader
from boardkit.read.runs import Runs

if TYPE_CHECKING:
    from boardkit.read.limits import Guard


def read_strings(data: bytes, part: str, guard: Guard) -> pl.Series:
    """Read the part with the shared texts, one after the other.

    Args:
        data: the part.
        part: its name, for messages.
        guard: holds the file to its limits.

    Returns:
        The texts as strings: rich text without its formats, readings (phonetic runs) left out.

    Raises:
        FileError: the part is damaged or holds too many texts.
    """
    reader = _StringsReader(guard, part)
    reader.parse(data)
    return pl.Series("text", reader.texts, dtype=pl.String)


class _StringsReader(PartReader):
    root = "sst"

    def __init__(self, guard: Guard, part: str) -> None:
        super().__init__(guard, part)
        self.texts: list[str] = []
        self._most = guard.limits.strings
        self._runs = Runs(self)
        self.on("si", self._string, self._string_end)

    def _string(self, _attributes: dict[str, str]) -> None:
        if self.depth == 2:  # noqa: PLR2004 - a child of the root
            self._runs.begin()

    def _string_end(self) -> None:
        if self.depth == 2:  # noqa: PLR2004 - a child of the root
            self.texts.append(self._runs.end())
            if len(self.texts) > self._most:
                self.guard.hold("strings", len(self.texts))
