"""Which cells of a sheet have a comment: what it says is not read, and nobody is to think that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.errors import FileError
from boardkit.read.a1 import place
from boardkit.read.markup import PartReader

if TYPE_CHECKING:
    from boardkit.read.limits import Guard
    from boardkit.read.package import Package


def commented(package: Package, part: str, guard: Guard) -> tuple[str, ...] | None:
    """Find the cells of a sheet that have a comment.

    Excel keeps what it calls notes and what it calls comments; the second kind has a note beside it for
    older programs, so that the notes tell of both.

    Args:
        package: the package.
        part: the part with the sheet's cells.
        guard: holds the file to its limits.

    Returns:
        Their places as A1 text, in the file's order; none where the sheet has comments and it cannot be told
        where, which is no reason to refuse its cells.
    """
    found: list[str] = []
    try:
        links = package.links(part).values()
    except FileError:
        return ()  # nothing says that there are any
    try:
        for link in links:
            if link.kind == "comments" and not link.external:
                reader = _Comments(guard, link.target)
                reader.parse(package.read(link.target))
                found += reader.places
    except FileError:
        return None
    named = tuple(dict.fromkeys(at for at in found if place(at)))
    return named if named or not found else None


class _Comments(PartReader):
    root = "comments"

    def __init__(self, guard: Guard, part: str) -> None:
        super().__init__(guard, part)
        self.places: list[str] = []
        self.on("comment", lambda attributes: self.places.append(attributes.get("ref", "")))
