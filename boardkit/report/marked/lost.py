"""Lost: what of a workbook its copy does not hold, since openpyxl neither reads nor writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from boardkit.rewritten import DROPPED, KEPT, parts, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

_PARTS = {
    **DROPPED,
    r"xl/(diagrams|ink)/": "shapes and text boxes",
    r"xl/threadedcomments/": "threads of comments, whose text stays",
    r"xl/persons/": "the list of who commented",
    r"xl/metadata\.xml": "settings of a newer Excel",
    r"customui/|usercustomization/": "buttons of its own in Excel's ribbon",
    r"docmetadata/": "its sensitivity label",
    r"_xmlsignatures/": "its signature",
}
"""What is dropped with parts of its own."""

_HELD = re.compile(
    r"xl/(worksheets|chartsheets|charts|drawings|pivottables|pivotcache|tables|externallinks|comments)/.*"
    r"|xl/media/.*|xl/comments[^/]*\.xml|xl/printersettings/.*|docprops/thumbnail\..*",
    re.IGNORECASE,
)
"""What openpyxl writes again besides, or what is looked into below. The picture of a file is made anew by Excel."""

_INSIDE = {
    rb"<(?:\w+:)?f[ >/]": "the saved results of formulas, which are worked out anew",
    rb"<(?:\w+:)?picture\b": "pictures behind sheets",
    rb"<(?:\w+:)?legacyDrawingHF\b": "pictures in headers",
    rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>(?![^<]*&amp;[LCR])[^<]": "headers that are in no section",
    rb"<(?:\w+:)?ext\b[^>]*>\s*<(?!\w+:(?:sparklineGroups|conditionalFormattings|dataValidations|slicerList|timelineRefs|PLV|id)\b)": (
        "settings of a newer Excel"
    ),
    rb"<x14:sparklineGroups\b": "sparklines",
    rb"<x14:conditionalFormattings\b": "conditional formats of a newer Excel",
    rb"<x14:dataValidations\b": "lists to choose from that stand on other sheets",
    rb"<(?:\w+:)?(?:protectedRanges|customSheetViews|ignoredErrors|cellWatches|smartTags)\b": "settings of sheets",
    rb"<(?:\w+:)?(?:dataConsolidate|customProperties|webPublishItems)\b": "settings of sheets",
    rb"<(?:\w+:)?rPh\b": "readings above text",
}
"""What is dropped out of sheets and their texts. Extensions that have a line of their own are not said twice; how a Mac's window
looks (PLV) is no part of a sheet."""

_TEXTS = re.compile(r"xl/(worksheets/[^/]+|sharedstrings)\.xml", re.IGNORECASE)
_DRAWINGS = re.compile(r"xl/drawings/[^/]+\.xml", re.IGNORECASE)
_CHARTS = re.compile(r"xl/charts/chart[^/]*\.xml", re.IGNORECASE)
_PIVOTS = re.compile(r"xl/pivottables/[^/]+\.xml", re.IGNORECASE)
_COMMENTS = re.compile(r"xl/(comments/?)?comment[^/]*\.xml", re.IGNORECASE)


@dataclass
class _Held:
    """What a package holds."""

    said: list[str] = field(default_factory=list)
    pictures: int = 0
    charts: int = 0
    pivots: int = 0
    comments: bool = False


def losses(content: bytes, book: Workbook) -> list[str]:
    """Name what the copy of a workbook does not hold.

    Args:
        content: the workbook's bytes.
        book: what openpyxl has read of them.

    Returns:
        What is lost, as ends of a sentence; nothing where that is nothing.
    """
    held = _Held()
    for part, unpacked in parts(content):
        _look(part, unpacked, held)
    sheets = book.worksheets
    charts = sum(len(sheet._charts) for sheet in (*sheets, *book.chartsheets))  # noqa: SLF001 - it tells of them nowhere else
    if held.pictures > sum(len(sheet._images) for sheet in sheets):  # noqa: SLF001
        held.said.append("pictures")
    if held.charts > charts:
        held.said.append("charts")
    elif held.charts:
        held.said.append("some of the look of charts")
    if book.chartsheets:
        held.said.append("how large charts on sheets of their own are")
    if held.pivots > sum(len(sheet._pivots) for sheet in sheets):  # noqa: SLF001
        held.said.append("pivot tables")
    if held.comments:
        held.said.append("how comments look")
    return list(dict.fromkeys(held.said))


def _look(part: str, unpacked: Callable[[], bytes], held: _Held) -> None:
    """Look at one part."""
    dropped = [said for start, said in _PARTS.items() if re.match(start, part, re.IGNORECASE)]
    known = KEPT.fullmatch(part) or _HELD.fullmatch(part) or part.endswith(".rels")
    held.said += dropped or ([] if known else ["parts of its own"])
    held.charts += bool(_CHARTS.fullmatch(part))
    held.pivots += bool(_PIVOTS.fullmatch(part))
    held.comments |= bool(_COMMENTS.fullmatch(part))
    if _TEXTS.fullmatch(part):
        text = plain(unpacked())
        held.said += [said for pattern, said in _INSIDE.items() if re.search(pattern, text)]
    elif _DRAWINGS.fullmatch(part):
        text = plain(unpacked())
        held.pictures += len(re.findall(rb"<(?:\w+:)?pic[ >]", text))
        if re.search(rb"<(?:\w+:)?(?:sp|grpSp|cxnSp|contentPart)[ >]", text):
            held.said.append("shapes and text boxes")
