"""Areas: how many cells openpyxl would make for merged areas, links and the like, counted before it is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.errors import FileError
from boardkit.read.a1 import area
from boardkit.read.limits import Guard
from boardkit.read.markup import SPREADSHEET, WholePart
from boardkit.report.marked.which import refusal
from boardkit.rewritten import parts, plain

if TYPE_CHECKING:
    from pathlib import Path
    from pyexpat import XMLParserType

    from boardkit.read.limits import Limits

MOST = 500_000
"""How many cells may lie under areas: openpyxl makes each of them, blank ones too."""

_FILLED = ("mergeCell", "hyperlink", "comment", "table")
"""What openpyxl asks for every cell of."""


def refuse_large(path: Path, content: bytes, limits: Limits) -> None:
    """Refuse a workbook whose areas openpyxl would fill the memory with.

    Every part is looked through that has such an area, whether the workbook lists it or not: openpyxl finds its parts in
    a way of its own.

    Args:
        path: the workbook, for messages.
        content: its bytes, which boardkit's own reader accepts.
        limits: what it may ask for.

    Raises:
        BoardkitError: its areas lie over too many cells, or at a place that no sheet has.
    """
    guard, cells = Guard(path, limits), 0
    for name, unpacked in parts(content):
        markup = unpacked()
        text = plain(markup)
        if not any(element.encode() in text for element in _FILLED):
            continue
        reader = _Areas(guard, name)
        try:
            reader.parse(markup)
        except FileError as error:
            if error.code != "bad-xml":
                raise
            continue  # a picture, macros and the like; openpyxl opens no broken sheet
        if reader.nowhere:
            raise refusal(path, "a merged area, link, comment or table in it is at a place that no sheet has")
        cells += reader.cells
    if cells > MOST:
        raise refusal(path, f"its merged areas and links lie over more than {MOST:,} cells")


class _Areas(WholePart):
    languages = SPREADSHEET

    def __init__(self, guard: Guard, part: str) -> None:
        super().__init__(guard, part)
        self.cells = 0
        self.nowhere = False
        for element in _FILLED:
            self.on(element, self._area)

    def _parser(self) -> XMLParserType:
        parser = super()._parser()
        parser.CharacterDataHandler = None  # no text is needed
        return parser

    def _area(self, attributes: dict[str, str]) -> None:
        found = area(attributes.get("ref", ""))
        if found is None:
            self.nowhere = True
        else:
            top, left, bottom, right = found
            self.cells += (bottom - top + 1) * (right - left + 1)
