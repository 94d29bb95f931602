"""The workbook's own part: which sheets there are, and from which day its dates count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from boardkit.read.markup import PartReader, truth

if TYPE_CHECKING:
    from boardkit.read.limits import Guard
    from boardkit.read.package import Package

_LINK_IDS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_NO_CELLS = {
    "chartsheet": "is a chart",
    "dialogsheet": "is a dialogue",
    "xlMacrosheet": "holds macros",
    "xlIntlMacrosheet": "holds macros",
}


@dataclass(frozen=True)
class Listed:
    """One sheet as the workbook lists it.

    Args:
        name: its name.
        hidden: whether it is hidden, from the menu too or not.
        part: the part with its cells.
    """

    name: str
    hidden: bool
    part: str


@dataclass(frozen=True)
class Book:
    """The workbook without its cells.

    Args:
        sheets: the sheets with cells, in the workbook's order.
        from_1904: whether its dates count from 1904, as older ones from a Macintosh do.
        strings: the part with the shared texts.
        styles: the part with the formats.
        notes: what was left out and why.
    """

    sheets: tuple[Listed, ...]
    from_1904: bool
    strings: str | None
    styles: str | None
    notes: tuple[str, ...]


def read_book(package: Package, part: str, guard: Guard) -> Book:
    """Read the workbook's own part and follow its links.

    Args:
        package: the package.
        part: the name of the workbook's own part.
        guard: holds the file to its limits.

    Raises:
        FileError: it is no workbook, is damaged, has too many sheets, or its cells lie outside the file.
    """
    reader = _BookReader(guard, part)
    reader.parse(package.read(part))
    links = package.links(part)
    sheets: list[Listed] = []
    notes: list[str] = []
    for name, hidden, link_id in reader.listed:
        link = links.get(link_id)
        shown = f'sheet "{guard.shown(name)}"'
        if link is None:
            notes.append(f"{shown} points to nothing in the file and was not read.")
        elif link.kind in _NO_CELLS:
            notes.append(f"{shown} {_NO_CELLS[link.kind]} and was not read.")
        elif link.external:
            raise guard.refuse(
                "external-part", f"its {shown} lies in another file. Copy the cells into this one."
            )
        else:
            sheets.append(Listed(name, hidden, link.target))
    listed = {link_id for _, _, link_id in reader.listed}
    loose = sum(link.kind == "worksheet" and at not in listed for at, link in links.items())
    if loose:
        notes.append(f"sheets in the file that the workbook does not list, and that were not read: {loose}.")
    targets = {}
    for link in links.values():
        if link.kind in {"sharedStrings", "styles"}:
            if link.external:
                raise guard.refuse(
                    "external-part", "its texts or formats lie in another file. Save it anew from Excel."
                )
            targets[link.kind] = link.target
    return Book(
        tuple(sheets), reader.from_1904, targets.get("sharedStrings"), targets.get("styles"), tuple(notes)
    )


class _BookReader(PartReader):
    root = "workbook"

    def __init__(self, guard: Guard, part: str) -> None:
        super().__init__(guard, part)
        self.from_1904 = False
        self.listed: list[tuple[str, bool, str]] = []
        self.on("workbookPr", self._properties)
        self.on("sheet", self._sheet)

    def _properties(self, attributes: dict[str, str]) -> None:
        if self.depth == 2:  # noqa: PLR2004 - a child of the root
            self.from_1904 = truth(attributes.get("date1904"))

    def _sheet(self, attributes: dict[str, str]) -> None:
        if self.depth != 3:  # noqa: PLR2004 - a child of <sheets>
            return
        link_id = next((attributes[name] for name in _LINK_IDS if name in attributes), "")
        hidden = attributes.get("state", "visible").strip() != "visible"
        self.listed.append((attributes.get("name", ""), hidden, link_id))
        self.guard.hold("sheets", len(self.listed))
