"""The number formats of a workbook, by the style numbers that its cells carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from boardkit.read.dates import BUILT_IN, shows_moments
from boardkit.read.markup import PartReader

if TYPE_CHECKING:
    from boardkit.read.limits import Guard


@dataclass(frozen=True)
class Styles:
    """The formats by style number.

    Args:
        formats: the format code of each style; None for General.
        dates: whether the format shows a number as a date or a time of day.
    """

    formats: tuple[str | None, ...] = ()
    dates: tuple[bool, ...] = ()


def read_styles(data: bytes, part: str, guard: Guard) -> Styles:
    """Read the part with the formats.

    Args:
        data: the part.
        part: its name, for messages.
        guard: holds the file to its limits.

    Raises:
        FileError: the part is damaged.
    """
    reader = _StylesReader(guard, part)
    reader.parse(data)
    known: dict[str, tuple[str | None, bool]] = {}
    for number in reader.styles:
        if number not in known:
            code = reader.codes.get(number, BUILT_IN.get(number))
            general = code is None or code.strip().lower() in {"", "general"}
            known[number] = (None if general else code, not general and shows_moments(code or ""))
    found = [known[number] for number in reader.styles]
    return Styles(tuple(code for code, _ in found), tuple(date for _, date in found))


class _StylesReader(PartReader):
    root = "styleSheet"

    def __init__(self, guard: Guard, part: str) -> None:
        super().__init__(guard, part)
        self.codes: dict[str, str] = {}
        self.styles: list[str] = []
        self._in_cell_formats = False
        self.on("numFmt", self._code)
        self.on("cellXfs", self._cell_formats, self._cell_formats_end)
        self.on("xf", self._style)

    def _code(self, attributes: dict[str, str]) -> None:
        # Formats for part of a rule stand deeper and have no number of their own.
        if self.depth == 3:  # noqa: PLR2004 - a child of <numFmts>
            self.codes[attributes.get("numFmtId", "").strip()] = attributes.get("formatCode", "")
            self.guard.hold("styles", len(self.codes))

    def _cell_formats(self, _attributes: dict[str, str]) -> None:
        self._in_cell_formats = self.depth == 2  # noqa: PLR2004 - a child of the root

    def _cell_formats_end(self) -> None:
        self._in_cell_formats = False

    def _style(self, attributes: dict[str, str]) -> None:
        if self._in_cell_formats and self.depth == 3:  # noqa: PLR2004 - a child of <cellXfs>
            self.styles.append(attributes.get("numFmtId", "0").strip())
            self.guard.hold("styles", len(self.styles))
