"""Texts in runs: rich text put together, readings beside it left out, escapes undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boardkit.read.markup import PartReader

_ESCAPES = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")
_ESCAPE = 7


def unescape(text: str) -> str:
    r"""Undo the escapes in which a workbook writes characters that XML cannot hold.

    Half a character, of the kind that takes two escapes, stays as it is written.

    Examples:
        >>> unescape("first_x000D_second"), unescape("_x005F_x000D_"), unescape("_xD83D_")
        ('first\rsecond', '_x000D_', '_xD83D_')
    """
    return _ESCAPES.sub(_undo, text) if "_x" in text else text


def _undo(found: re.Match[str]) -> str:
    run = found[0]
    units = b"".join(
        int(run[at + 2 : at + 6], 16).to_bytes(2, "little") for at in range(0, len(run), _ESCAPE)
    )
    try:
        return units.decode("utf-16-le")
    except UnicodeDecodeError:
        return run


class Runs:
    """Put together the text of one element that holds runs, such as a shared string.

    Args:
        reader: the reader of the part; it hears of the texts from here on.
    """

    def __init__(self, reader: PartReader) -> None:
        self._reader = reader
        self._base = -1
        self._reading = False
        self._in_text = False
        self._texts: list[str] = []
        reader.on("t", self._text, self._text_end)
        reader.on("rPh", self._phonetic, self._phonetic_end)

    def begin(self) -> None:
        """Begin with the element that the reader stands at."""
        self._base = self._reader.depth
        self._reading = False
        self._texts.clear()

    def end(self) -> str:
        """End with the element and give its text."""
        self._base = -1
        return self._texts[0] if len(self._texts) == 1 else "".join(self._texts)

    def _text(self, _attributes: dict[str, str]) -> None:
        # <t> stands in the element itself or in a run of it; a reading's <t> is as deep as a run's.
        self._in_text = self._base >= 0 and not self._reading and self._reader.depth - self._base in {1, 2}
        if self._in_text:
            self._reader.pieces.clear()

    def _text_end(self) -> None:
        if self._in_text:
            self._texts.append(unescape("".join(self._reader.pieces)))
            self._in_text = False

    def _phonetic(self, _attributes: dict[str, str]) -> None:
        self._reading = True

    def _phonetic_end(self) -> None:
        self._reading = False
