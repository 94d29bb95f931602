"""Which cells of a sheet have a comment: what it says is not read, and nobody is to think that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from boardkit.errors import FileError
from boardkit.read.a1 import a1, area
from boardkit.read.markup import PartReader

if TYPE_CHECKING:
    from boardkit.read.limits import Guard
    from boardkit.read.package import Package


def commented(package: Package, part: str, guard: Guard) -> tuple[str, ...] | None:
    """Find the cells of a sheet that have a comment.

    Excel keeps what it calls notes and what it calls comments; the second kind should have a note beside it for
    older programs, and may have lost it.

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
            if link.kind in _READERS and not link.external:
                reader = _READERS[link.kind](guard, link.target)
                reader.parse(package.read(link.target))
                found += reader.places
    except FileError:
        return None
    named = tuple(dict.fromkeys(a1(*at[:2]) for text in found if (at := area(text.replace("$", "").upper()))))
    return named if named or not found else None


class _Comments(PartReader):
    root = "comments"
    element: ClassVar[str] = "comment"

    def __init__(self, guard: Guard, part: str) -> None:
        super().__init__(guard, part)
        self.places: list[str] = []
        self.on(self.element, lambda attributes: self.places.append(attributes.get("ref", "")))


class _Threads(_Comments):
    languages = ("http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments",)
    root = "ThreadedComments"
    element = "threadedComment"


_READERS = {"comments": _Comments, "threadedComment": _Threads}
"""What reads the part that a sheet links to, by the kind of the link."""
